"""The page of approvals: the queue beside the case, and the two ways on, each with a reason.

What is approved is what was on the screen when the dialog opened: the station refuses anything else, and the
page then shows the new content with what differs marked. Whatever changes at the station while a case is
looked at shows itself the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.desktop import texts, theme
from app.desktop.approving import evidence
from app.desktop.approving.case_view import CaseView
from app.desktop.approving.queue import Column, QueueRow, QueueTable
from app.desktop.cells import CellDelegate
from app.desktop.flow import FlowLayout
from app.desktop.forms import contest_name, place
from app.desktop.looking import Looks
from app.desktop.reasons import ReasonDialog
from app.desktop.row_table import KEY_ROLE
from app.desktop.sections import SectionHost
from app.desktop.tables import whole_rows
from app.desktop.texts import language, t
from app.desktop.widgets import Banner, act_button
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.approvals import Case, Changed, Waiting
from app.station.changes import Change
from app.station.offers import Accepted
from app.station.permissions import Permission, may

T = TypeVar("T")

#: Below this width of the queue who put it up is told by the banner and the tool tip alone.
_NARROW = 350
#: Milliseconds between two looks at the clock.
_TICK = 20_000


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the store: the queue, and the case that is wanted with what stands against approving it."""

    queue: tuple[Waiting, ...]
    case: Case | None
    trouble: KnownError | None


