"""Sending: one loop over the outbox's table, and the rules of what an answer means.

    sender.step(now)            one thing that can be done now, and when to call again
    sender.run_forever(stop)    that in a loop, for a worker thread

A step makes a batch when none is open, pushes the lowest-numbered one that is due, and applies the
answer. Nothing but the store remembers what has to be sent, so a killed program goes on where it was:
the same bytes go again, and the centre knows them. A time-out is no failure: the batch may have
arrived, and its protocols are "sent, waiting for confirmation".
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from app.documents.receipt import Status
from app.election.errors import KnownError
from app.station import quarantine, receipts
from app.station.backoff import Backoff, Portion
from app.station.board import Board
from app.station.changes import Change, Changes
from app.station.config import StationConfig
from app.station.connection import Line, Sentence
from app.station.outbox import MOST_PROTOCOLS, BatchState, Outbox, StoredBatch
from app.station.point.asking import Asking
from app.station.point.delivering import Deliveries
from app.station.point.pulling import Pull
from app.station.proof import Proof
from app.station.receipts import ReceiptRefused
from app.station.store import Store
from app.station.wire import CMS_TYPE, Answer, NoAnswer, Pinging, Transport, Unreachable, named_code
from app.trust.anchors import Anchors

__all__ = ["CMS_TYPE", "HEARTBEAT", "Answer", "NoAnswer", "Sender", "Transport", "Unreachable"]

#: How often the line is tried while there is nothing to send.
HEARTBEAT = timedelta(seconds=15)
#: How often a batch that the centre keeps or refused as a whole is offered again.
ASK_AGAIN = timedelta(seconds=30)
#: What a server on the way says of a request that is too large or takes too long for it.
_TOO_MUCH = frozenset({408, 413, 502, 504})
#: How often the loop looks whether it should stop.
_TICK_SECONDS = 0.25


class Sender:
    """Sends one station's batches. Use from one thread; `wake` and `retry_now` may be called from any."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        transport: Transport,
        config: StationConfig,
        anchors: Anchors,
        board: Board,
        changes: Changes,
        clock: Callable[[], datetime],
        chance: random.Random,
        pull: Pull | None = None,
        deliveries: Deliveries | None = None,
    ) -> None:
        """`pull` asks for the point's news, `deliveries` are batches of other workstations to push for
        them; both only over a transport that can ask."""
        self._store, self._outbox, self._transport = store, outbox, transport
        self._config, self._anchors, self._board, self._changes = config, anchors, board, changes
        self._clock = clock
        self._backoff = Backoff(chance)
        self._portion = Portion(MOST_PROTOCOLS)
        self._line_due: datetime | None = None
        self._batch_due: dict[int, datetime] = {}
        self._again: set[int] = set()  # what the centre said it lacks, answered before or not
        self._heartbeat_due: datetime | None = None
        self._asking = transport if isinstance(transport, Asking) else None
        self._pull = pull if self._asking is not None else None
        self._deliveries = deliveries if self._asking is not None else None
        #: Asked before a new batch is made; raises what stands against it.
        self.agree: Callable[[Transport, datetime], None] = lambda transport, now: None
        #: Called now and then when the centre has just answered.
        self.after_answer: Callable[[datetime], None] = lambda now: None
        #: Proves the whole store, once, when the loop first has nothing to do; None when there is no need.
        self.proof: Proof | None = None
        self._wake = Event()
        self._retry = Event()

    def step(self, now: datetime) -> datetime | None:
        """Do one thing that is due at `now` and tell when to call again: `now` itself when there is more
        to do at once, None when nothing will be due until something is accepted."""
        if self._retry.is_set():
            self._retry.clear()
            self._line_due = None
            self._batch_due.clear()
        if self._line_due is not None and now < self._soon(self._line_due, now):
            return self._line_due
        if self._pull is not None and self._pull.is_overdue(now):
            self._ask(now)
            return self._line_due or now
        batch = self._due(now)
        if batch is None:
            return self._idle(now)
        self._push(batch, now)
        return self._line_due or now

    def run_forever(self, stop: Event) -> None:
        """Step until `stop` is set. A known trouble (a full disk) is shown on the board and tried again."""
        while not stop.is_set():
            self._wake.clear()
            try:
                due = self.step(self._clock())
            except KnownError as error:
                due = self._clock() + self._backoff.failed()
                self._board.refused(Sentence(error.code, error.cs, error.en), passing=True)
            if self.proof is not None and (due is None or due > self._clock()):
                prove, self.proof = self.proof, None
                if (found := prove()) is not None:
                    self._board.refused(found)
            while not stop.is_set() and not self._wake.is_set():
                left = None if due is None else (due - self._clock()).total_seconds()
                if left is not None and left <= 0:
                    break
                # A clock that was set back must not make the loop wait for hours.
                self._wake.wait(_TICK_SECONDS if left is None else min(left, _TICK_SECONDS))

    def wake(self) -> None:
        """Something was accepted: look at the outbox at once (the line's back-off still holds)."""
        self._wake.set()

    def retry_now(self) -> None:
        """Somebody asked: forget the back-off and try at once."""
        self._retry.set()
        self._wake.set()

    def _soon(self, due: datetime, now: datetime) -> datetime:
        """A due time, but never further away than the longest wait: the clock may have been set back."""
        return due if due - now <= self._backoff.most else now

    def _due(self, now: datetime) -> StoredBatch | None:
        """The batch to push now. One that the centre keeps or refused waits and holds up no other."""
        if self._again:
            return self._outbox.batch(min(self._again))
        for number in self._outbox.open_batches():
            due = self._batch_due.get(number)
            if due is None or now >= due or due - now > ASK_AGAIN:
                return self._outbox.batch(number)
        if not self._outbox.has_waiting() or not self._agrees(now):
            return None
        return self._outbox.make(now, self._portion.now)

    def _agrees(self, now: datetime) -> bool:
        """Whether a new batch may go on from the last one: the centre knows none beyond it."""
        try:
            self.agree(self._transport, now)
        except Unreachable:
            self._wait(now, None)
            self._board.line(Line.OFFLINE, now, self._line_due)
        except NoAnswer:
            self._wait(now, None)
            self._board.line(Line.WAITING, now, self._line_due)
        except KnownError as error:
            self._board.refused(Sentence(error.code, error.cs, error.en))
        else:
            return True
        return False

    def _ask(self, now: datetime) -> None:
        """Ask for the point's news. That the centre answers at all also says that the line works."""
        assert self._pull is not None
        assert self._asking is not None
        try:
            self._pull.step(self._asking, now)
        except Unreachable:
            self._wait(now, None)
            self._board.line(Line.OFFLINE, now, self._line_due)
            return
        except NoAnswer:
            self._wait(now, None)
            self._board.line(Line.WAITING, now, self._line_due)
            return
        self._backoff.succeeded()
        self._line_due = None
        self._heartbeat_due = now + HEARTBEAT
        self._board.line(Line.ONLINE, now)
        self.after_answer(now)
        if (news := self._pull.went_back.take()) is not None:
            sentence, lost = news
            self._again |= lost
            self._board.refused(sentence)

    def _deliver(self, now: datetime) -> bool:
        """Push a batch of another workstation that came by a stick; whether there was one to push now."""
        if self._deliveries is None:
            return False
        try:
            return self._deliveries.step(self._transport, now)
        except (Unreachable, NoAnswer):
            self._wait(now, None)
            return True

    def _idle(self, now: datetime) -> datetime | None:
        if self._deliver(now):
            return self._line_due or now
        if self._pull is not None and self._pull.is_due(now):
            self._ask(now)
            return self._line_due or now
        dues = list(self._batch_due.values())
        if self._pull is not None:
            dues.append(self._pull.due(now))
        if isinstance(self._transport, Pinging):
            if self._heartbeat_due is None or now >= self._soon(self._heartbeat_due, now):
                self._heartbeat_due = now + HEARTBEAT
                self._board.line(Line.ONLINE if self._transport.ping() else Line.OFFLINE, now)
            dues.append(self._heartbeat_due)
        return min(dues, default=None)

    def _push(self, batch: StoredBatch, now: datetime) -> None:
        self._batch_due.pop(batch.number, None)
        self._again.discard(batch.number)
        self._outbox.begin(batch.number)
        try:
            answer = self._transport.push(batch.data)
        except Unreachable:
            self._outbox.not_sent(batch.number)
            self._wait(now, None)
            self._board.line(Line.OFFLINE, now, self._line_due)
            return
        except NoAnswer:
            self._portion.failed()
            self._unanswered(batch, now, None)
            return
        try:
            proved = receipts.prove(answer.body, batch, self._config, self._anchors, now)
        except ReceiptRefused as error:
            self._unproved(batch, answer, error, now)
            return
        self._answered(batch, proved, now)

    def _answered(self, batch: StoredBatch, proved: receipts.Proved, now: datetime) -> None:
        effect = receipts.apply(self._store, batch, proved, now)
        self._backoff.succeeded()
        self._portion.succeeded()
        self._line_due = None
        self._heartbeat_due = now + HEARTBEAT
        if effect.state is not BatchState.ANSWERED:
            self._batch_due[batch.number] = now + ASK_AGAIN
            self._again |= self._outbox.numbers_in(proved.receipt.missing) - {batch.number}
        self._board.line(Line.ONLINE, now)
        if self._pull is not None:
            self._pull.soon()
        if proved.receipt.status is Status.QUARANTINED and effect.state is not BatchState.ANSWERED:
            self._board.refused(quarantine.sentence(proved.receipt.code))
        elif effect.refusals:
            self._board.refused(_refusal(effect.refusals))
        elif effect.state is BatchState.ANSWERED:
            self._board.settled(quarantine.CODES)
        self._changes.tell(Change(effect.moved, connection=True))

    def _unproved(self, batch: StoredBatch, answer: Answer, error: ReceiptRefused, now: datetime) -> None:
        """Something answered that does not prove to be the centre. It is shown, never believed."""
        if answer.status in _TOO_MUCH:
            self._portion.failed()
        self._unanswered(batch, now, answer.retry_after)
        if answer.content_type.partition(";")[0].strip() == CMS_TYPE:
            self._board.refused(Sentence(error.code, error.cs, error.en), passing=True)
            return
        code = named_code(answer)
        if code == "ING-17":
            self._board.refused(_OTHER_PROGRAM, passing=True)
            return
        self._board.refused(
            Sentence(
                code,
                f"Ústředí dávku zatím nepřijalo ({code}). Odešle se znovu sama; "
                "nemizí-li hlášení, volejte technika.",
                f"The centre has not taken the batch yet ({code}). It goes again by itself; call the "
                "technician if this stays.",
            ),
            passing=True,
        )

    def _unanswered(self, batch: StoredBatch, now: datetime, retry_after: float | None) -> None:
        moved = self._outbox.unknown(batch.number, now)
        self._wait(now, retry_after)
        self._board.line(Line.WAITING, now, self._line_due)
        self._changes.tell(Change(frozenset(version.key for version in moved), connection=True))

    def _wait(self, now: datetime, retry_after: float | None) -> None:
        self._line_due = now + self._backoff.told_to_wait(retry_after)


_OTHER_PROGRAM = Sentence(
    "ING-17",
    "Ústředí od tohoto programu zápisy nepřijímá: není schválen. Nic se neztratilo; technik nainstaluje "
    "schválenou verzi a zápisy se odešlou samy.",
    "The centre takes no protocols from this program: it is not approved. Nothing is lost; the technician "
    "installs an approved version and they go by themselves.",
)


def _refusal(codes: tuple[str, ...]) -> Sentence:
    listed = ", ".join(codes)
    return Sentence(
        codes[0],
        f"Ústředí vrátilo zápis nebo dávku ({listed}). Podívejte se do přehledu okrsků na vrácené.",
        f"The centre returned a protocol or a batch ({listed}). Look at the returned ones in the overview.",
    )
