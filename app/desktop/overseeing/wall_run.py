"""The wall as a program of its own: `prebirka desk FOLDER --wall`, beside the desk and without a login.

It only reads (`app.station.overseeing.viewing`), looks each second whether the store differs, and goes on
showing the last state when it cannot be read. This is an entry, so the clock of the world comes in here.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.desktop import theme
from app.desktop.application import prepare, system_clock
from app.desktop.overseeing.wall_window import WallWindow
from app.desktop.texts import t
from app.election.errors import KnownError
from app.station.overseeing.viewing import PublicView

log = logging.getLogger(__name__)


class WallKeeper(QObject):
    """A wall's window and what keeps it true. Raises KnownError when the station cannot be looked at."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._view = PublicView(folder, clock)
        self.window = WallWindow(clock, stays=True)
        self._mark = self._view.mark()
        self.window.show_wall(self._view.wall())
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.window.closed.connect(self.close)

    @Slot()
    def look(self) -> None:
        """Show what changed since the last look."""
        try:
            mark = self._view.mark()
            if mark != self._mark:
                self.window.show_wall(self._view.wall())
                self._mark = mark
        except KnownError as error:
            log.info("the wall shows the last state it knows: %s", error)
            self._mark = -1

    @Slot()
    def close(self) -> None:
        self._timer.stop()
        self._view.close()


def run_wall(folder: Path, language: str = "cs", clock: Callable[[], datetime] = system_clock) -> int:
    """Show the wall on the whole screen until its window is closed; the exit status."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    prepare(application, language)
    try:
        keeper = WallKeeper(folder, clock)
    except KnownError as error:
        log.info("the wall could not be opened: %s", error)
        told = error.cs if language == "cs" else error.en
        QMessageBox.critical(None, t("oversee.on_wall.cannot_open"), f"{told}\n\n{error.code}")
        return 2

    def follow() -> None:
        theme.apply(application, theme.system_is_dark())
        keeper.window.update()

    QGuiApplication.styleHints().colorSchemeChanged.connect(follow)
    for number in (signal.SIGINT, signal.SIGTERM):  # heard when Python runs next: within a second
        signal.signal(number, lambda *_: keeper.window.close())
    keeper.window.showFullScreen()
    return application.exec()
