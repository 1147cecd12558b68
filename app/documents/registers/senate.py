"""Senate districts and candidates, from the registers SECOBV and SERK.

SERK has been published for one election and, as one table, for all elections since 1996 with the
column DATUMVOLEB; of the latter only the rows of the wanted day are taken. PLATNOST is written A/N
in the table and 0 (valid) or a code of the reason in the single registers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from app.documents.registers.source import find, need, number, rows
from app.election.reference import Candidate, SenateDistrict

_VALID = ("", "A", "0")
_TO_ROUND_2 = "2"


def read_senate(folders: Sequence[Path], wanted: Iterable[int], day: date) -> dict[int, SenateDistrict]:
    """The districts that vote (`wanted`, from SECOCO), each with its candidates and finalists if known."""
    districts = frozenset(wanted)
    if not districts:
        return {}
    path = need(folders, "serk", "se_regkand")
    candidates: dict[int, dict[int, Candidate]] = {district: {} for district in districts}
    finalists: dict[int, list[int]] = {district: [] for district in districts}
    for row in rows(path):
        if row.get("DATUMVOLEB", "") not in ("", f"{day:%Y%m%d}"):
            continue
        district = number(row, "OBVOD", path)
        if district not in districts:
            continue
        candidate = Candidate(
            number=number(row, "CKAND", path),
            first_name=row["JMENO"],
            last_name=row["PRIJMENI"],
            title_before=row.get("TITULPRED", ""),
            title_after=row.get("TITULZA", ""),
            valid=row.get("PLATNOST", "") in _VALID,
            party_code=number(row, "VSTRANA", path) if row.get("VSTRANA") else None,
        )
        candidates[district][candidate.number] = candidate
        if row.get("ZVOLEN_K1") == _TO_ROUND_2:
            finalists[district].append(candidate.number)
    names = _names(folders)
    return {
        district: SenateDistrict(
            district,
            names.get(district, str(district)),
            dict(sorted(candidates[district].items())),
            tuple(sorted(finalists[district])),
        )
        for district in sorted(districts)
    }


def _names(folders: Sequence[Path]) -> dict[int, str]:
    path = find(folders, "secobv")
    return {number(row, "OBVOD", path): row["NAZEV_OBV"] for row in rows(path)} if path else {}
