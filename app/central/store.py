"""What is written and read in the centre's tables: the statements, each prepared once.

Functions take a connection, so that the caller decides what one transaction is. Rows get their numbers
here, one more than the last; where two writers would give the same number, a unique constraint stops
the second, which begins again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, ScalarSelect, and_, bindparam, exists, func, literal, select, union_all

from app.central import journal, schema
from app.central.prepared import Prepared, Row, together
from app.central.schema import (
    act,
    batch,
    chain_act,
    publication,
    published_batch,
    released,
    revision,
    set_aside,
    verdict,
)
from app.election.model import Contest, ProtocolKey


class Heads(NamedTuple):
    """The last number of everything that a batch's transaction continues."""

    batch: int
    set_aside: int
    revision: int
    #: no processing time may lie before this: the last one (of a withdrawal too), or the last published
    #: batch's generation
    not_before: str
    #: batches held of the station
    of_station: int
    journal: journal.Head
    #: the last processing order given in each contest
    orders: dict[Contest, int]


class Held(NamedTuple):
    """A revision that is in the store."""

    content_hash: str
    station: str
    counted: bool


class Seen(NamedTuple):
    """The answer that these very bytes got before."""

    receipt: bytes
    code: str


class Link(NamedTuple):
    """One batch of a chain: its hash, and the hash that it names as the one before."""

    own: str
    previous: str


@dataclass(frozen=True, slots=True)
class ChainView:
    """What the store holds of a station's chain around one number. `acted`: the station was in quarantine
    once, so which chain goes on, and whether any does, is told by `app.central.chains`."""

    batches: int  # of the chain itself
    before: int  # those with lower numbers
    neighbours: dict[int, Link]  # those held of the numbers one below, the same, one above
    chain: str  # its name: the station's, or that of a chain that an operator let go on instead
    acted: bool = False


class StoredRevision(NamedTuple):
    """What the publisher reads: one revision. Without a processing order it is kept, but does not count."""

    id: int
    contest: str
    municipality: int
    precinct: int
    processing_order: int | None
    processed_at: str
    resent: int
    protocol: bytes
    revision: int
    content_hash: str


class Counts(NamedTuple):
    """How much there is: batches taken, batches set aside, revisions stored."""

    batches: int
    set_aside: int
    revisions: int


class PublishedBatch(NamedTuple):
    """One `vysledky_okrsky` batch: which processing orders it holds and when it was made."""

    contest: str
    number: int
    generated_at: str
    first_order: int
    last_order: int
    precincts_processed: int


_SEEN = Prepared(
    union_all(
        select(batch.c.receipt, literal("").label("code")).where(batch.c.sha256 == bindparam("sha256")),
        select(set_aside.c.receipt, set_aside.c.code).where(
            set_aside.c.sha256 == bindparam("sha256"),
            ~exists().where(released.c.sha256 == set_aside.c.sha256),
        ),
    )
)


def _batches_of_station(*, below: bool = False) -> ScalarSelect[int]:
    held = batch.alias()
    conditions = [held.c.station == bindparam("station")]
    if below:
        conditions.append(held.c.number < bindparam("number"))
    return select(func.count(held.c.number)).where(and_(*conditions)).scalar_subquery()


