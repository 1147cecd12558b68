"""Where each plausibility rule draws its line: one below it, on it and one above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.catalogue import RULES
from app.election.checks import FieldRef, Outcome, Severity, judge, text_cs, text_en
from app.election.model import Contest, CountsStated
from app.election.reference import Reference
from app.election.thresholds import DEFAULTS, Thresholds
from tests.support import invented_election as invented
from tests.support.neighbours import (
    HERE,
    NEIGHBOURS,
    PREFERENCES,
    REFERENCE,
    VOTES,
    around,
    judged,
    regional,
    said,
    senate,
)


def expecting(**known: int) -> Reference:
    """Reference data that know something about the precinct."""
    precinct = replace(REFERENCE.precincts[HERE], **known)  # type: ignore[arg-type]
    return replace(REFERENCE, precincts={**REFERENCE.precincts, HERE: precinct})


def drawing(**lines: int | Fraction) -> Reference:
    """Reference data of an election that draws other lines."""
    thresholds = replace(DEFAULTS, **lines)  # type: ignore[arg-type]
    return replace(REFERENCE, election=replace(REFERENCE.election, thresholds=thresholds))


def test_an_ordinary_protocol_passes_every_rule_in_its_surroundings() -> None:
    verdict = judged(regional(), surroundings=around())
    assert verdict.failed_ids == ()
    open_rules = [r.rule_id for r in verdict.results if r.outcome is Outcome.NOT_COMPARED]
    assert open_rules == ["PL-08", "PL-09", "PR-01", "PR-03"]


@pytest.mark.parametrize(("votes", "told"), [(29, "passed"), (30, "asks"), (31, "asks")])
def test_pl_01_without_neighbours_a_list_of_thirty_votes_has_a_preference(votes: int, told: str) -> None:
    assert said(judged(regional({2: votes, 5: 60}, {5: {4: 9}})), "PL-01") == told


@pytest.mark.parametrize(("votes", "told"), [(47, "noted"), (48, "asks"), (60, "asks")])
def test_pl_01_with_neighbours_asks_where_twenty_preferences_are_expected(votes: int, told: str) -> None:
    """Five of twelve of the neighbours' voters of that list circled somebody."""
    neighbours = [regional({12: 120}, {12: {1: 50}}, precinct=each) for each in NEIGHBOURS]
    protocol = regional({12: votes, 2: 80}, {2: {1: 30}})
    assert said(judged(protocol, surroundings=around(neighbours)), "PL-01") == told


def test_pl_01_knows_nothing_from_neighbours_that_hardly_chose_the_list() -> None:
    neighbours = [regional({12: 4, 2: 90}, {}, precinct=each) for each in NEIGHBOURS]
    assert said(judged(regional({12: 30}, {}), surroundings=around(neighbours)), "PL-01") == "asks"


@pytest.mark.parametrize(("missing", "told"), [(True, "asks"), (False, "passed")])
def test_pl_02_asks_when_nobody_turned_the_ballots_over(missing: bool, told: str) -> None:
    front = {
        number: {n: given for n, given in candidates.items() if n < 46 or not missing}
        for number, candidates in PREFERENCES.items()
    }
    verdict = judged(regional(preferences=front), surroundings=around())
    assert said(verdict, "PL-02") == told


