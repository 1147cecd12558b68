"""The desk's three waits: start to window, file to verdict, key to paint; each beside its floor.

The floors are Qt's own: showing an empty window, parsing the file with its schema, painting the same
widget without having changed it. Measured with the largest point (177 precincts × 2 contests) and a
protocol as large as the largest real ones, without a screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.documents.floor import raw_parse_seconds
from app.election.model import Mode
from app.rehearsal import ballots
from app.rehearsal.generator import Plan, invent
from tests.benchmarks._report import line, percentile
from tests.support.station_world import Clock, FakeCentre, file_of, make_station

_ZLIN = 7204
_PRECINCTS = 177
_KEYS = 300

#: Run in a process of its own: seconds from the first import to the painted window.
_START = """
import sys, time
begun = time.perf_counter()
from pathlib import Path
from PySide6.QtWidgets import QApplication
if sys.argv[1] == "floor":
    from PySide6.QtWidgets import QMainWindow
    application = QApplication([])
    window = QMainWindow()
else:
    from app.desktop import application as desk
    from datetime import datetime, timezone
    application = QApplication([])
    desk.prepare(application)
    night = datetime(2024, 9, 21, 13, tzinfo=timezone.utc)
    opened = desk.open_desk(Path(sys.argv[1]), "Jana", clock=lambda: night, sending=False)
    window = opened.window
window.show()
application.processEvents()
print(time.perf_counter() - begun)
"""


def main() -> None:
    """Print three lines; exit with 1 when one is over its budget."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    plan = Plan(seed=3, precincts=_PRECINCTS, stations=1, home_district=_ZLIN)
    reference = invent(plan)
    (point,) = {precinct.transfer_point for precinct in reference.precincts.values()}
    with tempfile.TemporaryDirectory(prefix="prebirka-bench-") as base:
        folder = make_station(Path(base), reference, point=point)
        papers = [
            ballots.write(reference, precinct, contest, 3)
            for precinct in reference.precincts.values()
            for contest in reference.contests_of(precinct)
        ]
        largest = max((file_of(paper.first, mode=Mode.REHEARSAL) for paper in papers), key=len)
        path = Path(base) / "zapis.xml"
        path.write_bytes(largest)
        kept = [_start(folder), *_at_work(folder, path, largest, FakeCentre(reference, Clock()))]
    if not all(kept):
        sys.exit(1)


def _start(folder: Path) -> bool:
    def once(what: str) -> float:
        run = subprocess.run([sys.executable, "-c", _START, what], check=True, capture_output=True, text=True)
        return float(run.stdout)

    for what in ("floor", str(folder)):
        once(what)  # warm
    floor = min(once("floor") for _ in range(3))
    return _told("desk-start", min(once(str(folder)) for _ in range(3)) * 1000, floor * 1000, 600)


def _at_work(folder: Path, path: Path, data: bytes, centre: FakeCentre) -> list[bool]:
    from PySide6.QtCore import QEventLoop, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from app.desktop import application

    running = QApplication([])
    application.prepare(running)
    opened = application.open_desk(folder, "Jana", clock=centre.clock, transport=centre)
    window = opened.window
    window.show()
    running.processEvents()

    verdicts = []
    for _ in range(100):
        begun = time.perf_counter()
        window.open_files([path])
        while window.page != "verdict":
            running.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        running.processEvents()
        verdicts.append(time.perf_counter() - begun)
        window.verdict.leave_button.click()
        running.processEvents()

    search, painted, still = window.overview.search, [], []
    search.setFocus()
    for index in range(_KEYS):
        letter = "lhota "[index % 6]
        begun = time.perf_counter()
        QTest.keyClick(search, letter) if index % 12 < 6 else QTest.keyClick(search, Qt.Key.Key_Backspace)
        running.processEvents()
        painted.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        window.overview.view.viewport().repaint()
        still.append(time.perf_counter() - begun)
    opened.close()
    parse = raw_parse_seconds([data], "zapisy.xsd")
    return [
        _told("desk-verdict-p99", percentile(verdicts, 0.99) * 1000, parse * 1000, 50),
        _told("desk-key-p99", percentile(painted, 0.99) * 1000, percentile(still, 0.99) * 1000, 16),
    ]


def _told(name: str, figure: float, floor: float, budget: float) -> bool:
    text, kept = line(name, figure, "ms", floor=floor, at_most=budget)
    print(text, flush=True)
    return kept


if __name__ == "__main__":
    main()
