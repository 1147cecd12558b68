"""The store refuses to forget, to be shared, and to be changed by half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.election.reference import Reference
from app.station.config import Parts, StationConfig, assemble, read_config
from app.station.errors import FolderInUse, FolderRefused, StoreTrouble
from app.station.station import Station
from app.station.store import STORE_FILE
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    all_rows,
    file_of,
    fixed_chance,
    make_station,
    one_more_envelope,
    protocols,
    stated,
)

CHECKOUT = Path(__file__).resolve().parents[2]


def fill(station: Station, centre: FakeCentre, reference: Reference) -> None:
    """A row in every table."""
    for index, protocol in enumerate(protocols(reference).values()):
        flawed = one_more_envelope(protocol) if index < 2 else protocol
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, flawed)))
        if index == 0:
            held = station.intake.hold(offer, CLERK, "obálka navíc")
            station.intake.approve(offer.key, SUPERVISOR, held.content_hash)
        elif index == 1:
            station.intake.refuse(offer, CLERK, "nečitelný zápis")
        else:
            station.intake.accept(offer, CLERK)
    sender = station.sender(centre, fixed_chance())
    while sender.step(station.clock()) == station.clock():
        pass


APPEND_ONLY = (
    "station", "originals", "versions", "holds", "hold_ends", "refusals", "receipts", "outcomes", "journal",
)  # fmt: skip


@pytest.mark.parametrize("table", [*APPEND_ONLY, "batches", "outbox", "protocols"])
def test_no_row_of_a_result_can_be_changed_or_deleted(
    station: Station, centre: FakeCentre, reference: Reference, table: str
) -> None:
    fill(station, centre, reference)
    before = all_rows(station)
    assert before[table]
    db = station._store.connection
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"DELETE FROM {table}")
    if table in APPEND_ONLY:
        for column in [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]:
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(f"UPDATE {table} SET {column} = {column}")
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert all_rows(station) == before


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE batches SET data = x'00'",
        "UPDATE batches SET hash = previous_hash",
        "UPDATE batches SET state = 'ready'",
        "UPDATE outbox SET batch_number = NULL",
        "UPDATE outbox SET version_id = version_id + 1",
        "UPDATE protocols SET revision = 0 WHERE revision > 0",
        "UPDATE protocols SET precinct = precinct + 1",
        "INSERT INTO versions SELECT NULL, municipality, precinct, contest, 1, content_hash, 0, 0,"
        " original_sha256, position, source, accepted_at, accepted_by, NULL, '', NULL FROM versions",
        "INSERT INTO versions SELECT NULL, municipality, precinct, contest, 2, content_hash, 0, 0,"
        " original_sha256, position, source, accepted_at, accepted_by, NULL, '', NULL FROM versions",
    ],
)
def test_what_was_sent_and_counted_cannot_be_rewritten(
    station: Station, centre: FakeCentre, reference: Reference, sql: str
) -> None:
    fill(station, centre, reference)
    before = all_rows(station)
    with pytest.raises(sqlite3.IntegrityError):
        station._store.connection.execute(sql)
    assert all_rows(station) == before


def test_every_commit_is_flushed_and_foreign_keys_hold_in_every_thread(station: Station) -> None:
    found: list[tuple[object, ...]] = []

    def ask() -> None:
        db = station._store.connection
        found.append(
            tuple(
                db.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            )
        )

    ask()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [("wal", 2, 1, 1)] * 2


def test_an_act_that_fails_in_its_middle_leaves_nothing(station: Station) -> None:
    before = all_rows(station)

    def act() -> None:
        with station._store.transaction() as db:
            db.execute("INSERT INTO originals VALUES (?, 'x', x'00', '', '')", ("0" * 64,))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert all_rows(station) == before


def test_a_full_disk_is_told_and_stores_nothing_by_half(station: Station, reference: Reference) -> None:
    (reading, *_) = (stated(reference, p) for p in protocols(reference).values())
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(reading) + b"\n" * 100_000)
    before = all_rows(station)
    db = station._store.connection
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(StoreTrouble) as trouble:
        station.intake.accept(offer, CLERK)
    assert "Uvolněte místo" in trouble.value.cs
    assert all_rows(station) == before
    db.execute("PRAGMA max_page_count = 1000000")
    station.intake.accept(offer, CLERK)


def test_a_second_opening_of_the_folder_is_refused(station: Station, clock: Clock) -> None:
    with pytest.raises(FolderInUse) as refused:
        Station.open(station.folder, clock)
    assert "jiný spuštěný program" in refused.value.cs


def test_another_process_is_refused_until_the_first_ends(folder: Path, clock: Clock) -> None:
    program = (
        "import sys; from pathlib import Path; from app.station.lock import FolderLock\n"
        "lock = FolderLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(FolderInUse):
            Station.open(folder, clock)
        other.kill()  # the lock dies with its process
    Station.open(folder, clock).close()


def test_a_store_of_another_station_is_refused(tmp_path: Path, reference: Reference, clock: Clock) -> None:
    mine = make_station(tmp_path, reference, workstation=1)
    other = make_station(tmp_path, reference, workstation=2)
    Station.open(mine, clock).close()
    (mine / STORE_FILE).rename(other / STORE_FILE)
    with pytest.raises(FolderRefused) as refused:
        Station.open(other, clock)
    assert refused.value.code == "STA-12"
    assert "41-1" in refused.value.cs


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + bytes(4080)])
def test_a_damaged_store_is_told(folder: Path, clock: Clock, content: bytes) -> None:
    (folder / STORE_FILE).write_bytes(content)
    with pytest.raises(StoreTrouble):
        Station.open(folder, clock)


def test_a_store_of_a_newer_program_is_refused(folder: Path, clock: Clock) -> None:
    Station.open(folder, clock).close()
    with sqlite3.connect(folder / STORE_FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreTrouble) as refused:
        Station.open(folder, clock)
    assert "novější" in refused.value.cs


def test_a_folder_is_assembled_only_where_nothing_is(tmp_path: Path, folder: Path) -> None:
    parts = Parts(*(folder / name for name in ("ca.pem", "station.key", "station.pem", "reference.sqlite")),
                  folder / "reference.sqlite.p7s")  # fmt: skip
    config = read_config(folder)
    with pytest.raises(FolderRefused) as refused:
        assemble(folder, config, parts)
    assert refused.value.code == "STA-05"
    assemble(tmp_path / "nova", config, parts, link_reference=True)
    assert read_config(tmp_path / "nova") == config
    assert (tmp_path / "nova" / "station.key").stat().st_mode & 0o077 == 0
    with pytest.raises(FolderRefused):
        assemble(tmp_path / "jina", config, Parts(tmp_path / "neni", *[folder / "ca.pem"] * 4))


def test_a_configuration_comes_back_as_it_was_written(folder: Path) -> None:
    config = read_config(folder)
    odd = StationConfig(config.election, config.mode, config.station, config.transfer_point, 'http://x/"\\č')
    (folder / "station.toml").write_text(odd.to_toml(), "utf-8")
    assert read_config(folder) == odd
