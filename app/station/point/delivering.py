"""Batches of other workstations that came by a stick, pushed to the centre for them.

The centre knows a batch by its bytes, so it does not matter who brings it, nor how often. Its receipt is
kept here and goes back by the next stick; for a workstation of this point it also decides what it says.
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
from app.station.point.carried import Carried
from app.station.point.memory import PointMemory
from app.station.receipts import ReceiptRefused
from app.station.wire import Transport
from app.trust.anchors import Anchors

#: How long after an answer that proves nothing the same batch is offered again.
AGAIN = timedelta(seconds=60)


class Deliveries:
    """Used by the sender's thread."""

    def __init__(
        self, kept: PointMemory, carried: Carried, config: StationConfig, anchors: Anchors, changes: Changes
    ) -> None:
        self._memory, self._carried = kept, carried
        self._config, self._anchors, self._changes = config, anchors, changes
        self._not_before: dict[str, datetime] = {}

    def step(self, transport: Transport, now: datetime) -> bool:
        """Push one; whether there was one that is due. Raises `Unreachable` or `NoAnswer`."""
        for source in (self._memory, self._carried):
            for station, number, digest in source.undelivered():
                if not self._is_due(digest, now):
                    continue  # a batch that the centre does not take must not hold the others up
                found = source.batch(digest)
                assert found is not None
                self._push(transport, station, StoredBatch(number, digest, found[1], BatchState.UNKNOWN), now)
                return True
        return False

    def _is_due(self, digest: str, now: datetime) -> bool:
        """The clock may have been set back: nothing waits longer than it may."""
        due = self._not_before.get(digest)
        return due is None or not now < due <= now + AGAIN

    def _push(self, transport: Transport, station: str, batch: StoredBatch, now: datetime) -> None:
        answer = transport.push(batch.data)
        config = replace(self._config, station=station)
        try:
            proved = receipts.prove(answer.body, batch, config, self._anchors, now)
        except ReceiptRefused:
            self._not_before[batch.hash] = now + AGAIN
            return
        if proved.receipt.status in (Status.REFUSED, Status.QUARANTINED):
            self._not_before[batch.hash] = now + AGAIN  # until somebody has settled it
        receipt = proved.receipt
        if self._carried.batch(batch.hash) is not None:
            self._carried.take_receipt(proved.signed, receipt, memory.CENTRE, now, "program")
            return
        keys = self._memory.take_receipt(proved.signed, receipt, memory.CENTRE, now, "program")
        self._changes.tell(Change(keys, connection=True))
