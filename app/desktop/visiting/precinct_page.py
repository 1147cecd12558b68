"""The page of a precinct that somebody chose: its protocols, where each stands, and the ways on."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desktop import texts, theme
from app.desktop.forms import contest_name
from app.desktop.states import STATES
from app.desktop.texts import t
from app.desktop.widgets import Banner, act_button, heading, labelled
from app.election.model import PrecinctId, ProtocolKey
from app.station.completeness import Row

#: States in which a protocol may come from its commission.
_OPEN = frozenset({"awaited", "refused"})


class PrecinctPage(QWidget):
    """Emits `open_wanted`, `type_wanted(ProtocolKey)`, `show_wanted(ProtocolKey)` and `left`."""

    open_wanted = Signal()
    type_wanted = Signal(object)
    show_wanted = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("precinct")
        self.precinct: PrecinctId | None = None
        self.title = heading("", self, "pageTitle")
        self.seat = heading("", self, "muted")
        self.banner = Banner(self)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(8)
        self._shown: list[QFrame] = []
        self.buttons: dict[ProtocolKey, QPushButton] = {}
        self.open_button = act_button("open_file", "", "open", self, "primary")
        self.open_button.setText(labelled(t("act.open_file"), "F2"))  # the window has the key itself
        self.leave_button = act_button("leave", "", "close", self)
        self.open_button.clicked.connect(self.open_wanted)
        self.leave_button.clicked.connect(self.left)
        acts = QHBoxLayout()
        acts.addWidget(self.open_button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.title, self.seat, self.banner):
            column.addWidget(widget)
        column.addLayout(self.cards)
        column.addStretch(1)
        column.addLayout(acts)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show all protocols of one precinct; at least one row."""
        first = rows[0]
        self.precinct = first.key.precinct
        self.title.setText(
            t("form.place", municipality=first.municipality_name, precinct=first.key.precinct.number)
        )
        contact = t("protocol.contact", contact=first.precinct.contact) if first.precinct.contact else ""
        self.seat.setText(" · ".join(part for part in (first.precinct.seat, contact) if part))
        self.seat.setVisible(bool(self.seat.text()))
        waiting = [row for row in rows if row.state in _OPEN]
        if waiting:
            self.banner.say("info", "stick", t("precinct.waiting"), t("precinct.waiting_text"))
        else:
            self.banner.say("ok", "accepted", t("precinct.here"), t("precinct.here_text"))
        self.open_button.setVisible(bool(waiting))
        for frame in self._shown:
            self.cards.removeWidget(frame)
            frame.deleteLater()
        self._shown, self.buttons = [], {}
        for row in rows:
            frame = self._card(row)
            self._shown.append(frame)
            self.cards.addWidget(frame)
        chain = [*self.buttons.values(), self.open_button, self.leave_button]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)
        (self.open_button if waiting else chain[0]).setFocus()

    def _card(self, row: Row) -> QFrame:
        look = STATES[row.state]
        frame = QFrame(self)
        frame.setObjectName("card")
        icon = QLabel(frame)
        icon.setPixmap(theme.pixmap(look.icon, look.ink, 24))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(heading(t(f"contest.tab.{row.key.contest}"), frame, "cardTitle"))
        parts = [t(look.text)]
        if row.since:
            parts.append(texts.date_time(row.since))
        if row.typist:
            parts.append(t("precinct.typist", name=row.typist))
        if row.deadline:
            parts.append(t("precinct.deadline", time=texts.date_time(row.deadline)))
        if row.note:
            parts.append(t("protocol.note", note=row.note))
        words.addWidget(heading(" · ".join(parts), frame, "cardText"))
        is_open = row.state in _OPEN
        button = act_button("type" if is_open else "show", "", "entering" if is_open else "document", frame)
        button.setAccessibleName(f"{button.text().strip()}: {contest_name(row.key.contest)}")
        wanted = self.type_wanted if is_open else self.show_wanted
        button.clicked.connect(lambda _=False, key=row.key: wanted.emit(key))
        self.buttons[row.key] = button
        line = QHBoxLayout(frame)
        line.setContentsMargins(14, 12, 14, 12)
        line.setSpacing(12)
        line.addWidget(icon)
        line.addLayout(words, 1)
        line.addWidget(button)
        return frame
