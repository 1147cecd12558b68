"""The page after an act: what was done, and the transcripts to give to the commission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.flow import FlowLayout
from app.desktop.precinct_table import Row
from app.desktop.printing.documents import Then
from app.desktop.states import STATES
from app.desktop.texts import clock_time, plural, t
from app.desktop.widgets import Banner, act_button, heading, labelled
from app.election.model import ProtocolKey


@dataclass(frozen=True, slots=True)
class Done:
    """One protocol of the visit after its act; `paper`: transcript, refusal, or "" when there is none."""

    key: ProtocolKey
    title: str
    icon: str
    ink: str
    text: str
    paper: str = ""


class ResultPage(QWidget):
    """Emits `print_wanted(kind, key, Then)` and `left` (the next visit)."""

    print_wanted = Signal(str, object, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        #: The cards roll where a low screen has no room for both.
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.cards = QVBoxLayout(inner)
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.setSpacing(8)
        self.cards.addStretch(1)
        self.area.setWidget(inner)
        self._shown: list[QFrame] = []
        self._states: dict[ProtocolKey, tuple[QLabel, QLabel]] = {}
        #: of each card, by the acts' names
        self.paper_buttons: list[dict[str, QPushButton]] = []
        self._confirmations: dict[ProtocolKey, tuple[QPushButton, QLabel]] = {}
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
        column.addWidget(self.area, 1)
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
        self._shown, self.paper_buttons, self._states, self._confirmations = [], [], {}, {}
        for one in done:
            self.cards.insertWidget(self.cards.count() - 1, self._card(one))
        before: QWidget = self
        for papers in self.paper_buttons:
            for button in papers.values():
                QWidget.setTabOrder(before, button)
                before = button
        QWidget.setTabOrder(before, self.next_button)
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
            if row.key in self._confirmations:
                self._allow(*self._confirmations[row.key], row.state == "confirmed")
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
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(icon)
        row.addLayout(words, 1)
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(row)
        if one.paper:
            self._add_papers(one, frame, column)
        return frame

    def _add_papers(self, one: Done, frame: QFrame, column: QVBoxLayout) -> None:
        """Buttons for the paper of an act; after an acceptance also for the confirmation."""
        papers = FlowLayout()
        buttons = {}
        for verb, picture, then in _VERBS:
            button = act_button(f"{verb}_{one.paper}", "", picture, frame)
            button.setAccessibleName(f"{t(f'act.{verb}_{one.paper}')}: {one.title}")
            button.clicked.connect(
                lambda _=False, then=then: self.print_wanted.emit(one.paper, one.key, then)
            )
            buttons[f"{verb}_{one.paper}"] = button
            papers.addWidget(button)
        column.addLayout(papers)
        if one.paper == "transcript":
            button = act_button("confirmation", "", "confirmed", frame)
            button.clicked.connect(lambda: self.print_wanted.emit("confirmation", one.key, Then.OPEN))
            papers.addWidget(button)
            buttons["confirmation"] = button
            why_not = heading(t("act_why.confirmation"), frame, "whyNot")
            column.addWidget(why_not)
            self._confirmations[one.key] = button, why_not
            self._allow(button, why_not, False)
            button.setAccessibleName(f"{t('act.confirmation')}: {one.title}")
        self.paper_buttons.append(buttons)

    @staticmethod
    def _allow(button: QPushButton, why_not: QLabel, allowed: bool) -> None:
        """The confirmation waits for the centre's receipt (PR-03), and says so."""
        button.setEnabled(allowed)
        button.setAccessibleDescription("" if allowed else why_not.text())
        why_not.setVisible(not allowed)


#: What can be done with a paper: the act's name begins with the verb.
_VERBS: Final = (
    ("open", "document", Then.OPEN),
    ("print", "print", Then.PRINT),
    ("save", "save", Then.SAVE),
)
