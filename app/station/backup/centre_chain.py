"""What the centre knows of this station's own chain: asked before a new batch, and when it is rebuilt.

A database that went back in time together with its mark is whole in itself. The centre has the batches, so
before its first new batch after each opening the station asks whether there are any that it does not know.
It costs one request, and only when something is to be sent anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.documents.own_batches import ChainHead
from app.station import journal
from app.station.audit.errors import CentreAhead
from app.station.backup import errors
from app.station.config import StationConfig
from app.station.outbox import Outbox
from app.station.point.asking import Asking, Inquirer, InquiryRefused
from app.station.states import User
from app.station.store import Store, instant
from app.station.wire import NoAnswer, Unreachable
from app.trust.anchors import Anchors

if TYPE_CHECKING:
    from app.station.backup.replay import Replayed


class CentreChain:
    """`station.centre_chain`. Use one transport from one thread at a time."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        config: StationConfig,
        anchors: Anchors,
        inquirer: Inquirer,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._outbox, self._config = store, outbox, config
        self._anchors, self._inquirer, self._clock = anchors, inquirer, clock
        self._agreed = False

    def agree(self, transport: Any, now: datetime) -> None:
        """Once after each opening, before a new batch is made. Raises `CentreAhead` when the centre has what
        this store lacks, and `Unreachable` or `NoAnswer` of the line.

        A transport that cannot ask, and a centre that will not answer (a wrong clock at the station), do not
        stand against sending: the centre itself keeps a fork apart and raises the alarm.
        """
        if self._agreed or not isinstance(transport, Asking):
            return
        after = self._outbox.last_number()
        try:
            head = self._inquirer.batches(transport, after, now).head
        except InquiryRefused:
            return
        self._compare(head, after)
        self._agreed = True

    def recover(self, transport: Asking) -> list[Replayed]:
        """Put back every batch that the centre has and this store lacks. Raises `RestoreRefused`."""
        from app.station.backup.replay import replay  # only a rebuilt station needs it

        back: list[Replayed] = []
        while True:
            after = self._outbox.last_number()
            try:
                answer = self._inquirer.batches(transport, after, self._clock())
            except (Unreachable, NoAnswer, InquiryRefused) as error:
                raise errors.centre_silent(str(error)) from error
            back += [
                replay(self._store, self._config, self._anchors, kept, self._clock())
                for kept in answer.batches
            ]
            if not answer.more:
                self._check_end(answer.head)
                return back

    def note_restored(
        self,
        user: User,
        copy: str,
        made_at: datetime | None,
        journal_then: tuple[int, str],
        recovered: Sequence[int],
        *,
        asked: bool,
    ) -> None:
        """The act of rebuilding, in the rebuilt station's journal."""
        now = self._clock()
        with self._store.transaction() as db:
            journal.write(
                db, now, user.name, "restored", copy=copy,
                made_at=None if made_at is None else instant(made_at), journal_then=journal_then[0],
                recovered=[str(number) for number in recovered], centre_asked=asked,
            )  # fmt: skip
        self._agreed = self._agreed or asked

    def _check_end(self, head: ChainHead | None) -> None:
        last = self._outbox.last_number()
        if head is None or head.number < last:
            return
        if head.number > last:
            raise errors.does_not_continue(f"the centre's last batch is {head.number}, not {last}")
        if self._outbox.batch(last).hash != head.batch_hash:
            raise errors.does_not_continue(f"batch {last} differs")

    def _compare(self, head: ChainHead | None, last: int) -> None:
        if head is None or head.number == 0:
            return
        if head.number > last or self._outbox.batch(head.number).hash != head.batch_hash:
            raise CentreAhead(last, head.number)
