"""Newsrooms' programs as they are: written by strangers, who know volby.cz and nothing of us.

Each reads the way a program of its kind is known to read: by attribute names, namespaces and addresses
literally. None uses code of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import requests
import xmltodict
from lxml import etree

Sums = Counter[str]
COUNTS = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")


def listed(value: Any) -> list[Any]:
    """xmltodict gives one element as itself and several as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def by_latest_batch(base: str, votes_of: str = "@KSTRANA") -> tuple[dict[tuple[str, str], Sums], int]:
    """(a) requests + xmltodict: the latest batch says how many there are; then each from 00001 on.

    Returns the sums by precinct and how many came repeated (`OPAKOVANE == '1'` replaces).
    """
    session = requests.Session()

    def batch(name: str) -> Any:
        answer = session.get(f"{base}/okrsky/{name}.xml", timeout=10)
        answer.raise_for_status()
        answer.encoding = "utf-8"
        return xmltodict.parse(answer.text)["VYSLEDKY_OKRSKY"]

    last = int(batch("vysledky_okrsky")["DAVKA"]["@PORADI_DAVKY"])
    found: dict[tuple[str, str], Sums] = {}
    repeated = 0
    for number in range(1, last + 1):
        for precinct in listed(batch(f"vysledky_okrsky_{number:05d}").get("OKRSEK")):
            key = (precinct["@CIS_OBEC"], precinct["@CIS_OKRSEK"])
            if precinct["@OPAKOVANE"] == "1":
                repeated += 1
            else:
                assert key not in found
            sums = Counter({name: int(precinct["UCAST_OKRSEK"][f"@{name}"]) for name in COUNTS})
            for votes in listed(precinct.get("HLASY_OKRSEK")):
                sums[votes[votes_of]] = int(votes["@HLASY"])
            found[key] = sums
    return found, repeated


def until_chyba(server: str, election: str, query: str = "") -> dict[tuple[str, str], Sums]:
    """(b) lxml: `vysledky_okrsky?kolo=1&davka=1`, 2, 3… with the root's own namespace until a CHYBA child."""
    found: dict[tuple[str, str], Sums] = {}
    number = 1
    while True:
        address = f"{server}/pls/{election}/vysledky_okrsky?{query}kolo=1&davka={number}"
        root = etree.fromstring(requests.get(address, timeout=10).content)
        space = {"v": root.nsmap[None]}
        if root.find("v:CHYBA", space) is not None:
            return found
        assert root.find("v:DAVKA", space).get("PORADI_DAVKY") == str(number)
        for precinct in root.findall("v:OKRSEK", space):
            turnout = precinct.find("v:UCAST_OKRSEK", space)
            sums = Counter({name: int(turnout.get(name)) for name in COUNTS})
            for votes in precinct.findall("v:HLASY_OKRSEK", space):
                sums[votes.get("KSTRANA") or votes.get("PORADOVE_CISLO")] = int(votes.get("HLASY"))
            found[precinct.get("CIS_OBEC"), precinct.get("CIS_OKRSEK")] = sums
        number += 1


def until_404(base: str) -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    """(c) the static batches until one is not there: each one's DAVKA and its precincts' attributes."""
    number = 1
    while True:
        answer = requests.get(f"{base}/okrsky/vysledky_okrsky_{number:05d}.xml", timeout=10)
        if answer.status_code == 404:
            return
        root = etree.fromstring(answer.content)
        yield (
            dict(root.find("{*}DAVKA").attrib),
            [dict(precinct.attrib) for precinct in root.findall("{*}OKRSEK")],
        )
        number += 1


def to_dictionary(element: etree._Element) -> dict[str, Any]:
    """The recipe that goes round: children by bare name in lists, attributes with `@`."""
    made: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        made.setdefault(etree.QName(child).localname, []).append(to_dictionary(child))
    return made


def district(base: str, nuts: str) -> tuple[str, list[tuple[str, str, Sums]]]:
    """(d) `vysledky_okres` as a dictionary: the first OKRES's name; of each OBEC its kind, turnout, lists."""
    address = f"{base}/okresy/vysledky_okres_{nuts}.xml"
    made = to_dictionary(etree.fromstring(requests.get(address, timeout=10).content))
    places = []
    for municipality in made["OBEC"]:
        turnout = municipality["UCAST"][0]
        sums = Counter({name: int(turnout[f"@{name}"]) for name in COUNTS})
        for votes in municipality.get("HLASY_STRANA", []):
            sums[votes["@KSTRANA"]] = int(votes["@HLASY"])
        places.append((municipality["@CIS_OBEC"], municipality["@TYP_OBEC"], sums))
    return made["OKRES"][0]["@NAZ_OKRES"], places


def fourth_region(server: str, election: str) -> tuple[str, Sums]:
    """(e) by position: the fourth KRZAST is the one that this newsroom writes about."""
    root = etree.fromstring(requests.get(f"{server}/pls/{election}/vysledky", timeout=10).content)
    region = root[3]
    sums = Counter({name: int(region[0].get(name)) for name in COUNTS})
    for element in region[1:]:
        sums[element.get("KSTRANA")] = int(element[0].get("HLASY"))
    return region.get("CIS_KRZAST"), sums


SENATE = {"s": "http://www.volby.cz/senat/"}


def senate(address: str) -> dict[str, tuple[Sums, dict[str, str]]]:
    """(f) with the Senate's namespace to the letter: by OBVOD the sums, and who goes on or was elected."""
    root = etree.fromstring(requests.get(address, timeout=10).content)
    assert root.tag == "{http://www.volby.cz/senat/}VYSLEDKY"
    found = {}
    for district_ in root.findall("s:OBVOD", SENATE):
        turnout = district_.find("s:UCAST[@KOLO='1']", SENATE)
        sums = Counter({name: int(turnout.get(name)) for name in COUNTS})
        outcome = {}
        for candidate in district_.findall("s:KANDIDAT", SENATE):
            sums[candidate.get("PORADOVE_CISLO")] = int(candidate.get("HLASY_1KOLO"))
            if candidate.get("ZVOLEN_1KOLO"):
                outcome[candidate.get("PORADOVE_CISLO")] = candidate.get("ZVOLEN_1KOLO")
        found[district_.get("CISLO")] = (sums, outcome)
    return found


def by_cursor(server: str, election: str) -> tuple[dict[tuple[str, str, str], str], int]:
    """Follows `changes?after=` from the beginning; by contest and precinct the text in force.

    Returns it with the number of items, each of which is hashed and held against the one before it.
    """
    in_force: dict[tuple[str, str, str], str] = {}
    cursor, seen = "0", 0
    while True:
        address = f"{server}/feed/{election}/changes?after={cursor}"
        root = etree.fromstring(requests.get(address, timeout=10).content)
        items = root.findall("{urn:prebirka:zmeny:1}ZMENA")
        if not items:
            return in_force, seen
        for item in items:
            seen += 1
            assert item.get("PORADI") == str(seen)
            key = (item.get("DRUH"), item.get("OBEC"), item.get("OKRSEK"))
            before = in_force.pop(key, "")
            assert item.get("PREDCHOZI_OTISK") == (sha256(before.encode()).hexdigest() if before else "")
            if item.get("TYP") != "ODVOLANI":
                assert sha256(item.text.encode()).hexdigest() == item.get("OTISK")
                in_force[key] = item.text
        cursor = root.get("DALSI")