_HEADS = Prepared(
    select(
        select(func.max(batch.c.id)).scalar_subquery(),
        select(func.max(set_aside.c.id)).scalar_subquery(),
        select(func.max(revision.c.id)).scalar_subquery(),
        select(revision.c.processed_at).order_by(revision.c.id.desc()).limit(1).scalar_subquery(),
        select(func.max(published_batch.c.generated_at)).scalar_subquery(),
        select(act.c.processed_at).order_by(act.c.number.desc()).limit(1).scalar_subquery(),
        _batches_of_station(),
        select(schema.journal.c.id).order_by(schema.journal.c.id.desc()).limit(1).scalar_subquery(),
        select(schema.journal.c.hash).order_by(schema.journal.c.id.desc()).limit(1).scalar_subquery(),
        *(
            select(func.max(table.c.processing_order))
            .where(table.c.contest == contest.value)
            .scalar_subquery()
            for table in (revision, act)
            for contest in Contest
        ),
    )
)
_COUNTS_OF_CHAIN = Prepared(
    select(
        _batches_of_station(),
        _batches_of_station(below=True),
        select(chain_act.c.id).where(chain_act.c.station == bindparam("station")).limit(1).scalar_subquery(),
    )
)
_NEIGHBOURS = Prepared(
    select(batch.c.number, batch.c.sha256, batch.c.previous_hash).where(
        and_(
            batch.c.station == bindparam("station"),
            batch.c.number.between(bindparam("low"), bindparam("high")),
        )
    )
)
_NUMBERS = select(batch.c.number).where(batch.c.station == bindparam("station")).order_by(batch.c.number)
_HELD = Prepared(
    select(
        revision.c.revision, revision.c.content_hash, revision.c.station, revision.c.processing_order
    ).where(
        and_(
            revision.c.contest == bindparam("contest"),
            revision.c.municipality == bindparam("municipality"),
            revision.c.precinct == bindparam("precinct"),
        )
    )
)
_NEW = (
    select(
        revision.c.id,
        revision.c.contest,
        revision.c.municipality,
        revision.c.precinct,
        revision.c.processing_order,
        revision.c.processed_at,
        revision.c.resent,
        revision.c.protocol,
        revision.c.revision,
        revision.c.content_hash,
    )
    .where(revision.c.id > bindparam("after"))
    .order_by(revision.c.id)
)
_PREVIOUS = (
    select(revision.c.protocol, revision.c.revision)
    .where(
        and_(
            revision.c.contest == bindparam("contest"),
            revision.c.municipality == bindparam("municipality"),
            revision.c.precinct == bindparam("precinct"),
            revision.c.processing_order < bindparam("order"),
        )
    )
    .order_by(revision.c.processing_order.desc())
    .limit(1)
)
_BATCHES = select(published_batch).order_by(published_batch.c.contest, published_batch.c.number)
_PUBLICATION = select(publication).order_by(publication.c.version.desc()).limit(1)
_COUNTS = select(
    select(func.max(batch.c.id)).scalar_subquery(),
    select(func.max(set_aside.c.id)).scalar_subquery(),
    select(func.max(revision.c.id)).scalar_subquery(),
)
_INSERT_BATCH = Prepared(batch.insert())
_INSERT_SET_ASIDE = Prepared(set_aside.insert())
_INSERT_REVISION = Prepared(revision.insert())
_INSERT_VERDICT = Prepared(verdict.insert())
_INSERT_PUBLICATION = publication.insert()
_INSERT_PUBLISHED_BATCH = published_batch.insert()


def seen(connection: Connection, sha256: str) -> Seen | None:
    """What was answered to these bytes before, if they came before."""
    row = _SEEN.row(connection, sha256=sha256)
    return None if row is None else Seen(*row)


def heads(connection: Connection, station: str) -> Heads:
    """Where a new batch's rows begin; `station` is the name of its chain."""
    return _heads(_HEADS.row(connection, station=station))


def heads_and_held(
    connection: Connection, station: str, keys: Iterable[ProtocolKey]
) -> tuple[Heads, dict[ProtocolKey, dict[int, Held]]]:
    """`heads` and `held` in one question."""
    with together(connection):
        row = _HEADS.asked(connection, station=station)
        revisions = held(connection, keys)
        return _heads(row()), revisions


def _heads(row: Row | None) -> Heads:
    assert row is not None
    batch_id, aside_id, revision_id, processed, generated, acted, of_station, row_id, row_hash, *orders = row
    return Heads(
        batch_id or 0,
        aside_id or 0,
        revision_id or 0,
        max(processed or "", generated or "", acted or ""),
        of_station,
        journal.EMPTY if row_id is None else journal.Head(row_id, row_hash),
        {
            contest: max(of_revisions or 0, of_acts or 0)
            for contest, of_revisions, of_acts in zip(
                Contest, orders[: len(Contest)], orders[len(Contest) :], strict=True
            )
        },
    )


