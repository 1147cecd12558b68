"""The left side: every protocol of the point with its state, searched, filtered, sorted, and the progress.

What is expected comes from the reference data, so a precinct that never came is a row like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.cells import CellDelegate
from app.desktop.precinct_table import Column, PrecinctTable, Row
from app.desktop.row_table import KEY_ROLE
from app.desktop.tables import SteadyTable, whole_rows
from app.desktop.texts import number, plural, t
from app.election.model import ProtocolKey
from app.station.overseeing.narrowing import FILTERS

_DONE: Final = frozenset({"accepted", "sent", "confirmed", "correcting"})


class Overview(QFrame):
    """The live list. Emits `chosen` with a protocol's key on Enter or double click, `precinct_chosen` with a
    precinct when Enter in the search finds all protocols of one and no other."""

    chosen = Signal(object)
    precinct_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overview")
        self.table = PrecinctTable(self)
        self.search = QLineEdit(self)
        self.filter = QComboBox(self)
        self.view = SteadyTable(self)
        self.accepted_bar, self.confirmed_bar = QProgressBar(self), QProgressBar(self)
        self.accepted_words, self.confirmed_words = QLabel(self), QLabel(self)
        self.empty = QLabel(t("list.nothing_found"), self)
        self.shown = QLabel(self)
        self._dress()
        self._lay_out()
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._take_first)
        down = QShortcut(QKeySequence("Down"), self.search, self._go_down)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.filter.currentIndexChanged.connect(self._narrow)
        self.view.activated.connect(self._activated)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows and count them."""
        current = self.view.currentIndex().data(KEY_ROLE)
        self.table.set_rows(rows)
        if current is not None and not self.view.currentIndex().isValid():
            self.select(current)
        accepted = sum(row.state in _DONE for row in rows)
        confirmed = sum(row.state == "confirmed" for row in rows)
        self._progress(self.accepted_bar, self.accepted_words, "accepted", accepted, len(rows))
        self._progress(self.confirmed_bar, self.confirmed_words, "confirmed", confirmed, len(rows))
        self._say_shown()

    def set_narrow(self, narrow: bool) -> None:
        """Leave out the columns that find nothing."""
        for column in (Column.TIME, Column.REVISION, Column.WARNINGS):
            self.view.setColumnHidden(column, narrow)
        for column, width in (_WIDTHS_NARROW if narrow else _WIDTHS).items():
            self.view.setColumnWidth(column, width)

    def select(self, key: ProtocolKey) -> None:
        """Put the cursor on a protocol, if the filter shows it."""
        place = self.table.place_of(key)
        if place is not None:
            index = self.table.index(place, 0)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    @property
    def current_key(self) -> ProtocolKey | None:
        """The protocol under the cursor."""
        found = self.view.currentIndex().data(KEY_ROLE)
        return found if isinstance(found, ProtocolKey) else None

    @Slot()
    def _narrow(self) -> None:
        current = self.view.currentIndex().data(KEY_ROLE)
        self.table.narrow(self.search.text(), FILTERS[self.filter.currentIndex()][1])
        if current is not None and not self.view.currentIndex().isValid():
            self.select(current)
        self._say_shown()

    @Slot()
    def _take_first(self) -> None:
        """Enter in the search: with one hit open it, with more go to the list."""
        if self.table.rowCount() == 1:
            self._activated(self.table.index(0, 0))
        elif len(found := self.table.precincts_shown) == 1:
            self.precinct_chosen.emit(next(iter(found)))
        else:
            self._go_down()

    @Slot()
    def _go_down(self) -> None:
        """The arrow in the search: to the first hit in the list."""
        if self.table.rowCount():
            self.view.setCurrentIndex(self.table.index(0, 0))
            self.view.setFocus()

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        key = index.data(KEY_ROLE)
        if key is not None:
            self.chosen.emit(key)

    def _say_shown(self) -> None:
        shown, all_ = self.table.rowCount(), len(self.table.rows)
        self.empty.setVisible(shown == 0)
        self.view.setVisible(shown > 0)
        self.shown.setText(plural("list.shown", shown, all=number(all_)))

    def _progress(self, bar: QProgressBar, words: QLabel, name: str, count: int, total: int) -> None:
        bar.setRange(0, max(total, 1))
        bar.setValue(count)
        text = t(f"list.progress.{name}", count=number(count), total=number(total))
        words.setText(text)
        bar.setAccessibleName(text)

    def _dress(self) -> None:
        self.search.setPlaceholderText(t("list.search"))
        self.search.setAccessibleName(t("list.search_name"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        for name, _ in FILTERS:
            self.filter.addItem(t(f"list.filter.{name}"))
        self.filter.setAccessibleName(t("list.filter_name"))
        self.filter.view().setAccessibleName(t("list.filter_name"))
        self.empty.setObjectName("empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.shown.setObjectName("muted")
        view = self.view
        view.setModel(self.table)
        view.setAccessibleName(t("list.name"))
        view.setSortingEnabled(True)
        view.sortByColumn(Column.MUNICIPALITY, Qt.SortOrder.AscendingOrder)
        header = whole_rows(view, 28)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setItemDelegate(CellDelegate(view))
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.MUNICIPALITY, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, width)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.filter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 8, 10)
        column.setSpacing(8)
        bars = QHBoxLayout()
        bars.setSpacing(14)
        for words, bar in (
            (self.accepted_words, self.accepted_bar),
            (self.confirmed_words, self.confirmed_bar),
        ):
            one = QVBoxLayout()
            one.setSpacing(3)
            bar.setTextVisible(False)
            bar.setFixedHeight(8)
            one.addWidget(words)
            one.addWidget(bar)
            bars.addLayout(one)
        self.confirmed_bar.setObjectName("confirmedBar")
        column.addLayout(bars)
        column.addLayout(tools)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.shown)


_WIDTHS: Final = {
    Column.PRECINCT: 66,
    Column.CONTEST: 54,
    Column.STATE: 148,
    Column.TIME: 58,
    Column.REVISION: 46,
    Column.WARNINGS: 56,
}
_WIDTHS_NARROW: Final = {Column.PRECINCT: 64, Column.CONTEST: 54, Column.STATE: 148}
