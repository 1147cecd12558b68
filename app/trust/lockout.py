"""How long a wrong password makes wait, and when an account is locked: rules on counts, nothing stored here.

The first failures cost nothing but the hash, because people mistype. Then each one doubles the wait of that
account, and after `LOCK_AFTER` of them only a release by somebody else helps. Failures of all names together
slow the whole place down (a station, the operations room), so that guessing one password at many names does
not pay; that wait is short and passes by itself, so that nobody can shut the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Failures without a wait.
FREE = 3
LOCK_AFTER = 10
LONGEST = timedelta(seconds=60)

PLACE_FREE = 12
#: What the place remembers.
PLACE_WINDOW = timedelta(minutes=10)
PLACE_LONGEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Failures:
    """How many wrong passwords in a row, and when the last of them came."""

    count: int = 0
    last: datetime | None = None

    @property
    def locked(self) -> bool:
        return self.count >= LOCK_AFTER


def wait_after(count: int) -> timedelta:
    """The wait that follows `count` failures of one account in a row."""
    return _growing(count - FREE, LONGEST)


def place_wait_after(count: int) -> timedelta:
    """The wait that follows `count` failures at the place within `PLACE_WINDOW`."""
    return _growing(count - PLACE_FREE, PLACE_LONGEST)


def left(own: Failures, place: Failures, now: datetime) -> timedelta:
    """What is left to wait at `now`; never longer than the whole wait, also when a clock was set back."""
    return max(_left(wait_after(own.count), own, now), _left(place_wait_after(place.count), place, now))


def _growing(beyond: int, longest: timedelta) -> timedelta:
    if beyond < 0:
        return timedelta(0)
    return min(timedelta(seconds=1 << min(beyond, 16)), longest)


def _left(wait: timedelta, failures: Failures, now: datetime) -> timedelta:
    if failures.last is None:
        return timedelta(0)
    return min(wait, max(timedelta(0), failures.last + wait - now))
