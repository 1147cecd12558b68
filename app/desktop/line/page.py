"""The page of the line: the examination's steps in order, each with its state, a sentence and what to do.

The examination runs off the main thread and may take as long as a dead network does; what was found last
stays on the page meanwhile, with its time.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.help.subject import PROPERTY as HELP
from app.desktop.sections import SectionHost
from app.desktop.texts import date_time, language, t
from app.desktop.widgets import Banner, act_button
from app.station.line import report
from app.station.line.findings import Diagnosis, Finding
from app.station.line.steps import State, Step

_LOOKS: Final = {
    State.GOOD: ("passed", "ok"),
    State.WARNING: ("warning", "warning"),
    State.FAULT: ("blocking", "error"),
    State.SKIPPED: ("not_compared", "muted"),
}
_BANNERS: Final = {State.WARNING: ("warning", "warning"), State.FAULT: ("error", "blocking")}


class StepLine(QFrame):
    """One step of the examination."""

    def __init__(self, step: Step, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = report.STEPS[language()][step]
        self._state = State.SKIPPED
        self._icon, self._title, self._said, self._do = (QLabel(self) for _ in range(4))
        self._icon.setFixedSize(24, 24)
        self._title.setObjectName("heading")
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._said.setObjectName("muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._title, self._said, self._do):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        grid = QGridLayout(self)
        grid.setContentsMargins(4, 3, 4, 3)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(words, 0, 1)

    @property
    def words(self) -> str:
        """All that is written here."""
        return self.accessibleName()

    def show_finding(self, finding: Finding) -> None:
        said, do = _words(finding)
        self._state = finding.state
        state = report.STATES[language()][finding.state]
        code = f" [{finding.code}]" if finding.state in (State.FAULT, State.WARNING) else ""
        self._title.setText(f"{self._name}: {state}{code}")
        self._said.setText(said)
        self._said.setVisible(finding.state is not State.SKIPPED)
        self._do.setText(f"→ {do}")
        self._do.setVisible(bool(do))
        self.setAccessibleName(" ".join(each for each in (self._title.text(), said, do) if each))
        self.forget_looks()

    def forget_looks(self) -> None:
        self._icon.setPixmap(theme.pixmap(*_LOOKS[self._state], 22))


class LinePage(QWidget):
    """Drive it by `examine` and `copy`; `found` is what was found last, `under_way` whether it looks now."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self.found: Diagnosis | None = None
        self.under_way = False
        self.setProperty(HELP, "code:LIN")
        self.banner = Banner(self)
        self.banner.say("info", "connecting", t("line.looking"), t("line.looking_text"))
        self.again_button = act_button("examine_line", "F5", "connected", self, "primary")
        self.copy_button = act_button("copy_report", "", "document", self)
        self.copy_button.setEnabled(False)
        self.again_button.clicked.connect(self.examine)
        self.copy_button.clicked.connect(self.copy)
        self.lines: dict[Step, StepLine] = {}
        self._lay_out()

    def shown(self) -> None:
        """It was turned to."""
        self.again_button.setFocus()
        self.examine()

    def forget_looks(self) -> None:
        for line in self.lines.values():
            line.forget_looks()
        self.again_button.setIcon(theme.icon("connected", "on_accent"))
        self.copy_button.setIcon(theme.icon("document", "text"))
        if self.found is not None:
            self._say(self.found)

    @Slot()
    def examine(self) -> None:
        """Look at every step, once at a time."""
        if self.under_way:
            return
        self.under_way = True
        self.again_button.setEnabled(False)
        self.banner.say("info", "connecting", t("line.looking"), t("line.looking_text"))
        examination = self._host.station.examination()
        self._host.run(examination.examine, self._examined, self, self._failed)

    @Slot()
    def copy(self) -> None:
        """The whole report as text, for a message to the centre."""
        if self.found is None:
            return
        text = report.text(self.found, self._host.station.config, language())
        QApplication.clipboard().setText(text)
        self._host.messages.say("ok", t("line.copied"))

    def _examined(self, found: Diagnosis) -> None:
        self._ended()
        self.found = found
        for finding in found.findings:
            self.lines[finding.step].show_finding(finding)
            self.lines[finding.step].show()
        self.copy_button.setEnabled(True)
        self._say(found)

    def _failed(self, error: BaseException) -> None:
        self._ended()
        self._host.messages.told(error)

    def _ended(self) -> None:
        had_focus = self.isVisible() and self._scroll.hasFocus()  # a button that cannot be pressed loses it
        self.under_way = False
        self.again_button.setEnabled(True)
        if had_focus:
            self.again_button.setFocus()

    def _say(self, found: Diagnosis) -> None:
        at, worst = date_time(found.at), found.worst
        if worst is None:
            self.banner.say("ok", "passed", t("line.good"), t("line.at", time=at))
            return
        kind, icon = _BANNERS[worst.state]
        name = report.STEPS[language()][worst.step]
        title = t("line.fault" if worst.state is State.FAULT else "line.warning", step=name)
        self.banner.say(kind, icon, title, f"{_words(worst)[0]} {t('line.at', time=at)}")

    def _lay_out(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("factsInside")
        steps = QVBoxLayout(inside)
        steps.setContentsMargins(8, 6, 8, 6)
        steps.setSpacing(0)
        for step in Step:
            self.lines[step] = StepLine(step, inside)
            self.lines[step].hide()
            steps.addWidget(self.lines[step])
        steps.addStretch(1)
        scroll = self._scroll = QScrollArea(self)
        scroll.setObjectName("facts")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(t("line.steps"))
        scroll.setWidget(inside)
        acts = QHBoxLayout()
        acts.addWidget(self.again_button)
        acts.addWidget(self.copy_button)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(scroll, 1)
        column.addLayout(acts)


def _words(finding: Finding) -> tuple[str, str]:
    return (finding.cs, finding.do_cs) if language() == "cs" else (finding.en, finding.do_en)
