"""A store opened for reading alone, as it lies on the disk, with the layout that it should have.

Nothing is migrated or repaired: what is proved is what is there. Text that is no text any more is read
as it is, so that a damaged row can be told from its neighbours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from app.station import seals
from app.station.store import migrations

#: The first version of the store's layout that has seals.
SEALED_SINCE = 4


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The store at `path`, read-only. Raises `sqlite3.Error` when it cannot be opened."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        connection.execute("BEGIN")  # one state of the store, whoever works with it
        yield connection
    finally:
        connection.close()


@cache
def layout(version: int) -> tuple[dict[tuple[str, str], str], dict[str, seals.Table]]:
    """What a store of this version is laid out like: SQL by kind and name, and its sealed tables."""
    with sqlite3.connect(":memory:") as model:
        model.row_factory = sqlite3.Row
        for script in migrations()[:version]:
            model.executescript(script)
        known = seals.tables(model)
        made = layout_of(model)
    model.close()
    return made, known


def layout_of(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = connection.execute(
        "SELECT type, name, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ).fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
