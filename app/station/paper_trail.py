"""How the content of one protocol came about: both readings of its paper, and what was mended afterwards.

For whoever approves it: nothing here is needed to take a protocol in.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station import records
from app.station.entry import comparing, rows
from app.station.entry.rows import Settlement
from app.station.figures import form_fields, normal
from app.station.store import from_instant


@dataclass(frozen=True, slots=True)
class ReadField:
    """One field of the paper as two people read it; `settled` is the third look where they differed."""

    field: FieldRef
    first: int | None
    second: int | None
    differs: bool
    settled: Settlement | None


@dataclass(frozen=True, slots=True)
class Readings:
    """Both readings of a paper. `first_by` and `second_by` are all who typed in one."""

    first_by: tuple[str, ...]
    second_by: tuple[str, ...]
    closed_by: str
    closed_at: datetime
    fields: tuple[ReadField, ...]

    @property
    def differing(self) -> tuple[ReadField, ...]:
        return tuple(field for field in self.fields if field.differs)


@dataclass(frozen=True, slots=True)
class Mend:
    """One mending by the commission at the desk. `changes` are fields with their new values, as text."""

    by: str
    at: datetime
    reason: str
    changes: tuple[str, ...]
    before_sha256: str


def mends(db: sqlite3.Connection, key: ProtocolKey, sha256: str) -> tuple[Mend, ...]:
    """The mendings that led to these bytes, the first of them first."""
    found: list[Mend] = []
    while True:
        row = db.execute(
            "SELECT * FROM mends WHERE municipality = ? AND precinct = ? AND contest = ?"
            " AND mended_sha256 = ? ORDER BY id DESC LIMIT 1",
            (*records.key_values(key), sha256),
        ).fetchone()
        if row is None or row["before_sha256"] in {mend.before_sha256 for mend in found}:
            return tuple(reversed(found))
        sha256 = row["before_sha256"]
        at, changes = from_instant(row["at"]), tuple(json.loads(row["changes"]))
        found.append(Mend(row["user"], at, row["reason"], changes, sha256))


def readings(db: sqlite3.Connection, key: ProtocolKey, sha256: str, reference: Reference) -> Readings | None:
    """The readings of the paper that these bytes were made of; None when they came from a file."""
    row = db.execute(
        "SELECT * FROM closings WHERE municipality = ? AND precinct = ? AND contest = ?"
        " AND original_sha256 = ? ORDER BY id DESC LIMIT 1",
        (*records.key_values(key), sha256),
    ).fetchone()
    if row is None:
        return None
    first, second = rows.load(db, row["first_id"]), rows.load(db, row["second_id"])
    if first is None or second is None:
        return None
    form = form_fields(key, reference)
    differing = set(comparing.differing(first, second, form))
    settled = rows.settlements(db, second.id)
    fields = (
        ReadField(
            field,
            normal(key, field, first.values.get(field)),
            normal(key, field, second.values.get(field)),
            field in differing,
            settled.get(field) if field in differing else None,
        )
        for field in form
    )
    return Readings(
        tuple(first.hands),
        tuple(second.hands),
        row["user"],
        from_instant(row["at"]),
        tuple(one for one in fields if one.differs or one.first or one.second or None in one.field),
    )
