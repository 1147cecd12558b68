"""The centre's database: opening, migrations, and the two kinds of transaction.

SQLAlchemy Core on SQLite (WAL, every commit flushed to the disk); nothing here but the pragmas and the
lock at the beginning of a write is SQLite's own, so that PostgreSQL can stand in its place. Each thread
keeps one connection, with its statements prepared, until `close`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

from app import resources
from app.election.errors import KnownError

#: How long a writer waits for another process's commit before it gives up, in seconds.
LOCK_SECONDS = 30
_WRITING = "prebirka_writing"


class Database:
    """One database file; `reading` and `writing` are the only ways in."""

    def __init__(self, path: Path) -> None:
        """Open (or make) the database and bring it to the newest migration. Raises KnownError CEN-10."""
        self._local = threading.local()
        self._open: set[Connection] = set()
        self._lock = threading.Lock()
        self.engine = _engine(path)
        migrate(self.engine)

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self.engine.connect()
            self._local.connection = connection
            with self._lock:
                self._open.add(connection)
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of one moment; never waits for a writer."""
        connection = self._connection()
        connection.info[_WRITING] = False
        with connection.begin():
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """For a single prepared statement: what it reads is consistent by itself, without a transaction."""
        connection = self._connection()
        yield connection
        connection.connection.rollback()  # ends what other databases than SQLite have begun by themselves

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone from its first statement; on any exception nothing of it stays."""
        connection = self._connection()
        connection.info[_WRITING] = True
        with connection.begin():
            yield connection

    def close(self) -> None:
        """Close every thread's connection; call it when those threads have ended."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self.engine.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=QueuePool,
        pool_size=16,
        pool_reset_on_return=None,  # a connection stays with its thread; both transactions end themselves
        connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def prepare(dbapi: object, _record: object) -> None:
        dbapi.isolation_level = None  # type: ignore[attr-defined]  # BEGIN is ours, see below
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 30000",
        ):
            dbapi.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get(_WRITING) else "BEGIN")

    return engine


def migrate(engine: Engine) -> None:
    """Apply the migrations that the database has not seen yet, all in one transaction."""
    with engine.connect() as connection:
        connection.info[_WRITING] = True
        with connection.begin():
            connection.execute(text("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)"))
            done = set(connection.execute(text("SELECT name FROM migration")).scalars())
            known = {script.name: script for script in _scripts(engine.dialect.name)}
            if unknown := done - known.keys():
                raise KnownError(
                    "CEN-10",
                    f"Databáze ústředí je z novější verze programu ({max(unknown)}). Spusťte ji.",
                    f"The centre's database is of a newer version of the program ({max(unknown)}): run it.",
                )
            for name, script in known.items():
                if name in done:
                    continue
                for statement in _statements(script.read_text("utf-8")):
                    connection.exec_driver_sql(statement)
                connection.execute(text("INSERT INTO migration (name) VALUES (:name)"), {"name": name})


def _scripts(dialect: str) -> list[Path]:
    """`NNNN_name.sql` for every database, `NNNN_name.{dialect}.sql` for one."""
    folder = resources.path("migrations", "central")
    return sorted(
        script
        for script in folder.glob("*.sql")
        if script.name.count(".") == 1 or f".{dialect}." in script.name
    )


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
