"""Rule FM-05 as the clerk answers it: who signed the paper. One digit and Enter."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.desktop.texts import t
from app.desktop.widgets import act_button, heading, labelled


class Signed(Enum):
    """What stands under the paper; `complete` is the answer to rule FM-05."""

    ALL = "all"
    ANNEX = "annex"
    NOT = "not"

    @property
    def complete(self) -> bool:
        return self is not Signed.NOT


_KEYS: Final = {Qt.Key.Key_1: Signed.ALL, Qt.Key.Key_2: Signed.ANNEX, Qt.Key.Key_3: Signed.NOT}


class SignatureBox(QFrame):
    """Three answers, none chosen beforehand. `forward` on Enter once one is chosen, `back` on `-`."""

    changed = Signal()
    forward = Signal()
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(t("signed.question"))
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        column.addWidget(heading(t("signed.question"), self, "cardTitle"))
        self.choices: dict[Signed, _Choice] = {}
        for number, signed in enumerate(Signed, 1):
            choice = _Choice(self, f"{number}  {t(f'signed.{signed.value}')}")
            self._group.addButton(choice)
            self.choices[signed] = choice
            column.addWidget(choice)
        self.setFocusProxy(self.choices[Signed.ALL])
        self._group.buttonToggled.connect(self._toggled)

    @property
    def chosen(self) -> Signed | None:
        return next((signed for signed, button in self.choices.items() if button.isChecked()), None)

    def clear(self) -> None:
        self._group.setExclusive(False)
        for button in self.choices.values():
            button.setChecked(False)
        self._group.setExclusive(True)

    @Slot(object, bool)
    def _toggled(self, _button: object, checked: bool) -> None:
        if checked:
            self.changed.emit()

    def key(self, event: QKeyEvent) -> bool:
        """What the number pad does in here; False for any other key."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            button = self.choices[_KEYS[key]]
            button.setChecked(True)
            button.setFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.chosen:
                self.forward.emit()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Up) and self.choices[Signed.ALL].hasFocus():
            self.back.emit()
        else:
            return False
        return True


class _Choice(QRadioButton):
    def __init__(self, box: SignatureBox, text: str) -> None:
        super().__init__(text, box)
        self._box = box
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._box.key(event):
            event.accept()
        else:
            super().keyPressEvent(event)


class SignatureDialog(QDialog):
    """Asked before an acceptance when nobody answered it before. Emits `given(Signed)`."""

    given = Signal(object)

    def __init__(self, about: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("signed.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.box = SignatureBox(self)
        self.yes = act_button("sign", "", "passed", self, "primary")
        self.no = act_button("cancel", "", "back", self)
        self.yes.setText(labelled(t("act.sign")))
        self.yes.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(about, self, "pageTitle"))
        column.addWidget(heading(t("signed.text"), self, "plain"))
        column.addWidget(self.box)
        column.addLayout(buttons)
        self.box.changed.connect(lambda: self.yes.setEnabled(True))
        self.box.forward.connect(self._give)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self.box.setFocus()

    @Slot()
    def _give(self) -> None:
        if self.box.chosen:
            self.given.emit(self.box.chosen)
            self.accept()
