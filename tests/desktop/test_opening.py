"""Opening the desk as the command does, and its end by the window or by a polite kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.desktop import media
from app.desktop.application import OpenDesk, run_desk
from app.election.reference import Reference
from app.station.station import Station
from tests.support import station_world
from tests.support.station_world import Clock


@pytest.fixture
def folder(tmp_path: Path, reference: Reference) -> Path:
    return station_world.make_station(tmp_path, reference)


def test_the_desk_runs_until_its_window_is_closed(prepared: QApplication, folder: Path) -> None:
    titles: list[str] = []

    def drive(opened: OpenDesk) -> None:
        titles.append(opened.window.windowTitle())
        opened.window.close()

    assert run_desk(folder, "Jana Nováková", clock=Clock(), drive=drive) == 0
    assert titles == ["Přebírka · Zkušební volby · ZKOUŠKA"]
    with Station.open(folder, Clock()):
        pass  # free again


def test_a_polite_kill_closes_the_desk_as_its_cross_does(prepared: QApplication, folder: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    status = run_desk(
        folder, "Jana Nováková", clock=Clock(), drive=lambda _: os.kill(os.getpid(), signal.SIGTERM)
    )
    assert status == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_folder_that_is_no_station_is_told_in_one_sentence(
    prepared: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda *arguments: told.append(arguments[2]))
    (tmp_path / "something.txt").write_text("else")
    assert run_desk(tmp_path, "Jana Nováková", clock=Clock()) == 2
    assert len(told) == 1
    assert "není složkou přebíracího místa" in told[0]


def test_a_folder_in_use_is_not_opened_a_second_time(
    prepared: QApplication, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "critical", lambda *arguments: told.append(arguments[2]))
    with Station.open(folder, Clock()):
        assert run_desk(folder, "Jana Nováková", clock=Clock()) == 2
    assert "STA-01" in told[0]


def test_choosing_a_file_begins_in_the_folder_that_was_given(tmp_path: Path) -> None:
    assert media.start_folder(tmp_path) == tmp_path
    assert media.start_folder(tmp_path / "removed stick").is_dir()


def test_the_window_opens_without_what_only_the_sender_or_a_builder_needs() -> None:
    code = (
        "import sys, app.desktop.application\n"
        "heavy = 'httpx', 'sqlalchemy', 'sqlite_utils', 'starlette', 'PySide6.QtPrintSupport'\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_python_survives_more_calls_from_qt_than_it_has_references_of_none() -> None:
    """On Python 3.11 the binding takes a reference of None or True with each call: a night has millions."""
    code = (
        "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "import app.desktop\n"
        "from PySide6.QtCore import QObject, Signal\n"
        "class Sender(QObject):\n"
        "    told = Signal(object)\n"
        "sender = Sender()\n"
        "sender.told.connect(lambda value: None)\n"
        "for _ in range(200_000): sender.told.emit(None)\n"
        "print('alive')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "alive", run.stderr
