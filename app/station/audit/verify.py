"""Verifying a whole store: does it hold what the program wrote, all of it, and nothing else?

    1. the journal's chain and the chain of seals         who changed, deleted or moved a row of the log
    2. each row of each table against its last seal       any byte of a result, a draft, an outbox row
    3. originals → figures → content hash → journal       whether the results mean what was accepted
    4. batches and receipts: chain, signatures, contents  what the centre and this station signed
    5. the mark beside the file, the centre's knowledge, the layout, SQLite's own check of the file

A forger who makes all of 1 to 3 anew fails at 4: each signed batch carries the journal's head.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from app.documents.own_batches import ChainHead
from app.election.errors import KnownError
from app.station import seals
from app.station.anchors import read_anchors
from app.station.audit import finding
from app.station.audit.batches import check_batches, check_centre, check_receipts
from app.station.audit.chains import Told, check_journal, check_seals
from app.station.audit.copy import SEALED_SINCE, layout, layout_of, opened, version_of
from app.station.audit.finding import Broken
from app.station.audit.results import check_counts, check_originals, check_versions
from app.station.audit.rows import check_rows
from app.station.config import StationConfig, read_config
from app.station.head_mark import MARK_FILE, HeadMark, Mark
from app.station.store import STORE_FILE, migrations, prove_contains
from app.trust.anchors import Anchors

#: More than so many findings help nobody.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Audit:
    """What a verification found; `broken` is empty when the store is whole, its first is the first broken
    row. Heads: number and hash of the last journal row and the last seal."""

    broken: tuple[Broken, ...]
    journal: tuple[int, str]
    seal: seals.Head

    @property
    def is_whole(self) -> bool:
        return not self.broken


def verify_folder(folder: Path, centre: ChainHead | None = None) -> Audit:
    """Verify the store in a station's folder, also while the station works; `centre` is what the centre knows
    of it, where it was asked. Raises `KnownError` when the folder is no station's."""
    config = read_config(folder)
    mark = HeadMark(folder / MARK_FILE).read()
    return verify(folder / STORE_FILE, config, read_anchors(folder), mark, centre)


def verify(
    path: Path,
    config: StationConfig,
    anchors: Anchors,
    mark: Mark | None = None,
    centre: ChainHead | None = None,
) -> Audit:
    """Verify the store at `path`. Every way in which it can be broken is a finding, none an exception."""
    told, head = Told(), seals.Head(0, seals.GENESIS)
    if not path.is_file():
        gone = finding.behind("", "Databáze chybí.", "The database is missing.")
        return Audit((gone,), told.head, head)
    found: list[Broken] = []
    try:
        with opened(path) as connection:
            found = list(islice(_checks(connection, told, config, anchors, mark, centre), MOST))
            head = seals.head(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        found.append(finding.unreadable("", "", str(error)))
    return Audit(tuple(dict.fromkeys(found)), told.head, head)


def _checks(
    connection: sqlite3.Connection,
    told: Told,
    config: StationConfig,
    anchors: Anchors,
    mark: Mark | None,
    centre: ChainHead | None,
) -> Iterator[Broken]:
    version = version_of(connection)
    if not SEALED_SINCE <= version <= len(migrations()):
        yield finding.unreadable("", "", f"user_version {version}")
        return
    should, known = layout(version)
    checks: tuple[tuple[str, Callable[[], Iterator[Broken]]], ...] = (
        ("journal", lambda: iter(check_journal(connection, told))),
        ("seals", lambda: iter(check_seals(connection, told))),
        ("", lambda: check_rows(connection, known)),
        ("station", lambda: _check_station(connection, config)),
        ("originals", lambda: check_originals(connection)),
        ("versions", lambda: check_versions(connection, told)),
        ("", lambda: check_counts(connection, told)),
        ("batches", lambda: check_batches(connection, told, config, anchors)),
        ("receipts", lambda: check_receipts(connection, config, anchors)),
        ("", lambda: _check_mark(connection, mark)),
        ("batches", lambda: iter(()) if centre is None else check_centre(connection, told, centre)),
        ("sqlite_schema", lambda: _check_layout(connection, should)),
        ("", lambda: _check_file(connection)),
    )
    for table, check in checks:
        try:
            yield from check()
        except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
            # Damaged so that it cannot even be compared; what is told before names the row where it can.
            yield finding.unreadable(table, "", str(error))


def _check_station(connection: sqlite3.Connection, config: StationConfig) -> Iterator[Broken]:
    ours = (config.election, config.mode.value, config.transfer_point, config.station)
    row = connection.execute("SELECT election, mode, transfer_point, station FROM station").fetchone()
    if row is None or tuple(row) != ours:
        yield finding.changed("station", "[1]")


def _check_mark(connection: sqlite3.Connection, mark: Mark | None) -> Iterator[Broken]:
    if mark is not None:
        try:
            prove_contains(connection, mark)
        except KnownError as error:
            yield finding.behind("", error.cs, error.en)


def _check_layout(connection: sqlite3.Connection, should: dict[tuple[str, str], str]) -> Iterator[Broken]:
    has = layout_of(connection)
    for of in sorted(should.keys() | has.keys()):
        if should.get(of) != has.get(of):
            yield finding.schema_changed(" ".join(of))


def _check_file(connection: sqlite3.Connection) -> Iterator[Broken]:
    for row in connection.execute("PRAGMA integrity_check(10)"):
        if row[0] != "ok":
            yield finding.unreadable("", "", str(row[0]))
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield finding.removed(str(row[2]), f"← {row[0]} {row[1]}")
