"""The window in which a protocol is refused: why, in a usual sentence or own words, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.desktop.texts import PRAGUE, clock_time, duration, t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled, labelled_box
from app.election.verdict import Verdict

PRESETS: Final = ("numbers", "paper", "signatures", "precinct", "file", "other")
#: Minutes that are offered beside the station's own.
_OFFERED: Final = (30, 60, 120, 240, 480, 720)


def preset_of(verdict: Verdict) -> str:
    """The usual sentence that fits what failed."""
    failed = {result.rule_id for result in verdict.failed}
    if failed & {"ID-01", "ID-02", "ID-03", "PL-10"}:
        return "precinct"
    if "KC-05" in failed:
        return "paper"
    if verdict.blocking:
        return "numbers"
    return "signatures" if "FM-05" in failed else "other"


def deadlines(now: datetime, ends: datetime, proposed: int) -> tuple[datetime | None, ...]:
    """Times to choose from: after the usual minutes, and the end of the 24 h. Past the end there is none
    to choose (None): only the centre's permission helps then."""
    if now >= ends:
        return (None,)
    times = {now + timedelta(minutes=minutes) for minutes in {*_OFFERED, proposed}}
    return (*sorted(at for at in times if at < ends), ends)


class RefuseDialog(FittingDialog):
    """Emits `given(reason, deadline)`; the deadline is an aware instant or None."""

    given = Signal(str, object)

    def __init__(
        self, about: str, verdict: Verdict, now: datetime, ends: datetime, minutes: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._now = now
        self.setWindowTitle(t("reason.refuse.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.preset, self.reason, self.deadline = QComboBox(self), QPlainTextEdit(self), QComboBox(self)
        for name in PRESETS:
            self.preset.addItem(t(f"refuse.preset.{name}"))
        choices = deadlines(now, ends, minutes)
        for at in choices:
            self.deadline.addItem(_told(at, now, ends), at)
        mine = now + timedelta(minutes=minutes)
        self.deadline.setCurrentIndex(choices.index(mine) if mine in choices else len(choices) - 1)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(80)
        self.yes = act_button("refuse", "", "refused", self, "primary")
        self.yes.setText(labelled(t("reason.refuse.yes")))
        self.yes.setAccessibleName(t("reason.refuse.yes"))
        self.no = act_button("cancel", "", "back", self)
        self.hint = heading("", self, "whyNot")
        self._lay_out(about)
        self.preset.currentIndexChanged.connect(self._take_preset)
        self.reason.textChanged.connect(self._judge)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self.yes.setDefault(True)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._give)
        self.preset.setCurrentIndex(PRESETS.index(preset_of(verdict)))
        self._take_preset()
        self.reason.setFocus()
        self.reason.selectAll()

    @Slot()
    def _take_preset(self) -> None:
        name = PRESETS[self.preset.currentIndex()]
        self.reason.setPlainText("" if name == "other" else t(f"refuse.sentence.{name}"))
        self._judge()

    @Slot()
    def _judge(self) -> None:
        said = bool(self.reason.toPlainText().strip())
        self.hint.setText(t("reason.ready") if said else t("reason.reason_missing"))
        self.yes.setEnabled(said)

    @Slot()
    def _give(self) -> None:
        if self.yes.isEnabled():
            self.given.emit(self.reason.toPlainText().strip(), self.deadline.currentData())
            self.accept()

    def _lay_out(self, about: str) -> None:
        form = QVBoxLayout()
        form.setSpacing(10)
        for key, box in (
            ("refuse.why", self.preset),
            ("reason.reason", self.reason),
            ("refuse.deadline", self.deadline),
        ):
            box.setAccessibleName(t(key))
            form.addLayout(labelled_box(t(key), box, self))
        for box in (self.preset, self.deadline):
            box.view().setAccessibleName(box.accessibleName())
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(about, self, "pageTitle"))
        column.addWidget(heading(t("reason.refuse.text"), self, "plain"))
        column.addLayout(form)
        column.addWidget(self.hint)
        column.addLayout(buttons)


def _told(at: datetime | None, now: datetime, ends: datetime) -> str:
    if at is None:
        return t("refuse.after_end")
    local = at.astimezone(PRAGUE)
    day = "" if local.date() == now.astimezone(PRAGUE).date() else f"{local.day}. {local.month}. "
    when = f"{day}{clock_time(at)}"
    if at == ends:
        return t("refuse.until_end", time=when)
    minutes = round((at - now).total_seconds() / 60)
    return t("refuse.until", time=when, left=duration(minutes))
