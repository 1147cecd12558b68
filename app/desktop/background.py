"""Work off the main thread whose result always arrives on the main thread: the one helper for it.

An operation is a call, what to do with its result, and what to do with its failure. The calls of one
`Operations` run one after another in one thread; the outcome travels as a queued signal to a slot of
this QObject, which lives on the main thread, and is given on only while the widget that asked for it
still exists. The operation is kept referenced until then.

The thread is Python's daemon thread and not a QThread, because a read from a stick that was pulled out
can hang in the kernel for minutes: a QThread that is still running when it is destroyed ends the whole
process, a daemon thread is left behind. Closing waits only as long as it is told to.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Operation:
    number: int
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]
    context: QObject


class Operations(QObject):
    """A queue of calls run by one thread of their own. Make and use it on the main thread only."""

    busy_changed = Signal(bool)
    _outcome = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._waiting: queue.SimpleQueue[_Operation | None] = queue.SimpleQueue()
        self._running: dict[int, _Operation] = {}
        self._name = name
        self._thread: threading.Thread | None = None
        self._closed = False
        self._outcome.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def start(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
        context: QObject,
    ) -> None:
        """Run `work` in the thread, then `done` or `failed` on the main thread while `context` lives."""
        if self._closed:
            return
        operation = _Operation(next(self._numbers), work, done, failed, context)
        self._running[operation.number] = operation
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name=self._name, daemon=True)
            self._thread.start()
        if len(self._running) == 1:
            self.busy_changed.emit(True)
        self._waiting.put(operation)

    def close(self, patience: float = 1.0) -> bool:
        """Take no more work, let the running call end within `patience` seconds; True when it did."""
        self._closed = True
        self._running.clear()
        if self._thread is None:
            return True
        self._waiting.put(None)
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while (operation := self._waiting.get()) is not None:
            if self._closed:
                continue
            try:
                result, error = operation.work(), None
            except BaseException as caught:
                result, error = None, caught
            try:
                self._outcome.emit(operation.number, result, error)
            except RuntimeError:  # the QObject is gone: the program is ending
                return

    @Slot(int, object, object)
    def _arrived(self, number: int, result: object, error: BaseException | None) -> None:
        operation = self._running.pop(number, None)
        if operation is None:
            return
        if not self._running:
            self.busy_changed.emit(False)
        if not shiboken6.isValid(operation.context):
            return
        if error is None:
            operation.done(result)
        else:
            operation.failed(error)


class Deadline:
    """A budget of seconds shared by several things that are waited for one after another."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())
