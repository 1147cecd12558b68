"""Whatever is changed past the program in a store is found, and the row is named."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.election.model import Mode
from app.station.audit.verify import Audit, verify_folder
from app.station.seals import tables
from app.station.station import Station
from app.station.store import STORE_FILE, migrations
from tests.support import invented_election
from tests.support.busy_station import make_busy, offered, send_all
from tests.support.station_world import CLERK, Clock, FakeCentre, make_station, protocols

CONFIG = ("station.toml", "ca.pem", "store.head")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed station at which everything has happened; never changed, only copied."""
    reference, clock = invented_election.reference(mode=Mode.REHEARSAL), Clock()
    folder = make_station(tmp_path_factory.mktemp("busy"), reference)
    with Station.open(folder, clock) as station:
        make_busy(station, FakeCentre(reference, clock), reference)
    return folder


@pytest.fixture
def copy(busy: Path, tmp_path: Path) -> Path:
    """What a verification reads, to be spoiled."""
    for name in (*CONFIG, STORE_FILE):
        shutil.copyfile(busy / name, tmp_path / name)
    return tmp_path


def spoil(folder: Path, *statements: str) -> None:
    """Change the store past the program: guards put aside and put back as they were."""
    db = sqlite3.connect(folder / STORE_FILE, isolation_level=None)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA ignore_check_constraints = ON")
    guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    for _, sql in guards:
        db.execute(sql)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def places(audit: Audit) -> list[tuple[str, str]]:
    return [(broken.table, broken.row) for broken in audit.broken]


def columns() -> Iterator[tuple[str, str]]:
    """Every column of every table that an act of this busy station fills."""
    model = sqlite3.connect(":memory:")
    model.row_factory = sqlite3.Row
    for script in migrations():
        model.executescript(script)
    known = tables(model)
    for name in FILLED:
        yield from ((name, column) for column in known[name].columns)
    yield from (("journal", row[1]) for row in model.execute("PRAGMA table_info(journal)"))
    yield from (("seals", row[1]) for row in model.execute("PRAGMA table_info(seals)"))


FILLED = (
    "station", "originals", "versions", "protocols", "holds", "hold_ends", "refusals", "batches", "outbox",
    "receipts", "outcomes", "drafts", "draft_fields", "draft_steps", "settlements", "closings", "mends",
    "explanations", "accounts", "account_changes",
)  # fmt: skip


def test_a_store_that_nobody_touched_is_whole(busy: Path) -> None:
    audit = verify_folder(busy)
    assert audit.broken == ()
    assert audit.journal[0] > 20
    assert audit.seal.seq > 20


def test_a_store_is_whole_while_the_station_works(folder: Path, station: Station) -> None:
    station.entries.begin(station.expected[0], CLERK)
    assert verify_folder(folder).broken == ()


@pytest.mark.parametrize(("table", "column"), list(columns()))
def test_a_changed_value_is_found_and_its_row_named(copy: Path, table: str, column: str) -> None:
    db = sqlite3.connect(copy / STORE_FILE)
    db.row_factory = sqlite3.Row
    row = db.execute(f"SELECT rowid, * FROM {table} ORDER BY {column} IS NULL LIMIT 1").fetchone() if (
        table not in ("protocols", "outcomes")
    ) else db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # fmt: skip
    key = _key(db, table, row)
    db.close()
    where = " AND ".join(f"{name} = {_literal(row[name])}" for name in _key_columns(copy, table))
    spoil(copy, f"UPDATE {table} SET {column} = {_other(copy, table, column, row[column])} WHERE {where}")
    audit = verify_folder(copy)
    assert audit.broken
    assert (table, key) in places(audit), places(audit)[:5]
    if table in FILLED:
        assert audit.broken[0].table == table


@pytest.mark.parametrize("table", [*FILLED, "journal", "seals"])
def test_a_deleted_row_is_found_and_named(copy: Path, table: str) -> None:
    db = sqlite3.connect(copy / STORE_FILE)
    db.row_factory = sqlite3.Row
    row = db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    key = _key(db, table, row)
    db.close()
    where = " AND ".join(f"{name} = {_literal(row[name])}" for name in _key_columns(copy, table))
    spoil(copy, f"DELETE FROM {table} WHERE {where}")
    assert (table, key) in places(verify_folder(copy))


