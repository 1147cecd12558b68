"""The loop that sends: after a crash, while there is nothing to send, and with a store in trouble."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from app.election.reference import Reference
from app.station.changes import Change
from app.station.connection import Line, Sentence
from app.station.errors import StoreTrouble
from app.station.outbox import BatchState, StoredBatch
from app.station.sending import HEARTBEAT, Answer, Sender
from app.station.states import State
from app.station.station import Station
from tests.support.pushing import accept, run
from tests.support.station_world import (
    Clock,
    FakeCentre,
    fixed_chance,
)


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

    def full(now: datetime, most: int) -> StoredBatch | None:
        if len(troubles) < 2:
            troubles.append(now)
            raise StoreTrouble("STA-10", "Disk je plný.", "The disk is full.")
        return make(now, most)

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


def test_the_whole_store_is_proved_once_it_has_nothing_to_send(
    folder: Path,
    centre: FakeCentre,
    reference: Reference,
    clock: Clock,
    expect_log: Callable[[str, str], None],
) -> None:
    with Station.open(folder, clock) as station:
        accept(station, reference, 2)
        looped(station, centre)
        assert station.progress().confirmed == 2
        assert station.connection().last_refusal is None
    with closing(sqlite3.connect(folder / "store.sqlite")) as store, store:
        for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            store.execute(f"DROP TRIGGER {name}")
        assert store.execute("UPDATE versions SET accepted_by = 'nikdo'").rowcount
    expect_log("ERROR", "not what the program wrote")
    with Station.open(folder, clock) as station:
        looped(station, centre)
        refusal = station.connection().last_refusal
        assert refusal is not None
        assert refusal.code == "STA-122"


def looped(station: Station, centre: FakeCentre) -> None:
    """Let the loop run until its proof is made."""
    sender, stop, proved = station.sender(centre, fixed_chance()), threading.Event(), threading.Event()
    prove = sender.proof
    assert prove is not None

    def proof() -> Sentence | None:
        found = prove()
        proved.set()
        return found

    sender.proof = proof
    thread = threading.Thread(target=sender.run_forever, args=(stop,))
    thread.start()
    assert proved.wait(30)
    stop.set()
    sender.wake()
    thread.join()
    assert sender.proof is None
