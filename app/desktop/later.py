"""Parts of the window that are made when they are first wanted, or ahead of that while the desk rests.

The first picture of the window does not wait for pages that nobody has asked for yet, nor for what they
import; and the first turn to such a page does not wait either, because `Ahead` makes them one by one as
soon as the window stands. A part is a property marked `@later`; who only wants to tell it something asks
`made_in` whether there is anybody to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

T = TypeVar("T")

#: Milliseconds to the first part, so that the window is painted before it, and between two parts, so that
#: keys that were pressed meanwhile are answered in between.
_FIRST: Final = 150
_PAUSE: Final = 15


class later(cached_property[T]):
    """A property whose part is made when it is first read."""

    def made_in(self, owner: object) -> T | None:
        """The part if it has been made."""
        part: T | None = vars(owner).get(self.attrname or "")
        return part


class Ahead(QObject):
    """Makes parts one after another from when `start` is called, and is `done` after the last."""

    done = Signal()

    def __init__(self, parts: Iterable[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._parts = list(parts)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._make_one)

    @property
    def is_at_work(self) -> bool:
        return self._timer.isActive()

    def start(self) -> None:
        if self._parts:
            self._timer.start(_FIRST)

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _make_one(self) -> None:
        self._timer.setInterval(_PAUSE)
        self._parts.pop(0)()
        if not self._parts:
            self._timer.stop()
            self.done.emit()
