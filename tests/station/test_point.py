"""Several workstations of one point: every screen shows the whole point, nothing is counted twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.errors import (
    AlreadyAccepted,
    Blocked,
    ContentChanged,
    NotConfirmed,
    ReasonMissing,
    RoleRefused,
)
from app.station.offers import Standing
from app.station.point.errors import NoConflict, TakenElsewhere
from app.station.point.pulling import ALONE, BUSY, CALM
from app.station.states import State
from app.station.wire import Answer
from tests.support.point_world import PointWorld, point_world
from tests.support.station_world import CLERK, SUPERVISOR, Clock

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
OTHER = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
ExpectLog = Callable[[int | str, str], None]


@pytest.fixture
def world(tmp_path: Path, reference: Reference, clock: Clock) -> Iterator[PointWorld]:
    with point_world(tmp_path, reference, clock) as made:
        yield made


def conflict(world: PointWorld, expect_log: ExpectLog) -> None:
    """Both take the precinct in without hearing of each other; the first one's stands."""
    one, two = world.places[1], world.places[2]
    one.take_in(KEY, 1)
    two.take_in(KEY, 2)
    world.run(1)
    expect_log("ERROR", "ING-20")
    world.run(2)
    world.sync()


class TestView:
    def test_what_one_takes_in_the_other_shows_as_confirmed_there(self, world: PointWorld) -> None:
        one, two = world.places[1], world.places[2]
        one.take_in(KEY)
        world.run(1)
        assert two.row(KEY).state is State.AWAITED
        world.run(2)
        row = two.row(KEY)
        assert (row.state, row.revision, row.workstation) == (State.CONFIRMED, 1, "41-1")
        assert row.is_elsewhere
        assert row.content_hash == one.row(KEY).content_hash
        assert row in two.station.completeness().rows
        progress = two.station.progress()
        assert (progress.accepted, progress.confirmed, progress.missing) == (1, 1, 6)
        assert not one.row(KEY).is_elsewhere

    def test_it_survives_a_restart_and_is_not_asked_for_again(
        self, world: PointWorld, tmp_path: Path
    ) -> None:
        world.places[1].take_in(KEY)
        world.run(1, 2)
        assert world.places[2].station.point.memory.cursor() == 1
        assert world.places[2].station.point.memory.last_state().decisions  # type: ignore[union-attr]

    def test_a_change_is_told_with_the_keys_that_it_is_about(self, world: PointWorld) -> None:
        heard = []
        world.places[2].station.subscribe(heard.append)
        world.places[1].take_in(KEY)
        world.run(1, 2)
        assert {key for change in heard for key in change.keys} == {KEY}

    def test_after_a_push_at_once_often_while_others_are_up_seldom_alone(self, world: PointWorld) -> None:
        one, two = world.places[1], world.places[2]
        world.run(1)
        assert CALM * 0.8 <= one.station.point.pull.due(world.clock()) - world.clock() <= CALM  # nobody heard
        two.take_in(KEY)
        world.run(2)
        asked = one.line.asked
        world.clock.advance(CALM.total_seconds())
        world.run(1)
        assert one.line.asked == asked + 1
        assert one.row(KEY).state is State.CONFIRMED
        assert BUSY * 0.8 <= one.station.point.pull.due(world.clock()) - world.clock() <= BUSY
        asked = one.line.asked
        one.take_in(OTHER)
        world.run(1)
        assert one.line.asked > asked
        assert BUSY < CALM < ALONE

    def test_a_cut_line_is_shown_and_tried_again_and_nothing_is_lost(self, world: PointWorld) -> None:
        one, two = world.places[1], world.places[2]
        two.line.faults = ["unreachable", "no answer", "lost"]
        one.take_in(KEY)
        world.run(1)
        world.sync(6)
        assert two.row(KEY).state is State.CONFIRMED

    def test_a_centre_that_refuses_inquiries_stops_no_sending(self, world: PointWorld) -> None:
        one = world.places[1]

        class Refusing:
            def push(self, data: bytes) -> Answer:
                return one.line.push(data)

            def ask(self, data: bytes) -> Answer:
                return Answer(404, b"{}", "application/json")

        sender = one.station.sender(Refusing())
        one.take_in(KEY)
        for _ in range(10):
            due = sender.step(world.clock())
            if due is None or due > world.clock():
                break
        assert one.row(KEY).state is State.CONFIRMED
        trouble = one.station.point.view().trouble
        assert trouble is not None
        assert trouble.code == "STA-110"

    def test_the_page_lists_all_workstations(self, world: PointWorld) -> None:
        one, two = world.places[1], world.places[2]
        one.take_in(KEY)
        world.run(1)
        two.take_in(OTHER)
        world.run(2)
        world.sync(1)
        two.take_in(ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1))
        places = one.station.point.view().places
        assert [(p.station, p.own, p.accepted, p.waiting) for p in places] == [
            ("41-1", True, 1, 0),
            ("41-2", False, 1, 0),
        ]
        assert [(p.own, p.waiting) for p in two.station.point.view().places] == [(False, 0), (True, 1)]


