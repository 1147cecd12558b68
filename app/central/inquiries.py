"""Inquiries of stations: the state of their transfer point, and batches of one of its workstations.

An inquiry only reads. It proves itself as a batch does, must be fresh, and gets a signed answer that
names it by its hash, so that neither can be replayed in another's place. What a station says of its
queue is remembered in this process alone: it is news of a moment, no result.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from app.central import chains, refusals, stations
from app.central.answers import Answer, Refused, refuse, signed
from app.central.database import Database
from app.central.prepared import Prepared
from app.central.schema import batch, revision, verdict
from app.central.senders import Seal, station_of, verify_sender
from app.central.stations import Registration
from app.documents import batch as batch_document
from app.documents import inquiry as inquiry_document
from app.documents import own_batches, point_state
from app.documents.inquiry import Inquiry, Kind
from app.documents.own_batches import ChainHead, KeptBatch, OwnBatches
from app.documents.point_state import MOST_DECISIONS, Decision, PointState, Workstation
from app.documents.receipt import Outcome
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.trust import chain, cms, message
from app.trust.cms import Verified
from app.trust.identity import Expected, Role

_log = logging.getLogger(__name__)

#: How far an inquiry's time may lie from the centre's.
FRESH = timedelta(minutes=10)
#: Bytes of a signed inquiry: the document, a certificate and a signature.
MAX_BYTES = 16_000

#: Said in the log, the status and the metrics: code, Czech, English.
STORE_IS_OLDER = (
    "CEN-26",
    "Stanice už slyšela rozhodnutí, která databáze ústředí nemá: byla vrácena ze starší zálohy. Stanice "
    "pošlou znovu, co v ní chybí; až se ozvou všechny, porovnejte počty se záznamem z doby před obnovou.",
    "A station has heard decisions that the centre's database does not hold: it was put back from an older "
    "copy. Stations send again what it lacks; once all of them were heard, compare the counts with those "
    "noted before.",
)

_LAST_ID = Prepared(select(func.max(batch.c.id)))
_DECISIONS = (
    select(
        batch.c.id,
        batch.c.station,
        batch.c.number,
        batch.c.received_at,
        verdict.c.contest,
        verdict.c.municipality,
        verdict.c.precinct,
        verdict.c.revision,
        verdict.c.outcome,
        verdict.c.code,
        verdict.c.content_hash,
        revision.c.processing_order,
    )
    .join(verdict, verdict.c.batch == batch.c.id)
    .outerjoin(
        revision,
        (revision.c.batch == batch.c.id)
        & (revision.c.contest == verdict.c.contest)
        & (revision.c.municipality == verdict.c.municipality)
        & (revision.c.precinct == verdict.c.precinct)
        & (revision.c.revision == verdict.c.revision),
    )
    .where(
        batch.c.station.in_(bindparam("stations", expanding=True)),
        batch.c.id > bindparam("after"),
    )
    .order_by(batch.c.id, verdict.c.position)
    .limit(MOST_DECISIONS + 1)
)
_LAST_BATCH = Prepared(
    select(batch.c.number, batch.c.sha256, batch.c.received_at, batch.c.id)
    .where(
        batch.c.station == bindparam("chain"),
        batch.c.number.between(bindparam("low"), bindparam("high")),
    )
    .order_by(batch.c.number.desc())
    .limit(1)
)
_RAW = Prepared(select(batch.c.raw).where(batch.c.id == bindparam("id")))
_BATCHES = (
    select(batch.c.number, batch.c.raw, batch.c.receipt)
    .where(
        batch.c.station == bindparam("chain"),
        batch.c.number > bindparam("after"),
        batch.c.number.between(bindparam("low"), bindparam("high")),
    )
    .order_by(batch.c.number)
    .limit(own_batches.MOST_BATCHES + 1)
)


class _Heard(NamedTuple):
    """The last word of a station about itself."""

    at: datetime
    waiting: int


class Inquiries:
    """Answers inquiries; safe to call from several threads and to run in several processes."""

    def __init__(self, database: Database, reference: Reference, seal: Seal) -> None:
        self._database = database
        self._reference = reference
        self._seal = seal
        self._expected = Expected(Role.STATION, reference.election.code)
        self._heard: dict[str, _Heard] = {}
        #: The highest decision that a station heard of and this store did not hold; 0 when all is well.
        self.seen_beyond = 0
        self._guard = Lock()
        #: Asked for each station whose signature holds; raises `Refused` where it asks too often.
        self.admit: Callable[[str], None] = lambda station: None
        #: Hears each question about the state of a point, for those who watch.
        self.heard: Callable[[Inquiry, datetime], None] = lambda inquiry, at: None
        #: Hears which program a station works with: its name, how the program names itself.
        self.told: Callable[[str, str, datetime], None] = lambda station, program, at: None

    def answer(self, data: bytes, at: datetime) -> Answer:
        """Answer one inquiry that arrived at the instant `at`; every way out is an `Answer`."""
        digest = chain.batch_hash(data)
        try:
            if len(data) > MAX_BYTES:
                raise Refused(refusals.OVERSIZE)
            verified = verify_sender(data, at, self._seal, self._expected, self._database, MAX_BYTES)
            self.admit(station_of(verified))
            inquiry = self._read(verified, at)
            with self._database.reading() as connection:
                document = self._document(connection, inquiry, digest, at)
            self.told(inquiry.station, inquiry.program, at)
        except Refused as refused:
            return refuse(refused.refusal, refused.cause, digest)
        except DBAPIError as error:
            _log.error("store failed: %s", type(error.orig).__name__, exc_info=error)
            return refuse(refusals.CANNOT_STORE, "", digest)
        return signed(cms.sign(document, self._seal.key, self._seal.certificate, at), "")

    def _read(self, verified: Verified, at: datetime) -> Inquiry:
        try:
            inquiry = inquiry_document.read(verified.content)
        except KnownError as error:
            raise Refused(refusals.UNREADABLE_INQUIRY, error.code) from None
        identity, election = verified.identity, self._reference.election
        if (inquiry.station, inquiry.transfer_point) != (station_of(verified), identity.transfer_point):
            raise Refused(refusals.OTHER_INQUIRER)
        if inquiry.election != election.code:
            raise Refused(refusals.OTHER_ELECTION)
        if inquiry.mode is not election.mode:
            raise Refused(refusals.OTHER_MODE)
        if abs(at - inquiry.asked_at) > FRESH:
            raise Refused(refusals.STALE_INQUIRY)
        return inquiry

    def _document(self, connection: Connection, inquiry: Inquiry, digest: str, at: datetime) -> bytes:
        of_point = stations.of_point(connection, inquiry.transfer_point)
        if inquiry.batches_of not in {each.station for each in of_point}:
            raise Refused(refusals.OTHER_INQUIRER)
        if inquiry.kind is Kind.BATCHES:
            return own_batches.write(_batches(connection, inquiry, digest, at))
        with self._guard:
            self._heard[inquiry.station] = _Heard(at, inquiry.waiting)
        self.heard(inquiry, at)
        return point_state.write(self._state(connection, inquiry, of_point, digest, at))

    def _state(
        self,
        connection: Connection,
        inquiry: Inquiry,
        of_point: list[Registration],
        digest: str,
        at: datetime,
    ) -> PointState:
        names = chains.names(connection, [each.station for each in of_point])
        found = connection.execute(_DECISIONS, {"stations": names, "after": inquiry.after}).all()
        more = len(found) > MOST_DECISIONS
        if more:  # a batch's decisions are never torn apart
            found = [row for row in found if row.id != found[-1].id]
        last = (_LAST_ID.row(connection) or (0,))[0] or 0
        if inquiry.after > last:
            self._is_older(inquiry, last)
        return PointState(
            election=inquiry.election,
            mode=inquiry.mode,
            station=inquiry.station,
            transfer_point=inquiry.transfer_point,
            inquiry_hash=digest,
            answered_at=at,
            after=inquiry.after,
            cursor=found[-1].id if more else last,
            more=more,
            decisions=tuple(
                Decision(
                    key=ProtocolKey(PrecinctId(row.municipality, row.precinct), Contest(row.contest)),
                    revision=row.revision,
                    station=chains.station_of(row.station),
                    batch_number=row.number,
                    outcome=Outcome(row.outcome),
                    code=row.code,
                    content_hash=row.content_hash,
                    processing_order=row.processing_order,
                    received_at=datetime.fromisoformat(row.received_at),
                )
                for row in found
            ),
            workstations=tuple(self._workstation(connection, each) for each in of_point),
        )

    def _is_older(self, inquiry: Inquiry, last: int) -> None:
        """A station heard of decisions that this store does not hold: it went back to an older copy."""
        with self._guard:
            if self.seen_beyond >= inquiry.after:
                return
            self.seen_beyond = inquiry.after
        code, _, en = STORE_IS_OLDER
        _log.error("%s %s (station %s: %d, here: %d)", code, en, inquiry.station, inquiry.after, last)

    def _workstation(self, connection: Connection, registered: Registration) -> Workstation:
        number, _, received, _ = _last_batch(connection, registered.station) or (0, "", None, 0)
        with self._guard:
            heard = self._heard.get(registered.station)
        times = [datetime.fromisoformat(received)] if received else []
        if heard is not None:
            times.append(heard.at)
        return Workstation(
            registered.station,
            registered.active,
            max(times, default=None),
            number,
            None if heard is None else heard.waiting,
        )


def _batches(connection: Connection, inquiry: Inquiry, digest: str, at: datetime) -> OwnBatches:
    kept: list[KeptBatch] = []
    size, more = 0, False
    for number, raw, receipt in _of_chain(connection, inquiry):
        if kept and (size + len(raw) > own_batches.ENOUGH_BYTES or len(kept) == own_batches.MOST_BATCHES):
            more = True
            break
        kept.append(KeptBatch(number, bytes(raw), bytes(receipt)))
        size += len(raw)
    return OwnBatches(
        election=inquiry.election,
        mode=inquiry.mode,
        station=inquiry.station,
        transfer_point=inquiry.transfer_point,
        batches_of=inquiry.batches_of,
        inquiry_hash=digest,
        answered_at=at,
        after=inquiry.after,
        more=more,
        head=_head(connection, inquiry.batches_of),
        batches=tuple(kept),
    )


def _of_chain(connection: Connection, inquiry: Inquiry) -> Iterator[Any]:
    """The batches asked for, of the chain that goes on."""
    for part in chains.segments(connection, inquiry.batches_of):
        yield from connection.execute(_BATCHES, {**part._asdict(), "after": inquiry.after})


def _last_batch(connection: Connection, station: str) -> Any:
    """The last batch of the chain that goes on."""
    for part in reversed(chains.segments(connection, station)):
        if (last := _LAST_BATCH.row(connection, **part._asdict())) is not None:
            return last
    return None


def _head(connection: Connection, station: str) -> ChainHead | None:
    last = _last_batch(connection, station)
    if last is None:
        return None
    raw = _RAW.row(connection, id=last[3])
    assert raw is not None
    content = message.decode(bytes(raw[0])).content  # it was verified before it was stored
    said = batch_document.read(content or b"")
    return ChainHead(last[0], last[1], said.journal_seq, said.journal_head)
