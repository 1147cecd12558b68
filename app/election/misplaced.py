"""Finding rows that stand in wrong places: two lists or candidates exchanged, or rows slipped by one (PL-07).

What counts as evidence is in `app.election.evidence`; here is where it is looked for, and how much is
asked for. Neighbouring rows are exchanged easily and are asked for less than any two rows, because there
are few such pairs. Where whole sheets were exchanged, preferences speak as well: they were given to the
candidates of the other list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from app.election.evidence import (
    CLOSENESS,
    MOST_SAID,
    Rows,
    exchanged,
    other_sheet,
    rows,
    shifted,
    walk,
)
from app.election.levels import BIT, level
from app.election.model import Votes
from app.election.subject import Sheet
from app.election.surroundings import NO_VOTES, Area, ListSum, weight
from app.election.thresholds import Thresholds

#: Neighbours' preferences from which a list has a profile of its own.
_PROFILE = 20
#: Preferences count seven tenths of votes: a voter gives up to four of them, and they go together.
_PREFERENCE_WEIGHT = 7
#: Rows this far from what the surroundings say (in levels: one bit) are looked at in any two places.
_FAR = BIT


#: (evidence, kind, first row, last row)
_Found = tuple[int, str, int, int]
_NOTHING: _Found = (0, "", 0, 0)


class Misplaced(NamedTuple):
    """Rows in wrong places. `kind` is rows, rows_down or rows_up, or sheets."""

    kind: str
    numbers: tuple[int, ...]  # of lists or candidates, in the order of the form
    first: tuple[int, int]  # votes of the first of them, and what it would have by the surroundings
    last: tuple[int, int]
    bits: int


def misplaced_rows(
    numbers: Sequence[int],
    votes: Sequence[int],
    sheets: Mapping[int, Sheet],
    around: Area,
    limits: Thresholds,
) -> Misplaced | None:
    """The most evident misplacement among the rows of lists, or of a Senate ballot's candidates.

    `numbers` and `votes` are those of the rows in their order, `sheets` those of lists by number; a Senate
    ballot has none.
    """
    sums = [around.lists.get(number, NO_VOTES) for number in numbers]
    seen = rows(votes, [each.votes for each in sums])
    sight = walk(seen, _HOPELESS)
    best = _NOTHING
    least = BIT * (limits.pl_07_rows if len(numbers) > _TWO else limits.pl_07_two_rows)
    for evidence, row in sight.neighbours:
        if evidence >= least:
            best = max(best, (evidence, "rows", row, row + 1))
        elif sheets:
            pair = sheets.get(numbers[row]), sheets.get(numbers[row + 1])
            wanted = limits.pl_07_sheets * BIT - evidence
            told = _sheets(pair, sums[row], sums[row + 1], wanted)
            if told >= wanted:
                best = max(best, (evidence + told, "sheets", row, row + 1))
    slip = shifted(seen, sight)
    if slip.evidence >= limits.pl_07_shifted * BIT:
        best = max(best, (slip.evidence, "rows_down" if slip.down else "rows_up", slip.first, slip.last))
    if best is _NOTHING and 2 * sight.farthest * CLOSENESS >= limits.pl_07_any_rows * BIT:
        best = _any_two(seen, limits.pl_07_any_rows * BIT)
    evidence, kind, first, last = best
    return _misplaced(seen, numbers, kind, first, last, evidence) if evidence else None


_TWO = 2
#: Votes speak so much for their places that the preferences of two sheets could hardly outweigh them.
_HOPELESS = -3 * BIT


def _sheets(pair: tuple[Sheet | None, Sheet | None], own: ListSum, other: ListSum, wanted: int) -> int:
    """What the preferences of two neighbouring sheets say for having been exchanged.

    Not looked at any further where they are too few to say as much as `wanted`.
    """
    first, second = pair
    if own.preferred < _PROFILE or other.preferred < _PROFILE:
        return 0
    most = MOST_SAID * ((first.preferred if first else 0) + (second.preferred if second else 0))
    if first and most * _PREFERENCE_WEIGHT >= 10 * wanted:
        most += other_sheet(cast(Votes, first.stated.preferences), own, other) - MOST_SAID * first.preferred
    if second and most * _PREFERENCE_WEIGHT >= 10 * wanted:
        most += other_sheet(cast(Votes, second.stated.preferences), other, own) - MOST_SAID * second.preferred
    return most * _PREFERENCE_WEIGHT // 10


def _any_two(seen: Rows, least: int) -> _Found:
    """Two rows anywhere, one with far too many votes and the other with far too few."""
    apart = [stated - expected for stated, expected in zip(seen.stated, seen.expected, strict=True)]
    many = [row for row, distance in enumerate(apart) if distance >= _FAR]
    best = _NOTHING
    if many:
        few = [row for row, distance in enumerate(apart) if distance <= -_FAR]
        for one in many:
            for other in few:
                evidence = exchanged(seen, one, other)
                if evidence >= least:
                    best = max(best, (evidence, "rows", min(one, other), max(one, other)))
    return best


def _misplaced(
    seen: Rows, numbers: Sequence[int], kind: str, first: int, last: int, evidence: int
) -> Misplaced:
    ends = (numbers[first], numbers[last])
    named = ends if kind in ("rows", "sheets") else tuple(numbers[first : last + 1])
    here, there = ((seen.votes[row], seen.expected_votes(row)) for row in (first, last))
    return Misplaced(kind, named, here, there, evidence // BIT)


def misplaced_candidates(sheet: Sheet, size: int, around: Area, limits: Thresholds) -> Misplaced | None:
    """Two neighbouring candidates of a list exchanged, or its rows slipped by one from some row on.

    `size` is the number of the list's candidates. The sheet's numbers are all usable.
    """
    least = limits.pl_07_difference
    known = around.lists.get(sheet.number or 0)
    if known is None or known.preferred < _PROFILE:
        return None
    pair_least, slip_least = limits.pl_07_candidates * BIT, limits.pl_07_shifted_candidates * BIT
    pairs, slips = _worth_a_look(sheet, known, least, pair_least, slip_least // _HINT)
    if not pairs and not slips:
        return None
    seen = _Seen(dict(cast(Votes, sheet.stated.preferences)), sheet.preferred, known, size)
    best = max((seen.pair(first, least, pair_least) for first in pairs), default=_NOTHING)
    if sheet.preferred >= limits.pl_07_preferences:
        best = max(best, seen.slipped(slip_least))
    evidence, kind, first, last = best
    if not evidence:
        return None
    here, there = ((seen.given.get(number, 0), seen.expected_votes(number)) for number in (first, last))
    return Misplaced(kind, (first, last), here, there, evidence // BIT)


#: A slip is looked for where one candidate's votes alone are this part of the evidence.
_HINT = 4


def _worth_a_look(
    sheet: Sheet, known: ListSum, least: int, pair_least: int, hint: int
) -> tuple[list[int], bool]:
    """Quickly: first candidates of pairs that could be exchanged, and whether the sheet could have slipped.

    A candidate is worth a look who has more than twice the votes that the neighbours let expect, while the
    one in the row above or below is worth so much more with them.
    """
    sums, twice = known.by_candidate.get, 2 * sheet.preferred
    pairs, slips = [], False
    for candidate, votes in cast(Votes, sheet.stated.preferences):
        if votes < least or votes * known.preferred < twice * sums(candidate, 0):
            continue
        own = level(weight(sums(candidate, 0)))
        above = votes * (level(weight(sums(candidate - 1, 0))) - own)
        below = votes * (level(weight(sums(candidate + 1, 0))) - own)
        if above >= hint or below >= hint:
            slips = True
            if above >= pair_least:
                pairs.append(candidate - 1)
            if below >= pair_least:
                pairs.append(candidate)
    return pairs, slips


class _Seen:
    """A sheet's preferences beside the neighbours'."""

    def __init__(self, given: dict[int, int], preferred: int, known: ListSum, size: int) -> None:
        self.given = given
        self._known = known.by_candidate
        self._scaled = 16 * preferred
        self._weight = 2 * known.preferred + size
        self._size = size

    def expected_votes(self, candidate: int) -> int:
        """What the candidate would have by the neighbours' proportions, rounded."""
        return (self._scaled * weight(self._known.get(candidate, 0)) + 8 * self._weight) // (
            16 * self._weight
        )

    def _level(self, candidate: int) -> int:
        return level(weight(self._known.get(candidate, 0)))

    def _distance(self, votes: int, candidate: int) -> int:
        expected = self._scaled * weight(self._known.get(candidate, 0)) // self._weight
        return abs(level(16 * votes + 16) - level(expected + 16))

    def pair(self, first: int, least_difference: int, least: int) -> _Found:
        """Two neighbouring candidates whose preferences were exchanged, with at least so much evidence."""
        difference = self.given.get(first, 0) - self.given.get(first + 1, 0)
        if abs(difference) < least_difference or not 1 <= first < self._size:
            return _NOTHING
        likelier = difference * (self._level(first + 1) - self._level(first))
        evidence = min(CLOSENESS * self._closer(first), likelier)
        return (evidence, "rows", first, first + 1) if evidence >= least else _NOTHING

    def _closer(self, first: int) -> int:
        """How much nearer two neighbouring candidates come to what is expected when they change places."""
        here, there = self.given.get(first, 0), self.given.get(first + 1, 0)
        closer = self._distance(here, first) + self._distance(there, first + 1)
        return closer - self._distance(there, first) - self._distance(here, first + 1)

    def slipped(self, least: int) -> _Found:
        """Rows that slipped by one from some row to the last, with at least so much evidence.

        Where a slip down begins, its row was left blank. Nothing marks where a slip up begins, so twice as
        much is asked for.
        """
        given = self.given
        down = up = 0
        starts = []
        for candidate in sorted(given, reverse=True):
            votes, own = given[candidate], self._level(candidate)
            down += votes * (self._level(candidate - 1) - own)
            up += votes * (self._level(candidate + 1) - own)
            if down >= least and candidate > 1 and candidate - 1 not in given:
                starts.append((candidate, -1, down, least))
            if up >= 2 * least:
                starts.append((candidate, 1, up, 2 * least))
        return max((self._run(*start) for start in starts), default=_NOTHING)

    def _run(self, first: int, step: int, likelier: int, least: int) -> _Found:
        """Judge one run from its first row on; rows have the votes of the row above (step -1) or below."""
        run = [(candidate, votes) for candidate, votes in self.given.items() if candidate >= first]
        last = max(candidate for candidate, _ in run)
        if last + step > self._size:
            return _NOTHING  # nobody is there
        closer = sum(self._distance(votes, n) - self._distance(votes, n + step) for n, votes in run)
        evidence = min(CLOSENESS * closer, likelier)
        return (
            (evidence, "rows_down" if step == -1 else "rows_up", first, last)
            if evidence >= least
            else _NOTHING
        )
