"""The read-only page of one precinct × contest: its state, and the accepted revision if there is one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop import texts
from app.desktop.form_view import FormView
from app.desktop.forms import Form, contest_name, laid_out
from app.desktop.states import STATES
from app.desktop.texts import t
from app.desktop.widgets import Banner, act_button, heading
from app.election.model import Protocol
from app.election.reference import Reference
from app.station.completeness import Row
from app.station.offers import Accepted


class ProtocolPage(QWidget):
    """Emits `transcript_wanted` and `left`."""

    transcript_wanted = Signal()
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self.title = heading("", self, "pageTitle")
        self.seat = heading("", self, "muted")
        self.banner = Banner(self)
        self.form = FormView(self)
        self.nothing = heading("", self, "empty")
        self.transcript_button = act_button("transcript", "F4", "document", self, "primary")
        self.leave_button = act_button("leave", "", "close", self)
        self.transcript_button.clicked.connect(self.transcript_wanted)
        self.leave_button.clicked.connect(self.left)
        acts = QHBoxLayout()
        acts.addWidget(self.transcript_button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.seat, self.banner):
            column.addWidget(widget)
        column.addWidget(self.form, 1)
        column.addWidget(self.nothing, 1)
        column.addLayout(acts)

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
        self.banner.say(kind, look.icon, t(look.text).capitalize(), self._told(row, current))
        self.form.setVisible(current is not None)
        self.nothing.setVisible(current is None)
        self.transcript_button.setVisible(current is not None)
        self.form.show_form(laid_out(current[1], self._reference) if current else Form("", ()))
        self.nothing.setText(t("protocol.refused" if row.state == "refused" else "protocol.nothing"))

    @staticmethod
    def _told(row: Row, current: tuple[Accepted, Protocol] | None) -> str:
        parts = []
        if current:
            accepted = current[0]
            parts.append(t("protocol.accepted", revision=accepted.revision, user=accepted.accepted_by,
                           time=texts.date_time(accepted.accepted_at)))  # fmt: skip
            if accepted.approved_by:
                parts.append(t("protocol.approved", user=accepted.approved_by))
        elif row.since:
            parts.append(t("protocol.since", time=texts.date_time(row.since), user=row.user))
        if row.note:
            parts.append(t("protocol.note", note=row.note))
        return " ".join(parts)
