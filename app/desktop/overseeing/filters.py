"""The line above the table and the map: search, state, municipality, contest, and what to sort by."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.desktop import theme
from app.desktop.overseeing.tables import Column
from app.desktop.precinct_table import czech_order
from app.desktop.states import STATES
from app.desktop.texts import t
from app.election.model import Contest
from app.station.overseeing.groups import Group
from app.station.overseeing.narrowing import FILTERS, Narrowing, words_of
from app.station.states import State

_SEARCH, _COMBO = 130, 112


class Filters(QWidget):
    """Emits `changed` when another narrowing is asked for, `sorted` with a column and an order."""

    changed = Signal(object)
    sorted = Signal(int, object)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.state, self.municipality, self.contest, self.sort = (QComboBox(self) for _ in range(4))
        self.turn = QToolButton(self)
        self._codes: list[int | None] = []
        self._contests: list[Contest | None] = []
        self._states: list[frozenset[State]] = []
        self._descending = False
        self._dress()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 3)
        for combo in (self.state, self.municipality, self.contest, self.sort):
            row.addWidget(combo, 2)
        row.addWidget(self.turn)
        self.search.textChanged.connect(self._told)
        self.search.returnPressed.connect(self.entered)
        for combo in (self.state, self.municipality, self.contest):
            combo.currentIndexChanged.connect(self._told)
        self.sort.currentIndexChanged.connect(self._sort_told)
        self.turn.clicked.connect(self._turned)

    @property
    def narrowing(self) -> Narrowing:
        """What is asked for now."""
        municipality = self._codes[self.municipality.currentIndex()] if self._codes else None
        contest = self._contests[self.contest.currentIndex()] if self._contests else None
        states = self._states[self.state.currentIndex()]
        return Narrowing(words_of(self.search.text()), states, municipality, contest)

    def offer(self, municipalities: Sequence[Group[int]], contests: Sequence[Group[Contest]]) -> None:
        """Offer these municipalities and contests; what is chosen stays."""
        order = czech_order(group.name for group in municipalities)
        named = sorted(municipalities, key=lambda group: (order[group.name], group.id))
        codes: list[int | None] = [None, *(group.id for group in named)]
        kinds: list[Contest | None] = [None, *(group.id for group in contests)]
        if codes != self._codes:
            self._codes = codes
            _fill(self.municipality, [t("oversee.filter.municipalities"), *(one.name for one in named)])
        if kinds != self._contests:
            self._contests = kinds
            words = [t(f"contest.short.{one.id}") for one in contests]
            _fill(self.contest, [t("oversee.filter.contests"), *words])
        self.municipality.setVisible(len(named) > 1)
        self.contest.setVisible(len(contests) > 1)

    def choose(self, municipality: int | None) -> None:
        """Ask for one municipality, or for all."""
        self.municipality.setCurrentIndex(self._codes.index(municipality))

    def show_sorted(self, column: int, order: Qt.SortOrder) -> None:
        """The table was sorted by its header."""
        with QSignalBlocker(self.sort):
            self.sort.setCurrentIndex(column)
        self._descending = order is Qt.SortOrder.DescendingOrder
        self._show_turn()

    def forget_looks(self) -> None:
        for index, states in enumerate(self._states):
            if len(states) == 1 and index > len(FILTERS):
                look = STATES[next(iter(states)).value]
                self.state.setItemIcon(index, theme.icon(look.icon, look.ink))
        self._show_turn()

    @Slot()
    def _told(self) -> None:
        self.changed.emit(self.narrowing)

    @Slot()
    def _sort_told(self) -> None:
        order = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
        self.sorted.emit(self.sort.currentIndex(), order)

    @Slot()
    def _turned(self) -> None:
        self._descending = not self._descending
        self._show_turn()
        self._sort_told()

    def _show_turn(self) -> None:
        name = "descending" if self._descending else "ascending"
        self.turn.setIcon(theme.icon(name))
        self.turn.setAccessibleName(t(f"oversee.sort.{name}"))
        self.turn.setToolTip(t(f"oversee.sort.{name}"))

    def _dress(self) -> None:
        self.search.setPlaceholderText(t("oversee.search"))
        self.search.setAccessibleName(t("oversee.search_name"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setMinimumWidth(_SEARCH)
        self.turn.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for name, states in FILTERS:
            self.state.addItem(t(f"list.filter.{name}"))
            self._states.append(states)
        self.state.insertSeparator(len(FILTERS))
        self._states.append(frozenset())
        for value, look in STATES.items():
            if State(value).is_stored:
                self.state.addItem(theme.icon(look.icon, look.ink), t(look.text))
                self._states.append(frozenset({State(value)}))
        for column in Column:
            self.sort.addItem(t("oversee.sort.by", column=t(f"oversee.column.{column.name.lower()}")))
        for combo, name in (
            (self.state, "state"),
            (self.municipality, "municipality"),
            (self.contest, "contest"),
            (self.sort, "sort"),
        ):
            words = t(f"oversee.filter_name.{name}")
            combo.setAccessibleName(words)
            combo.view().setAccessibleName(words)
            combo.setToolTip(words)
            combo.setMinimumWidth(_COMBO)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(7)
            combo.view().setMinimumWidth(220)
        self._show_turn()


def _fill(combo: QComboBox, words: Sequence[str]) -> None:
    """Other things to choose from; the chosen word stays chosen while it is there."""
    before = combo.currentText()
    with QSignalBlocker(combo):
        combo.clear()
        combo.addItems(list(words))
        combo.setCurrentIndex(max(0, combo.findText(before)))
