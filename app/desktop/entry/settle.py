"""The page that asks again for the fields in which two readings differ, one by one, showing neither.

Who may settle which value is decided on the station. When it says no, the clerk looks again, lets somebody
else read the paper, or calls the supervisor, whose reason stays with the field.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.desktop.entry.acts import EntryDesk, Opening
from app.desktop.entry.box import Box
from app.desktop.entry.hint import HintStrip
from app.desktop.entry.pad import Act, Pad
from app.desktop.forms import contest_name, field_name, paper, precinct_place
from app.desktop.texts import plural, t
from app.desktop.widgets import Banner, act_button, heading
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.states import Role, User


class SettlePage(QWidget):
    """Emits `other_wanted` and `supervisor_wanted` for another pair of eyes, and `left`."""

    other_wanted = Signal()
    supervisor_wanted = Signal()
    left = Signal()

    def __init__(self, reference: Reference, desk: EntryDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settle")
        self._reference, self._desk = reference, desk
        self._key: ProtocolKey | None = None
        self._pad: Pad | None = None
        self.field: FieldRef | None = None
        self._reader, self._reason = desk.user, ""
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        self.question = heading("", self, "bannerTitle")
        self.reader = heading("", self, "muted")
        self.box = Box(self._acted, lambda _: None, lambda _: None, self)
        self.hint = HintStrip(self)
        self.other_button = act_button("other_reader", "F4", "user", self)
        self.supervisor_button = act_button("supervisor_settles", "F6", "approved", self)
        self.leave_button = act_button("put_away", "", "back", self)
        self._lay_out()
        self.other_button.clicked.connect(self.other_wanted)
        self.supervisor_button.clicked.connect(self.supervisor_wanted)
        self.leave_button.clicked.connect(self.left)
        desk.unsettled.connect(self._unsettled)

    @property
    def reader_name(self) -> str:
        return self._reader.name

    def show_fields(self, opening: Opening) -> None:
        """Ask for the first of the fields that still differ."""
        if opening.key != self._key:
            self._key = opening.key
            self._pad = Pad(paper(opening.key, self._reference))
            self._reader, self._reason = self._desk.user, ""
        assert self._pad
        self.field = opening.fields[0]
        place = precinct_place(opening.key.precinct, self._reference)
        self.title.setText(f"{place} · {contest_name(opening.key.contest)}")
        told = plural("settle.differ", len(opening.fields))
        self.banner.say("warning", "correcting", told, t("settle.text"))
        name = field_name(self._pad.form, self.field)
        self.question.setText(name)
        self.box.show_line(self._pad.line(self.field), None, t("settle.box_name", field=name))
        self._say_reader()
        self.hint.help("settle.keys")
        self.box.setFocus()

    def let_read(self, reader: User, reason: str = "") -> None:
        """Somebody else reads the paper from here on."""
        self._reader, self._reason = reader, reason
        self._ask_again()
        self._say_reader()

    def _ask_again(self) -> None:
        if self._pad and self.field:
            self.box.show_line(self._pad.line(self.field), None, self.box.accessibleName())
            self.box.setFocus()

    def _acted(self, box: Box, act: Act, number: int) -> None:
        if act is not Act.ENTER or self._key is None or self.field is None:
            return
        if box.value is None and not box.was_cleared:
            self.hint.help("settle.blank")
            return
        self._desk.settle(self._key, self.field, box.value, self._reader, self._reason)

    @Slot(object)
    def _unsettled(self, error: KnownError) -> None:
        """The station says no: the box is blank again, the sentence stands below it."""
        self.hint.say("W", error)
        self._ask_again()

    def _say_reader(self) -> None:
        word = "supervisor" if self._reader.role is Role.SUPERVISOR else "clerk"
        self.reader.setText(t(f"settle.reader_{word}", user=self._reader.name))

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        self.box.setFixedSize(132, 46)
        font = self.box.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self.box.setFont(font)
        words = QVBoxLayout()
        words.addWidget(self.question)
        words.addWidget(self.reader)
        row = QHBoxLayout(card)
        row.setContentsMargins(18, 18, 18, 18)
        row.addLayout(words, 1)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignVCenter)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.other_button)
        acts.addWidget(self.supervisor_button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.title, self.banner, card, self.hint, QLabel(self)):
            column.addWidget(widget, 1 if isinstance(widget, QLabel) and widget is not self.title else 0)
        column.addLayout(acts)
        order = (self.box, self.other_button, self.supervisor_button, self.leave_button)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
