"""Signed files of other transfer points: carried for them, kept append-only, shown nowhere.

A point without a line may give its stick to any other station. What that one takes from it is cargo: it
proves whose it is, pushes it to the centre and hands the receipts back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.documents.batch import Batch
from app.documents.receipt import Receipt, Status
from app.station import journal
from app.station.point.memory import BATCH, RECEIPT, STICK
from app.station.store import Store, instant
from app.trust import chain


class Carried:
    """`station.point.carried`. Safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take_batch(self, data: bytes, batch: Batch, now: datetime, user: str) -> bool:
        """Keep a verified batch of another point; False when these bytes were here."""
        digest = chain.batch_hash(data)
        return self._keep(BATCH, batch.station, batch.number, digest, False, data, STICK, now, user)

    def take_receipt(self, data: bytes, receipt: Receipt, came: str, now: datetime, user: str) -> bool:
        """Keep a proved receipt of a carried batch; False when these bytes were here."""
        number = receipt.batch_number or 0
        settled = receipt.status not in (Status.REFUSED, Status.QUARANTINED)
        return self._keep(
            RECEIPT, receipt.station, number, receipt.batch_hash, settled, data, came, now, user
        )

    def undelivered(self) -> list[tuple[str, int, str]]:
        """Batches whose protocols have no answer yet: station, number and SHA-256, in the order of stations
        and numbers."""
        rows = self._store.rows(
            "SELECT station, number, sha256 FROM carried AS c WHERE kind = 'batch' AND NOT EXISTS"
            " (SELECT 1 FROM carried AS r WHERE r.kind = 'receipt' AND r.batch_sha256 = c.batch_sha256"
            " AND r.settled)"
            " ORDER BY station, number, id"
        )
        return [(row["station"], row["number"], row["sha256"]) for row in rows]

    def batch(self, digest: str) -> tuple[int, bytes] | None:
        """Number and bytes of the batch with this SHA-256; None when it is not carried here."""
        sql = "SELECT number, data FROM carried WHERE sha256 = ? AND kind = 'batch'"
        rows = self._store.rows(sql, (digest,))
        return (rows[0]["number"], rows[0]["data"]) if rows else None

    def documents(self) -> Iterator[tuple[str, str, int, bytes]]:
        """Everything that is carried: kind, station, number and bytes."""
        for row in self._store.rows("SELECT kind, station, number, data FROM carried ORDER BY station, id"):
            yield row["kind"], row["station"], row["number"], row["data"]

    def _keep(
        self,
        kind: str,
        station: str,
        number: int,
        batch_hash: str,
        settled: bool,
        data: bytes,
        came: str,
        now: datetime,
        user: str,
    ) -> bool:
        with self._store.transaction() as db:
            row = db.execute(
                "INSERT INTO carried (sha256, kind, station, number, batch_sha256, settled, data, came,"
                " received_at, user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (sha256) DO NOTHING RETURNING id",
                (
                    chain.batch_hash(data), kind, station, number, batch_hash, settled, data, came,
                    instant(now), user,
                ),
            ).fetchone()  # fmt: skip
            if row is None:
                return False
            act = "carried-batch" if kind == BATCH else "carried-receipt"
            journal.write(db, now, user, act, station=station, batch=number, hash=chain.batch_hash(data))
        return True
