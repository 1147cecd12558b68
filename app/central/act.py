"""One batch's transaction: the rows that it writes, numbered after those that are there.

Raw bytes, verdicts, revisions, journal and receipt are written together or not at all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from app.central import journal, store
from app.central.examine import Settled
from app.central.prepared import together
from app.central.store import Heads
from app.documents.batch import Batch
from app.documents.receipt import Outcome, Receipt
from app.election.model import Contest, Protocol, ProtocolKey

#: what became of a protocol, and its processing order if it counts
Ordered = tuple[Settled, int | None]
#: counted protocols by the number of their revision row
Accepted = dict[int, Protocol]


class Act:
    """One batch's transaction: its numbers continue the store's.

    Its time never lies before a processing time or a batch that was published already, even if the
    clock went back: what was said about an order of times stays true.
    """

    def __init__(
        self,
        connection: Connection,
        batch: Batch,
        heads: Heads,
        digest: str,
        at: datetime,
        chain: str,
        signed_at: datetime,
    ) -> None:
        """`chain` is the name of the chain that the batch continues, `signed_at` the time of its signature
        by the station's clock."""
        self.signed_at = signed_at
        self.chain = chain
        self.connection = connection
        self.batch = batch
        self.digest = digest
        self.at = at
        self.heads = heads
        self._orders = dict(heads.orders)

    def next_order(self, contest: Contest) -> int:
        """PORADI_ZPRAC: counted without gaps within each contest, because each contest has its own feed."""
        self._orders[contest] += 1
        return self._orders[contest]

    def store(self, data: bytes, body: bytes, receipt: Receipt, settled: list[Ordered]) -> Accepted:
        """Everything that the batch changes, in this one transaction; returns what counts from now on."""
        with together(self.connection):
            return self._store(data, body, receipt, settled)

    def _store(self, data: bytes, body: bytes, receipt: Receipt, settled: list[Ordered]) -> Accepted:
        number = self.heads.batch + 1
        store.insert_batch(self.connection, self._batch_row(number, data, body, receipt))
        store.insert_verdicts(
            self.connection,
            [_verdict_row(number, position, each) for position, (each, _) in enumerate(settled, start=1)],
        )
        taken = [(each, order) for each, order in settled if each.outcome is Outcome.ACCEPTED]
        numbered = list(enumerate(taken, start=self.heads.revision + 1))
        shared = {
            "batch": number,
            "station": self.batch.station,
            "processed_at": max(journal.stamp(self.at), self.heads.not_before),
            "signed_at": journal.stamp(self.signed_at),
        }
        store.insert_revisions(
            self.connection,
            [_revision_row(revision, each, order) | shared for revision, (each, order) in numbered],
        )
        self._write_journal(receipt, settled)
        return {
            revision: each.examined.protocol
            for revision, (each, order) in numbered
            if order is not None and each.examined.protocol is not None
        }

    def _batch_row(self, number: int, data: bytes, body: bytes, receipt: Receipt) -> dict[str, object]:
        return {
            "id": number,
            "sha256": self.digest,
            "station": self.chain,
            "number": self.batch.number,
            "previous_hash": self.batch.previous_hash,
            "status": receipt.status.value,
            "received_at": journal.stamp(self.at),
            "raw": data,
            "receipt": body,
        }

    def _write_journal(self, receipt: Receipt, settled: list[Ordered]) -> None:
        detail: dict[str, object] = {
            "sha256": self.digest,
            "signed_at": journal.stamp(self.signed_at),
            "items": [_told(each, order) for each, order in settled],
        }
        if receipt.missing:
            detail["missing"] = receipt.missing
        if any(each.refusal is not None and each.refusal.alarm for each, _ in settled):
            detail["alarm"] = True
        act = journal.Act.BATCH_KEPT_OVER_A_GAP if receipt.missing else journal.Act.BATCH_TAKEN
        subject = f"{self.batch.station} {self.batch.number}"
        journal.write(self.connection, self.heads.journal, self.at, act, subject, detail)


def _told(settled: Settled, order: int | None) -> list[object]:
    examined = settled.examined
    return [str(examined.key), examined.revision, settled.outcome.value, examined.content_hash, order]


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


def _revision_row(id_: int, settled: Settled, order: int | None) -> dict[str, object]:
    examined = settled.examined
    return {
        "id": id_,
        **_key_columns(examined.key),
        "revision": examined.revision,
        "content_hash": examined.content_hash,
        "processing_order": order,
        "resent": int(settled.resent),
        "protocol": examined.text.encode("ascii"),
    }
