"""When Python searches for cyclic garbage: on the main thread alone, not while the desk starts, and later
not among what stays.

A search runs on whatever thread happens to ask for memory, and garbage may hold widgets: their destruction
on another thread waits for the main one, which may be waiting for that thread inside Qt; then the desk
stands for ever. So the searches of the program itself are off, and a timer of the main thread makes them.
At a start there is nothing to find, and the searches cost a tenth of it. Later each full search would go
through the reference data and the widgets, 80 000 objects, and stop the desk for 50 ms in the middle of a
key press, so what stands by then is left out.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

#: Milliseconds between two looks, and what is worth a search: new objects, searches of the young among which
#: one also goes through those that outlived one, looks between two searches through all.
_LOOK: Final = 250
_YOUNG: Final = 2_000
_OLDER: Final = 10
_ALL: Final = 240


class Sweeper(QObject):
    """Searches now and then on the thread that it was made on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK)

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Search as far as it is worth it."""
        self._looks += 1
        young, older, _ = gc.get_count()
        if self._looks % _ALL == 0:
            gc.collect()
        elif young > _YOUNG:
            gc.collect(1 if older > _OLDER else 0)


@contextmanager
def unswept() -> Iterator[Callable[[], None]]:
    """Start without searches. The function that is given lets the main thread search from then on; what
    exists by then is left out until the block ends."""
    gc.disable()
    sweepers: list[Sweeper] = []

    def from_now_on() -> None:
        gc.freeze()
        sweepers.append(Sweeper())

    try:
        yield from_now_on
    finally:
        for sweeper in sweepers:
            sweeper.stop()
        gc.unfreeze()
        gc.enable()
