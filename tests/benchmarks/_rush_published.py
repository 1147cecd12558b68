"""How long a protocol took from the centre's door into the public file: the link is watched, the store asked.

A version is public when `public/current` leads to it. A thread looks every few milliseconds and notes when
it first saw each version; afterwards the store tells which revision each version holds and when its batch
was received, by the centre's clock, which runs `offset` from the machine's.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from bisect import bisect_left
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

_EVERY = 0.005
_REVISIONS = (
    "SELECT revision.id, batch.received_at FROM revision JOIN batch ON batch.id = revision.batch ORDER BY 1"
)
_VERSIONS = "SELECT version, last_revision FROM publication ORDER BY 1"


class Watch:
    """Sees versions become public while the block runs."""

    def __init__(self, centre: Path) -> None:
        self._centre = centre
        self._seen: dict[int, float] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _look(self) -> None:
        link, last = self._centre / "public" / "current", ""
        while not self._ending.wait(_EVERY):
            try:
                target = link.readlink().name
            except OSError:
                continue  # before the first version
            if target != last:
                self._seen.setdefault(int(target), time.time())
                last = target

    def waits(self, offset: timedelta) -> list[float]:
        """Seconds from receipt to publication of every revision that is public."""
        store = sqlite3.connect(f"file:{self._centre / 'centre.sqlite'}?mode=ro", uri=True)
        with closing(store):
            revisions = store.execute(_REVISIONS).fetchall()
            holds = dict(store.execute(_VERSIONS).fetchall())
        # a version that came and went between two looks is told by the next one
        versions = sorted((holds[version], at) for version, at in self._seen.items() if version in holds)
        ends = [last for last, _ in versions]
        found = []
        for revision, received in revisions:
            place = bisect_left(ends, revision)
            if place < len(versions):
                at = (datetime.fromisoformat(received) - offset).timestamp()
                found.append(versions[place][1] - at)
        return found
