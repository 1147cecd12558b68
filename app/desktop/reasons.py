"""The small windows in which a clerk says why, and a supervisor who. The act's own word is on the button."""

from __future__ import annotations

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

from app.desktop.texts import t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled, labelled_box
from app.station.states import User


class ReasonDialog(FittingDialog):
    """Asks for a reason, and with `clerk` given for another person's name. Emits `given(reason, name)`."""

    given = Signal(str, str)

    def __init__(self, act: str, about: str, parent: QWidget, clerk: str | None = None) -> None:
        super().__init__(parent)
        self.act, self._clerk = act, clerk
        self.setWindowTitle(t(f"reason.{act}.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.name, self.reason = QLineEdit(self), QPlainTextEdit(self)
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
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self.yes.setDefault(True)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._give)
        self._judge()
        (self.reason if clerk is None else self.name).setFocus()

    def _lay_out(self, act: str, about: str) -> None:
        form = QVBoxLayout()
        form.setSpacing(10)
        if self._clerk is not None:
            form.addLayout(labelled_box(t("reason.supervisor"), self.name, self))
        else:
            self.name.hide()
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
        elif not self.reason.toPlainText().strip():
            missing = t("reason.reason_missing")
        self.hint.setText(missing or t("reason.ready"))
        self.yes.setEnabled(not missing)

    @Slot()
    def _give(self) -> None:
        if self.yes.isEnabled():
            self.given.emit(self.reason.toPlainText().strip(), self.name.text().strip())
            self.accept()
