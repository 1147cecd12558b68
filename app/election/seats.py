"""Seats of a regional council: lists by D'Hondt's method, then candidates within each list.

Sources: the Act on elections to regional councils; recomputed on the official results of
65 regional elections, 2008–2024. Quotients are compared as exact fractions, never as decimals.
Where people must decide (a lot, too few lists, too few candidates) the answer is a decision
that is asked for, never a guess; once it is recorded, it settles the region.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.election.decisions import Decisions
from app.election.model import Contest
from app.election.reference import CandidateList, ElectionRules, Region
from app.election.tally import Tally


@dataclass(frozen=True, slots=True)
class Decision:
    """What people must decide. `kind`: "lot", "too-few-lists" or "too-few-candidates"."""

    kind: str
    lists: tuple[int, ...]  # the lists (or candidates) it is about
    seats: int = 0  # how many seats it is about


@dataclass(frozen=True, slots=True)
class Allocation:
    """Seats by list number (only lists with a seat), or the decision that is needed first."""

    seats: Mapping[int, int]
    decision: Decision | None = None


def enters(votes: int, valid_votes: int, rules: ElectionRules) -> bool:
    """Whether a list is over the clause: with 5 %, 20 × votes ≥ valid votes. Coalitions alike."""
    clause = rules.clause
    return votes > 0 and votes * clause.denominator >= valid_votes * clause.numerator


def council(region: Region, sums: Tally, rules: ElectionRules, decisions: Decisions) -> Allocation:
    """Seats of a region from the sums of all its precincts and from what people decided about it.

    No seats and no decision before the region is settled. A recorded distribution of the seats counts
    only where one is asked for: as long as the votes give the seats by themselves, they do.
    """
    if not sums.settled or not sums.precincts_expected:
        return Allocation({})
    candidates = {number: valid_candidates(listed) for number, listed in region.lists.items()}
    lot = decisions.lot(Contest.REGIONAL, region.number)
    found = allocate(sums.votes, sums.valid_votes, region.seats, rules, candidates, lot)
    if found.decision is None or found.decision.kind == "lot":
        return found
    decided = decisions.seats.get(region.number)
    return found if decided is None else Allocation(dict(decided))


def allocate(
    votes: Mapping[int, int],
    valid_votes: int,
    seats: int,
    rules: ElectionRules,
    candidates: Mapping[int, int] | None = None,
    lot: Sequence[int] = (),
) -> Allocation:
    """Distribute the seats of one region.

    `votes` by list number; `valid_votes` of the region; `candidates`: how many valid candidates
    each list has (not judged when `None`); `lot`: lists in the order in which a recorded lot drew
    them. Equal quotients: more votes first, then the lot.
    """
    entering = {number: given for number, given in votes.items() if enters(given, valid_votes, rules)}
    if len(entering) < 2:
        return Allocation({}, Decision("too-few-lists", tuple(sorted(entering)), seats))
    won = dict.fromkeys(entering, 0)
    left = seats
    while left:
        best = _best(entering, won, rules.first_divisor)
        if len(best) > left:
            drawn = [number for number in lot if number in best][:left]
            if len(drawn) < left:
                return Allocation({}, Decision("lot", tuple(sorted(best)), left))
            best = drawn
        for number in best:
            won[number] += 1
        left -= len(best)
    got = {number: mandates for number, mandates in won.items() if mandates}
    if candidates is not None:
        short = tuple(n for n, mandates in got.items() if mandates > candidates.get(n, 0))
        if short:
            missing = sum(got[number] - candidates.get(number, 0) for number in short)
            return Allocation({}, Decision("too-few-candidates", short, missing))
    return Allocation(got)


def _best(votes: Mapping[int, int], won: Mapping[int, int], first_divisor: Fraction) -> list[int]:
    """The lists whose turn it is: the highest quotient, among equal ones the most votes."""
    best: list[int] = []
    top_votes, top_divisor = 0, 1  # in units of the first divisor's denominator
    scale, first = first_divisor.denominator, first_divisor.numerator
    for number, given in votes.items():
        divisor = (won[number] + 1) * scale if won[number] else first
        left, right = given * top_divisor, top_votes * divisor
        if left > right or (left == right and given > top_votes):
            best, top_votes, top_divisor = [number], given, divisor
        elif left == right and given == top_votes:
            best.append(number)
    return best


@dataclass(frozen=True, slots=True)
class Order:
    """Candidates' numbers: the elected in order of their seats (PORADIMAND), then the substitutes."""

    elected: tuple[int, ...]
    substitutes: tuple[int, ...]


def valid_candidates(listed: CandidateList) -> int:
    """How many candidates of the list may get a seat."""
    return sum(candidate.valid for candidate in listed.candidates.values())


def advance(
    numbers: Collection[int], preferences: Mapping[int, int], votes: int, rules: ElectionRules
) -> Iterable[int]:
    """The candidates whom preferential votes move to the front, in their order.

    With 5 %: 100 × preferential ≥ 5 × votes of the list in the region; most preferential votes
    first, among equals the lower number.
    """
    share = rules.preference_threshold
    least = votes * share.numerator
    over = [n for n in numbers if preferences.get(n, 0) and preferences[n] * share.denominator >= least]
    return sorted(over, key=lambda number: (-preferences[number], number))


def elected(
    listed: CandidateList,
    preferences: Mapping[int, int],
    votes: int,
    mandates: int,
    rules: ElectionRules,
) -> Order:
    """Who takes the list's seats. `preferences` by candidate and `votes` of the list, of the region.

    Invalid candidates are dropped, those with enough preferential votes come first, the others
    follow in the order of the list; a list without a seat has substitutes only.
    """
    numbers = sorted(number for number, candidate in listed.candidates.items() if candidate.valid)
    first = list(advance(numbers, preferences, votes, rules))
    moved = set(first)
    order = (*first, *(number for number in numbers if number not in moved))
    return Order(order[:mandates], order[mandates:])