@pytest.mark.parametrize("table", ["journal", "seals", "draft_fields", "draft_steps", "versions"])
def test_rows_that_changed_places_are_found(copy: Path, table: str) -> None:
    key = {"journal": "seq", "seals": "seq"}.get(table, "id")
    spoil(
        copy,
        f"UPDATE {table} SET {key} = -1 WHERE {key} = 2",
        f"UPDATE {table} SET {key} = 2 WHERE {key} = 3",
        f"UPDATE {table} SET {key} = 3 WHERE {key} = -1",
    )
    first = verify_folder(copy).broken[0]
    assert first.table == table
    assert "2" in first.row


def test_an_added_row_is_found_and_named(copy: Path) -> None:
    spoil(copy, "INSERT INTO draft_steps VALUES (999, 1, 'finished', 'nikdo', '2024-09-20', '')")
    assert places(verify_folder(copy)) == [("draft_steps", "[999]")]


@pytest.mark.parametrize("chain", ["journal", "seals"])
def test_a_chain_that_was_cut_off_at_its_end_is_found(copy: Path, chain: str) -> None:
    spoil(copy, f"DELETE FROM {chain} WHERE seq = (SELECT max(seq) FROM {chain})")
    assert verify_folder(copy).broken


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER journal_keeps",
        "DROP INDEX batches_unanswered",
        "CREATE TRIGGER more AFTER INSERT ON versions BEGIN DELETE FROM draft_fields; END",
        "CREATE TABLE more (id INTEGER PRIMARY KEY)",
    ],
)
def test_a_changed_layout_is_found(copy: Path, statement: str) -> None:
    db = sqlite3.connect(copy / STORE_FILE)
    db.execute(statement)
    db.close()
    assert [broken.table for broken in verify_folder(copy).broken] == ["sqlite_schema"]


