"""A station that is destroyed is rebuilt from its copy and the centre, and its chain goes on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.central.schema import batch, revision, set_aside
from app.election.model import Mode, Protocol, ProtocolKey
from app.station.audit.asking import ask_centre
from app.station.audit.verify import verify_folder
from app.station.backup.making import make_copy
from app.station.backup.restore import Credentials, restore
from app.station.config import KEY_FILE, read_config
from app.station.states import State
from app.station.station import Station
from app.trust.keys import load_key, save_key
from tests.support import invented_election
from tests.support.asking import CentreLine
from tests.support.busy_station import offered
from tests.support.centre_beside import centre_beside
from tests.support.invented_election import stated
from tests.support.paper_entry import closed
from tests.support.station_world import (
    CLERK,
    OTHER_CLERK,
    SUPERVISOR,
    Clock,
    file_of,
    fixed_chance,
    make_station,
    one_more_envelope,
    protocols,
)

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)
FIRST, OTHER = (list(protocols(REFERENCE, seed=seed).values()) for seed in (1, 2))


@dataclass
class World:
    """A station with a place for backups and a real centre, which can lose everything but these two."""

    base: Path
    folder: Path
    place: Path
    beside: CentreLine
    clock: Clock
    accepted: dict[tuple[ProtocolKey, int], str] = field(default_factory=dict)

    def accept(self, station: Station, protocol: Protocol, how: str = "file") -> None:
        flawed = one_more_envelope(protocol) if how == "held" else protocol
        if how == "paper":
            offer = closed(station, protocol, (CLERK, OTHER_CLERK))
        else:
            offer = offered(station, REFERENCE, flawed)
        if offer.can_hold:
            held = station.intake.hold(offer, CLERK, "obálka navíc")
            done = station.intake.approve(offer.key, SUPERVISOR, held.content_hash, "v pořádku")
        else:
            done = station.intake.accept(offer, CLERK)
        self.accepted[done.key, done.revision] = done.content_hash

    def correct(self, station: Station, protocol: Protocol) -> None:
        (offer,) = station.intake.read_bytes("z.xml", file_of(stated(REFERENCE, protocol)))
        done = station.intake.correct(offer, CLERK, "záměna stran")
        self.accepted[done.key, done.revision] = done.content_hash

    def send(self, station: Station) -> None:
        sender = station.sender(self.beside, fixed_chance())
        for _ in range(30):
            due = sender.step(self.clock())
            if due is None or due > self.clock():
                return

    def back_up(self) -> None:
        self.clock.advance(2)
        make_copy(self.folder, self.place, read_config(self.folder), self.clock())

    def destroy_and_restore(self, **options: object) -> Path:
        """The key is kept apart, as the operators' manual says; everything else of the folder is gone."""
        key = self.base / "envelope.key"
        if not key.exists():
            shutil.copyfile(self.folder / KEY_FILE, key)
        shutil.rmtree(self.folder)
        told = {"line": lambda config, folder: self.beside, "credentials": Credentials(key=key)} | options
        restore(self.place, self.folder, SUPERVISOR, self.clock, **told)  # type: ignore[arg-type]
        return self.folder

    def at_centre(self) -> dict[tuple[ProtocolKey, int], str]:
        """Accepted revisions that the centre counts."""
        with self.beside.centre.database.reading() as connection:
            rows = connection.execute(select(revision)).mappings().all()
        return {
            key: digest
            for key, digest in self.accepted.items()
            if any(
                (row["municipality"], row["precinct"], row["contest"], row["revision"])
                == (*key[0].precinct, key[0].contest.value, key[1])
                for row in rows
            )
        }

    def batches_at_centre(self) -> list[int]:
        with self.beside.centre.database.reading() as connection:
            return [row[0] for row in connection.execute(select(batch.c.number).order_by(batch.c.number))]

    def alarms(self) -> int:
        with self.beside.centre.database.reading() as connection:
            return len(connection.execute(select(set_aside)).all())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with make_world(tmp_path) as made:
        yield made


def make_world(base: Path) -> _Making:
    return _Making(base)


class _Making:
    def __init__(self, base: Path) -> None:
        self._base = base

    def __enter__(self) -> World:
        clock = Clock()
        folder = make_station(self._base, REFERENCE)
        place = self._base / "stick"
        place.mkdir()
        self._centre = centre_beside(self._base, folder, REFERENCE, clock)
        return World(self._base, folder, place, self._centre.__enter__(), clock)

    def __exit__(self, *error: object) -> None:
        self._centre.__exit__(None, None, None)


