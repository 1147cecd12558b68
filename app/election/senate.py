"""The result of a Senate district: elected in round 1, or the two who go on to round 2, and who wins there.

Elected in round 1 is who has more than half of the valid votes (Constitution and electoral act; valid
votes, not all votes cast). Round 2 is between the first two; a finalist who withdraws, loses eligibility or
dies is replaced by the next in the final order, and round 2 is later then. Equal votes where it matters are
decided by a lot that people draw and record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.election.reference import SenateDistrict
from app.election.seats import Decision

#: Days from the end of round 1 to the first day of round 2, and where a finalist was replaced.
ROUND_2_AFTER = 6
ROUND_2_AFTER_REPLACEMENT = 13


@dataclass(frozen=True, slots=True)
class Round1:
    """Exactly one of the three is set."""

    elected: int | None = None
    finalists: tuple[int, int] | None = None  # by votes, then by number
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Round2:
    """Exactly one of the two is set."""

    elected: int | None = None
    decision: Decision | None = None


def round_1(
    district: SenateDistrict,
    votes: Mapping[int, int],
    valid_votes: int,
    lot: Sequence[int] = (),
    left: Collection[int] = (),
) -> Round1:
    """The result of round 1 from the whole district's votes by candidate (CKAND).

    Invalid candidates are dropped. `lot`: candidates in the order in which a recorded lot drew them;
    `left`: who withdrew, lost eligibility or died since, so that the next in the order advances. A tie for a
    place in round 2 asks for a lot; fewer than two candidates and nobody elected asks for a decision of
    people.
    """
    standing = [n for n in sorted(district.candidates) if district.candidates[n].valid]
    first = max(standing, key=lambda number: votes.get(number, 0), default=None)
    if first is not None and 2 * votes.get(first, 0) > valid_votes:
        return Round1(elected=first)
    going_on = [number for number in standing if number not in left]
    if len(going_on) < 2:
        return Round1(decision=Decision("too-few-candidates", tuple(going_on), 1))
    found = _first(going_on, votes, 2, lot)
    if isinstance(found, Decision):
        return Round1(decision=found)
    one, other = sorted(found, key=lambda number: (-votes.get(number, 0), number))
    return Round1(finalists=(one, other))


def round_2(finalists: Iterable[int], votes: Mapping[int, int], lot: Sequence[int] = ()) -> Round2:
    """Who wins round 2 from the whole district's votes: more votes, at equal votes the recorded lot."""
    found = _first(sorted(finalists), votes, 1, lot)
    return Round2(decision=found) if isinstance(found, Decision) else Round2(elected=found[0])


def round_2_day(round_1_ended: date, *, replaced: bool) -> date:
    """The first day of round 2 in a district: the sixth after the last day of round 1, the thirteenth where
    a finalist was replaced."""
    return round_1_ended + timedelta(days=ROUND_2_AFTER_REPLACEMENT if replaced else ROUND_2_AFTER)


def _first(
    numbers: Collection[int], votes: Mapping[int, int], places: int, lot: Sequence[int]
) -> list[int] | Decision:
    """So many of the candidates by votes, those with equal votes in the order of the lot where it matters."""
    chosen: list[int] = []
    for given in sorted({votes.get(number, 0) for number in numbers}, reverse=True):
        equal = [number for number in numbers if votes.get(number, 0) == given]
        left = places - len(chosen)
        if len(equal) > left:
            drawn = [number for number in lot if number in equal][:left]
            if len(drawn) < left:
                waiting = tuple(number for number in equal if number not in drawn)
                return Decision("lot", waiting, left - len(drawn))
            equal = drawn
        chosen += equal
        if len(chosen) == places:
            return chosen
    return Decision("too-few-candidates", tuple(chosen), places - len(chosen))
