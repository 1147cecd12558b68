"""A box for a password: hidden, to be shown on wish, with a word about Caps Lock.

Pasting is allowed and nothing is completed. Qt does not tell whether Caps Lock is on, so a letter whose
case contradicts Shift tells it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.desktop import theme
from app.desktop.texts import t


class PasswordBox(QWidget):
    """`line` is the field; `caps_changed` says whether Caps Lock seems to be on."""

    caps_changed = Signal(bool)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setAccessibleName(name)
        self.line.setMaxLength(400)
        self.shown = QToolButton(self)
        self.shown.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(self.shown)
        self.setFocusProxy(self.line)
        self.setTabOrder(self.line, self.shown)
        self.caps = False
        self.line.installEventFilter(self)
        self.shown.toggled.connect(self._show)
        self._show(False)

    @property
    def text(self) -> str:
        return self.line.text()

    def clear(self) -> None:
        """Forget what was typed, and hide what will be."""
        self.line.clear()
        self.shown.setChecked(False)

    @Slot(bool)
    def _show(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        word = t("password.hide" if shown else "password.show")
        self.shown.setIcon(theme.icon("hide" if shown else "show"))
        self.shown.setToolTip(word)
        self.shown.setAccessibleName(word)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._look(event)
        return False

    def _look(self, event: QKeyEvent) -> None:
        letter = event.text()
        if len(letter) != 1 or letter.lower() == letter.upper():
            return
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        caps = letter.isupper() is not shift
        if caps != self.caps:
            self.caps = caps
            self.caps_changed.emit(caps)
