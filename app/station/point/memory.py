"""What was told of the point, kept append-only: proved documents, the decisions in them, what batches hold.

Every document is verified by whoever hands it in here; the same bytes are kept once and change nothing the
second time. Each intake of a document is one transaction with its row in the journal, where it brought news.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.documents import batch as batch_documents
from app.documents import point_state as state_documents
from app.documents.batch import Batch
from app.documents.point_state import Decision, PointState
from app.documents.receipt import Outcome, Receipt
from app.election.complete import complete
from app.election.model import Protocol, ProtocolKey, Reading
from app.station import journal
from app.station.point.asking import Told
from app.station.records import key_values
from app.station.store import Store, from_instant, instant
from app.trust import chain, message

STATE, BATCH, RECEIPT = "state", "batch", "receipt"
CENTRE, STICK = "centre", "stick"
#: Whoever acts when the centre's word is stored.
_PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Taken:
    """One protocol as another workstation took it in."""

    station: str
    batch_number: int
    key: ProtocolKey
    revision: int
    content_hash: str
    accepted_at: datetime
    accepted_by: str
    protocol: Protocol


class PointMemory:
    """`station.point.memory`. Safe from any thread."""

    def __init__(self, store: Store, own: str) -> None:
        self._store, self._own = store, own

    def cursor(self) -> int:
        """Up to where the centre's decisions are here."""
        rows = self._store.rows(
            "SELECT coalesce(max(number), 0) AS number FROM point_documents WHERE kind = ?", (STATE,)
        )
        return int(rows[0]["number"])

    def last_state(self) -> PointState | None:
        """The last answer that brought something, read again; None before the first."""
        rows = self._store.rows(
            "SELECT data FROM point_documents WHERE kind = ? ORDER BY id DESC LIMIT 1", (STATE,)
        )
        return state_documents.read(_content(rows[0]["data"])) if rows else None

    def take_state(self, told: Told, now: datetime) -> frozenset[ProtocolKey]:
        """Keep a proved answer, if it brings decisions; tells the protocols that they are about."""
        decisions = told.state.decisions
        if not decisions:
            return frozenset()
        with self._store.transaction() as db:
            document = _keep(db, STATE, self._own, told.state.cursor, told.signed, CENTRE, now, _PROGRAM)
            if document is None:
                return frozenset()
            news = [d for d in decisions if _decide(db, document, d)]
        return frozenset(d.key for d in news)

    def take_batch(
        self, data: bytes, batch: Batch, came: str, now: datetime, user: str
    ) -> frozenset[ProtocolKey]:
        """Keep a verified batch of another workstation; tells its protocols, none when it was here."""
        with self._store.transaction() as db:
            document = _keep(db, BATCH, batch.station, batch.number, data, came, now, user)
            if document is None:
                return frozenset()
            for position, item in enumerate(batch.items):
                acceptance = item.acceptance
                db.execute(
                    "INSERT INTO point_items (document_id, position, municipality, precinct, contest,"
                    " revision, station, batch_number, content_hash, accepted_at, accepted_by)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        document, position, *key_values(item.reading.key), acceptance.revision,
                        batch.station, batch.number, acceptance.content_hash,
                        instant(acceptance.accepted_at), acceptance.accepted_by,
                    ),
                )  # fmt: skip
            if came == STICK:
                journal.write(
                    db, now, user, "point-batch", station=batch.station, batch=batch.number,
                    hash=chain.batch_hash(data), protocols=len(batch.items),
                )  # fmt: skip
        return frozenset(item.reading.key for item in batch.items)

    def take_receipt(
        self, data: bytes, receipt: Receipt, came: str, now: datetime, user: str
    ) -> frozenset[ProtocolKey]:
        """Keep a proved receipt of another workstation's batch, and decide by it."""
        assert receipt.batch_number is not None
        with self._store.transaction() as db:
            document = _keep(db, RECEIPT, receipt.station, receipt.batch_number, data, came, now, user)
            if document is None:
                return frozenset()
            for item in receipt.items:
                _decide(
                    db,
                    document,
                    Decision(
                        item.key, item.revision, receipt.station, receipt.batch_number, item.outcome,
                        item.code, item.content_hash, item.processing_order, receipt.received_at,
                    ),
                )  # fmt: skip
            if came == STICK:
                journal.write(
                    db, now, user, "point-receipt", station=receipt.station, batch=receipt.batch_number,
                    status=receipt.status.value, code=receipt.code,
                )  # fmt: skip
        return frozenset(item.key for item in receipt.items)

    def taken(self, key: ProtocolKey, station: str, revision: int, content_hash: str) -> Taken | None:
        """A protocol's figures at another workstation; None while its batch is not here."""
        rows = self._store.rows(
            "SELECT i.*, d.data FROM point_items AS i JOIN point_documents AS d ON d.id = i.document_id"
            " WHERE i.municipality = ? AND i.precinct = ? AND i.contest = ? AND i.revision = ?"
            " AND i.station = ? AND i.content_hash = ? ORDER BY i.id LIMIT 1",
            (*key_values(key), revision, station, content_hash),
        )
        if not rows:
            return None
        row = rows[0]
        reading: Reading = batch_documents.read(_content(row["data"])).items[row["position"]].reading
        return Taken(
            station, row["batch_number"], key, revision, content_hash, from_instant(row["accepted_at"]),
            row["accepted_by"], complete(reading),
        )  # fmt: skip

    def documents(self, *kinds: str) -> Iterable[tuple[str, str, int, bytes]]:
        """Kept batches and receipts of the others: kind, station, number and bytes."""
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT kind, station, number, data FROM point_documents WHERE kind IN ({marks})"  # noqa: S608
        for row in self._store.rows(f"{sql} ORDER BY station, number", kinds):
            yield row["kind"], row["station"], row["number"], row["data"]

    def undelivered(self) -> list[tuple[str, int, str]]:
        """Batches of other workstations that came by a stick and whose protocols have no answer yet:
        station, number and SHA-256, in the order of stations and numbers."""
        rows = self._store.rows(
            "SELECT station, number, sha256 FROM point_documents AS p WHERE kind = 'batch' AND came = 'stick'"
            " AND NOT EXISTS (SELECT 1 FROM point_decisions AS d WHERE d.station = p.station"
            " AND d.batch_number = p.number)"
            " ORDER BY station, number"
        )
        return [(row["station"], row["number"], row["sha256"]) for row in rows]

    def batch(self, digest: str) -> tuple[int, bytes] | None:
        """Number and bytes of the batch with this SHA-256; None when it is not here."""
        sql = "SELECT number, data FROM point_documents WHERE sha256 = ? AND kind = 'batch'"
        rows = self._store.rows(sql, (digest,))
        return (rows[0]["number"], rows[0]["data"]) if rows else None

    def accepted_by_station(self) -> dict[str, int]:
        """How many protocols the centre accepted of each workstation, whatever stands now."""
        rows = self._store.rows(
            "SELECT station, count(*) AS n FROM point_decisions WHERE outcome = ? GROUP BY station",
            (Outcome.ACCEPTED.value,),
        )
        return {row["station"]: row["n"] for row in rows}

    def waiting_by_station(self) -> dict[str, int]:
        """Protocols of batches that came by a stick and are not decided yet, by workstation."""
        rows = self._store.rows(
            "SELECT i.station, count(*) AS n FROM point_items AS i WHERE NOT EXISTS (SELECT 1 FROM"
            " point_decisions AS d WHERE d.station = i.station AND d.batch_number = i.batch_number)"
            " GROUP BY i.station"
        )
        return {row["station"]: row["n"] for row in rows}


def _keep(
    db: sqlite3.Connection,
    kind: str,
    station: str,
    number: int,
    data: bytes,
    came: str,
    now: datetime,
    user: str,
) -> int | None:
    """The row of a document; None when the same bytes were here."""
    row = db.execute(
        "INSERT INTO point_documents (sha256, kind, station, number, data, came, received_at, user)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING RETURNING id",
        (chain.batch_hash(data), kind, station, number, data, came, instant(now), user),
    ).fetchone()
    return None if row is None else int(row["id"])


def _decide(db: sqlite3.Connection, document: int, told: Decision) -> bool:
    """Add one decision; whether it is news."""
    cursor = db.execute(
        "INSERT INTO point_decisions (document_id, municipality, precinct, contest, revision, station,"
        " batch_number, outcome, code, content_hash, processing_order, decided_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            document, *key_values(told.key), told.revision, told.station, told.batch_number,
            told.outcome.value, told.code, told.content_hash, told.processing_order,
            instant(told.received_at),
        ),
    )  # fmt: skip
    return cursor.rowcount == 1


def _content(signed: bytes) -> bytes:
    """The content of a document that was verified before it was kept."""
    return message.decode(signed).content or b""
