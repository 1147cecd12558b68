"""Which workstation a precinct was assigned to, as it stands in the store: read and written here only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.election.model import PrecinctId
from app.station.store import from_instant, instant

Rows = Callable[[str, tuple[object, ...]], list[sqlite3.Row]]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of the history; an empty `station` ended what stood before."""

    precinct: PrecinctId
    station: str
    user: str
    at: datetime
    note: str


def assigned(rows: Rows) -> dict[PrecinctId, str]:
    """The workstation of each precinct that has one."""
    found = rows("SELECT municipality, precinct, station FROM assignments ORDER BY id", ())
    last = {PrecinctId(row["municipality"], row["precinct"]): row["station"] for row in found}
    return {precinct: station for precinct, station in last.items() if station}


def assigned_of(rows: Rows, precinct: PrecinctId) -> str:
    """The workstation of one precinct; empty when it has none."""
    found = history(rows, precinct)
    return found[-1].station if found else ""


def history(rows: Rows, precinct: PrecinctId) -> tuple[Assignment, ...]:
    """All that was ever said of one precinct, the oldest first."""
    found = rows("SELECT * FROM assignments WHERE municipality = ? AND precinct = ? ORDER BY id", precinct)
    return tuple(
        Assignment(precinct, row["station"], row["user"], from_instant(row["at"]), row["note"])
        for row in found
    )


def add(db: sqlite3.Connection, given: Assignment) -> None:
    db.execute(
        "INSERT INTO assignments (municipality, precinct, station, user, at, note) VALUES (?, ?, ?, ?, ?, ?)",
        (*given.precinct, given.station, given.user, instant(given.at), given.note),
    )
