"""A centre that was put back from an older copy: both ends notice at the next inquiry, nothing is lost."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.central.centre import Centre
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.states import State
from tests.support.point_world import PointWorld, point_world
from tests.support.station_world import Clock

Announce = Callable[[str, str], None]
KEYS = [ProtocolKey(PrecinctId(550001, number), Contest.REGIONAL) for number in (1, 2, 3)]


@pytest.fixture
def world(tmp_path: Path, reference: Reference, clock: Clock) -> Iterator[PointWorld]:
    with point_world(tmp_path, reference, clock) as made:
        yield made
        made.centre.database.close()


def copied(world: PointWorld, base: Path) -> Path:
    """A copy of the centre's store as it is now."""
    copy = base / "copy.sqlite"
    with (
        closing(sqlite3.connect(base / "centre" / "centre.sqlite")) as store,
        closing(sqlite3.connect(copy)) as target,
    ):
        store.backup(target)
    return copy


def put_back(world: PointWorld, base: Path, copy: Path) -> None:
    """The centre starts again with an older copy of its store."""
    world.centre.database.close()
    for beside in (base / "centre").glob("centre.sqlite*"):
        beside.unlink()
    shutil.copyfile(copy, base / "centre" / "centre.sqlite")
    world.centre = Centre.open(base / "centre", world.clock)
    for place in world.places.values():
        place.line.centre = world.centre


def held(world: PointWorld) -> int:
    with world.centre.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM revision").scalar() or 0)


def test_both_ends_say_so_at_the_next_inquiry_and_what_it_lost_comes_again(
    world: PointWorld, tmp_path: Path, expect_log: Announce
) -> None:
    one, two = world.places[1], world.places[2]
    one.take_in(KEYS[0])
    world.sync()
    copy = copied(world, tmp_path)
    one.take_in(KEYS[1])
    world.sync()
    two.take_in(KEYS[2])
    world.sync()
    assert held(world) == 3
    put_back(world, tmp_path, copy)
    assert held(world) == 1
    expect_log("ERROR", "CEN-26")
    pushes = one.line.pushes
    world.sync()
    assert held(world) == 3
    assert one.line.pushes == pushes + 1, "the batch that it lacked, and no other"
    for place in (one, two):
        refusal = place.station.connection().last_refusal
        assert refusal is not None
        assert refusal.code == "STA-121"
        assert {place.row(key).state for key in KEYS[:2]} <= {State.CONFIRMED, State.AWAITED}
    assert world.centre.inquiries.seen_beyond > 0
    pushes = one.line.pushes + two.line.pushes
    world.sync()
    assert one.line.pushes + two.line.pushes == pushes, "once is enough"


def test_it_is_noticed_too_when_the_centre_has_as_many_decisions_again(
    world: PointWorld, tmp_path: Path, expect_log: Announce
) -> None:
    """The other workstation was quicker: the cursor tells nothing any more, the own batches do."""
    one, two = world.places[1], world.places[2]
    copy = copied(world, tmp_path)
    one.take_in(KEYS[0])
    world.sync()
    put_back(world, tmp_path, copy)
    two.take_in(KEYS[1])
    expect_log("ERROR", "CEN-26")
    world.sync(1)
    two.take_in(KEYS[2])
    world.sync()
    assert held(world) == 3
    assert one.station.connection().last_refusal is not None


def test_it_stands_in_the_station_s_journal(world: PointWorld, tmp_path: Path, expect_log: Announce) -> None:
    one = world.places[1]
    copy = copied(world, tmp_path)
    one.take_in(KEYS[0])
    world.sync()
    put_back(world, tmp_path, copy)
    expect_log("ERROR", "CEN-26")
    world.sync(1)
    acts = one.station._store.rows("SELECT 1 FROM journal WHERE act = 'centre-went-back'")
    assert len(acts) == 1
