"""The drill for a compromised key: everything that a station signed since a time, listed for people to check.

The time is that of arrival at the centre, because a thief may write any time into what he signs. Listing
marks the batches and protocols for review in the journal; it takes nothing back and publishes nothing. A
protocol that proves to be wrong is corrected as any other, by a later revision.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from app.central import chains, journal, stations
from app.central.database import Database
from app.central.schema import act, batch, revision, set_aside, verdict
from app.documents import batch as batch_document
from app.documents.document_errors import DocumentError
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.trust import message
from app.trust.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Signed:
    """One protocol in one batch. `outcome` is the centre's verdict, or the code for which the batch was set
    aside; `stands` says what counts for the precinct now: "this", "other" (then `standing` names the revision
    and the station), or "" for nothing. `key` is None for a batch that could not be read or holds nothing."""

    batch_sha256: str
    batch_number: int | None
    received_at: str
    certificate: str  # SHA-256
    key: ProtocolKey | None
    revision: int
    outcome: str
    content_hash: str
    stands: str
    standing: str


_COLUMNS = ("davka", "otisk_davky", "prijato", "certifikat", "druh", "obec", "okrsek", "verze_zapisu",
            "vysledek", "otisk_obsahu", "plati", "platna_verze")  # fmt: skip
_STANDS_CS = {"this": "tato", "other": "jiná", "": "žádná"}


def review(database: Database, station: str, since: datetime, at: datetime) -> list[Signed]:
    """What the station signed and the centre got since `since`, in the order of arrival; journaled.
    Raises KnownError CEN-21 for a station that was never registered."""
    with database.writing() as connection:
        if stations.find(connection, station) is None:
            raise KnownError(
                "CEN-21",
                f"Stanice {station} není v ústředí zapsána, nebo už byla odvolána.",
                f"The station {station} is not registered at the centre, or was revoked already.",
            )
        found = sorted(_signed(connection, station, journal.stamp(since)), key=lambda each: each.received_at)
        detail = {
            "since": journal.stamp(since),
            "certificates": sorted({each.certificate for each in found}),
            "batches": list(dict.fromkeys(each.batch_sha256 for each in found)),
            "items": [
                [str(each.key), each.revision, each.outcome, each.content_hash, each.stands]
                for each in found
                if each.key is not None
            ],
        }
        head = journal.head(connection)
        journal.write(connection, head, at, journal.Act.STATION_REVIEWED, station, detail)
        return found


def as_csv(found: Iterable[Signed]) -> str:
    """The list as CSV: semicolons, CR LF, a byte order mark for spreadsheets."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_cells(each) for each in found)
    return "\ufeff" + text.getvalue()


def _cells(each: Signed) -> tuple[object, ...]:
    place: tuple[object, ...] = ("", "", "", "")
    if each.key is not None:
        precinct, contest = each.key
        place = (contest.value, precinct.municipality, precinct.number, each.revision)
    number = "" if each.batch_number is None else each.batch_number
    return (number, each.batch_sha256, each.received_at, each.certificate, *place, each.outcome,
            each.content_hash, _STANDS_CS[each.stands] if each.key else "", each.standing)  # fmt: skip


def _signed(connection: Connection, station: str, since: str) -> Iterator[Signed]:
    names = chains.names(connection, [station])
    taken = select(batch).where(batch.c.station.in_(names), batch.c.received_at >= since).order_by(batch.c.id)
    for row in connection.execute(taken).all():
        items = connection.execute(
            select(verdict).where(verdict.c.batch == row.id).order_by(verdict.c.position)
        ).all()
        said = [
            (
                ProtocolKey(PrecinctId(each.municipality, each.precinct), Contest(each.contest)),
                each.revision, each.outcome, each.content_hash,
            )
            for each in items
        ]  # fmt: skip
        yield from _rows(connection, row, said, "PRIJATO")
    aside = select(set_aside).where(
        set_aside.c.station == station,
        set_aside.c.received_at >= since,
        set_aside.c.sha256.not_in(select(batch.c.sha256)),  # judged since, and listed above
    )
    for row in connection.execute(aside.order_by(set_aside.c.id)).all():
        yield from _rows(connection, row, _said(row), row.code)


def _said(row: Row[Any]) -> list[tuple[ProtocolKey, int, str, str]]:
    try:
        content = batch_document.read(message.decode(bytes(row.raw)).content or b"")
    except DocumentError:
        return []  # signed, but no batch: it is listed by its hash
    return [
        (each.reading.key, each.acceptance.revision, row.code, each.acceptance.content_hash)
        for each in content.items
    ]


def _rows(
    connection: Connection, row: Row[Any], said: list[tuple[ProtocolKey, int, str, str]], outcome: str
) -> Iterator[Signed]:
    certificate = Certificate.from_der(message.decode(bytes(row.raw)).certificate).fingerprint
    whole = (row.sha256, row.number, row.received_at, certificate)
    if not said:
        yield Signed(*whole, None, 0, outcome, "", "", "")
    for key, number, verdict_, content in said:
        yield Signed(*whole, key, number, verdict_, content, *_standing(connection, key, number, content))


def _standing(connection: Connection, key: ProtocolKey, number: int, content: str) -> tuple[str, str]:
    row = connection.execute(
        select(revision.c.revision, revision.c.content_hash, revision.c.station, revision.c.processing_order)
        .where(
            revision.c.contest == key.contest.value,
            revision.c.municipality == key.precinct.municipality,
            revision.c.precinct == key.precinct.number,
            revision.c.processing_order.is_not(None),
        )
        .order_by(revision.c.processing_order.desc())
        .limit(1)
    ).first()
    if row is None or _is_withdrawn(connection, key, row.processing_order):
        return "", ""
    same = (row.revision, row.content_hash) == (number, content)
    return "this" if same else "other", f"{row.revision} ({row.station})"


def _is_withdrawn(connection: Connection, key: ProtocolKey, order: int) -> bool:
    """Whether people withdrew the precinct's result after it counted with this processing order."""
    query = select(act.c.number).where(
        act.c.contest == key.contest.value,
        act.c.municipality == key.precinct.municipality,
        act.c.precinct == key.precinct.number,
        act.c.processing_order > order,
    )
    return connection.execute(query.limit(1)).first() is not None
