"""Rows of typing from paper: append-only, so a draft is what its rows add up to.

Every function takes the connection of the caller's transaction; none begins or ends one.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.election.model import ProtocolKey
from app.election.verdict import FieldRef
from app.station import records
from app.station.entry.closing import Situation
from app.station.entry.drafts import DraftState
from app.station.states import identity
from app.station.store import from_instant, instant

_STATES = {
    "finished": DraftState.FINISHED,
    "reopened": DraftState.OPEN,
    "discarded": DraftState.DISCARDED,
    "closed": DraftState.CLOSED,
}


@dataclass
class Stored:
    """A draft as its rows tell it; the typing goes on in it."""

    id: int
    key: ProtocolKey
    number: int
    first_id: int | None
    owner: str
    begun_at: datetime
    saved_at: datetime
    state: DraftState = DraftState.OPEN
    before: DraftState = DraftState.OPEN  # the state before the last change of state
    mended: bool = False
    compared: bool = False
    hands: list[str] = field(default_factory=list)
    values: dict[FieldRef, int | None] = field(default_factory=dict)
    last_field: FieldRef | None = None

    @property
    def is_alive(self) -> bool:
        return self.state in (DraftState.OPEN, DraftState.FINISHED)

    def has_hand(self, name: str) -> bool:
        """Whether this person has typed here, or could see what was typed."""
        return identity(name) in map(identity, self.hands)


class Settlement(NamedTuple):
    """A third look at one field."""

    value: int | None
    situation: Situation
    user: str
    reason: str


class Closed(NamedTuple):
    """A closed entry: the original bytes made of it and whoever had a hand in it."""

    id: int
    original_sha256: str
    hands: tuple[str, ...]


def add_draft(
    db: sqlite3.Connection, key: ProtocolKey, number: int, first_id: int | None, user: str, at: datetime
) -> int:
    cursor = db.execute(
        "INSERT INTO drafts (municipality, precinct, contest, number, first_id, begun_by, begun_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*records.key_values(key), number, first_id, user, instant(at)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def add_step(
    db: sqlite3.Connection, draft_id: int, kind: str, user: str, at: datetime, reason: str = ""
) -> None:
    db.execute(
        "INSERT INTO draft_steps (draft_id, kind, user, at, reason) VALUES (?, ?, ?, ?, ?)",
        (draft_id, kind, user, instant(at), reason),
    )


def add_field(
    db: sqlite3.Connection, draft_id: int, field: FieldRef, value: int | None, user: str, at: datetime
) -> None:
    db.execute(
        "INSERT INTO draft_fields (draft_id, name, list_number, candidate, value, user, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (draft_id, *field, value, user, instant(at)),
    )


def load(db: sqlite3.Connection, draft_id: int) -> Stored | None:
    row = db.execute("SELECT * FROM drafts WHERE id = ?", (draft_id,)).fetchone()
    if row is None:
        return None
    begun = from_instant(row["begun_at"])
    stored = Stored(
        row["id"], records.key_of(row), row["number"], row["first_id"], row["begun_by"], begun, begun,
        hands=[row["begun_by"]],
    )  # fmt: skip
    for step in db.execute("SELECT * FROM draft_steps WHERE draft_id = ? ORDER BY id", (draft_id,)):
        take_step(stored, step["kind"], step["user"])
    fields = db.execute("SELECT * FROM draft_fields WHERE draft_id = ? ORDER BY id", (draft_id,))
    for entered in fields:
        stored.last_field = FieldRef(entered["name"], entered["list_number"], entered["candidate"])
        stored.values[stored.last_field] = entered["value"]
        stored.saved_at = from_instant(entered["at"])
    return stored


def take_step(stored: Stored, kind: str, user: str) -> None:
    """What a step makes of a draft; `kind` is one of the table's."""
    if kind == "restored":
        stored.state = stored.before
    elif kind in _STATES:
        stored.before, stored.state = stored.state, _STATES[kind]
    if kind == "taken-over":
        stored.owner = user
    if kind in ("taken-over", "mended") and user not in stored.hands:
        stored.hands.append(user)
    stored.mended |= kind == "mended"
    stored.compared |= kind == "compared"


def alive(db: sqlite3.Connection, key: ProtocolKey | None = None) -> list[int]:
    """Ids of drafts that are open or finished, oldest first."""
    return _ids(db, "restored", key)


def discarded(db: sqlite3.Connection, key: ProtocolKey | None = None) -> list[int]:
    """Ids of drafts that were put away, newest first."""
    return _ids(db, "discarded", key)[::-1]


def _ids(db: sqlite3.Connection, whole: str, key: ProtocolKey | None) -> list[int]:
    values = (None, None, None) if key is None else records.key_values(key)
    found = db.execute(
        "SELECT id FROM draft_stands WHERE (?1 IS NULL OR (municipality = ?1 AND precinct = ?2"
        " AND contest = ?3)) AND whole = ?4 ORDER BY id",
        (*values, whole),
    )
    return [row[0] for row in found.fetchall()]


def add_settlement(
    db: sqlite3.Connection, second_id: int, field: FieldRef, settled: Settlement, at: datetime
) -> None:
    db.execute(
        "INSERT INTO settlements (second_id, name, list_number, candidate, value, situation, user, at,"
        " reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            second_id, *field, settled.value, settled.situation.value, settled.user, instant(at),
            settled.reason,
        ),
    )  # fmt: skip


def settlements(db: sqlite3.Connection, second_id: int) -> dict[FieldRef, Settlement]:
    """The last settlement of each field."""
    rows = db.execute("SELECT * FROM settlements WHERE second_id = ? ORDER BY id", (second_id,))
    return {
        FieldRef(row["name"], row["list_number"], row["candidate"]): Settlement(
            row["value"], Situation(row["situation"]), row["user"], row["reason"]
        )
        for row in rows
    }


def settlers(db: sqlite3.Connection, second_id: int) -> list[str]:
    """Everybody who settled a field, also one that was settled again later."""
    found = db.execute("SELECT user FROM settlements WHERE second_id = ? ORDER BY id", (second_id,))
    return [row["user"] for row in found.fetchall()]


def add_closing(
    db: sqlite3.Connection,
    first: Stored,
    second: Stored,
    sha256: str,
    hands: tuple[str, ...],
    user: str,
    at: datetime,
) -> None:
    db.execute(
        "INSERT INTO closings (municipality, precinct, contest, first_id, second_id, original_sha256, hands,"
        " user, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *records.key_values(first.key), first.id, second.id, sha256,
            records.names_text(hands), user, instant(at),
        ),
    )  # fmt: skip


def last_closing(db: sqlite3.Connection, key: ProtocolKey) -> Closed | None:
    """The last closed entry of a protocol that nobody has decided yet."""
    row = db.execute(
        "SELECT * FROM closings WHERE municipality = ? AND precinct = ? AND contest = ?"
        " ORDER BY id DESC LIMIT 1",
        records.key_values(key),
    ).fetchone()
    if row is None or records.decided_since(db, key, row["original_sha256"], row["at"]):
        return None
    return Closed(row["id"], row["original_sha256"], records.names_from(row["hands"]))
