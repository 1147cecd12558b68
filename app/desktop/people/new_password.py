"""A new password typed twice, with its one rule said beforehand and counted while one types."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.people.password_box import PasswordBox
from app.desktop.texts import plural, t
from app.desktop.widgets import heading, labelled_box
from app.trust.passwords import SHORTEST


class NewPassword(QWidget):
    """Two boxes in a row. `ready` says whether both are the same and long enough."""

    changed = Signal()
    entered = Signal()

    def __init__(self, word: str, again: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.first, self.second = PasswordBox(word, self), PasswordBox(again, self)
        self.rule = heading(t("password.rule", shortest=SHORTEST), self, "muted")
        self.state = heading("", self, "whyNot")
        boxes = QHBoxLayout()
        boxes.setSpacing(12)
        boxes.addLayout(labelled_box(word, self.first, self))
        boxes.addLayout(labelled_box(again, self.second, self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(boxes)
        column.addWidget(self.rule)
        column.addWidget(self.state)
        self.setFocusProxy(self.first)
        self.first.line.returnPressed.connect(self.second.line.setFocus)
        self.second.line.returnPressed.connect(self.entered)
        for box in (self.first, self.second):
            box.line.textChanged.connect(self._look)
            box.caps_changed.connect(lambda _on: self._look())
        self.setTabOrder(self.first.shown, self.second.line)
        self._look()

    @property
    def text(self) -> str:
        return self.first.text

    @property
    def ready(self) -> bool:
        return len(self.text) >= SHORTEST and self.text == self.second.text

    def clear(self) -> None:
        self.first.clear()
        self.second.clear()

    @Slot()
    def _look(self) -> None:
        lacking = SHORTEST - len(self.text)
        said = [plural("password.short", lacking) if lacking > 0 else t("password.long_enough")]
        if lacking <= 0 and self.text != self.second.text:
            said.append(t("password.differs"))
        if self.first.caps or self.second.caps:
            said.append(t("password.caps"))
        self.state.setText(" ".join(said))
        self.changed.emit()
