"""The arrivals beside their usual course, and an estimate of the end that says what it does not know."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.station.overseeing.arrivals import Outlook, arrivals, estimate, usual
from app.station.states import State
from tests.support.invented_election import VOTING_ENDS
from tests.support.point_rows import NOW, point

MINUTE = timedelta(minutes=1)


def after(*minutes: int) -> tuple[datetime, ...]:
    return tuple(VOTING_ENDS + one * MINUTE for one in minutes)


def test_the_facts_are_a_course_of_whole_minutes_that_never_runs_back() -> None:
    facts = usual()
    assert [row.share for row in facts] == list(range(0, 101, 5))
    for before, then in pairwise(facts):
        assert all(one <= other for one, other in zip(before.after, then.after, strict=True))
        assert all(one >= other for one, other in zip(before.left, then.left, strict=True))
    assert all(list(row.after) == sorted(row.after) and list(row.left) == sorted(row.left) for row in facts)
    assert facts[-1].left == (0, 0, 0)


@pytest.mark.parametrize(
    ("expected", "precincts", "here", "outlook"),
    [
        (0, 0, 0, Outlook.NOTHING_EXPECTED),
        (20, 20, 0, Outlook.EARLY),
        (20, 20, 1, Outlook.EARLY),
        (20, 20, 2, Outlook.GIVEN),
        (20, 20, 19, Outlook.GIVEN),
        (20, 20, 20, Outlook.COMPLETE),
        (18, 9, 9, Outlook.SMALL_POINT),
        (2, 1, 2, Outlook.COMPLETE),
        (354, 177, 35, Outlook.EARLY),
        (354, 177, 36, Outlook.GIVEN),
    ],
)
def test_there_is_no_estimate_before_there_is_something_to_go_by(
    expected: int, precincts: int, here: int, outlook: Outlook
) -> None:
    came = after(*range(30, 30 + here))
    found = estimate(expected, precincts, came, came[-1] if came else VOTING_ENDS)
    assert found.outlook is outlook
    assert (found.latest is not None) == (outlook is Outlook.GIVEN)


def test_the_estimate_is_the_table_read_from_when_the_share_was_reached() -> None:
    """Half of 20 came by minute 150: 90, 176 and 294 minutes more, by the row of 50 per cent."""
    came = after(*range(60, 160, 10))
    found = estimate(20, 20, came, came[-1])
    assert (found.outlook, found.share) == (Outlook.GIVEN, 50)
    assert (found.earliest, found.likely, found.latest) == after(150 + 90, 150 + 176, 150 + 294)


def test_more_than_the_share_waits_for_the_next_row_without_moving_the_estimate() -> None:
    came = after(*range(60, 160, 10))
    assert estimate(21, 21, came, came[-1]).likely == came[9] + 181 * MINUTE  # 47 %: the row of 45, its 10th


def test_as_time_passes_without_arrivals_the_end_is_not_before_now_and_then_unknown() -> None:
    came = after(*range(60, 160, 10))
    later = came[-1] + 200 * MINUTE
    found = estimate(20, 20, came, later)
    assert (found.earliest, found.likely, found.latest) == (later, later, came[-1] + 294 * MINUTE)
    assert estimate(20, 20, came, came[-1] + 295 * MINUTE).outlook is Outlook.OVERDUE


def test_the_end_of_a_complete_point_is_when_its_last_one_came() -> None:
    came = after(50, 70, 90)
    assert estimate(3, 3, came, NOW).likely == came[-1]


@given(
    st.integers(10, 180),
    st.integers(0, 180),
    st.lists(st.integers(0, 900), max_size=200),
    st.integers(0, 600),
)
def test_an_estimate_is_in_order_and_never_in_the_past(
    expected: int, precincts: int, minutes: list[int], waited: int
) -> None:
    came = after(*sorted(minutes)[:expected])
    now = (came[-1] if came else VOTING_ENDS) + waited * MINUTE
    found = estimate(expected, precincts, came, now)
    if found.outlook is Outlook.GIVEN:
        assert found.earliest
        assert found.likely
        assert found.latest
        assert now <= found.earliest <= found.likely <= found.latest
    assert 0 <= found.share <= 100
    assert (found.share == 100) == (found.outlook is Outlook.COMPLETE)


def test_arrivals_are_the_first_acceptances_in_order_and_fit_the_horizon() -> None:
    made = point((6, 6), [State.CONFIRMED] * 8)
    found = arrivals(made, VOTING_ENDS, NOW)
    assert (found.expected, len(found.arrived)) == (24, 8)
    assert list(found.arrived) == sorted(found.arrived)
    assert found.has_usual
    assert not arrivals(point((9,)), VOTING_ENDS, NOW).has_usual
    assert found.horizon == VOTING_ENDS + timedelta(hours=8)  # nine points in ten end by minute 479
    assert found.usual_by_now() == 24 * 60 // 100  # half of the points have 60 % after three hours
    assert arrivals(made, VOTING_ENDS, VOTING_ENDS + timedelta(hours=9, minutes=1)).horizon == (
        VOTING_ENDS + timedelta(hours=10)
    )
    assert arrivals(made, VOTING_ENDS, VOTING_ENDS).usual_by_now() == 0
