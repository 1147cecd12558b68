"""The desk's part for typing from paper: every call on `station.entries`, off the main thread, in order.

A field is stored before the cursor is in the next one: leaving a field waits for its commit, but never longer
than `PATIENCE`, so that a slow disk cannot hold up the typing; then the commit ends in the background and the
page says so. Judging what is typed so far is debounced and has a thread of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.desktop.background import Deadline, Operations
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.verdict import FieldRef, Verdict
from app.station.entry.drafts import Draft, DraftState, RunningTotals
from app.station.offers import Offer
from app.station.states import User
from app.station.station import Station

#: Seconds that leaving a field waits for its commit; less than half a frame.
PATIENCE: Final = 0.006
#: Milliseconds of rest after which the draft is judged.
_REST: Final = 120


class Stage(Enum):
    """Where the typing of one protocol stands for the person at the desk."""

    TYPING = "typing"  # the own draft is open
    TAKEN = "taken"  # a colleague's draft is open
    SECOND = "second"  # the first reading is finished and waits for the second
    DIFFERING = "differing"  # both are finished; `fields` differ still
    CLOSED = "closed"  # both agree: `offer`


@dataclass(frozen=True, slots=True)
class Opening:
    """A protocol opened for typing. `draft` is the one that is typed, taken or finished first."""

    key: ProtocolKey
    stage: Stage
    draft: Draft | None = None
    totals: RunningTotals | None = None
    fields: tuple[FieldRef, ...] = ()
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """One field is on the disk."""

    draft: Draft
    totals: RunningTotals


@dataclass(frozen=True, slots=True)
class Drafts:
    """What is being typed at this station: living drafts and those that can be restored."""

    living: tuple[Draft, ...]
    discarded: tuple[Draft, ...]


class EntryDesk(QObject):
    """All signals come on the main thread. `user` tells who is at the desk now."""

    opened = Signal(object)  # Opening
    saved = Signal(object)  # Saved
    judged = Signal(object)  # Verdict
    listed = Signal(object)  # Drafts
    unsettled = Signal(object)  # KnownError that stands against settling a field
    trouble = Signal(object, str)
    bug = Signal(object)

    def __init__(self, station: Station, user: Callable[[], User], parent: QObject) -> None:
        super().__init__(parent)
        self._entries, self._user = station.entries, user
        self._acts = Operations("entry", self)
        self._judging = Operations("entry-verdict", self)
        self._waiting = 0
        self._to_judge: Draft | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._judge)

    @property
    def user(self) -> User:
        return self._user()

    @property
    def is_saving(self) -> bool:
        """Whether a field that was left is not on the disk yet."""
        return self._waiting > 0

    def close(self, deadline: Deadline) -> bool:
        """What was typed is committed first; judging is dropped."""
        self._rest.stop()
        done = Event()
        self._acts.start(done.set, _nothing, _nothing, self)
        done.wait(deadline.left())
        return all([self._acts.close(deadline.left()), self._judging.close(min(0.3, deadline.left()))])

    # --- opening -----------------------------------------------------------------------------------

    def open(self, key: ProtocolKey) -> None:
        """Find out where the typing of a protocol stands, beginning it when nobody has."""
        user = self.user
        self._do(lambda: self._open(key, user))

    def begin_second(self, key: ProtocolKey) -> None:
        user = self.user
        self._do(lambda: self._typing(self._entries.begin_second(key, user)))

    def reopen(self, key: ProtocolKey) -> None:
        """Back to the own first reading, as long as no second one began."""
        user = self.user
        self._do(lambda: self._typing(self._entries.begin(key, user)))

    def take_over(self, draft: Draft, reason: str) -> None:
        user = self.user

        def work() -> Opening:
            self._entries.take_over(draft.id, user, reason)
            return self._open(draft.key, user)

        self._do(work)

    def restore(self, draft: Draft) -> None:
        user = self.user

        def work() -> Opening:
            self._entries.restore(draft.id, user)
            return self._open(draft.key, user)

        self._do(work)

    def _open(self, key: ProtocolKey, user: User) -> Opening:
        entries = self._entries
        if (offer := entries.closed(key)) is not None:
            return Opening(key, Stage.CLOSED, offer=offer)
        living = {draft.number: draft for draft in entries.drafts(key)}
        first, second = living.get(1), living.get(2)
        current = second or first
        if current is None:
            return self._typing(entries.begin(key, user))
        if current.state is DraftState.OPEN:
            if User(current.owner).identity != user.identity:
                return Opening(key, Stage.TAKEN, current)
            return self._typing((entries.begin if second is None else entries.begin_second)(key, user))
        if second is None:
            return Opening(key, Stage.SECOND, current, entries.totals(current))
        return self._compared(key, user)

    def _typing(self, draft: Draft) -> Opening:
        return Opening(draft.key, Stage.TYPING, draft, self._entries.totals(draft))

    def _compared(self, key: ProtocolKey, user: User) -> Opening:
        fields = self._entries.compare(key)
        if fields:
            return Opening(key, Stage.DIFFERING, fields=fields)
        return Opening(key, Stage.CLOSED, offer=self._entries.close(key, user))

    # --- typing ------------------------------------------------------------------------------------

    def save(self, draft: Draft, field: FieldRef, value: int | None) -> None:
        """One field was left; `saved` comes when it is on the disk."""
        user, entries, done = self.user, self._entries, Event()

        def work() -> Saved:
            try:
                stored = entries.save(draft.id, field, value, user)
                return Saved(stored, entries.totals(stored))
            finally:
                done.set()

        self._waiting += 1
        self._acts.start(work, self._was_saved, self._save_failed, self)
        done.wait(PATIENCE)

    def _was_saved(self, saved: Saved) -> None:
        self._waiting -= 1
        self.saved.emit(saved)
        self.judge(saved.draft)

    def _save_failed(self, error: BaseException) -> None:
        self._waiting -= 1
        self._failed(error)

    def judge(self, draft: Draft) -> None:
        """Judge a draft when the typist rests."""
        self._to_judge = draft
        self._rest.start()

    @Slot()
    def _judge(self) -> None:
        draft = self._to_judge
        if draft is None:
            return
        if self._judging.busy:
            self._rest.start()
            return
        entries, self._to_judge = self._entries, None
        self._judging.start(lambda: entries.verdict(draft), self._was_judged, self._failed, self)

    def _was_judged(self, verdict: Verdict) -> None:
        self.judged.emit(verdict)

    def finish(self, draft: Draft) -> None:
        """The typist is done: to the second entry, or to the comparison."""
        user = self.user

        def work() -> Opening:
            self._entries.finish(draft.id, user)
            return self._open(draft.key, user)

        self._do(work)

    def discard(self, draft: Draft, reason: str) -> None:
        user = self.user

        def work() -> Drafts:
            self._entries.discard(draft.id, user, reason)
            return self._drafts()

        self._acts.start(work, self.listed.emit, self._failed, self)

    def reading_as_offer(self, draft: Draft, done: Callable[[Offer], None]) -> None:
        """One reading as an offer that can be refused or reported on, but not accepted."""
        self._acts.start(lambda: self._entries.offer(draft), done, self._failed, self)

    def list(self) -> None:
        """All drafts, by `listed`."""
        self._acts.start(self._drafts, self.listed.emit, self._failed, self)

    def _drafts(self) -> Drafts:
        return Drafts(self._entries.drafts(), self._entries.discarded())

    # --- settling ----------------------------------------------------------------------------------

    def settle(self, key: ProtocolKey, field: FieldRef, value: int | None, user: User, reason: str) -> None:
        """A third look at one field by `user`; then the rest, or the offer."""

        def work() -> Opening:
            self._entries.settle(key, field, value, user, reason)
            return self._compared(key, self.user)

        self._acts.start(work, self.opened.emit, self._not_settled, self)

    def _not_settled(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.unsettled.emit(error)
        else:
            self.bug.emit(error)

    def _do(self, work: Callable[[], Opening]) -> None:
        self._acts.start(work, self.opened.emit, self._failed, self)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.trouble.emit(error, "")
        else:
            self.bug.emit(error)


def _nothing(_: object) -> None:
    """For an operation whose outcome nobody waits for."""
