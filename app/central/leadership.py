"""Which of the processes publishes: one leads, the others stand by and take over when it ends.

Two locks, and each is given up by the system itself when its holder dies. A lock on a file beside the
public folder: one process of a host writes there. With PostgreSQL, whose centre may have processes on
several hosts, also an advisory lock on a connection kept for nothing else; a version is claimed in a
transaction on that very connection. So a leader that lost it (the server was started again, the host was
cut off or frozen) can claim nothing any more: its transaction fails, whoever leads by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.central.database import Database
from app.documents import file_lock
from app.election.errors import KnownError


class NotLeading(KnownError):
    """Another process publishes for this centre."""

    def __init__(self) -> None:
        super().__init__(
            "CEN-17",
            "Za toto ústředí zveřejňuje jiný proces. Tento přijímá a převezme zveřejňování, až jiný skončí.",
            "Another process publishes for this centre. This one receives, and takes over when it ends.",
        )


class Leadership:
    """One process's part in it. For one thread at a time."""

    def __init__(self, database: Database, file: Path) -> None:
        """`file` is the lock of the public folder."""
        self._database = database
        self._path = file
        self._file: int | None = None
        self._connection: Connection | None = None

    @property
    def leads(self) -> bool:
        """Whether it led when it last looked."""
        return self._file is not None and (self._connection is not None or not self._database.store.lead)

    def take(self) -> bool:
        """Lead if nobody else does; whether this process leads now. Asks the server each time, so that a
        leader hears soon that it is none any more. Raises OSError when the file cannot be opened."""
        if self._file is None:
            self._file = file_lock.take(self._path)
        if self._file is None or not self._database.store.lead:
            return self._file is not None
        try:
            return self._takes_on_server()
        except DBAPIError:
            self._leave_server()
            return False

    @contextmanager
    def claiming(self) -> Iterator[Connection]:
        """A writing transaction that is committed only while this process leads. Raises NotLeading, and
        DBAPIError when it has just ceased to."""
        if not self.leads:
            raise NotLeading
        if self._connection is None:
            with self._database.writing() as connection:
                yield connection
            return
        try:
            with self._database.writing_on(self._connection) as connection:
                yield connection
        except DBAPIError:
            self._leave_server()
            raise

    def release(self) -> None:
        """Let another process lead; twice is harmless."""
        self._leave_server()
        if self._file is not None:
            file_lock.release(self._file)
            self._file = None

    def _takes_on_server(self) -> bool:
        if self._connection is not None:
            self._database.store.still_leads(self._connection)
            return True
        connection = self._database.connect()
        try:
            leads = self._database.store.takes_lead(connection)
        except BaseException:
            self._database.let_go(connection)
            raise
        if not leads:
            self._database.let_go(connection)
            return False
        self._connection = connection
        return True

    def _leave_server(self) -> None:
        if self._connection is not None:
            self._database.let_go(self._connection)
            self._connection = None
