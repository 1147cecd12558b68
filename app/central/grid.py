"""When a `vysledky_okrsky` batch closes and what it holds.

Batches are numbered from 1 without gaps and close on a grid (every five minutes by default), only when
something was processed since the one before. A batch made at the grid's instant G holds what was processed
before G and not before the previous batch was made, in the order of processing. With a grid of 0 each
publication closes a batch with everything there is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.election.model import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Processed(NamedTuple):
    """A protocol as it was processed: what one element of a batch says."""

    protocol: Protocol
    order: int  # PORADI_ZPRAC
    at: datetime  # DATUM_CAS_ZPRAC
    resent: bool  # OPAKOVANE
    more: int  # processed precincts that it adds: 1 for a first, 0 for a correction, -1 for a withdrawal


class Cut(NamedTuple):
    """A batch that closes now."""

    number: int  # PORADI_DAVKY
    generated_at: datetime
    processed: tuple[Processed, ...]
    precincts_processed: int  # OKRSKY_ZPRAC: distinct precincts that have a result by now


class Grid:
    """The batches of one contest: how many there were, and what waits for the next."""

    def __init__(self, seconds: int, not_before: datetime) -> None:
        """`seconds` between two instants of the grid (0: no grid); no batch is made before `not_before`."""
        self._seconds = seconds
        self._not_before = not_before
        self._waiting: deque[Processed] = deque()
        self.number = 0
        self.precincts_processed = 0

    def add(self, processed: Processed) -> None:
        """Let a protocol wait for the next batch; protocols come in the order of processing."""
        self._waiting.append(processed)

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def is_due(self, now: datetime) -> bool:
        """Whether a batch closes by `now`."""
        return bool(self._waiting) and (not self._seconds or self._boundary() <= now)

    def due(self, now: datetime, *, close: bool = False) -> Iterator[Cut]:
        """The batches that close by `now`, each counted as made; `close` ends the last without waiting."""
        while self._waiting:
            boundary = self._boundary()
            if self._seconds and boundary <= now:
                yield self._cut(boundary, [each for each in self._waiting if each.at < boundary])
            elif close or not self._seconds:
                yield self._cut(max(now, self._waiting[-1].at, self._not_before), list(self._waiting))
            else:
                return

    def again(self, generated_at: datetime, last_order: int) -> Cut:
        """A batch that was made before: the same one, from what is waiting up to `last_order`."""
        return self._cut(generated_at, [each for each in self._waiting if each.order <= last_order])

    def _cut(self, generated_at: datetime, processed: list[Processed]) -> Cut:
        for _ in processed:
            self._waiting.popleft()
        self.number += 1
        self.precincts_processed += sum(each.more for each in processed)
        return Cut(self.number, generated_at, tuple(processed), self.precincts_processed)

    def _boundary(self) -> datetime:
        """The first instant of the grid after the first protocol that waits, or the end of the embargo."""
        if not self._seconds:
            return self._not_before
        steps = (self._waiting[0].at - _EPOCH) // timedelta(seconds=self._seconds)
        return max(_EPOCH + (steps + 1) * timedelta(seconds=self._seconds), self._not_before)