def test_what_was_sent_after_the_copy_comes_back_from_the_centre(world: World) -> None:
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, FIRST[0])
        world.send(station)
        world.accept(station, FIRST[1])
        world.back_up()
        world.send(station)
        world.accept(station, FIRST[2], "held")
        world.accept(station, FIRST[3], "paper")
        world.send(station)
        world.correct(station, OTHER[0])
        world.send(station)
    with Station.open(world.destroy_and_restore(), world.clock) as station:
        for protocol in FIRST[:4]:
            row = station.row(protocol.key)
            assert row is not None
            assert row.state is State.CONFIRMED
        for (key, number), digest in world.accepted.items():
            told = station.prints.transcript_data(key, CLERK, number)
            assert told.head.content_hash == digest
        assert station.row(FIRST[0].key).revision == 2  # type: ignore[union-attr]
        assert station.prints.transcript_data(FIRST[2].key, CLERK).approved_by == SUPERVISOR.name
        assert station.prints.confirmation_data(FIRST[3].key, CLERK).batch_number == 3
        acts = [entry.act for entry in station.journal.entries()]
        assert acts.count("batch-recovered") == 3
        assert acts[-1] == "restored"
        world.accept(station, FIRST[4])
        world.send(station)
        assert station.progress().confirmed == 5
    assert world.batches_at_centre() == [1, 2, 3, 4, 5]
    assert world.alarms() == 0
    head = ask_centre(world.folder, world.clock(), transport=world.beside)
    assert verify_folder(world.folder, head).broken == ()


def test_a_protocol_held_in_the_copy_and_approved_later_comes_back_decided(world: World) -> None:
    with Station.open(world.folder, world.clock) as station:
        offer = offered(station, REFERENCE, one_more_envelope(FIRST[0]))
        held = station.intake.hold(offer, CLERK, "obálka navíc")
        world.back_up()
        station.intake.approve(offer.key, SUPERVISOR, held.content_hash)
        world.send(station)
    with Station.open(world.destroy_and_restore(), world.clock) as station:
        assert station.intake.held() == ()
        assert station.row(offer.key).state is State.CONFIRMED  # type: ignore[union-attr]


def test_a_copy_of_a_closed_point_that_was_opened_again_takes_back_what_was_sent_then(world: World) -> None:
    with Station.open(world.folder, world.clock) as station:
        for protocol in FIRST[:-1]:
            world.accept(station, protocol)
        world.send(station)
        station.closing.explain(FIRST[-1].key, SUPERVISOR, "komise nepřijela")
        station.backups.choose(world.place, SUPERVISOR)
        station.backups.make()
        station.closing.close(station.closing.report(SUPERVISOR), "a" * 64, SUPERVISOR)
        world.back_up()
        station.closing.reopen(SUPERVISOR, "komise přijela")
        world.accept(station, FIRST[-1])
        world.send(station)
    with Station.open(world.destroy_and_restore(), world.clock) as station:
        assert station.progress().confirmed == len(FIRST)
        assert not station.closing.is_closed
    assert verify_folder(world.folder).broken == ()


STEPS = st.lists(
    st.sampled_from(["accept", "held", "paper", "correct", "send", "lost", "no answer", "copy", "destroy"]),
    min_size=3,
    max_size=12,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_a_station_destroyed_at_any_moment_loses_nothing_that_the_centre_accepted(steps: list[str]) -> None:
    """Any order of taking in, sending over a bad line, copying and destroying. Afterwards everything that
    the centre counts stands at the station with the same content, the rest can be taken in again, and the
    centre has seen one unbroken chain."""
    with tempfile.TemporaryDirectory() as base, make_world(Path(base)) as world:
        station = Station.open(world.folder, world.clock)
        world.back_up()
        try:
            for step in [*steps, "destroy"]:
                station = take(world, station, step)
            for protocol in FIRST:
                row = station.row(protocol.key)
                assert row is not None
                if not row.revision:
                    world.accept(station, protocol)
            world.send(station)
            assert station.progress().confirmed == len(FIRST)
        finally:
            station.close()
        assert world.alarms() == 0
        numbers = world.batches_at_centre()
        assert numbers == list(range(1, len(numbers) + 1))
        assert verify_folder(world.folder).broken == ()


def take(world: World, station: Station, step: str) -> Station:
    """One step of a random night."""
    world.clock.advance(1)
    rows = {protocol.key: station.row(protocol.key) for protocol in FIRST}
    free = [protocol for protocol in FIRST if not rows[protocol.key].revision]  # type: ignore[union-attr]
    match step:
        case "accept" | "held" | "paper" if free:
            world.accept(station, free[0], step)
        case "correct":
            done = [p for p in OTHER if rows[p.key].revision == 1]  # type: ignore[union-attr]
            if done:
                world.correct(station, done[0])
        case "send" | "lost" | "no answer":
            world.beside.faults = [step] if step != "send" else []
            world.send(station)
            world.clock.advance(600)
        case "copy":
            world.back_up()
        case "destroy":
            station.close()
            counted = world.at_centre()
            world.accepted = dict(counted)
            world.destroy_and_restore()
            world.beside.faults = []
            station = Station.open(world.folder, world.clock)
            for (key, number), digest in counted.items():
                assert station.prints.transcript_data(key, CLERK, number).head.content_hash == digest
            # what the copy had and the centre did not is here too
            for entry in station._store.rows("SELECT * FROM versions"):
                from app.station import records

                version = records.version_of(entry)
                world.accepted[version.key, version.revision] = version.content_hash
    return station


def test_without_the_centre_the_station_does_not_fork_but_says_so(world: World) -> None:
    with Station.open(world.folder, world.clock) as station:
        world.back_up()
        world.accept(station, FIRST[0])
        world.send(station)
    with Station.open(world.destroy_and_restore(line=None), world.clock) as station:
        world.accept(station, FIRST[1])
        world.send(station)
        told = station.connection().last_refusal
        assert told is not None
        assert told.code == "AUD-04"
    assert world.batches_at_centre() == [1]
    assert world.alarms() == 0
    again = world.base / "again"
    restore(
        world.folder, again, SUPERVISOR, world.clock, lambda config, folder: world.beside,
        Credentials(key=world.base / "envelope.key"),
    )  # fmt: skip
    with Station.open(again, world.clock) as station:
        world.send(station)
        assert station.progress().confirmed == 2
    assert world.alarms() == 0


def test_a_database_that_went_back_with_its_mark_does_not_fork(world: World) -> None:
    """The whole folder put back as it was an hour ago, as a virtual machine does."""
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, FIRST[0])
        world.send(station)
    snapshot = world.base / "snapshot"
    shutil.copytree(world.folder, snapshot)
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, FIRST[1])
        world.send(station)
    shutil.rmtree(world.folder)
    snapshot.rename(world.folder)
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, FIRST[2])
        world.send(station)
        assert station.connection().last_refusal.code == "AUD-04"  # type: ignore[union-attr]
        assert station.connection().queue == 1
    assert verify_folder(world.folder).is_whole  # in itself
    head = ask_centre(world.folder, world.clock(), transport=world.beside)
    (found,) = verify_folder(world.folder, head).broken
    assert (found.code, found.row) == ("AUD-18", "batches 2")
    assert world.batches_at_centre() == [1, 2]
    assert world.alarms() == 0


