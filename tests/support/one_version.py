"""Whether one published version agrees with itself, found out by a reader who knows only the documents.

Given all files of the version, whoever fetched them and how. Sums are added up here from the lowest level:
precincts of the batches (the last record of each counts), municipalities, districts, regions, the country.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

COUNTS = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")
TURNOUT = ("OKRSKY_CELKEM", "OKRSKY_ZPRAC", *COUNTS)
_BESIDE = (".p7s", ".gz", ".br")
Files = Mapping[str, bytes]


def files_of(version: Path) -> dict[str, bytes]:
    """Every document of a version's folder, signatures and compressed copies left out."""
    return {
        path.relative_to(version).as_posix(): path.read_bytes()
        for path in version.rglob("*")
        if path.is_file() and path.suffix not in _BESIDE
    }


def faults(files: Files) -> list[str]:
    """What does not agree; empty for a version that is consistent."""
    return [*_manifest(files), *_regional(files), *_senate(files)]


def manifest_of(files: Files) -> str:
    (path,) = (path for path in files if path.endswith("/manifest.xml"))
    return path


def _manifest(files: Files) -> Iterator[str]:
    own = manifest_of(files)
    stated = {
        each.attrib["CESTA"]: (int(each.attrib["DELKA"]), each.attrib["SHA256"])
        for each in ElementTree.fromstring(files[own])
    }
    found = {path: (len(data), _sha256(data)) for path, data in files.items() if path != own}
    if stated != found:
        yield f"manifest: {sorted(path for path, _ in stated.items() ^ found.items())[:5]}"


def _regional(files: Files) -> Iterator[str]:
    folder = next(
        path.removesuffix("vysledky_kandid.xml") for path in files if path.endswith("/vysledky_kandid.xml")
    )
    results, kandid = _root(files[f"{folder}vysledky.xml"]), _root(files[f"{folder}vysledky_kandid.xml"])
    regions = {region.attrib["CIS_KRZAST"]: region for region in _all(results, "KRZAST")}
    country = _turnout(_one(results, "CR"))
    if sum((_turnout(region) for region in regions.values()), Counter()) != country:
        yield "KRZAST ≠ CR"
    for region in _all(kandid, "KRZAST"):
        same = regions[region.attrib["CIS_KRZAST"]]
        votes = {p.attrib["KSTRANA"]: int(p.attrib["POC_HLASU"]) for p in region.iter() if _is(p, "STRANA")}
        if _turnout(region) != _turnout(same) or votes != _list_votes(same):
            yield "vysledky_kandid ≠ vysledky"
    districts: Counter[str] = Counter()
    for path in files:
        if path.startswith(f"{folder}okresy/"):
            root = _root(files[path])
            district, places = _one(root, "OKRES"), _all(root, "OBEC")
            if sum(map(_area, places), Counter()) != _area(district):
                yield f"OBEC ≠ OKRES in {path}"
            districts += _area(district)
    whole = country + sum((_votes_by_list(region) for region in regions.values()), Counter())
    if districts != whole:
        yield "OKRES ≠ CR"
    yield from _batches(files, folder, "KSTRANA", whole)
    for region in regions.values():
        if sum(_list_votes(region).values()) != _turnout(region)["PLATNE_HLASY"]:
            yield "HLASY ≠ PLATNE_HLASY"


def _senate(files: Files) -> Iterator[str]:
    folder = next(
        path.partition("odata/")[0] + "odata/" for path in files if path.startswith("appdata/senat/")
    )
    results = _root(files[f"{folder}vysledky.xml"])
    districts = {district.attrib["CISLO"]: district for district in _all(results, "OBVOD")}
    total = _turnout(_one(results, "CELKEM"))
    if sum(map(_turnout, districts.values()), Counter()) != total:
        yield "OBVOD ≠ CELKEM"
    votes: Counter[str] = Counter()
    for number, district in districts.items():
        root = _root(files[f"{folder}obvody/vysledky_obce_obvod_{number}.xml"])
        places: Counter[str] = sum(
            (_turnout(place) + _votes_1(place) for place in _all(root, "OBEC")), Counter()
        )
        if places != _turnout(district) + _votes_1(district):
            yield f"OBEC ≠ OBVOD {number}"
        if _votes_1(district).total() != _turnout(district)["PLATNE_HLASY"]:
            yield f"HLASY ≠ PLATNE_HLASY in {number}"
        votes += _votes_1(district)
    yield from _batches(files, folder, "PORADOVE_CISLO", total + votes)


