"""The whole way by stick: written, carried by anybody, taken in at the centre, receipts brought back."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from app.central import centre as central
from app.central import schema, take
from app.commands.central import app as command
from app.documents import stick
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.point import delivering
from app.station.point.exchange import ReadIn, StickTrouble
from app.station.states import State
from app.trust import chain
from tests.support.invented_election import OTHER_POINT
from tests.support.point_world import Place, PointWorld, point_world
from tests.support.station_world import CLERK, Clock, readings

ExpectLog = Callable[[int | str, str], None]


@pytest.fixture
def world(tmp_path: Path, reference: Reference, clock: Clock) -> Iterator[PointWorld]:
    with point_world(tmp_path, reference, clock, others=(OTHER_POINT,)) as made:
        yield made


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def take_all_in(world: PointWorld, reference: Reference) -> dict[ProtocolKey, Place]:
    """Every protocol of the point, by turns at its two workstations."""
    taken = {}
    for index, key in enumerate(readings(reference)):
        taken[key] = world.places[1 + index % 2]
        taken[key].take_in(key)
    return taken


def write(place: Place, medium: Path) -> int:
    return place.station.point.exchange.write(medium, CLERK).files


def read(place: Place, medium: Path) -> ReadIn:
    return place.station.point.exchange.read(medium, CLERK)


def at_the_centre(world: PointWorld, medium: Path) -> list[take.Taken]:
    return list(take.take(world.centre, take.found([medium])))


def counted(world: PointWorld) -> dict[tuple[int, int, str, int], int]:
    """How often each revision counts at the centre."""
    revision = schema.revision
    of_one = (revision.c.municipality, revision.c.precinct, revision.c.contest, revision.c.revision)
    with world.centre.database.reading() as connection:
        rows = connection.execute(
            select(*of_one, func.count()).where(revision.c.processing_order.is_not(None)).group_by(*of_one)
        )
        return {tuple(row[:4]): row[4] for row in rows}


class TestAtTheCentre:
    def test_without_any_line_everything_is_confirmed_once_and_only_once(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        taken = take_all_in(world, reference)
        for number in (1, 2):
            write(world.places[number], medium)
        results = at_the_centre(world, medium)
        assert [each.code for each in results] == [""] * len(results)
        for number in (1, 2):
            assert not read(world.places[number], medium).troubles
        for key, place in taken.items():
            assert place.row(key).state is State.CONFIRMED
        assert {place.station.outbox.queue() for place in world.places.values()} == {0}
        assert counted(world) == {(*key.precinct, key.contest.value, 1): 1 for key in taken}
        assert sum(place.line.pushes for place in world.places.values()) == 0

    def test_a_medium_that_comes_again_changes_nothing_and_gets_the_same_receipts(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        take_all_in(world, reference)
        write(world.places[1], medium)
        first = at_the_centre(world, medium)
        before = counted(world)
        world.clock.advance(3600)
        assert [each.written for each in at_the_centre(world, medium)] == [each.written for each in first]
        assert counted(world) == before
        assert read(world.places[1], medium).receipts == 1
        assert read(world.places[1], medium).receipts == 0

    def test_the_files_are_the_outbox_byte_for_byte(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        take_all_in(world, reference)
        write(world.places[1], medium)
        (path,) = stick.batches_below(medium)
        assert path.relative_to(medium).as_posix() == "prebirka-zk2024/41-1/davka-00001.p7m"
        assert path.read_bytes() == world.places[1].station.outbox.batch(1).data

    def test_a_running_centre_publishes_what_another_process_took(
        self, world: PointWorld, reference: Reference, medium: Path, tmp_path: Path
    ) -> None:
        world.centre.publisher.flush()
        take_all_in(world, reference)
        write(world.places[1], medium)
        beside = central.Centre.open(tmp_path / "centre", world.clock)
        try:
            list(take.take(beside, take.found([medium])))
        finally:
            beside.close()
        world.centre.publisher.flush()
        processed = sum(counts["processed"] for counts in world.centre.publisher.progress.values())
        assert processed == len(counted(world)) > 0

    def test_the_command_takes_a_medium_and_says_what_became_of_each_file(
        self, world: PointWorld, reference: Reference, medium: Path, tmp_path: Path, expect_log: ExpectLog
    ) -> None:
        take_all_in(world, reference)
        write(world.places[1], medium)
        clock = world.clock().astimezone(ZoneInfo("Europe/Prague"))
        centre = str(tmp_path / "centre")
        told = ["take", centre, str(medium), "--clock", f"{clock:%Y-%m-%dT%H:%M:%S}"]
        done = CliRunner().invoke(command, told, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert "davka-00001.p7m: 41-1" in done.output
        assert read(world.places[1], medium).receipts == 1
        (medium / "prebirka-zk2024" / "41-1" / "davka-00002.p7m").write_bytes(b"photograph")
        expect_log("WARNING", "ING-03")
        done = CliRunner().invoke(command, told, catch_exceptions=False)
        assert done.exit_code == 1
        assert "[ING-03]" in done.output

    def test_a_folder_without_batches_is_said_so(self, world: PointWorld, medium: Path) -> None:
        with pytest.raises(KnownError, match="no batches") as error:
            take.found([medium])
        assert error.value.code == "CEN-50"

    def test_a_receipt_that_cannot_be_written_is_told_and_the_batch_stays_taken(
        self, world: PointWorld, reference: Reference, medium: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_all_in(world, reference)
        write(world.places[1], medium)

        def full(path: Path, data: bytes) -> bool:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr(stick, "write_whole", full)
            with pytest.raises(KnownError) as error:
                at_the_centre(world, medium)
        assert error.value.code == "CEN-51"
        before = counted(world)
        assert at_the_centre(world, medium)[0].code == ""
        assert counted(world) == before


class TestByBothWays:
    @pytest.mark.parametrize("first", ["line", "stick"])
    def test_what_comes_by_the_line_and_by_a_stick_counts_once(
        self, world: PointWorld, reference: Reference, medium: Path, first: str
    ) -> None:
        take_all_in(world, reference)
        one = world.places[1]
        write(one, medium)
        ways = [lambda: world.run(1), lambda: at_the_centre(world, medium)]
        for way in ways if first == "line" else reversed(ways):
            way()
        before = one.station.outbox.batch(1)
        assert not read(one, medium).troubles
        world.run(1)
        assert set(counted(world).values()) == {1}
        assert one.station.outbox.queue() == 0
        assert one.station.outbox.batch(1).data == before.data
        receipts = one.station._store.rows("SELECT count(DISTINCT sha256) AS n, count(*) AS m FROM receipts")
        assert tuple(receipts[0]) == (1, 1)  # the line's answer and the stick's file are the same bytes

    def test_an_answer_lost_on_the_line_comes_by_the_stick(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        taken = take_all_in(world, reference)
        one = world.places[1]
        one.line.faults = ["no answer"] * 3
        world.run(1)
        write(one, medium)
        at_the_centre(world, medium)
        read(one, medium)
        assert {one.row(key).state for key, place in taken.items() if place is one} == {State.CONFIRMED}
        assert set(counted(world).values()) == {1}


class TestByAnotherPoint:
    def test_it_is_delivered_from_there_and_the_receipt_comes_back(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        taken = take_all_in(world, reference)
        one, other = world.places[1], world.places[OTHER_POINT]
        write(one, medium)
        came = read(other, medium)
        assert (came.batches, came.keys, came.troubles) == (1, frozenset(), ())
        world.run(OTHER_POINT)
        assert other.line.pushes == 1
        assert write(other, medium) >= 1
        assert read(one, medium).receipts == 1
        mine = [key for key, place in taken.items() if place is one]
        assert {one.row(key).state for key in mine} == {State.CONFIRMED}
        assert counted(world) == {(*key.precinct, key.contest.value, 1): 1 for key in mine}
        world.clock.advance(120)
        world.run(OTHER_POINT, 1)
        assert (one.line.pushes, other.line.pushes) == (0, 1)

    def test_nothing_of_it_is_shown_there(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        take_all_in(world, reference)
        other = world.places[OTHER_POINT]
        before = other.station.completeness()
        write(world.places[1], medium)
        read(other, medium)
        world.run(OTHER_POINT)
        assert other.station.completeness() == before
        assert {place.station for place in other.station.point.view().places} == {"42-1"}

    def test_a_batch_that_the_centre_does_not_take_holds_no_other_up(
        self, world: PointWorld, reference: Reference, medium: Path, tmp_path: Path, expect_log: ExpectLog
    ) -> None:
        take_all_in(world, reference)
        other = world.places[OTHER_POINT]
        for number in (1, 2):
            write(world.places[number], medium)
        read(other, medium)
        central.revoke_station(tmp_path / "centre", "41-1", "ztracena", world.clock())
        expect_log("WARNING", "ING-05")
        world.run(OTHER_POINT)
        assert len(other.station.point.carried.undelivered()) == 1
        assert _senders(world) == {"41-2"}
        world.clock.advance(delivering.AGAIN.total_seconds() - 1)
        pushes = other.line.pushes
        world.run(OTHER_POINT)
        assert other.line.pushes == pushes
        world.clock.advance(1)
        world.run(OTHER_POINT)
        assert other.line.pushes == pushes + 1

    def test_a_clock_that_was_set_back_does_not_stop_the_delivery(
        self, world: PointWorld, reference: Reference, medium: Path, tmp_path: Path, expect_log: ExpectLog
    ) -> None:
        take_all_in(world, reference)
        other = world.places[OTHER_POINT]
        write(world.places[1], medium)
        read(other, medium)
        central.revoke_station(tmp_path / "centre", "41-1", "ztracena", world.clock())
        expect_log("WARNING", "ING-05")
        world.run(OTHER_POINT)
        pushes = other.line.pushes
        world.clock.now -= timedelta(hours=3)
        world.run(OTHER_POINT)
        assert other.line.pushes == pushes + 1

    @pytest.mark.parametrize("verb", ["DELETE FROM carried", "UPDATE carried SET number = 9"])
    def test_what_is_carried_cannot_be_changed_or_deleted(
        self, world: PointWorld, reference: Reference, medium: Path, verb: str
    ) -> None:
        take_all_in(world, reference)
        write(world.places[1], medium)
        read(world.places[OTHER_POINT], medium)
        db = world.places[OTHER_POINT].station._store.connection
        with pytest.raises(sqlite3.Error):
            db.execute(verb)


class TestWhatAStickCannotDo:
    def test_a_receipt_with_one_changed_byte_confirms_nothing(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        taken = take_all_in(world, reference)
        one = world.places[1]
        write(one, medium)
        (done,) = at_the_centre(world, medium)
        assert done.written is not None
        data = bytearray(done.written.read_bytes())
        data[len(data) // 2] ^= 1
        done.written.write_bytes(data)
        came = read(one, medium)
        assert (came.receipts, len(came.troubles)) == (0, 1)
        assert not {one.row(key).state for key in taken} & {State.CONFIRMED}

    def test_a_receipt_of_another_batch_under_a_right_name_confirms_nothing(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        taken = take_all_in(world, reference)
        one = world.places[1]
        write(world.places[2], medium)
        (done,) = at_the_centre(world, medium)
        assert done.written is not None
        folder = medium / "prebirka-zk2024" / "41-1"
        folder.mkdir()
        done.written.rename(folder / stick.receipt_name(1, chain.GENESIS))
        read(one, medium)
        assert not {one.row(key).state for key, place in taken.items() if place is one} & {State.CONFIRMED}

    def test_a_medium_that_does_not_read_back_what_was_written_is_refused(
        self, world: PointWorld, reference: Reference, medium: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_all_in(world, reference)
        real = Path.read_bytes
        monkeypatch.setattr(
            Path, "read_bytes", lambda path: real(path)[:-1] if path.suffix == ".part" else real(path)
        )
        with pytest.raises(StickTrouble) as error:
            write(world.places[1], medium)
        assert error.value.code == "STA-118"
        assert stick.batches_below(medium) == []

    def test_a_file_cut_on_the_medium_is_written_anew_the_next_time(
        self, world: PointWorld, reference: Reference, medium: Path
    ) -> None:
        take_all_in(world, reference)
        write(world.places[1], medium)
        (path,) = stick.batches_below(medium)
        whole = path.read_bytes()
        path.write_bytes(whole[:100])
        assert write(world.places[1], medium) == 1
        assert path.read_bytes() == whole


def _senders(world: PointWorld) -> set[str]:
    """Stations of which the centre has a batch."""
    with world.centre.database.reading() as connection:
        return set(connection.execute(select(schema.batch.c.station)).scalars())


def test_a_batch_that_was_set_aside_is_delivered_again_once_that_was_settled(
    world: PointWorld, reference: Reference, medium: Path, expect_log: ExpectLog
) -> None:
    """The centre's no to a whole batch is kept for the stick, and the batch is offered again, rarely."""
    take_all_in(world, reference)
    one, other = world.places[1], world.places[OTHER_POINT]
    write(one, medium)
    read(other, medium)
    with world.centre.database.writing() as connection:
        connection.execute(
            schema.chain_act.insert().values(
                id=1, station="41-1", act="QUARANTINED", chain="41-1", parent="", fork_number=0,
                code="ING-11", sha256="0" * 64, at=world.clock().isoformat(), reason="zkouška",
            )
        )  # fmt: skip
    expect_log("WARNING", "ING-15")
    world.run(OTHER_POINT)
    assert write(other, medium) >= 1
    assert read(one, medium).receipts == 1
    assert len(other.station.point.carried.undelivered()) == 1
