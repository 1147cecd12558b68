"""What changed, told to whoever shows it. Free of Qt: the desk turns a change into its own signal.

A change is told after its transaction was committed, on the thread that made it, and never carries
values: a view reads the rows that it shows again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.election.model import ProtocolKey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """`keys`: protocols whose row differs now; `connection`: the line's state or the queue differs."""

    keys: frozenset[ProtocolKey] = frozenset()
    connection: bool = False


Listener = Callable[[Change], None]


class Changes:
    """The one hook. Listeners are called in the order in which they came."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every change from now on; the returned function ends that (twice is harmless)."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return unsubscribe

    def tell(self, change: Change) -> None:
        """Tell all. A listener's bug is logged and stops neither the others nor what was committed."""
        for listener in self._listeners:
            try:
                listener(change)
            except Exception:
                log.exception("a listener of changes failed")
