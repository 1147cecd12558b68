"""The result of a Senate district: elected in round 1, or the two who go on to round 2.

Elected is who has more than half of the valid votes (Constitution and electoral act; valid votes,
not all votes cast). Equal votes where it matters are decided by a lot that people draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.election.reference import SenateDistrict
from app.election.seats import Decision


@dataclass(frozen=True, slots=True)
class Round1:
    """Exactly one of the three is set."""

    elected: int | None = None
    finalists: tuple[int, int] | None = None  # by votes
    decision: Decision | None = None


def round_1(district: SenateDistrict, votes: Mapping[int, int], valid_votes: int) -> Round1:
    """The result of round 1 from the whole district's votes by candidate (CKAND).

    Invalid candidates are dropped. A tie for the second place asks for a lot; fewer than two
    candidates and nobody elected asks for a decision of people.
    """
    standing = [n for n in sorted(district.candidates) if district.candidates[n].valid]
    standing.sort(key=lambda number: -votes.get(number, 0))
    if standing and 2 * votes.get(standing[0], 0) > valid_votes:
        return Round1(elected=standing[0])
    if len(standing) < 2:
        return Round1(decision=Decision("too-few-candidates", tuple(standing), 1))
    second = votes.get(standing[1], 0)
    if len(standing) > 2 and votes.get(standing[2], 0) == second:
        ahead = sum(votes.get(number, 0) > second for number in standing)
        tied = tuple(number for number in standing if votes.get(number, 0) == second)
        return Round1(decision=Decision("lot", tied, 2 - ahead))
    return Round1(finalists=(standing[0], standing[1]))
