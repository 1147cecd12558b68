"""Seats, preferential order and every percentage of the official documents of 2016 and 2020."""

import json
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from app.election.percent import rounded, text, truncated
from app.election.reference import Candidate, CandidateList, ElectionRules, SenateDistrict
from app.election.seats import allocate, elected
from app.election.senate import round_1
from tests.support.opendata import DATA, children, document, needs_data, rows

pytestmark = needs_data

RULES = ElectionRules()
YEARS = ("2016", "2020")


def _regions(year: str, name: str = "vysledky") -> Iterator[Element]:
    return children(document(f"kz{year}/{name}.xml.gz"), "KRZAST")


def _only(parent: Element, name: str) -> Element:
    (child,) = children(parent, name)
    return child


@pytest.mark.parametrize("year", YEARS)
def test_seats_of_every_region(year: str) -> None:
    regions = list(_regions(year))
    assert len(regions) == 13
    for region in regions:
        votes, official = {}, {}
        for listed in children(region, "STRANA"):
            values = _only(listed, "HODNOTY_STRANA")
            votes[int(listed.attrib["KSTRANA"])] = int(values.attrib["HLASY"])
            if "MANDATY" in values.attrib:
                official[int(listed.attrib["KSTRANA"])] = int(values.attrib["MANDATY"])
        valid = int(_only(region, "UCAST").attrib["PLATNE_HLASY"])
        allocation = allocate(votes, valid, int(region.attrib["POCMANDATU"]), RULES)
        assert allocation.seats == official, region.attrib["NAZ_KRZAST"]


def test_vectors_of_seats_and_preferential_order() -> None:
    vectors = json.loads((DATA / "test_vectors.json").read_text("utf-8"))
    for region in vectors["regions_2020"]:
        votes = {party["kstrana"]: party["votes"] for party in region["parties"]}
        valid = int(region["ucast"]["PLATNE_HLASY"])
        official = {party["kstrana"]: party["seats"] for party in region["parties"] if party["seats"]}
        assert allocate(votes, valid, region["seats"], RULES).seats == official
    for vector in vectors["pref"]:
        people = {c["no"]: Candidate(c["no"], "", "", "", "", c["valid"]) for c in vector["candidates"]}
        preferences = {c["no"]: c["pref"] for c in vector["candidates"]}
        listed = CandidateList(1, 1, "", "", people)
        order = elected(listed, preferences, vector["votes"], vector["seats"], RULES)
        assert list(order.elected) == vector["elected_order"]
        assert list(order.substitutes) == vector["substitute_order"]


@pytest.mark.parametrize(("year", "winning_lists"), [("2016", 93), ("2020", 88)])
def test_elected_and_substitutes_of_every_list_that_won_seats(year: str, winning_lists: int) -> None:
    people: dict[tuple[int, int], dict[int, Candidate]] = {}
    preferences: dict[tuple[int, int], dict[int, int]] = {}
    official: dict[tuple[int, int], tuple[dict[int, int], dict[int, int]]] = {}
    for row in rows(f"kz{year}/kzrk.csv.gz"):
        key = (int(row["KRZAST"]), int(row["KSTRANA"]))
        number = int(row["PORCISLO"])
        valid = row["PLATNOST"] == "A"
        people.setdefault(key, {})[number] = Candidate(number, "", "", "", "", valid)
        preferences.setdefault(key, {})[number] = int(row["POCHLASU"] or 0)
        seats, substitutes = official.setdefault(key, ({}, {}))
        if row["MANDAT"] == "A":
            seats[int(row["PORADIMAND"])] = number
        elif int(row["PORADINAHR"] or 0):
            substitutes[int(row["PORADINAHR"])] = number
    votes = {
        (int(region.attrib["CIS_KRZAST"]), int(listed.attrib["KSTRANA"])): int(
            _only(listed, "HODNOTY_STRANA").attrib["HLASY"]
        )
        for region in _regions(year)
        for listed in children(region, "STRANA")
    }
    won = {key for key, (seats, _) in official.items() if seats}
    assert len(won) == winning_lists
    for key in won:
        listed = CandidateList(key[1], 1, "", "", people[key])
        seats, substitutes = official[key]
        order = elected(listed, preferences[key], votes[key], len(seats), RULES)
        assert list(order.elected) == [number for _, number in sorted(seats.items())], key
        assert list(order.substitutes) == [number for _, number in sorted(substitutes.items())], key


