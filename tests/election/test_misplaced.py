"""PL-07: rows in wrong places are found, ordinary differences are not, small precincts are left alone."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.checks import FieldRef, text_cs, text_en
from app.election.evidence import CLOSENESS, exchanged, rows, shifted, walk
from app.election.levels import BIT, level
from app.election.model import Contest, ProtocolKey, Sheet
from app.election.verdict import Case
from tests.support import invented_election as invented
from tests.support.neighbours import (
    HERE,
    NEIGHBOURS,
    PREFERENCES,
    REFERENCE,
    SENATE_VOTES,
    VOTES,
    around,
    builder,
    judged,
    regional,
    said,
    senate,
)


def found(protocol, **changes: object) -> list[Case]:
    verdict = judged(protocol, **{"surroundings": around(), **changes})
    result = verdict.result("PL-07")
    assert result is not None
    for case in result.failed_cases:
        assert text_cs(result, case).endswith((".", "?"))
        assert text_en(result, case).endswith((".", "?"))
    return list(result.failed_cases)


def fields(column: str, list_number: int | None, *numbers: int) -> tuple[FieldRef, ...]:
    if column == "POC_HLASU":
        return tuple(FieldRef(column, number) for number in numbers)
    return tuple(FieldRef(column, list_number, number) for number in numbers)


def test_votes_of_two_neighbouring_lists_exchanged() -> None:
    (case,) = found(regional({**VOTES, 5: VOTES[12], 12: VOTES[5]}, {}))
    assert case.kind == "lists"
    assert case.fields == fields("POC_HLASU", None, 5, 12)
    told = dict(case.params)
    assert (case.left, told["other_left"]) == (40, 120)
    assert case.right in range(116, 126)
    assert told["other_right"] in range(37, 42)


def test_whole_sheets_exchanged_are_told_by_their_preferences_too() -> None:
    """Their votes alone would not be enough."""
    votes = {**VOTES, 2: 62, 5: 58}
    circled = {2: {1: 20, 3: 9, 6: 4, 8: 5}, 5: {4: 25, 5: 8, 7: 9, 9: 3}}
    neighbours = [regional({**votes, 99: 24 + n}, circled, each) for n, each in enumerate(NEIGHBOURS, 1)]
    here = regional({**votes, 2: 58, 5: 62}, {2: circled[5], 5: circled[2]})
    (case,) = found(here, surroundings=around(neighbours))
    assert (case.kind, case.fields) == ("sheets", fields("POC_HLASU", None, 2, 5))
    assert not found(regional({**votes, 2: 58, 5: 62}, circled), surroundings=around(neighbours))


def test_lists_far_apart_need_more_evidence() -> None:
    (case,) = found(regional({**VOTES, 5: VOTES[70], 70: VOTES[5]}, {}))
    assert (case.kind, case.fields) == ("lists", fields("POC_HLASU", None, 5, 70))
    assert dict(case.params)["bits"] >= 40  # type: ignore[operator]


def test_lists_slipped_down_by_a_row() -> None:
    slipped = dict(zip((5, 12, 33, 70, 99), (24, 120, 40, 12, 6), strict=True))
    (case,) = found(regional({**VOTES, **slipped}, {}))
    assert case.kind == "lists_down"
    assert case.fields[0].list_number in (2, 5, 12)
    assert case.fields[-1].list_number == 99


def test_lists_slipped_up_by_a_row() -> None:
    slipped = dict(zip((5, 12, 33, 70, 99), (40, 12, 6, 24, 120), strict=True))
    (case,) = found(regional({**VOTES, **slipped}, {}))
    assert case.kind == "lists_up"


def test_two_neighbouring_candidates_exchanged() -> None:
    swapped = {**PREFERENCES[5], 3: 40, 4: 4}
    (case,) = found(regional(preferences={**PREFERENCES, 5: swapped}))
    assert (case.kind, case.fields) == ("sheet", fields("HLASY", 5, 3, 4))
    assert (case.left, dict(case.params)["other_left"]) == (40, 4)


def test_a_sheet_slipped_down_by_a_row() -> None:
    slipped = {n + (n >= 4): votes for n, votes in PREFERENCES[5].items()}
    (case,) = found(regional(preferences={**PREFERENCES, 5: slipped}))
    assert case.kind in ("sheet_down", "sheet")
    assert case.fields[0].list_number == 5


def test_a_local_favourite_is_no_exchange() -> None:
    """Everybody here knows candidate 7, and list 70 has its chairwoman here."""
    assert not found(regional(preferences={**PREFERENCES, 12: {**PREFERENCES[12], 7: 38}}))
    assert not found(regional({**VOTES, 70: 90}))


@pytest.mark.parametrize("size", [2, 3, 5])
def test_small_precincts_are_left_alone(size: int) -> None:
    assert not found(regional({2: size, 5: 1, 12: 2 * size}, {}))


def test_senate_candidates_exchanged() -> None:
    key = ProtocolKey(HERE, Contest.SENATE_ROUND_1)
    accepted = [senate({**SENATE_VOTES, 1: 90 + n}, each) for n, each in enumerate(SENATE_NEIGHBOURS)]
    known = builder(accepted).of(key)
    assert not found(senate(), surroundings=known)
    (case,) = found(senate({**SENATE_VOTES, 3: 120, 4: 40}), surroundings=known)
    assert (case.kind, case.fields) == ("ballot", fields("HLASY", None, 3, 4))


SENATE_NEIGHBOURS = [each for each in NEIGHBOURS if REFERENCE.precincts[each].senate_district == 2]


@pytest.mark.parametrize(
    ("here", "caught"),
    [((30, 70), True), ((40, 60), True), ((45, 55), False), ((70, 30), False), ((4, 8), False)],
)
def test_two_finalists_exchanged_in_one_precinct(here: tuple[int, int], caught: bool) -> None:
    """Finalists 3 and 5 are neighbours on the ballot of round 2, whatever their numbers."""
    reference = invented.round_2_reference()
    key = ProtocolKey(HERE, Contest.SENATE_ROUND_2)
    accepted = [senate({3: 140 + n, 5: 60}, each, 2) for n, each in enumerate(SENATE_NEIGHBOURS)]
    known = builder(accepted, reference).of(key)
    protocol = senate({3: here[0], 5: here[1]}, HERE, 2)
    verdict = judged(protocol, reference, surroundings=known)
    assert said(verdict, "PL-07") == ("asks" if caught else "passed")


def test_a_strange_list_is_left_to_the_rule_about_it() -> None:
    sheets = (*regional().sheets, Sheet(44, 9, ()))
    verdict = judged(replace(regional(), sheets=sheets), surroundings=around())
    assert said(verdict, "PL-07") == "not compared"


# --- the arithmetic -----------------------------------------------------------------------------------


@given(st.integers(1, 1 << 40))
def test_a_level_is_the_logarithm_cut_off(number: int) -> None:
    exact = BIT * log2(number)
    assert exact - 1.1 <= level(number) <= exact + 1e-6


@given(st.integers(1, 1 << 20), st.integers(1, 1 << 20))
def test_levels_grow_with_the_number(one: int, other: int) -> None:
    assert (level(one) <= level(other)) or one > other


votes = st.lists(st.integers(0, 400), min_size=3, max_size=20)


@given(st.data(), votes)
def test_evidence_turns_around_with_the_exchange(data, here: list[int]) -> None:
    around_ = data.draw(st.lists(st.integers(0, 5000), min_size=len(here), max_size=len(here)))
    seen = rows(here, around_)
    first = data.draw(st.integers(0, len(here) - 2))
    swapped = list(here)
    swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
    other = rows(swapped, around_)
    # what speaks for the exchange before speaks against it after
    assert min(exchanged(seen, first, first + 1), exchanged(other, first, first + 1)) <= 0
    sight = walk(seen, BIT)
    assert all(evidence == exchanged(seen, row, row + 1) >= BIT for evidence, row in sight.neighbours)
    named = {row for _, row in sight.neighbours}
    assert all(exchanged(seen, row, row + 1) < BIT for row in range(len(here) - 1) if row not in named)
    slip = shifted(seen, sight)
    assert slip.evidence <= max(0, CLOSENESS * 2 * sight.farthest * len(here))
    assert 0 <= slip.first <= slip.last < len(here)


@given(votes)
def test_rows_as_expected_are_never_out_of_place(here: list[int]) -> None:
    known = [10 * each for each in here]
    seen = rows(here, known)
    sight = walk(seen, 3 * BIT)
    assert not sight.neighbours
    assert shifted(seen, sight).evidence < 3 * BIT
