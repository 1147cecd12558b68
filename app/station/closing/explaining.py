"""Why a protocol is not confirmed when the point closes: a supervisor's reason, bound to its state."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from app.election.model import ProtocolKey
from app.station import records
from app.station.completeness import Row
from app.station.store import Store, from_instant, instant


@dataclass(frozen=True, slots=True)
class Explanation:
    """One explanation as it was given. It holds as long as the protocol stands where it stood then."""

    key: ProtocolKey
    state: str
    revision: int
    reason: str
    user: str
    at: datetime

    def holds_for(self, row: Row) -> bool:
        return (self.state, self.revision) == (row.state.value, row.revision)


def latest(store: Store) -> dict[ProtocolKey, Explanation]:
    """The last explanation of each protocol."""
    rows = store.rows("SELECT * FROM explanations ORDER BY id")
    return {records.key_of(row): _explanation(row) for row in rows}


def add(db: sqlite3.Connection, row: Row, reason: str, user: str, at: datetime) -> None:
    db.execute(
        "INSERT INTO explanations (municipality, precinct, contest, state, revision, reason, user, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*records.key_values(row.key), row.state.value, row.revision, reason, user, instant(at)),
    )


def _explanation(row: sqlite3.Row) -> Explanation:
    return Explanation(
        records.key_of(row), row["state"], row["revision"], row["reason"], row["user"],
        from_instant(row["at"]),
    )  # fmt: skip
