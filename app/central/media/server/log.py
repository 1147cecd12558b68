"""Refusals in the log: each one once in a while, so that a flood of them fills neither the disk nor the eye.

Of one kind from one organisation or address a few lines, then one every ten seconds that says how many there
were; of all together at most so many a second. The counts (`counts`) miss nothing.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable

from app.central.limits import Buckets
from app.central.refusals import Refusal

#: A browser that looks for an icon alarms nobody.
_QUIET = (404, 405)
_log = logging.getLogger(__name__)


class RefusalLog:
    """Used on one loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._of_one = Buckets(0.1, 3, clock)
        self._of_all = Buckets(10, 50, clock)
        self._left: Counter[str] = Counter()  # lines that were not written, by what they are about
        self._left_out = 0  # of those that nobody has room to name

    def refused(self, refusal: Refusal, organisation: str, address: str) -> None:
        """Say it if there is room: the organisation's short name and the address, both of known form."""
        level = logging.INFO if refusal.http_status in _QUIET else logging.WARNING
        about = f"{refusal.code} {organisation or '-'} {address or '-'}"
        if self._of_one.take(about) and self._of_all.take(""):
            more = self._left.pop(about, 0)
            _log.log(level, "refused: %s%s", about, f" (and {more} more)" if more else "")
        elif about in self._left or len(self._left) < 1000:
            self._left[about] += 1
        else:
            self._left_out += 1

    def sum_up(self) -> None:
        """Say how many lines were left out since, in one line; called once a minute."""
        left = self._left.total() + self._left_out
        if left:
            _log.warning("refused: %d more requests, not told one by one", left)
        self._left.clear()
        self._left_out = 0
