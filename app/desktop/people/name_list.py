"""Choosing a person by keyboard: a line that narrows the list below it as one types, without diacritics.

The focus stays in the line; the arrows move in the list. Enter goes on.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.precinct_table import czech_order
from app.desktop.texts import t
from app.station.overseeing.narrowing import folded
from app.station.users.rows import Account

_LOGIN = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class NameList(QWidget):
    """Emits `taken` when a person is chosen by Enter or a click, `changed` when the choice moves."""

    taken = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line, self.list = QLineEdit(self), QListWidget(self)
        self.line.setAccessibleName(t("login.name"))
        self.line.setPlaceholderText(t("login.name_hint"))
        self.list.setAccessibleName(t("login.people"))
        self.list.setMinimumHeight(64)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.line)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._narrow)
        self.line.returnPressed.connect(self._take)
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        self.list.currentRowChanged.connect(lambda _row: self.changed.emit())

    @property
    def fits(self) -> bool:
        """Whether the choice stands on a person of the list."""
        return self._current() is not None

    @property
    def chosen(self) -> str:
        """Login of the person chosen; what was typed when no name on the list fits."""
        item = self._current()
        return self.line.text().strip() if item is None else str(item.data(_LOGIN))

    def show_accounts(self, accounts: Sequence[Account], chosen: str = "") -> bool:
        """Show who may sign in, the person `chosen` picked beforehand; whether there is such a one."""
        self.list.clear()
        self.line.clear()
        order = czech_order(one.name for one in accounts)
        people = sorted((one for one in accounts if one.active), key=lambda one: order[one.name])
        for one in people:
            item = QListWidgetItem(t("login.person", name=one.name, role=t(f"role.{one.role}")))
            item.setIcon(theme.icon("user"))
            item.setData(_LOGIN, one.login)
            item.setData(_LOGIN + 1, one.name)
            self.list.addItem(item)
            if chosen in (one.name, one.login):
                self.list.setCurrentItem(item)
                self.line.setText(one.name)
        found = self._current() is not None
        if not found and len(people) == 1:
            self.list.setCurrentRow(0)
        return found

    @Slot(str)
    def _narrow(self, typed: str) -> None:
        sought, first = folded(typed.strip()), None
        for item in self._items():
            name, login = str(item.data(_LOGIN + 1)), str(item.data(_LOGIN))
            words = [folded(name), *folded(name).split(), folded(login)]
            item.setHidden(not any(word.startswith(sought) for word in words))
            if first is None and not item.isHidden():
                first = item
        if first is not None and sought:
            self.list.setCurrentItem(first)
        else:
            self.list.setCurrentRow(-1)
        self.changed.emit()

    @Slot()
    def _take(self) -> None:
        item = self._current()
        if item is not None:
            self.line.setText(str(item.data(_LOGIN + 1)))
        if self.chosen:
            self.taken.emit()

    def _current(self) -> QListWidgetItem | None:
        """The person on whom the choice stands; None when the typed letters fit nobody."""
        shown = [item for item in self._items() if item.isSelected() and not item.isHidden()]
        return shown[0] if shown else None

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            QApplication.sendEvent(self.list, event)
            return True
        return False
