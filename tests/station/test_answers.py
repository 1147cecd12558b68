"""The centre's answers: refusals that return a protocol, and what is believed only when it is proved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.documents.receipt import Outcome, Receipt, ReceiptItem, Status
from app.election.model import Mode
from app.election.reference import Reference
from app.station.outbox import BatchState
from app.station.sending import Answer, Sender
from app.station.states import State
from app.station.station import Station
from app.trust import cms
from app.trust.identity import Expected, Role
from tests.support.pushing import accept, opened, run, states
from tests.support.station_world import (
    CLERK,
    Clock,
    FakeCentre,
    authority,
    file_of,
    fixed_chance,
    readings,
)


def test_a_protocol_that_the_centre_refuses_is_returned_and_the_others_stand(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    keys = accept(station, reference)
    centre.refused = {keys[2]}
    run(sender, clock)
    row = station.row(keys[2])
    assert row is not None
    assert (row.state, row.note) == (State.RETURNED, "ING-21 LG-01")
    assert station.progress().confirmed == 6
    assert station.progress().returned == 1
    refusal = station.connection().last_refusal
    assert refusal is not None
    assert "ING-21" in refusal.cs
    centre.refused = set()
    (offer,) = station.intake.read_bytes("z.xml", file_of(readings(reference, seed=5)[keys[2]]))
    station.intake.correct(offer, CLERK, "vráceno ústředím")
    run(sender, clock)
    assert states(station) == {State.CONFIRMED}


def test_a_returned_protocol_may_be_sent_again_with_the_same_figures(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    (key,) = accept(station, reference, 1)
    centre.refused = {key}
    run(sender, clock)
    centre.refused = set()
    (offer,) = station.intake.read_bytes("z.xml", file_of(readings(reference)[key]))
    station.intake.correct(offer, CLERK, "ústředí povolilo pozdní převzetí")
    run(sender, clock)
    assert station.row(key).state is State.CONFIRMED  # type: ignore[union-attr]


def test_an_answer_to_an_older_revision_does_not_move_the_newer_one(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    (key,) = accept(station, reference, 1)
    centre.faults = ["no answer"]
    sender.step(clock())
    (offer,) = station.intake.read_bytes("z.xml", file_of(readings(reference, seed=2)[key]))
    station.intake.correct(offer, CLERK, "oprava")
    clock.advance(60)
    sender.step(clock())  # the first batch's answer
    row = station.row(key)
    assert row is not None
    assert (row.state, row.revision) == (State.ACCEPTED, 2)
    run(sender, clock)
    assert station.row(key).state is State.CONFIRMED  # type: ignore[union-attr]
    assert centre.order == [(key, 1), (key, 2)]


def test_a_batch_refused_whole_stays_sent_and_holds_up_no_other(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    first = accept(station, reference, 2)
    centre.batch_refusal = "ING-05"
    sender.step(clock())
    assert {station.row(key).state for key in first} == {State.SENT}  # type: ignore[union-attr]
    assert station.outbox.open_batches() == {1: BatchState.REFUSED}
    refusal = station.connection().last_refusal
    assert refusal is not None
    assert refusal.code == "ING-05"
    accept(station, reference, 2)
    centre.batch_refusal = ""
    sender.step(clock())  # the next batch goes at once and is kept, for the first is missing
    assert len(centre.pushes) == 2
    run(sender, clock)
    assert len(centre.counted) == 4
    assert not station.outbox.open_batches()


def test_a_centre_that_lost_a_batch_gets_it_again(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    for _ in range(2):
        accept(station, reference, 2)
        run(sender, clock)
    centre.batches.clear()  # restored from an old copy
    centre.counted.clear()
    accept(station, reference, 2)
    run(sender, clock)
    assert {number for _, number in centre.batches} == {1, 2, 3}
    assert len(centre.counted) == 6
    assert station.progress().confirmed == 6


def right_receipt(station: Station, centre: FakeCentre, clock: Clock) -> Receipt:
    batch = opened(station.outbox.batch(1).data, clock)
    items = tuple(
        ReceiptItem(i.reading.key, 1, Outcome.ACCEPTED, "", (), i.acceptance.content_hash, n)
        for n, i in enumerate(batch.items, start=1)
    )
    stored = station.outbox.batch(1)
    return Receipt(
        "zk2024", Mode.REHEARSAL, "41-1", 1, stored.hash, clock(), Status.ACCEPTED, "", items, ()
    )  # fmt: skip


@pytest.mark.parametrize(
    "forge",
    [
        lambda r, sign: sign(r, role=Role.PUBLISHER),
        lambda r, sign: sign(r, role=Role.REFERENCE),
        lambda r, sign: sign(replace(r, mode=Mode.LIVE)),
        lambda r, sign: sign(replace(r, station="41-2")),
        lambda r, sign: sign(replace(r, batch_number=2)),
        lambda r, sign: sign(replace(r, batch_hash="0" * 64)),
        lambda r, sign: sign(r)[:-1] + b"\0",
        lambda r, sign: b"",
        lambda r, sign: b"<html>login</html>",
    ],
)
def test_an_answer_that_is_not_the_centre_s_for_this_batch_is_never_believed(
    station: Station, centre: FakeCentre, reference: Reference, clock: Clock, forge: object
) -> None:
    class Forger:
        def push(self, data: bytes) -> Answer:
            return Answer(200, forge(right_receipt(station, centre, clock), centre.signed))  # type: ignore

    accept(station, reference, 2)
    sender = station.sender(Forger(), fixed_chance())
    sender.step(clock())
    assert State.CONFIRMED not in states(station)
    assert station._store.rows("SELECT * FROM receipts") == []
    assert station.outbox.open_batches() == {1: BatchState.UNKNOWN}
    assert station.connection().last_refusal is not None


def test_an_item_about_other_content_confirms_nothing(
    station: Station, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    class Other:
        def push(self, data: bytes) -> Answer:
            right = right_receipt(station, centre, clock)
            wrong = replace(right.items[0], content_hash="0" * 64)
            return Answer(200, centre.signed(replace(right, items=(wrong, *right.items[1:]))))

    keys = accept(station, reference, 2)
    sender = station.sender(Other(), fixed_chance())
    sender.step(clock())
    assert [station.row(key).state for key in keys] == [State.SENT, State.CONFIRMED]  # type: ignore
    refusal = station.connection().last_refusal
    assert refusal is not None
    assert refusal.code == "STA-52"


def test_a_receipt_is_stored_as_it_came(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    accept(station, reference, 1)
    run(sender, clock)
    (row,) = station._store.rows("SELECT data, status, batch_number FROM receipts")
    verified = cms.verify(row["data"], authority("zk2024").anchors, clock(), Expected(Role.CENTRE, "zk2024"))
    assert b"PRIJATO" in verified.content
    assert (row["status"], row["batch_number"]) == ("PRIJATO", 1)
