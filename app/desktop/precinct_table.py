"""The table model of the point's protocols: immutable rows in, the smallest change signal out.

A row is one precinct × contest. `set_rows` compares with what is shown: while the same rows stay in the same
places only the changed ones are announced, so that a receipt repaints one line and the selection stays.
Search, filter and sort happen here and not in a proxy: Qt's would ask back for each comparison and announce
each gap by itself, which takes ten times as long at 177 precincts. Municipalities sort in Czech order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QCollator,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QPixmap

from app.desktop import texts, theme
from app.desktop.states import STATES, Look
from app.desktop.texts import t
from app.election.model import Contest, PrecinctId, ProtocolKey

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
KEY_ROLE = Qt.ItemDataRole.UserRole + 1
#: Everything that a cell is painted with, in one answer: a `Painted`.
CELL_ROLE = Qt.ItemDataRole.UserRole + 2
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
    deadline: datetime | None = None  # of a refused protocol
    minutes_left: int | None = None  # to the deadline, begun ones counted; 0 or less: over

    @property
    def precinct(self) -> int:
        return self.key.precinct.number

    @property
    def contest(self) -> Contest:
        return self.key.contest


class Painted(NamedTuple):
    """What `app.desktop.cells` paints."""

    text: str
    picture: QPixmap | None
    ground: QColor | None
    ink: QColor
    alignment: Qt.AlignmentFlag


class Column(IntEnum):
    """The columns in their order on the screen."""

    MUNICIPALITY = 0
    PRECINCT = 1
    CONTEST = 2
    STATE = 3
    TIME = 4
    REVISION = 5
    WARNINGS = 6


_COLUMNS: Final = len(Column)
#: Rule PR-06: from here on a deadline is near.
NEAR_MINUTES: Final = 30
_NEAR: Final = Look("clock", "warning", "warning_ground", "deadline.near")
_OVER: Final = Look("clock", "error", "error_ground", "deadline.over")


def folded(text: str) -> str:
    """Lower case without diacritics, for searching: Žďár → zdar."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


