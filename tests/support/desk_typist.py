"""A desk whose clerk types the keys one by one, to be killed at any of them: see `forked`.

Its arguments are the station's folder and the keys, E for Enter. After each Enter, once everything typed is
saved, it says "left"; then it waits to be killed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.desktop import application
from app.election.model import Contest, PrecinctId, ProtocolKey
from tests.support.station_world import Clock
from tests.support.typing_desk import press

T5 = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)


def main() -> None:
    running = QApplication([])
    application.prepare(running)
    opened = application.open_desk(Path(sys.argv[1]), "Jana", clock=Clock(), sending=False)
    opened.window.show()
    opened.window.activateWindow()
    opened.window.entry.open(T5)
    while opened.window.entry.page.box is None:
        QTest.qWait(5)
    for key in sys.argv[2].replace("E", "\n"):
        press(key)
        while opened.desk.entry.is_saving and not QTest.qWait(1):
            pass
        if key == "\n":
            print("left", flush=True)
    time.sleep(60)
