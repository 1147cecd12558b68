"""Rules FM-05 and FM-06 as the clerk answers them from the paper: who signed it and when voting ended.

One digit and Enter where all went as the law has it, because the law's end of voting stands there already;
4 leads to the time, and a later one asks for its reason.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRegularExpression, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.texts import t
from app.desktop.widgets import act_button, heading, labelled
from app.election.circumstances import Signatures
from app.election.reference import Calendar
from app.station.course import Course, end_of_voting, usual_end

_KEYS: Final = {
    Qt.Key.Key_1: Signatures.ALL,
    Qt.Key.Key_2: Signatures.ANNEX,
    Qt.Key.Key_3: Signatures.MISSING,
}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
#: Least height of a box, whatever room the dialog has.
_BOX: Final = 28
_BACK: Final = (Qt.Key.Key_Minus, Qt.Key.Key_Up)


class SignatureBox(QFrame):
    """Three answers, none chosen beforehand, and the end of voting, which is the law's until somebody says
    otherwise. `forward` on Enter once all is said, `back` on `-` at the first answer."""

    changed = Signal()
    forward = Signal()
    back = Signal()

    def __init__(self, calendar: Calendar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar = calendar
        self.setObjectName("card")
        self.setAccessibleName(t("signed.question"))
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        column.addWidget(heading(t("signed.question"), self, "cardTitle"))
        self.choices: dict[Signatures, _Choice] = {}
        for number, signed in enumerate(Signatures, 1):
            choice = _Choice(self, f"{number}  {t(f'signed.{signed.value}')}")
            self._group.addButton(choice)
            self.choices[signed] = choice
            column.addWidget(choice)
        self.ended, self.reason = _Ended(self), _Reason(self)
        column.addLayout(self._line())
        self.setFocusProxy(self.choices[Signatures.ALL])
        self._group.buttonToggled.connect(self._toggled)
        self.ended.textChanged.connect(self._retimed)
        self.clear()

    @property
    def chosen(self) -> Signatures | None:
        return next((signed for signed, button in self.choices.items() if button.isChecked()), None)

    @property
    def course(self) -> Course | None:
        """All that was answered; None while something is missing (`why_not`)."""
        signed, ended = self.chosen, end_of_voting(self._calendar, self.ended.text())
        if signed is None or ended is None:
            return None
        return Course(signed, ended, self.reason.text().strip() if self.reason.isEnabled() else "")

    @property
    def why_not(self) -> str:
        """What is missing, in words; empty when nothing is."""
        if self.chosen is None:
            return t("retype.why_signed")
        return "" if self.course else t("signed.why_time")

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """In the order of reading."""
        return (*self.choices.values(), self.ended, self.reason)

    def clear(self) -> None:
        self._group.setExclusive(False)
        for button in self.choices.values():
            button.setChecked(False)
        self._group.setExclusive(True)
        self.ended.setText(usual_end(self._calendar))
        self.reason.clear()

    def lead(self) -> None:
        """Put the cursor where something is missing."""
        if self.chosen is None:
            self.setFocus()
        else:
            self.ended.setFocus()

    def go_on(self) -> None:
        """Enter: to what is missing, or forward."""
        if self.course is None:
            self.lead()
        else:
            self.forward.emit()

    def key(self, event: QKeyEvent) -> bool:
        """What the number pad does at the answers; False for any other key."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            button = self.choices[_KEYS[key]]
            button.setChecked(True)
            button.setFocus()
        elif key == Qt.Key.Key_4:
            self.ended.setFocus()
        elif key in _ENTER:
            if self.chosen:
                self.go_on()
        elif key in _BACK and self.choices[Signatures.ALL].hasFocus():
            self.back.emit()
        else:
            return False
        return True

    def from_time(self) -> None:
        """Enter in the time: to the reason of an extension, or on."""
        if end_of_voting(self._calendar, self.ended.text()) is None:
            self.ended.selectAll()
        elif self.reason.isEnabled():
            self.reason.setFocus()
        else:
            self.go_on()

    @Slot(object, bool)
    def _toggled(self, _button: object, checked: bool) -> None:
        if checked:
            self.changed.emit()

    @Slot()
    def _retimed(self) -> None:
        ended = end_of_voting(self._calendar, self.ended.text())
        self.reason.setEnabled(ended is not None and ended > self._calendar.voting_ends)
        self.changed.emit()

    def _line(self) -> QHBoxLayout:
        """The end of voting in one line; the reason's box keeps its room, so that nothing jumps."""
        line = QHBoxLayout()
        line.setSpacing(8)
        for key, box in (("signed.ended", self.ended), ("signed.extension", self.reason)):
            label = QLabel(t(key), self)
            label.setBuddy(box)
            box.setMinimumHeight(_BOX)
            box.setAccessibleName(t(key).lstrip("4 "))
            line.addWidget(label)
            line.addWidget(box, 1 if box is self.reason else 0)
        return line


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


class _Ended(QLineEdit):
    """A time of day by the number pad: 1430 or 14:30."""

    def __init__(self, box: SignatureBox) -> None:
        super().__init__(box)
        self._box = box
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{0,2}[:.,]?[0-9]{0,2}"), self))
        self.setFixedWidth(76)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setToolTip(t("signed.why_time"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed as 1430 is shown as the paper writes it."""
        super().focusOutEvent(event)
        ended = end_of_voting(self._box._calendar, self.text())
        if ended is not None:
            self.setText(f"{ended:%H:%M}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._box.from_time()
        elif event.key() in _BACK:
            self._box.setFocus()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class _Reason(QLineEdit):
    """Why voting was extended; Enter goes on."""

    def __init__(self, box: SignatureBox) -> None:
        super().__init__(box)
        self._box = box
        self.setMaxLength(500)
        self.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._box.go_on()
            event.accept()
        else:
            super().keyPressEvent(event)


class SignatureDialog(QDialog):
    """Asked before an acceptance when nobody answered it before. Emits `given(Course)`."""

    given = Signal(object)

    def __init__(self, about: str, calendar: Calendar, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("signed.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(680)
        self.box = SignatureBox(calendar, self)
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
        self.box.changed.connect(lambda: self.yes.setEnabled(self.box.course is not None))
        self.box.forward.connect(self._give)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self.box.setFocus()

    @Slot()
    def _give(self) -> None:
        course = self.box.course
        if course is not None:
            self.given.emit(course)
            self.accept()
