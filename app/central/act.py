"""One batch's transaction: the rows that it writes, numbered after those that are there.

Raw bytes, verdicts, revisions, journal and receipt are written together or not at all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from app.central import journal, store
from app.central.compact import encode
from app.central.examine import Settled
from app.documents.batch import Batch
from app.documents.receipt import Outcome, Receipt, Status
from app.election.model import Contest, ProtocolKey

#: what became of a protocol, and its processing order if it counts
Ordered = tuple[Settled, int | None]


class Act:
    """One batch's transaction: its numbers continue the store's.

    Its time never lies before a processing time or a batch that was published already, even if the
    clock went back: what was said about an order of times stays true.
    """

    def __init__(self, connection: Connection, batch: Batch, digest: str, at: datetime) -> None:
        self.connection = connection
        self.batch = batch
        self.digest = digest
        self.at = at
        self.heads = store.heads(connection)
        self._orders: dict[Contest, int] = {}

    def next_order(self, contest: Contest) -> int:
        """PORADI_ZPRAC: counted without gaps within each contest, because each contest has its own feed."""
        if contest not in self._orders:
            self._orders[contest] = store.last_order(self.connection, contest)
        self._orders[contest] += 1
        return self._orders[contest]

    def store(self, data: bytes, body: bytes, receipt: Receipt, settled: list[Ordered]) -> None:
        """Everything that the batch changes, in this one transaction."""
        number = self.heads.batch + 1
        store.insert_batch(
            self.connection,
            {
                "id": number,
                "sha256": self.digest,
                "station": self.batch.station,
                "number": self.batch.number,
                "previous_hash": self.batch.previous_hash,
                "status": receipt.status.value,
                "received_at": journal.stamp(self.at),
                "raw": data,
                "receipt": body,
            },
        )
        store.insert_verdicts(
            self.connection,
            [_verdict_row(number, position, each) for position, (each, _) in enumerate(settled, start=1)],
        )
        processed_at = max(journal.stamp(self.at), self.heads.not_before)
        taken = [(each, order) for each, order in settled if each.outcome is Outcome.ACCEPTED]
        store.insert_revisions(
            self.connection,
            [
                _revision_row(
                    self.heads.revision + position, number, self.batch.station, processed_at, each, order
                )
                for position, (each, order) in enumerate(taken, start=1)
            ],
        )
        kept = receipt.status is Status.QUEUED
        detail: dict[str, object] = {
            "sha256": self.digest,
            "items": [
                [
                    str(each.examined.key),
                    each.examined.revision,
                    each.outcome.value,
                    each.examined.content_hash,
                    order,
                ]
                for each, order in settled
            ],
        }
        if kept:
            detail["missing"] = receipt.missing
        if any(each.refusal is not None and each.refusal.alarm for each, _ in settled):
            detail["alarm"] = True
        journal.write(
            self.connection,
            journal.head(self.connection),
            self.at,
            journal.Act.BATCH_KEPT_OVER_A_GAP if kept else journal.Act.BATCH_TAKEN,
            f"{self.batch.station} {self.batch.number}",
            detail,
        )


def _key_columns(key: ProtocolKey) -> dict[str, object]:
    return {
        "contest": key.contest.value,
        "municipality": key.precinct.municipality,
        "precinct": key.precinct.number,
    }


def _verdict_row(batch: int, position: int, settled: Settled) -> dict[str, object]:
    examined = settled.examined
    return {
        "batch": batch,
        "position": position,
        **_key_columns(examined.key),
        "revision": examined.revision,
        "outcome": settled.outcome.value,
        "code": "" if settled.refusal is None else settled.refusal.code,
        "rules": " ".join(examined.rules),
        "content_hash": examined.content_hash,
    }


def _revision_row(
    id_: int, batch: int, station: str, processed_at: str, settled: Settled, order: int | None
) -> dict[str, object]:
    examined = settled.examined
    assert examined.protocol is not None  # only complete protocols are accepted
    return {
        "id": id_,
        **_key_columns(examined.key),
        "revision": examined.revision,
        "content_hash": examined.content_hash,
        "batch": batch,
        "station": station,
        "processing_order": order,
        "processed_at": processed_at,
        "resent": int(settled.resent),
        "protocol": encode(examined.protocol),
    }