def test_the_key_is_in_a_copy_only_when_a_passphrase_protects_it(world: World) -> None:
    Station.open(world.folder, world.clock).close()
    world.back_up()
    assert not list(world.place.rglob(KEY_FILE))
    key = load_key(world.folder / KEY_FILE, None)
    (world.folder / KEY_FILE).unlink()
    save_key(key, world.folder / KEY_FILE, "jednou dávno v jedné zemi")
    world.back_up()
    assert len(list(world.place.rglob(KEY_FILE))) == 1
    shutil.rmtree(world.folder)
    restore(
        world.place, world.folder, SUPERVISOR, world.clock, lambda config, folder: world.beside,
        Credentials(passphrase="jednou dávno v jedné zemi"),
    )  # fmt: skip
    assert Station.open(world.folder, world.clock, "jednou dávno v jedné zemi")


@pytest.mark.parametrize("spoiled", ["store.sqlite", "station.toml", "ca.pem"])
def test_a_spoiled_copy_is_passed_over_for_an_older_whole_one(world: World, spoiled: str) -> None:
    with Station.open(world.folder, world.clock) as station:
        world.accept(station, FIRST[0])
        world.back_up()
        world.accept(station, FIRST[1])
        world.back_up()
    newest = sorted((world.place / "prebirka-41-1").glob("2*"))[-1] / spoiled
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    with Station.open(world.destroy_and_restore(), world.clock) as station:
        assert station.progress().accepted == 1


@pytest.mark.parametrize(
    ("break_it", "code"),
    [("empty place", "BAK-04"), ("target taken", "BAK-05"), ("no key", "BAK-06"), ("no line", "BAK-07")],
)
def test_a_restore_that_cannot_be_says_why_and_leaves_the_target(
    world: World, break_it: str, code: str
) -> None:
    Station.open(world.folder, world.clock).close()
    world.back_up()
    key = None if break_it == "no key" else world.folder / KEY_FILE
    target = world.base / "new"
    if break_it == "target taken":
        target.mkdir()
        (target / "letter.txt").write_text("x")
    if break_it == "empty place":
        shutil.rmtree(world.place)
    beside = world.beside

    class Silent:
        def ask(self, data: bytes) -> object:
            from app.station.wire import Unreachable

            raise Unreachable

    line = Silent() if break_it == "no line" else beside
    with pytest.raises(Exception, match=code):
        restore(
            world.place, target, SUPERVISOR, world.clock, lambda config, folder: line,  # type: ignore[arg-type, return-value]
            Credentials(key=key),
        )  # fmt: skip
    assert [path.name for path in target.iterdir()] == ["letter.txt"] if target.exists() else True
    assert not list(world.base.glob(".new*"))


def test_the_copies_are_few_and_the_age_is_theirs(world: World) -> None:
    Station.open(world.folder, world.clock).close()
    for _ in range(8):
        world.back_up()
    home = world.place / "prebirka-41-1"
    assert len(list(home.glob("2*"))) == 5
    assert len(list(home.glob("reference-*"))) == 1
    assert timedelta(0) < world.clock.now - Clock().now