def chain_view(connection: Connection, station: str, number: int) -> ChainView:
    """The station's batches around `number`, for judging where a batch of that number stands."""
    counts = _COUNTS_OF_CHAIN.row(connection, station=station, number=number)
    assert counts is not None
    rows = _NEIGHBOURS.rows(connection, station=station, low=number - 1, high=number + 1)
    links = {found: Link(own, previous) for found, own, previous in rows}
    return ChainView(counts[0], counts[1], links, station, counts[2] is not None)


def numbers(connection: Connection, station: str) -> list[int]:
    """All batch numbers held of a station, ascending."""
    return list(connection.execute(_NUMBERS, {"station": station}).scalars())


def held(connection: Connection, keys: Iterable[ProtocolKey]) -> dict[ProtocolKey, dict[int, Held]]:
    """Every stored revision of the protocols asked for, by its number."""
    asked = list(keys)
    found = _HELD.rows_of_each(
        connection,
        [
            {
                "contest": key.contest.value,
                "municipality": key.precinct.municipality,
                "precinct": key.precinct.number,
            }
            for key in asked
        ],
    )
    return {
        key: {number: Held(content, station, order is not None) for number, content, station, order in rows}
        for key, rows in zip(asked, found, strict=True)
    }


def insert_batch(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store a batch that is taken. IntegrityError when its bytes or its number are there already."""
    _INSERT_BATCH.each(connection, [row])


def insert_set_aside(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store a signed batch that is not taken. IntegrityError when its bytes are there already."""
    _INSERT_SET_ASIDE.each(connection, [row])


def insert_revisions(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store accepted protocols. IntegrityError when a revision or a processing order is there already."""
    _INSERT_REVISION.each(connection, rows)


def insert_verdicts(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Store what was decided on each protocol of a batch."""
    _INSERT_VERDICT.each(connection, rows)


def revisions_after(connection: Connection, after: int) -> list[StoredRevision]:
    """Revisions stored after the one with this number, in the order of their commits."""
    return [StoredRevision._make(row) for row in connection.execute(_NEW, {"after": after})]


def protocol_before(connection: Connection, key: ProtocolKey, order: int) -> tuple[bytes, int] | None:
    """The last protocol of a precinct that counted before this processing order, and its revision; None
    where the first one counts with it."""
    parameters = {
        "contest": key.contest.value,
        "municipality": key.precinct.municipality,
        "precinct": key.precinct.number,
        "order": order,
    }
    row = connection.execute(_PREVIOUS, parameters).first()
    return None if row is None else (row.protocol, row.revision)


def published_batches(connection: Connection) -> list[PublishedBatch]:
    """Every `vysledky_okrsky` batch made so far, by contest and number."""
    return [PublishedBatch(*row) for row in connection.execute(_BATCHES)]


def insert_published_batch(connection: Connection, made: PublishedBatch) -> None:
    connection.execute(_INSERT_PUBLISHED_BATCH, made._asdict())


def last_publication(connection: Connection) -> tuple[int, str]:
    """The last version number and its processed precincts by contest (JSON); (0, "{}") before the first."""
    row = connection.execute(_PUBLICATION).first()
    return (0, "{}") if row is None else (row.version, row.processed)


def last_published_revision(connection: Connection) -> int:
    """Everything up to this revision is in the last publication; 0 before the first."""
    row = connection.execute(_PUBLICATION).first()
    return 0 if row is None else int(row.last_revision)


def insert_publication(
    connection: Connection, version: int, at: datetime, last_revision: int, processed: str
) -> None:
    connection.execute(
        _INSERT_PUBLICATION,
        {"version": version, "at": journal.stamp(at), "last_revision": last_revision, "processed": processed},
    )


def counts(connection: Connection) -> Counts:
    """How much there is."""
    taken, aside, revisions = connection.execute(_COUNTS).one()
    return Counts(taken or 0, aside or 0, revisions or 0)
