"""Sending: numbered, chained, stored before sent, the same bytes again, believed only when proved."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.documents import batch as batches
from app.documents.receipt import Outcome, Receipt, ReceiptItem, Status
from app.election.model import Mode, ProtocolKey
from app.election.reference import Reference
from app.station import outbox as outbox_module
from app.station.backoff import Backoff
from app.station.changes import Change
from app.station.connection import Line
from app.station.errors import StoreTrouble
from app.station.outbox import BatchState, StoredBatch
from app.station.sending import HEARTBEAT, Answer, Sender, Unreachable
from app.station.states import State
from app.station.station import Station
from app.trust import chain, cms
from app.trust.identity import Expected, Role
from tests.support.station_world import (
    CLERK,
    Clock,
    FakeCentre,
    authority,
    file_of,
    fixed_chance,
    readings,
)


@pytest.fixture
def sender(station: Station, centre: FakeCentre) -> Sender:
    return station.sender(centre, fixed_chance())


def accept(station: Station, reference: Reference, count: int | None = None) -> list[ProtocolKey]:
    """Accept the first so many that have not been accepted."""
    todo = [item for item in readings(reference).items() if station.row(item[0]).revision == 0]  # type: ignore
    for _, reading in todo[:count]:
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(reading))
        station.intake.accept(offer, CLERK)
    return [key for key, _ in todo[:count]]


def run(sender: Sender, clock: Clock, most: int = 200) -> None:
    """Step, letting the time pass, until nothing is due any more."""
    for _ in range(most):
        due = sender.step(clock())
        if due is None:
            return
        clock.now = max(clock.now, due)
    raise AssertionError("the sender does not come to rest")


def states(station: Station) -> set[State]:
    return {row.state for row in station.completeness().rows}


def opened(data: bytes, clock: Clock) -> batches.Batch:
    ours = Expected(Role.STATION, "zk2024", 41, "41-1")
    verified = cms.verify(data, authority("zk2024").anchors, clock(), ours)
    return batches.read(verified.content)


def test_what_was_accepted_is_sent_counted_and_confirmed(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    keys = accept(station, reference)
    run(sender, clock)
    assert states(station) == {State.CONFIRMED}
    assert [key for key, _ in centre.order] == keys
    assert station.outbox.queue() == 0
    connection = station.connection()
    assert (connection.line, connection.last_receipt, connection.last_refusal) == (Line.ONLINE, clock(), None)


def test_batches_are_numbered_and_each_names_the_hash_of_the_one_before_and_the_journal(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    heads = []
    for _ in range(3):
        accept(station, reference, 2)
        heads.append(station.journal.head()[1])
        run(sender, clock)
    sent = [opened(data, clock) for data in centre.pushes]
    assert [batch.number for batch in sent] == [1, 2, 3]
    hashes = [chain.batch_hash(data) for data in centre.pushes]
    assert [batch.previous_hash for batch in sent] == [chain.GENESIS, *hashes[:2]]
    assert [batch.journal_head for batch in sent] == heads
    senders = {(batch.station, batch.transfer_point, batch.mode) for batch in sent}
    assert senders == {("41-1", 41, Mode.REHEARSAL)}


def test_a_batch_holds_at_most_thirty_protocols(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    keys = accept(station, reference)
    for seed in range(2, 7):  # corrections fill the outbox beyond thirty
        for key in keys:
            (offer,) = station.intake.read_bytes("z.xml", file_of(readings(reference, seed=seed)[key]))
            station.intake.correct(offer, CLERK, f"oprava {seed}")
    run(sender, clock)
    assert [len(opened(data, clock).items) for data in centre.pushes] == [30, 12]
    assert len(centre.counted) == 42
    assert states(station) == {State.CONFIRMED}


def test_a_batch_that_grows_too_large_is_split(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(outbox_module, "MOST_BYTES", 5_000)
    accept(station, reference)
    run(sender, clock)
    sizes = [len(batches.write(opened(data, clock))) for data in centre.pushes]
    assert len(sizes) > 1
    assert all(
        size <= 5_000 or len(opened(data, clock).items) == 1
        for size, data in zip(sizes, centre.pushes, strict=True)
    )
    assert states(station) == {State.CONFIRMED}


def test_a_batch_is_stored_before_a_byte_of_it_is_sent(
    station: Station, reference: Reference, clock: Clock
) -> None:
    seen = []

    class Looking:
        def push(self, data: bytes) -> Answer:
            stored = station.outbox.batch(1)
            seen.append((stored.data == data, stored.state))
            raise Unreachable

    accept(station, reference, 1)
    station.sender(Looking(), fixed_chance()).step(clock())
    assert seen == [(True, BatchState.SENDING)]


@pytest.mark.parametrize("fault", ["lost", "no answer", "garbage", "busy"])
def test_after_a_time_out_it_is_sent_and_waiting_never_failed(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock, fault: str
) -> None:
    keys = accept(station, reference, 3)
    centre.faults = [fault]
    due = sender.step(clock())
    assert {station.row(key).state for key in keys} == {State.SENT}  # type: ignore[union-attr]
    connection = station.connection()
    assert (connection.line, connection.queue, connection.next_attempt) == (Line.WAITING, 3, due)
    assert due is not None
    assert due > clock()
    assert sender.step(clock()) == due  # too early: nothing happens
    assert len(centre.pushes) == 1
    run(sender, clock)
    assert centre.pushes[0] == centre.pushes[1]  # the same bytes
    assert len(centre.counted) == len(centre.order) == 3
    assert {station.row(key).state for key in keys} == {State.CONFIRMED}  # type: ignore[union-attr]


def test_without_a_connection_it_is_not_sent_and_the_window_says_so(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    accept(station, reference, 2)
    centre.faults = ["unreachable"] * 3
    sender.step(clock())
    assert State.SENT not in states(station)
    assert station.outbox.open_batches() == {1: BatchState.READY}
    assert station.connection().line is Line.OFFLINE
    accept(station, reference, 2)  # the line is down: what comes now waits for the next batch
    run(sender, clock)
    assert [len(opened(data, clock).items) for data in centre.pushes] == [2, 2]


def test_a_doubled_push_counts_once(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    accept(station, reference)
    centre.faults = ["twice", "no answer"]
    run(sender, clock)
    assert len(centre.order) == 7
    assert states(station) == {State.CONFIRMED}


def test_waits_grow_to_a_cap_and_differ_between_stations() -> None:
    backoff = Backoff(random.Random(1))
    waits = [backoff.failed() for _ in range(100)]
    for index, wait in enumerate(waits):
        whole = min(timedelta(seconds=60), timedelta(seconds=2 ** min(index, 20)))
        assert whole / 2 <= wait <= whole
    assert waits != [Backoff(random.Random(2)).failed() for _ in range(100)]
    backoff.succeeded()
    assert backoff.failed() <= timedelta(seconds=1)


def test_the_centre_s_wish_to_wait_is_honoured_but_not_for_ever(
    station: Station, reference: Reference, clock: Clock
) -> None:
    class Busy:
        seconds = 20.0

        def push(self, data: bytes) -> Answer:
            return Answer(429, b"ING-12", "application/problem+json", self.seconds)

    accept(station, reference, 1)
    busy = Busy()
    sender = station.sender(busy, fixed_chance())
    assert sender.step(clock()) == clock() + timedelta(seconds=20)
    refusal = station.connection().last_refusal
    assert refusal is not None
    assert refusal.code == "ING-12"
    busy.seconds = 1e6
    sender.retry_now()
    assert sender.step(clock()) == clock() + timedelta(seconds=60)


def test_a_clock_that_is_set_back_does_not_stop_sending(
    station: Station, sender: Sender, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    accept(station, reference, 1)
    centre.faults = ["unreachable"]
    sender.step(clock())
    clock.advance(-3600)
    sender.step(clock())
    assert len(centre.counted) == 1


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


def test_a_batch_found_in_sending_at_start_is_unknown_and_goes_again_with_the_same_bytes(
    folder: Path, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    class Dies:
        def push(self, data: bytes) -> Answer:
            centre.push(data)
            raise KeyboardInterrupt

    with Station.open(folder, clock) as station:
        keys = accept(station, reference, 2)
        with pytest.raises(KeyboardInterrupt):
            station.sender(Dies(), fixed_chance()).step(clock())
        assert station.outbox.open_batches() == {1: BatchState.SENDING}
    with Station.open(folder, clock) as station:
        assert station.outbox.open_batches() == {1: BatchState.UNKNOWN}
        assert {station.row(key).state for key in keys} == {State.SENT}  # type: ignore[union-attr]
        run(station.sender(centre, fixed_chance()), clock)
        assert centre.pushes[0] == centre.pushes[1]
        assert station.progress().confirmed == 2


def test_while_there_is_nothing_to_send_the_line_is_tried(station: Station, clock: Clock) -> None:
    class Line_:
        there = True
        pings = 0

        def push(self, data: bytes) -> Answer:
            raise AssertionError

        def ping(self) -> bool:
            self.pings += 1
            return self.there

    line = Line_()
    sender = station.sender(line, fixed_chance())
    assert station.connection().line is Line.WAITING
    assert sender.step(clock()) == clock() + HEARTBEAT
    assert station.connection().line is Line.ONLINE
    since = station.connection().since
    clock.advance(HEARTBEAT.total_seconds())
    sender.step(clock())
    assert (station.connection().since, line.pings) == (since, 2)
    line.there = False
    clock.advance(HEARTBEAT.total_seconds())
    sender.step(clock())
    assert (station.connection().line, station.connection().since) == (Line.OFFLINE, clock())


def test_a_trouble_of_the_store_is_shown_and_the_loop_goes_on(
    station: Station,
    sender: Sender,
    reference: Reference,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop, troubles = threading.Event(), []
    make = station.outbox.make

    def full(now: datetime) -> StoredBatch | None:
        if len(troubles) < 2:
            troubles.append(now)
            raise StoreTrouble("STA-10", "Disk je plný.", "The disk is full.")
        return make(now)

    def look(change: Change) -> None:
        refusal = station.connection().last_refusal
        if refusal is not None and refusal.code == "STA-10":
            seen.set()
            clock.advance(100)
        if station.progress().confirmed:
            stop.set()

    seen = threading.Event()
    monkeypatch.setattr(station.outbox, "make", full)
    accept(station, reference, 1)
    station.subscribe(look)
    thread = threading.Thread(target=sender.run_forever, args=(stop,))
    thread.start()
    assert seen.wait(10)
    while thread.is_alive():  # the same sentence again is no change, so the time passes here
        clock.advance(100)
        thread.join(0.05)
    assert (len(troubles), station.progress().confirmed) == (2, 1)


@pytest.fixture
def running(station: Station, sender: Sender) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=sender.run_forever, args=(stop,))
    thread.start()
    yield stop
    stop.set()
    sender.wake()
    thread.join(10)
    assert not thread.is_alive()


def test_the_loop_wakes_when_something_is_accepted_and_tells_what_changed(
    station: Station, running: threading.Event, reference: Reference
) -> None:
    confirmed = threading.Event()
    heard: list[Change] = []

    def listen(change: Change) -> None:
        heard.append(change)
        if station.progress().confirmed == 1:
            confirmed.set()

    station.subscribe(listen)
    (key,) = accept(station, reference, 1)
    assert confirmed.wait(10)
    assert all(change.keys <= {key} for change in heard)
    assert any(change.connection for change in heard)
