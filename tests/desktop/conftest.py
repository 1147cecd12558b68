"""A real desk for each test: a real station in a temporary folder, a small strict centre, the real window."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.desktop import application, texts, theme
from app.desktop.printing.frame import font
from app.desktop.window import MainWindow
from app.election.circumstances import Signatures
from app.election.model import Mode, ProtocolKey, Reading
from app.election.reference import Reference
from app.station.sending import Transport
from app.station.station import Station
from app.trust.passwords import Passwords
from tests.support import invented_election, people, station_world
from tests.support.signing_in import AtTheGate, OpenGate
from tests.support.station_world import Clock, FakeCentre

HERE = Path(__file__).parent
CLERK = "Jana Nováková"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The display without a screen has no window manager to tell sizes to, and says so at each dialog."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"))


@pytest.fixture(autouse=True)
def garbage_on_the_main_thread() -> Iterator[None]:
    """As in the running desk: a search on another thread could destroy widgets there and wait for ever."""
    gc.disable()
    yield
    gc.collect(1)  # what the test made; nothing older than it is searched
    gc.enable()


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def prepared(qapp: QApplication) -> QApplication:
    """The application as a desk has it: dressed once for all tests, unless one left it in other clothes,
    because every widget that is still there is dressed anew."""
    wanted, looks = ("cs", theme.system_is_dark()), (texts.language(), theme.is_dark())
    if qapp.property("prepared") and looks == wanted:
        return qapp
    application.prepare(qapp)
    qapp.setProperty("prepared", True)
    # The first font by a list of families may make Qt complain of how long it took, with its lock held. From
    # the thread of the prints the complaint would wait for Python, whose lock the main thread has while it
    # waits for the fonts. (Only tests listen to Qt's complaints in Python.)
    QFontMetrics(font(10)).height()
    return qapp


@dataclass
class Driver:
    """Hands on the desk: drops, keys, waits. Nothing here reaches behind the window but to look."""

    window: MainWindow
    qtbot: QtBot
    folder: Path
    stick: Path
    centre: FakeCentre
    clock: Clock
    reference: Reference
    readings: dict[ProtocolKey, Reading]

    @property
    def station(self) -> Station:
        return self.window.desk.station

    def keys_of(self, municipality: int, number: int) -> list[ProtocolKey]:
        return [key for key in self.readings if key.precinct == (municipality, number)]

    def file(self, *readings: Reading, name: str = "zapis.xml", mode: Mode = Mode.REHEARSAL) -> Path:
        path = self.stick / name
        path.write_bytes(station_world.file_of(*readings, mode=mode))
        return path

    def joint_file(self, number: int = 1, name: str = "zapis.xml") -> Path:
        return self.file(*(self.readings[key] for key in self.keys_of(550001, number)), name=name)

    def drop(self, *paths: Path) -> None:
        """A real drag and drop on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        at, buttons = QPointF(700, 400), Qt.MouseButton.LeftButton
        none, action = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
        enter = QDragEnterEvent(at, action, data, buttons, none)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(at, action, data, buttons, none))

    def press(self, key: Qt.Key, widget: QWidget | None = None) -> None:
        self.qtbot.keyClick(widget or self.window.focusWidget() or self.window, key)

    def type(self, widget: QWidget, text: str) -> None:
        """Type any letters (the test library's own keyClicks ends the process at the first Czech one)."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(widget, event)

    def wait(self, condition: Callable[[], bool], milliseconds: int = 30_000) -> None:
        self.qtbot.waitUntil(condition, timeout=milliseconds)

    def wait_page(self, name: str) -> None:
        self.wait(lambda: self.window.page == name)

    def dialog(self) -> Any:
        """The window's dialog that is open, whoever opened it."""

        def found() -> QDialog | None:
            return self.window.dialog or self.window.visiting.dialog

        self.wait(lambda: (shown := found()) is not None and shown.isActiveWindow())
        return found()

    def accept(self, answer: Qt.Key = Qt.Key.Key_1) -> None:
        """F9, then who signed the paper, when that was not said before."""
        if self._act(Qt.Key.Key_F9, answer):
            self.activate()

    def hold(self, reason: str, answer: Qt.Key = Qt.Key.Key_1) -> None:
        """F7, who signed the paper, when that was not said before, and the reason."""
        self._act(Qt.Key.Key_F7, answer)
        self.say(reason)

    def _act(self, key: Qt.Key, answer: Qt.Key) -> bool:
        """The key of an act and the answer about signatures; whether that was asked."""
        signed = self.window.verdict.card.offer.answers.signatures is not None
        self.press(key)
        if not signed:
            box = self.dialog().box
            self.press(answer, box.focusWidget() or box.choices[Signatures.ALL])
            self.press(Qt.Key.Key_Return, next(b for b in box.choices.values() if b.isChecked()))
        return not signed

    def activate(self) -> None:
        """What a window manager does when a dialog closes."""
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)

    def say(self, reason: str, name: str = "") -> None:
        """Fill the open dialog by keyboard and confirm it with Ctrl+Enter."""
        dialog = self.dialog()
        if name:
            self.type(dialog.name, name)
        self.type(dialog.reason, reason)
        self.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        if self.window.dialog is None and self.window.visiting.dialog is None:
            self.activate()

    def state(self, key: ProtocolKey) -> str:
        row = self.station.row(key)
        assert row is not None
        return row.state.value

    def shown_state(self, key: ProtocolKey) -> str:
        """As the list on the screen has it."""
        return next(row.state for row in self.window.overview.table.rows if row.key == key)

    def messages(self) -> list[str]:
        return [message.sentence for message in self.window.messages.shown]


