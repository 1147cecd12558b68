"""The first start: a guide that makes the first supervisor and then leads to adding the clerks."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desktop import texts
from app.desktop.people.account_form import AccountForm, NameBoxes
from app.desktop.people.new_password import NewPassword
from app.desktop.texts import t
from app.desktop.widgets import act_button, heading
from app.election.errors import KnownError
from app.station.states import Role
from app.station.users.rows import Account


def told(error: KnownError) -> str:
    """The sentence of a trouble in the language of the window."""
    return error.cs if texts.language() == "cs" else error.en


class FirstPage(QWidget):
    """Step 1. Emits `given(login, name, password)` of the first supervisor."""

    given = Signal(str, str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("first")
        self.names = NameBoxes(self)
        self.password = NewPassword(t("account.password"), t("account.again"), self)
        self.hint = heading("", self, "whyNot")
        self.yes = act_button("make_first", "", "forward", self, "primary")
        acts = QHBoxLayout()
        acts.addWidget(self.yes)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (heading(t("first.title"), self, "pageTitle"), heading(t("first.text"), self, "plain"),
                       self.names, self.password, self.hint):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(acts)
        column.addStretch(1)
        self.setFocusProxy(self.names)
        self.names.entered.connect(self.password.first.line.setFocus)
        self.names.changed.connect(self._look)
        self.password.changed.connect(self._look)
        self.password.entered.connect(self._give)
        self.yes.clicked.connect(self._give)
        self.setTabOrder(self.names.login, self.password.first.line)
        self._look()

    def refuse(self, error: KnownError) -> None:
        self._look()
        self.hint.setText(told(error))

    @Slot()
    def _look(self) -> None:
        self.hint.setText("" if self.names.filled else t("account.fill"))
        self.yes.setEnabled(self.names.filled and self.password.ready)

    @Slot()
    def _give(self) -> None:
        if self.yes.isEnabled():
            self.yes.setEnabled(False)
            self.hint.setText(t("login.checking"))
            self.given.emit(self.names.login.text(), self.names.name.text(), self.password.text)


class NextPeoplePage(QWidget):
    """Step 2. Emits `given(login, name, role, password)` for each person and `finished` at the end."""

    given = Signal(str, str, object, str)
    finished = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("next-people")
        self.text = heading("", self, "plain")
        self.form = AccountForm(self)
        self.hint = heading("", self, "whyNot")
        self.added = heading("", self, "plain")
        self.add = act_button("add_account", "", "add_user", self)
        self.done = act_button("begin_work", "", "forward", self, "primary")
        acts = QHBoxLayout()
        acts.addWidget(self.add)
        acts.addWidget(self.done)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (heading(t("first.next_title"), self, "pageTitle"), self.text, self.form, self.hint):
            column.addWidget(widget)
        column.addLayout(acts)
        column.addWidget(self.added)
        column.addStretch(1)
        self.setFocusProxy(self.form)
        self.form.changed.connect(self._look)
        self.form.entered.connect(self._give)
        self.add.clicked.connect(self._give)
        self.done.clicked.connect(self.finished)
        self._look()

    def begin(self, supervisor: str) -> None:
        self.text.setText(t("first.next_text", name=supervisor))

    def took(self, account: Account, password: str) -> None:
        """Somebody was added: say the password once more, and be ready for the next."""
        line = t("first.added", name=account.name, role=t(f"role.{account.role}"), password=password)
        self.added.setText("\n".join(filter(None, [*self.added.text().split("\n")[-2:], line])))
        self.form.clear()

    def refuse(self, error: KnownError) -> None:
        self._look()
        self.hint.setText(told(error))

    @Slot()
    def _look(self) -> None:
        self.hint.clear()
        self.add.setEnabled(self.form.names.filled)

    @Slot()
    def _give(self) -> None:
        if self.add.isEnabled():
            self.add.setEnabled(False)
            names, role = self.form.names, Role(self.form.role.role)
            self.given.emit(names.login.text(), names.name.text(), role, self.form.password.text)


class OwnPasswordPage(QWidget):
    """A password that another person set is replaced by an own one. Emits `given(password)`."""

    given = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("own-password")
        self.text = heading("", self, "plain")
        self.password = NewPassword(t("own_password.password"), t("own_password.again"), self)
        self.hint = heading("", self, "whyNot")
        self.yes = act_button("set_password", "", "key", self, "primary")
        self.no = act_button("cancel", "", "back", self)
        acts = QHBoxLayout()
        acts.addWidget(self.yes)
        acts.addWidget(self.no)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (heading(t("own_password.title"), self, "pageTitle"), self.text, self.password,
                       self.hint):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(acts)
        column.addStretch(1)
        self.setFocusProxy(self.password)
        self.password.changed.connect(self._look)
        self.password.entered.connect(self._give)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.left)
        self._look()

    def ask(self, account: Account) -> None:
        self.password.clear()
        key = "own_password.text" if account.temporary else "own_password.changed_by_choice"
        self.text.setText(t(key, name=account.name))
        self.hint.clear()

    def refuse(self, error: KnownError) -> None:
        self.password.clear()
        self.hint.setText(told(error))
        self.password.setFocus()

    @Slot()
    def _look(self) -> None:
        self.yes.setEnabled(self.password.ready)

    @Slot()
    def _give(self) -> None:
        if self.yes.isEnabled():
            self.yes.setEnabled(False)
            self.hint.setText(t("login.checking"))
            self.given.emit(self.password.text)
