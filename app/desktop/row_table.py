"""What every table of the desk shares: immutable rows in, the smallest signal of change out.

`set_rows` compares with what is shown: while the same rows stay in the same places only the changed ones
are announced, so that a receipt repaints one line and the selection stays; a row that a filter lets go or
takes in is removed or inserted by itself. Search, filter and sort happen here and not in a proxy: Qt's would
ask back for each comparison and announce each gap by itself, which takes ten times as long at 177 precincts.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from enum import IntEnum
from typing import Any, Final, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPixmap

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
KEY_ROLE = Qt.ItemDataRole.UserRole + 1
#: Everything that a cell is painted with, in one answer: a `Painted`.
CELL_ROLE = Qt.ItemDataRole.UserRole + 2
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NOWHERE = QModelIndex()
#: More gaps than this are told as a new table: somebody asked for another filter.
_MOST_GAPS: Final = 16

R = TypeVar("R")


class Painted(NamedTuple):
    """What `app.desktop.cells` paints."""

    text: str
    picture: QPixmap | None
    ground: QColor | None
    ink: QColor
    alignment: Qt.AlignmentFlag


class RowTable(QAbstractTableModel, Generic[R]):
    """All rows as given by `set_rows`; those shown are the ones that `lets` lets through, sorted."""

    #: The columns in their order on the screen.
    columns: type[IntEnum]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[R, ...] = ()
        self._keys: list[Hashable] = []
        self._sorting: list[tuple[Any, ...]] = []
        #: of rows that were asked about since they came, by their place in `_rows`
        self._cells: dict[int, dict[int, tuple[Any, ...]]] = {}
        self._sorted_by, self._descending = 0, False
        #: places in `_rows`, in the order shown
        self._order: list[int] = []

    # --- what a table says of its rows ----------------------------------------------------------------

    @abstractmethod
    def key(self, row: R) -> Hashable:
        """What makes it the same row after a change."""

    @abstractmethod
    def painted(self, row: R) -> tuple[Painted, ...]:
        """Its cells, one for each column."""

    @abstractmethod
    def sort_values(self, row: R) -> tuple[Any, ...]:
        """What it is sorted by, one for each column; equal ones stay in the order of the first column."""

    @abstractmethod
    def help(self, row: R, cells: Sequence[Painted]) -> str:
        """Its tool tip."""

    @abstractmethod
    def heading(self, column: int) -> tuple[str, str]:
        """Word and help of a column."""

    def lets(self, place: int, row: R) -> bool:
        """Whether the row at `place` of all rows is shown."""
        return True

    def came(self, rows: Sequence[R]) -> None:
        """Another set of rows comes: work out what is needed to sort and to search them."""

    # --- rows ---------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[R, ...]:
        """All rows, whatever is shown of them."""
        return self._rows

    @property
    def shown(self) -> tuple[R, ...]:
        """The rows shown, in their order."""
        return tuple(self._rows[i] for i in self._order)

    def row_at(self, place: int) -> R:
        """The row on the screen at a place."""
        return self._rows[self._order[place]]

    def set_rows(self, rows: Sequence[R]) -> None:
        """Take these rows; announce only what differs from those shown."""
        new, old = tuple(rows), self._rows
        keys = [self.key(row) for row in new]
        if keys != self._keys:
            self.beginResetModel()
            self._rows, self._keys = new, keys
            self.came(new)
            self._sorting, self._cells = [self.sort_values(row) for row in new], {}
            self._order = self._arranged()
            self.endResetModel()
            return
        changed = {i for i, (before, now) in enumerate(zip(old, new, strict=True)) if before != now}
        if not changed:
            return
        self._rows = new
        self.changed_rows(changed)
        for index in changed:
            self._sorting[index] = self.sort_values(new[index])
            self._cells.pop(index, None)
        self.arrange()
        places = [place for place, index in enumerate(self._order) if index in changed]
        for first, last in runs(places):
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def changed_rows(self, places: set[int]) -> None:
        """Rows at these places differ: renew what is searched of them."""

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._descending = max(column, 0), order is Qt.SortOrder.DescendingOrder
        self.arrange()

    def place_of(self, key: Hashable) -> int | None:
        """The row on the screen; None when the filter hides it."""
        return next((place for place, i in enumerate(self._order) if self._keys[i] == key), None)

    def arrange(self) -> None:
        """Work out anew what is shown and in which order; rows that stay keep their selection."""
        order = self._arranged()
        if order == self._order:
            return
        had, stay = set(self._order), set(order)
        gone = list(runs([place for place, i in enumerate(self._order) if i not in stay]))
        new = list(runs([place for place, i in enumerate(order) if i not in had]))
        if len(gone) + len(new) > _MOST_GAPS:
            self.beginResetModel()
            self._order = order
            self.endResetModel()
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._order[first : last + 1]
            self.endRemoveRows()
        self._reorder([i for i in order if i in had])
        for first, last in new:
            self.beginInsertRows(_NOWHERE, first, last)
            self._order[first:first] = order[first : last + 1]
            self.endInsertRows()

    def _reorder(self, order: list[int]) -> None:
        """The same rows in another order."""
        if order == self._order:
            return
        self.layoutAboutToBeChanged.emit()
        places = {index: place for place, index in enumerate(order)}
        kept = self.persistentIndexList()
        moved = [self.createIndex(places[self._order[index.row()]], index.column()) for index in kept]
        self._order = order
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _arranged(self) -> list[int]:
        shown = [i for i, row in enumerate(self._rows) if self.lets(i, row)]
        by, values = self._sorted_by, self._sorting
        shown.sort(key=lambda i: values[i][0])
        if by:
            shown.sort(key=lambda i: values[i][by], reverse=self._descending)
        elif self._descending:
            shown.reverse()
        return shown

    # --- Qt's questions -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.heading(section)[0]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.heading(section)[1]
            if role == Qt.ItemDataRole.TextAlignmentRole and self._rows:
                return self._cells_at(0)[CELL_ROLE][section].alignment
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        values = self._cells_at(self._order[index.row()]).get(role)
        return None if values is None else values[index.column()]

    def forget_looks(self) -> None:
        """Take colours and icons anew, after a change from light to dark."""
        self._cells = {}
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, self.columnCount() - 1))

    def _cells_at(self, place: int) -> dict[int, tuple[Any, ...]]:
        """All that the row at `place` can be asked, by role and column: worked out when it is first seen, for
        a repaint asks a thousand times, and most rows of a long table are never looked at."""
        found = self._cells.get(place)
        if found is None:
            found = self._cells[place] = self._worked_out(place, self._rows[place])
        return found

    def _worked_out(self, place: int, row: R) -> dict[int, tuple[Any, ...]]:
        role, cells = Qt.ItemDataRole, self.painted(row)
        count = len(cells)
        return {
            role.DisplayRole: tuple(cell.text for cell in cells),
            SORT_ROLE: self._sorting[place],
            KEY_ROLE: (self._keys[place],) * count,
            CELL_ROLE: cells,
            role.DecorationRole: tuple(cell.picture for cell in cells),
            role.BackgroundRole: tuple(cell.ground for cell in cells),
            role.ForegroundRole: tuple(cell.ink for cell in cells),
            role.TextAlignmentRole: tuple(cell.alignment for cell in cells),
            role.ToolTipRole: (self.help(row, cells),) * count,
            role.AccessibleTextRole: tuple(
                f"{self.heading(column)[0]}: {cell.text}" for column, cell in enumerate(cells)
            ),
        }


def runs(indices: list[int]) -> Iterator[tuple[int, int]]:
    """Ascending indices as runs of neighbours: 1 2 3 7 → (1, 3), (7, 7)."""
    start = None
    for position, index in enumerate(indices):
        start = index if start is None else start
        if position + 1 == len(indices) or indices[position + 1] != index + 1:
            yield start, index
            start = None