@pytest.fixture
def reference() -> Reference:
    return invented_election.reference(mode=Mode.REHEARSAL)


@pytest.fixture
def open_desk(
    prepared: QApplication, qtbot: QtBot, tmp_path: Path, reference: Reference
) -> Iterator[Callable[..., Driver]]:
    """Opens desks on one station folder; each is closed at the end if the test has not."""
    folder = station_world.make_station(tmp_path, reference)
    stick = tmp_path / "stick"
    stick.mkdir()
    clock = Clock()
    centre = FakeCentre(reference, clock)
    opened: list[application.OpenDesk] = []

    def open_(transport: Transport | None = None, sending: bool = True) -> Driver:
        desk = application.open_desk(folder, CLERK, stick, clock, transport or centre, sending)
        opened.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.show()
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        return Driver(
            desk.window, qtbot, folder, stick, centre, clock, reference, station_world.readings(reference)
        )

    yield open_
    for desk in opened:
        desk.close()


@pytest.fixture
def driver(open_desk: Callable[..., Driver]) -> Driver:
    return open_desk()


@pytest.fixture
def open_gate(
    prepared: QApplication, qtbot: QtBot, tmp_path: Path, reference: Reference
) -> Iterator[OpenGate]:
    """Opens the window of one station as people do, with its usual people unless told otherwise."""
    folder = station_world.make_station(tmp_path, reference)
    clock, cheap = Clock(), Passwords(people.CHEAP)
    opened: list[application.OpenDesk] = []

    def open_(chosen: str = "", with_people: bool = True, at_once: bool = False) -> AtTheGate:
        if with_people and not opened:
            with Station.open(folder, clock, passwords=cheap) as station:
                people.usual(station)
        desk = application.open_for_people(
            folder, chosen, tmp_path, clock, sending=False, passwords=cheap, at_once=at_once
        )
        opened.append(desk)
        qtbot.addWidget(desk.window)
        desk.window.show()
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        return AtTheGate(desk, qtbot, folder, clock)

    yield open_
    for desk in opened:
        desk.close()
        # It goes with the window, on this thread: a search for garbage may run on any other.
        desk.desk.setParent(desk.window)


@pytest.fixture
def at(open_gate: OpenGate) -> AtTheGate:
    return open_gate()
