"""The small windows in which a clerk says why, and a supervisor who. The act's own word is on the button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.desktop.people.password_box import PasswordBox
from app.desktop.texts import t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled, labelled_box
from app.station.permissions import Permission
from app.station.states import User

if TYPE_CHECKING:
    from app.desktop.people.vouching import Vouching


class ReasonDialog(FittingDialog):
    """Asks for a reason, and with `clerk` given for a supervisor's name, with `vouching` for the password
    too. Emits `given(reason, name)`, the name being the account's own once it was proved."""

    given = Signal(str, str)

    def __init__(
        self,
        act: str,
        about: str,
        parent: QWidget,
        clerk: str | None = None,
        vouching: Vouching | None = None,
    ) -> None:
        super().__init__(parent)
        self.act, self._clerk = act, clerk
        self._vouching = vouching
        self.setWindowTitle(t(f"reason.{act}.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.name = QLineEdit(self)
        self.password = PasswordBox(t("vouch.password"), self)
        self.reason = QPlainTextEdit(self)
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(96)
        self.reason.setAccessibleName(t("reason.reason"))
        self.name.setAccessibleName(t("reason.supervisor"))
        self.hint = QLabel(self)
        self.hint.setObjectName("whyNot")
        self.hint.setWordWrap(True)
        self.yes = act_button(act, "", "passed", self, "primary")
        self.yes.setText(labelled(t(f"reason.{act}.yes")))
        self.yes.setAccessibleName(t(f"reason.{act}.yes"))
        self.no = act_button("cancel", "", "back", self)
        self._lay_out(act, about)
        self.reason.textChanged.connect(self._judge)
        self.name.textChanged.connect(self._judge)
        self.password.line.textChanged.connect(self._judge)
        self.password.caps_changed.connect(lambda _on: self._judge())
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self.yes.setDefault(True)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._give)
        self._judge()
        if clerk is None:
            self.reason.setFocus()
        else:
            only = vouching.only_one(Permission.APPROVE, clerk) if vouching else ""
            self.name.setText(only)
            (self.password if only else self.name).setFocus()

    def _lay_out(self, act: str, about: str) -> None:
        form = QVBoxLayout()
        form.setSpacing(10)
        if self._clerk is not None:
            form.addLayout(labelled_box(t("reason.supervisor"), self.name, self))
        else:
            self.name.hide()
        if self._vouching is not None:
            form.addLayout(labelled_box(t("vouch.password"), self.password, self))
        else:
            self.password.hide()
        form.addLayout(labelled_box(t("reason.reason"), self.reason, self))
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(about, self, "pageTitle"))
        column.addWidget(heading(t(f"reason.{act}.text"), self, "plain"))
        column.addLayout(form)
        column.addWidget(self.hint)
        column.addLayout(buttons)

    @Slot()
    def _judge(self) -> None:
        """The button opens when all is said; until then a sentence says what is missing."""
        missing = ""
        if self._clerk is not None and not self.name.text().strip():
            missing = t("reason.name_missing")
        elif self._clerk is not None and User(self.name.text()).identity == User(self._clerk).identity:
            missing = t("reason.own_work", name=self._clerk)
        elif self._vouching is not None and not self.password.text:
            missing = t("vouch.missing")
        elif not self.reason.toPlainText().strip():
            missing = t("reason.reason_missing")
        caps = t("password.caps") if self.password.caps else ""
        self.hint.setText(" ".join(filter(None, [missing or t("reason.ready"), caps])))
        self.yes.setEnabled(not missing)

    @Slot()
    def _give(self) -> None:
        if not self.yes.isEnabled():
            return
        name = self.name.text().strip()
        if self._vouching is None:
            self._done(name)
            return
        self.yes.setEnabled(False)
        self.hint.setText(t("vouch.checking"))
        check = self._vouching.for_act(Permission.APPROVE)
        self._vouching.run(check, name, self.password.text, self._proved, self._refused, self)

    def _done(self, name: str) -> None:
        self.given.emit(self.reason.toPlainText().strip(), name)
        self.accept()

    def _proved(self, user: User) -> None:
        """Four eyes go by the account, whatever was typed to find it."""
        if self._clerk is not None and user.identity == User(self._clerk).identity:
            self._refused(t("reason.own_work", name=self._clerk))
        else:
            self._done(user.name)

    def _refused(self, sentence: str) -> None:
        self.password.line.clear()
        self._judge()
        self.hint.setText(sentence)
        self.password.setFocus()
