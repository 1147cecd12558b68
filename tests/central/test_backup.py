"""A centre is copied while it works, and put together again from the copy, whole and nothing else."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.central import centre as centres
from app.central.backup import upgrading
from app.central.backup.copy import MANIFEST_FILE, PART
from app.central.backup.making import make
from app.central.backup.restoring import restore
from app.central.centre import Centre
from app.central.database import Database
from app.central.settings import CentreFolder, load
from app.documents.same_results import results_of as published
from app.election.errors import KnownError
from app.election.model import Contest
from app.trust import keys
from tests.support.frozen import stores
from tests.support.house import House
from tests.support.invented_election import POINT, protocols
from tests.support.postgres import PostgresServer


@pytest.fixture
def night(house: House) -> House:
    """A centre that took in and published a small night."""
    station = house.station(f"{POINT}-1")
    centre = house.open()
    for protocol in protocols(house.reference, Contest.REGIONAL)[:4]:
        assert centre.ingest.receive(station.batch(station.item(protocol)), house.clock.now).code == ""
    centre.publisher.flush()
    centre.close()
    return house


def copied(house: House, place: Path, **options: object) -> Path:
    seal = centres.seal_of(house.centre_folder)
    return make(house.centre_folder, place, seal, house.clock.now, **options).folder  # type: ignore[arg-type]


def put_back(house: House, copy: Path, folder: Path, **options: object) -> Path:
    authority = house.authority.to_pem()
    options.setdefault("key", house.centre_folder / "centre.key")
    options.setdefault("database", "")
    restore(copy, folder, authority, house.clock.now, **options)  # type: ignore[arg-type]
    return folder


def opened(house: House, folder: Path) -> Centre:
    centre = Centre.open(folder, house.clock)
    centre.publisher.flush()
    return centre


def test_a_copy_made_while_the_centre_works_publishes_the_same(night: House, tmp_path: Path) -> None:
    centre = night.open()
    copy = copied(night, tmp_path / "copies")
    centre.close()
    again = put_back(night, copy, tmp_path / "again")
    opened(night, again).close()
    assert published(again / "public") == published(night.centre_folder / "public")
    assert (again / "centre.key").stat().st_mode & 0o077 == 0


@pytest.mark.only_on("sqlite")
def test_a_copy_can_be_put_into_a_server_s_database(
    night: House, tmp_path: Path, postgres: PostgresServer
) -> None:
    copy = copied(night, tmp_path / "copies")
    again = put_back(night, copy, tmp_path / "again", database=postgres.fresh())
    opened(night, again).close()  # which proves every row
    assert published(again / "public") == published(night.centre_folder / "public")
    assert not (again / "centre.sqlite").exists()


@pytest.mark.only_on("sqlite")
class TestOnSqlite:
    def test_the_centre_s_key_stays_out_of_it(self, night: House, tmp_path: Path) -> None:
        copy = copied(night, tmp_path / "copies")
        assert not [
            path for path in copy.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()
        ]
        with pytest.raises(KnownError) as refused:
            copied(night, tmp_path / "copies", with_key=True)
        assert refused.value.code == "CEN-62"
        assert [each.name for each in (tmp_path / "copies").iterdir()] == [copy.name]
        with pytest.raises(KnownError) as refused:
            put_back(night, copy, tmp_path / "again", key=None)
        assert refused.value.code == "CEN-65"
        assert not (tmp_path / "again").exists()

    def test_an_encrypted_key_goes_along_when_it_is_asked_for(self, night: House, tmp_path: Path) -> None:
        path = night.centre_folder / "centre.key"
        key = keys.load_key(path, None)
        path.unlink()
        keys.save_key(key, path, "dvanáct znaků")
        seal = centres.seal_of(night.centre_folder, key)
        copy = make(night.centre_folder, tmp_path / "copies", seal, night.clock.now, with_key=True).folder
        again = put_back(night, copy, tmp_path / "again", key=None)
        assert Centre.open(again, night.clock, key).close() is None

    def test_a_changed_or_missing_file_is_refused(self, night: House, tmp_path: Path) -> None:
        copy = copied(night, tmp_path / "copies")
        for name in ("centre.sqlite", "centre.toml", "centre.pem", MANIFEST_FILE):
            data = (copy / name).read_bytes()
            for changed in (data[:-1] + bytes([data[-1] ^ 1]), None):
                (copy / name).unlink()
                if changed is not None:
                    (copy / name).write_bytes(changed)
                with pytest.raises(KnownError) as refused:
                    put_back(night, copy, tmp_path / "again")
                assert refused.value.code == "CEN-61"
                (copy / name).write_bytes(data)
        assert not (tmp_path / "again").exists()

    def test_a_copy_of_another_authority_is_refused(self, night: House, tmp_path: Path) -> None:
        copy = copied(night, tmp_path / "copies")
        (tmp_path / "other").mkdir()
        other = House(tmp_path / "other", night.reference, night.clock)
        with pytest.raises(KnownError) as refused:
            restore(copy, tmp_path / "again", other.authority.to_pem(), night.clock.now)
        assert refused.value.code == "CEN-61"

    def test_nothing_is_overwritten(self, night: House, tmp_path: Path) -> None:
        copy = copied(night, tmp_path / "copies")
        before = (night.centre_folder / "centre.sqlite").read_bytes()
        with pytest.raises(KnownError) as refused:
            put_back(night, copy, night.centre_folder)
        assert refused.value.code == "CEN-63"
        assert (night.centre_folder / "centre.sqlite").read_bytes() == before

    def test_the_newest_copies_stay(self, night: House, tmp_path: Path) -> None:
        place = tmp_path / "copies"
        made = []
        for _ in range(4):
            made.append(copied(night, place, keep=2))
            night.clock.move(minutes=5)
        (place / "somebody-else").mkdir()
        assert {each.name for each in place.iterdir()} == {made[2].name, made[3].name, "somebody-else"}
        assert not list(place.glob(f"{PART}*"))

    def test_version_numbers_go_on_where_readers_are(self, night: House, tmp_path: Path) -> None:
        copy = copied(night, tmp_path / "copies")
        for _ in range(3):  # the versions that the copy does not know
            opened(night, night.centre_folder).close()
        public = night.centre_folder / "public"
        last = int((public / "current").readlink().name)
        again = put_back(night, copy, tmp_path / "again", public=public)
        assert (again / "public" / "current" / "appdata").is_dir(), "readers read on before it starts"
        opened(night, again).close()
        assert int((again / "public" / "current").readlink().name) > last

    def test_a_full_disk_leaves_nothing_half(
        self, night: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(shutil, "copyfile", full)
        with pytest.raises(KnownError) as refused:
            copied(night, tmp_path / "copies")
        assert refused.value.code == "CEN-60"
        assert list((tmp_path / "copies").iterdir()) == []


def old_store(house: House, store: str) -> Path | str:
    """The centre's place, with a database of an older program."""
    frozen = stores()[-1]
    where = load(CentreFolder(house.centre_folder)).store_in(CentreFolder(house.centre_folder))
    if isinstance(where, Path):
        for each in house.centre_folder.glob("centre.sqlite*"):
            each.unlink()
    database = Database(where, upto=frozen.version)
    frozen.put_into(database)
    database.close()
    return where


