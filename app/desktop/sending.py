"""The sender's thread: the station's own loop, ended within a bounded time.

All that is worth keeping is in the outbox before the thread ever sees it, so ending the thread in the middle
of a push loses nothing: the batch is found again at the next start and goes with the same bytes. A bug in
the loop arrives on the main thread and stops the sending, not the desk.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.station.sending import Sender, Transport
from app.station.station import Station

log = logging.getLogger(__name__)

#: Seconds after the start: the window is painted first, then the line to the centre is loaded.
_AFTER_START: Final = 0.4


class SenderThread(QObject):
    """Start once, close once; the station wakes the loop when something is accepted."""

    failed = Signal(object)
    _fell = Signal(object)

    def __init__(
        self, station: Station, transport: Transport | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._station, self._transport = station, transport
        self._stop = threading.Event()
        self._sender: Sender | None = None
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._fell.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._thread.start()

    def close(self, patience: float) -> bool:
        """Ask the loop to end; True when it did within `patience` seconds."""
        self._stop.set()
        if self._sender is not None:
            self._sender.wake()
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            if self._transport is None and self._stop.wait(_AFTER_START):
                return
            self._sender = self._station.sender(self._transport)
            self._sender.run_forever(self._stop)
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
