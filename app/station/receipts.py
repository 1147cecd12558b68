"""The centre's signed answers: proved first, then stored together with what they change.

A receipt is believed only when the centre's role signed it and it speaks of this election, mode and
station and of the very bytes of the batch that was sent. An answer to one protocol is believed only
when it names the revision and the content that this station accepted.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.documents import receipt as documents
from app.documents.receipt import Outcome, Receipt, ReceiptItem, Status
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station import journal, records
from app.station.config import StationConfig
from app.station.errors import StationError
from app.station.outbox import BatchState, StoredBatch, mark_sent, versions_of_batch
from app.station.states import PROGRAM, STEPS, Step, take
from app.station.store import Store, instant
from app.trust import cms, message
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role

#: An answer about a protocol that the batch does not hold, or about another content of it.
_OTHER_CONTENT = "STA-52"
CONFIRMING = frozenset({Outcome.ACCEPTED, Outcome.KNOWN})


class ReceiptRefused(StationError):
    """An answer that is no receipt of ours; the batch stays sent and unconfirmed."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A receipt that was verified, with its signed bytes as they came."""

    receipt: Receipt
    signed: bytes


@dataclass(frozen=True, slots=True)
class Effect:
    """What a receipt changed: protocols that moved, the batch's state, and the codes of refusals."""

    moved: frozenset[ProtocolKey]
    state: BatchState
    refusals: tuple[str, ...]


def prove(signed: bytes, batch: StoredBatch, config: StationConfig, anchors: Anchors, at: datetime) -> Proved:
    """Verify an answer to `batch`. Raises `ReceiptRefused`."""
    try:
        verified = cms.verify(signed, anchors, at, Expected(Role.CENTRE, config.election))
        receipt = documents.read(verified.content)
    except KnownError as error:
        raise ReceiptRefused(
            "STA-50",
            f"Odpověď ústředí nelze uznat: {error.cs} Dávka zůstává odeslaná a čeká na potvrzení.",
            f"The centre's answer is not accepted: {error.en} The batch stays sent and waits for "
            "confirmation.",
        ) from error
    ours = (config.election, config.mode, config.station, batch.hash)
    if (receipt.election, receipt.mode, receipt.station, receipt.batch_hash) != ours or (
        receipt.batch_number not in (None, batch.number)
    ):
        raise ReceiptRefused(
            "STA-51",
            "Odpověď ústředí patří jiné dávce, stanici nebo jiným volbám. Dávka čeká na potvrzení.",
            "The centre's answer belongs to another batch, station or election. The batch waits for "
            "confirmation.",
        )
    return Proved(receipt, signed)


def apply(store: Store, batch: StoredBatch, proved: Proved, now: datetime) -> Effect:
    """Store a proved receipt and what follows from it, in one transaction. The same bytes again: nothing."""
    receipt, digest = proved.receipt, sha256(proved.signed).hexdigest()
    with store.transaction() as db:
        state = BatchState(_one(db, "SELECT state FROM batches WHERE number = ?", batch.number))
        if _one(db, "SELECT id FROM receipts WHERE sha256 = ?", digest) is not None:
            return Effect(frozenset(), state, (receipt.code,) if receipt.code else ())
        receipt_id = db.execute(
            "INSERT INTO receipts (sha256, batch_number, status, code, data, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (digest, batch.number, receipt.status.value, receipt.code, proved.signed, instant(now)),
        ).lastrowid
        assert receipt_id is not None
        sent = {(version.key, version.revision): version for version in versions_of_batch(db, batch.number)}
        moved, refusals = set(), [receipt.code] if receipt.code else []
        for item in receipt.items:
            version = sent.get((item.key, item.revision))
            if version is None or version.content_hash != item.content_hash:
                refusals.append(_OTHER_CONTENT)
                continue
            confirmed = item.outcome in CONFIRMING
            if not confirmed:
                refusals.append(item.code or item.outcome.value)
            if _answer(db, version, item, confirmed, receipt_id, now):
                moved.add(version.key)
        moved |= _now_sent(db, batch.number, now)
        state = _batch_state(db, batch.number, receipt.status, state)
        db.execute("UPDATE batches SET state = ? WHERE number = ?", (state.value, batch.number))
        journal.write(
            db, now, PROGRAM.name, "receipt", batch=batch.number, status=receipt.status.value,
            code=receipt.code, receipt=digest, protocols=len(receipt.items),
        )  # fmt: skip
    return Effect(frozenset(moved), state, tuple(dict.fromkeys(refusals)))


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The centre's yes to one revision, as its stored receipt says it."""

    content_hash: str
    received_at: datetime
    processing_order: int | None
    batch_number: int
    receipt_sha256: str


