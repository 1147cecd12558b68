"""The boxes of an account: full name, login, role, temporary password. The login is offered from the name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from app.desktop.texts import t
from app.desktop.widgets import act_button, heading, labelled_box
from app.station.overseeing.narrowing import folded
from app.station.states import Role
from app.station.users.accounts import LONGEST_LOGIN, ROLES
from app.trust.passwords import suggested

_BOTTOM: Final = Qt.AlignmentFlag.AlignBottom


class NameBoxes(QWidget):
    """Full name and login in a row."""

    changed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name, self.login = QLineEdit(self), QLineEdit(self)
        self.name.setMaxLength(100)
        self.login.setMaxLength(LONGEST_LOGIN)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        for column, (box, word) in enumerate(
            ((self.name, t("account.name")), (self.login, t("account.login")))
        ):
            box.setAccessibleName(word)
            grid.addLayout(labelled_box(word, box, self), 0, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.setFocusProxy(self.name)
        self._own_login = False
        self.name.textEdited.connect(self._offer_login)
        self.login.textEdited.connect(self._login_typed)
        self.name.textChanged.connect(self.changed)
        self.login.textChanged.connect(self.changed)
        self.name.returnPressed.connect(self.login.setFocus)
        self.login.returnPressed.connect(self.entered)

    @property
    def filled(self) -> bool:
        return bool(self.name.text().strip() and self.login.text().strip())

    def clear(self) -> None:
        self._own_login = False
        self.name.clear()
        self.login.clear()

    @Slot(str)
    def _offer_login(self, name: str) -> None:
        if not self._own_login:
            words = folded(name).split()
            self.login.setText(words[-1][:LONGEST_LOGIN] if words else "")

    @Slot(str)
    def _login_typed(self, login: str) -> None:
        self._own_login = bool(login)


class TemporaryPassword(QWidget):
    """A password to tell its owner: a random one is offered, another may be typed."""

    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setAccessibleName(t("account.temporary"))
        self.another = act_button("suggest_password", "", "key", self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.addLayout(labelled_box(t("account.temporary"), self.line, self), 0, 0)
        grid.addWidget(self.another, 0, 1)
        grid.setAlignment(self.another, _BOTTOM)
        grid.addWidget(heading(t("account.temporary_text"), self, "muted"), 1, 0, 1, 2)
        self.setFocusProxy(self.line)
        self.another.clicked.connect(self.suggest)
        self.line.returnPressed.connect(self.entered)
        self.suggest()

    @property
    def text(self) -> str:
        return self.line.text()

    @Slot()
    def suggest(self) -> None:
        self.line.setText(suggested())


class RoleBox(QComboBox):
    """What the person may do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(t("account.role"))
        for role in ROLES:
            self.addItem(t(f"role.{role}"), role)

    @property
    def role(self) -> Role:
        return Role(self.currentData())

    def choose(self, role: Role) -> None:
        self.setCurrentIndex(ROLES.index(role))


class AccountForm(QWidget):
    """A whole new account. `changed` when a box changes, `entered` on Enter in the last one."""

    changed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names, self.role = NameBoxes(self), RoleBox(self)
        self.password = TemporaryPassword(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.names, 0, 0)
        grid.addLayout(labelled_box(t("account.role"), self.role, self), 0, 1)
        grid.addWidget(self.password, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.setFocusProxy(self.names)
        self.names.changed.connect(self.changed)
        self.names.entered.connect(self.entered)
        self.password.entered.connect(self.entered)

    def clear(self) -> None:
        """Ready for the next person."""
        self.names.clear()
        self.password.suggest()
        self.names.setFocus()
