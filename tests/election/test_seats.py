"""Seats are given by exact quotients; where the law leaves it to people, people are asked."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.election.reference import Candidate, CandidateList, ElectionRules, SenateDistrict
from app.election.seats import Decision, allocate, elected, enters, valid_candidates
from app.election.senate import Round1, round_1

RULES = ElectionRules()


def people(count: int, *invalid: int) -> dict[int, Candidate]:
    return {n: Candidate(n, "Jana", "Nová", "", "", valid=n not in invalid) for n in range(1, count + 1)}


def test_a_list_one_vote_short_of_the_clause_does_not_enter() -> None:
    assert not enters(7_972, 159_447, RULES)
    assert enters(7_973, 159_447, RULES)
    assert not enters(0, 0, RULES)


def test_seats_go_to_the_highest_quotients() -> None:
    allocation = allocate({1: 100, 2: 80, 3: 30, 4: 20}, 230, 8, RULES)
    assert allocation.seats == {1: 4, 2: 3, 3: 1}
    assert allocation.decision is None


def test_equal_quotients_go_first_to_the_list_with_more_votes() -> None:
    """100/2 = 50/1, and one seat is left."""
    assert allocate({1: 50, 2: 100}, 150, 2, RULES).seats == {2: 2}


def test_equal_quotients_of_equal_lists_need_a_lot_and_take_a_recorded_one() -> None:
    votes = {1: 60, 2: 60, 3: 60}
    asked = allocate(votes, 180, 5, RULES)
    assert asked.seats == {}
    assert asked.decision == Decision("lot", (1, 2, 3), 2)
    assert allocate(votes, 180, 5, RULES, lot=(3, 1)).seats == {1: 2, 2: 1, 3: 2}
    assert allocate(votes, 180, 5, RULES, lot=(3,)).decision == Decision("lot", (1, 2, 3), 2)
    assert allocate(votes, 180, 6, RULES).seats == {1: 2, 2: 2, 3: 2}


@pytest.mark.parametrize("votes", [{}, {1: 0, 2: 0}, {1: 100, 2: 3}])
def test_fewer_than_two_lists_over_the_clause_stop_the_count(votes: dict[int, int]) -> None:
    decision = allocate(votes, 103, 5, RULES).decision
    assert decision is not None
    assert decision.kind == "too-few-lists"


def test_more_seats_than_candidates_stop_the_count() -> None:
    asked = allocate({1: 90, 2: 10}, 100, 10, RULES, candidates={1: 5, 2: 5})
    assert asked.decision == Decision("too-few-candidates", (1,), 4)


votes_of_lists = st.dictionaries(st.integers(1, 99), st.integers(1, 100_000), min_size=2, max_size=9)


@given(votes_of_lists, st.integers(1, 65), st.sampled_from([Fraction(1), Fraction(142, 100)]))
def test_seats_are_what_sorting_all_quotients_gives(
    votes: dict[int, int], seats: int, first_divisor: Fraction
) -> None:
    """The obviously right way: write all quotients down, sort, take the highest."""
    rules = ElectionRules(first_divisor=first_divisor)
    valid = sum(votes.values())
    allocation = allocate(votes, valid, seats, rules)
    quotients = [
        (Fraction(given) / (first_divisor if k == 1 else k), given, number)
        for number, given in votes.items()
        if 20 * given >= valid
        for k in range(1, seats + 1)
    ]
    quotients.sort(key=lambda q: q[:2], reverse=True)
    if allocation.decision is not None:
        last, following = quotients[seats - 1 : seats], quotients[seats : seats + 1]
        equal = [q[:2] for q in last] == [q[:2] for q in following]
        assert equal or len({q[2] for q in quotients}) < 2
        return
    won: dict[int, int] = {}
    for _, _, number in quotients[:seats]:
        won[number] = won.get(number, 0) + 1
    assert allocation.seats == won


def test_enough_preferential_votes_move_a_candidate_to_the_front() -> None:
    listed = CandidateList(1, 1, "x", "x", people(6, 2))
    order = elected(listed, {2: 90, 3: 5, 5: 7, 6: 7, 4: 4}, 100, 3, RULES)
    assert order.elected == (5, 6, 3)
    assert order.substitutes == (1, 4)
    assert valid_candidates(listed) == 5


def test_a_list_without_votes_or_seats_keeps_its_order() -> None:
    listed = CandidateList(1, 1, "x", "x", people(3))
    order = elected(listed, {}, 0, 0, RULES)
    assert (order.elected, order.substitutes) == ((), (1, 2, 3))


SENATE_DISTRICT = SenateDistrict(2, "Lhotsko", people(4, 4))


@pytest.mark.parametrize(
    ("votes", "valid", "result"),
    [
        ({1: 51, 2: 49}, 100, Round1(elected=1)),
        ({1: 50, 2: 49, 3: 1}, 100, Round1(finalists=(1, 2))),
        ({1: 20, 2: 30, 3: 25, 4: 99}, 174, Round1(finalists=(2, 3))),
        ({1: 40, 2: 30, 3: 30}, 100, Round1(decision=Decision("lot", (2, 3), 1))),
        ({1: 30, 2: 30, 3: 30}, 90, Round1(decision=Decision("lot", (1, 2, 3), 2))),
        ({1: 40, 2: 40, 3: 20}, 100, Round1(finalists=(1, 2))),
    ],
)
def test_round_1_of_the_senate(votes: dict[int, int], valid: int, result: Round1) -> None:
    assert round_1(SENATE_DISTRICT, votes, valid) == result


def test_one_candidate_without_a_majority_is_a_matter_for_people() -> None:
    alone = SenateDistrict(2, "Lhotsko", people(1))
    assert round_1(alone, {1: 0}, 0).decision == Decision("too-few-candidates", (1,), 1)
    assert round_1(alone, {1: 1}, 1) == Round1(elected=1)
