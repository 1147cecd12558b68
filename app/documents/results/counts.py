"""Published counts read back, so that somebody can add them up again and compare.

Only numbers that are sums come out: no percentages, seats or names. The rehearsal holds them against
plain sums of the protocols; this module knows nothing of how the documents were written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lxml import etree

from app.documents.compare import Published
from app.documents.registers.source import unpacked, xml_root
from app.documents.results.parts import PRAGUE
from app.documents.results.vysledky_okrsky import Processed
from app.election.errors import KnownError
from app.election.model import Counts, PrecinctId

_TURNOUT = ("OKRSKY_ZPRAC", "ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")
_COUNTS = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")


@dataclass(frozen=True, slots=True)
class PublishedBatch:
    """One `vysledky_okrsky` document: what its head says, and its precincts in the document's order."""

    file_number: int  # in the file's name
    number: int  # PORADI_DAVKY
    size: int  # OKRSKY_DAVKA
    precincts_expected: int  # OKRSKY_CELKEM
    precincts_processed: int  # OKRSKY_ZPRAC
    generated_at: datetime
    records: tuple[Processed, ...]


def region_sums(folder: Path) -> dict[int, Counter[str]]:
    """By region: what `vysledky` and `vysledky_kandid` of a published folder say, by name of the value.

    Names: the columns of UCAST, `HLASY 47` for list 47, `PREDNOSTNI 47/3` for its third candidate.
    Raises KnownError for a folder that is not there or a damaged document; documents that are not there
    give nothing.
    """
    published = Published(folder)
    sums: dict[int, Counter[str]] = {}
    for region in _regions(published.document("vysledky")):
        into = sums.setdefault(_int(region, "CIS_KRZAST"), Counter())
        for turnout in region.iterfind("{*}UCAST"):
            into.update({name: _int(turnout, name) for name in _TURNOUT})
        for listed in region.iterfind("{*}STRANA"):
            for values in listed.iterfind("{*}HODNOTY_STRANA"):
                into[f"HLASY {listed.get('KSTRANA')}"] += _int(values, "HLASY")
    for region in _regions(published.document("vysledky_kandid")):
        into = sums.setdefault(_int(region, "CIS_KRZAST"), Counter())
        for candidate in region.iterfind("{*}KANDIDATI/{*}KANDIDAT"):
            name = f"PREDNOSTNI {candidate.get('KSTRANA')}/{candidate.get('PORCISLO')}"
            into[name] += _int(candidate, "HLASY")
    return sums


def senate_sums(folder: Path, round_: int) -> dict[int, Counter[str]]:
    """By Senate district: what `vysledky` of a published folder says of one round, by name of the value.

    Names: the columns of UCAST, `HLASY 3` for candidate 3. Raises KnownError as `region_sums`; a district
    in which that round was not held has no values.
    """
    sums: dict[int, Counter[str]] = {}
    root = Published(folder).document("vysledky")
    for district in () if root is None else root.iterfind("{*}OBVOD"):
        into = sums.setdefault(_int(district, "CISLO"), Counter())
        for turnout in district.iterfind("{*}UCAST"):
            if turnout.get("KOLO") == str(round_):
                into.update({name: _int(turnout, name) for name in _TURNOUT})
        votes = f"HLASY_{round_}KOLO"
        for candidate in district.iterfind("{*}KANDIDAT"):
            if votes in candidate.attrib:
                into[f"HLASY {candidate.get('PORADOVE_CISLO')}"] += _int(candidate, votes)
    return sums


def batches(folder: Path) -> list[PublishedBatch]:
    """Every numbered `vysledky_okrsky` document of a published folder, by its file's number."""
    place = Published(folder).folder / "okrsky"
    paths = {int(path.stem.rpartition("_")[2]): path for path in place.glob("vysledky_okrsky_*.xml")}
    return [_batch(number, path) for number, path in sorted(paths.items())]


def _regions(root: etree._Element | None) -> list[etree._Element]:
    return [] if root is None else list(root.iterfind("{*}KRZAST"))


def _batch(file_number: int, path: Path) -> PublishedBatch:
    root = xml_root(path, unpacked(path))
    head = _only(root, "DAVKA")
    return PublishedBatch(
        file_number=file_number,
        number=_int(head, "PORADI_DAVKY"),
        size=_int(head, "OKRSKY_DAVKA"),
        precincts_expected=_int(head, "OKRSKY_CELKEM"),
        precincts_processed=_int(head, "OKRSKY_ZPRAC"),
        generated_at=_time(root, "DATUM_CAS_GENEROVANI"),
        records=tuple(_record(element) for element in root.iterfind("{*}OKRSEK")),
    )


def _record(element: etree._Element) -> Processed:
    turnout = _only(element, "UCAST_OKRSEK")
    senate = "CIS_OBVOD" in element.attrib
    number = "PORADOVE_CISLO" if senate else "KSTRANA"
    return Processed(
        precinct=PrecinctId(_int(element, "CIS_OBEC"), _int(element, "CIS_OKRSEK")),
        order=_int(element, "PORADI_ZPRAC"),
        processed_at=_time(element, "DATUM_CAS_ZPRAC"),
        repeated=element.get("OPAKOVANE") == "1",
        counts=Counts(*(_int(turnout, name) for name in _COUNTS)),
        votes=tuple((_int(v, number), _int(v, "HLASY")) for v in element.iterfind("{*}HLASY_OKRSEK")),
        senate_district=_int(element, "CIS_OBVOD") if senate else None,
    )


def _only(element: etree._Element, name: str) -> etree._Element:
    found = element.find(f"{{*}}{name}")
    if found is None:
        raise _lacking(element, name)
    return found


def _int(element: etree._Element, name: str) -> int:
    text = element.get(name, "")
    if not (text.isascii() and text.isdigit()):
        raise _lacking(element, name)
    return int(text)


def _time(element: etree._Element, name: str) -> datetime:
    try:
        return datetime.fromisoformat(element.get(name, "")).replace(tzinfo=PRAGUE)
    except ValueError:
        raise _lacking(element, name) from None


def _lacking(element: etree._Element, name: str) -> KnownError:
    where = f"{etree.QName(element).localname} (řádek/line {element.sourceline})"
    return KnownError(
        "CMP-02",
        f"Ve zveřejněném dokumentu chybí hodnota {name} v prvku {where}, nebo není čitelná.",
        f"A published document lacks the value {name} in the element {where}, or it cannot be read.",
    )
