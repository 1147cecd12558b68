"""The revisions of one protocol as a small table: which, when, by whom, where it stands and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.desktop import texts, theme
from app.desktop.states import STATES
from app.desktop.tables import whole_rows
from app.desktop.texts import t
from app.station.history import Past

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_REVISION, _AT, _BY, _STATE, _REASON = range(5)
_NAMES: Final = ("revision", "at", "by", "state", "reason")
_LINE: Final = 26
_MOST: Final = 2
_WIDTHS: Final = {_REVISION: 72, _AT: 104, _BY: 132, _STATE: 96}


class HistoryModel(QAbstractTableModel):
    """Rows as given by `show`, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Past, ...] = ()

    @property
    def rows(self) -> tuple[Past, ...]:
        return self._rows

    def show(self, rows: tuple[Past, ...]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_NAMES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return t(f"history.column.{_NAMES[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        past, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _short(past.accepted_at) if column == _AT else _text(past, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _text(past, column)
        if role == Qt.ItemDataRole.DecorationRole and column == _STATE:
            look = STATES[past.state.value]
            return theme.pixmap(look.icon, look.ink, 14)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (_text(past, section) for section in range(len(_NAMES)))))
        return None


def _text(past: Past, column: int) -> str:
    match column:
        case 0:
            return str(past.revision)
        case 1:
            return texts.date_time(past.accepted_at)
        case 2:
            if past.approved_by:
                return t("history.both", clerk=past.accepted_by, supervisor=past.approved_by)
            return past.accepted_by
        case 3:
            return t(STATES[past.state.value].text)
        case _:
            return past.reason


def _short(at: datetime) -> str:
    """Day and minute; the tool tip has the whole."""
    local = at.astimezone(texts.PRAGUE)
    return f"{local.day}.{texts.NBSP}{local.month}. {texts.clock_time(at)}"


class HistoryView(QTableView):
    """Emits `wanted(Past)` when the cursor comes to a revision."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = HistoryModel(self)
        self.setModel(self.history)
        self.setObjectName("history")
        self.setAccessibleName(t("history.name"))
        header = whole_rows(self, _LINE)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header.setMinimumSectionSize(30)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section, width in _WIDTHS.items():
            self.setColumnWidth(section, width)
        header.setSectionResizeMode(_REASON, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def show_past(self, past: tuple[Past, ...]) -> None:
        """Show the revisions, the cursor on the newest."""
        self.history.show(past)
        shown = min(len(past), _MOST)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * _LINE + 4)
        if past:
            self.setCurrentIndex(self.history.index(0, 0))

    def _moved(self, current: QModelIndex) -> None:
        if current.isValid():
            self.wanted.emit(self.history.rows[current.row()])