def test_whoever_makes_all_chains_anew_fails_at_the_signed_batch(copy: Path) -> None:
    """A forger without the station's key: journal and seals fit again, the batch's journal head does not."""
    from app.station import journal, seals

    spoil(copy, "UPDATE journal SET user = 'Někdo Jiný' WHERE seq = 2")
    db = sqlite3.connect(copy / STORE_FILE, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.executescript("DROP TRIGGER journal_keeps; DROP TRIGGER seals_keep;")
    heads, previous = {0: journal.GENESIS}, journal.GENESIS
    for row in db.execute("SELECT * FROM journal ORDER BY seq").fetchall():
        db.execute("UPDATE journal SET previous_hash = ? WHERE seq = ?", (previous, row["seq"]))
        again = db.execute("SELECT * FROM journal WHERE seq = ?", (row["seq"],)).fetchone()
        previous = heads[row["seq"]] = journal.hash_of_row(again)
        db.execute("UPDATE journal SET hash = ? WHERE seq = ?", (previous, row["seq"]))
    previous = seals.GENESIS
    for row in db.execute("SELECT * FROM seals ORDER BY seq").fetchall():
        told = heads[row["journal_seq"]]
        own = seals.hash_of(row["seq"], row["entries"], row["journal_seq"], told, previous)
        db.execute(
            "UPDATE seals SET journal_hash = ?, previous_hash = ?, hash = ? WHERE seq = ?",
            (told, previous, own, row["seq"]),
        )
        previous = own
    for script in migrations():
        for line in script.split("\n"):
            if line.startswith(("CREATE TRIGGER journal_keeps", "CREATE TRIGGER seals_keep ")):
                db.execute(line)
    db.close()
    (copy / "store.head").unlink()
    audit = verify_folder(copy)
    assert {broken.table for broken in audit.broken} == {"batches"}


@pytest.mark.parametrize("seed", range(30))
def test_a_flipped_byte_of_the_file_is_found_or_changes_nothing(copy: Path, busy: Path, seed: int) -> None:
    """Unused room in a page may hold anything; whatever a reader would read differently is found."""
    chance = random.Random(seed)
    data = bytearray((copy / STORE_FILE).read_bytes())
    place = chance.randrange(len(data))
    data[place] ^= 1 << chance.randrange(8)
    (copy / STORE_FILE).write_bytes(data)
    audit = verify_folder(copy)
    if not audit.broken:
        assert dump(copy / STORE_FILE) == dump(busy / STORE_FILE)


def dump(path: Path) -> list[str]:
    db = sqlite3.connect(path)
    try:
        return list(db.iterdump())
    finally:
        db.close()


def roll_back(folder: Path, clock: Clock, reference: object, act: Callable[[Station], None]) -> bytes:
    """The store's file as it was before `act`."""
    with Station.open(folder, clock) as station:
        station._store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        before = (folder / STORE_FILE).read_bytes()
        act(station)
    return before


def test_an_older_copy_of_the_store_is_refused_at_opening_and_by_the_verification(
    folder: Path, clock: Clock, centre: FakeCentre
) -> None:
    reference = invented_election.reference(mode=Mode.REHEARSAL)

    def work(station: Station) -> None:
        station.intake.accept(offered(station, reference, next(iter(protocols(reference).values()))), CLERK)
        send_all(station, centre)

    old = roll_back(folder, clock, reference, work)
    (folder / STORE_FILE).write_bytes(old)
    before = (folder / STORE_FILE).read_bytes()
    with pytest.raises(Exception, match="AUD-01") as refused:
        Station.open(folder, clock)
    assert "prebirka station restore" in str(refused.value.cs)  # type: ignore[attr-defined]
    assert (folder / STORE_FILE).read_bytes() == before
    assert [broken.code for broken in verify_folder(folder).broken] == ["AUD-18"]
    assert len(centre.pushes) == 1


def test_a_store_that_is_gone_is_not_begun_anew(folder: Path, clock: Clock) -> None:
    Station.open(folder, clock).close()
    (folder / STORE_FILE).unlink()
    with pytest.raises(Exception, match="AUD-03"):
        Station.open(folder, clock)
    assert verify_folder(folder).broken


def test_the_store_of_another_history_is_refused(folder: Path, clock: Clock, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(folder, twin)
    for of in (folder, twin):
        clock.advance(5)
        Station.open(of, clock).close()
    shutil.copyfile(twin / STORE_FILE, folder / STORE_FILE)
    with pytest.raises(Exception, match="AUD-02"):
        Station.open(folder, clock)


def test_a_mark_that_lags_behind_is_no_trouble(folder: Path, clock: Clock) -> None:
    """Killed between a commit and the writing of its mark."""
    Station.open(folder, clock).close()
    lagging = (folder / "store.head").read_bytes()
    with Station.open(folder, clock) as station:
        station.entries.begin(station.expected[0], CLERK)
    (folder / "store.head").write_bytes(lagging)
    Station.open(folder, clock).close()
    assert (folder / "store.head").read_bytes() == lagging or verify_folder(folder).is_whole
    assert verify_folder(folder).is_whole


def _key_columns(folder: Path, table: str) -> list[str]:
    db = sqlite3.connect(folder / STORE_FILE)
    try:
        found = [row for row in db.execute(f"PRAGMA table_info({table})") if row[5]]
        return [row[1] for row in sorted(found, key=lambda row: row[5])]
    finally:
        db.close()


def _key(db: sqlite3.Connection, table: str, row: sqlite3.Row) -> str:
    if table in ("journal", "seals"):
        return str(row["seq"])
    names = [r[1] for r in sorted((r for r in db.execute(f"PRAGMA table_info({table})") if r[5]),
                                  key=lambda r: r[5])]  # fmt: skip
    return json.dumps([row[name] for name in names], separators=(",", ":"))


def _literal(value: object) -> str:
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return "NULL" if value is None else repr(value) if isinstance(value, int) else f"'{value}'"


def _other(folder: Path, table: str, column: str, value: object) -> str:
    """Another value of the column's kind that its table can store."""
    if isinstance(value, bytes):
        return f"x'{bytes([value[0], value[1] ^ 1, *value[2:]]).hex()}'"
    if isinstance(value, int):
        return str(value + 1000)
    if value is None:
        return "7" if "INTEGER" in _type(folder, table, column) else "'jinak'"
    text = str(value)
    return f"'{('0' if text[:1] != '0' else '1') + text[1:]}'"


def _type(folder: Path, table: str, column: str) -> str:
    db = sqlite3.connect(folder / STORE_FILE)
    try:
        return next(str(row[2]) for row in db.execute(f"PRAGMA table_info({table})") if row[1] == column)
    finally:
        db.close()
