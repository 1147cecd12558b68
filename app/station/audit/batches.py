"""Batches and receipts against their chain and their signatures, and what they say against the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from app.documents import batch as batch_documents
from app.documents.batch import Batch
from app.documents.own_batches import ChainHead
from app.documents.receipt import Receipt
from app.election.errors import KnownError
from app.station import receipts
from app.station.audit import finding
from app.station.audit.chains import Told
from app.station.audit.finding import Broken
from app.station.config import StationConfig
from app.station.outbox import BatchState, StoredBatch, versions_of_batch
from app.station.store import from_instant
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role


def check_batches(
    connection: sqlite3.Connection, told: Told, config: StationConfig, anchors: Anchors
) -> Iterator[Broken]:
    """The chain, this station's signature, the journal's head then, and the revisions that travelled."""
    head: chain.Head | None = None
    for row in connection.execute("SELECT * FROM batches ORDER BY number").fetchall():
        number = row["number"]
        place = chain.Position(number, row["previous_hash"])
        if not chain.follows(place, head) or chain.batch_hash(row["data"]) != row["hash"]:
            yield finding.chain_broken("batches", 1 if head is None else head.number + 1)
            return
        head = chain.Head(number, row["hash"])
        try:
            said = proved_batch(row["data"], config, anchors, row["made_at"])
        except KnownError as error:
            yield finding.unproved("batches", str(number), error.cs, error.en)
            continue
        if (said.number, said.previous_hash) != (number, row["previous_hash"]) or not _sent(
            connection, number, said
        ):
            yield finding.disagrees(
                "batches", str(number), "Podepsaná dávka říká něco jiného než tabulky.",
                "The signed batch says otherwise than the tables.",
            )  # fmt: skip
        if told.recovered.get(number) != row["hash"] and not _knows(told, said):
            yield finding.disagrees(
                "batches", str(number), "Podepsaná dávka zná jiný konec deníku, než jaký tu je.",
                "The signed batch knows another head of the journal than there is.",
            )  # fmt: skip


def proved_batch(data: bytes, config: StationConfig, anchors: Anchors, made_at: str) -> Batch:
    """A batch of this station, its signature verified as of when it was made. Raises `KnownError`."""
    expected = Expected(Role.STATION, config.election, config.transfer_point, config.station)
    verified = cms.verify(data, anchors, from_instant(made_at), expected)
    return batch_documents.read(verified.content)


def check_centre(connection: sqlite3.Connection, told: Told, head: ChainHead) -> Iterator[Broken]:
    """What the centre holds of this station: its last batch, and the journal's head in that batch."""
    row = connection.execute("SELECT hash FROM batches WHERE number = ?", (head.number,)).fetchone()
    if row is None:
        yield finding.behind(
            f"batches {head.number}",
            "Ústředí má od stanice dávku, kterou databáze nezná: je to starší kopie.",
            "The centre has a batch of the station that the database does not know: it is an older copy.",
        )  # fmt: skip
    elif row["hash"] != head.batch_hash:
        yield finding.disagrees(
            "batches", str(head.number), "Ústředí má pod tímto číslem jinou dávku.",
            "The centre has another batch under this number.",
        )  # fmt: skip
    elif (
        head.journal_seq is not None
        and head.number not in told.recovered
        and told.hashes.get(head.journal_seq) != head.journal_hash
    ):
        yield finding.behind(
            f"journal {head.journal_seq}", "Ústředí zná řádek deníku, který tu není.",
            "The centre knows a row of the journal that is not here.",
        )  # fmt: skip


def check_receipts(
    connection: sqlite3.Connection, config: StationConfig, anchors: Anchors
) -> Iterator[Broken]:
    """The centre's signature, the batch that is answered, and the outcomes that were taken from it."""
    rows = connection.execute(
        "SELECT r.*, b.hash AS batch_hash, b.data AS batch_data, b.state AS batch_state FROM receipts AS r"
        " JOIN batches AS b ON b.number = r.batch_number ORDER BY r.id"
    ).fetchall()
    for row in rows:
        batch = StoredBatch(
            row["batch_number"], row["batch_hash"], row["batch_data"], BatchState(row["batch_state"])
        )
        try:
            proved = receipts.prove(row["data"], batch, config, anchors, from_instant(row["received_at"]))
        except KnownError as error:
            yield finding.unproved("receipts", str(row["id"]), error.cs, error.en)
            continue
        receipt = proved.receipt
        if (receipt.status.value, receipt.code) != (row["status"], row["code"]):
            yield _says_otherwise("receipts", str(row["id"]))
        yield from _check_outcomes(connection, row["id"], receipt)


def _check_outcomes(connection: sqlite3.Connection, receipt_id: int, receipt: Receipt) -> Iterator[Broken]:
    said = {
        (*item.key.precinct, item.key.contest.value, item.revision, item.content_hash): (
            int(item.outcome in receipts.CONFIRMING), item.code, " ".join(item.rules), item.processing_order,
        )
        for item in receipt.items
    }  # fmt: skip
    rows = connection.execute(
        "SELECT o.*, v.municipality, v.precinct, v.contest, v.revision, v.content_hash FROM outcomes AS o"
        " JOIN versions AS v ON v.id = o.version_id WHERE o.receipt_id = ? ORDER BY o.version_id",
        (receipt_id,),
    ).fetchall()
    for row in rows:
        of = (row["municipality"], row["precinct"], row["contest"], row["revision"], row["content_hash"])
        if said.get(of) != (row["confirmed"], row["code"], row["rules"], row["processing_order"]):
            yield _says_otherwise("outcomes", f"[{row['version_id']},{receipt_id}]")


def _says_otherwise(table: str, row: str) -> Broken:
    return finding.disagrees(table, row, "Podepsané potvrzení ústředí říká něco jiného.",
                             "The centre's signed receipt says otherwise.")  # fmt: skip


def _sent(connection: sqlite3.Connection, number: int, said: Batch) -> bool:
    """Whether exactly the revisions of the batch travelled in it, by the outbox."""
    of_batch = {
        (item.reading.key, item.acceptance.revision, item.acceptance.content_hash) for item in said.items
    }
    stored = {(v.key, v.revision, v.content_hash) for v in versions_of_batch(connection, number)}
    return of_batch == stored


def _knows(told: Told, said: Batch) -> bool:
    if said.journal_seq is not None:
        return told.hashes.get(said.journal_seq) == said.journal_head
    return said.journal_head == chain.GENESIS or said.journal_head in told.hashes.values()