@pytest.mark.parametrize(("front", "told"), [(67, "passed"), (68, "asks")])
def test_pl_02_asks_from_six_expected_preferences_overleaf(front: int, told: str) -> None:
    neighbours = [regional({2: 100}, {2: {1: 34, 47: 3}}, precinct=each) for each in NEIGHBOURS]
    protocol = regional({2: 100}, {2: {1: front}})
    verdict = judged(protocol, surroundings=around(neighbours))
    assert said(verdict, "PL-02") == told
    result = verdict.result("PL-02")
    assert result is not None
    assert (result.cases[0].left, result.cases[0].right) == (0, front * 3 // 34)


def test_pl_02_asks_only_from_fifty_votes() -> None:
    neighbours = [regional({2: 60}, {2: {1: 30, 47: 30}}, precinct=each) for each in NEIGHBOURS]
    for votes, told in ((49, "passed"), (50, "asks")):
        protocol = regional({2: votes, 33: 60}, {2: {1: 30}, 33: {1: 9}})
        assert said(judged(protocol, surroundings=around(neighbours)), "PL-02") == told


@pytest.mark.parametrize(
    ("returned", "valid", "told"),
    [
        (49, 30, "passed"),  # too few to judge a share
        (50, 30, "strong"),
        (50, 45, "noted"),  # 10 %, but 5 invalid votes
        (200, 187, "passed"),  # 13 invalid: 6.5 %
        (200, 186, "asks"),
        (200, 182, "asks"),  # 9 %
        (1000, 907, "asks"),  # 9.3 %
        (1000, 906, "strong"),
        (100, 92, "noted"),  # 8 invalid
        (100, 91, "asks"),  # 9 invalid
    ],
)
def test_pl_03_share_of_invalid_votes(returned: int, valid: int, told: str) -> None:
    protocol = regional({2: valid}, {2: {1: 1}}, envelopes_returned=returned, envelopes_issued=returned)
    protocol = replace(protocol, counts=protocol.counts._replace(registered_voters=3 * returned))
    assert said(judged(protocol), "PL-03") == told


@pytest.mark.parametrize(
    ("missing", "told"),
    [(0, "passed"), (4, "passed"), (5, "noted"), (8, "noted"), (9, "asks"), (14, "asks"), (15, "strong")],
)
def test_pl_04_envelopes_that_did_not_come_back(missing: int, told: str) -> None:
    valid = sum(VOTES.values())
    protocol = regional(envelopes_returned=valid, envelopes_issued=valid + missing)
    assert said(judged(protocol), "PL-04") == told


@pytest.mark.parametrize(
    ("voters", "told"),
    [
        (5000, "asks"),  # 3 %
        (2501, "asks"),
        (2500, "noted"),  # 6 %
        (938, "noted"),
        (937, "passed"),  # 16.01 %
        (235, "passed"),  # 63.8 %
        (234, "noted"),  # 64.1 %
        (195, "noted"),  # 76.9 %
        (194, "asks"),  # 77.3 %
    ],
)
def test_pl_05_turnout(voters: int, told: str) -> None:
    protocol = regional({2: 149}, {2: {1: 9}}, registered_voters=voters, envelopes_issued=150)
    assert said(judged(protocol), "PL-05") == told


@pytest.mark.parametrize(("before", "told"), [(550, "passed"), (551, "noted"), (50, "passed"), (49, "noted")])
def test_pl_05_a_turnout_far_from_the_previous_one_is_noted(before: int, told: str) -> None:
    protocol = regional({2: 299}, {2: {1: 9}}, registered_voters=1000, envelopes_issued=300)
    known = expecting(previous_voters=1000, previous_issued=before)
    assert said(judged(protocol, known), "PL-05") == told


@pytest.mark.parametrize(
    ("votes", "preferred", "told"),
    [
        (19, 57, "passed"),
        (20, 50, "passed"),
        (20, 51, "noted"),
        (20, 60, "noted"),
        (20, 61, "asks"),
        (20, 80, "asks"),
    ],
)
def test_pl_06_preferences_for_each_vote(votes: int, preferred: int, told: str) -> None:
    each = {n: preferred // 5 + (n <= preferred % 5) for n in (1, 3, 4, 5, 6)}
    each[1] += preferred - sum(each.values())
    protocol = regional({12: votes, 5: 90}, {12: each, 5: {4: 30}})
    assert said(judged(protocol), "PL-06") == told


def test_pl_06_leaves_more_than_four_for_each_vote_to_lg_07() -> None:
    protocol = regional({12: 20, 5: 90}, {12: dict.fromkeys((1, 3, 4, 5, 6), 17), 5: {4: 30}})
    verdict = judged(protocol)
    assert verdict.failed_ids == ("LG-07",)
    assert said(verdict, "PL-06") == "not compared"


@pytest.mark.parametrize(
    ("voters", "expected", "told"),
    [
        (129, 100, "passed"),  # 29 % but not 30 voters
        (130, 100, "noted"),
        (1200, 1000, "passed"),  # 20 %
        (1201, 1000, "noted"),
        (1400, 1000, "noted"),  # 40 %
        (1401, 1000, "asks"),
        (599, 1000, "asks"),
        (2000, None, "not compared"),
    ],
)
def test_pl_09_registered_voters_against_the_expected(voters: int, expected: int | None, told: str) -> None:
    protocol = regional({2: 29}, {2: {1: 9}}, registered_voters=voters)
    known = REFERENCE if expected is None else expecting(expected_voters=expected)
    assert said(judged(protocol, known), "PL-09") == told


@pytest.mark.parametrize(("votes", "told"), [(0, "passed"), (1, "noted"), (4, "noted"), (5, "asks")])
def test_lg_08_votes_of_a_withdrawn_candidate(votes: int, told: str) -> None:
    preferences = {**PREFERENCES, 5: {**PREFERENCES[5], 2: votes}}
    verdict = judged(
        regional(preferences={k: {n: v for n, v in p.items() if v} for k, p in preferences.items()})
    )
    assert said(verdict, "LG-08") == told
    result = verdict.result("LG-08")
    assert result is not None
    for case in result.failed_cases:
        assert case.fields == (FieldRef("HLASY", 5, 2),)


def test_lg_08_speaks_of_a_senate_candidate_too() -> None:
    district = REFERENCE.senate_districts[2]
    gone = {**district.candidates, 3: replace(district.candidates[3], valid=False)}
    known = replace(REFERENCE, senate_districts={2: replace(district, candidates=gone)})
    assert said(judged(senate(), known), "LG-08") == "asks"
    assert said(judged(senate({1: 90, 4: 120}), known), "LG-08") == "passed"


# --- the visit ----------------------------------------------------------------------------------------

ENDS = REFERENCE.election.calendar.voting_ends
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ended", "reason", "handed_over", "told"),
    [
        (ENDS, "", ENDS + MINUTE, "passed"),
        (ENDS - MINUTE, "", ENDS + MINUTE, "asks"),
        (ENDS + MINUTE, "", ENDS + 9 * MINUTE, "asks"),
        (ENDS + MINUTE, " ", ENDS + 9 * MINUTE, "asks"),
        (ENDS + MINUTE, "povodeň", ENDS + 9 * MINUTE, "passed"),
        (ENDS + MINUTE, "povodeň", ENDS + MINUTE, "passed"),
        (ENDS + MINUTE, "povodeň", ENDS, "asks"),
        (ENDS, "", ENDS, "passed"),
        (ENDS, "", ENDS - MINUTE, "asks"),
        (None, "", ENDS - MINUTE, "asks"),
        (None, "", ENDS, "not compared"),
        (ENDS, "", None, "not compared"),
        (None, "", None, "not compared"),
    ],
)
def test_fm_06_the_end_of_voting_and_the_handover(ended, reason, handed_over, told) -> None:
    changes = {"voting_ended": ended, "extension_reason": reason, "handed_over": handed_over}
    assert said(judged(regional(), **changes), "FM-06") == told


@pytest.mark.parametrize(
    ("visit", "told"),
    [
        (None, "not compared"),
        (frozenset({Contest.REGIONAL}), "asks"),
        (frozenset({Contest.REGIONAL, Contest.SENATE_ROUND_1}), "passed"),
    ],
)
def test_id_05_both_protocols_come_in_one_visit(visit, told) -> None:
    assert said(judged(regional(), contests_in_visit=visit), "ID-05") == told


def test_id_05_is_content_with_a_protocol_that_is_here_already() -> None:
    visit = frozenset({Contest.REGIONAL})
    assert (
        said(judged(regional(), contests_in_visit=visit, surroundings=around([senate()])), "ID-05")
        == "passed"
    )


def test_id_05_knows_precincts_with_one_contest() -> None:
    alone = regional(precinct=NEIGHBOURS[2])  # Dolní Lhota has no Senate contest
    assert REFERENCE.precincts[alone.precinct].senate_district is None
    assert said(judged(alone, contests_in_visit=frozenset({Contest.REGIONAL})), "ID-05") == "passed"


@pytest.mark.parametrize(
    ("voters", "other", "told"),
    [(843, 843, "passed"), (1000, 900, "passed"), (1000, 899, "noted"), (899, 1000, "noted")],
)
def test_pl_08_registered_voters_of_both_protocols(voters: int, other: int, told: str) -> None:
    protocol, beside = regional(registered_voters=voters), CountsStated(other, None, None, None)
    assert said(judged(protocol, beside={Contest.SENATE_ROUND_1: beside}), "PL-08") == told


def test_pl_08_small_differences_of_small_precincts_are_nothing() -> None:
    small = regional({33: 12}, {}, registered_voters=40)
    beside = CountsStated(31, 14, None, None)
    assert said(judged(small, beside={Contest.SENATE_ROUND_1: beside}), "PL-08") == "passed"


def test_pl_08_compares_with_the_accepted_protocol_when_none_came_along() -> None:
    accepted = around([senate({1: 150, 4: 10})])
    assert said(judged(regional(), surroundings=accepted), "PL-08") == "noted"
    assert said(judged(regional()), "PL-08") == "not compared"
    assert (
        said(judged(regional(), beside={Contest.REGIONAL: CountsStated(1, 1, 1, 1)}), "PL-08")
        == "not compared"
    )


# --- thresholds as data -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "lines", "protocol"),
    [
        ("PL-01", {"pl_01_votes": 24}, regional(preferences={**PREFERENCES, 99: {}})),
        ("PL-03", {"pl_03_share": Fraction(1, 1000), "pl_03_least": 1}, regional()),
        ("PL-04", {"pl_04_missing": 1, "pl_04_least": 1}, regional()),
        ("PL-05", {"pl_05_lowest": Fraction(1, 2), "pl_05_usual_from": Fraction(1, 2)}, regional()),
        ("PL-06", {"pl_06_per_vote": Fraction(1, 2), "pl_06_approval_per_vote": Fraction(6, 10)}, regional()),
    ],
)
def test_an_election_draws_its_own_lines(rule: str, lines, protocol) -> None:
    assert said(judged(protocol), rule) == "passed"
    assert said(judged(protocol, drawing(**lines)), rule) == "asks"


