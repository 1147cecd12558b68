"""A centre does not start with a database that is not what it wrote, and says so with its code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.central.centre import Centre
from app.election.errors import KnownError
from app.rehearsal.faults import runs, scene
from app.rehearsal.faults.posts import Server
from app.rehearsal.faults.scene import Clock, Held, SmallNight

#: One change each that neither SQLite's own check nor a unique index would notice.
CHANGES = (
    "UPDATE revision SET protocol = cast(replace(protocol, ' ', '  ') AS BLOB) WHERE id = 2",
    "UPDATE revision SET content_hash = 'x' || substr(content_hash, 2) WHERE id = 3",
    "UPDATE revision SET processed_at = '2024-09-21T12:20:00.000001+00:00' WHERE id = 1",
    "UPDATE revision SET resent = 1 - resent WHERE id = 1",
    "DELETE FROM revision WHERE id = (SELECT max(id) FROM revision)",
    "UPDATE batch SET raw = cast('x' AS BLOB) || substr(raw, 2) WHERE id = 1",
    "UPDATE batch SET receipt = substr(receipt, 2) WHERE id = 1",
    "UPDATE batch SET received_at = '2024-09-21T12:20:00.000001+00:00' WHERE id = 1",
    "UPDATE verdict SET outcome = 'ZAMITNUTO' WHERE batch = 1 AND position = 1",
    "UPDATE verdict SET rules = 'PR-01' WHERE batch = 1 AND position = 1",
    "DELETE FROM verdict WHERE batch = (SELECT max(batch) FROM verdict)",
    "UPDATE journal SET detail = replace(detail, '1', '2') WHERE id = 2",
    "DELETE FROM journal WHERE id = (SELECT max(id) FROM journal WHERE act = 'batch taken')",
    "UPDATE station_act SET fingerprint = 'x' || substr(fingerprint, 2)",
    "UPDATE station_act SET transfer_point = transfer_point + 1",
    "CREATE TABLE foreign_one (a)",
    "DROP INDEX batch_by_station",
    "UPDATE publication SET last_revision = 999999 WHERE version = 1",
    "UPDATE published_batch SET last_order = last_order + 1 WHERE number = 1",
)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNight]:
    """A night that came to its end without a fault."""
    base = tmp_path_factory.mktemp("audit")
    night = scene.small_night(base / "night", 1, 6, 7)
    server = Server()
    with runs.Run(night, base / "run", server, "audit", rate=0.0) as run:
        run.work(12)
        assert run.end().lines == []
    yield run.night
    server.close()


def opened(night: SmallNight) -> None:
    Centre.open(night.sandbox.centre, Clock(night.begins, Held(36_000.0))).close()


def test_a_whole_database_opens(ended: SmallNight, tmp_path: Path) -> None:
    opened(ended.copied(tmp_path / "copy"))


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_refused_at_the_start(ended: SmallNight, tmp_path: Path, change: str) -> None:
    night = ended.copied(tmp_path / "copy")
    with closing(sqlite3.connect(night.sandbox.centre / "centre.sqlite")) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(change).rowcount
    with pytest.raises(KnownError) as refused:
        opened(night)
    assert refused.value.code == "CEN-11"


@pytest.mark.parametrize("place", [0, 4096])
def test_a_damaged_page_is_refused_at_the_start(ended: SmallNight, tmp_path: Path, place: int) -> None:
    night = ended.copied(tmp_path / "copy")
    store = night.sandbox.centre / "centre.sqlite"
    data = store.read_bytes()
    store.write_bytes(data[:place] + bytes(200) + data[place + 200 :])
    with pytest.raises(KnownError) as refused:
        opened(night)
    assert refused.value.code == "CEN-11"


def test_a_database_that_cannot_be_opened_is_no_damaged_one(ended: SmallNight, tmp_path: Path) -> None:
    night = ended.copied(tmp_path / "copy")
    store = night.sandbox.centre / "centre.sqlite"
    store.unlink()
    store.mkdir()
    with pytest.raises(KnownError) as refused:
        opened(night)
    assert refused.value.code == "CEN-12"
