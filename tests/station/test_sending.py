"""Sending: numbered, chained, stored before sent, the same bytes again, and when nobody answers."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from app.documents import batch as batches
from app.election.model import Mode
from app.election.reference import Reference
from app.station import outbox as outbox_module
from app.station.backoff import Backoff
from app.station.connection import Line
from app.station.outbox import BatchState
from app.station.sending import Answer, Sender, Unreachable
from app.station.states import State
from app.station.station import Station
from app.trust import chain
from tests.support.pushing import accept, opened, run, states
from tests.support.station_world import (
    CLERK,
    Clock,
    FakeCentre,
    file_of,
    fixed_chance,
    readings,
)


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
    due = sender.step(clock())
    assert due is not None
    assert timedelta(seconds=20) <= due - clock() <= timedelta(seconds=30), "drawn out: not all at once"
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
