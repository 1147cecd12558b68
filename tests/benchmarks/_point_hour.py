"""An hour of the point's night in a few seconds: one workstation hears of another, second by second.

The clock is moved by hand; the centre answers in the same process, so that what both keep is counted. What
grows with the night itself (the stores) is on the disk; memory has to stay.
"""

from __future__ import annotations

import gc
import logging
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.central.centre import Centre
from app.desktop.application import open_desk
from app.desktop.window import MainWindow
from app.election.model import ProtocolKey
from app.station.station import Station
from tests.benchmarks import _point_world as worlds
from tests.support.asking import CentreLine
from tests.support.invented_election import stated
from tests.support.station_world import CLERK, Clock, file_of, fixed_chance


@dataclass
class Hour:
    """Resident megabytes after the first quarter and at the end; repaints of the list in milliseconds, on the
    wall and of the processor."""

    early: float = 0.0
    late: float = 0.0
    repaints: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def hour(base: Path, seconds: int, change_every: int) -> Hour:
    """Everything is taken in before; what changes during the hour are corrections, as many as ten clerks
    could make. The window of the workstation that hears of them shows each at once."""
    logging.getLogger("app").setLevel(logging.ERROR)
    reference = worlds.largest_reference()
    folders = worlds.make_folders(base, reference, 2, "http://127.0.0.1:1")
    centre_folder = worlds.make_centre(base, reference, folders, 0)
    clock = Clock()
    centre = Centre.open(centre_folder, clock)
    found = Hour()
    opened = open_desk(folders[1], "Jana", clock=clock, transport=CentreLine(centre, clock), sending=False)
    opened.window.show()
    with Station.open(folders[0], clock) as busy:
        sends = busy.sender(CentreLine(centre, clock), fixed_chance())
        hears = opened.desk.station.sender(CentreLine(centre, clock), fixed_chance())
        files = worlds.files_of(reference)
        for data in files.values():
            (offer,) = busy.intake.read_bytes("zapis.xml", data, passed_cases=False)
            worlds.take_in(busy, offer)
        keys, changed = list(files), [False]
        opened.window.overview.table.dataChanged.connect(lambda *_: changed.__setitem__(0, True))
        for second in range(seconds):
            clock.advance(1)
            if second % change_every == 0:
                _correct(busy, keys[(second // change_every) % len(keys)], second)
            for sender in (sends, hears):
                for _ in range(40):
                    due = sender.step(clock())
                    if due is None or due > clock():
                        break
            if second % change_every == 0:
                _repaint(opened.window, changed, found)
            if second == seconds // 4:
                found.early = _resident()
        found.late = _resident()
    opened.close()
    centre.database.close()
    return found


def _repaint(window: MainWindow, changed: list[bool], found: Hour) -> None:
    """Wait for what the list was told, and paint it."""
    ends = time.monotonic() + 10
    while not changed[0] and time.monotonic() < ends:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    assert changed[0], "the list heard of nothing"
    changed[0] = False
    start, processor = time.perf_counter(), time.thread_time()
    window.overview.view.viewport().repaint()
    found.repaints.append((time.perf_counter() - start) * 1000)
    found.processor.append((time.thread_time() - processor) * 1000)


def _correct(station: Station, key: ProtocolKey, second: int) -> None:
    """The same protocol with other figures, as a correction."""
    current = station.intake.current(key)
    assert current is not None
    counts = current[1].counts
    protocol = replace(
        current[1], counts=counts._replace(registered_voters=counts.registered_voters + 1 + second % 3)
    )
    (offer,) = station.intake.read_bytes("oprava.xml", file_of(stated(station.reference, protocol)))
    correction = station.intake.as_correction(offer, CLERK, "komise přinesla opravu")
    worlds.take_in(station, correction)


def _resident() -> float:
    gc.collect()
    for told in Path("/proc/self/status").read_text("utf-8").splitlines():
        if told.startswith("VmRSS:"):
            return int(told.split()[1]) / 1000
    raise AssertionError("this machine does not say how much memory a process holds")
