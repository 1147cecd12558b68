"""A barcode scanner is a keyboard that types very fast and ends with Enter: it is told apart by that.

The catcher looks at every key press of the window while no field for text has the focus. Digits that follow
each other faster than a hand types, with an Enter behind them, are a scanned code; that Enter is taken away,
so that it presses no button.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

#: Seconds between two keys of a scanner at most; a fast typist needs more than twice that.
GAP: Final = 0.06
#: Shortest code: the six digits of a municipality, something between, one digit of a precinct.
SHORTEST: Final = 8
_BETWEEN: Final = "/-:;"


class ScanCatcher(QObject):
    """Emits `scanned(code)`. Installed on the application, looks only at `window`."""

    scanned = Signal(str)

    def __init__(self, window: QWidget, tick: Callable[[], float] = time.monotonic) -> None:
        super().__init__(window)
        self._window, self._tick = window, tick
        self._code, self._last = "", 0.0
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(watched, QWidget):
            return False
        if watched.window() is not self._window or watched is not self._listener():
            return False
        assert isinstance(event, QKeyEvent)
        return self._pressed(event)

    def _listener(self) -> QWidget | None:
        """The one widget that gets the keys now; None while text is being typed."""
        inside: QWidget | None = self._window.focusWidget()  # None when nothing has the focus
        focused = self._window if inside is None else inside
        return None if focused.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled) else focused

    def _pressed(self, event: QKeyEvent) -> bool:
        """Take one key; True when it was the Enter behind a code and must go no further."""
        now = self._tick()
        if now - self._last > GAP:
            self._code = ""
        self._last = now
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            code, self._code = self._code, ""
            if len(code) >= SHORTEST:
                self.scanned.emit(code)
                return True
            return False
        text = event.text()
        if len(text) == 1 and ((text.isascii() and text.isdigit()) or text in _BETWEEN):
            self._code += text
        elif text:
            self._code = ""
        return False
