"""The two databases that can hold the centre's store, and everything in which they differ.

SQLite (WAL, every commit flushed) is a file in the centre's folder; PostgreSQL is a server for several
ingest processes on several hosts. Both give a reader the view of one moment and a writer the whole store
to himself from his first statement: SQLite by BEGIN IMMEDIATE, PostgreSQL by an advisory lock that ends
with the transaction. Every batch continues one journal and takes the next numbers, so two writers never
go side by side anyway; SERIALIZABLE lets both work and then sends one back: with four writers each
transaction was done three times over, and fewer came through than with the lock.
"""

from __future__ import annotations

import logging
import re
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from app import resources
from app.central.prepared import guarded
from app.election.errors import KnownError

#: How long a writer waits for another's commit before it gives up, in seconds.
LOCK_SECONDS = 30
#: Where a connection remembers which of the two transactions begins next.
WRITING = "prebirka_writing"
_FOLDER = ("migrations", "central")


class Store(ABC):
    """A database that is open. `name` is the word of its dialect, as in the names of migrations."""

    name: str
    engine: Engine
    #: whether a process that leads holds a lock in the database too (`app.central.leadership`)
    lead = False

    @abstractmethod
    def run_script(self, connection: Connection, script: str) -> None:
        """Run the statements of one migration."""

    @abstractmethod
    def broken(self, connection: Connection) -> str | None:
        """The first place where the database's structure is not what the migrations made."""

    def is_lost(self, connection: Connection) -> bool:
        """Whether the connection is gone for good: its transaction is over, another one may go on."""
        return connection.invalidated

    def takes_lead(self, connection: Connection) -> bool:
        """Take the leader's lock for as long as this connection lives, if nobody has it."""
        raise NotImplementedError

    def still_leads(self, connection: Connection) -> None:
        """Raises DBAPIError when the connection, and the lock with it, is gone."""
        raise NotImplementedError

    def scripts(self) -> list[Path]:
        """`NNNN_name.sql` for every database, `NNNN_name.{dialect}.sql` for one, in their order."""
        found = [
            script
            for script in resources.path(*_FOLDER).glob("*.sql")
            if script.name.count(".") == 1 or f".{self.name}." in script.name
        ]
        return sorted(found, key=lambda script: (script.name.partition(".")[0], script.name.count(".")))

    def _begins(self, reading: str, writing: str, **options: object) -> None:
        """Begin transactions with these words."""

        @event.listens_for(self.engine, "begin")
        def begin(connection: Connection) -> None:
            words = writing if connection.info.get(WRITING) else reading
            cursor: Any = connection.connection.cursor()
            guarded(connection, words, lambda: cursor.execute(words, **options))
            cursor.close()


