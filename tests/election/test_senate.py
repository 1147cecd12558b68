"""The Senate's two rounds against a tiny model: who is elected, who goes on, when people have to draw."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.reference import Candidate, SenateDistrict
from app.election.seats import Decision
from app.election.senate import Round1, Round2, round_1, round_2, round_2_day


def district(count: int, *invalid: int) -> SenateDistrict:
    people = {n: Candidate(n, "Jana", "Nová", "", "", valid=n not in invalid) for n in range(1, count + 1)}
    return SenateDistrict(2, "Lhotsko", people)


FIVE = district(5, 5)
#: votes of candidates 1…, lot, who left → the result; candidate 5 is invalid
TABLE: list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], Round1]] = [
    ((51, 49), (), (), Round1(elected=1)),
    ((50, 49, 1), (), (), Round1(finalists=(1, 2))),  # exactly one half is not enough
    ((51, 49), (), (1,), Round1(elected=1)),  # who is elected in round 1 is not replaced
    ((40, 30, 30), (), (), Round1(decision=Decision("lot", (2, 3), 1))),
    ((40, 30, 30), (3, 2), (), Round1(finalists=(1, 3))),
    ((40, 30, 30), (3,), (), Round1(finalists=(1, 3))),
    ((40, 30, 30), (4,), (), Round1(decision=Decision("lot", (2, 3), 1))),  # not between these
    ((30, 30, 30), (), (), Round1(decision=Decision("lot", (1, 2, 3), 2))),
    ((30, 30, 30), (2,), (), Round1(decision=Decision("lot", (1, 3), 1))),  # one place is drawn already
    ((30, 30, 30), (2, 3, 1), (), Round1(finalists=(2, 3))),
    ((40, 30, 20, 10), (), (1,), Round1(finalists=(2, 3))),  # the third in the order advances
    ((40, 30, 20, 10), (), (1, 2), Round1(finalists=(3, 4))),
    ((40, 30, 20, 10), (), (1, 2, 3), Round1(decision=Decision("too-few-candidates", (4,), 1))),
    ((40, 30, 15, 15), (), (2,), Round1(decision=Decision("lot", (3, 4), 1))),
    ((40, 30, 15, 15), (4, 3), (2,), Round1(finalists=(1, 4))),
    ((40, 30, 30), (3, 2), (3,), Round1(finalists=(1, 2))),  # the loser of the lot is next
    ((0, 0, 0, 0, 99), (), (), Round1(decision=Decision("lot", (1, 2, 3, 4), 2))),
]


@pytest.mark.parametrize(("votes", "lot", "left", "result"), TABLE)
def test_round_1(votes: tuple[int, ...], lot: tuple[int, ...], left: tuple[int, ...], result: Round1) -> None:
    given_ = dict(enumerate(votes, start=1))
    assert round_1(FIVE, given_, sum(votes), lot, left) == result


@pytest.mark.parametrize(
    ("votes", "lot", "result"),
    [
        ({3: 10, 5: 11}, (), Round2(elected=5)),
        ({3: 11, 5: 10}, (5,), Round2(elected=3)),  # a lot that is not needed decides nothing
        ({3: 10, 5: 10}, (), Round2(decision=Decision("lot", (3, 5), 1))),
        ({3: 10, 5: 10}, (5, 3), Round2(elected=5)),
        ({}, (), Round2(decision=Decision("lot", (3, 5), 1))),
    ],
)
def test_round_2(votes: dict[int, int], lot: tuple[int, ...], result: Round2) -> None:
    assert round_2((5, 3), votes, lot) == result


def test_round_2_is_on_the_sixth_day_and_on_the_thirteenth_where_a_finalist_was_replaced() -> None:
    saturday = date(2024, 9, 21)
    assert round_2_day(saturday, replaced=False) == date(2024, 9, 27)
    assert round_2_day(saturday, replaced=True) == date(2024, 10, 4)


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=7),
    st.permutations(range(1, 8)),
    st.sets(st.integers(1, 7), max_size=4),
)
def test_with_every_tie_drawn_round_1_is_what_sorting_gives(
    votes: list[int], drawn: list[int], left: set[int]
) -> None:
    """The obviously right way: write everybody down by votes and by the lot, cross out who left."""
    given_ = dict(enumerate(votes, start=1))
    result = round_1(district(len(votes)), given_, sum(votes), drawn, left)
    order = sorted(given_, key=lambda number: (-given_[number], drawn.index(number)))
    going_on = [number for number in order if number not in left]
    if any(2 * each > sum(votes) for each in votes):
        assert result == Round1(elected=order[0])
    elif len(going_on) < 2:
        assert result.decision is not None
    else:
        one, other = sorted(going_on[:2], key=lambda number: (-given_[number], number))
        assert result == Round1(finalists=(one, other))


@given(st.lists(st.integers(0, 4), min_size=2, max_size=7), st.sets(st.integers(1, 7), max_size=3))
def test_without_a_lot_nothing_is_guessed(votes: list[int], left: set[int]) -> None:
    """Whoever is named goes on whatever would be drawn; where that is not so, a lot is asked for, and the
    lot that is asked for settles it."""
    given_ = dict(enumerate(votes, start=1))
    where, valid = district(len(votes)), sum(votes)
    result = round_1(where, given_, valid, (), left)
    forward, backward = list(given_), list(reversed(given_))
    both = [round_1(where, given_, valid, lot, left) for lot in (forward, backward)]
    if result.decision is None or result.decision.kind != "lot":
        assert both == [result, result]
        return
    assert both[0] != both[1]
    assert len(result.decision.lists) > result.decision.seats > 0
    assert round_1(where, given_, valid, result.decision.lists[: result.decision.seats], left).finalists
