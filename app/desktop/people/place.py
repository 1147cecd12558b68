"""Where the cursor is, to be found there again: the widget, the place in its text, a begun number."""

from __future__ import annotations

from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desktop.entry.box import Box


@dataclass(frozen=True, slots=True)
class Place:
    """Taken before the desk is hidden, restored after it is shown."""

    widget: QWidget
    cursor: int = 0
    selected_from: int = -1
    selected: int = 0
    begun: bool = False

    @classmethod
    def of(cls, widget: QWidget) -> Place:
        if not isinstance(widget, QLineEdit):
            return cls(widget)
        begun = isinstance(widget, Box) and widget.is_begun
        at, start = widget.cursorPosition(), widget.selectionStart()
        return cls(widget, at, start, len(widget.selectedText()), begun)

    def restore(self) -> None:
        """Put the cursor back; nothing happens where the widget is gone."""
        if not shiboken6.isValid(self.widget):
            return
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        if not isinstance(self.widget, QLineEdit):
            return
        self.widget.setCursorPosition(self.cursor)
        if self.selected_from >= 0:
            self.widget.setSelection(self.selected_from, self.selected)
        if isinstance(self.widget, Box) and self.begun:
            self.widget.go_on()
