"""What a newer program will do to a centre's database, and the copy that it makes before it does anything.

Whichever command of a newer program opens the database first brings it to its newest tables; no older
program opens it then (CEN-10). So that there is a way back, that command first lays the database as it is
into `upgrade/` in the centre's folder: the way back is to put that file in the place of the database and to
start the older program; what came meanwhile the stations send again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from app.central.backup import carrying
from app.central.backup.making import copy_in_one, copy_sqlite
from app.central.database import Database
from app.central.engines import Postgres, Sqlite, Store
from app.central.settings import CentreFolder, CentreSettings
from app.election.errors import KnownError

#: The folder of the copies, in the centre's.
FOLDER = "upgrade"


class Pending(NamedTuple):
    """`since` is the newest migration that the database has; `scripts` those that it lacks, in order."""

    since: str
    scripts: tuple[str, ...]


def pending(where: Path | str) -> Pending | None:
    """What would be done to the database when it is opened; None for one that is new, or up to date. Changes
    nothing. Raises DBAPIError when it cannot be had."""
    if isinstance(where, Path) and not where.exists():
        return None
    store: Store = Sqlite(where) if isinstance(where, Path) else Postgres(where)
    try:
        with store.engine.connect() as connection:
            done = _applied(connection)
    finally:
        store.engine.dispose()
    lacking = tuple(script.name for script in store.scripts() if script.name not in done)
    return Pending(max(done), lacking) if done and lacking else None


def secure(paths: CentreFolder, settings: CentreSettings) -> Path | None:
    """Copy a database that is about to be changed by a newer program; the copy, or None where there is
    nothing to be done. Raises KnownError CEN-67: without a copy nothing is changed."""
    where = settings.store_in(paths)
    try:
        found = pending(where)
        if found is None:
            return None
        copy = paths.root / FOLDER / f"centre-{found.since[:4]}.sqlite"
        if copy.exists():
            return copy  # of an upgrade that did not come to its end; the database is as it was
        copy.parent.mkdir(mode=0o700, exist_ok=True)
        with _whole(copy) as draft:
            if isinstance(where, Path):
                copy_sqlite(where, draft)
            else:
                _carry_old(where, draft, found.since)
        return copy
    except (OSError, sqlite3.Error) as error:
        raise _not_secured(paths.root / FOLDER, str(error)) from error
    except DBAPIError:
        return None  # whoever opens it next says in his own words why it cannot be had


def _applied(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("migration"):
        return set()
    return set(connection.execute(text("SELECT name FROM migration")).scalars())


def _carry_old(address: str, draft: Path, since: str) -> None:
    """A server's database into a file with the same, older tables."""
    store = Postgres(address)
    copy = Database(draft, upto=since[:4])
    try:
        with store.engine.connect() as reading, reading.begin(), copy.writing() as writing:
            carrying.carry(reading, writing)
    finally:
        copy.close()
        store.engine.dispose()
    copy_in_one(draft)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file that bears its name only when it is whole."""
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    try:
        yield draft
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _not_secured(place: Path, detail: str) -> KnownError:
    return KnownError(
        "CEN-67",
        f"Databázi je třeba převést na novější verzi programu, ale její zálohu nelze uložit do {place} "
        f"({detail}). Uvolněte místo; do té doby se nic nezměnilo.",
        f"The database has to be brought to a newer version, but its copy could not be laid into {place} "
        f"({detail}). Free space; nothing was changed.",
    )
