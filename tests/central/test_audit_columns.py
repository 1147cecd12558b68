"""Every column of every table of the centre: one changed value, and the centre does not start.

Of each table the last row is changed, which no later row covers; with PREBIRKA_LONG=1 the first one too.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from contextlib import closing
from copy import copy
from datetime import timedelta
from pathlib import Path

import pytest

from app.central import audit, schema, setting_up, settling
from app.central import centre as centres
from app.central.centre import Centre
from app.central.goes_on import GoesOn
from app.central.senders import Seal
from app.central.setting_up import Kind
from app.central.settings import CentreFolder
from app.election.errors import KnownError
from app.election.model import Contest
from app.trust import keys
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from tests.support import acting, media_rows, room_rows
from tests.support.central_driver import corrected, of_point
from tests.support.house import Clock, House
from tests.support.invented_election import OTHER_POINT, POINT, VOTING_ENDS, reference
from tests.support.long import LONG
from tests.support.readiness import signed_report

NOW = VOTING_ENDS + timedelta(hours=1)
COLUMNS = [(table.name, column.name) for table in schema.metadata.sorted_tables for column in table.columns]
#: Columns of which nothing of weight hangs, and why a change of them may pass.
HARMLESS = {
    ("belongs", "election"): "every opening compares it with the settings (CEN-14)",
    ("publication", "processed"): "figures of the whole: the next publication compares them with the count",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1)
    return House(tmp_path_factory.mktemp("columns"), known, Clock(NOW), batch_grid_seconds=0)


@pytest.fixture(scope="module")
def folder(house: House) -> Path:
    """A centre that has seen everything: batches, a gap, a fork and its way out, what was set aside, a
    correction, a withdrawal and an act undone, a permit, a revocation, publications, closed batches."""
    centre = house.open()
    made = of_point(house, POINT) + of_point(house, POINT, Contest.SENATE_ROUND_1)
    one, other = house.station(f"{POINT}-1"), house.station(f"{OTHER_POINT}-1")

    def take(data: bytes) -> str:
        return centre.ingest.receive(data, house.clock.now).code

    logging.disable(logging.CRITICAL)  # of a fork and what follows, all meant
    assert take(one.batch(one.item(made[0]))) == ""
    assert take(one.batch(one.item(corrected(made[0], 1), 2))) == ""
    centre.publisher.flush(close_batch=True)
    twin = copy(one)
    assert take(one.batch(one.item(made[1]))) == ""
    assert take(twin.batch(twin.item(made[2]))) == "ING-10"
    assert take(twin.batch(twin.item(made[3]))) == "ING-15"
    settling.settle(centre.database, one.name, GoesOn.BRANCH, "", "vedoucí potvrdil", house.clock.now)
    for data in (twin.sent[-2], twin.sent[-1]):
        assert take(data) == ""
    other.batch()  # on its way still: a gap
    assert take(other.batch(*other.items(of_point(house, OTHER_POINT)[:2]))) == ""
    logging.disable(logging.NOTSET)
    for each in (one, other):
        assert centre.readiness.report(signed_report(house, each), house.clock.now).code == ""
    media_rows.put_into(centre.database, house.clock.now)
    room_rows.put_into(centre.database, house.clock.now)
    for subject in ("prvni", "druhy"):
        setting_up.keep(centre.database, Kind.PROGRAM, one.name, subject, b"program", house.clock.now)
    _act(house)
    centre.publisher.flush(close_batch=True)
    house.station(f"{POINT}-9")
    centres.revoke_station(house.centre_folder, f"{POINT}-9", "ztracený notebook", house.clock.now)
    centre.close()
    return house.centre_folder


def _act(house: House) -> None:
    first, *_, last = of_point(house, OTHER_POINT)
    acting.withdraw(house, first.key)
    acting.undo(house, acting.never(house, last.precinct).number)
    ends = house.reference.election.calendar.delivery_ends + timedelta(hours=5)
    centres.give_permit(house.centre_folder, first.key, ends, "povodeň", house.clock)


def test_a_centre_that_has_seen_everything_opens(house: House, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    Centre.open(tmp_path / "copy", house.clock).close()
    with closing(sqlite3.connect(folder / "centre.sqlite")) as store:
        for table in schema.metadata.sorted_tables:
            assert store.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0], table.name


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[".".join(each) for each in COLUMNS])
def test_a_changed_column_is_noticed(
    house: House, folder: Path, tmp_path: Path, table: str, column: str
) -> None:
    (tmp_path / "copy").mkdir()
    shutil.copyfile(folder / "centre.sqlite", tmp_path / "copy" / "centre.sqlite")
    missed = [
        row
        for row in _rows(tmp_path / "copy" / "centre.sqlite", table)
        if not _noticed(house, folder, tmp_path / "copy", table, column, row)
    ]
    if (table, column) not in HARMLESS:
        assert missed == []


def test_a_row_that_is_gone_is_noticed(house: House, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    store = tmp_path / "copy" / "centre.sqlite"
    for table in schema.metadata.sorted_tables:
        if table is schema.belongs:
            continue  # the centre that opens it writes it again
        shutil.copyfile(folder / "centre.sqlite", store)
        with _unguarded(store) as connection:
            connection.execute(
                f"DELETE FROM {table.name} WHERE rowid = (SELECT max(rowid) FROM {table.name})"
            )
        assert _refused(house, store.parent), table.name


def _rows(store: Path, table: str) -> list[int]:
    """The last row of a table and, in the long form, the first one."""
    with closing(sqlite3.connect(store)) as connection:
        first, last = connection.execute(f"SELECT min(rowid), max(rowid) FROM {table}").fetchone()
    return sorted({first, last}) if LONG else [last]


def _noticed(house: House, folder: Path, copy_: Path, table: str, column: str, row: int) -> bool:
    shutil.copyfile(folder / "centre.sqlite", copy_ / "centre.sqlite")
    with _unguarded(copy_ / "centre.sqlite") as connection:
        (value,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (_other(value), row))
        except sqlite3.IntegrityError:
            return True  # the database itself refuses such a value
    return _refused(house, copy_)


def _refused(house: House, folder: Path) -> bool:
    """Whether a centre would not start with the store of this folder."""
    paths = CentreFolder(house.centre_folder)
    anchors = Anchors.from_pem(house.authority.to_pem())
    certificate = Certificate.from_pem(paths.certificate.read_bytes())
    seal = Seal(anchors, keys.load_key(paths.key, None), certificate)
    try:
        audit.opened(CentreFolder(folder).store, seal, house.code).close()
    except KnownError as error:
        return error.code == "CEN-11"
    return False


def _other(value: object) -> object:
    """Another value that looks as good."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return value[:-1] + bytes((value[-1] ^ 1,))
    text = str(value or "")
    if text[:2] == "20" and "T" in text:
        return text.replace("T1", "T0", 1)
    digits = [place for place, each in enumerate(text) if each.isdigit()]
    if digits:
        place = digits[-1]
        return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    return text + "x" if value is not None else 1


class _unguarded:
    """The store without its triggers, while the block runs; written at its end, as one transaction."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def __enter__(self) -> sqlite3.Connection:
        self._connection = sqlite3.connect(self._store, isolation_level=None)
        self._connection.execute("BEGIN")
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        self._triggers = self._connection.execute(query).fetchall()
        for name, _ in self._triggers:
            self._connection.execute(f"DROP TRIGGER {name}")
        return self._connection

    def __exit__(self, *_: object) -> None:
        for _name, sql in self._triggers:
            self._connection.execute(sql)
        self._connection.execute("COMMIT")
        self._connection.close()


def test_every_table_is_there() -> None:
    assert {table for table, _ in COLUMNS} >= {"permit", "act", "chain_act", "released", "change"}
    assert HARMLESS.keys() <= set(COLUMNS)
