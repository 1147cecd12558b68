"""Putting back what the centre has and a rebuilt station lacks: its own batches, with all that is in them.

A batch proves itself by the station's own signature and by its place in the chain; nothing of the answer is
believed beyond that. Each batch goes back in one transaction: the file as it was, the revisions that
travelled in it, their figures as an original made from the batch (the commission's file is gone, its hash
is in the batch), and rows in the journal that say where they came from. It is then a batch whose answer is
unknown, so the sender offers it again with the same bytes and the centre answers as before.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from app.documents import batch as batch_documents
from app.documents import protocol_file
from app.documents.batch import Batch, BatchItem
from app.documents.intake_formats import recognise
from app.documents.own_batches import KeptBatch
from app.election.complete import complete
from app.election.content import content_hash
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station import journal, receipts, records
from app.station.backup import errors
from app.station.closing.gate import add_step, is_closed
from app.station.config import StationConfig
from app.station.offers import Original
from app.station.outbox import BatchState, StoredBatch
from app.station.reading import original_of
from app.station.states import PROGRAM, State, identity
from app.station.store import Store, instant
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role


@dataclass(frozen=True, slots=True)
class Replayed:
    """One batch that was put back."""

    number: int
    keys: tuple[ProtocolKey, ...]


def replay(store: Store, config: StationConfig, anchors: Anchors, kept: KeptBatch, now: datetime) -> Replayed:
    """Put one batch back, then its receipt. Raises `RestoreRefused` BAK-08 when it does not continue the
    chain, or says otherwise than this store about a revision; nothing of it is stored then."""
    said = _proved(kept.data, config, anchors, now)
    digest = chain.batch_hash(kept.data)
    with store.transaction() as db:
        last = db.execute("SELECT number, hash FROM batches ORDER BY number DESC LIMIT 1").fetchone()
        head = None if last is None else chain.Head(last["number"], last["hash"])
        if not chain.follows(chain.Position(said.number, said.previous_hash), head):
            raise errors.does_not_continue(f"batch {said.number}")
        db.execute(
            "INSERT INTO batches (number, previous_hash, hash, data, made_at, state)"
            " VALUES (?, ?, ?, ?, ?, 'unknown')",
            (said.number, said.previous_hash, digest, kept.data, instant(said.created_at)),
        )
        if is_closed(db):  # in the copy; it was opened again later, or nothing would have been sent
            reason = "po záloze se zase odesílalo"
            add_step(db, "reopened", PROGRAM.name, instant(now), reason, None, journal.head(db))
            journal.write(db, now, PROGRAM.name, "point-reopened", reason=reason)
        for item in said.items:
            _put_back(db, item, said, now)
        journal.write(
            db, now, PROGRAM.name, "batch-recovered", batch=said.number, hash=digest,
            protocols=len(said.items), lost_journal=said.journal_head, lost_journal_seq=said.journal_seq,
        )  # fmt: skip
    batch = StoredBatch(said.number, digest, kept.data, BatchState.UNKNOWN)
    with suppress(receipts.ReceiptRefused):  # the batch goes again, and its answer with it
        receipts.apply(store, batch, receipts.prove(kept.receipt, batch, config, anchors, now), now)
    return Replayed(said.number, tuple(item.reading.key for item in said.items))


def _proved(data: bytes, config: StationConfig, anchors: Anchors, now: datetime) -> Batch:
    expected = Expected(Role.STATION, config.election, config.transfer_point, config.station)
    try:
        said = batch_documents.read(cms.verify(data, anchors, now, expected).content)
    except KnownError as error:
        raise errors.does_not_continue(f"{error.en} [{error.code}]") from error
    ours = (config.election, config.mode, config.station, config.transfer_point)
    if (said.election, said.mode, said.station, said.transfer_point) != ours:
        raise errors.does_not_continue("another station's batch")
    return said


def _put_back(db: sqlite3.Connection, item: BatchItem, said: Batch, now: datetime) -> None:
    key, accepted = item.reading.key, item.acceptance
    if content_hash(complete(item.reading)) != accepted.content_hash:
        raise errors.does_not_continue(f"{key}: content")
    version = records.version(db, key, accepted.revision)
    if version is None:
        version = _add_version(db, item, said)
        _end_hold(db, item)
        if records.stands(db, key).revision < accepted.revision:
            _move(db, item)
        _tell(db, item, said, version.original_sha256, now)
    elif version.content_hash != accepted.content_hash:
        raise errors.taken_otherwise(key, accepted.revision)
    elif records.stands(db, key) == (State.ACCEPTED, accepted.revision):
        _move(db, item)
    changed = db.execute(
        "UPDATE outbox SET batch_number = ? WHERE version_id = ? AND batch_number IS NULL",
        (said.number, version.id),
    ).rowcount
    if changed != 1:
        raise errors.does_not_continue(f"{key}: sent in another batch")


def _add_version(db: sqlite3.Connection, item: BatchItem, said: Batch) -> records.Version:
    original, accepted = _original(item, said), item.acceptance
    records.keep_original(db, original, accepted.accepted_at, accepted.accepted_by)
    row = db.execute(
        "INSERT INTO versions (municipality, precinct, contest, revision, content_hash, corrected,"
        " passable_error, original_sha256, position, source, accepted_at, accepted_by, approved_by, reason,"
        " handed_over) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            *records.key_values(item.reading.key), accepted.revision, accepted.content_hash,
            item.reading.corrected, item.reading.passable_error, original.sha256, accepted.source.value,
            instant(accepted.accepted_at), accepted.accepted_by, accepted.approved_by, accepted.reason,
            accepted.handed_over and instant(accepted.handed_over),
        ),
    ).fetchone()  # fmt: skip
    db.execute("INSERT INTO outbox (version_id) VALUES (?)", (row["id"],))
    return records.version_of(row)


def _original(item: BatchItem, said: Batch) -> Original:
    """The figures as a file of our own; it has to read back as what was accepted."""
    key = item.reading.key
    data = protocol_file.write((item.reading,), said.election, said.mode)
    name = f"davka_{said.number}_{key.precinct.municipality}_{key.precinct.number}_{key.contest}.xml"
    (reading,) = recognise(data).readings
    if content_hash(complete(reading)) != item.acceptance.content_hash:
        raise errors.does_not_continue(f"{key}: figures")
    return original_of(name, data)


def _end_hold(db: sqlite3.Connection, item: BatchItem) -> None:
    """What was held when the copy was made has been decided since."""
    accepted = item.acceptance
    for hold in records.open_holds(db, item.reading.key):
        same = hold.content_hash == accepted.content_hash and accepted.approved_by is not None
        who = accepted.approved_by or accepted.accepted_by
        if same and identity(who) == identity(hold.entered_by):
            raise errors.does_not_continue(f"{item.reading.key}: approval")
        kind, reason = ("approved", "") if same else ("sent-back", "převzato jinak (z dávky od ústředí)")
        records.end_hold(db, hold.id, kind, who, accepted.accepted_at, reason)


def _move(db: sqlite3.Connection, item: BatchItem) -> None:
    accepted = item.acceptance
    who = accepted.approved_by or accepted.accepted_by
    records.move(
        db, item.reading.key, State.SENT, accepted.accepted_at, who, "", accepted.revision, warnings=0
    )


def _tell(db: sqlite3.Connection, item: BatchItem, said: Batch, original: str, now: datetime) -> None:
    accepted = item.acceptance
    journal.write(
        db, now, PROGRAM.name, "recover", item.reading.key, accepted.revision,
        content_hash=accepted.content_hash, original=original, batch=said.number,
        source=accepted.source.value, lost_original=accepted.source_sha256 or "",
        accepted_by=accepted.accepted_by, approved_by=accepted.approved_by, reason=accepted.reason,
    )  # fmt: skip
