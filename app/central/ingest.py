"""The centre's door: a signed batch comes in, a signed receipt goes out.

`Ingest.receive` reads like the list of what happens to a batch. The effect of a batch and its receipt are
one transaction, remembered for ever: the same bytes get the very same receipt, other bytes under a number
that was used are refused, and a station that hears nothing simply sends again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from datetime import datetime

from sqlalchemy.exc import DBAPIError, IntegrityError

from app.central import chains, journal, permits, refusals, store
from app.central.act import Accepted, Act, Ordered
from app.central.answers import Answer, Refused, SetAside, refuse, signed
from app.central.database import Database
from app.central.examine import Examined, Settled, examine, settle
from app.central.place import Place, Raced, find_place, missing_before
from app.central.senders import Seal, station_of, verify_sender
from app.central.store import Held
from app.documents import batch as batch_document
from app.documents import receipt as receipt_document
from app.documents.batch import Batch
from app.documents.receipt import Receipt, ReceiptItem, Status
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.trust import cms
from app.trust.chain import batch_hash
from app.trust.cms import Verified
from app.trust.identity import Expected, Role

_log = logging.getLogger(__name__)
#: how often a batch may lose the race against another writer before the answer is "busy"
_ATTEMPTS = 8


class Ingest:
    """Receives batches; safe to call from several threads and to run in several processes."""

    def __init__(
        self,
        database: Database,
        reference: Reference,
        seal: Seal,
        max_bytes: int,
        on_commit: Callable[[Accepted], None] = lambda _: None,
    ) -> None:
        """`on_commit` hears after each commit, outside the transaction, which protocols count from now on."""
        self._database = database
        self._reference = reference
        self._seal = seal
        self._max_bytes = max_bytes
        self._on_commit = on_commit
        self._expected = Expected(Role.STATION, reference.election.code)
        #: Asked for each station whose signature holds; raises `Refused` where it asks too often.
        self.admit: Callable[[str], None] = lambda station: None
        #: Hears the code of each protocol that is refused.
        self.counted: Callable[[str], None] = lambda code: None
        #: Asked for each batch that can be read; raises `Refused` where its program may not be worked with.
        self.approve: Callable[[Batch, datetime], None] = lambda batch, at: None

    def receive(self, data: bytes, at: datetime) -> Answer:
        """Take one batch that arrived at the instant `at`; every way out is an `Answer`."""
        lost = False
        for _ in range(_ATTEMPTS):
            try:
                return self._receive(data, at)
            except Refused as refused:
                return refuse(refused.refusal, refused.cause, batch_hash(data))
            except (IntegrityError, Raced):
                continue  # a unique constraint or a moved chain: another writer was first
            except DBAPIError as error:
                if error.connection_invalidated and not lost:
                    lost = True  # the database was started again: a new connection tells what is stored
                    continue
                _log.error("store failed: %s", type(error.orig).__name__, exc_info=error)
                return refuse(refusals.CANNOT_STORE, "", batch_hash(data))
        return refuse(refusals.BUSY, "", batch_hash(data))

    def _receive(self, data: bytes, at: datetime) -> Answer:
        if len(data) > self._max_bytes:
            raise Refused(refusals.OVERSIZE)
        digest = batch_hash(data)
        if (answer := self._answered_before(digest)) is not None:
            return answer
        verified = verify_sender(data, at, self._seal, self._expected, self._database, self._max_bytes)
        self.admit(station_of(verified))
        try:
            batch = _read(verified)
            self._check_sender(batch, verified)
            self.approve(batch, at)
            place = self._find_place(batch, digest)
        except SetAside as aside:
            return self._set_aside(aside, verified, digest, data, at)
        permitted = self._permitted(batch)
        examined = [
            examine(item, batch, self._reference, item.reading.key in permitted) for item in batch.items
        ]
        body, accepted = self._commit(batch, place, examined, digest, data, at, verified.signing_time)
        self._on_commit(accepted)
        return signed(body, "")

    def _answered_before(self, digest: str) -> Answer | None:
        with self._database.glancing() as connection:
            before = store.seen(connection, digest)
        return None if before is None else signed(before.receipt, before.code)

    def _check_sender(self, batch: Batch, verified: Verified) -> None:
        identity, election = verified.identity, self._reference.election
        if (batch.station, batch.transfer_point) != (identity.station, identity.transfer_point):
            raise SetAside(refusals.OTHER_STATION, batch.number)
        if batch.election != election.code:
            raise SetAside(refusals.OTHER_ELECTION, batch.number)
        if batch.mode is not election.mode:
            raise SetAside(refusals.OTHER_MODE, batch.number)

    def _permitted(self, batch: Batch) -> frozenset[ProtocolKey]:
        """Protocols of a batch that were accepted late and within a permit; nothing is asked for others."""
        ends = self._reference.election.calendar.delivery_ends
        late = {
            item.reading.key: item.acceptance.accepted_at
            for item in batch.items
            if item.acceptance.accepted_at > ends
        }
        if not late:
            return frozenset()
        with self._database.reading() as connection:
            until = permits.ends_of(connection, late, batch.transfer_point)
        return frozenset(key for key, end in until.items() if journal.stamp(late[key]) <= end)

    def _find_place(self, batch: Batch, digest: str) -> Place:
        with self._database.glancing() as connection:
            view = store.chain_view(connection, batch.station, batch.number)
        if view.acted:
            with self._database.reading() as connection:
                view = chains.view(connection, batch, view)
        return find_place(batch, digest, view)

    def _commit(
        self,
        batch: Batch,
        place: Place,
        examined: list[Examined],
        digest: str,
        data: bytes,
        at: datetime,
        signed_at: datetime,
    ) -> tuple[bytes, Accepted]:
        with self._database.writing() as connection:
            keys = [each.key for each in examined]
            heads, held = store.heads_and_held(connection, place.view.chain, keys)
            if heads.of_station != place.view.batches:
                raise Raced
            act = Act(connection, batch, heads, digest, at, place.view.chain, signed_at)
            receipt, settled = self._settle(act, examined, place, held)
            body = self._sign(receipt, at)
            accepted = act.store(data, body, receipt, settled)
        _log_items(batch, settled)
        for each, _ in settled:
            if each.refusal is not None:
                self.counted(each.refusal.code)
        return body, accepted

    def _settle(
        self,
        act: Act,
        examined: list[Examined],
        place: Place,
        held: MutableMapping[ProtocolKey, dict[int, Held]],
    ) -> tuple[Receipt, list[Ordered]]:
        settled = [settle(each, act.batch.station, held) for each in examined]
        ordered = [
            (each, act.next_order(each.examined.key.contest) if each.counts else None) for each in settled
        ]
        missing = () if place.unbroken else missing_before(_numbers(act, place), act.batch.number)
        return (
            Receipt(
                election=act.batch.election,
                mode=act.batch.mode,
                station=act.batch.station,
                batch_number=act.batch.number,
                batch_hash=act.digest,
                received_at=act.at,
                status=Status.QUEUED if missing else Status.ACCEPTED,
                code="",
                items=tuple(_receipt_item(each, order) for each, order in ordered),
                missing=missing,
            ),
            ordered,
        )

    def _set_aside(
        self, aside: SetAside, verified: Verified, digest: str, data: bytes, at: datetime
    ) -> Answer:
        station, refusal = station_of(verified), aside.refusal
        quarantined = refusal in refusals.QUARANTINES or refusal in refusals.OF_A_QUARANTINE
        receipt = Receipt(
            election=self._reference.election.code,
            mode=self._reference.election.mode,
            station=station,
            batch_number=aside.number,
            batch_hash=digest,
            received_at=at,
            status=Status.QUARANTINED if quarantined else Status.REFUSED,
            code=refusal.code,
            items=(),
            missing=(),
        )
        body = self._sign(receipt, at)
        row = {
            "sha256": digest,
            "station": station,
            "number": aside.number,
            "status": receipt.status.value,
            "code": refusal.code,
            "received_at": journal.stamp(at),
            "raw": data,
            "receipt": body,
        }
        act = journal.Act.BATCH_QUARANTINED if quarantined else journal.Act.BATCH_REFUSED
        detail = {"code": refusal.code, "cause": aside.cause, "sha256": digest, "alarm": refusal.alarm}
        subject = f"{station} {aside.number or '?'}"
        with self._database.writing() as connection:
            heads = store.heads(connection, station)
            if chains.is_released(connection, digest):
                return signed(body, refusal.code)  # it lies there already, and now contradicts something else
            store.insert_set_aside(connection, {**row, "id": heads.set_aside + 1})
            last = journal.write(connection, heads.journal, at, act, subject, detail)
            if refusal in refusals.QUARANTINES:
                chains.quarantine(connection, last, station, refusal.code, digest, at)
        level = logging.ERROR if refusal.alarm else logging.WARNING
        _log.log(level, "batch %s refused: %s %s sha256=%s", subject, refusal.code, aside.cause, digest)
        return signed(body, refusal.code)

    def _sign(self, receipt: Receipt, at: datetime) -> bytes:
        return cms.sign(receipt_document.write(receipt), self._seal.key, self._seal.certificate, at)


def _read(verified: Verified) -> Batch:
    try:
        return batch_document.read(verified.content)
    except KnownError as error:
        raise SetAside(refusals.UNREADABLE, None, error.code) from None


def _numbers(act: Act, place: Place) -> list[int]:
    """The numbers held of the batch's chain, ascending."""
    if place.view.acted:
        return sorted(chains.links(act.connection, act.batch.station))
    return store.numbers(act.connection, act.batch.station)


def _receipt_item(settled: Settled, order: int | None) -> ReceiptItem:
    return ReceiptItem(
        key=settled.examined.key,
        revision=settled.examined.revision,
        outcome=settled.outcome,
        code="" if settled.refusal is None else settled.refusal.code,
        rules=settled.examined.rules,
        content_hash=settled.examined.stated_hash,
        processing_order=order,
    )


def _log_items(batch: Batch, settled: list[Ordered]) -> None:
    for each, _ in settled:
        if each.refusal is None:
            continue
        level = logging.ERROR if each.refusal.alarm else logging.WARNING
        examined = each.examined
        _log.log(
            level,
            "protocol refused: %s %s revision %d of batch %s %d %s",
            each.refusal.code,
            examined.key,
            examined.revision,
            batch.station,
            batch.number,
            " ".join(examined.rules),
        )
