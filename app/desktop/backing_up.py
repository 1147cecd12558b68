"""The thread of the backups: the station's own loop, ended within a bounded time.

A copy that is being written when the program ends is left behind under a name that is no copy's, and is
removed by the next one.
"""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.station.station import Station

log = logging.getLogger(__name__)


class BackupThread(QObject):
    """Start once, close once."""

    failed = Signal(object)
    _fell = Signal(object)

    def __init__(self, station: Station, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._station = station
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)
        self._fell.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._thread.start()

    def close(self, patience: float) -> bool:
        """Ask the loop to end; True when it did within `patience` seconds."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._station.backups.run_forever(self._stop)
        except BaseException as error:
            if self._stop.is_set():
                return
            try:
                self._fell.emit(error)
            except RuntimeError:  # the QObject is gone: the program is ending
                return

    @Slot(object)
    def _report(self, error: BaseException) -> None:
        self.failed.emit(error)
