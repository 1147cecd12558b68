"""Newsrooms' programs read us unchanged but for the address, and their sums are the published ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
from lxml import etree

from app.election.content import content_text
from app.election.model import Contest, PrecinctId, Protocol, RegionalProtocol
from tests.newsrooms import readers
from tests.newsrooms.readers import COUNTS, Sums
from tests.support.house import serving
from tests.support.published_night import CITY, Night, open_night, whole_night


class Served(NamedTuple):
    """A night that is over, at a real server."""

    night: Night
    url: str

    @property
    def base(self) -> str:
        return f"{self.url}/appdata/{self.night.reference.election.code}/odata"

    @property
    def senate_base(self) -> str:
        return f"{self.url}/appdata/senat/{self.night.senate_day}/odata"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with open_night(tmp_path_factory.mktemp("newsrooms")) as night:
        whole_night(night)
        with serving(night.centre) as url:
            yield Served(night, url)


def sums_of(protocol: Protocol) -> Sums:
    sums = Counter(dict(zip(COUNTS, protocol.counts, strict=True)))
    if isinstance(protocol, RegionalProtocol):
        sums.update({str(sheet.list_number): sheet.votes for sheet in protocol.sheets})
    else:
        sums.update({str(number): votes for number, votes in protocol.votes})
    return sums


def truth(night: Night, contest: Contest) -> dict[tuple[str, str], Sums]:
    found = {}
    for identity, protocol in night.truth[contest].items():
        assert isinstance(identity, PrecinctId)
        found[str(identity.municipality), str(identity.number)] = sums_of(protocol)
    return found


def total(sums: dict[tuple[str, str], Sums]) -> Sums:
    whole: Sums = Counter()
    for each in sums.values():
        whole.update(each)
    return whole


def published_total(address: str, path: str) -> Sums:
    root = etree.fromstring(requests.get(address, timeout=10).content)
    (turnout,) = root.findall(path)
    return Counter({name: int(turnout.get(name)) for name in COUNTS})


def test_a_program_of_requests_and_xmltodict_reads_the_latest_batch_then_all_of_them(served: Served) -> None:
    found, repeated = readers.by_latest_batch(served.base)
    assert repeated == 1
    assert found == truth(served.night, Contest.REGIONAL)
    whole = total(found)
    said = published_total(f"{served.base}/vysledky.xml", "{*}CR/{*}UCAST")
    assert {name: whole[name] for name in COUNTS} == said


def test_it_reads_the_senate_by_the_same_recipe(served: Served) -> None:
    found, repeated = readers.by_latest_batch(served.senate_base, "@PORADOVE_CISLO")
    assert repeated == 1
    assert found == truth(served.night, Contest.SENATE_ROUND_1)
    whole = total(found)
    said = published_total(f"{served.senate_base}/vysledky.xml", "{*}CELKEM/{*}UCAST")
    assert {name: whole[name] for name in COUNTS} == said


def test_an_lxml_program_asks_the_older_address_until_a_chyba_child(served: Served) -> None:
    election = served.night.reference.election.code
    assert readers.until_chyba(served.url, election) == truth(served.night, Contest.REGIONAL)
    day = f"datum_voleb={served.night.senate_day}&"
    senate = readers.until_chyba(served.url, "senat", day)
    assert senate == truth(served.night, Contest.SENATE_ROUND_1)


@pytest.mark.parametrize("contest", [Contest.REGIONAL, Contest.SENATE_ROUND_1])
def test_a_program_walks_the_static_batches_until_404(served: Served, contest: Contest) -> None:
    base = served.senate_base if contest.is_senate else served.base
    walked = list(readers.until_404(base))
    assert [int(head["PORADI_DAVKY"]) for head, _ in walked] == list(range(1, len(walked) + 1))
    assert len(walked) >= 3
    records = [record for _, records in walked for record in records]
    assert [int(record["PORADI_ZPRAC"]) for record in records] == list(range(1, len(records) + 1))
    seen: set[tuple[str, str]] = set()
    for head, own in walked:
        assert head["OKRSKY_DAVKA"] == str(len(own))
        again = [(record["CIS_OBEC"], record["CIS_OKRSEK"]) in seen for record in own]
        assert [record["OPAKOVANE"] == "1" for record in own] == again
        seen |= {(record["CIS_OBEC"], record["CIS_OKRSEK"]) for record in own}
        assert head["OKRSKY_ZPRAC"] == str(len(seen))
        assert head["OKRSKY_CELKEM"] == str(len(served.night.truth[contest]))


def test_an_xml_to_dictionary_program_reads_districts_with_boroughs_and_whole_cities(served: Served) -> None:
    night = served.night
    precincts = truth(night, Contest.REGIONAL)
    whole: Sums = Counter()
    kinds: Counter[str] = Counter()
    city: Sums = Counter()
    boroughs: Sums = Counter()
    for district in night.reference.districts.values():
        if district.region is None or district.code not in {
            p.district for p in night.reference.precincts.values()
        }:
            continue
        name, places = readers.district(served.base, district.nuts)
        assert name == district.name
        for code, kind, sums in places:
            kinds[kind] += 1
            if kind == "OBEC_S_MCMO":
                assert code == str(CITY)
                city.update(sums)
            elif kind == "MCMO":
                boroughs.update(sums)
            if kind != "OBEC_S_MCMO":
                whole.update(sums)
    assert kinds["OBEC_S_MCMO"] == 1
    assert kinds["MCMO"] == 2
    assert city == boroughs
    assert whole == total(precincts)


def test_a_program_that_counts_positions_finds_its_region_fourth(served: Served) -> None:
    night = served.night
    code, found = readers.fourth_region(served.url, night.reference.election.code)
    assert code == str(sorted(night.reference.regions)[3])
    places = night.reference.precincts
    expected: Sums = Counter(dict.fromkeys(map(str, night.reference.regions[int(code)].lists), 0))
    for identity, protocol in night.truth[Contest.REGIONAL].items():
        assert isinstance(identity, PrecinctId)
        if places[identity].region == int(code):
            expected.update(sums_of(protocol))
    assert found == expected


def test_a_program_with_the_strict_senate_namespace_reads_districts_and_who_goes_on(served: Served) -> None:
    night = served.night
    static = readers.senate(f"{served.senate_base}/vysledky.xml")
    older = readers.senate(f"{served.url}/pls/senat/vysledky?datum_voleb={night.senate_day}")
    assert static == older
    expected: dict[str, Sums] = {}
    for identity, protocol in night.truth[Contest.SENATE_ROUND_1].items():
        assert isinstance(identity, PrecinctId)
        number = str(night.reference.precincts[identity].senate_district)
        expected.setdefault(number, Counter()).update(sums_of(protocol))
    assert {number: +sums for number, (sums, _) in static.items() if sums["ZAPSANI_VOLICI"]} == {
        number: +sums for number, sums in expected.items()
    }
    for number in expected:
        outcome = Counter(static[number][1].values())
        assert outcome["ZVOLEN"] == 1 or outcome["2.KOLO"] == 2


def test_a_program_of_the_new_feed_follows_the_changes_by_a_cursor(served: Served) -> None:
    night = served.night
    found, seen = readers.by_cursor(served.url, night.reference.election.code)
    standing = {
        (contest.value, *map(str, identity)): content_text(protocol)
        for contest, protocols in night.truth.items()
        for identity, protocol in protocols.items()
        if isinstance(identity, PrecinctId)
    }
    assert found == standing
    assert seen == len(standing) + 2


NAMESPACES = {
    "vysledky.xml": ("http://www.w3.org/namespace/", "VYSLEDKY"),
    "vysledky_kandid.xml": ("http://www.w3.org/namespace/", "VYSLEDKY_KANDID"),
    "okrsky/vysledky_okrsky.xml": ("http://www.w3.org/namespace/", "VYSLEDKY_OKRSKY"),
    "okrsky/vysledky_okrsky_00001.xml": ("http://www.w3.org/namespace/", "VYSLEDKY_OKRSKY"),
}


@pytest.mark.parametrize("name", NAMESPACES)
def test_roots_and_namespaces_are_to_the_letter(served: Served, name: str) -> None:
    answer = requests.get(f"{served.base}/{name}", timeout=10)
    space, root = NAMESPACES[name]
    assert etree.fromstring(answer.content).tag == f"{{{space}}}{root}"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert b'<?xml version="1.0" encoding="UTF-8"?>' in answer.content[:60]


def test_who_asks_makes_no_difference(served: Served) -> None:
    address = f"{served.base}/vysledky.xml"
    agents = ["", "python-requests/2.32", "curl/8.5", "Mozilla/5.0"]
    bodies = {requests.get(address, headers={"User-Agent": agent}, timeout=10).content for agent in agents}
    assert len(bodies) == 1


def test_the_batch_that_is_not_there_yet_says_so_in_both_layouts(served: Served) -> None:
    assert requests.get(f"{served.base}/okrsky/vysledky_okrsky_99999.xml", timeout=10).status_code == 404
    election = served.night.reference.election.code
    answer = requests.get(f"{served.url}/pls/{election}/vysledky_okrsky?davka=99999", timeout=10)
    assert b'<CHYBA KOD_CHYBY="10"/>' in answer.content


def test_what_a_centre_serves_is_what_lies_in_its_public_folder(served: Served) -> None:
    current: Path = served.night.public / "current"
    for path in sorted(current.rglob("*.xml")):
        name = path.relative_to(current).as_posix()
        if name.startswith("appdata/"):
            assert requests.get(f"{served.url}/{name}", timeout=10).content == path.read_bytes()
