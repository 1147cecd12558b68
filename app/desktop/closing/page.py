"""The page of closing: what is left to do, what is not confirmed and why, and the backups.

Everything that reads the whole store or a stick happens off the main thread; the page shows what came of it.
Closing is one piece of work there: who it is, the verification, the report, the paper, the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from app.desktop.closing.backups import BackupPane
from app.desktop.closing.checks import ChecklistView
from app.desktop.closing.dialogs import CloseDialog, RestoreDialog, Wanted
from app.desktop.closing.missing import MissingPane
from app.desktop.help.subject import PROPERTY as HELP
from app.desktop.looking import Looks
from app.desktop.printing import closing_report, documents
from app.desktop.reasons import ReasonDialog
from app.desktop.sections import SectionHost
from app.desktop.texts import date_time, language, number, plural, t
from app.desktop.widgets import Banner, act_button
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.audit.verify import Audit
from app.station.backup.drill import Drilled
from app.station.backup.keeper import BackupState
from app.station.backup.restore import Credentials, Restored, http_line, restore
from app.station.changes import Change
from app.station.closing.checklist import Checklist, Item
from app.station.closing.closing import PointStep
from app.station.closing.errors import ChangedSince
from app.station.closing.explaining import Explanation
from app.station.completeness import Row
from app.station.confirmation import short_code
from app.station.permissions import Permission, may

_TICK = 20_000


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the store and the place for backups."""

    checks: Checklist
    rows: tuple[Row, ...]
    explained: dict[ProtocolKey, Explanation]
    backup: BackupState
    step: PointStep | None
    audit: Audit | None


