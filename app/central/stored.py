"""A stored protocol: the canonical text whose hash is the protocol's identity (`app.election.content`).

So whoever has the row can hash it and compare, and storing costs nothing beyond the hash. The publisher
reads it back when it rebuilds its tallies; protocols that were taken in a moment ago it gets from memory.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.election.content import protocol_of
from app.election.model import Protocol


def decode(stored: bytes) -> Protocol:
    """The protocol of a canonical text. Raises ValueError for anything else: such bytes hash to nothing that
    a batch ever named."""
    return protocol_of(stored.decode("ascii"))


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
