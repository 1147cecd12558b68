"""The small window in which another person says a name before reading the paper."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.desktop.texts import t
from app.desktop.widgets import FittingDialog, act_button, heading
from app.station.states import identity


class PersonDialog(FittingDialog):
    """Asks for a name other than `not_this`. Emits `given(name)`."""

    given = Signal(str)

    def __init__(self, about: str, not_this: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._not_this = not_this
        self.setWindowTitle(t("person.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(t("person.name"))
        label = QLabel(t("person.name"), self)
        label.setBuddy(self.name)
        self.hint = heading("", self, "whyNot")
        self.yes = act_button("person_reads", "", "passed", self, "primary")
        self.no = act_button("cancel", "", "back", self)
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        for widget in (heading(about, self, "pageTitle"), heading(t("person.text"), self, "plain"), label,
                       self.name, self.hint):  # fmt: skip
            column.addWidget(widget)
        column.addLayout(buttons)
        self.name.textChanged.connect(self._judge)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self.yes.setDefault(True)
        self._judge()
        self.name.setFocus()

    @Slot()
    def _judge(self) -> None:
        name = self.name.text()
        own = identity(name) == identity(self._not_this)
        self.yes.setEnabled(bool(identity(name)) and not own)
        self.hint.setText(t("second.own", user=self._not_this) if own else t("second.hint"))

    @Slot()
    def _give(self) -> None:
        if self.yes.isEnabled():
            self.given.emit(self.name.text().strip())
            self.accept()
