"""The outbox: accepted revisions that wait for a batch, and the batches of this station.

An acceptance writes its outbox row in its own transaction. A batch is made of waiting rows: numbered,
chained to the one before by its hash, signed, and stored with the rows' assignment in one transaction
before a byte of it is sent. What was stored is what is sent, each time, so that the centre can recognise it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.documents import batch as documents
from app.documents.batch import Acceptance, Batch, BatchItem, Source
from app.station import journal, records
from app.station.config import CERTIFICATE_FILE, KEY_FILE, StationConfig
from app.station.errors import FolderRefused
from app.station.states import PROGRAM, State, Step, take
from app.station.store import Store, instant
from app.station.versions import Versions
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from app.trust.keys import PrivateKey, load_key

#: A batch holds at most so many protocols, and no further one once it has so many bytes.
MOST_PROTOCOLS = 30
MOST_BYTES = 1_000_000


class BatchState(StrEnum):
    """Where a batch's sending stands; the values are stored.

    READY     stored, not pushed from here (a stick may have brought it to the centre)
    SENDING   being pushed; found at start it becomes UNKNOWN
    UNKNOWN   pushed, no answer came: it may or may not be at the centre, and goes again
    KEPT      the centre keeps it until it has the ones before
    REFUSED   the centre refused it whole; it goes again, rarely, until somebody settles it
    ANSWERED  each of its protocols has the centre's answer
    """

    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    KEPT = "kept"
    REFUSED = "refused"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as stored: `data` are the exact bytes of the signed file, `hash` their SHA-256."""

    number: int
    hash: str
    data: bytes
    state: BatchState


@dataclass(frozen=True, slots=True)
class Signer:
    """The station's key and certificate, proved to belong together and to this station."""

    key: PrivateKey
    certificate: Certificate

    @classmethod
    def load(
        cls, folder: Path, config: StationConfig, anchors: Anchors, at: datetime, passphrase: str | None
    ) -> Signer:
        """Raises `FolderRefused`, or `KeyTrouble`/`CertificateTrouble`/`SignatureRefused` of trust."""
        key = load_key(folder / KEY_FILE, passphrase)
        try:
            pem = (folder / CERTIFICATE_FILE).read_bytes()
        except OSError as error:
            raise FolderRefused(
                "STA-07",
                f"Certifikát stanice ({CERTIFICATE_FILE}) ve složce {folder} nelze přečíst.",
                f"The station's certificate ({CERTIFICATE_FILE}) in {folder} cannot be read "
                f"({error.strerror}).",
            ) from error
        certificate = Certificate.from_pem(pem)
        if certificate.identity != config.identity:
            raise FolderRefused(
                "STA-08",
                f"Certifikát patří „{certificate.identity.common_name}“, složka je pro "
                f"„{config.identity.common_name}“. Vyžádejte si správný certifikát.",
                f"The certificate belongs to “{certificate.identity.common_name}”, the folder to "
                f"“{config.identity.common_name}”. Ask for the right certificate.",
            )
        if key.public_key() != certificate.public_key:
            raise FolderRefused(
                "STA-09",
                "Klíč stanice nepatří k jejímu certifikátu. Zavolejte technika.",
                "The station's key does not belong to its certificate. Call the technician.",
            )
        anchors.trust(certificate.der, at)
        return cls(key, certificate)


