"""How often somebody may ask: a bucket of tokens for each address and for each station.

An address is limited before anything of a request is read, a station only once its signature holds:
nobody can use up another's share by naming it. What a rush brings is far below both limits.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from app.central import refusals
from app.central.answers import Refused
from app.central.refusals import Refusal

#: names remembered; the ones that were quiet longest are forgotten, which only ever favours them
_MOST_NAMES = 20_000


class Buckets:
    """A bucket for each name: `rate` tokens a second flow in, `burst` of them fit. Safe from any thread.

    Kept as one instant for each name: when its bucket will be full again (the generic cell rate algorithm).
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        """A `rate` of 0 sets no limit; `clock` tells seconds that never go back."""
        self._cost = 1 / rate if rate else 0.0
        self._span = burst * self._cost
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._guard = Lock()

    def take(self, name: str) -> bool:
        """Take a token of `name`; False when there is none."""
        if not self._cost:
            return True
        now = self._clock()
        with self._guard:
            full_at = max(self._full_at.get(name, 0.0), now) + self._cost
            if full_at - now > self._span:
                return False
            self._full_at[name] = full_at
            self._full_at.move_to_end(name)
            if len(self._full_at) > _MOST_NAMES:
                self._full_at.popitem(last=False)
        return True

    def __len__(self) -> int:
        return len(self._full_at)


class Admission:
    """Raises `Refused` where a name asks too often."""

    def __init__(self, buckets: Buckets, refusal: Refusal) -> None:
        self._buckets, self._refusal = buckets, refusal

    def __call__(self, name: str) -> None:
        if not self._buckets.take(name):
            raise Refused(self._refusal)


def of_addresses(rate: float, burst: float) -> Admission:
    return Admission(Buckets(rate, burst), refusals.TOO_OFTEN_ADDRESS)


def of_stations(rate: float, burst: float) -> Admission:
    return Admission(Buckets(rate, burst), refusals.TOO_OFTEN_STATION)
