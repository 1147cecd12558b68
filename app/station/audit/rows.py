"""Every row of every sealed table against what the last seal says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from app.station import seals
from app.station.audit import finding
from app.station.audit.finding import Broken


def check_rows(connection: sqlite3.Connection, known: dict[str, seals.Table]) -> Iterator[Broken]:
    """What was changed, removed or added past the program, table by table in the order of the keys."""
    sealed: dict[str, dict[str, str]] = {name: {} for name in known}
    for entry in seals.left(connection):
        sealed.setdefault(entry.table, {})[entry.key] = entry.digest
    for name, expected in sealed.items():
        if name in known:
            yield from _of_table(connection, known[name], expected)
        else:
            yield finding.removed(name, "")


def _of_table(
    connection: sqlite3.Connection, table: seals.Table, expected: dict[str, str]
) -> Iterator[Broken]:
    left, last = dict(expected), "–"
    try:
        for row in table.rows(connection):
            key = table.key_of(row)
            last, digest = key, left.pop(key, seals.GONE)
            if digest == seals.GONE:
                yield finding.foreign(table.name, key)
            elif digest != table.digest(row):
                yield finding.changed(table.name, key)
    except sqlite3.Error as error:
        yield finding.unreadable(table.name, f"> {last}", str(error))
        return
    yield from (finding.removed(table.name, key) for key, digest in left.items() if digest != seals.GONE)
