"""The Senate's documents: valid at every stage, both rounds in one, nothing told before people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app import resources
from app.documents.registers import RegisterError, with_round_1
from app.documents.results import (
    Processed,
    no_such_senate_election,
    not_yet,
    senate_obce_obvod,
    senate_vysledky,
    vysledky_okrsky,
)
from app.election.decisions import NO_DECISIONS, Decisions
from app.election.model import Contest, Counts, PrecinctId, SenateProtocol
from app.election.reference import Reference
from app.election.tally import ElectionTally
from tests.support.invented_election import protocols, reference, round_2_reference

NIGHT = datetime(2024, 9, 21, 15, 4, 5, tzinfo=UTC)
NS = "{http://www.volby.cz/senat/}"
FIRST, SECOND = Contest.SENATE_ROUND_1, Contest.SENATE_ROUND_2
Wanted = Mapping[int, Mapping[int, int]]  # votes by district and candidate
RUN_OFF: Wanted = {2: {1: 400, 3: 350, 5: 350, 7: 10}, 17: {1: 600, 4: 100}}


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(resources.path("schemas", f"se_{name}.xsd"))))


def root(data: bytes, kind: str) -> etree._Element:
    """The document after its schema has accepted it."""
    element = etree.fromstring(data)
    schema(kind).assertValid(element)
    return element


def counted(of: Reference, contest: Contest, votes: Wanted, first: int | None = None) -> ElectionTally:
    """Tallies in which the first precinct of each district has all its votes, and the others none."""
    tally, empty = ElectionTally(of, contest), {number: dict(given) for number, given in votes.items()}
    keys = [key for key in of.expected if key.contest is contest]
    for key in keys[:first]:
        precinct = of.precincts[key.precinct]
        assert precinct.senate_district is not None
        mine = tuple(sorted(empty.pop(precinct.senate_district, {}).items()))
        valid = sum(given for _, given in mine)
        counts = Counts(valid * 3 + 10, valid + 2, valid + 1, valid)
        number = precinct.senate_district
        tally.apply(
            SenateProtocol(key.precinct, precinct.district, False, False, number, contest.round, counts, mine)
        )
    return tally


def people(
    of: Reference, tally: ElectionTally, district: int, decisions: Decisions = NO_DECISIONS
) -> dict[int, dict[str, str]]:
    """Attributes of each candidate of one district, by number."""
    found = root(senate_vysledky(of, tally, NIGHT, decisions), "vysledky")
    rows = found.iterfind(f"{NS}OBVOD[@CISLO='{district}']/{NS}KANDIDAT")
    return {
        int(row.get("PORADOVE_CISLO", "")): {
            str(name): str(value) for name, value in row.attrib.items() if "KOLO" in str(name)
        }
        for row in rows
    }


def outcome(
    of: Reference, tally: ElectionTally, district: int, decisions: Decisions = NO_DECISIONS
) -> dict[int, str]:
    """ZVOLEN of the round that is counted, where it is told."""
    name = f"ZVOLEN_{tally.contest.round}KOLO"
    found = people(of, tally, district, decisions)
    return {number: told[name] for number, told in found.items() if name in told}


def after_round_1(
    folder: Path, votes: Wanted = RUN_OFF, decisions: Decisions = NO_DECISIONS, **how: object
) -> Reference:
    """Reference data of round 2, from our own documents of round 1."""
    of = reference(FIRST)
    tally = counted(of, FIRST, votes)
    (folder / "obvody").mkdir(parents=True)
    (folder / "vysledky.xml").write_bytes(senate_vysledky(of, tally, NIGHT, decisions))
    for number in of.senate_districts:
        path = folder / "obvody" / f"vysledky_obce_obvod_{number}.xml"
        path.write_bytes(senate_obce_obvod(of, tally, number, NIGHT, decisions))
    election = replace(of.election, contests=(SECOND,), round1_date=date(2024, 9, 20))
    return with_round_1(replace(of, election=election), folder, **how)  # type: ignore[arg-type]


LOT = Decisions(lots={(FIRST, 2): (5, 3)})


@pytest.mark.parametrize("first", [0, 1, 4, None])
@pytest.mark.parametrize("contest", [FIRST, SECOND])
def test_every_document_obeys_its_schema_at_every_stage(
    tmp_path: Path, contest: Contest, first: int | None
) -> None:
    of = reference(FIRST) if contest is FIRST else after_round_1(tmp_path, decisions=LOT)
    tally = ElectionTally(of, contest)
    for protocol in protocols(of, contest)[:first]:
        tally.apply(protocol)
    root(senate_vysledky(of, tally, NIGHT), "vysledky")
    for number in of.senate_districts:
        root(senate_obce_obvod(of, tally, number, NIGHT), "vysledky_obce_obvod")


def test_before_the_first_protocol_everybody_is_there_with_zeros() -> None:
    of = reference(FIRST)
    tally = counted(of, FIRST, {}, first=0)
    nothing = {"HLASY_1KOLO": "0", "HLASY_PROC_1KOLO": "0.00"}
    assert people(of, tally, 2) == dict.fromkeys(range(1, 8), nothing)
    found = root(senate_vysledky(of, tally, NIGHT), "vysledky")
    assert [u.get("OKRSKY_ZPRAC") for u in found.iter(f"{NS}UCAST")] == ["0", "0", "0"]


def test_who_goes_on_is_told_only_once_the_district_is_complete() -> None:
    of = reference(FIRST)
    votes = {2: {1: 400, 3: 350, 5: 349}, 17: {1: 1, 2: 1}}
    tallies = [counted(of, FIRST, votes, first) for first in range(len(protocols(of, FIRST)) + 1)]
    told = [outcome(of, tally, 2) for tally in tallies]
    assert [bool(each) for each in told] == [tally.senate_district[2].complete for tally in tallies]
    wanted = dict.fromkeys(range(1, 8), "NEZVOLEN") | {1: "2.KOLO", 3: "2.KOLO"}
    assert told[-1] == wanted


def test_more_than_half_of_the_valid_votes_elects_and_exactly_half_does_not() -> None:
    of = reference(FIRST)
    votes = {2: {1: 501, 3: 499}, 17: {1: 500, 4: 500}}
    tally = counted(of, FIRST, votes)
    assert outcome(of, tally, 2)[1] == "ZVOLEN"
    assert set(outcome(of, tally, 2).values()) == {"ZVOLEN", "NEZVOLEN"}
    assert outcome(of, tally, 17) == {1: "2.KOLO", 2: "NEZVOLEN", 3: "NEZVOLEN", 4: "2.KOLO"}


def test_equal_votes_are_told_only_after_the_lot() -> None:
    of = reference(FIRST)
    tally = counted(of, FIRST, RUN_OFF)
    assert outcome(of, tally, 2) == {}
    told = outcome(of, tally, 2, LOT)
    assert [number for number, word in told.items() if word == "2.KOLO"] == [1, 5]


def test_whoever_left_is_replaced_by_the_next() -> None:
    of = reference(FIRST)
    tally = counted(of, FIRST, {**RUN_OFF, 2: {1: 400, 3: 350, 5: 300}})
    told = outcome(of, tally, 2, Decisions(left={2: (1,)}))
    assert [number for number, word in told.items() if word == "2.KOLO"] == [3, 5]


def test_a_precinct_that_will_never_come_does_not_hold_the_result_up() -> None:
    of = reference(FIRST)
    tally = counted(of, FIRST, {2: {1: 400, 3: 100}, 17: {1: 5}}, first=5)
    assert outcome(of, tally, 2) == {}
    for precinct in tally.missing_in("senate", 2):
        tally.give_up(precinct)
    assert outcome(of, tally, 2)[1] == "ZVOLEN"
    found = root(senate_vysledky(of, tally, NIGHT), "vysledky")
    turnout = found.find(f"{NS}OBVOD[@CISLO='2']/{NS}UCAST")
    assert turnout is not None
    assert (turnout.get("OKRSKY_CELKEM"), turnout.get("OKRSKY_ZPRAC")) == ("6", "5")


def test_a_candidate_who_is_no_longer_one_is_listed_only_with_votes() -> None:
    plain = reference(FIRST)
    district = plain.senate_districts[17]
    gone = {n: replace(c, valid=n not in (2, 3)) for n, c in district.candidates.items()}
    of = replace(plain, senate_districts={**plain.senate_districts, 17: replace(district, candidates=gone)})
    assert list(people(of, counted(of, FIRST, {17: {1: 20, 3: 5}}), 17)) == [1, 3, 4]


def test_shares_are_cut_off() -> None:
    of = reference(FIRST)
    shares = people(of, counted(of, FIRST, {17: {1: 2, 4: 1}}), 17)
    assert [shares[n]["HLASY_PROC_1KOLO"] for n in (1, 4)] == ["66.66", "33.33"]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=4), st.permutations(range(1, 5)))
def test_one_is_elected_or_two_go_on_or_nothing_is_told(given_votes: list[int], lot: list[int]) -> None:
    of = reference(FIRST)
    tally = counted(of, FIRST, {17: {n: votes for n, votes in enumerate(given_votes, 1) if votes}})
    undecided = outcome(of, tally, 17)
    drawn = outcome(of, tally, 17, Decisions(lots={(FIRST, 17): tuple(lot)}))
    assert undecided in ({}, drawn)
    words = sorted(drawn.values())
    assert words in (["NEZVOLEN"] * 3 + ["ZVOLEN"], ["2.KOLO"] * 2 + ["NEZVOLEN"] * 2)
    over_half = [n for n, votes in enumerate(given_votes, 1) if 2 * votes > sum(given_votes)]
    assert [n for n, word in drawn.items() if word == "ZVOLEN"] == over_half
    others = max([given_votes[n - 1] for n, word in drawn.items() if word == "NEZVOLEN"])
    assert all(given_votes[n - 1] >= others for n, word in drawn.items() if word != "NEZVOLEN")


# --- round 2 ------------------------------------------------------------------------------------------


def test_round_2_tells_both_rounds(tmp_path: Path) -> None:
    of = after_round_1(tmp_path, decisions=LOT)
    tally = counted(of, SECOND, {2: {1: 300, 5: 301}})
    told = people(of, tally, 2)
    assert told[5] == {
        "HLASY_1KOLO": "350",
        "HLASY_PROC_1KOLO": "31.53",
        "ZVOLEN_1KOLO": "2.KOLO",
        "HLASY_2KOLO": "301",
        "HLASY_PROC_2KOLO": "50.08",
        "ZVOLEN_2KOLO": "ZVOLEN",
    }
    assert told[3] == {"HLASY_1KOLO": "350", "HLASY_PROC_1KOLO": "31.53", "ZVOLEN_1KOLO": "NEZVOLEN"}
    found = root(senate_vysledky(of, tally, NIGHT), "vysledky")
    assert [u.get("KOLO") for u in found.iterfind(f"{NS}OBVOD[@CISLO='2']/{NS}UCAST")] == ["1", "2"]
    whole = {u.get("KOLO"): u.get("PLATNE_HLASY") for u in found.iterfind(f"{NS}CELKEM/{NS}UCAST")}
    assert whole == {"1": str(1110 + 700), "2": "601"}


def test_a_district_that_elected_in_round_1_has_no_round_2(tmp_path: Path) -> None:
    of = after_round_1(tmp_path, decisions=LOT)
    tally = counted(of, SECOND, {2: {1: 300, 5: 301}})
    assert {precinct.senate_district for precinct in of.precincts.values()} == {2}
    assert people(of, tally, 17)[1] == {
        "HLASY_1KOLO": "600",
        "HLASY_PROC_1KOLO": "85.71",
        "ZVOLEN_1KOLO": "ZVOLEN",
    }
    found = root(senate_vysledky(of, tally, NIGHT), "vysledky")
    assert [u.get("KOLO") for u in found.iterfind(f"{NS}OBVOD[@CISLO='17']/{NS}UCAST")] == ["1"]


def test_equal_votes_in_round_2_wait_for_the_lot_too(tmp_path: Path) -> None:
    of = after_round_1(tmp_path, decisions=LOT)
    tally = counted(of, SECOND, {2: {1: 300, 5: 300}})
    assert outcome(of, tally, 2) == {}
    drawn = Decisions(lots={(SECOND, 2): (1,)})
    assert outcome(of, tally, 2, drawn) == {1: "ZVOLEN", 5: "NEZVOLEN"}


def test_a_municipality_has_both_rounds_and_only_whoever_got_a_vote(tmp_path: Path) -> None:
    of = after_round_1(tmp_path, decisions=LOT)
    tally = counted(of, SECOND, {2: {1: 300, 5: 301}})
    found = root(senate_obce_obvod(of, tally, 2, NIGHT), "vysledky_obce_obvod")
    first = found.find(f"{NS}OBEC")
    assert first is not None
    assert dict(first.attrib) == {"CIS_OBEC": "550001", "NAZ_OBEC": "Horní Lhota"}
    assert [dict(row.attrib) for row in first.iterfind(f"{NS}HLASY")] == [
        {
            **{"PORADOVE_CISLO": "1", "HLASY_1KOLO": "400", "HLASY_PROC_1KOLO": "36.03"},
            **{"HLASY_2KOLO": "300", "HLASY_PROC_2KOLO": "49.91"},
        },
        {"PORADOVE_CISLO": "3", "HLASY_1KOLO": "350", "HLASY_PROC_1KOLO": "31.53"},
        {
            **{"PORADOVE_CISLO": "5", "HLASY_1KOLO": "350", "HLASY_PROC_1KOLO": "31.53"},
            **{"HLASY_2KOLO": "301", "HLASY_PROC_2KOLO": "50.08"},
        },
        {"PORADOVE_CISLO": "7", "HLASY_1KOLO": "10", "HLASY_PROC_1KOLO": "0.90"},
    ]


def test_what_round_1_came_to_is_left_out_where_nobody_told_it() -> None:
    of = round_2_reference()
    tally = counted(of, SECOND, {2: {3: 300, 5: 301}, 17: {1: 5, 4: 6}})
    told = people(of, tally, 2)
    assert told[3] == {
        "ZVOLEN_1KOLO": "2.KOLO",
        "HLASY_2KOLO": "300",
        "HLASY_PROC_2KOLO": "49.91",
        "ZVOLEN_2KOLO": "NEZVOLEN",
    }
    assert told[1] == {"ZVOLEN_1KOLO": "NEZVOLEN"}
    root(senate_obce_obvod(of, tally, 2, NIGHT), "vysledky_obce_obvod")


# --- reference data of round 2 ------------------------------------------------------------------------


def test_a_finalist_who_left_is_replaced_and_the_district_votes_a_week_later(tmp_path: Path) -> None:
    votes = {2: {1: 400, 3: 350, 5: 300, 7: 10}, 17: {1: 300, 4: 300, 2: 10}}
    now = after_round_1(tmp_path / "now", votes, left={2: [1]})
    later = after_round_1(tmp_path / "later", votes, left={2: [1]}, postponed=True)
    assert {number: d.finalists for number, d in now.senate_districts.items()} == {2: (3, 5), 17: (1, 4)}
    assert {p.senate_district for p in now.precincts.values()} == {17}
    assert {p.senate_district for p in later.precincts.values()} == {2}
    assert all(p.region is None for p in (*now.precincts.values(), *later.precincts.values()))
    tally = counted(now, SECOND, {17: {1: 2, 4: 1}})
    assert people(now, tally, 2)[3]["ZVOLEN_1KOLO"] == "2.KOLO"
    assert "HLASY_2KOLO" not in people(now, tally, 2)[3]


def test_finalists_drawn_by_lot_come_before_the_one_with_equal_votes_who_was_not(tmp_path: Path) -> None:
    found = after_round_1(
        tmp_path, {2: {1: 400, 3: 350, 5: 350, 7: 9}, 17: {1: 9}}, LOT, left={2: [1]}, postponed=True
    )
    assert found.senate_districts[2].finalists == (3, 5)


@pytest.mark.parametrize(
    ("votes", "how", "code"),
    [
        (RUN_OFF, {}, "REG-22"),  # the lot was not drawn yet
        ({2: {1: 400, 3: 350, 5: 30, 7: 30}, 17: {1: 9}}, {"left": {2: [1]}}, "REG-23"),
        ({2: {1: 400, 3: 35}, 17: {1: 9}}, {}, "REG-24"),
    ],
)
def test_what_does_not_tell_who_goes_on_is_refused(
    tmp_path: Path, votes: Wanted, how: dict[str, object], code: str
) -> None:
    with pytest.raises(RegisterError, match=code):
        after_round_1(tmp_path, votes, **how)


@pytest.mark.parametrize("old", ['OKRSKY_CELKEM="6"', 'HLASY_1KOLO="400"', 'UCAST KOLO="1"'])
def test_a_damaged_result_of_round_1_is_refused_by_its_line(tmp_path: Path, old: str) -> None:
    of = after_round_1(tmp_path, decisions=LOT)
    path = tmp_path / "vysledky.xml"
    path.write_text(
        path.read_text("utf-8").replace(old, old.replace("KOLO", "KULO").replace("6", "x")), "utf-8"
    )
    with pytest.raises(RegisterError, match="REG-2"):
        with_round_1(of, path)


# --- batches and errors -------------------------------------------------------------------------------


@pytest.mark.parametrize("contest", [FIRST, SECOND])
def test_a_batch_of_the_senate_has_the_round_and_each_precincts_district(contest: Contest) -> None:
    record = Processed(
        PrecinctId(550001, 3),
        7,
        NIGHT - timedelta(minutes=1),
        False,
        Counts(9, 8, 7, 6),
        ((1, 4), (3, 2)),
        17,
    )
    found = root(vysledky_okrsky([record], 2, 8, 7, NIGHT, contest), "vysledky_okrsky")
    assert list(found[0].attrib.items()) == [
        ("KOLO", str(contest.round)),
        ("PORADI_DAVKY", "2"),
        ("OKRSKY_DAVKA", "1"),
        ("OKRSKY_CELKEM", "8"),
        ("OKRSKY_ZPRAC", "7"),
    ]
    assert list(found[1].attrib)[:4] == ["CIS_OBEC", "CIS_OKRSEK", "CIS_OBVOD", "PORADI_ZPRAC"]
    assert [dict(row.attrib) for row in found[1][1:]] == [
        {"PORADOVE_CISLO": "1", "HLASY": "4"},
        {"PORADOVE_CISLO": "3", "HLASY": "2"},
    ]


def test_what_there_is_not_is_told_in_the_senates_own_namespace() -> None:
    of = reference(FIRST)
    tally = ElectionTally(of, FIRST)
    late = root(not_yet(NIGHT, FIRST), "vysledky_okrsky")
    assert late.tag == f"{NS}VYSLEDKY_OKRSKY"
    assert [dict(each.attrib) for each in late] == [{"KOD_CHYBY": "10"}]
    nowhere = root(senate_obce_obvod(of, tally, 81, NIGHT), "vysledky_obce_obvod")
    wrong = root(no_such_senate_election(NIGHT), "vysledky")
    assert [each.text for each in (*nowhere, *wrong)] == [
        "Chybná hodnota v parametru OBVOD",
        "Chybná hodnota v parametru DATUM_VOLEB",
    ]
