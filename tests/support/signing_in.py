"""Hands at the gate before the desk: names and passwords by keyboard, as people give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.application import OpenDesk
from app.desktop.people.gate import Gate
from app.desktop.window import MainWindow
from app.station.station import Station
from tests.support.people import PASSWORDS
from tests.support.station_world import Clock

#: Opens a station for people: `open(chosen="", with_people=True, at_once=False)`.
OpenGate = Callable[..., "AtTheGate"]
_SHIFTED = Qt.KeyboardModifier.ShiftModifier
_PLAIN = Qt.KeyboardModifier.NoModifier


@dataclass
class AtTheGate:
    """Nothing here reaches behind the window but to look."""

    opened: OpenDesk
    qtbot: QtBot
    folder: Path
    clock: Clock

    @property
    def gate(self) -> Gate:
        assert self.opened.gate is not None
        return self.opened.gate

    @property
    def window(self) -> MainWindow:
        return self.opened.window

    @property
    def station(self) -> Station:
        return self.opened.desk.station

    @property
    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def type(self, text: str) -> None:
        """Letters to whatever has the focus; a capital one comes with Shift."""
        for letter in text:
            held = _SHIFTED if letter.isupper() else _PLAIN
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self.focused, QKeyEvent(kind, Qt.Key.Key_unknown, held, letter))

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = _PLAIN) -> None:
        self.qtbot.keyClick(self.focused, key, held)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=5000)

    def wait_page(self, name: str) -> None:
        self.wait(lambda: self.gate.is_closed and self.gate.page == name)

    def wait_open(self) -> None:
        self.wait(lambda: not self.gate.is_closed)

    def lock(self) -> None:
        self.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        self.wait_page("login")

    def sign_in(self, name: str, typed: str = "", password: str = "") -> None:
        """The whole way: some letters of the name, Enter, the password, Enter."""
        if self.gate.login.names.chosen == "" or typed:
            self.type(typed or name)
            self.enter()
        self.type(password or PASSWORDS[name])
        self.enter()

    def wait_refused(self) -> str:
        """The sentence of a failed attempt."""
        hint = self.gate.login.hint
        self.wait(lambda: bool(hint.text()) and not hint.text().startswith("Ověřuje"))
        return hint.text()

    def acts(self) -> list[str]:
        """What the journal holds of people, newest last."""
        return [f"{entry.user}: {entry.act}" for entry in self.station.journal.entries(limit=1000)]
