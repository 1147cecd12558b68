"""The page of users: who may sign in here, and the supervisor's acts on accounts.

A technician sees the table and nothing to press. Every act is the station's; its outcome is one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.desktop.cells import CellDelegate
from app.desktop.flow import FlowLayout
from app.desktop.people.account_dialogs import AccountDialog, AddDialog, PasswordDialog, RoleDialog
from app.desktop.people.account_table import AccountTable, Column, state_of
from app.desktop.sections import SectionHost
from app.desktop.texts import t
from app.desktop.widgets import act_button, heading
from app.election.errors import KnownError
from app.station.permissions import Permission, may
from app.station.users.rows import Account

#: Act → icon, permission, and the states of an account in which it makes sense.
_OPEN: Final = frozenset({"active", "temporary", "locked"})
_ACTS: Final = {
    "change_role": ("users", Permission.MANAGE_USERS, _OPEN),
    "new_password": ("key", Permission.MANAGE_USERS, _OPEN),
    "release_account": ("unlock", Permission.RELEASE_LOCKOUT, frozenset({"locked"})),
    "close_account": ("close", Permission.MANAGE_USERS, _OPEN),
    "open_account": ("accepted", Permission.MANAGE_USERS, frozenset({"closed"})),
}


class UsersPage(QWidget):
    """A section of the window."""

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self.setObjectName("users")
        self._host, self._accounts = host, host.station.users.accounts
        self.dialog: AccountDialog | None = None
        self.text = heading("", self, "muted")
        self.table, self.view = AccountTable(self), QTableView(self)
        self.add = act_button("add_user", "", "add_user", self, "primary")
        self.buttons = {
            name: act_button(name, "", icon, self, "grave" if name == "close_account" else "plain")
            for name, (icon, _, _) in _ACTS.items()
        }
        self._dress()
        self._lay_out()
        self.add.clicked.connect(self._add)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, act=name: self._act(act))

    def shown(self) -> None:
        """Turned to: read the accounts anew, for whoever is signed in now."""
        self._reload()
        self.view.setFocus()

    def forget_looks(self) -> None:
        self.table.forget_looks()

    @property
    def current(self) -> Account | None:
        place = self.view.currentIndex().row()
        return self.table.shown[place] if 0 <= place < len(self.table.shown) else None

    # --- acts ----------------------------------------------------------------------------------------

    @Slot()
    def _add(self) -> None:
        dialog = AddDialog(self.window())
        form, by = dialog.form, self._host.user

        def act() -> None:
            names, role, password = form.names, form.role.role, form.password.text
            login, name = names.login.text(), names.name.text()
            self._do(
                lambda: self._accounts.add(by, login, name, role, password),
                lambda made: t("account.done.added", name=made.name, password=password),
                dialog,
            )

        self._open(dialog, act)

    def _act(self, name: str) -> None:
        account, by, accounts = self.current, self._host.user, self._accounts
        if account is None or not self.buttons[name].isEnabled():
            return
        match name:
            case "change_role":
                self._change_role(account)
            case "new_password":
                self._new_password(account)
            case "release_account":
                self._do(
                    lambda: accounts.release(by, account.id),
                    lambda done: t("account.done.released", name=done.name),
                )
            case "close_account":
                self._do(
                    lambda: accounts.deactivate(by, account.id),
                    lambda done: t("account.done.deactivated", name=done.name),
                )
            case "open_account":
                self._do(
                    lambda: accounts.activate(by, account.id),
                    lambda done: t("account.done.activated", name=done.name),
                )

    def _change_role(self, account: Account) -> None:
        dialog, by = RoleDialog(account, self.window()), self._host.user

        def act() -> None:
            role = dialog.role.role
            self._do(
                lambda: self._accounts.change_role(by, account.id, role),
                lambda done: t("account.done.role", name=done.name, role=t(f"role.{done.role}")),
                dialog,
            )

        self._open(dialog, act)

    def _new_password(self, account: Account) -> None:
        dialog, by = PasswordDialog(account, self.window()), self._host.user

        def act() -> None:
            password = dialog.password.text
            self._do(
                lambda: self._accounts.new_password(by, account.id, password),
                lambda done: t("account.done.new_password", name=done.name, password=password),
                dialog,
            )

        self._open(dialog, act)

    def _open(self, dialog: AccountDialog, act: Callable[[], None]) -> None:
        dialog.given.connect(act)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None
        self.view.setFocus()

    def _do(
        self, work: Callable[[], Account], say: Callable[[Account], str], dialog: AccountDialog | None = None
    ) -> None:
        def done(account: Account) -> None:
            if dialog is not None:
                dialog.accept()
            # What holds a password stays until it is put away: somebody has to write it down.
            self._host.messages.say("info" if isinstance(dialog, AddDialog | PasswordDialog) else "ok",
                                    say(account))  # fmt: skip
            self._reload()

        def failed(error: BaseException) -> None:
            if dialog is not None and isinstance(error, KnownError):
                dialog.refuse(error)
            elif isinstance(error, KnownError):
                self._host.messages.show_error(error)
            else:
                raise error

        self._host.run(work, done, dialog or self, failed)

    # --- showing -------------------------------------------------------------------------------------

    def _reload(self) -> None:
        chosen = self.current
        self.table.set_rows(self._accounts.all())
        place = self.table.place_of(chosen.id) if chosen else None
        self.view.setCurrentIndex(self.table.index(place or 0, 0))
        manages = may(self._host.user.role, Permission.MANAGE_USERS)
        self.text.setText(t("users.text" if manages else "users.text_watch"))
        self.add.setVisible(manages)
        self._offer_acts()

    @Slot()
    def _offer_acts(self) -> None:
        account, role = self.current, self._host.user.role
        state = state_of(account) if account else ""
        for name, (_, permission, states) in _ACTS.items():
            button, allowed = self.buttons[name], may(role, permission)
            closed = state == "closed"
            button.setVisible(allowed and (closed if name == "open_account" else not closed))
            button.setEnabled(allowed and state in states)

    @Slot(QModelIndex, QModelIndex)
    def _moved(self, _to: QModelIndex, _from: QModelIndex) -> None:
        self._offer_acts()

    def _dress(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setItemDelegate(CellDelegate(view))
        view.setAccessibleName(t("users.table"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setSortingEnabled(True)
        view.sortByColumn(Column.NAME, Qt.SortOrder.AscendingOrder)
        view.verticalHeader().hide()
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        view.selectionModel().currentChanged.connect(self._moved)

    def _lay_out(self) -> None:
        acts = FlowLayout()
        for button in (self.add, *self.buttons.values()):
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(heading(t("users.title"), self, "pageTitle"))
        column.addWidget(self.text)
        column.addWidget(self.view, 1)
        column.addLayout(acts)
        for before, after in pairwise((self.view, self.add, *self.buttons.values())):
            QWidget.setTabOrder(before, after)
