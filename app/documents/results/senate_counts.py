"""The Senate's published sums read back: turnout and votes of each district in either round.

Only what is counted comes out: no percentages, and not who is elected. A rehearsal makes protocols that add
up to an official document of a real night.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from app.documents.compare import Published
from app.documents.registers.source import RegisterError
from app.election.model import Counts

_COUNTS = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")


@dataclass(frozen=True, slots=True)
class DistrictSums:
    """One district (OBVOD) in one round; `votes` by candidate, those who were not voted for included."""

    precincts: int  # OKRSKY_CELKEM
    counts: Counts
    votes: dict[int, int]


def senate_sums(folder: Path, round_: int) -> dict[int, DistrictSums]:
    """By number of the district, those that voted in this round. Raises RegisterError REG-26 where a value is
    missing, REG-25 where the folder has no `vysledky`."""
    root = Published(folder).document("vysledky")
    if root is None:
        raise RegisterError(
            "REG-25",
            f"Ve složce {folder} není úřední dokument vysledky senátních voleb.",
            f"The folder {folder} has no official document vysledky of a Senate election.",
        )
    found = {}
    for district in root.iterfind("{*}OBVOD"):
        turnout = next((row for row in district.iterfind("{*}UCAST") if row.get("KOLO") == str(round_)), None)
        if turnout is not None:
            found[_int(district, "CISLO", folder)] = DistrictSums(
                precincts=_int(turnout, "OKRSKY_CELKEM", folder),
                counts=Counts(*(_int(turnout, name, folder) for name in _COUNTS)),
                votes=_votes(district, f"HLASY_{round_}KOLO", folder),
            )
    return found


def _votes(district: etree._Element, column: str, folder: Path) -> dict[int, int]:
    return {
        _int(row, "PORADOVE_CISLO", folder): _int(row, column, folder)
        for row in district.iterfind("{*}KANDIDAT")
        if row.get(column) is not None
    }


def _int(element: etree._Element, name: str, folder: Path) -> int:
    text = element.get(name, "")
    if text.isascii() and text.isdigit():
        return int(text)
    raise RegisterError(
        "REG-26",
        f"Ve výsledcích Senátu {folder} chybí {name}, nebo není číslem (řádek {element.sourceline}).",
        f"The Senate's results in {folder} lack {name}, or it is no number (line {element.sourceline}).",
    )
