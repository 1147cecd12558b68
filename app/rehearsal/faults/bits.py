"""Flipped bits in a database file: they must be noticed and refused with a code, never silently used.

A flip that changes nothing that SQL can see (an unused byte of a page) is nobody's business; whether it
is one is told by a dump of the whole database before and after.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path


def flip(database: Path, chance: random.Random) -> None:
    """Flip one to eight bits of a database that nobody has open."""
    data = bytearray(database.read_bytes())
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    database.unlink()  # it may be a link to a copy of it
    database.write_bytes(data)


def contents(database: Path) -> str:
    """SHA-256 of everything that a database says; empty when it cannot be read."""
    digest = sha256()
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            tables = connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            ).fetchall()
            for row in connection.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2, 3"
            ):
                digest.update(repr(row).encode())
            for name, _sql in tables:
                for row in connection.execute(f'SELECT * FROM "{name.decode()}"'):  # noqa: S608 - its own names
                    digest.update(repr(row).encode())
            for pragma in ("user_version", "integrity_check(1)"):
                digest.update(repr(connection.execute(f"PRAGMA {pragma}").fetchone()).encode())
    except (sqlite3.Error, UnicodeDecodeError):
        return ""
    return digest.hexdigest()
