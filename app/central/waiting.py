"""Who waits for a thread of the door, and whose turn is next.

Batches go first: they carry results, and a station may print nothing before its receipt is in. Inquiries
have a waiting room of their own, so that hundreds of stations that ask at once never turn a batch away;
every eighth turn is theirs while any waits, so that a flood of batches leaves no station without news.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum, auto

from app.central import refusals
from app.central.answers import Refused

#: while both wait, one turn in so many is an inquiry's
_SHARE = 8


class Errand(Enum):
    """What somebody waits for."""

    BATCH = auto()
    INQUIRY = auto()


class WaitingRoom:
    """Turns of a few threads; used on one loop alone."""

    def __init__(self, threads: int, batches: int, inquiries: int) -> None:
        """`batches` and `inquiries`: how many of each may wait or have a thread."""
        self._free = threads
        self._most = {Errand.BATCH: batches, Errand.INQUIRY: inquiries}
        self._within = dict.fromkeys(Errand, 0)
        self._rows: dict[Errand, deque[asyncio.Future[None]]] = {errand: deque() for errand in Errand}
        self._turns = 0  # of batches since the last one of an inquiry

    def __len__(self) -> int:
        """How many wait or have a thread."""
        return sum(self._within.values())

    @asynccontextmanager
    async def turn(self, errand: Errand) -> AsyncIterator[None]:
        """Wait for a thread and have it while the block runs. Raises `Refused` (ING-12) when as many are
        there already as may."""
        if self._within[errand] >= self._most[errand]:
            raise Refused(refusals.BUSY)
        self._within[errand] += 1
        try:
            await self._seated(errand)
            try:
                yield
            finally:
                self._next()
        finally:
            self._within[errand] -= 1

    async def _seated(self, errand: Errand) -> None:
        if self._free:
            self._free -= 1
            return
        seat = asyncio.get_running_loop().create_future()
        self._rows[errand].append(seat)
        try:
            await seat
        except asyncio.CancelledError:
            if not seat.cancelled():
                self._next()  # the turn had come already
            raise

    def _next(self) -> None:
        """Give a thread that became free to whoever is next and still there."""
        while seat := self._first():
            if not seat.done():
                seat.set_result(None)
                return
        self._free += 1

    def _first(self) -> asyncio.Future[None] | None:
        """Whose turn it is, taken from the row."""
        batches, inquiries = self._rows[Errand.BATCH], self._rows[Errand.INQUIRY]
        if batches and (not inquiries or self._turns < _SHARE - 1):
            self._turns += 1
            return batches.popleft()
        if inquiries:
            self._turns = 0
            return inquiries.popleft()
        return None
