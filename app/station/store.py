"""The station's database: SQLite in WAL mode with every commit flushed to the disk.

One transaction helper serves every act, so that an act is in the database whole or not at all, whatever
kills the program. Each thread has its own connection. What an act wrote is append-only: the triggers of
`resources/migrations/station` refuse to change it, and each transaction ends with its seal
(`app.station.seals`), so that a change past the program shows itself.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app import resources
from app.station import seals
from app.station.audit.errors import Gone, Replaced, RolledBack
from app.station.closing.gate import refuse_when_closed
from app.station.config import StationConfig
from app.station.errors import FolderRefused, StoreTrouble
from app.station.head_mark import MARK_FILE, HeadMark, Mark

STORE_FILE = "store.sqlite"
_BUSY_SECONDS = 10.0


def instant(at: datetime) -> str:
    """An aware instant as the store writes it: UTC, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def from_instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Store:
    """Opened once per process (the folder's lock sees to that), used from any thread."""

    def __init__(self, path: Path, config: StationConfig, clock: Callable[[], datetime]) -> None:
        """Create or upgrade the database at `path`. Raises `FolderRefused` when it is another
        station's, `StoreTrouble` when it cannot be used."""
        self._path = path
        self.mark = HeadMark(path.with_name(MARK_FILE))
        self._tables: dict[str, seals.Table] = {}
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        try:
            with self._known_troubles():
                self._migrate()
                self._identify(config, clock)
        except BaseException:
            self.close()
            raise

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for reading; autocommit."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._known_troubles():
                connection = self._connect()
            self._local.connection = connection
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One act: everything in the block is committed and flushed, or nothing of it ever was."""
        with self._known_troubles():
            connection = self.connection
            if not getattr(self._local, "watched", False):
                seals.watch(connection, self._tables.values())
                self._local.watched = True
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                refuse_when_closed(connection)
                reached = seals.seal(connection, self._tables)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        if reached is not None:
            self.mark.note(Mark(*reached.seal, *reached.journal))

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """All rows of a query, read in one statement and so from one state of the database."""
        with self._known_troubles():
            return self.connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        """Close all threads' connections; call when no other thread uses the store any more."""
        self.mark.flush()
        with self._guard:
            while self._all:
                self._all.pop().close()
            self._local = threading.local()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        with self._guard:
            self._all.append(connection)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # INSERT OR REPLACE meets the triggers too
        return connection

    def _migrate(self) -> None:
        connection = self.connection
        have = int(connection.execute("PRAGMA user_version").fetchone()[0])
        mark = self.mark.read()
        if mark is not None:
            prove_contains(connection, mark)  # before anything is written
        connection.execute("PRAGMA journal_mode = WAL")
        scripts = migrations()
        if have > len(scripts):
            raise StoreTrouble(
                "STA-11",
                "Databáze přebíracího místa je z novější verze programu. Spusťte novější verzi.",
                "The station's database is from a newer version of the program. Run the newer version.",
            )
        for number, script in list(enumerate(scripts, start=1))[have:]:
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
        self._tables = seals.tables(connection)
        if 0 < have < len(scripts):
            with self.transaction() as db:
                seals.seal_unsealed(db, self._tables)

    def _identify(self, config: StationConfig, clock: Callable[[], datetime]) -> None:
        ours = (config.election, config.mode.value, config.transfer_point, config.station)
        rows = self.rows("SELECT election, mode, transfer_point, station FROM station")
        if not rows:
            with self.transaction() as connection:
                connection.execute("INSERT INTO station VALUES (1, ?, ?, ?, ?, ?)", (*ours, instant(clock())))
            self.mark.flush()
        elif tuple(rows[0]) != ours:
            raise FolderRefused(
                "STA-12",
                f"Databáze patří stanici {rows[0]['station']} ({rows[0]['election']}, {rows[0]['mode']}), "
                f"ne stanici {config.station} ({config.election}, {config.mode}). "
                "Otevřete její vlastní složku.",
                f"The database belongs to station {rows[0]['station']} ({rows[0]['election']}, "
                f"{rows[0]['mode']}), not to {config.station} ({config.election}, {config.mode}). "
                "Open that station's own folder.",
            )

    @contextmanager
    def _known_troubles(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug of ours, not a trouble of the world
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter: damaged text
            raise StoreTrouble(
                "STA-10",
                f"Do databáze přebíracího místa se nepodařilo zapsat nebo z ní číst ({error}). "
                "Nic nebylo uloženo napůl. Uvolněte místo na disku a zkuste to znovu, nebo zavolejte "
                "technika.",
                f"The station's database could not be written or read ({error}). Nothing was stored by half. "
                "Free space on the disk and try again, or call the technician.",
            ) from error


def prove_contains(connection: sqlite3.Connection, mark: Mark) -> None:
    """Raise `Gone`, `RolledBack` or `Replaced` unless the store goes on from what the mark remembers."""
    names = {row[0] for row in connection.execute("SELECT name FROM main.sqlite_schema").fetchall()}
    if "station" not in names:
        raise Gone(mark.seal)
    if "seals" not in names:
        raise RolledBack(0, mark.seal)
    at_mark = connection.execute("SELECT hash FROM seals WHERE seq = ?", (mark.seal,)).fetchone()
    if at_mark is None:
        raise RolledBack(seals.head(connection).seq, mark.seal)
    written = connection.execute("SELECT hash FROM journal WHERE seq = ?", (mark.journal,)).fetchone()
    journal_hash = seals.GENESIS if written is None else written[0]
    if (at_mark[0], journal_hash) != (mark.seal_hash, mark.journal_hash):
        raise Replaced


def migrations() -> list[str]:
    """The scripts that make the store's layout, in their order."""
    folder = resources.path("migrations", "station")
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1)), "migrations have a gap"
    return [file.read_text("utf-8") for file in files]
