"""Copies in a second place: when they are due, that they never stop an act, and what is known of them."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from app.election.reference import Reference
from app.station.backup import making
from app.station.backup.making import make_copy, store_trouble
from app.station.backup.place import PART, copies, folder_of
from app.station.config import StationConfig, read_config
from app.station.states import Role, User
from app.station.station import Station
from app.station.store import STORE_FILE
from tests.support.busy_station import offered
from tests.support.station_world import CLERK, SUPERVISOR, Clock, protocols

HOME = "prebirka-41-1"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def kept(station: Station, place: Path, clock: Clock) -> Station:
    """A station with a place for backups, of which one was made."""
    station.backups.choose(place, SUPERVISOR)
    station.backups.step(clock())
    return station


def accept(station: Station, reference: Reference, index: int = 0) -> None:
    protocol = list(protocols(reference).values())[index]
    station.intake.accept(offered(station, reference, protocol), CLERK)


def count(place: Path) -> int:
    return len(copies(place / HOME))


def test_a_place_that_is_chosen_is_used_at_once_and_remembered(kept: Station, place: Path) -> None:
    assert count(place) == 1
    state = kept.backups.state()
    assert (state.place, state.gone, state.current, state.old, state.trouble) == (
        place, False, True, False, None,
    )  # fmt: skip
    assert read_config(kept.folder).backup_place == str(place)
    assert [entry.act for entry in kept.journal.entries()][-1] == "backup-place"


def test_without_a_place_nothing_is_made_and_somebody_has_to_care(station: Station, clock: Clock) -> None:
    assert station.backups.step(clock()) > clock()
    assert station.backups.state().needs_care
    with pytest.raises(Exception, match="BAK-01"):
        station.backups.make()


def test_a_copy_is_due_so_long_after_a_change(
    kept: Station, place: Path, clock: Clock, reference: Reference
) -> None:
    clock.advance(3600)
    kept.backups.step(clock())
    assert count(place) == 1  # nothing changed
    accept(kept, reference)
    kept.backups.step(clock())
    assert count(place) == 2
    accept(kept, reference, 1)
    kept.backups.step(clock.advance(60))
    assert count(place) == 2
    assert not kept.backups.state().current
    assert kept.backups.state().behind == 1
    kept.backups.step(clock.advance(240))
    assert count(place) == 3


def test_a_copy_is_due_after_so_many_acts(
    kept: Station, place: Path, clock: Clock, reference: Reference
) -> None:
    for _ in range(20):
        draft = kept.entries.begin(kept.expected[0], CLERK)
        kept.entries.discard(draft.id, CLERK, "omyl")
    kept.backups.step(clock.advance(1))
    assert count(place) == 2


def test_a_copy_that_is_wanted_is_made_at_once(kept: Station, place: Path, clock: Clock) -> None:
    kept.backups.want()
    kept.backups.step(clock.advance(1))
    assert count(place) == 2


def test_a_place_that_is_gone_stops_nothing_and_is_told(
    kept: Station, place: Path, clock: Clock, reference: Reference
) -> None:
    away = place.with_name("away")
    place.rename(away)
    accept(kept, reference)
    kept.backups.step(clock.advance(600))
    state = kept.backups.state()
    assert state.gone
    assert state.needs_care
    assert state.trouble is not None
    assert state.trouble.code == "BAK-02"
    accept(kept, reference, 1)
    away.rename(place)
    kept.backups.step(clock.advance(60))
    assert not kept.backups.state().needs_care
    assert kept.backups.state().current


def test_the_place_may_not_lie_in_the_station_s_own_folder(station: Station) -> None:
    inside = station.folder / "zalohy"
    inside.mkdir()
    with pytest.raises(Exception, match="BAK-09"):
        station.backups.choose(inside, SUPERVISOR)


@pytest.mark.parametrize("role", [Role.CLERK, Role.PROGRAM])
def test_only_who_may_chooses_the_place(station: Station, place: Path, role: Role) -> None:
    with pytest.raises(Exception, match="STA-21"):
        station.backups.choose(place, User("Jan", role))


def test_a_station_that_is_opened_again_knows_its_copies(
    kept: Station, place: Path, folder: Path, clock: Clock
) -> None:
    made = kept.backups.state().last
    kept.close()
    with Station.open(folder, clock) as again:
        assert again.backups.state().last == made


def test_a_copy_of_another_history_is_not_ours(
    kept: Station, place: Path, folder: Path, clock: Clock
) -> None:
    kept.close()
    (folder / STORE_FILE).unlink()
    for beside in folder.glob("store.*"):
        beside.unlink()
    clock.advance(10)
    with Station.open(folder, clock) as again:
        assert again.backups.state().last is None


def test_an_act_does_not_wait_for_a_slow_stick(
    kept: Station, place: Path, clock: Clock, reference: Reference
) -> None:
    """The copy hangs in the middle of writing; acceptances go on."""
    hangs, go_on = threading.Event(), threading.Event()

    def slow(source: Path, target: Path) -> None:
        hangs.set()
        assert go_on.wait(30)
        shutil.copyfile(source, target)

    def copy() -> None:
        make_copy(kept.folder, place, kept.config, clock.advance(1), slow)

    thread = threading.Thread(target=copy)
    thread.start()
    assert hangs.wait(30)
    accept(kept, reference)
    assert kept.progress().accepted == 1
    go_on.set()
    thread.join()
    assert count(place) == 2


@pytest.mark.parametrize("name", [STORE_FILE, "station.toml", "reference.sqlite"])
def test_a_copy_that_was_not_written_right_is_dropped(
    kept: Station, place: Path, clock: Clock, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A medium that loses a bit of what was written."""
    if name == "reference.sqlite":
        shutil.rmtree(next((place / HOME).glob("reference-*")))
    real = making.flush

    def spoiling(path: Path) -> None:
        real(path)
        if path.name == name:
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 4
            path.write_bytes(data)

    monkeypatch.setattr(making, "flush", spoiling)
    with pytest.raises(Exception, match=r"BAK-0[23]"):
        kept.backups.make(clock.advance(1))
    assert count(place) == 1
    assert not list((place / HOME).glob(f"{PART}*2*"))


