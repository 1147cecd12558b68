"""Whether the centre's database still holds what the centre wrote: asked at each start.

A flipped bit, a bad sector or a hand in the database must not become a published number. The journal's
chain of hashes proves the journal; the journal names each batch by its hash and each protocol by its
revision, outcome, content hash and order; the batch's bytes hash to the one, the protocol's stored text to
the other, and the receipt proves itself by its signature. The database's own check covers its structure.
What does not fit is refused by CEN-11, and the database has to be put back from a copy.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from app.central import audit_acts, audit_changes, audit_operators, audit_readiness, journal, recorded, schema
from app.central.audit_journal import Told
from app.central.chains import station_of
from app.central.database import Database
from app.central.journal import Act
from app.central.senders import Seal
from app.documents import batch as batch_document
from app.documents import receipt as receipt_document
from app.documents.receipt import Outcome, Receipt
from app.election.content import text_hash
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.trust import cms, message
from app.trust.chain import batch_hash
from app.trust.identity import Expected, Role

#: Which batch a batch says it follows: proved by the hash of the whole, so it need not be parsed again.
_PREVIOUS = re.compile(rb"<DAVKA [^<>]*? PREDCHOZI=[\"']([0-9a-f]{64})[\"']")


class StoreDamaged(KnownError):
    """CEN-11: the database is not what the centre wrote; `place` names a table and a row."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "CEN-11",
            f"Databáze ústředí je poškozená nebo byla změněna ({place}). Ústředí se s ní nespustí: vraťte "
            "databázi (soubor centre.sqlite) ze zálohy a spusťte je znovu.",
            f"The centre's database is damaged or was changed ({place}). The centre does not start with it: "
            "put the database (centre.sqlite) back from a copy and start it again.",
        )


def opened(where: Path | str, seal: Seal, election: str) -> Database:
    """The database of a centre, proved whole. Raises StoreDamaged; CEN-12, CEN-15 when it cannot be used
    now."""
    database = store(where)
    try:
        check(database, seal, election)
    except BaseException:
        database.close()
        raise
    return database


def store(where: Path | str) -> Database:
    """The database, opened or made, for one act. Raises as `opened` does, but proves nothing."""
    try:
        return Database(where)
    except (DatabaseError, ValueError) as error:
        raise _not_opened(where, error) from error


def _not_opened(where: Path | str, error: DatabaseError | ValueError) -> KnownError:
    if isinstance(error, ValueError):
        return StoreDamaged(type(error).__name__)
    if isinstance(where, str):
        return KnownError(
            "CEN-15",
            f"Databáze ústředí na serveru neodpovídá nebo nepustila ústředí dovnitř ({error.orig}). "
            "Zkontrolujte server, adresu v centre.toml a heslo (PGPASSFILE) a spusťte ústředí znovu.",
            f"The centre's database on its server does not answer or refuses the centre ({error.orig}). "
            "Check the server, the address in centre.toml and the password (PGPASSFILE), start it again.",
        )
    if isinstance(error, OperationalError):
        return KnownError(
            "CEN-12",
            f"Databázi ústředí nelze otevřít nebo do ní zapisovat ({error.orig}). Uvolněte místo na "
            "disku, zkontrolujte, že se na něj smí zapisovat, a spusťte ústředí znovu.",
            f"The centre's database cannot be opened or written ({error.orig}). Free space on the disk, "
            "check that it may be written to, and start the centre again.",
        )
    return StoreDamaged(str(error.orig))


def check(database: Database, seal: Seal, election: str) -> None:
    """Raises StoreDamaged for the first thing that does not fit."""
    try:
        with database.reading() as connection:
            for place in islice(_broken(database, connection, seal, election), 1):
                raise StoreDamaged(place)
    except DBAPIError as error:
        raise StoreDamaged(str(error.orig)) from error
    except (ValueError, TypeError, LookupError) as error:
        raise StoreDamaged(type(error).__name__) from error  # so damaged that it cannot even be compared


