"""One process of simulated transfer points: opens its stations, waits for the start, works, sends.

Run by `app.rehearsal.night` as a process of its own, because on a real night each station is a machine
of its own, and so that it can be killed. It tells its progress as JSON lines on standard output:
`ready` when all stations are open, then counts, then `done` when every protocol was answered by the
centre. It starts to work when a line arrives on standard input; where it is to wait halfway (`waits`), it
goes on at the next one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from app import heap
from app.rehearsal.clerk import StationCrew, Work
from app.rehearsal.sandbox import shifted
from app.station.station import Station

#: Send after this many visits: a commission should not wait long for its confirmation.
VISITS_A_BATCH = 13
#: Tell the progress after this many visits.
VISITS_A_LINE = 10
#: Seconds after which people ask for another try themselves.
_PATIENCE = 1.0
#: What is due sooner belongs to what is being done.
_SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Post:
    """One simulated transfer point: its station's folder and the folder of its commissions' files."""

    station: str
    files: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one process has to do. `offset_seconds` shifts the clock into the rehearsed night."""

    posts: tuple[Post, ...]
    offset_seconds: int
    visits_a_batch: int = VISITS_A_BATCH
    visits_a_line: int = VISITS_A_LINE
    only_send: bool = False  # nobody comes: open, ask the centre, send what it lacks
    waits_halfway: bool = False  # half of the visits answered by the centre, the others not begun

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Assignment:
        table = json.loads(path.read_text("utf-8"))
        return cls(**{**table, "posts": tuple(Post(**post) for post in table["posts"])})


class Line:
    """One station's sender, driven step by step."""

    def __init__(self, station: Station, clock: Callable[[], datetime]) -> None:
        self._station = station
        self._sender = station.sender()
        self._clock = clock

    def send(self) -> None:
        """One push of what has been accepted."""
        self._sender.step(self._clock())

    def settle(self) -> None:
        """Ask and send until nothing is due at once: what a station does when it is opened and left alone."""
        while (wake := self._sender.step(self._clock())) is not None and wake <= self._clock() + _SOON:
            pass

    def finish(self) -> None:
        """Send until the centre has answered everything, waiting between tries as on a real line, only
        that somebody who wants to go home asks for another try before the back-off has grown long."""
        pause = Event()
        while self._station.connection().queue:
            wake = self._sender.step(self._clock())
            if wake is not None and self._station.connection().queue:
                wait = (wake - self._clock()).total_seconds()
                pause.wait(min(max(0.0, wait), _PATIENCE))
                if wait > _PATIENCE:
                    self._sender.retry_now()


class Worker:
    """All stations of one process, worked through one after the other."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._clock = shifted(timedelta(seconds=assignment.offset_seconds))
        self._total = Work()
        self._visits = 0
        self._halfway: int | None = None

    def run(self) -> None:
        """Open, wait for the start, work, and tell. What a station raises is raised: nothing is hidden."""
        with ExitStack() as stack:
            crews = []
            for post in self._assignment.posts:
                station = stack.enter_context(Station.open(Path(post.station), self._clock))
                crews.append((Line(station, self._clock), StationCrew(station, Path(post.files))))
            if self._assignment.waits_halfway:
                self._halfway = max(1, sum(len(crew.visits) for _, crew in crews) // 2)
            heap.keep_for_good()
            self._tell("ready")
            sys.stdin.readline()
            if self._assignment.only_send:
                for line, _ in crews:
                    line.settle()
            else:
                for line, crew in crews:
                    self._first_round(line, crew)
                for line, crew in crews:
                    self._corrections(line, crew)
            self._tell("done")

    def _wait_halfway(self, line: Line, crew: StationCrew) -> None:
        self._finish(line, crew)
        self._tell("waits")
        sys.stdin.readline()

    def _first_round(self, line: Line, crew: StationCrew) -> None:
        for number, visit in enumerate(crew.visits, 1):
            crew.take_in(visit)
            self._count(crew)
            if number % self._assignment.visits_a_batch == 0:
                line.send()
            if self._visits == self._halfway:
                self._wait_halfway(line, crew)
        self._finish(line, crew)

    def _corrections(self, line: Line, crew: StationCrew) -> None:
        corrections = [visit for visit in crew.visits if visit.correction is not None]
        for visit in corrections:
            crew.take_correction(visit)
        if corrections:
            self._finish(line, crew)

    def _finish(self, line: Line, crew: StationCrew) -> None:
        line.finish()
        self._add(crew.work)
        crew.work = Work()
        self._tell("progress")

    def _count(self, crew: StationCrew) -> None:
        self._visits += 1
        if self._visits % self._assignment.visits_a_line == 0:
            self._add(crew.work)
            crew.work = Work()
            self._tell("progress")

    def _add(self, work: Work) -> None:
        for name, count in asdict(work).items():
            setattr(self._total, name, getattr(self._total, name) + count)

    def _tell(self, kind: str) -> None:
        sys.stdout.write(json.dumps({"kind": kind, "visits": self._visits, **asdict(self._total)}) + "\n")
        sys.stdout.flush()


def _allow_many_files() -> None:
    """Hundreds of open stations need more descriptors than the usual 1024 (not on Windows)."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    _allow_many_files()
    Worker(Assignment.read(Path(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
