"""The page of the readiness check: a row for each probe, tried one after another off the main thread.

What was found last stays in its row until the probe has something new to say. Each row can be tried alone.
The report of what stands here goes to paper, and signed to the centre.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.help.subject import PROPERTY as HELP
from app.desktop.printing import readiness_report
from app.desktop.printing.documents import Then, write
from app.desktop.printing.frame import Paper
from app.desktop.readiness import seeing, words
from app.desktop.readiness.rows import ProbeRow
from app.desktop.sections import SectionHost
from app.desktop.texts import date_time, t
from app.desktop.widgets import Banner, act_button
from app.documents.readiness_answer import ReadinessAnswer
from app.station.readiness.checking import PROBES, ReadinessCheck, not_yet, with_outcome
from app.station.readiness.outcomes import Outcome, State, whole
from app.station.wire import NoAnswer, Unreachable


class ReadinessPage(QWidget):
    """Drive it by `check_all`, `check_one`, `paper` and `send`; `outcomes` is what stands in the rows,
    `under_way` the probe that is tried now (empty: none)."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self.outcomes: tuple[Outcome, ...] = not_yet()
        self.under_way = ""
        self.sent: ReadinessAnswer | None = None
        self._pending: list[str] = []
        self._back: QWidget | None = None  # what had the focus before the buttons were switched off
        self._check: ReadinessCheck | None = None
        self._tried_at: datetime | None = None
        self.setProperty(HELP, "code:RDY")
        self.banner = Banner(self)
        self.all_button = act_button("check_readiness", "F5", "checked", self, "primary")
        self.paper_button = act_button("readiness_paper", "", "document", self)
        self.print_button = act_button("readiness_print", "", "print", self)
        self.send_button = act_button("readiness_send", "", "sent", self)
        self.all_button.clicked.connect(self.check_all)
        self.paper_button.clicked.connect(lambda: self.paper(Then.OPEN))
        self.print_button.clicked.connect(lambda: self.paper(Then.PRINT))
        self.send_button.clicked.connect(self.send)
        self.rows: dict[str, ProbeRow] = {}
        self._lay_out()
        self._say()

    def shown(self) -> None:
        """It was turned to."""
        self.all_button.setFocus()

    def forget_looks(self) -> None:
        for row in self.rows.values():
            row.forget_looks()
        self.all_button.setIcon(theme.icon("checked", "on_accent"))
        for button, icon in self._plain.items():
            button.setIcon(theme.icon(icon, "text"))
        self._say()

    @Slot()
    def check_all(self) -> None:
        """Try every probe in the order of the rows."""
        self._begin([probe.name for probe in PROBES])

    def check_one(self, name: str) -> None:
        """Try one probe once more."""
        self._begin([name])

    def paper(self, then: Then) -> None:
        """The report on paper: shown, or printed."""
        self._host.documents.paper(self._made, then)

    @Slot()
    def send(self) -> None:
        """Sign the report with its PDF and send it to the centre."""
        if self.under_way or self._tried_at is None:
            return
        host, outcomes, tried_at = self._host, self.outcomes, self._tried_at
        made, folder, user = self._made(), host.documents.folder, host.user.name
        check = host.station.readiness()

        def work() -> ReadinessAnswer:
            pdf = write(made, folder).read_bytes()
            return check.send(check.report(outcomes, user or "–", tried_at, pdf))

        self.send_button.setEnabled(False)
        host.run(work, self._sent, self, self._not_sent)

    def _made(self) -> Paper:
        host = self._host
        return readiness_report.made(
            self.outcomes, host.station, host.user.name, self._tried_at or host.clock()
        )

    def _begin(self, names: list[str]) -> None:
        if self.under_way:
            return
        scanned = self.rows["scanner"].scanned
        self._check = self._host.station.readiness(seeing.seen(scanned))
        self._check.begin()
        self._pending = names
        self._back = QApplication.focusWidget()
        self._next()

    def _next(self) -> None:
        """Try the next probe, or end."""
        self.under_way = self._pending.pop(0) if self._pending else ""
        self._allow()
        self._say()
        if self.under_way and self._check is not None:
            check, name = self._check, self.under_way
            self.rows[name].trying()
            self._scroll.ensureWidgetVisible(self.rows[name])
            self._host.run(lambda: check.one(name), self._tried, self, self._broke)
        else:
            self._show_first()

    def _show_first(self) -> None:
        """Bring the row to begin with before the eyes: the first that is not well, else the first."""
        bad = [each for each in self.outcomes if each.state is State.FAILED] or list(self.outcomes)
        self._scroll.ensureWidgetVisible(self.rows[bad[0].probe], 0, 4)

    def _tried(self, outcome: Outcome) -> None:
        self.outcomes = with_outcome(self.outcomes, outcome)
        self._tried_at = self._host.clock()
        self.rows[outcome.probe].show_outcome(outcome)
        self._next()

    def _broke(self, error: BaseException) -> None:
        self._pending = []
        self._next()
        self._host.messages.told(error)

    def _sent(self, answer: ReadinessAnswer) -> None:
        self.sent = answer
        self.send_button.setEnabled(True)
        self._host.messages.say("ok", t("readiness.sent", time=date_time(answer.received_at)))

    def _not_sent(self, error: BaseException) -> None:
        self.send_button.setEnabled(True)
        if isinstance(error, Unreachable | NoAnswer):
            self._host.messages.say("error", t("readiness.not_sent"))
        else:
            self._host.messages.told(error)

    def _allow(self) -> None:
        free = not self.under_way
        self.all_button.setEnabled(free)
        tried = free and self._tried_at is not None
        for button in self._plain:
            button.setEnabled(tried)
        for row in self.rows.values():
            row.allow(free)
        if free and self._back is not None and self.isVisible() and self.isAncestorOf(self._back):
            self._back.setFocus()  # a button that cannot be pressed lost it
            self._back = None

    def _say(self) -> None:
        """How all stands, and where to begin."""
        if self.under_way:
            done = len(PROBES) - len(self._pending)
            text = t("readiness.trying_text", done=done, all=len(PROBES))
            self.banner.say(
                "info", "checked", t("readiness.trying", name=words.name_of(self.under_way)), text
            )
            return
        if self._tried_at is None:
            self.banner.say("info", "info", t("readiness.not_yet"), t("readiness.not_yet_text"))
            return
        standing = whole(self.outcomes)
        kind, icon = words.BANNERS[standing]
        worst = [each for each in self.outcomes if each.state is State.FAILED] or [
            each for each in self.outcomes if each.state is State.NOT_TRIED and not each.excused
        ]
        text = t("readiness.at", time=date_time(self._tried_at))
        if worst:
            text = f"{', '.join(words.name_of(each.probe) for each in worst)}. {text}"
        self.banner.say(kind, icon, t(f"readiness.whole.{standing.name}"), text)

    def _lay_out(self) -> None:
        self._plain = {self.paper_button: "document", self.print_button: "print", self.send_button: "sent"}
        inside = QWidget(self)
        inside.setObjectName("factsInside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(0)
        for outcome in self.outcomes:
            row = self.rows[outcome.probe] = ProbeRow(outcome, inside)
            row.again.connect(self.check_one)
            column.addWidget(row)
        column.addStretch(1)
        scroll = self._scroll = QScrollArea(self)
        scroll.setObjectName("facts")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(t("readiness.rows"))
        scroll.setWidget(inside)
        acts = QHBoxLayout()
        for button in (self.all_button, *self._plain):
            acts.addWidget(button)
        acts.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 10, 12, 10)
        page.setSpacing(8)
        page.addWidget(self.banner)
        page.addWidget(scroll, 1)
        page.addLayout(acts)
        self._allow()
