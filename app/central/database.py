"""The centre's database: the two kinds of transaction, on SQLite or PostgreSQL alike.

Each thread keeps one connection, with its statements prepared, until `close`. A connection that broke (the
server was started again, the line was cut) fails the transaction that it was in, whose effect may be there
or not; the thread's next transaction has a new one. What broke while it was idle nobody notices. Where the
databases differ: `app.central.engines`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Transaction
from sqlalchemy.exc import DBAPIError

from app.central.engines import WRITING, Postgres, Sqlite, Store
from app.central.migrations import migrate

#: What else belongs to an act's transaction: called before anything of the act is read or written.
Within = Callable[[Connection], None]


def nothing_more(_: Connection) -> None:
    """Nothing else belongs to the transaction."""


class Database:
    """One database; `reading`, `glancing` and `writing` are the only ways in."""

    def __init__(self, where: Path | str, upto: str = "") -> None:
        """Open (or make) the database and bring it to the newest migration, or to the one named by `upto`.

        `where` is the path of an SQLite file, or the address of a PostgreSQL database. Raises KnownError
        CEN-10 when it is of a newer program, CEN-13 for a wrong address; DBAPIError when it cannot be had.
        """
        self._local = threading.local()
        self._open: set[Connection] = set()
        self._lock = threading.Lock()
        self.store: Store = Sqlite(where) if isinstance(where, Path) else Postgres(where)
        try:
            with self.writing() as connection:
                migrate(self.store, connection, upto)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view of one moment; never waits for a writer."""
        with self._transaction(None, writing=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone from its first statement; on any exception nothing of it stays, unless the
        connection broke at its end."""
        with self._transaction(None, writing=True) as connection:
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """For single prepared statements: what each reads is consistent by itself, without a transaction."""
        connection = self._connection()
        try:
            yield connection
        except BaseException:
            self._let_go_if_lost(connection)
            raise

    @contextmanager
    def writing_on(self, connection: Connection) -> Iterator[Connection]:
        """`writing`, on a connection that the caller keeps for himself (see `connect`)."""
        with self._transaction(connection, writing=True):
            yield connection

    def connect(self) -> Connection:
        """A connection of its own, closed by the caller or by `close`."""
        connection = self.store.engine.connect()
        with self._lock:
            self._open.add(connection)
        return connection

    def close(self) -> None:
        """Close every thread's connection; call it when those threads have ended."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self.store.engine.dispose()

    def let_go(self, connection: Connection) -> None:
        """Close a connection, whatever state it is in; twice is harmless."""
        with self._lock:
            self._open.discard(connection)
        if getattr(self._local, "connection", None) is connection:
            self._local.connection = None
        if not connection.closed:
            connection.invalidate()
            connection.close()

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = self._local.connection = self.connect()
        return connection

    @contextmanager
    def _transaction(self, connection: Connection | None, *, writing: bool) -> Iterator[Connection]:
        """On the given connection, or on the thread's own: what broke while it was idle is replaced."""
        if connection is not None:
            transaction = self._begun(connection, writing)
        else:
            connection = self._connection()
            try:
                transaction = self._begun(connection, writing)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                connection = self._connection()
                transaction = self._begun(connection, writing)
        try:
            with transaction:
                try:
                    yield connection
                except BaseException:
                    if self.store.is_lost(connection):
                        connection.invalidate()  # there is nothing to roll back
                    raise
        except BaseException:
            self._let_go_if_lost(connection)
            raise

    def _begun(self, connection: Connection, writing: bool) -> Transaction:
        connection.info[WRITING] = writing
        try:
            return connection.begin()
        except BaseException:
            self.let_go(connection)  # it may wait for a BEGIN that never came
            raise

    def _let_go_if_lost(self, connection: Connection) -> None:
        if self.store.is_lost(connection):
            self.let_go(connection)
