"""The read-only page of one precinct × contest: its state, and the accepted revision if there is one."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop import texts
from app.desktop.correcting.history import HistoryView
from app.desktop.flow import FlowLayout
from app.desktop.form_view import FormView
from app.desktop.forms import Form, contest_name, laid_out
from app.desktop.printing.documents import Then
from app.desktop.states import STATES
from app.desktop.texts import t
from app.desktop.visiting.comparing import CompareView
from app.desktop.widgets import Banner, act_button, heading
from app.election.model import Protocol, ProtocolKey
from app.election.reference import Reference
from app.station.completeness import Row
from app.station.history import Past
from app.station.offers import Accepted


class ProtocolPage(QWidget):
    """Emits `print_wanted(kind, key, Then)`, `transcript_wanted(key, revision, Then)`, `correct_wanted` and
    `left`."""

    print_wanted = Signal(str, object, object)
    transcript_wanted = Signal(object, int, object)
    correct_wanted = Signal()
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self.title = heading("", self, "pageTitle")
        self.seat = heading("", self, "muted")
        self.banner = Banner(self)
        self.form = FormView(self)
        self.history, self.compare = HistoryView(self), CompareView(self)
        self._past: tuple[Past, ...] = ()
        self._state = ("info", "awaited", "")
        self.nothing = heading("", self, "empty")
        self.transcript_button = act_button("transcript", "F4", "document", self, "primary")
        self.confirmation_button = act_button("confirmation", "", "confirmed", self)
        self.refusal_button = act_button("open_refusal", "F4", "refused", self)
        self.correct_button = act_button("correct_accepted", "F5", "correcting", self)
        self.leave_button = act_button("leave", "", "close", self)
        self.why_not = heading("", self, "whyNot")
        self._key: ProtocolKey | None = None
        for kind, button in (
            ("confirmation", self.confirmation_button),
            ("refusal", self.refusal_button),
        ):
            button.clicked.connect(lambda _=False, k=kind: self.print_wanted.emit(k, self._key, Then.OPEN))
        self.leave_button.clicked.connect(self.left)
        self.correct_button.clicked.connect(self.correct_wanted)
        self.transcript_button.clicked.connect(self._print_transcript)
        self.history.wanted.connect(lambda _: self._show_revision())
        acts = FlowLayout()
        for button in (
            self.transcript_button, self.correct_button, self.confirmation_button, self.refusal_button,
            self.leave_button,
        ):  # fmt: skip
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.seat, self.banner):
            column.addWidget(widget)
        column.addWidget(self.history)
        column.addWidget(self.form, 1)
        column.addWidget(self.compare, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.why_not)
        column.addLayout(acts)
        chain = (
            self.history, self.form, self.compare.all, self.compare.view,
            self.transcript_button, self.correct_button, self.confirmation_button, self.refusal_button,
            self.leave_button,
        )  # fmt: skip
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def show_row(self, row: Row, current: tuple[Accepted, Protocol] | None) -> None:
        """Show a row of the list with its accepted revision."""
        look = STATES[row.state]
        self.title.setText(
            t("form.place", municipality=row.municipality_name, precinct=row.key.precinct.number)
            + f" · {contest_name(row.key.contest)}"
        )
        contact = t("protocol.contact", contact=row.precinct.contact) if row.precinct.contact else ""
        self.seat.setText(" · ".join(part for part in (row.precinct.seat, contact) if part))
        self.seat.setVisible(bool(self.seat.text()))
        kind = look.ink if look.ink in ("ok", "error", "warning") else "info"
        self._state = kind, look.icon, t(look.text).capitalize()
        self.banner.say(*self._state, self._told(row, current))
        self.form.setVisible(current is not None)
        self.nothing.setVisible(current is None)
        self._key = row.key
        self.offer_correction(False)
        self.show_history(())
        self.transcript_button.setVisible(current is not None)
        self.refusal_button.setVisible(row.state == "refused")
        self.confirmation_button.setVisible(current is not None)
        self.confirmation_button.setEnabled(row.state == "confirmed")
        self.why_not.setText(t("act_why.confirmation"))
        waits = row.state != "confirmed"
        self.why_not.setVisible(current is not None and waits)
        self.confirmation_button.setAccessibleDescription(self.why_not.text() if waits else "")
        self.form.show_form(laid_out(current[1], self._reference) if current else Form("", ()))
        nothing = t("protocol.refused" if row.state == "refused" else "protocol.nothing")
        self.nothing.setText(_elsewhere(row) if row.is_elsewhere else nothing)

    def offer_correction(self, allowed: bool) -> None:
        """Whether what is accepted may be corrected by whoever is at the desk."""
        self.correct_button.setVisible(allowed)

    def show_history(self, past: tuple[Past, ...]) -> None:
        """All revisions, the newest first; what the newest changed is shown at once. A single one is told
        by the banner, several by the table."""
        self._past = past
        several = len(past) > 1
        self.history.setVisible(several)
        self.compare.hide()
        if several:
            self.banner.say(*self._state)
            self.history.show_past(past)

    @property
    def _shown(self) -> int:
        """The place of the revision under the cursor."""
        return max(0, self.history.currentIndex().row())

    def _show_revision(self) -> None:
        """The revision under the cursor: what it changed in the one before, or the first one's figures."""
        if not self._past:
            return
        past = self._past[self._shown]
        before = self._past[self._shown + 1] if self._shown + 1 < len(self._past) else None
        self.compare.setVisible(before is not None)
        self.form.setVisible(before is None)
        if before is not None:
            names = tuple(t("history.revision", revision=one.revision) for one in (before, past))
            self.compare.show_pair(before.protocol, past.protocol, self._reference, names)
        else:
            self.form.show_form(laid_out(past.protocol, self._reference))

    def _print_transcript(self) -> None:
        if self._past:
            self.transcript_wanted.emit(self._key, self._past[self._shown].revision, Then.OPEN)
        elif self._key is not None:
            self.print_wanted.emit("transcript", self._key, Then.OPEN)

    @staticmethod
    def _told(row: Row, current: tuple[Accepted, Protocol] | None) -> str:
        parts = []
        if current:
            accepted = current[0]
            parts.append(t("protocol.accepted", revision=accepted.revision, user=accepted.accepted_by,
                           time=texts.date_time(accepted.accepted_at)))  # fmt: skip
            if accepted.approved_by:
                parts.append(t("protocol.approved", user=accepted.approved_by))
        elif row.since and not row.is_elsewhere:
            parts.append(t("protocol.since", time=texts.date_time(row.since), user=row.user))
        if row.note:
            parts.append(t("protocol.note", note=row.note))
        if row.assigned and not row.revision:
            parts.append(t("assign.row", station=row.assigned))
        if row.in_conflict and row.elsewhere is not None:
            parts.append(t("point.row_conflict", station=row.elsewhere.station))
        return " ".join(parts)


def _elsewhere(row: Row) -> str:
    """Where a protocol's figures are, when another workstation took it in."""
    time = texts.clock_time(row.since) if row.since else ""
    return t("point.elsewhere", station=row.workstation, time=time, revision=row.revision)