class Outbox:
    """Makes batches and keeps the state of their sending. Used by one sender at a time."""

    def __init__(
        self,
        store: Store,
        versions: Versions,
        config: StationConfig,
        signer: Signer,
        software: Callable[[], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._versions = versions
        self._config = config
        self._signer = signer
        self._software = software
        self._recover(clock())

    def queue(self) -> int:
        """Accepted revisions without the centre's answer."""
        sql = "SELECT count(*) FROM outbox WHERE version_id NOT IN (SELECT version_id FROM outcomes)"
        return int(self._store.rows(sql)[0][0])

    def open_batches(self) -> dict[int, BatchState]:
        """State of each batch that is not answered, in the order of their numbers."""
        rows = self._store.rows("SELECT number, state FROM batches WHERE state <> 'answered' ORDER BY number")
        return {row["number"]: BatchState(row["state"]) for row in rows}

    def batch(self, number: int) -> StoredBatch:
        """Raises LookupError when there is none."""
        rows = self._store.rows("SELECT number, hash, data, state FROM batches WHERE number = ?", (number,))
        if not rows:
            raise LookupError(number)
        number, hash_, data, state = rows[0]
        return StoredBatch(number, hash_, data, BatchState(state))

    def last_number(self) -> int:
        """The number of the last batch; 0 when none was made."""
        return int(self._store.rows("SELECT coalesce(max(number), 0) FROM batches")[0][0])

    def numbers_in(self, ranges: tuple[tuple[int, int], ...]) -> set[int]:
        """Numbers of this station's batches within the closed ranges."""
        sql = "SELECT number FROM batches WHERE number BETWEEN ? AND ?"
        return {row["number"] for bounds in ranges for row in self._store.rows(sql, bounds)}

    def answered_above(self, number: int) -> list[int]:
        """Numbers of batches above one, each protocol of which has the centre's answer, ascending."""
        sql = "SELECT number FROM batches WHERE state = 'answered' AND number > ? ORDER BY number"
        return [row["number"] for row in self._store.rows(sql, (number,))]

    def has_waiting(self) -> bool:
        """Whether an accepted revision is in no batch yet."""
        return bool(self._store.rows("SELECT 1 FROM outbox WHERE batch_number IS NULL LIMIT 1"))

    def make(self, now: datetime, most: int = MOST_PROTOCOLS) -> StoredBatch | None:
        """Make and store the next batch of what waits, in the order of acceptance; None when nothing does.
        `most` protocols go into it, fewer over a bad line."""
        if not self.has_waiting():
            return None
        with self._store.transaction() as db:
            return self._make(db, now, most)

    def begin(self, number: int) -> None:
        """Just before the push. A batch that may be at the centre already stays in its state."""
        with self._store.transaction() as db:
            db.execute("UPDATE batches SET state = 'sending' WHERE number = ? AND state = 'ready'", (number,))

    def not_sent(self, number: int) -> None:
        """The push certainly did not reach the centre."""
        with self._store.transaction() as db:
            db.execute("UPDATE batches SET state = 'ready' WHERE number = ? AND state = 'sending'", (number,))

    def unknown(self, number: int, now: datetime) -> list[records.Version]:
        """The push went out and no answer is here. Tells the versions that are now sent."""
        with self._store.transaction() as db:
            return _unknown(db, number, now)

    def _recover(self, now: datetime) -> None:
        """A batch found in `sending` at start went out or did not: nobody knows, so it is unknown."""
        with self._store.transaction() as db:
            for row in db.execute("SELECT number FROM batches WHERE state = 'sending'").fetchall():
                _unknown(db, row["number"], now)
                journal.write(db, now, PROGRAM.name, "batch-unknown", batch=row["number"])

    def _make(self, db: sqlite3.Connection, now: datetime, most: int) -> StoredBatch | None:
        waiting = db.execute(
            "SELECT v.* FROM outbox AS o JOIN versions AS v ON v.id = o.version_id"
            " WHERE o.batch_number IS NULL ORDER BY v.id LIMIT ?",
            (most,),
        ).fetchall()
        versions = [records.version_of(row) for row in waiting]
        if not versions:
            return None
        last = db.execute("SELECT number, hash FROM batches ORDER BY number DESC LIMIT 1").fetchone()
        number, previous = (last["number"] + 1, last["hash"]) if last else (1, chain.GENESIS)
        journal_seq, journal_head = journal.head(db)
        while True:
            items = tuple(BatchItem(self._versions.reading(db, v), _acceptance(v)) for v in versions)
            content = documents.write(
                Batch(
                    election=self._config.election,
                    mode=self._config.mode,
                    station=self._config.station,
                    transfer_point=self._config.transfer_point,
                    number=number,
                    previous_hash=previous,
                    created_at=now,
                    software=self._software(),
                    journal_head=journal_head,
                    items=items,
                    journal_seq=journal_seq or None,
                )
            )
            if len(content) <= MOST_BYTES or len(versions) == 1:
                break
            versions = versions[: max(1, len(versions) * MOST_BYTES // len(content))]
        data = cms.sign(content, self._signer.key, self._signer.certificate, now)
        hash_ = chain.batch_hash(data)
        db.execute(
            "INSERT INTO batches VALUES (?, ?, ?, ?, ?, 'ready')",
            (number, previous, hash_, data, instant(now)),
        )
        db.executemany(
            "UPDATE outbox SET batch_number = ? WHERE version_id = ?", [(number, v.id) for v in versions]
        )
        journal.write(db, now, PROGRAM.name, "batch", batch=number, hash=hash_, protocols=len(versions))
        return StoredBatch(number, hash_, data, BatchState.READY)


def _acceptance(version: records.Version) -> Acceptance:
    return Acceptance(
        revision=version.revision,
        accepted_at=version.accepted_at,
        accepted_by=version.accepted_by,
        approved_by=version.approved_by,
        reason=version.reason,
        source=Source(version.source),
        source_sha256=None if version.source == Source.PAPER else version.original_sha256,
        content_hash=version.content_hash,
        handed_over=version.handed_over,
    )


def versions_of_batch(db: sqlite3.Connection, number: int) -> list[records.Version]:
    """The revisions that travel in a batch, in its order."""
    rows = db.execute(
        "SELECT v.* FROM outbox AS o JOIN versions AS v ON v.id = o.version_id"
        " WHERE o.batch_number = ? ORDER BY v.id",
        (number,),
    )
    return [records.version_of(row) for row in rows.fetchall()]


def _unknown(db: sqlite3.Connection, number: int, now: datetime) -> list[records.Version]:
    db.execute("UPDATE batches SET state = 'unknown' WHERE number = ? AND state = 'sending'", (number,))
    return mark_sent(db, number, now)


def mark_sent(db: sqlite3.Connection, number: int, now: datetime) -> list[records.Version]:
    """The batch may be at the centre: its protocols are sent and wait for their confirmation."""
    moved = []
    for version in versions_of_batch(db, number):
        stands = records.stands(db, version.key)
        if stands == (State.ACCEPTED, version.revision):
            after = take(stands.state, Step.SEND, PROGRAM, "", version.key)
            records.move(db, version.key, after, now, PROGRAM.name)
            moved.append(version)
    return moved