@pytest.mark.only_on("sqlite")
def test_before_a_newer_program_changes_the_tables_it_copies_them(night: House, store: str) -> None:
    where = old_store(night, store)
    found = upgrading.pending(where)
    assert found is not None
    with centres.opened_store(night.centre_folder):
        pass
    assert upgrading.pending(where) is None
    copy = night.centre_folder / "upgrade" / f"centre-{found.since[:4]}.sqlite"
    assert upgrading.pending(copy) == found
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM revision").fetchone()[0] > 0


@pytest.mark.only_on("postgresql")
def test_a_server_s_tables_are_copied_too(tmp_path: Path, house: House, postgres: PostgresServer) -> None:
    paths, address = CentreFolder(tmp_path / "centre"), postgres.fresh(migrated=False)
    frozen = stores()[-1]
    database = Database(address, upto=frozen.version)
    frozen.put_into(database)
    database.close()
    house.set(database=address)
    copy = upgrading.secure(paths, load(paths))
    assert copy is not None
    older = Database(copy, upto=frozen.version)
    assert frozen.found_in(older) == frozen.rows
    older.close()


@pytest.mark.only_on("sqlite")
def test_the_way_back_after_an_upgrade_publishes_what_was_published(night: House, tmp_path: Path) -> None:
    """As the manual says it: the copy takes the database's place, and the centre starts."""
    before = published(night.centre_folder / "public")
    kept = tmp_path / "kept.sqlite"
    upgrading.copy_sqlite(night.centre_folder / "centre.sqlite", kept)
    night.clock.move(seconds=30)
    opened(night, night.centre_folder).close()
    for each in night.centre_folder.glob("centre.sqlite*"):
        each.unlink()
    kept.rename(night.centre_folder / "centre.sqlite")
    opened(night, night.centre_folder).close()
    assert published(night.centre_folder / "public") == before


@pytest.mark.only_on("sqlite")
def test_an_upgrade_without_room_for_the_copy_changes_nothing(
    night: House, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = old_store(night, store)
    found = upgrading.pending(where)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(upgrading, "copy_sqlite", full)
    with pytest.raises(KnownError) as refused, centres.opened_store(night.centre_folder):
        pass
    assert refused.value.code == "CEN-67"
    assert upgrading.pending(where) == found
