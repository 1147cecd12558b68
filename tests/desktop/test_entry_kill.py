"""Killed at any field exit of an entry, the draft is whole to the last field that was left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.desktop.forms import paper
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station.figures import figures
from app.station.station import Station
from tests.support import station_world, typing_desk
from tests.support.invented_election import senate_protocol, stated
from tests.support.station_world import Clock
from tests.support.typing import keys_of

T5 = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)

#: Types the keys one by one and says after each Enter that it was pressed; then waits to be killed.
_TYPIST = """
import sys, time
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from app.desktop import application
from tests.support.station_world import Clock
from tests.support.typing_desk import press
from tests.desktop.test_entry_kill import T5
running = QApplication([])
application.prepare(running)
opened = application.open_desk(Path(sys.argv[1]), "Jana", clock=Clock(), sending=False)
opened.window.show()
opened.window.activateWindow()
opened.window.entry.open(T5)
while opened.window.entry.page.box is None:
    QTest.qWait(5)
for key in sys.argv[2].replace("E", "\\n"):
    press(key)
    while opened.desk.entry.is_saving and not QTest.qWait(1):
        pass
    if key == "\\n":
        print("left", flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_a_kill_at_every_field_exit_loses_nothing_that_was_left(tmp_path: Path) -> None:
    """One entry: killed after each field, begun again, the next field typed, killed again."""
    reference = typing_desk.reference()
    folder = station_world.make_station(tmp_path, reference)
    reading = stated(reference, senate_protocol(reference, T5.precinct, 1, 4))
    fields = keys_of(reading, paper(T5, reference)).rstrip("\n").split("\n")
    for left in range(len(fields)):
        # The cursor is where the last field was left; it is typed again as a clerk would, then the next.
        keys = "E".join(fields[max(0, left - 1) : left + 1]) + "E"
        _type_and_kill(folder, keys, enters=1 if left == 0 else 2)
        with Station.open(folder, Clock()) as station:
            (draft,) = station.entries.drafts(T5)
            expected = [int(value) for value in fields[: left + 1]]
            assert list(draft.values.values()) == expected
    with Station.open(folder, Clock()) as station:
        (draft,) = station.entries.drafts(T5)
        assert {f: v or 0 for f, v in figures(reading).items()}.items() <= draft.values.items()


def _type_and_kill(folder: Path, keys: str, enters: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _TYPIST, str(folder), keys], stdout=subprocess.PIPE, text=True
    ) as typist:
        assert typist.stdout is not None
        for _ in range(enters):
            assert typist.stdout.readline() == "left\n"
        typist.kill()
