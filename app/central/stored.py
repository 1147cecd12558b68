"""A stored protocol: the canonical text whose hash is the protocol's identity (`app.election.content`).

So whoever has the row can hash it and compare, and storing costs nothing beyond the hash. The publisher
reads it back when it rebuilds its tallies; protocols that were taken in a moment ago it gets from memory.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.election.model import (
    Contest,
    Counts,
    PrecinctId,
    Protocol,
    RegionalProtocol,
    SenateProtocol,
    Sheet,
    Votes,
)


def decode(stored: bytes) -> Protocol:
    """The protocol of a canonical text. Raises ValueError for anything else: such bytes hash to nothing that
    a batch ever named."""
    try:
        return _decoded(stored)
    except (TypeError, LookupError) as error:  # too many or too few words
        raise ValueError("not a stored protocol") from error


def _decoded(stored: bytes) -> Protocol:
    head, *lines = stored.decode("ascii").split("\n")
    _, contest, municipality, number, district, corrected, passable, *counts = head.split(" ")
    precinct = PrecinctId(int(municipality), int(number))
    flags = corrected == "1", passable == "1"
    sums = Counts(*map(int, counts))
    kind = Contest(contest)
    if kind is Contest.REGIONAL:
        return RegionalProtocol(
            precinct, int(district), *flags, sums, tuple([_sheet(line) for line in lines])
        )
    [line] = lines
    senate_district, round_, *votes = line.split(" ")
    if int(round_) != kind.round:
        raise ValueError("another round")
    return SenateProtocol(
        precinct, int(district), *flags, int(senate_district), int(round_), sums, _votes(votes)
    )


def _sheet(line: str) -> Sheet:
    number, votes, *preferences = line.split(" ")
    return Sheet(int(number), int(votes), _votes(preferences))


def _votes(pairs: list[str]) -> Votes:
    split = [pair.split(":") for pair in pairs]
    return tuple([(int(number), int(votes)) for number, votes in split])


class Recent:
    """Protocols just taken in, by the number of their revision, on their way to the publisher.

    Bounded: what does not fit any more is read back from the store.
    """

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._kept: OrderedDict[int, Protocol] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def add(self, protocols: dict[int, Protocol]) -> None:
        """Keep protocols; those that were taken before they came here are not wanted any more."""
        with self._lock:
            self._kept.update((number, each) for number, each in protocols.items() if number > self._taken)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def take(self, revision: int, stored: bytes) -> Protocol:
        """The protocol of a stored revision; it is not kept any longer."""
        with self._lock:
            self._taken = max(self._taken, revision)
            kept = self._kept.pop(revision, None)
        return decode(stored) if kept is None else kept
