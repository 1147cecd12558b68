"""Killed anywhere, again and again: nothing is lost, nothing is counted twice, nothing is stored by half."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.documents import batch as batches
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.audit.verify import verify_folder
from app.station.states import State
from app.station.station import Station
from app.trust import chain, cms
from app.trust.identity import Expected, Role
from tests.support.forked import Mother, mother_of
from tests.support.invented_election import stated
from tests.support.station_driver import FolderCentre
from tests.support.station_world import Clock, authority, file_of, one_more_envelope, protocols

KILLS = 20

Told = dict[tuple[ProtocolKey, int], str]


def write_files(folder: Path, reference: Reference) -> int:
    """The first files of the point, one with a passable error, then a correction of each."""
    folder.mkdir()
    count = 0
    for revision in (1, 2):
        for index, protocol in enumerate(protocols(reference, seed=revision).values()):
            flawed = one_more_envelope(protocol) if revision == 1 and index == 1 else protocol
            (folder / f"{revision}-{index}.xml").write_bytes(file_of(stated(reference, flawed)))
            count += 1
    return count


def run(driver: Mother, arguments: list[str], kill_after: float | None = None) -> int:
    """The driver's exit status; killed from outside after so many seconds of work, if told."""
    life = driver.bear(*arguments)
    assert life.output.readline() == "started\n"
    if kill_after is not None and life.lasts(kill_after):
        life.kill()
    return life.end()


def at_the_centre(folder: Path) -> Told:
    """What the centre was told, with the chain of what it was told in checked."""
    told: Told = {}
    previous = chain.GENESIS
    for number, path in enumerate(sorted(folder.glob("*.p7m")), start=1):
        data = path.read_bytes()
        verified = cms.verify(data, authority("zk2024").anchors, Clock()(), Expected(Role.STATION, "zk2024"))
        batch = batches.read(verified.content)
        assert (batch.number, batch.previous_hash) == (number, previous)
        previous = chain.batch_hash(data)
        for item in batch.items:
            identity = (item.reading.key, item.acceptance.revision)
            assert identity not in told, "counted twice"
            told[identity] = item.acceptance.content_hash
    return told


def at_the_station(folder: Path) -> Told:
    """What the station holds as accepted; whole in itself, whatever happened."""
    with Station.open(folder, Clock()) as station:
        assert verify_folder(folder).broken == ()
        rows = station._store.rows
        assert rows("PRAGMA integrity_check")[0][0] == "ok"
        assert station.journal.first_broken() is None
        versions = rows("SELECT * FROM versions ORDER BY id")
        assert [v["id"] for v in versions] == [
            o["version_id"] for o in rows("SELECT * FROM outbox ORDER BY 1")
        ]
        acts = [e for e in station.journal.entries() if e.act in ("accept", "approve", "correct")]
        assert len(acts) == len(versions)
        held: Told = {}
        for row in station.completeness().rows:
            assert (row.revision > 0) == row.state.has_result or row.state is State.HELD
            for version in versions:
                if (version["municipality"], version["precinct"], version["contest"]) == (
                    *row.key.precinct,
                    row.key.contest,
                ):
                    held[row.key, version["revision"]] = version["content_hash"]
            assert sum(1 for key, _ in held if key == row.key) == row.revision
        return held


@pytest.fixture
def driver() -> Iterator[Mother]:
    with mother_of("tests.support.station_driver") as driver:
        yield driver


def test_a_station_killed_twenty_times_loses_and_doubles_nothing(
    tmp_path: Path, folder: Path, reference: Reference, driver: Mother
) -> None:
    chance = random.Random(20)
    count = write_files(tmp_path / "files", reference)
    FolderCentre.prepare(tmp_path / "centre")
    arguments = [str(folder), str(tmp_path / "files"), str(tmp_path / "centre")]
    killed, before = 0, {}
    for turn in range(KILLS):
        match turn % 4:
            case 0 | 1:
                status = run(driver, [*arguments, "--statement", str(chance.randint(1, 80))])
            case 2:
                status = run(driver, [*arguments, "--push", chance.choice(["before", "after"]), "1"])
            case _:
                status = run(driver, arguments, kill_after=chance.uniform(0.0, 0.08))
        assert status in (0, -signal.SIGKILL)
        killed += status != 0
        now = at_the_station(folder)
        assert before.items() <= now.items(), "an accepted revision is gone"
        assert at_the_centre(tmp_path / "centre").items() <= now.items(), "the centre knows more"
        before = now
    assert killed >= KILLS // 2
    assert run(driver, arguments) == 0
    everything = at_the_station(folder)
    assert len(everything) == count
    assert at_the_centre(tmp_path / "centre") == everything
    with Station.open(folder, Clock()) as station:
        assert station.progress().confirmed == len(station.expected) == count // 2