class ApprovalsPage(QWidget):
    """Drive it by `select`, `approve_with` and `send_back_with`; `case` is what is on the screen."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self.setProperty("help", "topic:schvalovani")
        self._host = host
        self._reference = host.station.reference
        self._wanted: ProtocolKey | None = None
        self._base: Case | None = None  # as it was when it was turned to
        self._changed: Changed | None = None
        self._trouble: KnownError | None = None
        self._looks, self._acting = Looks(), False
        self.case: Case | None = None
        self.dialog: ReasonDialog | None = None
        self.queue = QueueTable(self)
        self.view = QTableView(self)
        self.banner, self.details = Banner(self), CaseView(self._reference, self)
        self.approve_button = act_button("approve", "F6", "approved", self, "primary")
        self.back_button = act_button("send_back", "F7", "back", self)
        self.why_not = QLabel(self)
        self.why_not.setObjectName("whyNot")
        self.why_not.setWordWrap(True)
        self.empty = QLabel(t("approving.empty"), self)
        self.empty.setObjectName("empty")
        self.empty.setWordWrap(True)
        self.places = QStackedWidget(self)
        self._dress()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)
        self._waiting: tuple[Waiting, ...] = ()
        self.view.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.view.activated.connect(lambda: self.details.rules.setFocus())
        self.approve_button.clicked.connect(lambda: self._ask("approve"))
        self.back_button.clicked.connect(lambda: self._ask("send_back"))

    # --- driving -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """It was turned to."""
        if self.dialog is not None:  # it was opened by whoever sat here before
            self.dialog.reject()
        self.refresh()
        self._timer.start()
        self.view.setFocus()

    def changed(self, change: Change) -> None:
        if change.keys:
            self.refresh()

    def forget_looks(self) -> None:
        """After a change from light to dark."""
        self.queue.forget_looks()
        self.details.forget_looks()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A queue that is too narrow keeps where and how long."""
        super().resizeEvent(event)
        width = max(275, min(480, self.width() // 4))
        self._split.setSizes([width, self.width() - width])
        self.view.setColumnHidden(Column.BY, width < _NARROW)

    def select(self, key: ProtocolKey) -> None:
        """Turn to one that waits."""
        self._wanted = key
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look at the store again; many changes at once are answered by one look."""
        if not self._looks.begin():
            return
        approvals, user, key = self._host.station.approvals, self._host.user, self._wanted

        def look() -> _Look:
            queue = approvals.queue(user)
            keys = [waiting.key for waiting in queue]
            wanted = key if key in keys else keys[0] if keys else None
            case = approvals.case(wanted) if wanted is not None else None
            return _Look(queue, case, approvals.trouble(case, user) if case else None)

        self._host.run(look, self._looked, self, self._not_looked)

    def approve_with(self, case: Case, reason: str) -> None:
        """Approve the case as it was shown."""
        intake, user = self._host.station.intake, self._host.user

        def work() -> Accepted:
            return intake.approve(case.key, user, case.held.content_hash, reason, case.failed)

        def done(accepted: Accepted) -> None:
            self._host.documents.transcript(accepted.key, accepted.revision)
            self._acted("approving.approved", case)

        self._act(work, done)

    def send_back_with(self, case: Case, reason: str) -> None:
        """End the waiting without approval."""
        intake, user = self._host.station.intake, self._host.user
        self._act(
            lambda: intake.send_back(case.key, user, reason),
            lambda _: self._acted("approving.sent_back", case),
        )

    # --- looks at the store --------------------------------------------------------------------------

    def _looked(self, look: _Look) -> None:
        if self._looks.end():
            self.refresh()
            return
        self._show_queue(look.queue)
        before = self.case
        gone = before is not None and before.key not in {waiting.key for waiting in look.queue}
        if gone and not self._acting and before is not None:
            self._host.messages.say("info", t("approving.gone", place=self._named(before)))
        if look.case is None:
            self.case = self._base = self._wanted = None
        else:
            self._show_case(look.case, look.trouble)
        self._acting = False
        self.places.setCurrentIndex(0 if look.case is None else 1)

    def _not_looked(self, error: BaseException) -> None:
        self._looks.end()
        self._host.messages.told(error)

    def _show_queue(self, waiting: tuple[Waiting, ...]) -> None:
        self._waiting = waiting
        now, names = self._host.clock(), self._reference.municipalities
        rows = []
        for one in waiting:
            found = names.get(one.key.precinct.municipality)
            minutes = max(0, (now - one.held_at) // timedelta(minutes=1))
            rows.append(QueueRow(one, found.name if found else str(one.key.precinct.municipality), minutes))
        self.queue.set_rows(rows)

    def _show_case(self, case: Case, trouble: KnownError | None) -> None:
        before, self.case, self._trouble = self.case, case, trouble
        self._wanted = case.key
        self._mark(case)
        if before is None or before.key != case.key or self._base is None:
            self._base, self._changed = case, None
            self.details.show_case(case, None)
        else:
            step = self._host.station.approvals.changed(before, case)
            if step.anything or before.held.id != case.held.id:
                self._changed = self._host.station.approvals.changed(self._base, case)
                self.details.show_case(case, self._changed)
            else:
                self.details.show_around(case)
        self._say()

    def _mark(self, case: Case) -> None:
        """Put the queue's cursor on the case without asking for it again."""
        row = self.queue.place_of(case.held.id)
        if row is not None and self.view.currentIndex().row() != row:
            self.view.selectionModel().blockSignals(True)
            self.view.selectRow(row)
            self.view.selectionModel().blockSignals(False)
            self.view.viewport().update()

    def _say(self) -> None:
        case = self.case
        assert case is not None
        minutes = max(0, (self._host.clock() - case.held.held_at) // timedelta(minutes=1))
        title = f"{place(case.held.offer.reading, self._reference)} · {contest_name(case.key.contest)}"
        told = t(
            "approving.held", by=case.held.entered_by, waits=texts.duration(minutes), reason=case.held.reason
        )
        changed = self._changed
        if changed is not None and changed.anything:
            rules = evidence.rule_names(changed.rules)
            more = t("approving.changed_rules", rules=rules) if rules else t("approving.changed_figures")
            self.banner.say("error", "correcting", t("approving.changed", place=title), f"{more} {told}")
        else:
            self.banner.say("warning", "held", title, told)
        allowed = may(self._host.user.role, Permission.APPROVE)
        self.approve_button.setVisible(allowed)
        self.back_button.setVisible(allowed)
        self.approve_button.setEnabled(allowed and self._trouble is None)
        self.back_button.setEnabled(allowed)
        why = "" if self._trouble is None else self._sentence(self._trouble)
        self.why_not.setText(why)
        self.why_not.setVisible(bool(why) and allowed)
        self.approve_button.setToolTip(why or t("act_help.approve"))
        self.approve_button.setAccessibleDescription(why)

    @staticmethod
    def _sentence(error: KnownError) -> str:
        return error.cs if language() == "cs" else error.en

    def _named(self, case: Case) -> str:
        return place(case.held.offer.reading, self._reference)

    @Slot()
    def _tick(self) -> None:
        if self.isVisible():
            self._show_queue(self._waiting)
            if self.case is not None:
                self._say()

    @Slot(QModelIndex, QModelIndex)
    def _row_chosen(self, now: QModelIndex, _before: QModelIndex) -> None:
        chosen = now.data(KEY_ROLE) if now.isValid() else None
        found = next((waiting for waiting in self._waiting if waiting.id == chosen), None)
        if found is not None and (self.case is None or found.key != self.case.key):
            self.select(found.key)

    # --- acts ----------------------------------------------------------------------------------------

    def _ask(self, act: str) -> None:
        case = self.case
        if case is None or self._acting:
            return
        about = f"{self._named(case)} · {contest_name(case.key.contest)}"
        dialog = ReasonDialog(act, about, self)
        take = self.approve_with if act == "approve" else self.send_back_with
        user = self._host.user

        def given(reason: str, _name: str) -> None:
            if self._host.user == user:  # nobody gives a reason in another one's name
                take(case, reason)

        dialog.given.connect(given)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    def _act(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._acting = True
        self.approve_button.setEnabled(False)
        self.back_button.setEnabled(False)
        self._host.run(work, done, self, self._refused)

    def _acted(self, key: str, case: Case) -> None:
        self._host.messages.say("ok", t(key, place=self._named(case), contest=contest_name(case.key.contest)))
        self.refresh()
        self.view.setFocus()

    def _refused(self, error: BaseException) -> None:
        """Nothing was stored. What is on the screen may be old: look again."""
        self._acting = False
        self._host.messages.told(error)
        self.refresh()

    # --- looks ---------------------------------------------------------------------------------------

    def _dress(self) -> None:
        view = self.view
        view.setModel(self.queue)
        view.setItemDelegate(CellDelegate(view))
        view.setAccessibleName(t("approving.queue"))
        header = whole_rows(view, 30)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.MUNICIPALITY, QHeaderView.ResizeMode.Stretch)
        view.setColumnWidth(Column.PRECINCT, 44)
        view.setColumnWidth(Column.CONTEST, 54)
        view.setColumnWidth(Column.BY, 120)
        view.setColumnWidth(Column.WAITING, 50)

    def _lay_out(self) -> None:
        acts = FlowLayout()
        acts.addWidget(self.approve_button)
        acts.addWidget(self.back_button)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.banner)
        column.addWidget(self.details, 1)
        column.addWidget(self.why_not)
        column.addLayout(acts)
        split = self._split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.view)
        split.addWidget(right)
        self.view.setMinimumWidth(190)
        right.setMinimumWidth(500)
        nothing = QWidget(self)
        middle = QVBoxLayout(nothing)
        middle.addStretch(1)
        picture = QLabel(nothing)
        picture.setPixmap(theme.pixmap("approved", "ok", 48))
        picture.setFixedSize(QSize(48, 48))
        middle.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addWidget(self.empty)
        middle.addStretch(2)
        self.places.addWidget(nothing)
        self.places.addWidget(split)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.addWidget(self.places, 1)
        QWidget.setTabOrder(self.view, self.details.tabs)
        QWidget.setTabOrder(self.details.origin, self.approve_button)
        QWidget.setTabOrder(self.approve_button, self.back_button)
