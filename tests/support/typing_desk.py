"""Hands on the number pad: keys to whatever has the focus, and a paper with as many lists as a real one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.election.model import Mode
from app.election.reference import Reference
from tests.support import invented_election

_KEYS = {
    "\n": Qt.Key.Key_Enter,
    "+": Qt.Key.Key_Plus,
    "-": Qt.Key.Key_Minus,
    "*": Qt.Key.Key_Asterisk,
    "/": Qt.Key.Key_Slash,
    ".": Qt.Key.Key_Period,
    "<": Qt.Key.Key_Backspace,
}
NUMBERS = (2, 5, 7, 12, 18, 24, 33, 41, 50, 58, 63, 70, 82, 99)
LENGTHS = (50, 50, 45, 70, 12, 50, 8, 50, 46, 30, 50, 3, 50, 50)


def press(keys: str) -> None:
    """Each key to the widget that has the focus at that moment."""
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        special = _KEYS.get(key)
        if special is None:
            QTest.keyClick(focused, key)
        else:
            QTest.keyClick(focused, special)


def reference() -> Reference:
    """The invented election with fourteen lists in its first region."""
    known = invented_election.reference(mode=Mode.REHEARSAL)
    region = replace(known.regions[1], lists=invented_election._lists(NUMBERS, LENGTHS))
    return replace(known, regions={**known.regions, 1: region})