class ClosingPage(QWidget):
    """Drive it by `explain_with`, `close_with`, `reopen_with`, `use_place` and `restore_with`."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self._host = host
        self._looks = Looks()
        self.look: _Look | None = None
        self.dialog: ReasonDialog | CloseDialog | RestoreDialog | None = None
        self.file_dialog: QFileDialog | None = None
        self.banner = Banner(self)
        self.banner.say("info", "info", t("closing.looking"))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.checks, self.missing = ChecklistView(self), MissingPane(self)
        self.backups = BackupPane(host.station.config, self)
        for name, pane in (
            ("checks", self.checks), ("missing", self.missing), ("backup", self.backups),
        ):  # fmt: skip
            self.tabs.addTab(pane, t(f"closing.tab_{name}"))
        self.tabs.tabBar().setAccessibleName(t("section.closing"))
        self.setProperty(HELP, "topic:uzavreni")
        self.backups.setProperty(HELP, "topic:zalohy")
        self.close_button = act_button("close_point", "F6", "lock", self, "primary")
        self.reopen_button = act_button("reopen_point", "F7", "unlock", self)
        self.report_button = act_button("closing_report", "", "document", self)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.refresh)
        self.checks.way.connect(self._way)
        self.missing.explain_wanted.connect(self._ask_explanation)
        self.missing.open_wanted.connect(host.open_protocol)
        self.backups.act.connect(self._backup_act)
        self.close_button.clicked.connect(self._ask_closing)
        self.reopen_button.clicked.connect(self._ask_reopening)
        self.report_button.clicked.connect(self._open_report)

    # --- driving -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """It was turned to."""
        self._timer.start()
        self.refresh()
        self.tabs.tabBar().setFocus()

    def changed(self, change: Change) -> None:
        if self.isVisible():
            self.refresh()

    def forget_looks(self) -> None:
        self.checks.forget_looks()
        self.missing.forget_looks()
        if self.look is not None:
            self._show(self.look)

    @Slot()
    def refresh(self) -> None:
        """Look again; many changes at once are answered by one look."""
        if not self._looks.begin():
            return
        closing, backups = self._host.station.closing, self._host.station.backups

        def look() -> _Look:
            return _Look(
                closing.checks(), closing.unconfirmed(), closing.explanations(), backups.state(),
                closing.last_step(), closing.verified(),
            )  # fmt: skip

        self._host.run(look, self._looked, self, self._not_looked)

    def explain_with(self, key: ProtocolKey, reason: str) -> None:
        closing, user = self._host.station.closing, self._host.user
        self._host.run(lambda: closing.explain(key, user, reason), self._done, self)

    def reopen_with(self, reason: str) -> None:
        closing, user = self._host.station.closing, self._host.user
        self._host.run(lambda: closing.reopen(user, reason), self._done, self)

    def close_with(self, name: str = "", password: str = "") -> None:
        """Verify, make the report, close. The supervisor proves who they are where there are accounts."""
        station, desk_user = self._host.station, self._host.user
        folder = self._host.documents.folder

        def work() -> Path:
            user = desk_user
            if password:
                user = station.users.signing.vouch(name, password, Permission.CLOSE_POINT, desk_user)
            for last in (False, False, True):
                report = station.closing.report(user)
                path = documents.write(closing_report.made(report), folder)
                try:
                    station.closing.close(report, sha256(path.read_bytes()).hexdigest(), user)
                except ChangedSince:  # news of the other workstations came in between
                    path.unlink()
                    if last:
                        raise
                else:
                    break
            return path

        self._host.run(work, self._closed, self, self._refused)

    def use_place(self, place: Path) -> None:
        """Back up there from now on, beginning at once."""
        backups, user = self._host.station.backups, self._host.user

        def work() -> Path:
            backups.choose(place, user)
            backups.make()
            return place

        self._host.run(
            work, lambda chosen: self._host.messages.say("ok", t("backup.chosen", place=chosen)), self
        )

    def restore_with(self, wanted: Wanted) -> None:
        user, clock = self._host.user, self._host.clock
        line = http_line if wanted.with_centre else None
        given = Credentials(wanted.key, None, wanted.passphrase)
        self._host.run(
            lambda: restore(wanted.place, wanted.target, user, clock, line, given),
            self._restored, self, self._refused,
        )  # fmt: skip

    # --- buttons -----------------------------------------------------------------------------------

    def _way(self, item: Item) -> None:
        if item is Item.EXPECTED:
            self.tabs.setCurrentWidget(self.missing)
            self.missing.list.setFocus()
        elif item is Item.JOURNAL:
            self._host.run(self._host.station.closing.verify, self._verified, self)
        elif item is Item.BACKUP:
            self._backup_act("back_up" if self.look and self.look.backup.place else "choose_place")
        elif self.look is not None and (keys := self.look.checks.of(item).keys):
            self._host.open_protocol(keys[0])

    def _backup_act(self, name: str) -> None:
        backups = self._host.station.backups
        match name:
            case "choose_place":
                dialog = QFileDialog(self, t("backup.choose_title"), str(backups.place or Path.home()))
                dialog.setFileMode(QFileDialog.FileMode.Directory)
                dialog.fileSelected.connect(lambda chosen: self.use_place(Path(chosen)))
                self.file_dialog = dialog
                dialog.open()
            case "back_up":
                self._host.run(
                    backups.make, lambda _copy: self._host.messages.say("ok", t("backup.made")), self
                )
            case "drill":
                self._host.run(backups.drill, self._drilled, self)
            case "restore":
                asked = RestoreDialog(backups.place, self)
                asked.given.connect(self.restore_with)
                self._open(asked)

    def _ask_explanation(self, row: Row) -> None:
        asked = ReasonDialog("explain", self.missing.words(row), self)
        asked.given.connect(lambda reason, _who: self.explain_with(row.key, reason))
        self._open(asked)

    @Slot()
    def _ask_closing(self) -> None:
        point = self._host.station.reference.municipalities.get(self._host.station.config.transfer_point)
        name = point.name if point else self._host.station.config.station
        asked = CloseDialog(name, self._host.user.name, self._host.station.users.known, self)
        asked.given.connect(self.close_with)
        self._open(asked)

    @Slot()
    def _ask_reopening(self) -> None:
        asked = ReasonDialog("reopen_point", self.banner.title, self)
        asked.given.connect(lambda reason, _who: self.reopen_with(reason))
        self._open(asked)

    @Slot()
    def _open_report(self) -> None:
        path = self._report_path()
        if path is not None:
            self._host.documents.open(path)

    def _open(self, dialog: ReasonDialog | CloseDialog | RestoreDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    # --- answers -----------------------------------------------------------------------------------

    def _looked(self, look: _Look) -> None:
        if self._looks.end():
            self.refresh()
            return
        self.look = look
        self._show(look)

    def _not_looked(self, error: BaseException) -> None:
        self._looks.end()
        self._host.messages.told(error)

    def _done(self, _nothing: object) -> None:
        self.refresh()

    def _verified(self, audit: Audit) -> None:
        if audit.is_whole:
            row = number(audit.journal[0])
            self._host.messages.say("ok", t("closing.verified_whole", row=row))
        self.refresh()

    def _drilled(self, found: Drilled) -> None:
        if found.trouble is None:
            self._host.messages.say("ok", t("backup.drill_good", accepted=found.accepted))
        else:
            self._host.messages.show_error(found.trouble)
        self.refresh()

    def _closed(self, path: Path) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._host.messages.say("ok", t("closing.closed_now", path=path))
        self.refresh()

    def _restored(self, done: Restored) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._host.messages.say(
            "ok",
            t("restore.done_title", station=done.station, folder=done.folder),
            t("restore.done_text", batches=len(done.recovered), protocols=len(done.keys)),
        )

    def _refused(self, error: BaseException) -> None:
        """Of a dialog: it says so and stays."""
        if isinstance(error, KnownError) and isinstance(self.dialog, CloseDialog | RestoreDialog):
            self.dialog.refused(f"{error.cs if language() == 'cs' else error.en} [{error.code}]")
        else:
            self._host.messages.told(error)
        self.refresh()

    def _show(self, look: _Look) -> None:
        closed = look.step is not None and look.step.kind == "closed"
        may_close = may(self._host.user.role, Permission.CLOSE_POINT)
        self._say(look, closed=closed)
        self.checks.show_list(look.checks, _first(look.audit))
        self.missing.show_rows(look.rows, look.explained, may_explain=may_close and not closed)
        role = self._host.user.role
        self.backups.show_state(
            look.backup, self._host.clock(), may_back_up=may(role, Permission.BACKUP),
            may_restore=may(role, Permission.RESTORE),
        )  # fmt: skip
        self.close_button.setVisible(not closed)
        self.close_button.setEnabled(may_close and look.checks.is_done)
        why = "" if may_close else t("closing.not_yours")
        if may_close and not look.checks.is_done:
            why = t("closing.first_open")
        self.close_button.setToolTip(why or t("act_help.close_point"))
        self.reopen_button.setVisible(closed)
        self.reopen_button.setEnabled(may_close)
        self.reopen_button.setToolTip(t("act_help.reopen_point") if may_close else t("closing.not_yours"))
        self.report_button.setVisible(closed and self._report_path() is not None)
        self.tabs.setTabText(1, _counted(t("closing.tab_missing"), len(look.rows)))

    def _say(self, look: _Look, *, closed: bool) -> None:
        found = look.checks
        counts = {"confirmed": found.confirmed, "expected": found.expected, "explained": found.explained}
        if closed:
            assert look.step is not None
            row, head = look.step.journal
            told = t(
                "closing.closed_text", user=look.step.user, time=date_time(look.step.at), row=number(row),
                code=short_code(head),
            )  # fmt: skip
            self.banner.say("ok", "lock", t("closing.closed_title"), told)
        elif found.is_done:
            self.banner.say("ok", "passed", t("closing.ready_title"), t("closing.ready_text", **counts))
        else:
            title = plural("closing.open_title", len(found.open_items))
            self.banner.say("info", "info", title, t("closing.open_text", **counts))

    def _report_path(self) -> Path | None:
        """The closing report's file, if it is where it was written."""
        if self.look is None or self.look.step is None or self.look.step.report_sha256 is None:
            return None
        station, folder = self._host.station.config.station, self._host.documents.folder
        for path in sorted(folder.glob(f"uzavreni-{station}-*.pdf"), reverse=True):
            if sha256(path.read_bytes()).hexdigest() == self.look.step.report_sha256:
                return path
        return None

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        for button in (self.close_button, self.reopen_button, self.report_button):
            acts.addWidget(button)
        acts.addStretch(1)
        self.reopen_button.hide()
        self.report_button.hide()
        self.close_button.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.tabs, 1)
        column.addLayout(acts)


def _first(audit: Audit | None) -> str:
    if audit is None or audit.is_whole:
        return ""
    found = audit.broken[0]
    sentence = found.cs if language() == "cs" else found.en
    return t("closing.broken_at", place=found.place, sentence=sentence)


def _counted(word: str, count: int) -> str:
    return f"{word} ({count})" if count else word
