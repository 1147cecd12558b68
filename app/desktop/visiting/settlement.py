"""Paper and file side by side, where they still differ after the clerk looked twice: what does the paper say?

Each field is answered by one of the two figures, all with one reason. Where the paper bears the file out the
field is settled; where it does not, the commission mends the protocol or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.desktop.forms import contest_name, place
from app.desktop.texts import number, plural, t
from app.desktop.visit import Card
from app.desktop.visiting.fields import name_of
from app.desktop.widgets import Banner, act_button, heading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.differences import FieldDifference


@dataclass(frozen=True, slots=True)
class Settled:
    """What the paper says in each differing field, by the clerk's last look at it."""

    values: Mapping[FieldRef, int | None]
    reason: str


class _Side(QRadioButton):
    """One of two figures; 1 and 2 choose on the number pad, Enter goes on."""

    forward = Signal()
    other = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_1, Qt.Key.Key_2):
            self.other.emit(event.key() - Qt.Key.Key_1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.forward.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class SettlementPage(QWidget):
    """Emits `settled(Settled)`, `refuse_wanted`, and `left`."""

    settled = Signal(object)
    refuse_wanted = Signal()
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reference = reference
        self.setObjectName("settlement")
        self._rows: list[tuple[FieldDifference, tuple[_Side, _Side], QButtonGroup]] = []
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName(t("settlement.name"))
        self.reason = QPlainTextEdit(self)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(50)
        self.reason.setAccessibleName(t("reason.reason"))
        self.why_not = heading("", self, "whyNot")
        self.settle_button = act_button("settle", "F9", "passed", self, "primary")
        self.refuse_button = act_button("refuse", "F8", "refused", self, "grave")
        self.leave_button = act_button("back_to_verdict", "", "back", self)
        self.settle_button.clicked.connect(self._settle)
        self.refuse_button.clicked.connect(self.refuse_wanted)
        self.leave_button.clicked.connect(self.left)
        self.reason.textChanged.connect(self._judge)
        self._lay_out()

    @property
    def sides(self) -> tuple[tuple[QRadioButton, QRadioButton], ...]:
        """For each field: the figure typed from the paper, the figure of the file."""
        return tuple(sides for _, sides, _ in self._rows)

    def show_differences(self, card: Card, differing: tuple[FieldDifference, ...]) -> None:
        """`left` of a difference is what was typed from the paper, `right` what the file says."""
        reading = card.offer.reading
        self.title.setText(f"{place(reading, self._reference)} · {contest_name(card.offer.key.contest)}")
        self.banner.say("error", "blocking", plural("settlement.title", len(differing)), t("settlement.text"))
        inner = QWidget(self.area)
        inner.setObjectName("right")
        grid = QGridLayout(inner)
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(24)
        for column, key in enumerate(("settlement.field", "settlement.typed", "settlement.stated")):
            grid.addWidget(heading(t(key), inner, "cardTitle"), 0, column)
        self._rows = []
        for row, difference in enumerate(differing, 1):
            name = name_of(difference.field, card.offer.key, self._reference).whole
            label = QLabel(name, inner)
            label.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(label, row, 0)
            group = QButtonGroup(inner)
            left = self._side("settlement.paper_says", name, difference.left, inner)
            right = self._side("settlement.file_says", name, difference.right, inner)
            for column, side in enumerate((left, right), 1):
                group.addButton(side, column)
                grid.addWidget(side, row, column)
                side.forward.connect(lambda at=row: self._forward(at))
                side.other.connect(lambda which, both=(left, right): self._choose(both[which]))
            group.idToggled.connect(self._judge)
            self._rows.append((difference, (left, right), group))
        grid.setRowStretch(len(differing) + 1, 1)
        self.area.setWidget(inner)
        self.reason.clear()
        self._order_tabs()
        self._judge()
        self._rows[0][1][0].setFocus()

    def set_busy(self, busy: bool) -> None:
        self.settle_button.setEnabled(not busy)
        self.refuse_button.setEnabled(not busy)
        if not busy:
            self._judge()

    @staticmethod
    def _side(key: str, name: str, value: int | None, parent: QWidget) -> _Side:
        shown = t("form.blank") if value is None else number(value)
        side = _Side(shown, parent)
        side.setAccessibleName(t(key, name=name, value=shown))
        side.setObjectName("figure")
        return side

    @staticmethod
    def _choose(side: _Side) -> None:
        side.setChecked(True)
        side.setFocus()

    def _forward(self, at: int) -> None:
        if at < len(self._rows):
            _, sides, _ = self._rows[at]
            next((side for side in sides if side.isChecked()), sides[0]).setFocus()
        else:
            self.reason.setFocus()

    @Slot()
    def _judge(self) -> None:
        missing = ""
        if any(group.checkedId() < 0 for *_, group in self._rows):
            missing = t("settlement.why_choose")
        elif not self.reason.toPlainText().strip():
            missing = t("reason.reason_missing")
        self.settle_button.setEnabled(not missing)
        if missing:
            self.why_not.setText(missing)
        else:
            borne_out = all(group.checkedId() == 2 for *_, group in self._rows)
            self.why_not.setText(t("settlement.file_right" if borne_out else "settlement.paper_right"))

    @Slot()
    def _settle(self) -> None:
        values = {
            difference.field: difference.left if group.checkedId() == 1 else difference.right
            for difference, _, group in self._rows
        }
        reason = self.reason.toPlainText().strip()
        self.set_busy(True)
        self.settled.emit(Settled(values, reason))

    def _order_tabs(self) -> None:
        boxes = [side for _, sides, _ in self._rows for side in sides]
        chain = [*boxes, self.reason, self.settle_button, self.refuse_button, self.leave_button]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.settle_button)
        acts.addWidget(self.refuse_button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        label = QLabel(t("settlement.reason"), self)
        label.setBuddy(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addWidget(self.area, 1)
        for widget in (label, self.reason, self.why_not):
            column.addWidget(widget)
        column.addLayout(acts)
