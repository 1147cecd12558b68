"""The checklist before closing: a line for each item, its state in an icon and words, and a way to it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.texts import plural, t
from app.desktop.widgets import act_button
from app.station.closing.checklist import Check, Checklist, Item

#: The button of each item; the outbox empties by itself.
_WAYS: Final = {
    Item.EXPECTED: ("show_missing", "forward"),
    Item.HOLDS: ("open_waiting", "forward"),
    Item.DRAFTS: ("open_waiting", "forward"),
    Item.CONFLICTS: ("open_waiting", "forward"),
    Item.JOURNAL: ("verify_store", "checked"),
    Item.BACKUP: ("back_up", "backup"),
}


class CheckLine(QFrame):
    """One item."""

    def __init__(self, item: Item, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self._icon, self._title, self._state = QLabel(self), QLabel(self), QLabel(self)
        self._icon.setFixedSize(24, 24)
        self._title.setObjectName("heading")
        self._title.setText(t(f"closing.item.{item}"))
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._state.setObjectName("muted")
        for label in (self._title, self._state):
            label.setWordWrap(True)
        self.button: QPushButton | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 3, 4, 3)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._state)
        words.addStretch(1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(words, 0, 1)
        if item in _WAYS:
            act, icon = _WAYS[item]
            self.button = act_button(act, "", icon, self)
            self.button.setAccessibleName(f"{t(f'act.{act}')}: {self._title.text()}")
            grid.addWidget(self.button, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        self._look: tuple[str, str] = ("not_compared", "muted")

    @property
    def state(self) -> str:
        return self._state.text()

    def show_check(self, check: Check, more: str = "") -> None:
        """`more` is what the verification found first."""
        if not check.known:
            self._look, told = ("not_compared", "warning"), t(f"closing.unknown.{check.item}")
        elif check.is_done:
            self._look, told = ("passed", "ok"), t(f"closing.done.{check.item}")
        else:
            grave = check.item in (Item.JOURNAL, Item.CONFLICTS)
            self._look = ("blocking", "error") if grave else ("warning", "warning")
            told = plural(f"closing.waiting.{check.item}", check.waiting)
        self._state.setText(f"{told} {more}".strip())
        self.setAccessibleName(t("closing.item_state", title=self._title.text(), state=self._state.text()))
        # What is done needs no second line: on a small screen the whole list is to be seen.
        self._state.setVisible(not check.is_done or check.item in (Item.JOURNAL, Item.BACKUP))
        if self.button is not None:
            self.button.setVisible(not check.is_done)
        self.forget_looks()

    def forget_looks(self) -> None:
        self._icon.setPixmap(theme.pixmap(*self._look, 22))


class ChecklistView(QScrollArea):
    """All items; `way` tells which button was pressed."""

    way = Signal(object)  # Item

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("facts")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(self)
        inside.setObjectName("factsInside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(0)
        self.lines = {item: CheckLine(item, inside) for item in Item}
        for item, line in self.lines.items():
            column.addWidget(line)
            if line.button is not None:
                line.button.clicked.connect(lambda _checked=False, item=item: self.way.emit(item))
        column.addStretch(1)
        self.setWidget(inside)

    def show_list(self, found: Checklist, broken: str = "") -> None:
        for check in found.checks:
            self.lines[check.item].show_check(check, broken if check.item is Item.JOURNAL else "")

    def forget_looks(self) -> None:
        for line in self.lines.values():
            line.forget_looks()
            if line.button is not None:
                line.button.setIcon(theme.icon(_WAYS[line.item][1]))
