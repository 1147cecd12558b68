"""Batches of other workstations that came by a stick, pushed to the centre for them.

The centre knows a batch by its bytes, so it does not matter who brings it, nor how often. Its receipt is
kept here, decides what it says, and goes back by the next stick.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.documents.receipt import Status
from app.station import receipts
from app.station.changes import Change, Changes
from app.station.config import StationConfig
from app.station.outbox import BatchState, StoredBatch
from app.station.point import memory
from app.station.point.memory import PointMemory
from app.station.receipts import ReceiptRefused
from app.station.wire import Transport
from app.trust import chain
from app.trust.anchors import Anchors

#: How long after an answer that proves nothing the same batch is offered again.
_AGAIN = timedelta(seconds=60)


class Deliveries:
    """Used by the sender's thread."""

    def __init__(self, kept: PointMemory, config: StationConfig, anchors: Anchors, changes: Changes) -> None:
        self._memory, self._config, self._anchors, self._changes = kept, config, anchors, changes
        self._not_before: datetime | None = None

    def step(self, transport: Transport, now: datetime) -> bool:
        """Push one; whether there was one. Raises `Unreachable` or `NoAnswer`."""
        if self._not_before is not None and now < self._not_before <= now + _AGAIN:
            return False
        waiting = self._memory.undelivered()
        if waiting is None:
            return False
        station, number, data = waiting
        answer = transport.push(data)
        batch = StoredBatch(number, chain.batch_hash(data), data, BatchState.UNKNOWN)
        try:
            proved = receipts.prove(
                answer.body, batch, replace(self._config, station=station), self._anchors, now
            )
        except ReceiptRefused:
            self._not_before = now + _AGAIN
            return False
        if proved.receipt.status in (Status.REFUSED, Status.QUARANTINED):
            self._not_before = now + _AGAIN  # its own station has to settle it; it is offered rarely
        keys = self._memory.take_receipt(proved.signed, proved.receipt, memory.CENTRE, now, "program")
        self._changes.tell(Change(keys, connection=True))
        return True
