"""The published documents: valid, the same each time, honest while the counting goes on."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app import resources
from app.documents.results import (
    Processed,
    not_yet,
    vysledky,
    vysledky_kandid,
    vysledky_krajmesta,
    vysledky_okres,
    vysledky_okrsky,
)
from app.documents.results.vysledky_krajmesta import regional_cities
from app.election.decisions import NO_DECISIONS, Decisions
from app.election.model import Contest, Counts, PrecinctId, RegionalProtocol, Sheet
from app.election.percent import text, truncated
from app.election.reference import Reference
from app.election.tally import ElectionTally
from tests.support.invented_election import protocols, reference

NIGHT = datetime(2024, 9, 21, 15, 4, 5, 999_999, tzinfo=UTC)
NS = "{http://www.w3.org/namespace/}"


def awkward_reference() -> Reference:
    """As the invented election, with names that need escaping and a divided city."""
    plain = reference()
    region = plain.regions[1]
    listed = replace(region.lists[5], short_name='Tom & „Jerry" <spol.>')
    people = {
        **listed.candidates,
        1: replace(listed.candidates[1], last_name="O'Brien & syn", title_before='"Ing."'),
    }
    lists = {**region.lists, 5: replace(listed, candidates=people)}
    city = {
        code: replace(plain.municipalities[code], presented_under=554804, presented_name="Město <nad> Labem")
        for code in (550001, 550002)
    }
    return replace(
        plain,
        regions={**plain.regions, 1: replace(region, lists=lists)},
        municipalities={**plain.municipalities, **city},
    )


def with_five_seats() -> Reference:
    """Few enough seats for the short lists, so that nothing is left for people to decide."""
    plain = reference()
    return replace(plain, regions={n: replace(region, seats=5) for n, region in plain.regions.items()})


def typed(given: Reference) -> Reference:
    return replace(given, election=replace(given.election, feed={"TYP_OBEC": "1"}))


def regional(of: Reference) -> list[RegionalProtocol]:
    return [p for p in protocols(of, Contest.REGIONAL) if isinstance(p, RegionalProtocol)]


def counted(of: Reference, first: int | None = None) -> ElectionTally:
    tally = ElectionTally(of, Contest.REGIONAL)
    for protocol in regional(of)[:first]:
        tally.apply(protocol)
    return tally


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(resources.path("schemas", f"kz_{name}.xsd"))))


def root(data: bytes, kind: str) -> etree._Element:
    """The document after its schema has accepted it."""
    element = etree.fromstring(data)
    schema(kind).assertValid(element)
    return element


def all_documents(of: Reference, tally: ElectionTally) -> dict[str, bytes]:
    return {
        "vysledky": vysledky(of, tally, NIGHT),
        "vysledky_kandid": vysledky_kandid(of, tally, NIGHT),
        "vysledky_krajmesta": vysledky_krajmesta(of, tally, NIGHT, cities={554804, 550004, 550005}),
        **{
            f"vysledky_okres_{d.nuts}": vysledky_okres(of, tally, d.nuts, NIGHT)
            for d in of.districts.values()
        },
    }


def kind_of(name: str) -> str:
    return "vysledky_okres" if name.startswith("vysledky_okres_") else name


@pytest.mark.parametrize("of", [reference(), awkward_reference(), typed(awkward_reference())])
@pytest.mark.parametrize("first", [0, 1, 5, None])
def test_every_document_obeys_its_schema_at_every_stage(of: Reference, first: int | None) -> None:
    for name, data in all_documents(of, counted(of, first)).items():
        root(data, kind_of(name))


def test_the_same_tallies_give_the_same_bytes_whatever_order_they_came_in() -> None:
    of = awkward_reference()
    forwards, backwards = counted(of), ElectionTally(of, Contest.REGIONAL)
    for protocol in reversed(regional(of)):
        backwards.apply(protocol)
    assert all_documents(of, forwards) == all_documents(of, backwards)


def test_times_are_local_prague_time_without_a_zone() -> None:
    of = reference()
    found = root(vysledky(of, counted(of), NIGHT), "vysledky")
    assert found.get("DATUM_CAS_GENEROVANI") == "2024-09-21T17:04:05"
    with pytest.raises(ValueError, match="time zone"):
        vysledky(of, counted(of), datetime(2024, 9, 21, 15))


def test_before_the_first_protocol_every_list_is_there_with_zeros() -> None:
    of = reference()
    found = root(vysledky(of, counted(of, 0), NIGHT), "vysledky")
    lists = found.findall(f"{NS}KRZAST/{NS}STRANA")
    assert [int(x.get("KSTRANA", "")) for x in lists] == [n for r in of.regions.values() for n in r.lists]
    values = [dict(x.attrib) for x in found.iter(f"{NS}HODNOTY_STRANA")]
    assert values == [{"HLASY": "0", "PROC_HLASU": "0.00"}] * len(lists)
    turnout = found.find(f"{NS}CR/{NS}UCAST")
    assert turnout is not None
    assert (turnout.get("OKRSKY_CELKEM"), turnout.get("OKRSKY_ZPRAC"), turnout.get("UCAST_PROC")) == (
        "10",
        "0",
        "0.00",
    )


def test_seats_and_elected_are_there_only_once_the_region_is_complete() -> None:
    of = with_five_seats()
    for first in range(len(regional(of)) + 1):
        tally = counted(of, first)
        found = root(vysledky(of, tally, NIGHT), "vysledky")
        for region in found.findall(f"{NS}KRZAST"):
            number = int(region.get("CIS_KRZAST", ""))
            seats = [int(x.get("MANDATY", "0")) for x in region.iter(f"{NS}HODNOTY_STRANA")]
            elected = len(region.findall(f"{NS}STRANA/{NS}ZASTUPITEL"))
            complete = tally.region[number].complete
            assert elected == sum(seats) == (of.regions[number].seats if complete else 0)


def test_lists_without_a_seat_carry_no_seats_at_all() -> None:
    of = with_five_seats()
    found = root(vysledky(of, counted(of), NIGHT), "vysledky")
    without = [x for x in found.iter(f"{NS}HODNOTY_STRANA") if "MANDATY" not in x.attrib]
    assert without
    assert all("PROC_MANDATU" not in x.attrib for x in without)
    assert all(x.get("MANDATY") != "0" for x in found.iter(f"{NS}HODNOTY_STRANA"))


def test_the_elected_ascend_by_number_and_the_invalid_are_not_among_them() -> None:
    of = with_five_seats()
    found = root(vysledky(of, counted(of), NIGHT), "vysledky")
    for listed in found.findall(f"{NS}KRZAST/{NS}STRANA"):
        numbers = [int(x.get("PORADOVE_CISLO", "")) for x in listed.findall(f"{NS}ZASTUPITEL")]
        assert numbers == sorted(numbers)
        assert 2 not in numbers  # candidate 2 of every list is not valid


def test_where_people_must_decide_first_a_complete_region_has_no_seats() -> None:
    of = reference()  # 45 seats, and lists of three candidates
    found = root(vysledky(of, counted(of), NIGHT), "vysledky").find(f"{NS}KRZAST")
    assert found is not None
    assert not found.findall(f"{NS}STRANA/{NS}ZASTUPITEL")
    assert all("MANDATY" not in x.attrib for x in found.iter(f"{NS}HODNOTY_STRANA"))


def test_candidates_without_a_preferential_vote_are_left_out() -> None:
    of = reference()
    tally = counted(of)
    found = root(vysledky_kandid(of, tally, NIGHT), "vysledky_kandid")
    stated = {
        (int(r.get("CIS_KRZAST", "")), int(k.get("KSTRANA", "")), int(k.get("PORCISLO", ""))): int(
            k.get("HLASY", "")
        )
        for r in found.findall(f"{NS}KRZAST")
        for k in r.iter(f"{NS}KANDIDAT")
    }
    assert stated == {
        (number, *key): votes
        for number, region in tally.region.items()
        for key, votes in region.preferences.items()
        if votes
    }


def rows(of: Reference, tally: ElectionTally, nuts: str) -> list[dict[str, str]]:
    found = root(vysledky_okres(of, tally, nuts, NIGHT), "vysledky_okres")
    return [{str(k): str(v) for k, v in row.attrib.items()} for row in found.findall(f"{NS}OBEC")]


def test_without_the_setting_a_divided_city_is_one_row() -> None:
    of = awkward_reference()
    assert rows(of, counted(of), "CZ0411") == [{"CIS_OBEC": "554804", "NAZ_OBEC": "Město <nad> Labem"}]


def test_with_the_setting_a_city_is_there_whole_and_by_its_boroughs() -> None:
    of = typed(awkward_reference())
    tally = counted(of)
    assert rows(of, tally, "CZ0411") == [
        {"CIS_OBEC": "550001", "NAZ_OBEC": "Horní Lhota", "TYP_OBEC": "MCMO"},
        {"CIS_OBEC": "550002", "NAZ_OBEC": "Dolní Lhota", "TYP_OBEC": "MCMO"},
        {"CIS_OBEC": "554804", "NAZ_OBEC": "Město <nad> Labem", "TYP_OBEC": "OBEC_S_MCMO"},
    ]
    assert [row["TYP_OBEC"] for row in rows(of, tally, "CZ0412")] == ["OBEC_BEZ_MCMO"]
    found = root(vysledky_okres(of, tally, "CZ0411", NIGHT), "vysledky_okres")
    district, whole = found.find(f"{NS}OKRES"), found.findall(f"{NS}OBEC")[2]
    assert district is not None
    assert dict(whole[0].attrib) == dict(district[0].attrib)  # here the city is the whole district


def test_a_district_lists_all_lists_and_a_municipality_those_with_votes() -> None:
    of = reference()
    found = root(vysledky_okres(of, counted(of), "CZ0412", NIGHT), "vysledky_okres")
    district, municipality = found.find(f"{NS}OKRES"), found.find(f"{NS}OBEC")
    assert district is not None
    assert municipality is not None
    assert [x.get("KSTRANA") for x in district[1:]] == ["2", "5", "12", "33", "70", "99"]
    assert [x.get("KSTRANA") for x in municipality[1:]] == ["2", "5", "12", "33", "70"]


@pytest.mark.parametrize("nuts", ["CZ0100", "CZ9999", ""])
def test_a_district_that_does_not_vote_gets_the_error_document(nuts: str) -> None:
    of = reference()
    found = root(vysledky_okres(of, counted(of), nuts, NIGHT), "vysledky_okres")
    assert [(etree.QName(x).localname, x.text) for x in found] == [
        ("CHYBA", "Chybná hodnota v parametru NUTS")
    ]


def test_every_region_has_its_sums_and_its_city() -> None:
    of = typed(awkward_reference())
    tally = counted(of)
    found = root(vysledky_krajmesta(of, tally, NIGHT, cities={554804, 550005}), "vysledky_krajmesta")
    assert [region.get("NAZ_KRZAST") for region in found] == ["Severní", "Jižní"]
    assert [[row.get("CIS_OBEC") for row in region[1:]] for region in found] == [
        ["550001", "550002", "554804"],
        [],
    ]
    city, whole = found[0][3], etree.fromstring(vysledky_okres(of, tally, "CZ0411", NIGHT))[3]
    assert [dict(x.attrib) for x in city.iter()] == [dict(x.attrib) for x in whole.iter()]
    assert [x.get("HLASY") for x in found[0][0][1:]] == [
        str(votes) for votes in tally.region[1].votes.values()
    ]


def test_the_regional_cities_are_facts_and_every_region_but_central_bohemia_has_one() -> None:
    with resources.path("facts", "regional_cities.csv").open(encoding="utf-8", newline="") as stream:
        facts = list(csv.DictReader(stream))
    assert [int(row["KRZAST"]) for row in facts] == list(range(2, 14))
    assert regional_cities() == {int(row["OBEC_PREZ"]) for row in facts}


def test_a_precinct_that_will_never_come_does_not_hold_the_seats_up() -> None:
    of = with_five_seats()
    tally = counted(of, len(regional(of)) - 1)
    (number,) = (n for n, region in tally.region.items() if not region.complete)
    assert not root(vysledky(of, tally, NIGHT), "vysledky").findall(
        f"{NS}KRZAST[@CIS_KRZAST='{number}']//{NS}ZASTUPITEL"
    )
    tally.give_up(tally.missing_in("region", number)[0])
    region = root(vysledky(of, tally, NIGHT), "vysledky").find(f"{NS}KRZAST[@CIS_KRZAST='{number}']")
    assert region is not None
    assert len(region.findall(f"{NS}STRANA/{NS}ZASTUPITEL")) == 5
    turnout = region.find(f"{NS}UCAST")
    assert turnout is not None
    assert int(turnout.get("OKRSKY_CELKEM", "")) == int(turnout.get("OKRSKY_ZPRAC", "")) + 1


def test_seats_of_equal_lists_are_there_after_the_lot() -> None:
    plain = with_five_seats()
    of = replace(plain, regions={**plain.regions, 2: replace(plain.regions[2], seats=1)})
    tally = ElectionTally(of, Contest.REGIONAL)
    for key, precinct in of.expected.items():
        if key.contest is Contest.REGIONAL and precinct.region == 2:
            sheets = tuple(Sheet(number, 50, ()) for number in (2, 7))
            tally.apply(
                RegionalProtocol(
                    key.precinct, precinct.district, False, False, Counts(300, 100, 100, 100), sheets
                )
            )

    def seats(decisions: Decisions) -> dict[str, str]:
        found = root(vysledky(of, tally, NIGHT, decisions), "vysledky")
        lists = found.findall(f"{NS}KRZAST/{NS}STRANA")
        return {x.get("KSTRANA", ""): x[0].get("MANDATY", "") for x in lists if x[0].get("MANDATY")}

    assert seats(NO_DECISIONS) == {}
    assert seats(Decisions(lots={(Contest.REGIONAL, 2): (7, 2)})) == {"7": "1"}


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_shares_of_votes_are_cut_off_and_never_rounded_up_to_the_clause(votes: int, valid: int) -> None:
    share = text(truncated(votes, valid))
    assert (float(share) >= 5) == (20 * votes >= valid)


# --- batches ------------------------------------------------------------------------------------------


def record(order: int, *, repeated: bool = False) -> Processed:
    return Processed(
        PrecinctId(550001, order),
        order,
        NIGHT + timedelta(seconds=order),
        repeated,
        Counts(36, 27, 27, 27),
        ((1, 15), (7, 12), (9, 0)),
    )


def test_a_batch_has_its_precincts_in_order_of_processing() -> None:
    data = vysledky_okrsky([record(8, repeated=True), record(7)], 2, 13_591, 591, NIGHT)
    found = root(data, "vysledky_okrsky")
    assert dict(found[0].attrib) == {
        "PORADI_DAVKY": "2",
        "OKRSKY_DAVKA": "2",
        "OKRSKY_CELKEM": "13591",
        "OKRSKY_ZPRAC": "591",
    }
    assert [dict(x.attrib) for x in found[1:]] == [
        {
            "CIS_OBEC": "550001",
            "CIS_OKRSEK": str(order),
            "PORADI_ZPRAC": str(order),
            "DATUM_CAS_ZPRAC": f"2024-09-21T17:04:{5 + order}",
            "OPAKOVANE": repeated,
        }
        for order, repeated in ((7, "0"), (8, "1"))
    ]
    assert [dict(x.attrib) for x in found[1]] == [
        {"ZAPSANI_VOLICI": "36", "VYDANE_OBALKY": "27", "ODEVZDANE_OBALKY": "27", "PLATNE_HLASY": "27"},
        {"KSTRANA": "1", "HLASY": "15"},
        {"KSTRANA": "7", "HLASY": "12"},
    ]


def test_an_empty_batch_is_a_document_too() -> None:
    assert len(root(vysledky_okrsky([], 1, 10, 0, NIGHT), "vysledky_okrsky")) == 1


def test_a_batch_that_is_not_there_yet_has_the_error_code_10() -> None:
    found = root(not_yet(NIGHT), "vysledky_okrsky")
    assert [dict(x.attrib) for x in found] == [{"KOD_CHYBY": "10"}]