def test_what_is_noted_stays_information_whatever_the_severity() -> None:
    graver = replace(REFERENCE, election=replace(REFERENCE.election, severities={"PL-04": "B"}))
    valid = sum(VOTES.values())
    noted = judged(regional(envelopes_returned=valid, envelopes_issued=valid + 5), graver)
    assert noted.failed_ids == ("PL-04",)
    assert (noted.acceptable, noted.needs_reason, noted.worst) == (True, False, Severity.INFORMATION)
    grave = judged(regional(envelopes_returned=valid, envelopes_issued=valid + 9), graver)
    assert (grave.acceptable, grave.worst) == (False, Severity.BLOCKING)


def test_every_threshold_belongs_to_a_rule_of_the_catalogue() -> None:
    named = {f"{rule.lower().replace('-', '_')}_{name}" for rule in RULES for name in DEFAULTS.of(rule)}
    assert named == set(Thresholds.__dataclass_fields__)
    assert DEFAULTS.of("PL-03")["share"] == Fraction(65, 1000)
    assert RULES["PL-03"].thresholds == DEFAULTS.of("PL-03")
    assert DEFAULTS.of("LG-01") == {}


# --- properties ---------------------------------------------------------------------------------------

counts = st.integers(0, 9_999)


@given(st.integers(0, 99_999), counts, counts, counts, st.integers(0, 5_000))
def test_any_counts_are_judged_and_said_in_both_languages(voters, issued, returned, valid, expected) -> None:
    protocol = regional(
        registered_voters=voters,
        envelopes_issued=issued,
        envelopes_returned=returned,
        valid_votes=valid,
    )
    known = expecting(expected_voters=expected, previous_voters=expected + 1, previous_issued=expected // 3)
    beside = {Contest.SENATE_ROUND_1: CountsStated(expected, issued, None, None)}
    verdict = judged(protocol, known, beside=beside, surroundings=around())
    for result in verdict.results:
        for case in result.cases:
            assert text_cs(result, case).rstrip().endswith((".", "?"))
            assert text_en(result, case).rstrip().endswith((".", "?"))
    reading = invented.stated(known, protocol)
    fast = judge(
        reading,
        replace(invented.good_circumstances(known, reading), beside=beside, surroundings=around()),
        passed_cases=False,
    )
    assert [(r.rule_id, r.outcome, r.severity) for r in fast.results] == [
        (r.rule_id, r.outcome, r.severity) for r in verdict.results
    ]
