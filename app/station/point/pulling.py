"""The point's news: when the centre is asked for them, and what is done with the answer.

It runs in the sender's loop, beside the pushes, so that nothing at the desk waits for it: after each push
at once, often while other workstations are at work, seldom otherwise. A trouble of asking is kept for the
point's page; it never stops the sending.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from app.documents.point_state import PointState, Workstation
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.backoff import Backoff
from app.station.changes import Change, Changes
from app.station.config import StationConfig
from app.station.connection import Sentence
from app.station.point import memory
from app.station.point.asking import Asking, Inquirer, InquiryRefused
from app.station.point.memory import PointMemory
from app.station.point.opening import open_batch
from app.station.point.went_back import WentBack
from app.trust.anchors import Anchors

#: How often the centre is asked while other workstations are up, while none of them was heard of for a
#: while, and where there is none. Each of them is heard when it asks itself. Each pause is shortened by up
#: to a fifth by chance: hundreds of stations that began together must not go on asking together.
BUSY = timedelta(milliseconds=500)
CALM = timedelta(seconds=3)
ALONE = timedelta(seconds=15)
#: So long after it was last heard of a workstation counts as up.
UP = timedelta(minutes=15)
#: A pull that is so late goes before a push.
_OVERDUE = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True)
class News:
    """What the point's page tells of asking itself: when the centre last answered, and the last trouble."""

    heard: datetime | None
    trouble: Sentence | None
    workstations: tuple[Workstation, ...]


class Pull:
    """`station.point.pull`: used by the sender's thread; `news` may be asked from any."""

    def __init__(
        self,
        inquirer: Inquirer,
        kept: PointMemory,
        config: StationConfig,
        anchors: Anchors,
        changes: Changes,
        queue: Callable[[], int],
        wanted: Callable[[], tuple[str, int] | None],
        went_back: WentBack,
    ) -> None:
        """`queue` counts what has no answer here; `wanted` names a batch of another workstation (its name
        and number) whose figures somebody has to compare, None when there is none."""
        self._inquirer, self._memory, self._config = inquirer, kept, config
        self._anchors, self._changes, self._queue, self._wanted = anchors, changes, queue, wanted
        self.went_back = went_back
        self._chance = random.Random()  # noqa: S311 - jitter is no secret
        self._backoff = Backoff(self._chance)
        self._due: datetime | None = None
        self._cursor: int | None = None
        self._guard = Lock()
        before = kept.last_state()
        self._news = News(None, None, before.workstations if before else ())

    @property
    def news(self) -> News:
        with self._guard:
            return self._news

    def due(self, now: datetime) -> datetime:
        """When to ask next; never further away than the longest wait, for the clock may have been set."""
        if self._due is None or self._due - now > max(ALONE, self._backoff.most):
            return now
        return self._due

    def is_due(self, now: datetime) -> bool:
        return self.due(now) <= now

    def is_overdue(self, now: datetime) -> bool:
        return self._due is not None and self._due + _OVERDUE <= now

    def soon(self) -> None:
        """The centre has just taken something in: ask at the next step."""
        self._due = None

    def step(self, transport: Asking, now: datetime) -> None:
        """Ask once. Raises `Unreachable` or `NoAnswer`; any other trouble is kept in `news`."""
        self._due = now + self._backoff.most  # whatever happens below, it is not asked in a tight loop
        try:
            more = self._ask(transport, now)
        except InquiryRefused as error:
            self._trouble(error)
            self._due = now + self._backoff.told_to_wait(error.retry_after)
            return
        self._backoff.succeeded()
        self._due = now if more else now + self._pause(now) * (1 - self._chance.random() / 5)

    def _ask(self, transport: Asking, now: datetime) -> bool:
        """Whether there is more to ask at once."""
        if self._cursor is None:
            self._cursor = self._memory.cursor()
        told = self._inquirer.state(transport, self._cursor, self._queue(), now)
        if self.went_back.look(told.state, self._cursor, now):
            self._cursor = 0  # what the centre decided since is not what it decided before
            return True
        keys = self._memory.take_state(told, now)
        self._cursor = told.state.cursor
        self._heard(told.state, now, keys)
        if told.state.more:
            return True
        wanted = self._wanted()
        return wanted is not None and self._fetch(transport, *wanted, now)

    def _fetch(self, transport: Asking, station: str, number: int, now: datetime) -> bool:
        """Bring one batch of another workstation, for its figures; whether it came."""
        answer = self._inquirer.batches(transport, number - 1, now, of_station=station)
        for kept in answer.batches:
            if kept.number != number:
                continue
            try:
                batch = open_batch(kept.data, self._config, self._anchors, now)
            except KnownError as error:
                self._trouble(error)
                return False
            keys = self._memory.take_batch(kept.data, batch, memory.CENTRE, now, "program")
            self._changes.tell(Change(keys))
            return bool(keys)
        return False

    def _heard(self, state: PointState, now: datetime, keys: frozenset[ProtocolKey]) -> None:
        with self._guard:
            self._news = News(now, None, state.workstations)
        if keys:
            self._changes.tell(Change(keys, connection=True))

    def _trouble(self, error: KnownError) -> None:
        with self._guard:
            self._news = News(
                self._news.heard, Sentence(error.code, error.cs, error.en), self._news.workstations
            )

    def _pause(self, now: datetime) -> timedelta:
        others = [
            one for one in self._news.workstations if one.in_force and one.station != self._config.station
        ]
        if not others:
            return ALONE
        heard = [one.last_heard for one in others if one.last_heard is not None]
        return BUSY if any(abs(now - at) <= UP for at in heard) else CALM
