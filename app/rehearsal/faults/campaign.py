"""Many runs, one after the other, and the table of what they came to.

Run n of a campaign's seed is always the same run: its sort, its night and its faults follow from
`SEED/n` alone, so a failing one is repeated with `--seed SEED/n`.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.election.errors import KnownError
from app.rehearsal.faults.kinds import ROUND, Fault, Sort
from app.rehearsal.faults.posts import Server
from app.rehearsal.faults.scene import SmallNight, roomy_folder, seeded, small_night
from app.rehearsal.faults.sorts import SORTS
from app.rehearsal.faults.verdict import Verdict

#: The nights that runs draw from: stations and precincts of each (two protocols a precinct).
NIGHTS: Final = ((1, 8), (2, 12), (3, 15))
_NIGHT_SEED = 7


@dataclass
class Tally:
    """One row of the table."""

    runs: int = 0
    events: int = 0
    lost: int = 0
    doubled: int = 0
    forged: int = 0
    stuck: int = 0

    def add(self, verdict: Verdict, events: int) -> None:
        self.runs += 1
        self.events += events
        self.lost += len(verdict.lost)
        self.doubled += len(verdict.doubled)
        self.forged += len(verdict.forged)
        self.stuck += len(verdict.stuck)


@dataclass
class Table:
    """What all runs came to. What a run lost counts in the row of each fault that it had."""

    rows: dict[Fault, Tally] = field(default_factory=lambda: {fault: Tally() for fault in Fault})
    all: Tally = field(default_factory=Tally)
    failed: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        events = Counter({fault: count for fault, count in verdict.events.items() if count})
        self.all.add(verdict, events.total())
        for fault, count in events.items():
            self.rows[fault].add(verdict, count)
        if not verdict.is_right:
            self.failed.append(verdict)

    @property
    def is_right(self) -> bool:
        return not self.failed


@contextmanager
def _workplace() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="prebirka-", dir=roomy_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Campaign:
    """Runs by their seeds; use it in a `with`."""

    def __init__(self) -> None:
        self.server = Server()
        self._place = _workplace()
        self.nights: list[SmallNight] = []
        self._number = 0

    def __enter__(self) -> Campaign:
        self._folder = self._place.__enter__()
        self._logged = logging.root.manager.disable
        logging.disable(logging.CRITICAL)  # a centre says much about what is done to it
        self.nights = [
            small_night(self._folder / f"night-{stations}", stations, precincts, _NIGHT_SEED)
            for stations, precincts in NIGHTS
        ]
        return self

    def __exit__(self, *_: object) -> None:
        self.server.close()
        self._place.__exit__(None, None, None)
        logging.disable(self._logged)

    def run(self, sort: Sort, seed: str) -> Verdict:
        """One run. Nothing may be raised in it: what is, is a run that is stuck."""
        night = seeded("night", seed).choice(self.nights)
        self._number += 1
        folder = self._folder / f"run-{self._number}"
        try:
            return SORTS[sort](night, folder, self.server, seed)
        except Exception:
            return Verdict(seed, stuck=[traceback.format_exc()])
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def numbered(self, seed: str) -> Verdict:
        """The run of a seed `SEED/n`. Raises KnownError REH-11 for another text."""
        number = seed.rpartition("/")[2]
        if "/" not in seed or not (number.isascii() and number.isdigit()):
            raise KnownError(
                "REH-11",
                f"Semínko „{seed}“ není jednoho běhu. Zadejte ho tak, jak bylo vypsáno, například 2024/17.",
                f"The seed “{seed}” is not of one run. Give it as it was printed, for example 2024/17.",
            )
        return self.run(ROUND[int(number) % len(ROUND)], seed)


def campaign(seed: str, runs: int, told: Callable[[Table], None] = lambda _: None) -> Table:
    """`runs` of a seed, or the very one of a seed `SEED/n`; `told` hears after each."""
    table = Table()
    seeds = [seed] if "/" in seed else [f"{seed}/{number}" for number in range(runs)]
    with Campaign() as runner:
        for each in seeds:
            table.add(runner.numbered(each))
            told(table)
    return table
