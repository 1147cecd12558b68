"""Seats of a settled region: by votes where they give them, by what people recorded where they do not."""

from __future__ import annotations

from app.election.decisions import NO_DECISIONS, Decisions
from app.election.model import Contest
from app.election.reference import Candidate, CandidateList, ElectionRules, Region
from app.election.seats import Allocation, Decision, council
from app.election.tally import Tally

RULES = ElectionRules()
KZ = Contest.REGIONAL


def region(seats: int, **lengths: int) -> Region:
    """Lists `l1`, `l2`… with so many candidates each."""
    lists = {}
    for name, length in lengths.items():
        people = {n: Candidate(n, "Jana", "Nová", "", "") for n in range(1, length + 1)}
        lists[int(name[1:])] = CandidateList(int(name[1:]), 1, name, name, people)
    return Region(3, "Severní", seats, lists)


def sums(votes: dict[int, int], *, never: int = 0, missing: int = 0) -> Tally:
    tally = Tally(votes)
    tally.votes.update(votes)
    tally.valid_votes = sum(votes.values())
    tally.precincts_expected = 10
    tally.precincts_processed = 10 - never - missing
    tally.never = never
    return tally


def test_a_region_has_seats_once_nothing_more_is_waited_for() -> None:
    where = region(3, l1=5, l2=5)
    assert council(where, sums({1: 60, 2: 40}, missing=1), RULES, NO_DECISIONS) == Allocation({})
    assert council(where, sums({1: 60, 2: 40}), RULES, NO_DECISIONS) == Allocation({1: 2, 2: 1})
    assert council(where, sums({1: 60, 2: 40}, never=4), RULES, NO_DECISIONS).seats == {1: 2, 2: 1}
    assert council(where, sums({1: 60, 2: 40}, never=4, missing=1), RULES, NO_DECISIONS).seats == {}


def test_a_region_where_nobody_votes_asks_for_nothing() -> None:
    nobody = sums({1: 0})
    nobody.precincts_expected = nobody.precincts_processed = 0
    assert council(region(3, l1=5), nobody, RULES, NO_DECISIONS) == Allocation({})


def test_a_lot_of_this_region_settles_a_tie_and_that_of_another_does_not() -> None:
    where, tied = region(3, l1=5, l2=5), sums({1: 50, 2: 50})
    asked = council(where, tied, RULES, Decisions(lots={(KZ, 4): (2,)}))
    assert asked == Allocation({}, Decision("lot", (1, 2), 1))
    assert council(where, tied, RULES, Decisions(lots={(KZ, 3): (2,)})).seats == {1: 1, 2: 2}


def test_recorded_seats_settle_what_votes_do_not_give() -> None:
    few, decided = sums({1: 100, 2: 3}), Decisions(seats={3: {1: 2}})
    assert council(region(3, l1=5, l2=5), few, RULES, NO_DECISIONS).decision == Decision(
        "too-few-lists", (1,), 3
    )
    assert council(region(3, l1=5, l2=5), few, RULES, decided) == Allocation({1: 2})
    short = sums({1: 90, 2: 10})
    assert council(region(3, l1=2, l2=2), short, RULES, NO_DECISIONS).decision == Decision(
        "too-few-candidates", (1,), 1
    )
    assert council(region(3, l1=2, l2=2), short, RULES, decided) == Allocation({1: 2})


def test_recorded_seats_stand_aside_where_votes_give_the_seats() -> None:
    """A correction came after the decision: the votes decide again."""
    decided = Decisions(seats={3: {1: 3}})
    assert council(region(3, l1=5, l2=5), sums({1: 60, 2: 40}), RULES, decided).seats == {1: 2, 2: 1}
    tied = council(region(3, l1=5, l2=5), sums({1: 50, 2: 50}), RULES, decided)
    assert tied.decision == Decision("lot", (1, 2), 1), "a lot is asked for, not replaced"
