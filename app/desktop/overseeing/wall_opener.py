"""The wall as the supervisor's page opens it: a window that outlives a locked desk, not a closed one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from app.desktop.overseeing.wall_window import WallWindow
from app.station.overseeing.wall import Wall


class WallOpener(QObject):
    """`open` shows the wall on the whole screen; `refresh` shows what `wall` tells now."""

    def __init__(self, page: QWidget, clock: Callable[[], datetime], wall: Callable[[], Wall]) -> None:
        super().__init__(page)
        self._page, self._clock, self._wall = page, clock, wall
        self.window: WallWindow | None = None

    @property
    def is_open(self) -> bool:
        return self.window is not None

    def open(self) -> None:
        """F11 or Escape on the wall puts it away."""
        if self.window is None:
            made = WallWindow(self._clock)
            made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            made.closed.connect(self._closed)
            self.window = made
            self._page.window().installEventFilter(self)
        self.refresh()
        self.window.showFullScreen()
        self.window.activateWindow()

    def refresh(self) -> None:
        if self.window is not None:
            self.window.show_wall(self._wall())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The desk's window closes: the wall would keep the program running without it."""
        if event.type() == QEvent.Type.Close and self.window is not None and watched is self._page.window():
            self.window.close()
        return False

    @Slot()
    def _closed(self) -> None:
        self.window = None
