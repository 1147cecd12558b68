"""The whole point as a page shows it: its workstations, what waits for a decision, and how fresh that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.station.connection import Sentence
from app.station.point.assigning import Assigning
from app.station.point.carried import Carried
from app.station.point.conflicts import Conflicts
from app.station.point.exchange import Exchange
from app.station.point.memory import PointMemory
from app.station.point.pulling import Pull


@dataclass(frozen=True, slots=True)
class Place:
    """One workstation: `accepted` protocols of it are at the centre, `waiting` are not, by its own last word
    or by its files on a stick (None: nothing is known); `own`: this one."""

    station: str
    own: bool
    in_force: bool
    last_heard: datetime | None
    accepted: int
    waiting: int | None


@dataclass(frozen=True, slots=True)
class View:
    """`heard`: when the centre last told the point's state (None: not since the start)."""

    places: tuple[Place, ...]
    conflicts: int
    heard: datetime | None
    trouble: Sentence | None


class Point:
    """`station.point`. Safe from any thread."""

    def __init__(
        self,
        own: str,
        kept: PointMemory,
        pull: Pull,
        conflicts: Conflicts,
        exchange: Exchange,
        carried: Carried,
        queue: Callable[[], int],
        assigning: Assigning,
    ) -> None:
        """`queue` counts the protocols that wait here."""
        self.memory, self.pull, self.conflicts, self.exchange = kept, pull, conflicts, exchange
        self.carried, self.assigning = carried, assigning
        self._own, self._queue = own, queue

    def view(self) -> View:
        """Everything for the page."""
        news = self.pull.news
        accepted, waiting = self.memory.accepted_by_station(), self.memory.waiting_by_station()
        known = {one.station: one for one in news.workstations}
        names = sorted({self._own, *known, *accepted, *waiting}, key=_in_order)
        places = []
        for name in names:
            told = known.get(name)
            by_stick = waiting.get(name)
            its = told.waiting if told is not None else None
            places.append(
                Place(
                    station=name,
                    own=name == self._own,
                    in_force=told is None or told.in_force,
                    last_heard=told.last_heard if told else None,
                    accepted=accepted.get(name, 0),
                    waiting=self._queue() if name == self._own else by_stick if its is None else its,
                )
            )
        return View(tuple(places), len(self.conflicts.waiting()), news.heard, news.trouble)


def _in_order(station: str) -> tuple[int, ...]:
    return tuple(int(part) for part in station.split("-"))
