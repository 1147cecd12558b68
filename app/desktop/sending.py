"""The sender's thread: the station's own loop.

All that is worth keeping is in the outbox before the thread ever sees it, so ending the thread in the middle
of a push loses nothing: the batch is found again at the next start and goes with the same bytes.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.desktop.station_thread import AFTER_START, StationThread
from app.station.sending import Sender, Transport
from app.station.station import Station


class SenderThread(StationThread):
    """Start once, close once; the station wakes the loop when something is accepted."""

    def __init__(
        self, station: Station, transport: Transport | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__("sender", parent)
        self._station, self._transport = station, transport
        self._sender: Sender | None = None

    def _loop(self) -> None:
        if self._transport is None and self._stop.wait(AFTER_START):
            return
        self._sender = self._station.sender(self._transport)
        self._sender.run_forever(self._stop)

    def _wake(self) -> None:
        if self._sender is not None:
            self._sender.wake()