def _batches(files: Files, folder: str, number: str, published: Counter[str]) -> Iterator[str]:
    """The batches' heads, and the sums of each precinct's last record against the published ones."""
    stem = f"{folder}okrsky/vysledky_okrsky"
    paths = sorted(path for path in files if path.startswith(f"{stem}_"))
    last: dict[tuple[str, str], str] = {}
    for position, path in enumerate(paths, 1):
        head, size, records = _batch(files[path], number)
        last.update(records)
        if head != (str(position), str(size), str(len(last))):
            yield f"the head of {path}: {head}"
    if paths and files[f"{stem}.xml"] != files[paths[-1]]:
        yield f"{stem}.xml is not the last batch"
    sums = Counter({"OKRSKY_ZPRAC": len(last)})
    for record in last.values():
        sums.update(json.loads(record))
    whole = Counter(published)
    del whole["OKRSKY_CELKEM"]
    if +sums != +whole:
        yield f"{stem} ≠ vysledky"


@lru_cache(maxsize=4096)
def _batch(data: bytes, number: str) -> tuple[tuple[str, ...], int, dict[tuple[str, str], str]]:
    """The batch's head, how many records it has, and the last of each precinct."""
    root = _root(data)
    precincts, records = _all(root, "OKRSEK"), {}
    for precinct in precincts:
        turnout = _one(precinct, "UCAST_OKRSEK")
        record = {name: int(turnout.attrib[name]) for name in COUNTS}
        for each in _all(precinct, "HLASY_OKRSEK"):
            record[f"HLASY {each.attrib[number]}"] = int(each.attrib["HLASY"])
        records[precinct.attrib["CIS_OBEC"], precinct.attrib["CIS_OKRSEK"]] = json.dumps(record)
    head = _one(root, "DAVKA").attrib
    return (head["PORADI_DAVKY"], head["OKRSKY_DAVKA"], head["OKRSKY_ZPRAC"]), len(precincts), records


@lru_cache(maxsize=4096)
def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _turnout(element: Element) -> Counter[str]:
    turnout = _one(element, "UCAST")
    return Counter({name: int(turnout.attrib[name]) for name in TURNOUT})


def _area(element: Element) -> Counter[str]:
    votes = {
        f"HLASY {each.attrib['KSTRANA']}": int(each.attrib["HLASY"]) for each in _all(element, "HLASY_STRANA")
    }
    return _turnout(element) + Counter(votes)


def _list_votes(region: Element) -> dict[str, int]:
    return {
        each.attrib["KSTRANA"]: int(_one(each, "HODNOTY_STRANA").attrib["HLASY"])
        for each in _all(region, "STRANA")
    }


def _votes_by_list(region: Element) -> Counter[str]:
    return Counter({f"HLASY {number}": votes for number, votes in _list_votes(region).items()})


def _votes_1(element: Element) -> Counter[str]:
    people = [each for each in element if each.get("HLASY_1KOLO") is not None]
    return +Counter(
        {f"HLASY {each.attrib['PORADOVE_CISLO']}": int(each.attrib["HLASY_1KOLO"]) for each in people}
    )


def _root(data: bytes) -> Element:
    return ElementTree.fromstring(data)


def _is(element: Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element if _is(child, name)]


def _one(element: Element, name: str) -> Element:
    return _all(element, name)[0]
