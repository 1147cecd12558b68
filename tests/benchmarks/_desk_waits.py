"""The waits of a clerk, each measured from what the clerk does to the picture that answers it.

A picture is painted when the events that the act caused are worked off: without a screen Qt paints into
memory in the same way. Beside the time on the wall stands the processor's, which a busy machine hardly
changes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desktop.application import open_desk
from app.desktop.sweeping import unswept
from app.desktop.window import MainWindow
from tests.benchmarks._desk_worlds import TALL, World
from tests.benchmarks._report import percentile
from tests.support.station_world import FakeCentre
from tests.support.typing_desk import press

#: Run in a process of its own, which tells the milliseconds since it was called and those of its processor.
_START = """
import sys, time
def painted():
    QApplication.processEvents()
    print((time.monotonic() - float(sys.argv[2])) * 1000, time.process_time() * 1000)
if sys.argv[1] == "floor":
    from PySide6.QtWidgets import QApplication, QMainWindow
    application = QApplication([])
    window = QMainWindow()
    window.show()
    painted()
else:
    from datetime import datetime
    from pathlib import Path
    from app.desktop.application import QApplication, run_desk
    night = datetime.fromisoformat(sys.argv[3])
    def shown(opened):
        painted()
        opened.window.close()
    run_desk(Path(sys.argv[1]), "Jana", clock=lambda: night, drive=shown)
"""
#: As many as a night has at the largest point.
_VISITS = 354
_SEARCHES = ("lhota", "zlin", "nova ves", "17", "550")
_MOVES = (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Home)
_TYPED_LISTS = 6


@dataclass
class Waits:
    """Durations in milliseconds, on the wall and of the processor."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.processor.append((time.process_time() - processor) * 1000)

    @property
    def p99(self) -> float:
        return percentile(self.wall, 0.99)

    @property
    def median(self) -> float:
        return percentile(self.wall, 0.5)

    @property
    def also(self) -> str:
        """What is told beside the 99th percentile on the wall."""
        of_processor = percentile(self.processor, 0.99)
        return f"median {self.median:.3g}, of {len(self.wall)}; processor p99 {of_processor:.3g}"


def starts(world: World | None, caches: Path, times: int = 7) -> Waits:
    """From the call of the program to its painted window; without a world of an empty window of Qt's.

    Warm: Python's compiled files are there, as after any first start, whatever this process was told of
    writing them.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(caches)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    waits = Waits()
    for _ in range(times + 1):
        what = ["floor"] if world is None else [str(world.folder)]
        when = [] if world is None else [world.clock().isoformat()]
        command = [sys.executable, "-c", _START, *what, repr(time.monotonic()), *when]
        run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        wall, processor = map(float, run.stdout.split())
        waits.wall.append(wall)
        waits.processor.append(processor)
    del waits.wall[0], waits.processor[0]  # the cold one
    return waits


@contextmanager
def at_work(world: World) -> Iterator[MainWindow]:
    """A desk that was started a while ago, as `run_desk` starts it."""
    centre = FakeCentre(world.reference, world.clock)
    with unswept() as started:
        opened = open_desk(world.folder, "Jana", clock=world.clock, transport=centre)
        stands: list[bool] = []
        opened.window.ahead.done.connect(started)
        opened.window.ahead.done.connect(lambda: stands.append(True))
        opened.window.show()
        until(lambda: bool(stands))
        yield opened.window
        opened.close()


def verdicts(window: MainWindow, file: Path) -> Waits:
    """From the file on the stick to the painted verdict."""
    waits = Waits()
    for _ in range(_VISITS):
        with waits.one():
            window.open_files([file])
            until(lambda: window.page == "verdict")
        window.verdict.leave_button.click()
        QApplication.processEvents()
    return waits


def keys_in_list(window: MainWindow) -> tuple[Waits, Waits]:
    """Keys in the search and in the list itself, and repaints of a list in which nothing changed."""
    waits, still = Waits(), Waits()
    search, view = window.overview.search, window.overview.view

    def key(click: Callable[[], None]) -> None:
        with waits.one():
            click()
            QApplication.processEvents()
        with still.one():
            view.viewport().repaint()

    for _ in range(10):
        for words in _SEARCHES:
            search.setFocus()
            for letter in words:
                key(partial(QTest.keyClick, search, letter))
            for _ in words:
                key(partial(QTest.keyClick, search, Qt.Key.Key_Backspace))
        view.setFocus()
        for move in _MOVES:
            key(partial(QTest.keyClick, view, move))
    return waits, still


def keys_on_paper(window: MainWindow) -> tuple[Waits, Waits]:
    """Keys of the number pad on the tallest form, and repaints of that page."""
    waits, still = Waits(), Waits()
    window.entry.open(TALL)
    until(lambda: window.page == "entry" and window.entry.page.box is not None)
    page = window.entry.page

    def type_in(keys: str) -> None:
        for one in keys:
            with waits.one():
                press(one)
                QApplication.processEvents()
        with still.one():
            page.repaint()

    type_in("9000\n3000\n3000\n2990\n")
    for _ in range(_TYPED_LISTS):
        type_in("149\n" + "".join(f"{number}\n" for number in range(1, 71)))
        type_in("8\n3\n\n\n")  # a block that two Enters end
        type_in("++--")
    return waits, still


def until(arrived: Callable[[], bool]) -> None:
    """Work events off until it has come, and what was there to paint is painted."""
    while not arrived():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()
