"""The two phases of the line, by the clock and the list: test, and from the live moment on live, for good.

A clock that goes back, a restart, or a list with a later moment does not bring the test phase back: test
addresses were told that they are cut off, and live data were read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Which addresses read, and what."""

    TEST = "TEST"
    LIVE = "LIVE"


class Phases:
    """Used on one loop and one thread beside it: it only ever goes from test to live."""

    def __init__(self, clock: Callable[[], datetime], live_since: datetime | None = None) -> None:
        """`live_since`: when live operation began before this start."""
        self._clock = clock
        self.live_since = live_since

    def at(self, live_from: datetime) -> Phase:
        """The phase at this instant, where live operation is to begin at `live_from`."""
        if self.live_since is None and (now := self._clock()) >= live_from:
            self.live_since = now
        return Phase.TEST if self.live_since is None else Phase.LIVE
