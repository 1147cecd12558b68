"""The page on which the binding totals are typed from the signed paper, without seeing what the file says.

Number pad only: digits, Enter to the next field, `-` back. What does not agree is asked once more, by its
name; neither side's figure of it is on the screen while that is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.forms import COUNTS, contest_name, place
from app.desktop.texts import plural, t
from app.desktop.visit import Card
from app.desktop.visiting.fields import FieldName, NumberField, name_of, width_of
from app.desktop.visiting.signatures import SignatureBox
from app.desktop.widgets import Banner, act_button, heading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.course import Course


@dataclass(frozen=True, slots=True)
class Typed:
    """All that was typed from the paper, who signed it and when voting ended."""

    values: Mapping[FieldRef, int | None]
    course: Course


class _Line:
    """One total: its names, its box, and room for a word about it, so that nothing jumps."""

    def __init__(self, field: FieldRef, name: FieldName, parent: QWidget) -> None:
        self.field = field
        self.code, self.title = QLabel(name.code, parent), QLabel(name.title, parent)
        self.box = NumberField(width_of(field), name.whole, parent)
        self.box.setProperty("help", f"field:{field.name}")
        self.icon, self.word = QLabel(parent), QLabel(parent)
        self.code.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.code.setMinimumWidth(28)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setToolTip(name.title)
        self.icon.setFixedWidth(20)
        self.word.setFixedWidth(190)

    def say(self, icon: str = "", ink: str = "text", word: str = "") -> None:
        self.icon.setPixmap(theme.pixmap(icon, ink, 16)) if icon else self.icon.clear()
        self.word.setText(word)
        self.box.setAccessibleDescription(word)


class RetypePage(QWidget):
    """Emits `typed(Typed)` when all is filled in, and `left`."""

    typed = Signal(object)
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self.setObjectName("retype")
        self._lines: list[_Line] = []
        self.asking_again = False
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName(t("retype.name"))
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fields = QWidget(self)
        self.signatures = SignatureBox(reference.election.calendar, self)
        self.done_button = act_button("retyped", "F9", "passed", self, "primary")
        self.leave_button = act_button("back_to_verdict", "", "back", self)
        self.why_not = heading("", self, "whyNot")
        self._lay_out()
        self.done_button.clicked.connect(self._finish)
        self.leave_button.clicked.connect(self.left)
        self.signatures.forward.connect(self._finish)
        self.signatures.back.connect(lambda: self._lines[-1].box.setFocus())

    @property
    def boxes(self) -> Mapping[FieldRef, NumberField]:
        return {line.field: line.box for line in self._lines}

    def ask(self, card: Card, fields: Sequence[FieldRef]) -> None:
        """Begin: every field blank."""
        self.asking_again = False
        offer = card.offer
        self.title.setText(f"{place(offer.reading, self._reference)} · {contest_name(offer.key.contest)}")
        self.banner.say("info", "document", t("retype.title"), t("retype.text"))
        self._fill(card, fields)
        self.signatures.clear()
        self.signatures.setEnabled(True)
        self.why_not.clear()
        self.set_busy(False)
        self._lines[0].box.setFocus()

    def ask_again(self, differing: Sequence[FieldRef]) -> None:
        """Clear and ask the fields that differ; those that agree are closed."""
        self.asking_again = True
        self.banner.say("warning", "warning", plural("retype.again", len(differing)), t("retype.again_text"))
        for line in self._lines:
            differs = line.field in differing
            line.box.setReadOnly(not differs)
            line.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus if differs else Qt.FocusPolicy.NoFocus)
            if differs:
                line.box.clear()
                line.say("warning", "warning", t("retype.differs"))
            else:
                line.say("passed", "ok", t("retype.agrees"))
        self.signatures.setEnabled(False)
        self.why_not.clear()
        self.set_busy(False)
        self._first_blank()

    def set_busy(self, busy: bool) -> None:
        self.done_button.setEnabled(not busy)

    def _fill(self, card: Card, fields: Sequence[FieldRef]) -> None:
        inner = QWidget(self)
        grid = QGridLayout(inner)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self._lines = []
        row = 0
        for field in fields:
            if row == 0 or len(self._lines) == len(COUNTS):
                votes = t(f"retype.votes.{card.offer.key.contest.form}")
                told = t("retype.counts") if row == 0 else votes
                grid.addWidget(heading(told, inner, "cardTitle"), row, 0, 1, 5)
                row += 1
            line = _Line(field, name_of(field, card.offer.key, self._reference), inner)
            for column, widget in enumerate((line.code, line.title, line.box, line.icon, line.word)):
                grid.addWidget(widget, row, column)
            at = len(self._lines)
            line.box.forward.connect(lambda at=at: self._forward(at))
            line.box.back.connect(lambda at=at: self._move(at, -1))
            self._lines.append(line)
            row += 1
        self._sheet.removeWidget(self._fields)
        self._fields.deleteLater()
        self._sheet.insertWidget(0, inner)
        self._fields = inner
        inner.show()  # by itself it would wait for the next turn of the events
        chain = [line.box for line in self._lines]
        for before, after in pairwise(
            [*chain, *self.signatures.widgets, self.done_button, self.leave_button]
        ):
            QWidget.setTabOrder(before, after)

    def _forward(self, at: int) -> None:
        line = self._lines[at]
        if line.box.value is None:
            line.say("warning", "warning", t("retype.blank"))
            return
        if not line.box.isReadOnly():
            line.say()
        self._move(at, 1)

    def _move(self, at: int, step: int) -> None:
        """To the next box that can be typed into; behind the last to the signatures, or done."""
        there = at + step
        while 0 <= there < len(self._lines) and self._lines[there].box.isReadOnly():
            there += step
        if 0 <= there < len(self._lines):
            box = self._lines[there].box
            box.setFocus()
            box.selectAll()
            self.area.ensureWidgetVisible(box, 0, 60)
        elif step > 0 and self.signatures.isEnabled():
            self.signatures.setFocus()
            self._show_signatures()
        elif step > 0:
            self._finish()

    def _show_signatures(self) -> None:
        self.area.ensureWidgetVisible(self.signatures, 0, 0)

    def _first_blank(self) -> bool:
        blank = next((line for line in self._lines if line.box.value is None), None)
        if blank is None:
            return False
        blank.box.setFocus()
        self.area.ensureWidgetVisible(blank.box, 0, 60)
        return True

    @Slot()
    def _finish(self) -> None:
        if not self.done_button.isEnabled():
            return
        if self._first_blank():
            self.why_not.setText(t("retype.why_blank"))
            return
        course = self.signatures.course
        if course is None:
            self.signatures.lead()
            self._show_signatures()
            self.why_not.setText(self.signatures.why_not)
            return
        self.set_busy(True)
        self.typed.emit(Typed({line.field: line.box.value for line in self._lines}, course))

    def _lay_out(self) -> None:
        """Who signed stands behind the last total, as on the paper; on a low screen all of it scrolls."""
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        inner = QWidget(self.area)
        inner.setObjectName("right")
        self._sheet = QVBoxLayout(inner)
        self._sheet.setContentsMargins(0, 0, 4, 0)
        self._sheet.setSpacing(8)
        self._sheet.addWidget(self._fields)
        self._sheet.addWidget(self.signatures)
        self._sheet.addStretch(1)
        self.area.setWidget(inner)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.done_button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addWidget(self.area, 1)
        column.addWidget(self.why_not)
        column.addLayout(acts)
