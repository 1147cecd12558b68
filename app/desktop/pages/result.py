"""The page after an act: what was done, and the transcripts to give to the commission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.precinct_table import Row
from app.desktop.states import STATES
from app.desktop.texts import clock_time, plural, t
from app.desktop.widgets import Banner, act_button, heading, labelled
from app.election.model import ProtocolKey


@dataclass(frozen=True, slots=True)
class Done:
    """One protocol of the visit after its act; `transcript` once it is written."""

    key: ProtocolKey
    title: str
    icon: str
    ink: str
    text: str
    transcript: Path | None = None


class ResultPage(QWidget):
    """Emits `open_wanted(path)`, `print_wanted(path)`, `save_wanted(path)` and `left` (the next visit)."""

    open_wanted = Signal(object)
    print_wanted = Signal(object)
    save_wanted = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(8)
        self._shown: list[QFrame] = []
        self._states: dict[ProtocolKey, tuple[QLabel, QLabel]] = {}
        self.transcript_buttons: list[dict[str, QPushButton]] = []
        self.next_button = act_button("next", "F2", "open", self, "primary")
        self.next_button.clicked.connect(self.left)
        acts = QHBoxLayout()
        acts.addWidget(self.next_button)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addLayout(self.cards)
        column.addStretch(1)
        column.addLayout(acts)

    def show_done(self, place: str, done: Sequence[Done], waiting: int) -> None:
        """Show what became of the protocols of one visit."""
        self.title.setText(place)
        all_well = all(one.ink == "ok" for one in done)
        accepted = any(one.ink == "ok" for one in done)
        if all_well:
            self.banner.say("ok", "accepted", t("result.accepted"), t("result.accepted_text"))
        elif accepted:
            self.banner.say("warning", "warning", t("result.partly"), t("result.partly_text"))
        else:
            self.banner.say(done[0].ink, done[0].icon, done[0].text, t("result.stored_text"))
        for old in self._shown:
            self.cards.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown, self.transcript_buttons, self._states = [], [], {}
        for one in done:
            self.cards.addWidget(self._card(one))
        word = plural("act.next_waiting", waiting) if waiting else t("act.next")
        self.next_button.setText(labelled(word, "F2"))
        self.next_button.setAccessibleName(t("act.name", word=word, key="F2"))
        self.next_button.setFocus()

    def show_states(self, rows: Sequence[Row]) -> None:
        """Follow what the centre answers: the commission may leave when everything is confirmed."""
        for row in rows:
            if row.key in self._states:
                icon, words = self._states[row.key]
                look = STATES[row.state]
                since = clock_time(row.since) if row.since else ""
                icon.setPixmap(theme.pixmap(look.icon, look.ink, 24))
                words.setText(t("result.state", state=t(look.text), time=since, revision=row.revision or "–"))
        shown = [row.state for row in rows if row.key in self._states]
        if shown and all(state == "confirmed" for state in shown):
            self.banner.say("ok", "confirmed", t("result.confirmed"), t("result.confirmed_text"))

    def _card(self, one: Done) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("card")
        self._shown.append(frame)
        icon = QLabel(frame)
        icon.setPixmap(theme.pixmap(one.icon, one.ink, 24))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(heading(one.title, frame, "cardTitle"))
        state = heading(one.text, frame, "cardText")
        self._states[one.key] = (icon, state)
        words.addWidget(state)
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(icon)
        row.addLayout(words, 1)
        if one.transcript:
            path = one.transcript
            buttons = {}
            for name, picture, signal in (
                ("open_transcript", "document", self.open_wanted),
                ("print_transcript", "print", self.print_wanted),
                ("save_transcript", "save", self.save_wanted),
            ):
                button = act_button(name, "", picture, frame)
                button.setAccessibleName(f"{t(f'act.{name}')}: {one.title}")
                button.clicked.connect(lambda _=False, s=signal: s.emit(path))
                row.addWidget(button)
                buttons[name] = button
            self.transcript_buttons.append(buttons)
        return frame
