"""Readers of XML documents: any bytes end by a document or by a refusal with a code, and what was read is
the same when it is written and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.documents import (
    accounts as accounts_,
)
from app.documents import (
    act,
    batch,
    inquiry,
    intake_formats,
    permit,
    point_state,
    protocol_file,
    provisioning,
    receipt,
)
from app.documents import own_batches as own_batches_
from app.documents.accounts import DeliveredAccount, DeliveredAccounts
from app.documents.act import Act
from app.documents.act import Kind as ActKind
from app.documents.batch import BatchItem
from app.documents.inquiry import Inquiry, Kind
from app.documents.own_batches import ChainHead, KeptBatch, OwnBatches
from app.documents.permit import Permit
from app.documents.point_state import Decision, PointState, Workstation
from app.documents.provisioning import Provisioning
from app.documents.receipt import Outcome, Receipt, ReceiptItem, Status
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from tests.fuzzing import told
from tests.fuzzing.targets import Made
from tests.support import readings as made

_KEY = ProtocolKey(PrecinctId(506737, 1), Contest.REGIONAL)
_LATER = made.WHEN + timedelta(hours=1)


def protocol_files() -> Made:
    both = protocol_file.write([made.REGIONAL, made.SENATE], made.ELECTION, Mode.REHEARSAL)
    one = protocol_file.write([made.SENATE], made.ELECTION, Mode.LIVE)

    def run(data: bytes) -> None:
        try:
            found = intake_formats.recognise(data)
        except KnownError as refused:
            told.check(refused)
            return
        again = protocol_file.read(protocol_file.write(found.readings, found.election, found.mode))
        assert again.readings == found.readings, "read otherwise when written again"

    return Made(run, (both, one, both.decode().encode("utf-16"), both.replace(b"UTF-8", b"windows-1250")))


def batches() -> Made:
    items = BatchItem(made.REGIONAL, made.acceptance()), BatchItem(made.SENATE, made.acceptance())
    return _of(batch.read, batch.write, made.batch_of(*items), made.batch_of(items[1]), made.batch_of())


def receipts() -> Made:
    item = ReceiptItem(_KEY, 1, Outcome.ACCEPTED, "", (), made.HASH, 7)
    refused = ReceiptItem(_KEY, 2, Outcome.REFUSED, "ING-21", ("PR-01", "PR-02"), made.HASH, None)
    whole = Receipt(
        made.ELECTION, Mode.REHEARSAL, "41-1", 3, made.HASH, made.WHEN, Status.QUEUED, "", (item, refused),
        ((1, 2),),
    )  # fmt: skip
    aside = replace(whole, batch_number=None, status=Status.QUARANTINED, code="ING-11", items=(), missing=())
    return _of(receipt.read, receipt.write, whole, aside)


def inquiries() -> Made:
    asked = Inquiry(made.ELECTION, Mode.LIVE, "41-1", 41, Kind.STATE, 0, "41-1", 3, made.WHEN)
    return _of(
        inquiry.read, inquiry.write, asked, replace(asked, kind=Kind.BATCHES, after=9, batches_of="41-2")
    )


def point_states() -> Made:
    decision = Decision(_KEY, 1, "41-2", 4, Outcome.CONFLICT, "ING-20", made.HASH, None, made.WHEN)
    stations = Workstation("41-1", True, made.WHEN, 5, 0), Workstation("41-2", False, None, 0, None)
    state = PointState(
        made.ELECTION, Mode.REHEARSAL, "41-1", 41, made.HASH, made.WHEN, 0, 12, False, (decision,), stations
    )
    return _of(point_state.read, point_state.write, state, replace(state, decisions=(), more=True))


def own_batches() -> Made:
    kept = KeptBatch(1, b"a signed batch", b"its receipt"), KeptBatch(2, b"\0\xff", b"\1")
    answer = OwnBatches(
        made.ELECTION, Mode.LIVE, "41-1", 41, "41-2", made.HASH, made.WHEN, 0, True,
        ChainHead(9, made.HASH, 4, made.HASH), kept,
    )  # fmt: skip
    return _of(own_batches_.read, own_batches_.write, answer, replace(answer, head=None, batches=()))


def permits() -> Made:
    given = Permit(made.ELECTION, Mode.LIVE, 1, 41, _KEY, _LATER, "povodeň", made.WHEN)
    return _of(permit.read, permit.write, given)


def acts() -> Made:
    withdrawn = Act(
        made.ELECTION, Mode.REHEARSAL, 3, ActKind.WITHDRAWAL, Contest.REGIONAL, ("První", "Druhý"),
        ("Třetí",),
        "chyba v součtu", made.WHEN, precinct=_KEY.precinct, revision=1, order=7,
    )  # fmt: skip
    lot = replace(
        withdrawn, kind=ActKind.LOT, area="region", area_number=1, precinct=None, revision=0, order=0,
        numbers=(12, 5), witnesses=(),
    )  # fmt: skip
    undone = replace(lot, kind=ActKind.CANCEL, area="", area_number=0, numbers=(), cancels=2)
    return _of(act.read, act.write, withdrawn, lot, undone)


def accounts() -> Made:
    person = DeliveredAccount("obsluha", "Zkušební osoba", "clerk", "$argon2id$v=19$m=8,t=1,p=1$YWFhYQ$YmJi")
    delivered = DeliveredAccounts(made.ELECTION, Mode.REHEARSAL, 41, made.WHEN, (person,))
    return _of(accounts_.read, accounts_.write, delivered)


def provisionings() -> Made:
    given = Provisioning(
        made.ELECTION, Mode.LIVE, 41, made.WHEN, "https://ustredi.example", made.HASH, (b"no certificate",)
    )
    return _of(provisioning.read, provisioning.write, given)


def _of(read: Callable[[bytes], Any], write: Callable[[Any], bytes], *values: Any) -> Made:
    def run(data: bytes) -> None:
        try:
            value = read(data)
        except KnownError as refused:
            told.check(refused)
            return
        assert read(write(value)) == value, "read otherwise when written again"

    return Made(run, tuple(write(value) for value in values))
