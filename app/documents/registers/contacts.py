"""Whom to call: contacts of the commissions, a table that a transfer point's office may add.

No open register has them and nothing published may: a table of one's own with the columns OBEC, OKRSEK,
JMENO, TELEFON and, where the commission's seat is known, SIDLO. It stays in the signed reference file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.documents.registers.source import RegisterError, Row, number, rows
from app.election.model import PrecinctId
from app.election.reference import Reference


def with_contacts(reference: Reference, path: Path) -> Reference:
    """The reference data with the contacts and seats of the table in `path`.

    A blank leaves what is there. A precinct that is not of this election, or comes twice, is refused:
    somebody's telephone would be lost. Raises RegisterError.
    """
    precincts = dict(reference.precincts)
    seen: set[PrecinctId] = set()
    for row in rows(path):
        identity = PrecinctId(number(row, "OBEC", path), number(row, "OKRSEK", path))
        precinct = precincts.get(identity)
        if precinct is None or identity in seen:
            raise _lost(path, identity, twice=identity in seen)
        seen.add(identity)
        precincts[identity] = replace(
            precinct, contact=_contact(row) or precinct.contact, seat=row.get("SIDLO") or precinct.seat
        )
    return replace(reference, precincts=precincts)


def _contact(row: Row) -> str:
    """Name and telephone in one line, as people read it."""
    return ", ".join(part for part in (row.get("JMENO", ""), row.get("TELEFON", "")) if part)


def _lost(path: Path, precinct: PrecinctId, *, twice: bool) -> RegisterError:
    municipality, place = precinct
    if twice:
        return RegisterError(
            "REG-20",
            f"V tabulce kontaktů {path.name} je okrsek {municipality}/{place} dvakrát. Nechte jeden řádek.",
            f"The table of contacts {path.name} has the precinct {municipality}/{place} twice. Keep one row.",
        )
    return RegisterError(
        "REG-19",
        f"Tabulka kontaktů {path.name} má okrsek {municipality}/{place}, který v těchto volbách není. "
        "Opravte číslo obce nebo okrsku.",
        f"The table of contacts {path.name} has the precinct {municipality}/{place}, which is not in this "
        "election. Correct the number of the municipality or of the precinct.",
    )
