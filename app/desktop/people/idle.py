"""Nobody touches the desk: keys and the mouse are watched where the system hands them to a window.

There a window sees some events a second; a filter on the whole application would see every paint.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

_TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
_TICK_MS: Final = 2000


class Idle(QObject):
    """Emits `passed` once when `after` went by without a touch; `begin` starts anew, `end` stops."""

    passed = Signal()

    def __init__(self, after: timedelta, clock: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._after, self._clock = after, clock
        self._last = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        self._watch(application.focusWindow())

    def begin(self) -> None:
        self.touched()
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()

    def touched(self) -> None:
        self._last = self._clock()

    @Slot()
    def look(self) -> None:
        """Has the time passed? A clock that was set back begins it anew."""
        now = self._clock()
        if now < self._last:
            self._last = now
        if self._timer.isActive() and now - self._last >= self._after:
            self.end()
            self.passed.emit()

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)  # never twice
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.touched()
        return False
