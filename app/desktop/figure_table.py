"""A table of figures to read: rows as given, a heading row between blocks, a mark on what matters.

Used where two sides stand beside each other: neighbours, both readings of a paper, before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.desktop import theme
from app.desktop.cells import CellDelegate
from app.desktop.row_table import CELL_ROLE, LEFT, RIGHT, Index, Painted
from app.desktop.states import Look
from app.desktop.tables import whole_rows
from app.desktop.texts import t

_NOWHERE = QModelIndex()
_ROW_HEIGHT: Final = 25


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the heading's text, `width` in pixels (0: what is left), `numeric` stands on the right."""

    key: str
    width: int = 0
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row. A heading has words in its second cell only; a `look` marks the row and names why."""

    cells: tuple[str, ...]
    look: Look | None = None
    heading: bool = False


class FigureTable(QAbstractTableModel):
    """Immutable rows under fixed columns. A mark's icon stands in the last column."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: tuple[FigureRow, ...] = ()

    @property
    def rows(self) -> tuple[FigureRow, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show other rows; the same ones again change nothing."""
        if tuple(rows) != self._rows:
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return t(self._columns[section].key)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self._columns[section].numeric else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], index.column()
        text = row.cells[column]
        if role == CELL_ROLE:
            return self._painted(row, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = text if row.heading else f"{t(self._columns[column].key)}: {text}"
            return f"{said}, {t(row.look.text)}" if row.look else said
        return None

    def _painted(self, row: FigureRow, column: int) -> Painted:
        ground = "raised" if row.heading else row.look.ground if row.look else None
        last = column == len(self._columns) - 1
        picture = theme.pixmap(row.look.icon, row.look.ink) if row.look and last else None
        alignment = RIGHT if self._columns[column].numeric and picture is None else LEFT
        return Painted(
            row.cells[column],
            picture,
            theme.colour(ground) if ground else None,
            theme.colour("text"),
            alignment,
        )


class FigureView(QTableView):
    """The table on the screen, read by keyboard a row at a time."""

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.table = FigureTable(columns, self)
        self.setModel(self.table)
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(self))
        header = whole_rows(self, _ROW_HEIGHT)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for place, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(place, column.width)
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show rows from the top, unless they are the ones shown."""
        if tuple(rows) != self.table.rows:
            self.table.set_rows(rows)
            self.scrollToTop()
