"""The page between the two readings: the first is finished, somebody else has to type the paper again.

The second clerk says a name that differs from the first one's; nothing of the first reading is shown.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.desktop.entry.acts import Opening
from app.desktop.forms import contest_name, precinct_place
from app.desktop.texts import clock_time, t
from app.desktop.widgets import Banner, act_button, heading
from app.election.reference import Reference
from app.station.entry.drafts import Draft
from app.station.states import User, identity


class SecondPage(QWidget):
    """Emits `second_wanted(name)`, `again_wanted` to go on with the first, `verdict_wanted` and `left`."""

    second_wanted = Signal(str)
    again_wanted = Signal()
    verdict_wanted = Signal()
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("second")
        self._reference = reference
        self.draft: Draft | None = None
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        self.label = QLabel(t("second.name"), self)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(t("second.name"))
        self.name.setMaximumWidth(420)
        self.label.setBuddy(self.name)
        self.hint = heading("", self, "whyNot")
        self.begin_button = act_button("begin_second", "F9", "entering", self, "primary")
        self.verdict_button = act_button("first_verdict", "F5", "checked", self)
        self.again_button = act_button("first_again", "", "back", self)
        self.leave_button = act_button("put_away", "", "close", self)
        self._lay_out()
        self.name.textChanged.connect(self._judge)
        self.name.returnPressed.connect(self._begin)
        self.begin_button.clicked.connect(self._begin)
        self.verdict_button.clicked.connect(self.verdict_wanted)
        self.again_button.clicked.connect(self.again_wanted)
        self.leave_button.clicked.connect(self.left)

    def show_first(self, opening: Opening, user: User) -> None:
        """The first reading is finished; whoever is at the desk is offered as the second if it may be."""
        draft = opening.draft
        assert draft is not None
        self.draft = draft
        place = precinct_place(draft.key.precinct, self._reference)
        self.title.setText(f"{place} · {contest_name(draft.key.contest)}")
        self.banner.say("ok", "passed", t("second.ready"),
                        t("second.text", user=draft.owner, time=clock_time(draft.saved_at)))  # fmt: skip
        own = identity(draft.owner) == user.identity
        self.name.setText("" if own else user.name)
        self.again_button.setVisible(own)
        self.verdict_button.setVisible(own)
        self._judge()
        self.name.setFocus()

    @Slot()
    def _judge(self) -> None:
        name = self.name.text().strip()
        owner = self.draft.owner if self.draft else ""
        own = identity(name) == identity(owner)
        self.begin_button.setEnabled(bool(name) and not own)
        self.hint.setText(t("second.own", user=owner) if own and name else t("second.hint"))

    @Slot()
    def _begin(self) -> None:
        if self.begin_button.isEnabled():
            self.second_wanted.emit(self.name.text().strip())

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self.begin_button, self.verdict_button, self.again_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.title, self.banner, self.label, self.name, self.hint):
            column.addWidget(widget)
        column.addStretch(1)
        column.addLayout(acts)
        order = (self.name, self.begin_button, self.verdict_button, self.again_button, self.leave_button)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