def _broken(database: Database, connection: Connection, seal: Seal, election: str) -> Iterator[str]:
    """The places that do not fit, in the order in which they are found."""
    if (structure := database.store.broken(connection)) is not None:
        yield structure
    broken = journal.first_broken(connection)
    if broken is not None:
        yield f"journal {broken}"
    told = Told(connection)
    yield from _batches(connection, told, seal, election)
    yield from _verdicts(connection, told)
    yield from _revisions(connection, told)
    yield from audit_acts.broken(connection, told.acts, seal, election)
    yield from _stations(connection, told)
    yield from audit_operators.permits(connection, told.permits, seal, election)
    yield from audit_operators.chain_acts(connection, told.chain_acts)
    yield from audit_readiness.broken(connection, told.readiness, seal, election)
    yield from audit_changes.broken(connection, told.changes)
    yield from audit_changes.closed(connection, told.closed)
    yield from recorded.broken(connection, told.recorded)
    yield from _published(connection)


def _batches(connection: Connection, told: Told, seal: Seal, election: str) -> Iterator[str]:
    """Each act of the journal has its batch; its bytes have that hash, its receipt our signature."""
    table, count = schema.batch, 0
    for count, row in enumerate(connection.execute(select(table).order_by(table.c.id)).mappings(), start=1):
        place = f"batch {row['id']}"
        if count > len(told.taken) or row["id"] != count:
            yield place
            return
        receipt = _receipt(row, seal, election)
        if receipt is None or not _is_told(row, *told.taken[count - 1]):
            yield place
        else:
            told.said += [(item.code, " ".join(item.rules)) for item in receipt.items]
    if count != len(told.taken):
        yield f"batch: {count}, journal: {len(told.taken)}"
    table = schema.set_aside
    count = 0
    for count, row in enumerate(connection.execute(select(table).order_by(table.c.id)).mappings(), start=1):
        is_told = count <= len(told.aside) and row["id"] == count and _is_told(row, *told.aside[count - 1])
        if not is_told or _receipt(row, seal, election) is None:
            yield f"set_aside {row['id']}"
    if count != len(told.aside):
        yield f"set_aside: {count}, journal: {len(told.aside)}"


def _is_told(row: Any, chain: str, number: str, at: str, detail: dict[str, Any]) -> bool:
    if "previous_hash" in row and _previous_of(row["raw"]) != row["previous_hash"]:
        return False
    ours = (row["station"], str(row["number"] or "?"), row["received_at"], row["sha256"])
    return ours == (chain, number, at, detail["sha256"]) == (*ours[:3], batch_hash(row["raw"]))


def _previous_of(raw: bytes) -> str:
    """The hash of the batch before, as a stored batch says it."""
    if found := _PREVIOUS.search(raw):
        return found[1].decode()
    return batch_document.read(message.decode(raw).content or b"").previous_hash  # not as we write it


def _receipt(row: Any, seal: Seal, election: str) -> Receipt | None:
    """The receipt of a row, None when it is not ours or speaks of something else."""
    at = datetime.fromisoformat(row["received_at"])
    try:
        receipt = receipt_document.read(
            cms.verify(row["receipt"], seal.anchors, at, Expected(Role.CENTRE, election)).content
        )
    except KnownError:
        return None
    said = (receipt.station, receipt.batch_number, receipt.batch_hash, receipt.status.value)
    ours = (station_of(row["station"]), row["number"], row["sha256"], row["status"])
    return receipt if said == ours and row.get("code", receipt.code) == receipt.code else None


def _verdicts(connection: Connection, told: Told) -> Iterator[str]:
    """Each verdict is the journal's, and there is one for each protocol."""
    table = schema.verdict
    rows = connection.execute(select(table).order_by(table.c.batch, table.c.position)).mappings()
    items, said = told.items(), iter(told.said)
    for row in rows:
        item = next(items, None)
        if item is None:
            yield "verdict: more than in the journal"
            return
        batch, position, _, _, (key, revision, outcome, content, _order) = item
        ours = (row["batch"], row["position"], _key(row), row["revision"], row["outcome"])
        why = (row["code"], row["rules"])
        right = (batch, position, key, revision, outcome)
        if ours != right or row["content_hash"] != content or why != next(said, None):
            yield f"verdict {row['batch']}/{row['position']}"
    if next(items, None) is not None:
        yield "verdict: fewer than in the journal"