def _turnout_is_rounded(turnout: Element) -> int:
    at = {name: int(value) for name, value in turnout.attrib.items() if "PROC" not in name or value.isdigit()}
    shares = {
        "OKRSKY_ZPRAC_PROC": (at["OKRSKY_ZPRAC"], at["OKRSKY_CELKEM"]),
        "UCAST_PROC": (at["VYDANE_OBALKY"], at["ZAPSANI_VOLICI"]),
        "PLATNE_HLASY_PROC": (at["PLATNE_HLASY"], at["ODEVZDANE_OBALKY"]),
    }
    for name, (part, whole) in shares.items():
        assert turnout.attrib[name] == text(rounded(part, whole)), turnout.attrib
    return at["PLATNE_HLASY"]


@pytest.mark.parametrize("year", YEARS)
def test_every_percentage_of_the_regions_is_cut_off_or_rounded_as_we_do(year: str) -> None:
    _turnout_is_rounded(_only(_only(document(f"kz{year}/vysledky.xml.gz"), "CR"), "UCAST"))
    for region in _regions(year):
        valid, seats = _turnout_is_rounded(_only(region, "UCAST")), int(region.attrib["POCMANDATU"])
        for listed in children(region, "STRANA"):
            values = _only(listed, "HODNOTY_STRANA").attrib
            votes = int(values["HLASY"])
            assert values["PROC_HLASU"] == text(truncated(votes, valid)), values
            if "MANDATY" in values:
                assert values["PROC_MANDATU"] == text(rounded(int(values["MANDATY"]), seats)), values
            for winner in children(listed, "ZASTUPITEL"):
                preferred = int(winner.attrib["PREDNOSTNI_HLASY"])
                assert winner.attrib["PREDNOSTNI_HLASY_PROC"] == text(truncated(preferred, votes))


def test_every_percentage_of_the_districts_is_rounded_and_of_the_municipalities_cut_off() -> None:
    documents = sorted((DATA / "kz2016" / "okresy").glob("*.xml.gz"))
    assert documents
    seen = 0
    for path in documents:
        root = document(f"kz2016/okresy/{path.name}")
        for name, share in (("OKRES", rounded), ("OBEC", truncated)):
            for area in children(root, name):
                valid = _turnout_is_rounded(_only(area, "UCAST"))
                for listed in children(area, "HLASY_STRANA"):
                    printed, votes = listed.attrib["PROC_HLASU"], int(listed.attrib["HLASY"])
                    assert printed == text(share(votes, valid)), (path.name, area.attrib, listed.attrib)
                    seen += 1
    assert seen > 60_000


def test_round_1_of_every_senate_election_since_1996() -> None:
    """ZVOLEN_K1: 1 elected, 2 to round 2; a lot (LOS_K1) is told by the data."""
    districts: dict[tuple[str, int], list[dict[str, str]]] = {}
    for row in rows("senat/serk_1996-2022.csv.gz"):
        districts.setdefault((row["DATUMVOLEB"], int(row["OBVOD"])), []).append(row)
    assert len(districts) > 390
    for key, standing in districts.items():
        votes = {int(row["CKAND"]): int(row["HLASY_K1"]) for row in standing}
        people = {number: Candidate(number, "", "", "", "") for number in votes}
        result = round_1(SenateDistrict(key[1], "", people), votes, sum(votes.values()))
        official = {
            mark: {int(row["CKAND"]) for row in standing if row["ZVOLEN_K1"] == mark} for mark in ("1", "2")
        }
        assert result.decision is None, key
        assert ({result.elected} if result.elected else set()) == official["1"], key
        assert set(result.finalists or ()) == official["2"], key
