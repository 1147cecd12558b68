"""How long to wait after a failure, and how much to send at once: what a station does for a bad line.

Waits are a truncated exponential back-off with jitter. Stations that lost the line together must not come
back together, so each wait is drawn between half of its length and all of it; the source of chance is a
parameter, so that a test knows it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True)
class Backoff:
    """`failures` in a row so far; waits grow from `first` by doubling up to `most`."""

    chance: random.Random
    first: timedelta = timedelta(seconds=1)
    most: timedelta = timedelta(seconds=60)
    failures: int = 0

    def failed(self) -> timedelta:
        """Count a failure and tell how long to wait."""
        # 65 536 is far beyond any sensible `most`; without the bound a night offline would overflow.
        whole = min(self.most, self.first * (1 << min(self.failures, 16)))
        self.failures += 1
        return whole / 2 + whole / 2 * self.chance.random()

    def told_to_wait(self, seconds: float | None) -> timedelta:
        """As `failed`, but no shorter than the centre asked for, up to `most`. What it asked of many stations
        at once is drawn out by up to a half, so that they come back one after another."""
        wait = self.failed()
        if seconds is None:
            return wait
        asked = timedelta(seconds=min(seconds, self.most.total_seconds()))
        return min(max(wait, asked + asked / 2 * self.chance.random()), self.most)

    def succeeded(self) -> None:
        self.failures = 0


@dataclass(slots=True)
class Portion:
    """How many protocols the next batch may hold: halved by every second unanswered push in a row, doubled
    by each answer. A batch that is stored already keeps its bytes."""

    whole: int
    now: int = 0  # set to `whole`
    unanswered: int = 0

    def __post_init__(self) -> None:
        self.now = self.whole

    def failed(self) -> None:
        self.unanswered += 1
        if self.unanswered % 2 == 0:
            self.now = max(1, self.now // 2)

    def succeeded(self) -> None:
        self.unanswered = 0
        self.now = min(self.whole, self.now * 2)
