"""The seals: after each transaction, one row that says what it left in which row of which table.

The journal tells what people did, in words; it cannot tell that a byte of a table was changed past the
program. A seal can: it holds the SHA-256 of every row that its transaction wrote and the head of the
journal, and names the hash of the seal before it. The store writes it just before each commit, so no act
has to think of it, and a table that a later version adds is sealed from its first row.

Which rows a transaction wrote is told by triggers in SQLite's own temporary schema: they live as long as
the connection and leave nothing in the file. A row's digest leaves out columns that hold their default, so
a column that a later version adds changes no digest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

GENESIS = "0" * 64
"""What the first seal, and the first row of the journal, names as the one before it."""

#: Tables that prove themselves by their own chain.
CHAINED = frozenset({"journal", "seals"})
#: Digest of a row that was deleted.
GONE = ""

_text = json.JSONEncoder(separators=(",", ":")).encode


class Entry(NamedTuple):
    """What a transaction left in one row: `key` is the JSON array of its primary key, `digest` the SHA-256
    of its contents, or `GONE`."""

    table: str
    key: str
    digest: str


class Head(NamedTuple):
    """The last seal; (0, GENESIS) when there is none."""

    seq: int
    hash: str


class Reached(NamedTuple):
    """The heads of the seals and of the journal after a transaction."""

    seal: Head
    journal: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is sealed. `defaults` are the values that a row leaves out of its digest."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    defaults: tuple[object, ...]
    by_key: str  # the query for one row

    def key_of(self, row: sqlite3.Row) -> str:
        return _text([row[name] for name in self.key])

    def digest(self, row: sqlite3.Row) -> str:
        """SHA-256 over column and value, each kept apart from its neighbours by JSON."""
        said: dict[str, object] = {}
        for name, default, value in zip(self.columns, self.defaults, row, strict=True):
            if isinstance(value, bytes):
                said[name] = {"sha256": sha256(value).hexdigest(), "bytes": len(value)}
            elif type(value) is not type(default) or value != default:
                said[name] = value
        return sha256(_text(said).encode()).hexdigest()

    def rows(self, connection: sqlite3.Connection) -> sqlite3.Cursor:
        """All rows in the order of the key."""
        return connection.execute(f"SELECT * FROM {self.name} ORDER BY {', '.join(self.key)}")  # noqa: S608

    def row(self, connection: sqlite3.Connection, key: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = connection.execute(self.by_key, json.loads(key)).fetchone()
        return found


def tables(connection: sqlite3.Connection) -> dict[str, Table]:
    """Every table of the store that is sealed, by name."""
    names = connection.execute(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {row[0]: _table(connection, row[0]) for row in names if row[0] not in CHAINED}


def watch(connection: sqlite3.Connection, watched: Iterable[Table]) -> None:
    """Note in `temp.touched` which rows this connection writes from now on."""
    connection.execute("PRAGMA temp_store = MEMORY")
    # Not unique: a conflict clause of the act's own statement would rule inside the triggers too.
    connection.execute("CREATE TEMP TABLE touched (name TEXT, key TEXT)")
    for table in watched:
        for event, sides in (("INSERT", ("new",)), ("UPDATE", ("old", "new")), ("DELETE", ("old",))):
            notes = "".join(
                f"INSERT INTO touched VALUES ('{table.name}',"  # noqa: S608
                f" json_array({', '.join(f'{side}.{name}' for name in table.key)}));"
                for side in sides
            )
            connection.execute(
                f"CREATE TEMP TRIGGER touched_{table.name}_{event} AFTER {event} ON main.{table.name}"
                f" BEGIN {notes} END"
            )


def seal(connection: sqlite3.Connection, known: dict[str, Table]) -> Reached | None:
    """Seal what this connection's open transaction wrote. Tells where the chains then end; None: it wrote
    nothing."""
    entries = []
    for name, key in connection.execute(
        "SELECT DISTINCT name, key FROM temp.touched ORDER BY name, key"
    ).fetchall():
        table = known[name]
        row = table.row(connection, key)
        # The same text for a key as Python writes it, who checks it.
        entries.append(
            Entry(name, _text(json.loads(key)), GONE)
            if row is None
            else Entry(name, table.key_of(row), table.digest(row))
        )
    if entries:
        connection.execute("DELETE FROM temp.touched")
    last = connection.execute("SELECT seq, hash, journal_seq FROM seals ORDER BY seq DESC LIMIT 1").fetchone()
    told = journal_head(connection)
    if not entries and told[0] == (0 if last is None else last["journal_seq"]):
        return None
    before = Head(0, GENESIS) if last is None else Head(last["seq"], last["hash"])
    return Reached(_write(connection, before, entries, told), told)


def seal_unsealed(connection: sqlite3.Connection, known: dict[str, Table]) -> None:
    """Seal, in the open transaction, rows of which no seal tells: those of a store of an older version."""
    told = {(entry.table, entry.key) for entry in left(connection)}
    entries = [
        Entry(table.name, table.key_of(row), table.digest(row))
        for table in known.values()
        for row in table.rows(connection)
        if (table.name, table.key_of(row)) not in told
    ]
    if entries:
        _write(connection, head(connection), entries, journal_head(connection))


def head(connection: sqlite3.Connection) -> Head:
    row = connection.execute("SELECT seq, hash FROM seals ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(0, GENESIS) if row is None else Head(row[0], row[1])


def journal_head(connection: sqlite3.Connection) -> tuple[int, str]:
    """Number and hash of the journal's last row; (0, GENESIS) when there is none."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (0, GENESIS) if row is None else (row[0], row[1])


def left(connection: sqlite3.Connection) -> list[Entry]:
    """What the tables have to hold by the seals: the last entry of each row, in the order of the first."""
    last: dict[tuple[str, str], Entry] = {}
    for row in connection.execute("SELECT entries FROM seals ORDER BY seq"):
        for entry in entries_of(row["entries"]):
            last[entry.table, entry.key] = entry
    return list(last.values())


def entries_of(text: str) -> list[Entry]:
    """Raises ValueError or TypeError for a text that no seal holds."""
    return [Entry(*map(str, one)) for one in json.loads(text)]


def hash_of(seq: int, entries: str, journal_seq: int, journal_hash: str, previous: str) -> str:
    return sha256(_text([seq, entries, journal_seq, journal_hash, previous]).encode()).hexdigest()


def _write(connection: sqlite3.Connection, before: Head, entries: list[Entry], told: tuple[int, str]) -> Head:
    row = (before.seq + 1, _text(entries), *told, before.hash)
    hash_ = hash_of(*row)
    connection.execute("INSERT INTO seals VALUES (?, ?, ?, ?, ?, ?)", (*row, hash_))
    return Head(before.seq + 1, hash_)


def _table(connection: sqlite3.Connection, name: str) -> Table:
    columns = connection.execute("SELECT name, dflt_value, pk FROM pragma_table_info(?)", (name,)).fetchall()
    key = tuple(row[0] for row in sorted(columns, key=lambda row: int(row[2])) if row[2])
    defaults = (
        None if row[1] is None else connection.execute(f"SELECT {row[1]}").fetchone()[0] for row in columns
    )
    assert key, f"{name} has no primary key, so its rows cannot be named"
    where = " AND ".join(f"{part} = ?" for part in key)
    by_key = f"SELECT * FROM {name} WHERE {where}"  # noqa: S608 - names of our own schema
    return Table(name, tuple(row[0] for row in columns), key, tuple(defaults), by_key)
