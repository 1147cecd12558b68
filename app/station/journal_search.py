"""Looking rows of the journal up: by precinct, person, kind of act and time, a page at a time, newest first.

A night has tens of thousands of rows, so nobody reads them all: a page goes on from the number of the last
row that is on the screen. The journal only grows, so a page once read stays right.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.election.model import PrecinctId
from app.station.journal import Entry, entry_of
from app.station.states import identity
from app.station.store import Store, instant

#: Rows that are read at once.
PAGE: Final = 200


_ROWS: Final = "SELECT * FROM journal"
_EXTENT: Final = "SELECT (SELECT count(*) FROM journal), (SELECT coalesce(max(seq), 0)"
_WHERE: Final = (
    "WHERE (?1 IS NULL OR (municipality = ?1 AND precinct = ?2))"
    " AND (?3 IS NULL OR user IN (SELECT value FROM json_each(?3)))"
    " AND (?4 IS NULL OR act IN (SELECT value FROM json_each(?4)))"
    " AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)"
)


@dataclass(frozen=True, slots=True)
class Search:
    """Which rows are wanted; whatever is None or empty takes all. Times are aware, `until` is left out."""

    precinct: PrecinctId | None = None
    user: str = ""  # in any spelling
    acts: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def takes_all(self) -> bool:
        return self == Search()


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is: rows that a search takes, rows in all, and the number of the last row."""

    found: int
    rows: int
    last: int


class JournalSearch:
    """`station.journal_search`. Safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(self, search: Search, before: int | None = None, limit: int = PAGE) -> list[Entry]:
        """Rows below the number `before` (None: from the newest), newest first, at most `limit`."""
        sql = f"{_ROWS} {_WHERE} AND (?7 IS NULL OR seq < ?7) ORDER BY seq DESC LIMIT ?8"
        return [entry_of(row) for row in self._store.rows(sql, (*self._values(search), before, limit))]

    def newer(self, search: Search, after: int, limit: int = PAGE) -> list[Entry]:
        """Rows above the number `after`, newest first; the oldest `limit` of them."""
        return [entry_of(row) for row in self._after(search, after, None, limit)][::-1]

    def entry(self, seq: int) -> Entry | None:
        rows = self._store.rows("SELECT * FROM journal WHERE seq = ?", (seq,))
        return entry_of(rows[0]) if rows else None

    def extent(self, search: Search) -> Extent:
        """Counted in one look at the store."""
        sql = f"{_EXTENT} FROM journal), count(*) FROM journal {_WHERE}"
        (row,) = self._store.rows(sql, self._values(search))
        return Extent(found=row[2], rows=row[0], last=row[1])

    def users(self) -> tuple[str, ...]:
        """Everybody with a row, each person once in the spelling that came first."""
        first: dict[str, str] = {}
        for name in self._names():
            first.setdefault(identity(name), name)
        return tuple(sorted(first.values(), key=str.casefold))

    def acts(self) -> tuple[str, ...]:
        """Kinds of act that there are rows of."""
        return tuple(row[0] for row in self._store.rows("SELECT DISTINCT act FROM journal ORDER BY act"))

    def stored(self, search: Search, up_to: int, page: int = 1000) -> Iterator[sqlite3.Row]:
        """The rows themselves, oldest first, up to the number `up_to`: for an export."""
        last = 0
        while rows := self._after(search, last, up_to, page):
            yield from rows
            last = rows[-1]["seq"]

    def _after(self, search: Search, after: int, up_to: int | None, limit: int) -> list[sqlite3.Row]:
        sql = f"{_ROWS} {_WHERE} AND seq > ?7 AND (?8 IS NULL OR seq <= ?8) ORDER BY seq LIMIT ?9"
        return self._store.rows(sql, (*self._values(search), after, up_to, limit))

    def _names(self) -> list[str]:
        rows = self._store.rows("SELECT user FROM journal GROUP BY user ORDER BY min(seq)")
        return [row[0] for row in rows]

    def _values(self, search: Search) -> tuple[object, ...]:
        """What stands for ?1 to ?6 in the condition."""
        users = None
        if search.user.strip():
            # Who is meant is a question of spelling, which SQLite's own letters do not answer.
            who = identity(search.user)
            users = json.dumps([name for name in self._names() if identity(name) == who])
        return (
            *(search.precinct or (None, None)),
            users,
            json.dumps(sorted(search.acts)) if search.acts else None,
            search.since and instant(search.since),
            search.until and instant(search.until),
        )
