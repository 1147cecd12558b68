"""The audit log: every act with who, when, on what and why, written in the act's own transaction.

Each row names the hash of the row before it, so that a row that was changed, removed or moved shows
itself; the hash of the last one goes into every batch, so the centre knows how long the log was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station import seals
from app.station.store import Store, from_instant, instant

GENESIS = seals.GENESIS
"""What the first row names as the row before it."""

# Made once: `json.dumps` with options makes an encoder each time, which costs more than the encoding.
_details_text = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_values_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

#: What a row's details may hold: values and reasons, no floats.
Detail = str | int | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it stands in the log."""

    seq: int
    at: datetime
    user: str
    act: str
    key: ProtocolKey | None
    revision: int | None
    details: Mapping[str, Detail]
    hash: str


class Journal:
    """Reads and writes the journal of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def head(self) -> tuple[int, str]:
        """Number and hash of the last row; (0, GENESIS) when there is none."""
        return head(self._store.connection)

    def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Rows after the number `after`, in order, at most `limit`."""
        rows = self._store.rows("SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
        return [entry_of(row) for row in rows]

    def first_broken(self) -> int | None:
        """The number of the first row that is not what was written there; None when the log is whole.

        A log cut off at its end is whole by itself: compare `head` with what the batches carried.
        """
        expected, previous = 1, GENESIS
        for row in self._all():
            if row["seq"] != expected or row["previous_hash"] != previous or row["hash"] != hash_of_row(row):
                return expected
            expected, previous = expected + 1, row["hash"]
        return None

    def _all(self) -> Iterator[sqlite3.Row]:
        last = 0
        sql = "SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT 1000"
        while rows := self._store.rows(sql, (last,)):
            yield from rows
            last = rows[-1]["seq"]


def write(
    connection: sqlite3.Connection,
    at: datetime,
    user: str,
    act: str,
    key: ProtocolKey | None = None,
    revision: int | None = None,
    **details: Detail,
) -> None:
    """Add a row inside the act's transaction."""
    seq, previous = head(connection)
    where = (None, None, None) if key is None else (*key.precinct, key.contest.value)
    text = _details_text(details)
    row = (seq + 1, instant(at), user, act, *where, revision, text, previous)
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, _hash(row)))


def head(connection: sqlite3.Connection) -> tuple[int, str]:
    return seals.journal_head(connection)


def failed_in(
    connection: sqlite3.Connection, key: ProtocolKey, act: str, at: datetime
) -> tuple[str, ...] | None:
    """The rules that failed in one act on a protocol; None where its row does not say."""
    row = connection.execute(
        "SELECT details FROM journal WHERE municipality = ? AND precinct = ? AND contest = ? AND act = ?"
        " AND at = ? ORDER BY seq DESC LIMIT 1",
        (*key.precinct, key.contest.value, act, instant(at)),
    ).fetchone()
    failed = None if row is None else json.loads(row["details"]).get("failed")
    return None if failed is None else tuple(failed)


def _hash(values: tuple[object, ...]) -> str:
    # A JSON array keeps every value apart from its neighbours, whatever it contains.
    return sha256(_values_text(values).encode()).hexdigest()


def hash_of_row(row: sqlite3.Row) -> str:
    """What a stored row's own hash has to be."""
    return _hash(tuple(row)[:-1])


def entry_of(row: sqlite3.Row) -> Entry:
    """A stored row as an entry."""
    key = None
    if row["contest"] is not None:
        key = ProtocolKey(PrecinctId(row["municipality"], row["precinct"]), Contest(row["contest"]))
    return Entry(
        row["seq"],
        from_instant(row["at"]),
        row["user"],
        row["act"],
        key,
        row["revision"],
        json.loads(row["details"]),
        row["hash"],
    )