def test_a_disk_that_is_full_leaves_the_older_copies(
    kept: Station, place: Path, clock: Clock, reference: Reference
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Exception, match="BAK-02"):
        make_copy(kept.folder, place, kept.config, clock.advance(1), full)
    assert count(place) == 1


def test_a_copy_is_one_file_whole_in_itself(kept: Station, place: Path) -> None:
    (copy,) = copies(place / HOME)
    assert sorted(path.name for path in copy.folder.iterdir()) == [
        "ca.pem", "manifest.json", "station.pem", "station.toml", "store.sqlite",
    ]  # fmt: skip
    assert store_trouble(copy.folder / STORE_FILE) == ""
    assert copy.manifest.seal > 0


def test_the_drill_rebuilds_from_the_newest_copy_and_tells_of_it(kept: Station, clock: Clock) -> None:
    drilled = kept.backups.state().drilled
    assert drilled is not None
    assert drilled.passed
    assert drilled.made_at == kept.backups.state().last


def test_the_drill_runs_by_itself_and_notices_a_copy_that_rotted(
    kept: Station, place: Path, clock: Clock
) -> None:
    (copy,) = copies(place / HOME)
    db = sqlite3.connect(copy.folder / STORE_FILE)
    db.execute("DROP TRIGGER station_keeps")
    db.execute("UPDATE station SET created_at = '2001'")
    db.commit()
    db.close()
    kept.backups.step(clock.advance(60))
    assert kept.backups.state().drilled.passed  # type: ignore[union-attr]
    kept.backups.step(clock.advance(7 * 3600))
    drilled = kept.backups.state().drilled
    assert drilled is not None
    assert drilled.trouble is not None
    assert drilled.trouble.code == "BAK-04"
    assert kept.backups.state().needs_care


def test_the_loop_ends_when_it_is_told(kept: Station) -> None:
    stop = threading.Event()
    stop.set()
    kept.backups.run_forever(stop)


def test_settings_of_a_copy_are_read_back(tmp_path: Path, kept: Station) -> None:
    config = read_config(kept.folder)
    assert isinstance(config, StationConfig)
    assert folder_of(Path(config.backup_place), config.station).is_dir()
