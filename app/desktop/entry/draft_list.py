"""The page of drafts: what is being typed at this station, by whom, and what was put away and can come back.

It never shows a number of any draft: whoever types must not see another reading.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.entry.acts import Drafts
from app.desktop.forms import precinct_place
from app.desktop.texts import clock_time, t
from app.desktop.widgets import act_button, heading
from app.election.reference import Reference
from app.station.entry.drafts import Draft, DraftState

_DRAFT = Qt.ItemDataRole.UserRole


class DraftsPage(QWidget):
    """Emits `chosen`, `discard_wanted` and `restore_wanted` with a draft, and `left`."""

    chosen = Signal(object)
    discard_wanted = Signal(object)
    restore_wanted = Signal(object)
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drafts")
        self._reference = reference
        self.title = heading(t("drafts.title"), self, "pageTitle")
        self.text = heading(t("drafts.text"), self, "muted")
        self.list = QListWidget(self)
        self.list.setAccessibleName(t("drafts.title"))
        self.go_on_button = act_button("go_on_draft", "", "entering", self, "primary")
        self.discard_button = act_button("discard_entry", "", "close", self, "grave")
        self.restore_button = act_button("restore_draft", "", "back", self)
        self.leave_button = act_button("leave", "", "close", self)
        self._lay_out()
        self.list.itemActivated.connect(self._activated)
        self.list.currentItemChanged.connect(self._offer_acts)
        self.go_on_button.clicked.connect(self._activated)
        self.discard_button.clicked.connect(lambda: self._with_current(self.discard_wanted))
        self.restore_button.clicked.connect(lambda: self._with_current(self.restore_wanted))
        self.leave_button.clicked.connect(self.left)

    def show_drafts(self, drafts: Drafts) -> None:
        """Living drafts first, then those put away."""
        self.list.clear()
        for draft in (*drafts.living, *drafts.discarded):
            item = QListWidgetItem(self._told(draft))
            away = draft.state is DraftState.DISCARDED
            item.setIcon(theme.icon("close" if away else "entering", "muted" if away else "accent"))
            item.setData(_DRAFT, draft)
            self.list.addItem(item)
        if not self.list.count():
            self.list.addItem(QListWidgetItem(t("drafts.nothing")))
        self.list.setCurrentRow(0)
        self._offer_acts()

    @property
    def current(self) -> Draft | None:
        found = self.list.currentIndex().data(_DRAFT)
        return found if isinstance(found, Draft) else None

    def _told(self, draft: Draft) -> str:
        place = precinct_place(draft.key.precinct, self._reference)
        return t("drafts.row", place=place, contest=t(f"contest.short.{draft.key.contest}"),
                 number=draft.number, user=draft.owner, time=clock_time(draft.saved_at),
                 state=t(f"drafts.state.{draft.state}"))  # fmt: skip

    @Slot()
    def _activated(self) -> None:
        draft = self.current
        if draft is not None:
            (self.restore_wanted if draft.state is DraftState.DISCARDED else self.chosen).emit(draft)

    def _with_current(self, signal: object) -> None:
        if self.current is not None:
            getattr(signal, "emit")(self.current)  # noqa: B009 - a bound signal has no public type

    @Slot()
    def _offer_acts(self) -> None:
        draft = self.current
        away = draft is not None and draft.state is DraftState.DISCARDED
        self.go_on_button.setEnabled(draft is not None and not away)
        self.discard_button.setEnabled(draft is not None and not away)
        self.restore_button.setEnabled(away)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self.go_on_button, self.discard_button, self.restore_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addWidget(self.list, 1)
        column.addLayout(acts)
        order = (self.list, self.go_on_button, self.discard_button, self.restore_button, self.leave_button)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
