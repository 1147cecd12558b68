"""The table model of the point's protocols: immutable rows in, the smallest change signal out.

A row is one precinct × contest. `set_rows` compares with what is shown: while the keys stay the same only
the changed rows are announced, so that a receipt repaints one line and the selection stays. Sorting goes
by whole numbers worked out once with the Czech collation, so that no Python runs per comparison.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from app.desktop import texts, theme
from app.desktop.states import STATES
from app.desktop.texts import t
from app.election.model import Contest, ProtocolKey

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
KEY_ROLE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """One protocol as the list shows it."""

    key: ProtocolKey
    municipality: str
    state: str
    since: datetime | None = None
    revision: int = 0
    warnings: int = 0
    note: str = ""

    @property
    def precinct(self) -> int:
        return self.key.precinct.number

    @property
    def contest(self) -> Contest:
        return self.key.contest


class Column(IntEnum):
    """The columns in their order on the screen."""

    MUNICIPALITY = 0
    PRECINCT = 1
    CONTEST = 2
    STATE = 3
    TIME = 4
    REVISION = 5
    WARNINGS = 6


def folded(text: str) -> str:
    """Lower case without diacritics, for searching: Žďár → zdar."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


class PrecinctTable(QAbstractTableModel):
    """Rows of the list, as given by `set_rows`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._ranks: dict[ProtocolKey, int] = {}
        self._search: dict[ProtocolKey, str] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; announce only what differs from those shown."""
        new, old = tuple(rows), self._rows
        if [row.key for row in new] != [row.key for row in old]:
            self.beginResetModel()
            self._rows = new
            self._rank()
            self.endResetModel()
            return
        self._rows = new
        changed = [i for i, (before, now) in enumerate(zip(old, new, strict=True)) if before != now]
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))

    def row_of(self, key: ProtocolKey) -> int | None:
        return next((i for i, row in enumerate(self._rows) if row.key == key), None)

    def haystack(self, row: int) -> str:
        """What the search looks in: the name folded and the number."""
        return self._search[self._rows[row].key]

    def _rank(self) -> None:
        collator = QCollator(QLocale(QLocale.Language.Czech, QLocale.Country.CzechRepublic))
        names = {row.municipality: collator.sortKey(row.municipality) for row in self._rows}
        order = sorted(
            self._rows,
            key=lambda row: (names[row.municipality], row.key.precinct, _contest_rank(row.contest)),
        )
        self._ranks = {row.key: rank for rank, row in enumerate(order)}
        self._search = {row.key: f"{folded(row.municipality)} {row.precinct}" for row in self._rows}

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            name = Column(section).name.lower()
            if role == Qt.ItemDataRole.DisplayRole:
                return t(f"list.column.{name}")
            if role == Qt.ItemDataRole.ToolTipRole:
                return t(f"list.column_help.{name}")
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(row, column)
        if role == SORT_ROLE:
            return self._sort_value(row, column)
        if role == KEY_ROLE:
            return row.key
        if role == Qt.ItemDataRole.DecorationRole:
            return _picture(row, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            ground = STATES[row.state].ground
            return theme.colour(ground) if ground else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour(STATES[row.state].ink) if column is Column.STATE else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.note or f"{row.municipality} {row.precinct}: {t(STATES[row.state].text)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{t(f'list.column.{column.name.lower()}')}: {_shown(row, column)}"
        return None

    def _sort_value(self, row: Row, column: Column) -> int:
        if column is Column.MUNICIPALITY:
            return self._ranks[row.key]
        if column is Column.PRECINCT:
            return row.precinct
        if column is Column.CONTEST:
            return _contest_rank(row.contest)
        if column is Column.STATE:
            return list(STATES).index(row.state)
        if column is Column.TIME:
            return int(row.since.timestamp()) if row.since else 0
        return row.revision if column is Column.REVISION else row.warnings


class PrecinctFilter(QSortFilterProxyModel):
    """Sorted and narrowed by words of a search and by one state."""

    def __init__(self, source: PrecinctTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = source
        self._words: tuple[str, ...] = ()
        self._states: frozenset[str] = frozenset()
        self.setSourceModel(source)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)

    def narrow(self, search: str, states: frozenset[str]) -> None:
        """Show rows that hold every word (a number: from a precinct's first digit) in one of the states."""
        words = tuple(folded(search).split())
        if (words, states) != (self._words, self._states):
            self.beginFilterChange()
            self._words, self._states = words, states
            self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if self._states and self._table.rows[source_row].state not in self._states:
            return False
        if not self._words:
            return True
        name, _, number = self._table.haystack(source_row).rpartition(" ")
        return all(number.startswith(word) if word.isdigit() else word in name for word in self._words)


def _runs(indices: list[int]) -> Iterator[tuple[int, int]]:
    """Ascending indices as runs of neighbours: 1 2 3 7 → (1, 3), (7, 7)."""
    start = None
    for position, index in enumerate(indices):
        start = index if start is None else start
        if position + 1 == len(indices) or indices[position + 1] != index + 1:
            yield start, index
            start = None


def _contest_rank(contest: Contest) -> int:
    return list(Contest).index(contest)


def _shown(row: Row, column: Column) -> str:
    match column:
        case Column.MUNICIPALITY:
            return row.municipality
        case Column.PRECINCT:
            return str(row.precinct)
        case Column.CONTEST:
            return t(f"contest.short.{row.contest}")
        case Column.STATE:
            return t(STATES[row.state].text)
        case Column.TIME:
            return texts.clock_time(row.since) if row.since else ""
        case Column.REVISION:
            return str(row.revision) if row.revision else ""
        case Column.WARNINGS:
            return str(row.warnings) if row.warnings else ""


def _picture(row: Row, column: Column) -> Any:
    if column is Column.STATE:
        look = STATES[row.state]
        return theme.pixmap(look.icon, look.ink, 16)
    if column is Column.WARNINGS and row.warnings:
        return theme.pixmap("warning", "warning", 16)
    return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column in (Column.PRECINCT, Column.REVISION):
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