class TestIntake:
    def test_the_same_content_is_recognised_as_taken_in_there(self, world: PointWorld) -> None:
        world.places[1].take_in(KEY)
        world.run(1, 2)
        two = world.places[2]
        (offer,) = two.read(KEY)
        assert (offer.standing, offer.is_elsewhere) == (Standing.SAME, True)
        with pytest.raises(TakenElsewhere, match="41-1") as refused:
            two.station.intake.accept(offer, CLERK)
        assert isinstance(refused.value, AlreadyAccepted)
        with pytest.raises(TakenElsewhere):
            two.station.intake.as_correction(offer, CLERK, "oprava")
        assert two.station.outbox.queue() == 0

    def test_other_content_becomes_a_correction_over_the_one_that_stands(self, world: PointWorld) -> None:
        world.places[1].take_in(KEY, 1)
        world.run(1, 2)
        one, two = world.places[1], world.places[2]
        (offer,) = two.read(KEY, 2)
        assert (offer.standing, offer.is_elsewhere) == (Standing.DIFFERENT, False)
        assert offer.elsewhere is not None
        assert offer.elsewhere.station == "41-1"
        with pytest.raises(Blocked):
            two.station.intake.accept(offer, CLERK)
        accepted = two.station.intake.correct(offer, CLERK, "komise přinesla opravu")
        assert accepted.revision == 2
        world.sync()
        for place in (one, two):
            row = place.row(KEY)
            assert (row.state, row.revision, row.workstation) == (State.CONFIRMED, 2, "41-2")
            assert row.content_hash == accepted.content_hash

    def test_other_content_is_put_beside_the_one_that_stands_once_it_was_looked_for(
        self, world: PointWorld
    ) -> None:
        world.places[1].take_in(KEY, 1)
        world.run(1, 2)
        two = world.places[2]
        (offer,) = two.read(KEY, 2)
        beside = two.station.point.conflicts.beside
        assert beside(offer) is None
        world.clock.advance(5)
        world.run(2)
        shown = beside(offer)
        assert shown is not None
        assert shown[0].content_hash == world.places[1].row(KEY).content_hash
        assert shown[1] == world.places[1].station.intake.current(KEY)[1]  # type: ignore[index]

    def test_what_another_workstation_corrected_gets_no_confirmation_here_any_more(
        self, world: PointWorld
    ) -> None:
        one, two = world.places[1], world.places[2]
        one.take_in(KEY, 1)
        world.sync()
        assert one.station.prints.confirmation_data(KEY, CLERK).head.revision == 1
        two.station.intake.correct(two.read(KEY, 2)[0], CLERK, "komise přinesla opravu")
        world.sync()
        with pytest.raises(NotConfirmed):
            one.station.prints.confirmation_data(KEY, CLERK)
        assert two.station.prints.confirmation_data(KEY, CLERK).head.revision == 2

    def test_an_offer_on_the_screen_is_stale_once_another_took_the_precinct_in(
        self, world: PointWorld
    ) -> None:
        (offer,) = world.places[2].read(KEY, 2)
        world.places[1].take_in(KEY, 1)
        world.run(1, 2)
        with pytest.raises(ContentChanged):
            world.places[2].station.intake.accept(offer, CLERK)

    def test_the_same_protocol_taken_in_twice_counts_once_and_stands_for_both(
        self, world: PointWorld
    ) -> None:
        for place in world.places.values():
            place.take_in(KEY)
        world.sync()
        assert [place.row(KEY).state for place in world.places.values()] == [State.CONFIRMED] * 2
        assert not any(place.row(KEY).elsewhere for place in world.places.values())


