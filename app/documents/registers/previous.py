"""What an earlier election of the same kind lets expect: registered voters and turnout of each precinct.

The table T6 of that election (part 1 of form T/6) is enough. Precincts that were numbered otherwise then, or
did not exist, expect nothing: their rules have no comparison.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.documents.registers.source import RegisterError, find_all, number, rows
from app.election.model import PrecinctId
from app.election.reference import Reference


def with_previous(reference: Reference, folder: Path) -> Reference:
    """The reference data with what the T6 in `folder` lets expect (rules PL-05 and PL-09).

    An expected number of voters that is there already stands: it is newer. Raises RegisterError.
    """
    paths = find_all([folder], "kzt6")
    if not paths:
        raise RegisterError(
            "REG-18",
            f"Ve složce {folder} chybí tabulka kzt6 minulých voleb. Doplňte ji z otevřených dat ČSÚ.",
            f"The folder {folder} lacks the previous election's table kzt6. Add it from the open data.",
        )
    precincts = dict(reference.precincts)
    for path in paths:
        for row in rows(path):
            identity = PrecinctId(number(row, "OBEC", path), number(row, "OKRSEK", path))
            precinct = precincts.get(identity)
            if precinct is None or precinct.region is None:
                continue
            voters = number(row, "VOL_SEZNAM", path)
            expected = voters if precinct.expected_voters is None else precinct.expected_voters
            precincts[identity] = replace(
                precinct,
                expected_voters=expected,
                previous_voters=voters,
                previous_issued=number(row, "VYD_OBALKY", path),
            )
    return replace(reference, precincts=precincts)
