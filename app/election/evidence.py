"""How much better rows fit their surroundings in another order, in whole numbers.

Votes of lists (or candidates) come in rows. What the neighbours have says which share each row should
have. If two rows were exchanged, or rows slipped by one, the votes fit the surroundings better when they
are put back. Two measures are taken, and the smaller one counts, because each alone is deceived:

- *likelihood*: so many times two are the votes likelier after putting back. It grows with the number of
  votes, so one local favourite can make it huge.
- *closeness*: by how many times two the rows come nearer to what the surroundings say, added over the
  rows, times `CLOSENESS`. Both rows must come nearer, so a favourite alone does not move it.

A small precinct cannot reach much of either, so nothing is said about it. Logarithms are whole numbers
of 1/64 bit (`level`), the same on every machine: no float takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.election.levels import IN_TABLE, TABLE, level
from app.election.model import Votes
from app.election.surroundings import ListSum

#: One bit of closeness is worth as much as ten of likelihood.
CLOSENESS = 10


class Rows(NamedTuple):
    """Rows of votes with what the surroundings say about them; all in the order of the form."""

    votes: Sequence[int]
    weights: Sequence[int]  # proportional to the expected votes, all above zero
    levels: Sequence[int]  # of the weights
    stated: Sequence[int]  # levels of the votes, in sixteenths of a vote, one vote added
    expected: Sequence[int]  # levels of the expected votes, likewise
    total_votes: int
    total_weight: int

    def expected_votes(self, row: int) -> int:
        """What this row would have by its surroundings, rounded."""
        return (2 * self.total_votes * self.weights[row] + self.total_weight) // (2 * self.total_weight)


#: Levels of small numbers of votes in sixteenths, one vote added.
_STATED = tuple(level(16 * votes + 16) for votes in range(1024))


def rows(votes: Sequence[int], around: Sequence[int]) -> Rows:
    """`around`: the neighbours' votes row by row."""
    weights = [2 * each + 1 for each in around]  # `weight`, in place
    total, whole = sum(votes), sum(weights)
    scaled = 16 * total
    return Rows(
        votes,
        weights,
        [TABLE[weight] if weight < IN_TABLE else level(weight) for weight in weights],
        [_STATED[each] if each < 1024 else level(16 * each + 16) for each in votes],
        [
            TABLE[expected] if (expected := scaled * weight // whole + 16) < IN_TABLE else level(expected)
            for weight in weights
        ],
        total,
        whole,
    )


def exchanged(rows: Rows, first: int, second: int) -> int:
    """Evidence that the votes of two rows were exchanged; not above zero when they fit as they are."""
    stated, expected = rows.stated, rows.expected
    closer = (
        abs(stated[first] - expected[first])
        + abs(stated[second] - expected[second])
        - abs(stated[second] - expected[first])
        - abs(stated[first] - expected[second])
    )
    likelier = (rows.votes[first] - rows.votes[second]) * (rows.levels[second] - rows.levels[first])
    return min(CLOSENESS * closer, likelier)


class Shift(NamedTuple):
    """Rows `first` to `last` slipped by one: down (each row has the votes of the row above) or up."""

    evidence: int
    first: int
    last: int
    down: bool


class Sight(NamedTuple):
    """What one walk over the rows found."""

    neighbours: list[tuple[int, int]]  # (evidence that it was exchanged with the next row, row)
    down: tuple[int, int, int]  # the best run of rows slipped down: levels that it comes closer, first, last
    up: tuple[int, int, int]
    farthest: int  # levels of the row that is farthest from what is expected


def walk(rows: Rows, least: int) -> Sight:
    """Look at all neighbouring rows once; `neighbours` are those with at least so much evidence."""
    votes, levels = rows.votes, rows.levels
    found = []
    best_down = best_up = (0, 0, 0)
    down = up = from_down = from_up = 0
    stated, expected = iter(rows.stated), iter(rows.expected)
    here, own = next(stated), next(expected)
    fits = farthest = here - own if here > own else own - here
    for row, (there, other) in enumerate(zip(stated, expected, strict=True)):
        # four distances: each of the two rows from its own expected votes and from the other's
        fits_next = there - other if there > other else other - there
        if fits_next > farthest:
            farthest = fits_next
        back = there - own if there > own else own - there
        forth = here - other if here > other else other - here
        closer = CLOSENESS * (fits + fits_next - back - forth)
        if closer >= least:
            likelier = (votes[row] - votes[row + 1]) * (levels[row + 1] - levels[row])
            if likelier >= least:
                found.append((min(closer, likelier), row))
        if down <= 0:
            down, from_down = 0, row
        down += fits_next - back
        if down > best_down[0]:
            best_down = (down, from_down, row + 1)
        if up <= 0:
            up, from_up = 0, row
        up += fits - forth
        if up > best_up[0]:
            best_up = (up, from_up, row + 1)
        here, own, fits = there, other, fits_next
    return Sight(found, best_down, best_up, farthest)


#: Fewer rows than these slipped are two exchanged ones.
_SHORTEST_SHIFT = 3


def shifted(rows: Rows, sight: Sight) -> Shift:
    """The better of the best runs in both directions, put back with its end row going to its beginning."""
    down, up = _put_back(rows, sight.down, True), _put_back(rows, sight.up, False)
    return down if down.evidence >= up.evidence else up


def _put_back(rows: Rows, run: tuple[int, int, int], down: bool) -> Shift:
    closer, first, last = run
    if last - first + 1 < _SHORTEST_SHIFT:
        return Shift(0, 0, 0, down)
    stated, expected, votes, levels = rows.stated, rows.expected, rows.votes, rows.levels
    # the row at the run's end has nowhere to go but to its beginning
    odd, place = (first, last) if down else (last, first)
    closer += abs(stated[odd] - expected[odd]) - abs(stated[odd] - expected[place])
    likelier = votes[odd] * (levels[place] - levels[odd])
    for row in range(first, last):
        moved, to = (row + 1, row) if down else (row, row + 1)
        likelier += votes[moved] * (levels[to] - levels[moved])
    return Shift(min(CLOSENESS * closer, likelier), first, last, down)


#: What one preferential vote may say at most (3.6 bits), and how many votes of one candidate are heard.
MOST_SAID = 231
_HEARD = 8
#: Added to the neighbours' preferences of each list, so that one vote there is no certainty.
_DOUBT = 20


def other_sheet(preferences: Votes, own: ListSum, other: ListSum) -> int:
    """Evidence that a sheet's preferences were given to the candidates of the list `other`.

    Each vote says a bounded amount, so one local favourite does not decide.
    """
    own_sums, other_sums, table = own.by_candidate.get, other.by_candidate.get, TABLE
    base = level(2 * (own.preferred + _DOUBT)) - level(2 * (other.preferred + _DOUBT))
    said = 0
    for candidate, given in preferences:
        here, there = 2 * own_sums(candidate, 0) + 1, 2 * other_sums(candidate, 0) + 1  # `weight`, in place
        one = base + (table[there] if there < IN_TABLE else level(there))
        one -= table[here] if here < IN_TABLE else level(here)
        if one > MOST_SAID:
            one = MOST_SAID
        elif one < -MOST_SAID:
            one = -MOST_SAID
        said += one * (given if given < _HEARD else _HEARD)
    return said