class TestConflict:
    def test_both_contents_come_side_by_side(self, world: PointWorld, expect_log: ExpectLog) -> None:
        conflict(world, expect_log)
        two = world.places[2].station
        assert two.row(KEY).state is State.RETURNED  # type: ignore[union-attr]
        assert two.row(KEY).in_conflict  # type: ignore[union-attr]
        assert two.point.conflicts.waiting() == (KEY,)
        shown = two.point.conflicts.of(KEY)
        assert shown is not None
        assert shown.theirs is not None
        assert shown.standing.station == "41-1"
        assert shown.differing
        assert shown.theirs.protocol != shown.our_protocol
        assert world.places[1].station.point.conflicts.waiting() == ()

    def test_the_other_stands_ours_is_withdrawn_and_nothing_more_is_sent(
        self, world: PointWorld, expect_log: ExpectLog
    ) -> None:
        conflict(world, expect_log)
        one, two = world.places[1], world.places[2]
        conflicts = two.station.point.conflicts
        shown = conflicts.of(KEY)
        assert shown is not None
        with pytest.raises(RoleRefused):
            conflicts.withdraw(KEY, shown, CLERK, "platí první")
        with pytest.raises(ReasonMissing):
            conflicts.withdraw(KEY, shown, SUPERVISOR, " ")
        pushes = two.line.pushes
        conflicts.withdraw(KEY, shown, SUPERVISOR, "platí první")
        with pytest.raises(NoConflict):
            conflicts.withdraw(KEY, shown, SUPERVISOR, "znovu")
        world.sync()
        assert two.line.pushes == pushes
        row = two.row(KEY)
        assert (row.state, row.revision, row.workstation) == (State.CONFIRMED, 1, "41-1")
        assert row.content_hash == one.row(KEY).content_hash
        assert conflicts.waiting() == ()
        (entry,) = [e for e in two.station.journal.entries() if e.act == "withdraw"]
        assert entry.details["reason"] == "platí první"
        # What stands can still be corrected from here.
        (offer,) = two.read(KEY, 3)
        assert two.station.intake.correct(offer, CLERK, "oprava").revision == 2

    def test_ours_is_right_goes_as_the_next_revision(self, world: PointWorld, expect_log: ExpectLog) -> None:
        conflict(world, expect_log)
        one, two = world.places[1], world.places[2]
        shown = two.station.point.conflicts.of(KEY)
        assert shown is not None
        offer = two.station.point.conflicts.insist(KEY, shown, SUPERVISOR, "první byl přehozený")
        assert (offer.revision, offer.reading.corrected) == (2, 1)
        world.sync()
        for place in (one, two):
            row = place.row(KEY)
            assert (row.state, row.revision, row.workstation) == (State.CONFIRMED, 2, "41-2")
        current = two.station.intake.current(KEY)
        assert current is not None
        assert current[1].counts == shown.our_protocol.counts

    def test_a_settlement_binds_to_what_was_shown(self, world: PointWorld, expect_log: ExpectLog) -> None:
        conflict(world, expect_log)
        one, two = world.places[1], world.places[2]
        shown = two.station.point.conflicts.of(KEY)
        assert shown is not None
        (offer,) = one.read(KEY, 3)
        one.station.intake.correct(offer, CLERK, "oprava")
        world.sync()
        for act in (two.station.point.conflicts.withdraw, two.station.point.conflicts.insist):
            with pytest.raises(ContentChanged):
                act(KEY, shown, SUPERVISOR, "platí jiný")


