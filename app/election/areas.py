"""One area's sums, and what protocols add to them: the ground that `app.election.tally` stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from app.election.errors import KnownError
from app.election.model import Protocol, RegionalProtocol

_K = TypeVar("_K")


class Inconsistent(KnownError):
    """Sums do not agree, or a protocol would be lost or counted twice: nothing may be published.

    `code` is the rule's id, AG-01 or AG-02; `detail` says where, in English for the log.
    """

    def __init__(self, rule_id: str, detail: str) -> None:
        super().__init__(
            rule_id,
            f"Součty výsledků nesouhlasí ({detail}). Nic se nezveřejní; ústředí znovu sečte převzaté zápisy.",
            f"The sums of the results do not agree ({detail}). Nothing is published; the centre counts the "
            "accepted protocols again.",
        )
        self.detail = detail


class Tally:
    """Sums of one area. `votes` by list number (by candidate in a Senate district)."""

    __slots__ = (
        "corrected",
        "envelopes_issued",
        "envelopes_returned",
        "never",
        "precincts_expected",
        "precincts_processed",
        "registered_voters",
        "valid_votes",
        "votes",
        "withdrawn",
    )

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self.precincts_expected = 0  # OKRSKY_CELKEM
        self.precincts_processed = 0  # OKRSKY_ZPRAC
        self.never = 0  # precincts declared as never delivered, and still not processed
        self.corrected = 0  # corrections taken in so far
        self.withdrawn = 0  # results withdrawn so far
        self.registered_voters = 0
        self.envelopes_issued = 0
        self.envelopes_returned = 0
        self.valid_votes = 0
        self.votes: dict[int, int] = dict.fromkeys(sorted(numbers), 0)

    @property
    def complete(self) -> bool:
        """Every expected precinct is processed."""
        return self.precincts_processed == self.precincts_expected

    @property
    def settled(self) -> bool:
        """Nothing more is waited for: every precinct is processed, or declared as never delivered."""
        return self.precincts_processed + self.never == self.precincts_expected

    def sums(self) -> tuple[int, int, int, int, int, int]:
        """Expected and processed precincts and the four counts."""
        return (
            self.precincts_expected,
            self.precincts_processed,
            self.registered_voters,
            self.envelopes_issued,
            self.envelopes_returned,
            self.valid_votes,
        )


class RegionTally(Tally):
    """A region also sums preferential votes, (list, candidate) → votes, zeros from the start."""

    __slots__ = ("preferences",)

    def __init__(self, numbers: Iterable[int], preferences: Iterable[tuple[int, int]]) -> None:
        super().__init__(numbers)
        self.preferences: dict[tuple[int, int], int] = dict.fromkeys(sorted(preferences), 0)


class Touched(NamedTuple):
    """The areas that one protocol changed: what has to be written and published again."""

    municipality: int
    district: int
    region: int | None
    senate_district: int | None


class Progress(NamedTuple):
    """What was published, for AG-02 at the next publication."""

    precincts_processed: int
    valid_votes: int
    corrections: int
    withdrawals: int = 0


def add(protocol: Protocol, areas: Sequence[Tally], sign: int) -> None:
    """Add (or with sign -1 take away) one protocol; the last of the areas is the country."""
    voters, issued, returned, valid = protocol.counts
    for area in areas:
        area.precincts_processed += sign
        area.registered_voters += sign * voters
        area.envelopes_issued += sign * issued
        area.envelopes_returned += sign * returned
        area.valid_votes += sign * valid
    if isinstance(protocol, RegionalProtocol):
        for area in areas:
            votes = area.votes
            for number, given, _ in protocol.sheets:
                votes[number] += sign * given
    else:
        for area in areas[:-1]:  # candidates' numbers mean nothing for the country
            for candidate, given in protocol.votes:
                area.votes[candidate] += sign * given


def add_preferences(protocol: RegionalProtocol, preferences: dict[tuple[int, int], int], sign: int) -> None:
    for number, _, preferred in protocol.sheets:
        for candidate, given in preferred:
            preferences[number, candidate] += sign * given


def add_up(
    lower: Mapping[_K, Tally],
    upper_of: Callable[[_K], int],
    upper: Mapping[int, Tally],
    with_votes: bool = True,
) -> None:
    """Raise `Inconsistent` unless each upper area is the sum of its lower ones."""
    totals = {key: Tally() for key in upper}
    for key, area in lower.items():
        total = totals[upper_of(key)]
        total.precincts_expected += area.precincts_expected
        total.precincts_processed += area.precincts_processed
        total.never += area.never
        total.registered_voters += area.registered_voters
        total.envelopes_issued += area.envelopes_issued
        total.envelopes_returned += area.envelopes_returned
        total.valid_votes += area.valid_votes
        if with_votes:
            votes = total.votes
            for number, given in area.votes.items():
                votes[number] = votes.get(number, 0) + given
    for number, total in totals.items():
        area = upper[number]
        if total.sums() != area.sums() or total.never != area.never:
            raise Inconsistent("AG-01", f"area {number}: {total.sums()} is not {area.sums()}")
        if with_votes and any(total.votes.get(n, 0) != given for n, given in area.votes.items()):
            raise Inconsistent("AG-01", f"area {number}: votes of lists do not add up")
