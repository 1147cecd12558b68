"""A store of every earlier version, with data in it, becomes one of the newest; nothing in it is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app import resources
from app.central import audit, journal
from app.central.database import Database
from app.central.engines import Sqlite
from tests.support.frozen import Frozen, stores
from tests.support.postgres import PostgresServer

NUMBERS = sorted({path.name[:4] for path in resources.path("migrations", "central").glob("*.sql")})
Where = Callable[[], Path | str]


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """The place of an empty database, without any table."""
    if request.param == "sqlite":
        return lambda: tmp_path / "centre.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres")
    return lambda: server.fresh(migrated=False)


def filled(version: str) -> Frozen:
    """The newest frozen store that a database with the migrations up to `version` can hold."""
    return [each for each in stores() if each.version <= version][-1]


@pytest.mark.parametrize("version", NUMBERS)
def test_a_store_of_any_version_with_data_becomes_the_newest_and_is_whole(where: Where, version: str) -> None:
    place, frozen = where(), filled(version)
    before = Database(place, upto=version)
    frozen.put_into(before)
    before.close()
    database = audit.opened(place, frozen.seal, frozen.election)  # which proves every row
    try:
        assert frozen.found_in(database) == frozen.rows
        with database.reading() as connection:
            assert journal.first_broken(connection) is None
            done = set(connection.execute(text("SELECT name FROM migration")).scalars())
        assert done == {script.name for script in database.store.scripts()}
        with pytest.raises(Exception, match="append-only"), database.writing() as connection:
            connection.execute(text("DELETE FROM revision"))
    finally:
        database.close()


def test_opening_again_changes_nothing(where: Where) -> None:
    place, frozen = where(), stores()[-1]
    database = Database(place)
    frozen.put_into(database)
    database.close()
    again = Database(place)
    assert frozen.found_in(again) == frozen.rows
    again.close()


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, frozen = where(), filled("0004")
    before = Database(place, upto="0004")
    frozen.put_into(before)
    run = type(before.store).run_script
    before.close()

    def run_badly(self: Sqlite, connection: object, script: str) -> None:
        run(self, connection, script)  # type: ignore[arg-type]
        if "CREATE TABLE change" in script:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(type(before.store), "run_script", run_badly)
        with pytest.raises(OSError, match="No space"):
            Database(place)
    again = Database(place, upto="0004")
    assert frozen.found_in(again) == frozen.rows
    with again.reading() as connection:
        done = connection.execute(text("SELECT max(name) FROM migration")).scalar()
    assert done.startswith("0004")
    again.close()


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_each_migration_has_its_triggers_for_both_databases(name: str) -> None:
    folder = resources.path("migrations", "central")
    numbers = {path.name[:4] for path in folder.glob("*.sqlite.sql")}
    assert numbers == {path.name[:4] for path in folder.glob(f"*.{name}.sql")}