class TestStick:
    def test_what_came_by_a_stick_is_taken_in_there_and_not_yet_confirmed(
        self, world: PointWorld, tmp_path: Path
    ) -> None:
        one, two = world.places[1], world.places[2]
        one.take_in(KEY)
        written = one.station.point.exchange.write(tmp_path, CLERK)
        assert (written.files, written.known) == (1, 0)
        assert one.station.point.exchange.write(tmp_path, CLERK).known == 1
        came = two.station.point.exchange.read(tmp_path, CLERK)
        assert (came.batches, came.keys, came.troubles) == (1, frozenset({KEY}), ())
        row = two.row(KEY)
        assert (row.state, row.workstation, row.is_elsewhere) == (State.ACCEPTED, "41-1", True)
        with pytest.raises(TakenElsewhere, match="not confirmed it yet"):
            two.station.intake.accept(two.read(KEY)[0], CLERK)
        assert two.station.point.exchange.read(tmp_path, CLERK).known == 1

    def test_the_one_with_a_line_delivers_and_the_receipt_comes_back(
        self, world: PointWorld, tmp_path: Path
    ) -> None:
        one, two = world.places[1], world.places[2]
        one.take_in(KEY)
        one.station.point.exchange.write(tmp_path, CLERK)
        two.station.point.exchange.read(tmp_path, CLERK)
        world.run(2)
        assert two.row(KEY).state is State.CONFIRMED
        assert two.line.pushes == 1
        assert two.station.point.exchange.write(tmp_path, CLERK).files == 1
        came = one.station.point.exchange.read(tmp_path, CLERK)
        assert (came.receipts, came.keys) == (1, frozenset({KEY}))
        assert one.row(KEY).state is State.CONFIRMED
        assert one.station.outbox.queue() == 0
        world.sync()
        assert (one.row(KEY).revision, one.line.pushes, two.line.pushes) == (1, 0, 1)

    def test_a_file_that_is_not_of_this_point_is_told_and_changes_nothing(
        self, world: PointWorld, tmp_path: Path
    ) -> None:
        one, two = world.places[1], world.places[2]
        one.take_in(KEY)
        folder = one.station.point.exchange.write(tmp_path, CLERK).folder
        good = folder / "41-1" / "davka-00001.p7m"
        data = good.read_bytes()
        good.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        (folder / "41-1" / "davka-00002.p7m").write_bytes(b"")
        came = two.station.point.exchange.read(tmp_path, CLERK)
        assert (came.batches, came.receipts, len(came.troubles)) == (0, 0, 2)
        assert two.row(KEY).state is State.AWAITED


@pytest.mark.parametrize("table", ["point_documents", "point_decisions", "point_items", "withdrawals"])
def test_what_was_told_of_the_point_cannot_be_changed_or_deleted(
    world: PointWorld, expect_log: ExpectLog, table: str
) -> None:
    conflict(world, expect_log)
    two = world.places[2].station
    shown = two.point.conflicts.of(KEY)
    assert shown is not None
    two.point.conflicts.withdraw(KEY, shown, SUPERVISOR, "platí první")
    db = two._store.connection
    before = list(map(tuple, db.execute(f"SELECT * FROM {table}")))
    assert before
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = rowid + 100"):
        with pytest.raises(sqlite3.Error):
            db.execute(sql)
    assert list(map(tuple, db.execute(f"SELECT * FROM {table}"))) == before
