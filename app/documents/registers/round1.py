"""Round 2 of a Senate election from round 1: who goes on, where people vote again, what round 1 came to.

The registers of round 1 stay the registers of round 2; what is new is in round 1's published `vysledky`,
the office's or ours, and in its `vysledky_obce_obvod_{N}` where those lie beside it. The result of round 1
is kept in the reference data, because the documents of round 2 tell both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from lxml import etree

from app.documents.registers.source import RegisterError, unpacked, xml_root
from app.election.model import Counts, PrecinctId
from app.election.reference import Precinct, Reference, Round1Area, Round1Result, SenateDistrict
from app.election.senate import round_1

_COUNTS = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")
_ROUND = "1"


def with_round_1(
    reference: Reference,
    published: Path,
    left: Mapping[int, Collection[int]] | None = None,
    *,
    postponed: bool = False,
) -> Reference:
    """The reference data of round 2.

    `reference`: the registers read for round 2; `published`: round 1's `vysledky`, or the folder that it lies
    in. `left`: by Senate district the finalists who withdrew, lost eligibility or died, so that the next in
    the order advances; such a district votes a week later than the others: it is left out, or with
    `postponed` it alone is in. Raises RegisterError.
    """
    gone = left or {}
    told = _published(published)
    districts = {
        number: _district(district, told, published, gone.get(number, ()))
        for number, district in reference.senate_districts.items()
    }
    voting = {
        number
        for number, district in districts.items()
        if district.finalists and (number in gone) is postponed
    }
    precincts = {
        identity: replace(precinct, region=None)
        for identity, precinct in reference.precincts.items()
        if precinct.senate_district in voting
    }
    if not precincts:
        raise _nobody_votes(published)
    return _without_the_rest(reference, districts, precincts)


def _without_the_rest(
    reference: Reference, districts: dict[int, SenateDistrict], precincts: Mapping[PrecinctId, Precinct]
) -> Reference:
    """Nothing of a regional election, and only the municipalities that some document names."""
    named = {precinct.id.municipality for precinct in precincts.values()}
    for district in districts.values():
        if district.round1 is not None:
            named |= district.round1.municipalities.keys()
    return replace(
        reference,
        regions={},
        precincts=precincts,
        municipalities={code: m for code, m in reference.municipalities.items() if code in named},
        senate_districts=districts,
    )


def _district(
    district: SenateDistrict, told: Mapping[int, etree._Element], where: Path, left: Collection[int]
) -> SenateDistrict:
    element = told.get(district.number)
    if element is None:
        raise _unfinished(where, district.number)
    outcome = {_int(row, "PORADOVE_CISLO", where): row.get("ZVOLEN_1KOLO", "") for row in _people(element)}
    elected = [number for number, word in outcome.items() if word == "ZVOLEN"]
    finalists = [number for number, word in outcome.items() if word == "2.KOLO"]
    if len(elected) + len(finalists) not in (1, 2) or (elected and finalists):
        raise _unfinished(where, district.number)
    area = _area(element, "KANDIDAT", where)
    finalists.sort(key=lambda number: (-area.votes[number], number))
    if left and finalists:
        finalists = _replaced(district, area, finalists, left)
    result = Round1Result(
        area.precincts_expected,
        area.precincts_processed,
        area.counts,
        area.votes,
        elected=elected[0] if elected else None,
        municipalities=_municipalities(district.number, where),
    )
    return replace(district, finalists=tuple(sorted(finalists)), round1=result)


def _replaced(
    district: SenateDistrict, area: Round1Area, finalists: list[int], left: Collection[int]
) -> list[int]:
    """Finalists after some have left; those who were published came before others with equal votes."""
    votes, valid = area.votes, area.counts.valid_votes
    outcome = round_1(district, votes, valid, lot=finalists, left=left)
    if outcome.finalists is None:
        raise RegisterError(
            "REG-23",
            f"V senátním obvodě {district.number} nelze určit, kdo postupuje místo kandidáta, který "
            "nekandiduje. Rozhodněte losem, zapište ho v ústředí 1. kola a použijte jeho výsledky.",
            f"In the Senate district {district.number} it cannot be told who advances instead of a finalist "
            "who left. Draw a lot, record it at round 1's centre and use its results.",
        )
    return list(outcome.finalists)


def _published(where: Path) -> dict[int, etree._Element]:
    names = ("vysledky.xml", "vysledky.xml.gz")
    path = next((where / name for name in names if (where / name).is_file()), where)
    root = xml_root(path, unpacked(path))
    return {_int(district, "CISLO", path): district for district in root.iterfind("{*}OBVOD")}


def _municipalities(number: int, where: Path) -> dict[int, Round1Area]:
    """Of the district's own document, if it lies beside `vysledky` as it is published."""
    folder = where if where.is_dir() else where.parent
    name = f"vysledky_obce_obvod_{number}.xml"
    path = next(
        (p for p in (folder / "obvody" / name, folder / "obvody" / f"{name}.gz") if p.is_file()), None
    )
    if path is None:
        return {}
    rows = xml_root(path, unpacked(path)).iterfind("{*}OBEC")
    return {_int(row, "CIS_OBEC", path): _area(row, "HLASY", path) for row in rows}


def _area(element: etree._Element, people: str, where: Path) -> Round1Area:
    turnout = next((row for row in element.iterfind("{*}UCAST") if row.get("KOLO") == _ROUND), None)
    if turnout is None:
        raise _lacking(where, "UCAST", element)
    votes = {
        _int(row, "PORADOVE_CISLO", where): _int(row, "HLASY_1KOLO", where)
        for row in element.iterfind(f"{{*}}{people}")
        if people == "KANDIDAT" or row.get("HLASY_1KOLO") is not None  # some have votes in round 2 only
    }
    expected, processed = (_int(turnout, name, where) for name in ("OKRSKY_CELKEM", "OKRSKY_ZPRAC"))
    counts = Counts(*(_int(turnout, name, where) for name in _COUNTS))
    return Round1Area(expected, processed, counts, votes)


def _people(element: etree._Element) -> list[etree._Element]:
    return list(element.iterfind("{*}KANDIDAT"))


def _int(element: etree._Element, name: str, where: Path) -> int:
    text = element.get(name, "")
    if not (text.isascii() and text.isdigit()):
        raise _lacking(where, name, element)
    return int(text)


def _lacking(where: Path, name: str, element: etree._Element) -> RegisterError:
    line = element.sourceline
    return RegisterError(
        "REG-21",
        f"Ve výsledcích 1. kola {where} chybí {name}, nebo není číslem (řádek {line}).",
        f"The results of round 1 in {where} lack {name}, or it is no number (line {line}).",
    )


def _unfinished(where: Path, number: int) -> RegisterError:
    return RegisterError(
        "REG-22",
        f"Výsledky 1. kola {where} nemají úplný výsledek senátního obvodu {number}. "
        "Počkejte na úplné výsledky (a na los, je-li třeba) a použijte je.",
        f"The results of round 1 in {where} lack the final result of the Senate district {number}. "
        "Wait for the final results (and for the lot, if there is one) and use those.",
    )


def _nobody_votes(where: Path) -> RegisterError:
    return RegisterError(
        "REG-24",
        f"Podle výsledků 1. kola {where} se v tento den nikde nevolí. Zkontrolujte je a --postponed.",
        f"By the results of round 1 in {where} nobody votes on this day. Check them and --postponed.",
    )