def stored_confirmation(db: sqlite3.Connection, version: records.Version) -> Confirmation | None:
    """The centre's yes to a revision, read again from the receipt's own bytes; None while there is none."""
    row = db.execute(
        "SELECT r.sha256, r.data, r.batch_number FROM outcomes AS o JOIN receipts AS r ON r.id = o.receipt_id"
        " WHERE o.version_id = ? AND o.confirmed ORDER BY o.receipt_id DESC LIMIT 1",
        (version.id,),
    ).fetchone()
    if row is None:
        return None
    content = message.decode(row["data"]).content  # it was verified before it was stored
    receipt = documents.read(content or b"")
    for item in receipt.items:
        if (item.key, item.revision) == (version.key, version.revision) and item.outcome in CONFIRMING:
            return Confirmation(
                item.content_hash, receipt.received_at, item.processing_order, row["batch_number"],
                row["sha256"],
            )  # fmt: skip
    return None


def _answer(
    db: sqlite3.Connection,
    version: records.Version,
    item: ReceiptItem,
    confirmed: bool,
    receipt_id: int,
    now: datetime,
) -> bool:
    """Record the centre's word on one revision; whether the protocol moved by it."""
    if _is_confirmed(db, version.id):
        return False  # the centre's yes is final: a later answer to the same bytes changes nothing
    db.execute(
        "INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?, ?, ?)",
        (version.id, receipt_id, confirmed, item.code, " ".join(item.rules), item.processing_order),
    )
    stands = records.stands(db, version.key)
    step = Step.CONFIRM if confirmed else Step.RETURN
    # A newer revision, or a correction that is held, is not moved by an answer to the older one.
    if stands.revision != version.revision or (stands.state, step) not in STEPS:
        return False
    reason = "" if confirmed else " ".join(filter(None, (item.code or item.outcome.value, *item.rules)))
    after = take(stands.state, step, PROGRAM, reason, version.key)
    records.move(db, version.key, after, now, PROGRAM.name, reason)
    journal.write(
        db, now, PROGRAM.name, step, version.key, version.revision,
        content_hash=version.content_hash, outcome=item.outcome.value, reason=reason,
    )  # fmt: skip
    return True


def _now_sent(db: sqlite3.Connection, number: int, now: datetime) -> set[ProtocolKey]:
    """Protocols that the centre has, but has not answered yet."""
    return {version.key for version in mark_sent(db, number, now)}


def _batch_state(db: sqlite3.Connection, number: int, status: Status, before: BatchState) -> BatchState:
    if before is BatchState.ANSWERED:
        return before
    unanswered = _one(
        db,
        "SELECT count(*) FROM outbox WHERE batch_number = ?"
        " AND version_id NOT IN (SELECT version_id FROM outcomes)",
        number,
    )
    if unanswered == 0:
        return BatchState.ANSWERED
    return BatchState.REFUSED if status in (Status.REFUSED, Status.QUARANTINED) else BatchState.KEPT


def _is_confirmed(db: sqlite3.Connection, version_id: int) -> bool:
    return _one(db, "SELECT 1 FROM outcomes WHERE version_id = ? AND confirmed", version_id) is not None


def _one(db: sqlite3.Connection, sql: str, value: object) -> Any:
    row = db.execute(sql, (value,)).fetchone()
    return None if row is None else row[0]
