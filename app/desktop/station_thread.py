"""A loop of the station in a thread of its own: started once, ended within a bounded time.

A bug in the loop arrives on the main thread as `failed` and stops this loop, not the desk.
"""

from __future__ import annotations

import threading
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

#: Seconds after the start that a loop may wait: the window is painted first.
AFTER_START: Final = 0.4


class StationThread(QObject):
    """Say in `_loop` what runs until `_stop` is set, and in `_wake` how to end a wait in it."""

    failed = Signal(object)
    _fell = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._fell.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._thread.start()

    def close(self, patience: float) -> bool:
        """Ask the loop to end; True when it did within `patience` seconds."""
        self._stop.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        raise NotImplementedError

    def _wake(self) -> None:
        """A loop that waits for nothing but `_stop` needs no waking."""

    def _run(self) -> None:
        try:
            self._loop()
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
