"""A station put back from an old copy: in quarantine, told so at the desk, settled, and going on whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app.central import chains, settling, stations
from app.central.database import Database
from app.central.goes_on import GoesOn
from app.central.schema import revision
from app.election.model import Mode
from app.station import quarantine
from app.station.backup.making import make_copy
from app.station.backup.restore import Credentials, restore
from app.station.config import CERTIFICATE_FILE, KEY_FILE, read_config
from app.station.sending import Answer
from app.station.states import State
from app.station.station import Station
from app.trust.certificate import Certificate
from tests.support import invented_election
from tests.support.asking import CentreLine
from tests.support.busy_station import offered
from tests.support.centre_beside import centre_beside
from tests.support.station_world import CLERK, SUPERVISOR, Clock, fixed_chance, make_station, protocols

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)
PROTOCOLS = list(protocols(REFERENCE).values())
ExpectLog = Callable[[int | str, str], None]


@dataclass
class PushOnly:
    """A line on which nothing can be asked, as when the station's clock is wrong: so an old copy is not
    noticed before it sends."""

    line: CentreLine

    def push(self, data: bytes) -> Answer:
        return self.line.push(data)


@dataclass
class World:
    base: Path
    folder: Path
    line: CentreLine
    clock: Clock

    @property
    def database(self) -> Database:
        return self.line.centre.database

    def accept(self, station: Station, *numbers: int) -> None:
        for number in numbers:
            station.intake.accept(offered(station, REFERENCE, PROTOCOLS[number]), CLERK)

    def send(self, station: Station, line: object = None) -> None:
        """Over a fresh sender, as after a start."""
        sender = station.sender(line or self.line, fixed_chance())  # type: ignore[arg-type]
        for _ in range(30):
            due = sender.step(self.clock())
            if due is None or due > self.clock():
                return

    def rebuild(self, source: Path, key: Path | None) -> None:
        restore(
            source, self.folder, SUPERVISOR, self.clock,
            line=lambda config, folder: self.line, credentials=Credentials(key=key),
        )  # fmt: skip

    def settle(self, goes_on: GoesOn) -> None:
        settling.settle(self.database, "41-1", goes_on, "", "vedoucí vybral počítač", self.clock())

    def counted(self) -> int:
        with self.database.reading() as connection:
            rows = connection.execute(
                select(revision.c.municipality, revision.c.precinct, revision.c.contest)
            ).all()
        assert len(set(rows)) == len(rows)
        return len(rows)

    def chain(self) -> list[int]:
        with self.database.reading() as connection:
            links = chains.links(connection, "41-1")
            before = "0" * 64
            for link in links.values():
                assert link.previous == before
                before = link.own
            return list(links)


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    folder = make_station(tmp_path, REFERENCE)
    with centre_beside(tmp_path, folder, REFERENCE, clock) as line:
        yield World(tmp_path, folder, line, clock)


@pytest.fixture
def old(world: World) -> Path:
    """The folder as it was after the first batch. The station sent two more, and is destroyed."""
    copy = world.base / "old"
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, 0)
        world.send(station)
    make_copy(world.folder, _place(world), read_config(world.folder), world.clock())
    shutil.copytree(world.folder, copy)
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, 1)
        world.send(station)
        world.accept(station, 2)
        world.send(station)
    assert world.chain() == [1, 2, 3]
    shutil.rmtree(world.folder)
    return copy


def _place(world: World) -> Path:
    place = world.base / "backups"
    place.mkdir(exist_ok=True)
    return place


def fork(world: World, station: Station, expect_log: ExpectLog) -> None:
    expect_log("ERROR", "ING-10")
    world.accept(station, 3)
    world.send(station, PushOnly(world.line))
    shown = station.connection().last_refusal
    assert shown == quarantine.sentence("ING-10")
    assert "Druhý počítač vypněte a zavolejte vedoucího" in shown.cs


def state(station: Station, number: int) -> State | None:
    row = station.row(PROTOCOLS[number].key)
    return None if row is None else row.state


def test_when_the_old_copy_goes_on_its_batches_are_judged_and_nothing_is_lost_or_doubled(
    world: World, old: Path, expect_log: ExpectLog
) -> None:
    with Station.open(old, world.clock) as station:
        fork(world, station, expect_log)
        expect_log("WARNING", "ING-15")
        world.accept(station, 4)
        world.send(station, PushOnly(world.line))
        assert world.counted() == 3
        assert (state(station, 3), state(station, 4)) == (State.SENT, State.SENT)
        world.settle(GoesOn.BRANCH)
        world.clock.advance(31)
        world.send(station)
        assert (state(station, 3), state(station, 4)) == (State.CONFIRMED, State.CONFIRMED)
        assert station.connection().last_refusal is None
        assert station.outbox.open_batches() == {}
        world.accept(station, 1, 2)  # the copy does not know them: taken in again from paper
        world.send(station)
        assert (state(station, 1), state(station, 2)) == (State.CONFIRMED, State.CONFIRMED)
        assert station.connection().queue == 0
    assert world.counted() == 5
    assert world.chain() == [1, 2, 3, 4]
    with Station.open(old, world.clock) as station:  # and asks the centre again before it sends
        world.accept(station, 5)
        world.send(station)
        assert state(station, 5) is State.CONFIRMED


def test_when_the_centres_chain_goes_on_the_station_is_rebuilt_and_continues_it(
    world: World, old: Path, expect_log: ExpectLog
) -> None:
    with Station.open(old, world.clock) as station:
        fork(world, station, expect_log)
        world.settle(GoesOn.CENTRE)
        world.clock.advance(31)
        expect_log("ERROR", "ING-16")
        world.accept(station, 4)
        world.send(station, PushOnly(world.line))
        told = station.connection().last_refusal
        assert told == quarantine.sentence("ING-16")
    world.rebuild(_place(world), old / KEY_FILE)
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, 3, 4)
        world.send(station)
        assert [state(station, number) for number in range(5)] == [State.CONFIRMED] * 5
    assert world.counted() == 5
    assert world.chain() == [1, 2, 3, 4]


def test_an_old_copy_that_can_ask_sends_nothing_and_comes_into_no_quarantine(world: World, old: Path) -> None:
    with Station.open(old, world.clock) as station:
        world.accept(station, 3)
        world.send(station)
        told = station.connection().last_refusal
        assert told is not None
        assert told.code == "AUD-04"
    assert settling.listed(world.database) == []


def test_a_workstation_lost_with_its_backups_goes_on_from_an_empty_folder_and_a_new_key(
    world: World, old: Path
) -> None:
    shutil.rmtree(old)
    shutil.rmtree(_place(world))
    fresh = make_station(world.base / "fresh", REFERENCE)
    new = Certificate.from_pem((fresh / CERTIFICATE_FILE).read_bytes())
    stations.replace(world.database, "41-1", new, "zk2024", "shořel", world.clock())
    with Station.open(fresh, world.clock) as station:
        world.accept(station, 0)
        world.send(station)
        told = station.connection().last_refusal
        assert told is not None
        assert told.code == "AUD-04", "nothing is sent as long as the centre has more"
    world.rebuild(fresh, None)
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, 3)
        world.send(station)
        assert [state(station, number) for number in range(4)] == [State.CONFIRMED] * 4
    assert world.counted() == 4
    assert world.chain() == [1, 2, 3, 4]
    assert settling.listed(world.database) == []