def _revisions(connection: Connection, told: Told) -> Iterator[str]:
    """Each accepted protocol of the journal is a revision with the text that its hash names, and no other."""
    table = schema.revision
    rows = connection.execute(select(table).order_by(table.c.id)).mappings()
    accepted = (item for item in told.items() if item[4][2] == Outcome.ACCEPTED)
    counted: set[str] = set()
    columns = schema.published_batch.c
    closed = set(connection.execute(select(columns.generated_at)).scalars())
    floors = deque(audit_acts.floors(connection))
    last, count = "", 0
    for count, row in enumerate(rows, start=1):
        place = f"revision {row['id']}"
        item = next(accepted, None)
        if item is None:
            yield place
            return
        batch, _, station, at, (key, revision, _outcome, content, order) = item
        # Not before the last one or the last act, nor before the last closed batch was generated.
        while floors and floors[0][0] < count:
            last = max(last, floors.popleft()[1])
        latest = row["processed_at"] if row["processed_at"] in closed else max(last, at)
        goes_back = latest < max(last, at)
        last = latest
        resent = order is not None and key in counted
        if order is not None:
            counted.add(key)
        ours = (
            row["id"], _key(row), row["revision"], row["content_hash"], row["batch"],
            row["station"], row["processing_order"], bool(row["resent"]), row["processed_at"],
            row["signed_at"],
        )  # fmt: skip
        signed = told.taken[batch - 1][3].get("signed_at", "")
        right = (count, key, revision, content, batch, station, order, resent, latest, signed)
        if goes_back or ours != right or text_hash(row["protocol"].decode("ascii")) != content:
            yield place
    if next(accepted, None) is not None:
        yield "revision: fewer than in the journal"


def _stations(connection: Connection, told: Told) -> Iterator[str]:
    """The register is what the journal says was done to it."""
    table = schema.station_act
    rows = connection.execute(select(table).order_by(table.c.id)).mappings().all()
    if len(rows) != len(told.stations):
        yield f"station_act: {len(rows)}, journal: {len(told.stations)}"
    for number, (row, (act, station, at, detail)) in enumerate(zip(rows, told.stations, strict=False), 1):
        added = act == Act.STATION_ADDED
        ours = (row["station"], row["act"] == "ADDED", row["at"], row["fingerprint"], row["reason"])
        right = (station, added, at, detail["certificate"], detail["reason"])
        point, _, _ = str(row["station"]).partition("-")
        if row["id"] != number or ours != right or str(row["transfer_point"]) != point:
            yield f"station_act {row['id']}"


def _published(connection: Connection) -> Iterator[str]:
    """What was published counts up, as the counted revisions do; closed batches meet without gaps."""
    table, last = schema.publication, (0, "", 0)
    counted = audit_acts.Processed(connection)
    for row in connection.execute(select(table).order_by(table.c.version)).mappings():
        now = (row["version"], row["at"], row["last_revision"])
        datetime.fromisoformat(row["at"])
        processed = {name: figures[0] for name, figures in json.loads(row["processed"]).items()}
        if not (now[0] > last[0] and now[2] >= last[2]) or any(
            count and count not in counted.possible(name, now[2]) for name, count in processed.items()
        ):
            yield f"publication {row['version']}"
        last = now
    closed = schema.published_batch
    ends: dict[str, tuple[int, int]] = {}
    for row in connection.execute(select(closed).order_by(closed.c.contest, closed.c.number)).mappings():
        number, order = ends.get(row["contest"], (0, 0))
        datetime.fromisoformat(row["generated_at"])
        if (row["number"], row["first_order"]) != (number + 1, order + 1) or row["last_order"] <= order:
            yield f"published_batch {row['contest']} {row['number']}"
        ends[row["contest"]] = (row["number"], row["last_order"])


def _key(row: Any) -> str:
    precinct = PrecinctId(row["municipality"], row["precinct"])
    return str(ProtocolKey(precinct, Contest(row["contest"])))
