"""The thread of the backups: the station's own loop.

A copy that is being written when the program ends is left behind under a name that is no copy's, and is
removed by the next one.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.desktop.station_thread import AFTER_START, StationThread
from app.station.station import Station


class BackupThread(StationThread):
    """Start once, close once."""

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        super().__init__("backups", parent)
        self._station = station

    def _loop(self) -> None:
        if self._stop.wait(AFTER_START):
            return
        self._station.backups.run_forever(self._stop)
