"""One box of the form: digits of the number pad in, the value as it will be stored out.

A line edit by kind, so that a screen reader knows it, but it takes only the pad's keys and paints itself:
seventy-one boxes have to be on the screen within one frame. A blank box shows a dot, a zero shows 0. Whatever
stood in the box when the cursor came is shown marked and is replaced by the first digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desktop import theme
from app.desktop.entry.pad import Act
from app.desktop.forms import Line
from app.desktop.states import SEVERITIES
from app.desktop.texts import t

#: Keys that lead away, whatever is written in the box.
_WAYS: Final = {
    Qt.Key.Key_Return: Act.ENTER,
    Qt.Key.Key_Enter: Act.ENTER,
    Qt.Key.Key_Plus: Act.NEXT_BLOCK,
    Qt.Key.Key_Minus: Act.PREVIOUS_BLOCK,
    Qt.Key.Key_Up: Act.UP,
    Qt.Key.Key_Down: Act.DOWN,
}
_JUMPS: Final = {Qt.Key.Key_Asterisk: Act.TO_CANDIDATE, Qt.Key.Key_Slash: Act.TO_LIST}
_CLEAR: Final = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Period, Qt.Key.Key_Comma})
_SIGNS: Final = {Act.TO_CANDIDATE: "*", Act.TO_LIST: "/"}


class Box(QLineEdit):
    """Calls `acted(box, act, number)` for a key that leads away and `left(box)` when its value changed."""

    def __init__(
        self,
        acted: Callable[[Box, Act, int], None],
        left: Callable[[Box], None],
        came: Callable[[Box], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._acted, self._left, self._came = acted, left, came
        self.line: Line | None = None
        self.value: int | None = None
        self._fresh = True
        self._jump: Act | None = None
        self._digits = ""
        self._fault = ""
        self.was_cleared = False  # a blank that somebody meant
        self.setObjectName("entryBox")
        self.setAccessibleName(t("entry.box_unused"))  # until it stands for a row of the form
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def show_line(self, line: Line, value: int | None, name: str, fault: str = "") -> None:
        """Stand for another field of the form."""
        self.line, self.value, self._fault = line, value, fault
        self._fresh, self._jump, self.was_cleared = True, None, False
        self.setText("" if value is None else str(value))
        self.setAccessibleName(name)
        self.update()

    def show_fault(self, severity: str, sentence: str) -> None:
        """Mark the box by the gravest severity of what is wrong with it; empty: nothing is."""
        if (severity, sentence) != (self._fault, self.accessibleDescription()):
            self._fault = severity
            self.setAccessibleDescription(sentence)
            self.setToolTip(sentence)
            self.update()

    @property
    def fault(self) -> str:
        return self._fault

    @property
    def is_jumping(self) -> bool:
        return self._jump is not None

    @property
    def is_begun(self) -> bool:
        """Whether the next digit is added to those typed; else it begins a new number."""
        return not self._fresh

    def go_on(self) -> None:
        """The number that was begun goes on, after something stood between the hand and the box."""
        self._fresh = False

    def commit(self) -> None:
        """Take what is written as the value; a jump that was begun is forgotten."""
        self._jump = None
        written = int(self.text()) if self.text() else None
        changed = written != self.value
        self.value = written
        self.setText("" if written is None else str(written))  # 007 is 7
        self._fresh = True
        self.update()
        if changed:
            self._left(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = Qt.Key(event.key()), event.text()
        modifiers = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if modifiers or self.line is None:
            event.ignore()
        elif len(text) == 1 and text in "0123456789":
            self._digit(text)
        elif key in _JUMPS:
            self._jump_key(_JUMPS[key])
        elif key in _WAYS:
            self._way(_WAYS[key])
        elif key == Qt.Key.Key_Backspace:
            self._backspace()
        elif key in _CLEAR:
            self._jump, self._fresh, self.was_cleared = None, False, True
            self.setText("")
        else:
            event.ignore()
            return
        self.update()

    def _digit(self, digit: str) -> None:
        assert self.line
        if self._jump is not None:
            self._digits += digit
            if len(self._digits) == 2:
                self._land()
            return
        if self._fresh:
            self._fresh = False
            self.setText(digit)
        elif len(self.text()) < self.line.width:
            self.setText(self.text() + digit)

    def _jump_key(self, act: Act) -> None:
        """The box is left; two digits, or one and Enter, say where to."""
        self.commit()
        self._jump, self._digits = act, ""

    def _land(self) -> None:
        assert self._jump is not None
        jump, self._jump = self._jump, None
        self._acted(self, jump, int(self._digits))

    def _way(self, act: Act) -> None:
        if self._jump is None:
            self.commit()
            self._acted(self, act, 0)
        elif act is Act.ENTER and self._digits:
            self._land()
        else:
            self._jump = None

    def _backspace(self) -> None:
        if self._jump is not None:
            self._digits = self._digits[:-1]
            self._jump = self._jump if self._digits else None
        else:
            self._fresh = False
            self.setText(self.text()[:-1])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._fresh = True
        self._came(self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """No paste by the middle button: a number comes from the paper only."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """No selecting: the first digit replaces anyway."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        focused, known = self.hasFocus(), self.line is None or self.line.known
        ink = SEVERITIES[self._fault].ink if self._fault else "accent" if focused else "strong_line"
        ground = SEVERITIES[self._fault].ground if self._fault and not focused else None
        painter.fillRect(self.rect(), theme.colour(ground or ("surface" if known or focused else "raised")))
        thick = 2 if focused or self._fault else 1
        style = Qt.PenStyle.SolidLine if known else Qt.PenStyle.DotLine
        painter.setPen(QPen(theme.colour(ink), thick, style))
        painter.drawRect(QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2))
        area = self.rect().adjusted(5, 1, -6, -1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if self._jump is not None:
            painter.setPen(theme.colour("accent"))
            painter.drawText(area, right, f"{_SIGNS[self._jump]}{self._digits}_")
            return
        text = self.text()
        if focused and self._fresh and text:
            width = self.fontMetrics().horizontalAdvance(text)
            painter.fillRect(area.adjusted(area.width() - width - 3, 2, 3, -2), theme.colour("select"))
            painter.setPen(theme.colour("on_select"))
        else:
            painter.setPen(theme.colour("text" if text else "muted"))
        painter.drawText(area, right, text or t("entry.blank"))
        if focused and not (self._fresh and text):
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawLine(area.right() + 3, area.top() + 4, area.right() + 3, area.bottom() - 3)