class Sqlite(Store):
    """A file; all processes that use it run on its host."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.engine = create_engine(
            f"sqlite+pysqlite:///{path}",
            poolclass=QueuePool,
            pool_size=16,
            pool_reset_on_return=None,  # a connection stays with its thread; both transactions end themselves
            connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False, "cached_statements": 256},
        )

        @event.listens_for(self.engine, "connect")
        def prepare(dbapi: object, _record: object) -> None:
            dbapi.isolation_level = None  # type: ignore[attr-defined]  # BEGIN is ours
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                f"busy_timeout = {LOCK_SECONDS * 1000}",
            ):
                dbapi.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

        self._begins("BEGIN", "BEGIN IMMEDIATE")

    def run_script(self, connection: Connection, script: str) -> None:
        for statement in _statements(script):
            connection.exec_driver_sql(statement)

    def broken(self, connection: Connection) -> str | None:
        """SQLite's own check of the file and every index; then every table, index and trigger, in the
        words that made it."""
        for row in connection.execute(text("PRAGMA integrity_check(1)")):
            if row[0] != "ok":
                return str(row[0])
        return None if _layout(connection) == _made_anew() else "sqlite_schema"


def _layout(connection: Connection) -> list[tuple[str, ...]]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2"
    return [tuple(map(str, row)) for row in connection.execute(text(query))]


@cache
def _made_anew() -> list[tuple[str, ...]]:
    from app.central.database import Database

    database = Database(Path(":memory:"))
    try:
        with database.reading() as connection:
            return _layout(connection)
    finally:
        database.close()


def _statements(script: str) -> list[str]:
    """The statements of a script; each ends with a semicolon at the end of a line (a trigger with END;)."""
    statements, lines, inside = [], [], False
    for line in script.splitlines():
        code = line.split("--")[0].rstrip()
        if not code:
            continue
        lines.append(code)
        inside = inside or code.startswith("CREATE TRIGGER")
        if code.endswith("END;") or (code.endswith(";") and not inside):
            statements.append("\n".join(lines))
            lines, inside = [], False
    return statements


#: The lock of whoever writes; nobody else in this database uses advisory locks of one number.
WRITER_LOCK = 7_001
#: The lock of whoever publishes.
LEADER_LOCK = 7_002
#: PostgreSQL's words for SQLite's types, with SQLite's meaning: 64 bits, and text that compares by its bytes.
_TYPES = {"BLOB": "BYTEA", "INTEGER": "BIGINT", "TEXT": 'TEXT COLLATE "C"'}
_SESSION = {
    "synchronous_commit": "on",  # an answered batch is on the disk, whatever the server's own setting
    "lock_timeout": f"{LOCK_SECONDS}s",
    "client_min_messages": "warning",
    # Tables grow from nothing within hours: a plan made while one was empty would be kept for all of them.
    "plan_cache_mode": "force_custom_plan",
    # A lost host must not keep the writer's lock: its session ends within half a minute.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
#: The same seen from here: a server that fell silent is a lost connection, not a wait for ever. Seconds.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}


class Postgres(Store):
    """A server. Each connection decides itself when a transaction begins, so that a single statement needs
    no transaction around it; the lock comes in the same message as the BEGIN."""

    name = "postgresql"
    lead = True

    def __init__(self, address: str) -> None:
        """Raises KnownError CEN-13 for an address that is not one."""
        self.engine = create_engine(
            _checked(address),
            poolclass=NullPool,  # a connection stays with its thread
            pool_reset_on_return=None,
            use_native_hstore=False,
            connect_args={
                **_PATIENCE,
                "autocommit": True,
                "application_name": "prebirka",
                "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
            },
        )
        self._begins(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            # READ COMMITTED: what is read after the lock is what the last writer left. A writer that
            # stopped in the middle (a frozen machine) gives way to the others after a while.
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({WRITER_LOCK}); "
            f"SET LOCAL idle_in_transaction_session_timeout = '{LOCK_SECONDS}s'",
            prepare=False,  # several statements in one message
        )
        logging.getLogger("psycopg").addFilter(_said_already)

    def is_lost(self, connection: Connection) -> bool:
        return connection.invalidated or bool(
            connection.connection.dbapi_connection.closed  # type: ignore[union-attr]
        )

    def takes_lead(self, connection: Connection) -> bool:
        # Its holder asks several times a second; one that is frozen gives way.
        self._say(connection, f"SET idle_session_timeout = '{LOCK_SECONDS}s'")
        return bool(self._say(connection, f"SELECT pg_try_advisory_lock({LEADER_LOCK})").fetchone()[0])

    def still_leads(self, connection: Connection) -> None:
        self._say(connection, "SELECT 1")

    def _say(self, connection: Connection, words: str) -> Any:
        cursor: Any = connection.connection.cursor()
        guarded(connection, words, lambda: cursor.execute(words, prepare=False))
        return cursor

    def run_script(self, connection: Connection, script: str) -> None:
        words = re.sub(rf"\b({'|'.join(_TYPES)})\b", lambda found: _TYPES[found[0]], script)
        self._say(connection, words)

    def broken(self, connection: Connection) -> str | None:
        """Every table, index and working trigger of the migrations is there."""
        there = set(connection.execute(text(_OBJECTS)).scalars())
        made = re.compile(r"^CREATE (?:UNIQUE )?(?:TABLE|INDEX|TRIGGER) (\w+)", re.MULTILINE)
        for script in self.scripts():
            for name in made.findall(script.read_text("utf-8")):
                if name not in there:
                    return str(name)
        return None


def _said_already(record: logging.LogRecord) -> bool:
    """A connection that is lost between two statements of one message is told by the error that it raises."""
    return not str(record.msg).startswith("error ignored terminating")


_OBJECTS = """
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
UNION ALL
SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')
"""


def _checked(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise _no_address("?") from None
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise _no_address(url.drivername)
    if url.password is not None or "password" in url.query:
        raise KnownError(
            "CEN-13",
            "V adrese databáze je heslo. Vymažte ho z ní a uložte do souboru, na který ukazuje proměnná "
            "PGPASSFILE (práva 0600), nebo do ~/.pgpass.",
            "The database's address holds a password. Take it out, and put it into the file that the "
            "variable PGPASSFILE names (mode 0600), or into ~/.pgpass.",
        )
    return url.set(drivername="postgresql+psycopg")


def _no_address(kind: str) -> KnownError:
    return KnownError(
        "CEN-13",
        f"Adresa databáze není správná ({kind}). Patří sem postgresql+psycopg://uživatel@počítač/databáze, "
        "nebo nic: potom je databáze souborem ve složce ústředí.",
        f"The database's address is wrong ({kind}). It is postgresql+psycopg://user@host/database, or "
        "nothing: then the database is a file in the centre's folder.",
    )
