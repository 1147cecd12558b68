"""The largest point on its busiest evening: sixteen workstations, 177 precincts × 2 contests.

Three figures. How long after the centre's receipt at one workstation another one's list shows the protocol
as confirmed, while fifteen push at once over HTTP; how long the list takes to repaint with each change, then
and through an hour of night (compressed clock); and how memory stands at the end of that hour against its
first quarter. Their floors of the same run: one signed question and answer, the same list painted without a
change, the memory itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import _point_world as worlds
from tests.benchmarks._report import line, percentile

if TYPE_CHECKING:
    from tests.benchmarks._point_hour import Hour

ROOT = Path(__file__).parents[2]
#: An hour of night: a pull every second, a change every ten, as clerks and corrections make them.
_SECONDS, _CHANGE_EVERY = 3600, 10


def main() -> None:
    """Print the lines; exit with 1 when one is over its budget."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    kept = []
    with tempfile.TemporaryDirectory(prefix="prebirka-bench-") as base:
        pushed = _pushing(Path(base))
    kept.append(_told("point-current-p99", pushed.current_p99, "ms", pushed.asked, 1000, pushed.also))
    with tempfile.TemporaryDirectory(prefix="prebirka-bench-") as base:
        hour = _hour(Path(base))
    repaints = [*pushed.repaints, *hour.repaints]
    processor = percentile([*pushed.processor, *hour.processor], 0.99)
    also = (
        f"median {percentile(repaints, 0.5):.3g}, of {len(repaints)} changes, while all push at once up to "
        f"{max(pushed.repaints):.3g}; processor p99 {processor:.3g}"
    )
    kept.append(_told("point-repaint-p99", percentile(repaints, 0.99), "ms", pushed.still, 16, also))
    also = f"after {_SECONDS // 60} minutes of night; the floor is after a quarter of them"
    text, flat = line("point-memory", hour.late, "MB", floor=hour.early, at_most_ratio=1.05, also=also)
    print(text, flush=True)
    kept.append(flat)
    if not all(kept):
        sys.exit(1)


def _told(name: str, figure: float, unit: str, floor: float, budget: float, also: str) -> bool:
    text, kept = line(name, figure, unit, floor=floor, at_most=budget, also=also)
    print(text, flush=True)
    return kept


# --- sixteen at once ---------------------------------------------------------------------------------


@dataclass
class Pushed:
    """What was seen in the watcher's window, in milliseconds."""

    current: list[float] = field(default_factory=list)
    repaints: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    asked: float = 0.0
    still: float = 0.0

    @property
    def current_p99(self) -> float:
        return percentile(self.current, 0.99)

    @property
    def also(self) -> str:
        median, worst = percentile(self.current, 0.5), max(self.current)
        return f"median {median:.3g}, worst {worst:.4g}, of {len(self.current)}"


def _pushing(base: Path) -> Pushed:
    from PySide6.QtWidgets import QApplication

    from app.desktop import application
    from app.desktop.application import open_desk
    from app.station.config import read_config

    reference, offset = worlds.largest_reference(), worlds.night_offset()
    port = _free_port()
    folders = worlds.make_folders(base, reference, worlds.WORKSTATIONS, f"http://127.0.0.1:{port}")
    centre_folder = worlds.make_centre(base, reference, folders, offset)
    command = [sys.executable, "-m", "app", "central", "run", str(centre_folder), "--port", str(port)]
    running = QApplication.instance() or QApplication([])
    assert isinstance(running, QApplication)
    application.prepare(running)
    with (
        _Process(command) as centre,
        _Process([sys.executable, "-m", "tests.benchmarks._point_world", str(base), repr(offset)]) as others,
    ):
        centre.wait_for("READY")
        others.wait_for("READY")
        (own,) = [one for one in folders if read_config(one).station.endswith(f"-{worlds.WATCHER}")]
        opened = open_desk(own, "Jana", clock=worlds.shifted(offset))
        try:
            opened.window.show()
            return _watch(opened.window, others, running.processEvents)
        finally:
            opened.close()


def _watch(window: object, others: _Process, work_off: Callable[[], None]) -> Pushed:
    """Look at the list until it shows everything that the others sent."""
    from app.desktop.window import MainWindow

    assert isinstance(window, MainWindow)
    seen, table, view = Pushed(), window.overview.table, window.overview.view
    station = window.desk.station
    work_off()
    for _ in range(50):
        start = time.perf_counter()
        view.viewport().repaint()
        seen.still = max(seen.still, 0.0) or (time.perf_counter() - start) * 1000
        seen.still = min(seen.still, (time.perf_counter() - start) * 1000)
    shown: dict[object, float] = {}
    changed = [False]
    table.dataChanged.connect(lambda *_: changed.__setitem__(0, True))
    others.go()
    expected, ends = len(station.expected), time.monotonic() + 90
    while len(shown) < expected and time.monotonic() < ends:
        work_off()
        if not changed[0]:
            time.sleep(0.001)
            continue
        changed[0] = False
        start, processor = time.perf_counter(), time.thread_time()
        view.viewport().repaint()
        seen.repaints.append((time.perf_counter() - start) * 1000)
        seen.processor.append((time.thread_time() - processor) * 1000)
        now = time.monotonic()
        for row in table.rows:
            if row.state == "confirmed" and row.key not in shown:
                shown[row.key] = now
    assert len(shown) == expected, f"only {len(shown)} of {expected} were seen"
    others.wait_for("DONE")
    received = dict(worlds.key_of(told) for told in others.lines if told.startswith("["))
    seen.current = [max(0.0, (shown[key] - at) * 1000) for key, at in received.items()]
    seen.asked = _one_question(station)
    return seen


def _one_question(station: object) -> float:
    """Milliseconds of a signed inquiry and its answer, with nothing new in it."""
    from app.station.station import Station
    from app.station.transport import HttpTransport

    assert isinstance(station, Station)
    durations = []
    with HttpTransport(station.config.centre_url, station.folder) as transport:
        after = station.point.memory.cursor()
        for _ in range(50):
            start = time.perf_counter()
            station.inquirer.state(transport, after, 0, station.clock())
            durations.append((time.perf_counter() - start) * 1000)
    return percentile(durations, 0.5)


class _Process:
    """A process whose lines are collected as they come."""

    def __init__(self, command: list[str]) -> None:
        self.lines: list[str] = []
        self._here = threading.Condition()
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def wait_for(self, word: str) -> None:
        with self._here:
            assert self._here.wait_for(
                lambda: any(one.startswith(word) for one in self.lines) or self._process.poll() is not None,
                120,
            )
            assert any(one.startswith(word) for one in self.lines), "the process ended"

    def _read(self) -> None:
        assert self._process.stdout is not None
        for told in self._process.stdout:
            with self._here:
                self.lines.append(told.strip())
                self._here.notify_all()

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


# --- an hour of night --------------------------------------------------------------------------------


def _hour(base: Path) -> Hour:
    """What another workstation's window showed of it, and what its process held."""
    from tests.benchmarks._point_hour import hour

    return hour(base, _SECONDS, _CHANGE_EVERY)


if __name__ == "__main__":
    main()
