"""The small windows of the page of users: a new account, a new password, another role.

A trouble is told in the window, which stays until the act is done or dropped.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop.people.account_form import AccountForm, RoleBox, TemporaryPassword
from app.desktop.people.first_page import told
from app.desktop.texts import t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled_box
from app.election.errors import KnownError
from app.station.users.rows import Account


class AccountDialog(FittingDialog):
    """What the three share: a title, the boxes, a sentence, two buttons. `given` when all is said."""

    given = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(18, 16, 18, 16)
        self.column.setSpacing(10)
        self.column.addWidget(heading(title, self, "pageTitle"))
        self.boxes = QVBoxLayout()
        self.boxes.setSpacing(8)
        self.column.addLayout(self.boxes)

    def end(self, act: str, icon: str) -> None:
        """The sentence and the buttons, made after the boxes: Tab goes in the order in which one reads."""
        self.hint = heading("", self, "whyNot")
        self.yes = act_button(act, "", icon, self, "primary")
        self.no = act_button("cancel", "", "back", self)
        self.yes.setDefault(True)
        acts = QHBoxLayout()
        acts.addWidget(self.yes)
        acts.addWidget(self.no)
        acts.addStretch(1)
        self.column.addWidget(self.hint)
        self.column.addLayout(acts)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)

    def refuse(self, error: KnownError) -> None:
        """The act failed: say why; another attempt may be made."""
        self.hint.setText(told(error))
        self.yes.setEnabled(True)

    @Slot()
    def _give(self) -> None:
        self.yes.setEnabled(False)
        self.given.emit()


class AddDialog(AccountDialog):
    """A new account."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(t("account.dialog.add"), parent)
        self.form = AccountForm(self)
        self.boxes.addWidget(self.form)
        self.end("add_account", "add_user")
        self.form.changed.connect(self._look)
        self._look()
        self.form.setFocus()

    @Slot()
    def _look(self) -> None:
        self.hint.setText("" if self.form.names.filled else t("account.fill"))
        self.yes.setEnabled(self.form.names.filled)


class PasswordDialog(AccountDialog):
    """A temporary password for somebody who forgot theirs."""

    def __init__(self, account: Account, parent: QWidget) -> None:
        super().__init__(t("account.dialog.new_password", name=account.name), parent)
        self.password = TemporaryPassword(self)
        self.boxes.addWidget(self.password)
        self.end("set_password", "key")
        self.password.setFocus()


class RoleDialog(AccountDialog):
    """Another role."""

    def __init__(self, account: Account, parent: QWidget) -> None:
        super().__init__(t("account.dialog.role", name=account.name), parent)
        self.role = RoleBox(self)
        self.role.choose(account.role)
        self.boxes.addWidget(heading(t("account.dialog.role_text"), self, "plain"))
        self.boxes.addLayout(labelled_box(t("account.role"), self.role, self))
        self.end("set_role", "users")
        self.role.setFocus()
