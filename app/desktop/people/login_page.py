"""The page on which somebody signs in, or opens the locked screen: a name, a password, Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.desktop import texts
from app.desktop.people.name_list import NameList
from app.desktop.people.password_box import PasswordBox
from app.desktop.texts import t
from app.desktop.widgets import act_button, heading, labelled
from app.election.errors import KnownError
from app.station.users.rows import Account

_TICK_MS = 200


class LoginPage(QWidget):
    """Emits `given(login, password)`. `wait` tells how long a name has to wait for its next attempt."""

    given = Signal(str, str)

    def __init__(self, wait: Callable[[str], timedelta], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("login")
        self._wait = wait
        self.title = heading("", self, "pageTitle")
        self.text = heading("", self, "plain")
        self.names = NameList(self)
        self.password = PasswordBox(t("login.password"), self)
        self.hint = heading("", self, "whyNot")
        self.yes = act_button("sign_in", "", "forward", self, "primary")
        self._busy, self._said = False, ""
        self._lay_out()
        self.names.taken.connect(self.password.line.setFocus)
        self.names.changed.connect(self._look)
        self.password.line.returnPressed.connect(self._give)
        self.password.line.textEdited.connect(self._typed)
        self.password.caps_changed.connect(lambda _on: self._look())
        self.yes.clicked.connect(self._give)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._look)

    def ask(self, accounts: Sequence[Account], chosen: str, locked: bool, text: str) -> None:
        """Show the page anew; the person `chosen` only types the password."""
        self._busy, self._said = False, ""
        self.title.setText(t("login.locked_title" if locked else "login.title"))
        self.text.setText(text)
        act = "unlock" if locked else "sign_in"
        self.yes.setText(labelled(t(f"act.{act}")))
        self.yes.setAccessibleName(t(f"act.{act}"))
        self.yes.setToolTip(t(f"act_help.{act}"))
        self.password.clear()
        known = self.names.show_accounts(accounts, chosen)
        (self.password if known else self.names).setFocus()
        self._look()

    def refuse(self, error: KnownError) -> None:
        """The attempt failed: its sentence, the password typed anew."""
        self._busy = False
        self._said = error.cs if texts.language() == "cs" else error.en
        self.password.line.clear()
        self._look()
        self.password.setFocus()

    def done(self) -> None:
        """Keep nothing of what was typed."""
        self._busy, self._said = False, ""
        self._timer.stop()
        self.password.clear()
        self.hint.clear()

    @Slot()
    def _typed(self) -> None:
        self._said = ""
        self._look()

    @Slot()
    def _give(self) -> None:
        if self.names.chosen and self.password.text and self.yes.isEnabled():
            self._busy = True
            self._look()
            self.given.emit(self.names.chosen, self.password.text)

    @Slot()
    def _look(self) -> None:
        """The button opens when an attempt may be made; a sentence says what is in its way."""
        left = self._wait(self.names.chosen) if self.names.chosen else timedelta(0)
        waiting = left > timedelta(0)
        said = [self._said]
        if self._busy:
            said = [t("login.checking")]
        elif waiting:
            said.append(t("login.wait", seconds=-(-left // timedelta(seconds=1))))
        elif not self.names.fits and self.names.line.text().strip():
            said.append(t("login.nobody"))
        if self.password.caps:
            said.append(t("password.caps"))
        self.hint.setText(" ".join(part for part in said if part))
        self.yes.setEnabled(not self._busy and not waiting)
        if waiting is not self._timer.isActive():
            self._timer.start() if waiting else self._timer.stop()

    def _lay_out(self) -> None:
        name, password = QLabel(t("login.name"), self), QLabel(t("login.password"), self)
        name.setBuddy(self.names.line)
        password.setBuddy(self.password.line)
        acts = QHBoxLayout()
        acts.addWidget(self.yes)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        whole: tuple[QWidget, ...] = (self.title, self.text, name, self.names, password, self.password)
        for widget in (*whole, self.hint):
            column.addWidget(widget, 1 if widget is self.names else 0)
        column.addLayout(acts)
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().lineSpacing() + 4)
        order = (self.names.line, self.names.list, self.password.line, self.password.shown, self.yes)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
