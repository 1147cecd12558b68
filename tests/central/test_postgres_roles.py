"""The roles that packaging sets up: the centre works with the right to append, and with no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.central.database import Database
from app.election.model import Contest
from tests.support.house import Clock, House
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference
from tests.support.postgres import PostgresServer

ROLES = Path(__file__).resolve().parents[2] / "packaging" / "postgresql" / "roles.sql"


@pytest.fixture
def address(postgres: PostgresServer) -> Iterator[str]:
    """A database with the three roles, its tables made by their owner; the address of the centre's role."""
    own = postgres.fresh(migrated=False)
    name = own.partition("?")[0].rpartition("/")[2]
    given = {"host": str(postgres.folder), "dbname": name}
    with psycopg.connect(**given, user="prebirka", autocommit=True) as administrator:
        for statement in statements(ROLES.read_text("utf-8"), administrator):
            # the server of the tests has a superuser of the centre's name
            administrator.execute(re.sub(r"\bprebirka\b", "prebirka_centre", statement))
    Database(own.replace("//prebirka@", "//prebirka_owner@")).close()
    yield own.replace("//prebirka@", "//prebirka_centre@")
    postgres.drop(own)


def statements(script: str, connection: psycopg.Connection[tuple[str, ...]]) -> Iterator[str]:
    """As psql runs them: what ends with \\gexec is asked, and its answers are statements."""
    script = re.sub(r"^(--.*|\\set.*)$", "", script, flags=re.MULTILINE)
    for part in re.findall(r".+?(?:;\s*$|\\gexec)", script, flags=re.DOTALL | re.MULTILINE):
        if part.rstrip().endswith("\\gexec"):
            asked = re.sub(r"\bprebirka\b", "prebirka_centre", part.replace("\\gexec", ""))
            yield from [row[0] for row in connection.execute(asked).fetchall()]
        else:
            yield part


def test_the_centre_works_with_a_role_that_can_only_append(address: str, tmp_path: Path) -> None:
    known = reference(Contest.REGIONAL)
    house = House(tmp_path, known, Clock(VOTING_ENDS), batch_grid_seconds=0, database=address)
    house.clock.move(hours=1)
    station = house.station(f"{POINT}-1")
    centre = house.open()
    for protocol in protocols(known, Contest.REGIONAL)[:2]:
        assert centre.ingest.receive(station.batch(station.item(protocol)), house.clock.now).code == ""
    assert centre.publisher.flush() == 1
    centre.close()
    house.open().close()  # and proves its rows when it is started again

    told = psycopg.conninfo.make_conninfo(address.replace("postgresql+psycopg", "postgresql"))
    with psycopg.connect(told, autocommit=True) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        assert {"revision", "batch", "journal", "publication"} <= set(tables)
        for table in tables:
            for forbidden in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"DROP TABLE {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(forbidden)
        for forbidden in (
            "UPDATE revision SET revision = 9",
            "ALTER TABLE revision DISABLE TRIGGER ALL",
            "CREATE TABLE mine (a int)",
            "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE sql AS ''",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_who_reads_can_do_nothing_else(address: str) -> None:
    told = address.replace("postgresql+psycopg", "postgresql").replace("prebirka_centre", "prebirka_read")
    with psycopg.connect(told, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM revision").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO released VALUES ('x', 1)")