class PrecinctTable(QAbstractTableModel):
    """All rows as given by `set_rows`; those shown are the ones that `narrow` lets through, sorted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._cells: list[dict[int, tuple[Any, ...]]] = []
        self._search: list[tuple[str, str, str]] = []
        self._ranks: dict[ProtocolKey, int] = {}
        self._words: tuple[str, ...] = ()
        self._states: frozenset[str] = frozenset()
        self._sorted_by, self._descending = Column.MUNICIPALITY, False
        #: places in `_rows`, in the order shown
        self._order: list[int] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, whatever is shown of them."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Take these rows; announce only what differs from those shown."""
        new, old = tuple(rows), self._rows
        if [row.key for row in new] != [row.key for row in old]:
            self.beginResetModel()
            self._rows = new
            self._rank()
            self._cells = [self._worked_out(row) for row in new]
            self._order = self._arranged()
            self.endResetModel()
            return
        self._rows = new
        changed = {i for i, (before, now) in enumerate(zip(old, new, strict=True)) if before != now}
        for index in changed:
            self._cells[index] = self._worked_out(new[index])
        if changed:
            self._arrange()
            places = [place for place, index in enumerate(self._order) if index in changed]
            for first, last in _runs(places):
                self.dataChanged.emit(self.index(first, 0), self.index(last, _COLUMNS - 1))

    @property
    def precincts_shown(self) -> frozenset[PrecinctId]:
        """The precincts whose protocols are let through."""
        return frozenset(self._rows[i].key.precinct for i in self._order)

    def narrow(self, search: str, states: frozenset[str]) -> None:
        """Show rows in one of the states that hold every word (a number: a precinct's first digits, or a
        municipality's code)."""
        words = tuple(folded(search).replace("/", " ").split())
        if (words, states) != (self._words, self._states):
            self._words, self._states = words, states
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._descending = Column(column), order is Qt.SortOrder.DescendingOrder
        self._arrange()

    def place_of(self, key: ProtocolKey) -> int | None:
        """The row on the screen; None when the filter hides it."""
        return next((place for place, i in enumerate(self._order) if self._rows[i].key == key), None)

    def _arrange(self) -> None:
        """Work the order out anew; the same rows in another order keep their selection."""
        order = self._arranged()
        if order == self._order:
            return
        if len(order) != len(self._order):
            self.beginResetModel()
            self._order = order
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        places = {index: place for place, index in enumerate(order)}
        kept = self.persistentIndexList()
        moved = [self._moved(index, places) for index in kept]
        self._order = order
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _moved(self, index: QModelIndex, places: dict[int, int]) -> QModelIndex:
        place = places.get(self._order[index.row()])
        return QModelIndex() if place is None else self.createIndex(place, index.column())

    def _arranged(self) -> list[int]:
        shown = [i for i, row in enumerate(self._rows) if self._is_let_through(i, row)]
        by, ranks, cells = self._sorted_by, self._ranks, self._cells
        shown.sort(key=lambda i: ranks[self._rows[i].key])
        if by is not Column.MUNICIPALITY:
            shown.sort(key=lambda i: cells[i][SORT_ROLE][by], reverse=self._descending)
        elif self._descending:
            shown.reverse()
        return shown

    def _is_let_through(self, index: int, row: Row) -> bool:
        if self._states and row.state not in self._states:
            return False
        if not self._words:
            return True
        name, number, code = self._search[index]
        return all(
            (number.startswith(word) or word == code) if word.isdigit() else word in name
            for word in self._words
        )

    def _rank(self) -> None:
        collator = QCollator(QLocale(QLocale.Language.Czech, QLocale.Country.CzechRepublic))
        names = {row.municipality: collator.sortKey(row.municipality) for row in self._rows}
        order = sorted(
            self._rows,
            key=lambda row: (names[row.municipality], row.key.precinct, _contest_rank(row.contest)),
        )
        self._ranks = {row.key: rank for rank, row in enumerate(order)}
        self._search = [
            (folded(row.municipality), str(row.precinct), str(row.key.precinct.municipality))
            for row in self._rows
        ]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else _COLUMNS

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
        values = self._cells[self._order[index.row()]].get(role)
        return None if values is None else values[index.column()]

    def forget_looks(self) -> None:
        """Take colours and icons anew, after a change from light to dark."""
        self._cells = [self._worked_out(row) for row in self._rows]
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, _COLUMNS - 1))

    def _worked_out(self, row: Row) -> dict[int, tuple[Any, ...]]:
        """All that a row can be asked, by role and column: a repaint asks a thousand times, a change once."""
        look, role = _look(row), Qt.ItemDataRole
        shown = tuple(_shown(row, column) for column in Column)
        state = Column.STATE
        pictures = tuple(_picture(row, column) for column in Column)
        ground = theme.colour(look.ground) if look.ground else None
        inks = tuple(theme.colour(look.ink if column is state else "text") for column in Column)
        return {
            role.DisplayRole: shown,
            SORT_ROLE: tuple(self._sort_value(row, column) for column in Column),
            KEY_ROLE: (row.key,) * _COLUMNS,
            CELL_ROLE: tuple(map(Painted, shown, pictures, (ground,) * _COLUMNS, inks, _ALIGNMENTS)),
            role.DecorationRole: pictures,
            role.BackgroundRole: (ground,) * _COLUMNS,
            role.ForegroundRole: inks,
            role.TextAlignmentRole: _ALIGNMENTS,
            role.ToolTipRole: (_help(row, shown[state]),) * _COLUMNS,
            role.AccessibleTextRole: tuple(
                f"{t(f'list.column.{c.name.lower()}')}: {shown[c]}" for c in Column
            ),
        }

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
            return t(_look(row).text)
        case Column.TIME:
            if row.minutes_left is not None:
                left = max(0, row.minutes_left)
                return t("deadline.left", left=texts.duration(left))
            return texts.clock_time(row.since) if row.since else ""
        case Column.REVISION:
            return str(row.revision) if row.revision else ""
        case Column.WARNINGS:
            return str(row.warnings) if row.warnings else ""


def _look(row: Row) -> Look:
    """How the state looks; a refusal whose deadline is near or over says so (rule PR-06)."""
    if row.minutes_left is None or row.minutes_left > NEAR_MINUTES:
        return STATES[row.state]
    return _NEAR if row.minutes_left > 0 else _OVER


def _help(row: Row, state: str) -> str:
    """The tool tip: first the whole name, which the column may have to cut."""
    note = row.note
    if row.deadline:
        note = t("deadline.help", time=texts.date_time(row.deadline), note=row.note).strip()
    return "\n".join(part for part in (f"{row.municipality}, {row.precinct}: {state}", note) if part)


def _picture(row: Row, column: Column) -> QPixmap | None:
    if column is Column.STATE:
        look = _look(row)
        return theme.pixmap(look.icon, look.ink, 16)
    if column is Column.WARNINGS and row.warnings:
        return theme.pixmap("warning", "warning", 16)
    return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column in (Column.PRECINCT, Column.REVISION):
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


_ALIGNMENTS: Final = tuple(_alignment(column) for column in Column)
