"""The page of the point: workstations and conflicts on the left, one conflict side by side on the right.

A conflict is settled in one of two ways, each with a reason and bound to what is on the screen. Below the
lists stand the two acts of the stick, which are for everybody and for a point without a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desktop import media, texts
from app.desktop.figure_table import FigureView
from app.desktop.flow import FlowLayout
from app.desktop.looking import Looks
from app.desktop.point import rows
from app.desktop.point.assign_dialog import AssignDialog
from app.desktop.reasons import ReasonDialog
from app.desktop.sections import SectionHost
from app.desktop.texts import language, plural, t
from app.desktop.widgets import Banner, act_button, heading
from app.election.model import ProtocolKey
from app.station.changes import Change
from app.station.offers import Offer
from app.station.permissions import Permission, may
from app.station.point.conflicts import Conflict
from app.station.point.exchange import ReadIn, Written
from app.station.point.point import View

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the store."""

    view: View
    conflicts: tuple[Conflict, ...]


class PointPage(QWidget):
    """Drive it by `select`, `withdraw_with`, `insist_with`, `write_to` and `read_from`."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self._reference = host.station.reference
        self._looks = Looks()
        self._wanted: ProtocolKey | None = None
        self.conflict: Conflict | None = None
        self.conflicts: tuple[Conflict, ...] = ()
        self.view: View | None = None
        self.dialog: ReasonDialog | AssignDialog | None = None
        self.banner, self.about = Banner(self), Banner(self)
        self.places = FigureView(rows.PLACE_COLUMNS, t("point.places"), self)
        self.list = FigureView(rows.CONFLICT_COLUMNS, t("point.conflicts"), self)
        self.sides = FigureView(rows.side_columns(), t("point.sides"), self)
        self.all = QCheckBox(t("compare.all"), self)
        self.all.setAccessibleName(t("compare.all"))
        self.count = heading("", self, "cardTitle")
        self.insist_button = act_button("insist", "F6", "correcting", self, "primary")
        self.withdraw_button = act_button("withdraw", "F7", "back", self)
        self.write_button = act_button("stick_write", "F8", "save", self)
        self.read_button = act_button("stick_read", "F9", "stick", self)
        self.assign_button = act_button("assign_open", "Ctrl+U", "point", self)
        self.why_not = heading("", self, "whyNot")
        self.pages = QStackedWidget(self)
        self._lay_out()
        self.list.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.all.toggled.connect(lambda _: self._show_sides())
        self.insist_button.clicked.connect(lambda: self._ask("insist"))
        self.withdraw_button.clicked.connect(lambda: self._ask("withdraw"))
        self.write_button.clicked.connect(lambda: self._with_medium(self.write_to))
        self.read_button.clicked.connect(lambda: self._with_medium(self.read_from))

        self.assign_button.clicked.connect(self.open_assigning)

    # --- driving -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """It was turned to."""
        self.refresh()
        (self.list if self.conflicts else self.places).setFocus()

    def changed(self, change: Change) -> None:
        if self.isVisible() and (change.keys or change.connection):
            self.refresh()

    def select(self, key: ProtocolKey) -> None:
        """Show one conflict."""
        self._wanted = key
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look at the store again; many changes at once are answered by one look."""
        if not self._looks.begin():
            return
        point = self._host.station.point

        def look() -> _Look:
            found = (point.conflicts.of(key) for key in point.conflicts.waiting())
            return _Look(point.view(), tuple(one for one in found if one is not None))

        self._host.run(look, self._looked, self, self._not_looked)

    def withdraw_with(self, conflict: Conflict, reason: str) -> None:
        """The other stands."""
        conflicts, user = self._host.station.point.conflicts, self._host.user
        self._act(
            lambda: conflicts.withdraw(conflict.key, conflict, user, reason),
            lambda _: self._said("point.withdrawn", conflict),
        )

    def insist_with(self, conflict: Conflict, reason: str) -> None:
        """Ours is right."""
        conflicts, user = self._host.station.point.conflicts, self._host.user

        def done(offer: Offer) -> None:
            self._said("point.insisted_held" if offer.needs_approval else "point.insisted", conflict)

        self._act(lambda: conflicts.insist(conflict.key, conflict, user, reason), done)

    def write_to(self, root: Path) -> None:
        exchange, user = self._host.station.point.exchange, self._host.user

        def done(written: Written) -> None:
            folder = str(written.folder)
            self._host.messages.say(
                "ok", plural("point.written", written.files + written.known, folder=folder)
            )
            self.refresh()

        self._act(lambda: exchange.write(root, user), done)

    def read_from(self, root: Path) -> None:
        exchange, user = self._host.station.point.exchange, self._host.user

        def done(came: ReadIn) -> None:
            told = t("point.read", batches=came.batches, receipts=came.receipts, known=came.known)
            if came.troubles:
                name, error = came.troubles[0]
                sentence = error.cs if language() == "cs" else error.en
                more = plural("point.read_troubles", len(came.troubles), name=name, why=sentence)
                self._host.messages.say("warning", f"{told} {more}")
            else:
                self._host.messages.say("ok", told)
            self.refresh()

        self._act(lambda: exchange.read(root, user), done)

    # --- looks at the store ------------------------------------------------------------------------

    def _looked(self, look: _Look) -> None:
        if self._looks.end():
            self.refresh()
            return
        self.view, self.conflicts = look.view, look.conflicts
        self.places.show_rows(rows.place_rows(look.view))
        self.list.show_rows(tuple(rows.conflict_row(one, self._reference) for one in look.conflicts))
        self._host.count("point", len(look.conflicts))
        keys = [one.key for one in look.conflicts]
        wanted = self._wanted if self._wanted in keys else keys[0] if keys else None
        before, self._wanted = self.conflict, wanted
        self.conflict = look.conflicts[keys.index(wanted)] if wanted is not None else None
        self.pages.setCurrentIndex(0 if self.conflict is None else 1)
        self._say(look.view)
        if self.conflict is not None:
            self._mark(keys.index(self.conflict.key))
            if self.conflict != before:
                self._show_sides()

    def _not_looked(self, error: BaseException) -> None:
        self._looks.end()
        self._host.messages.told(error)

    def _say(self, view: View) -> None:
        if view.trouble is not None:
            sentence = view.trouble.cs if language() == "cs" else view.trouble.en
            self.banner.say("warning", "warning", t("point.trouble"), sentence)
        elif view.heard is None:
            self.banner.say("info", "offline", t("point.not_heard"), t("point.not_heard_help"))
        else:
            heard = texts.clock_time(view.heard)
            self.banner.say(
                "ok", "connected", t("point.heard", time=heard), plural("point.count", len(view.places))
            )
        allowed = may(self._host.user.role, Permission.SETTLE_CONFLICT)
        ready = self.conflict is not None and self.conflict.theirs is not None
        differs = self.conflict is not None and bool(self.conflict.differing)
        self.insist_button.setEnabled(allowed and ready and differs)
        self.withdraw_button.setEnabled(allowed and ready)
        why = "" if allowed else t("point.not_allowed")
        if allowed and not ready:
            why = t("point.no_content")
        elif allowed and not differs:
            why = t("point.same_figures")
        self.why_not.setText(why)
        self.why_not.setVisible(bool(why))
        for button in (self.write_button, self.read_button):
            button.setEnabled(may(self._host.user.role, Permission.EXCHANGE_STICK))

    def _show_sides(self) -> None:
        conflict = self.conflict
        if conflict is None:
            return
        other, ours = conflict.standing, conflict.ours
        self.about.say(
            "warning",
            "warning",
            t("point.conflict", place=rows.named(conflict.key, self._reference)),
            t(
                "point.conflict_text",
                other=other.station,
                other_revision=other.revision,
                other_time=texts.clock_time(other.at),
                ours=self._host.station.config.station,
                revision=ours.revision,
                time=texts.clock_time(ours.accepted_at),
                user=ours.accepted_by,
            ),
        )
        self.count.setText(plural("compare.count", len(conflict.differing)))
        self.sides.show_rows(rows.side_rows(conflict, self._reference, all_rows=self.all.isChecked()))

    def _mark(self, row: int) -> None:
        """Put the list's cursor on the conflict without asking for it again."""
        if self.list.currentIndex().row() != row:
            self.list.selectionModel().blockSignals(True)
            self.list.selectRow(row)
            self.list.selectionModel().blockSignals(False)
            self.list.viewport().update()

    @Slot(QModelIndex, QModelIndex)
    def _row_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and now.row() < len(self.conflicts):
            chosen = self.conflicts[now.row()].key
            if self.conflict is None or chosen != self.conflict.key:
                self.select(chosen)

    # --- acts --------------------------------------------------------------------------------------

    def _ask(self, act: str) -> None:
        conflict = self.conflict
        if conflict is None:
            return
        dialog = ReasonDialog(act, rows.named(conflict.key, self._reference), self)
        take = self.insist_with if act == "insist" else self.withdraw_with
        dialog.given.connect(lambda reason, _name: take(conflict, reason))
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def open_assigning(self) -> None:
        """Show which precinct is whose, to be changed there."""
        known = self.view.places if self.view is not None else ()
        names = tuple(one.station for one in known if one.in_force)
        dialog = AssignDialog(self._host, names or (self._host.station.config.station,), self)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    def _with_medium(self, act: Callable[[Path], None]) -> None:
        """The newest medium that is plugged in; without one a folder is asked for."""
        sticks = media.removable()
        chosen = str(sticks[-1]) if sticks else QFileDialog.getExistingDirectory(self, t("point.choose"))
        if chosen:
            act(Path(chosen))

    def _act(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        for button in (self.insist_button, self.withdraw_button, self.write_button, self.read_button):
            button.setEnabled(False)
        self._host.run(work, done, self, self._refused)

    def _said(self, key: str, conflict: Conflict) -> None:
        self._host.messages.say("ok", t(key, place=rows.named(conflict.key, self._reference)))
        self.refresh()

    def _refused(self, error: BaseException) -> None:
        """Nothing was stored. What is on the screen may be old: look again."""
        self._host.messages.told(error)
        self.refresh()

    # --- looks -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        sticks = FlowLayout()
        sticks.addWidget(self.write_button)
        sticks.addWidget(self.read_button)
        sticks.addWidget(self.assign_button)
        left = QWidget(self)
        lists = QVBoxLayout(left)
        lists.setContentsMargins(0, 0, 0, 0)
        lists.setSpacing(6)
        for word, widget, stretch in (
            ("point.places", self.places, 3), ("point.conflicts", self.list, 2)
        ):  # fmt: skip
            label = QLabel(t(word), left)
            label.setObjectName("cardTitle")
            label.setBuddy(widget)
            lists.addWidget(label)
            lists.addWidget(widget, stretch)
        lists.addLayout(sticks)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self._right())
        left.setMinimumWidth(390)
        split.setStretchFactor(1, 1)
        split.setSizes([430, 700])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.setSpacing(8)
        whole.addWidget(self.banner)
        whole.addWidget(split, 1)
        chain = (
            self.places, self.list, self.write_button, self.read_button, self.assign_button, self.all,
            self.sides, self.insist_button, self.withdraw_button,
        )  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _right(self) -> QStackedWidget:
        acts = FlowLayout()
        acts.addWidget(self.insist_button)
        acts.addWidget(self.withdraw_button)
        one = QWidget(self)
        column = QVBoxLayout(one)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.about, self.count, self.all):
            column.addWidget(widget)
        column.addWidget(self.sides, 1)
        column.addWidget(self.why_not)
        column.addLayout(acts)
        nothing = heading(t("point.no_conflicts"), self, "empty")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages.addWidget(nothing)
        self.pages.addWidget(one)
        self.pages.setMinimumWidth(440)
        return self.pages
