"""The filter of the journal: precinct, person, kind of act, from when to when. Tells a `Search`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QDate, QDateTime, QSignalBlocker, QTime, QTimeZone, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QHBoxLayout, QVBoxLayout, QWidget

from app.desktop import texts
from app.desktop.flow import FlowLayout
from app.desktop.texts import language, t
from app.desktop.widgets import act_button
from app.election.model import PrecinctId
from app.election.reference import Reference
from app.station.journal_search import Search
from app.station.journal_words import act_name

_WIDTHS: Final = {"precinct": 142, "user": 132, "act": 176}


class Moment(QWidget):
    """A time of Prague that counts while it is ticked."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.tick = QCheckBox(t(f"journal.{name}"), self)
        self.tick.setAccessibleName(t(f"journal.{name}_name"))
        self.edit = QDateTimeEdit(self)
        # A wall clock's time: no hour of it is missing or doubled, whatever zone the computer is in.
        self.edit.setTimeZone(QTimeZone.utc())
        self.edit.setDisplayFormat("d. M. HH:mm")
        self.edit.setAccessibleName(t(f"journal.{name}_value"))
        self.edit.setKeyboardTracking(False)
        self.edit.setFixedWidth(106)
        self.edit.lineEdit().setTextMargins(6, 0, 0, 0)
        self.edit.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.tick)
        row.addWidget(self.edit)
        self.tick.toggled.connect(self.edit.setEnabled)
        self.tick.toggled.connect(self.changed)
        self.edit.dateTimeChanged.connect(lambda _: self.changed.emit())

    def offer(self, at: datetime) -> None:
        """What stands there until somebody ticks it."""
        if not self.tick.isChecked():
            self.set(at)

    def set(self, at: datetime) -> None:
        local = at.astimezone(texts.PRAGUE)
        with QSignalBlocker(self.edit):
            self.edit.setDateTime(
                QDateTime(
                    QDate(local.year, local.month, local.day),
                    QTime(local.hour, local.minute),
                    QTimeZone.utc(),
                )
            )

    @property
    def value(self) -> datetime | None:
        if not self.tick.isChecked():
            return None
        day, time = self.edit.date(), self.edit.time()
        return datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=texts.PRAGUE)


class FilterBar(QWidget):
    """Emits `changed` after each choice; `search` is what is chosen."""

    changed = Signal()

    def __init__(self, reference: Reference, transfer_point: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.precinct, self.user, self.act = (self._box(name) for name in ("precinct", "user", "act"))
        self.since, self.until = Moment("since", self), Moment("until", self)
        self.clear_button = act_button("clear_filter", "", "close", self)
        self._precincts = sorted(precinct.id for precinct in reference.of_transfer_point(transfer_point))
        for municipality, place in self._precincts:
            found = reference.municipalities.get(municipality)
            self.precinct.addItem(f"{found.name if found else municipality} {place}")
        self._lay_out()
        for box in (self.precinct, self.user, self.act):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        for moment in (self.since, self.until):
            moment.changed.connect(self.changed)
        self.clear_button.clicked.connect(self.clear)

    @property
    def search(self) -> Search:
        until = self.until.value
        act = self.act.currentData()
        return Search(
            precinct=self._precincts[place - 1] if (place := self.precinct.currentIndex()) > 0 else None,
            user=self.user.currentData() or "",
            acts=frozenset({act}) if act else frozenset(),
            since=self.since.value,
            # The minute that is named belongs to the span.
            until=None if until is None else until + timedelta(minutes=1),
        )

    def offer(self, users: Sequence[str], acts: Sequence[str]) -> None:
        """What there are rows of; what is chosen stays chosen."""
        _refill(self.user, [(name, name) for name in users])
        told = sorted((act_name(act, language()), act) for act in acts)
        _refill(self.act, told)

    def choose_precinct(self, precinct: PrecinctId) -> None:
        known = precinct in self._precincts
        self.precinct.setCurrentIndex(self._precincts.index(precinct) + 1 if known else 0)

    @Slot()
    def clear(self) -> None:
        """Everything again."""
        with QSignalBlocker(self):
            for box in (self.precinct, self.user, self.act):
                box.setCurrentIndex(0)
            for moment in (self.since, self.until):
                moment.tick.setChecked(False)
        self.changed.emit()

    def _box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(t(f"journal.filter.{name}"))
        box.setToolTip(t(f"journal.filter.{name}"))
        box.addItem(t(f"journal.all.{name}"), None)
        box.setMaxVisibleItems(18)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setFixedWidth(_WIDTHS[name])
        return box

    def _lay_out(self) -> None:
        flow = FlowLayout()
        parts = (self.precinct, self.user, self.act, self.since, self.until, self.clear_button)
        for part in parts:
            flow.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(flow)
        chain = (self.precinct, self.user, self.act, self.since.tick, self.since.edit, self.until.tick,
                 self.until.edit, self.clear_button)  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)


def _refill(box: QComboBox, items: list[tuple[str, str]]) -> None:
    """Other items below the first, without a word about it while the same one is chosen."""
    if [(box.itemText(i), box.itemData(i)) for i in range(1, box.count())] == items:
        return
    chosen = box.currentData()
    with QSignalBlocker(box):
        while box.count() > 1:
            box.removeItem(1)
        for text, data in items:
            box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(chosen)))
