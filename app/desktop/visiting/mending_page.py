"""The page on which the commission mends its own protocol: authorised, field by field, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.desktop.forms import contest_name, find, place
from app.desktop.texts import number, plural, t
from app.desktop.visit import Card
from app.desktop.visiting.fields import name_of
from app.desktop.visiting.mend_form import MendView, whole_form
from app.desktop.widgets import Banner, act_button, heading
from app.election.reference import Reference
from app.election.verdict import FieldRef

_TOLD: int = 3


@dataclass(frozen=True, slots=True)
class Mend:
    """What the commission changed."""

    changes: Mapping[FieldRef, int | None]
    authorised: bool
    reason: str


class MendingPage(QWidget):
    """Emits `mended(Mend)` and `left`."""

    mended = Signal(object)
    left = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None, kind: str = "mend") -> None:
        """`kind` is "mend" on the way to acceptance, "correct" for what is accepted already."""
        super().__init__(parent)
        self._reference, self._kind = reference, kind
        self._card: Card | None = None
        self.setObjectName("mending" if kind == "mend" else "correcting")
        self.title = heading("", self, "pageTitle")
        self.banner = Banner(self)
        self.view = MendView(self)
        self.changes = heading("", self, "cardText")
        self.authorised = QCheckBox(t("mend.authorised"), self)
        self.authorised.setAccessibleName(t("mend.authorised"))
        self.reason = QPlainTextEdit(self)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(50)
        self.reason.setAccessibleName(t("mend.reason"))
        self.why_not = heading("", self, "whyNot")
        self.mend_button = act_button("mended", "F9", "correcting", self, "primary")
        back = "back_to_verdict" if kind == "mend" else "back_to_protocol"
        self.leave_button = act_button(back, "", "back", self)
        self.view.mend_model.changed.connect(self._judge)
        self.authorised.toggled.connect(self._judge)
        self.reason.textChanged.connect(self._judge)
        self.mend_button.clicked.connect(self._mend)
        self.leave_button.clicked.connect(self.left)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self.reason, self._mend)
        self._lay_out()

    def show_card(self, card: Card) -> None:
        """Begin to mend; the cursor on the first field that a failed rule is about."""
        self._card, offer = card, card.offer
        self.title.setText(f"{place(offer.reading, self._reference)} · {contest_name(offer.key.contest)}")
        self.banner.say("info", "correcting", t(f"{self._kind}.title"), t(f"{self._kind}.text"))
        form = whole_form(offer.reading, self._reference)
        faults: dict[tuple[int, int], str] = {}
        first: FieldRef | None = None
        for result in sorted(offer.verdict.failed, key=lambda result: -result.severity.rank):
            for field in (field for case in result.failed_cases for field in case.fields):
                spot = find(form, field)
                if spot is not None:
                    first = first or field
                    faults.setdefault(spot, str(result.severity))
        self.authorised.setChecked(False)
        self.reason.clear()
        self.view.begin(form, faults, first)
        self.set_busy(False)
        self.view.setFocus()

    def set_busy(self, busy: bool) -> None:
        self.mend_button.setEnabled(not busy)
        if not busy:
            self._judge()

    @Slot()
    def _judge(self) -> None:
        """Say what changes, and what is still missing."""
        changes = self.view.mend_model.changes
        self.changes.setText(self._told(changes))
        missing = ""
        if not changes:
            missing = t("mend.why_nothing")
        elif not self.authorised.isChecked():
            missing = t("mend.why_authorised")
        elif not self.reason.toPlainText().strip():
            missing = t("reason.reason_missing")
        self.why_not.setText(missing or t("mend.ready"))
        self.mend_button.setEnabled(not missing)

    def _told(self, changes: Mapping[FieldRef, int | None]) -> str:
        assert self._card is not None
        if not changes:
            return t("mend.no_changes")
        stated = {
            line.field: line.value for block in self.view.mend_model.form.blocks for line in block.lines
        }
        told = [
            t("mend.change", name=name_of(field, self._card.offer.key, self._reference).title,
              before=_shown(stated.get(field)), after=_shown(value))
            for field, value in list(changes.items())[:_TOLD]
        ]  # fmt: skip
        more = ["…"] if len(changes) > _TOLD else []
        return plural("mend.changes", len(changes), what="; ".join([*told, *more]))

    @Slot()
    def _mend(self) -> None:
        if not self.mend_button.isEnabled():
            return
        mend = Mend(
            self.view.mend_model.changes, self.authorised.isChecked(), self.reason.toPlainText().strip()
        )
        self.set_busy(True)
        self.mended.emit(mend)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.mend_button)
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        label = QLabel(t("mend.reason"), self)
        label.setBuddy(self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        for widget in (self.changes, self.authorised, label, self.reason, self.why_not):
            column.addWidget(widget)
        column.addLayout(acts)
        chain = (self.view, self.authorised, self.reason, self.mend_button, self.leave_button)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)


def _shown(value: int | None) -> str:
    return t("form.blank") if value is None else number(value)
