"""What is here and what is missing: the expected set of the reference data against the store's states."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from app.election.model import Contest, ProtocolKey
from app.election.reference import Precinct, Reference
from app.station import records
from app.station.point.assignments import assigned, assigned_of
from app.station.point.elsewhere import Elsewhere
from app.station.point.standing import elsewhere, elsewhere_of, other_stands
from app.station.states import PROGRAM, State
from app.station.store import from_instant


@dataclass(frozen=True, slots=True)
class Row:
    """One expected protocol. `since` is None while nothing happened, `revision` 0 while none was accepted."""

    key: ProtocolKey
    precinct: Precinct
    municipality_name: str
    state: State
    since: datetime | None
    revision: int
    corrected: bool  # OPRAVA of the latest revision
    passable_error: bool  # CHYBA of the latest revision
    warnings: int  # failed rules of severity W when it was accepted or held
    user: str  # who acted last; the program when it sent or heard of the centre
    note: str  # the reason of a refusal, hold or return
    deadline: datetime | None = None  # of a refused protocol: until when it has to come again
    deadline_near: bool = False  # rule PR-06: 30 minutes or less are left, or it has passed
    typist: str = ""  # who types it from paper now; empty when nobody does
    clerk: str = ""  # the person who acted last, never the program
    workstation: str = ""  # where that was; empty while nothing happened
    arrived: datetime | None = None  # when its first revision was accepted
    content_hash: str = ""  # of the revision that stands; empty while there is none
    assigned: str = ""  # the workstation that its precinct is assigned to; empty when it is nobody's
    elsewhere: Elsewhere | None = None  # what another workstation took in, where it differs from ours

    @property
    def is_elsewhere(self) -> bool:
        """Whether what the row shows was taken in at another workstation."""
        return self.elsewhere is not None and self.workstation == self.elsewhere.station

    @property
    def in_conflict(self) -> bool:
        """Whether another workstation took in other content, and somebody has to settle it."""
        return self.elsewhere is not None and not self.is_elsewhere and self.state is State.RETURNED


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of protocols. `accepted` counts all with an accepted revision, `confirmed` those of them that
    the centre confirmed, `returned` those that it sent back; `missing` are those of which nothing came."""

    expected: int
    accepted: int
    confirmed: int
    held: int
    refused: int
    returned: int
    missing: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """All rows of the point in the order municipality, precinct, contest, and their counts."""

    rows: tuple[Row, ...]
    progress: Progress

    def of(self, contest: Contest) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.key.contest is contest)


#: How long before a refusal's deadline the list begins to warn (rule PR-06).
NEAR = timedelta(minutes=30)

_SQL = (
    "SELECT p.*, v.corrected, v.passable_error, v.accepted_by, v.content_hash, f.accepted_at AS arrived,"
    " (SELECT r.deadline FROM refusals AS r WHERE p.state = 'refused' AND r.municipality = p.municipality"
    " AND r.precinct = p.precinct AND r.contest = p.contest ORDER BY r.id DESC LIMIT 1) AS deadline"
    " FROM protocols AS p LEFT JOIN versions AS v"
    " ON v.municipality = p.municipality AND v.precinct = p.precinct AND v.contest = p.contest"
    " AND v.revision = p.revision"
    " LEFT JOIN versions AS f ON f.municipality = p.municipality AND f.precinct = p.precinct"
    " AND f.contest = p.contest AND f.revision = 1"
)
_TYPISTS = "SELECT municipality, precinct, contest, owner FROM draft_stands WHERE whole = 'restored'"


class Rows(Protocol):
    """What is needed of a store: all rows of a query."""

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]: ...


class Overview:
    """Reads completeness: a few queries, whatever the size of the point. `station` names this workstation."""

    def __init__(
        self,
        store: Rows,
        reference: Reference,
        transfer_point: int,
        clock: Callable[[], datetime],
        station: str = "",
    ) -> None:
        self._store, self._clock, self._station = store, clock, station
        self._reference = reference
        precincts = sorted(reference.of_transfer_point(transfer_point), key=lambda precinct: precinct.id)
        self._expected = {
            ProtocolKey(precinct.id, contest): precinct
            for precinct in precincts
            for contest in reference.contests_of(precinct)
        }

    @property
    def keys(self) -> tuple[ProtocolKey, ...]:
        return tuple(self._expected)

    def completeness(self) -> Completeness:
        found = {records.key_of(row): row for row in self._store.rows(_SQL)}
        typists = {records.key_of(row): row["owner"] for row in self._store.rows(f"{_TYPISTS} ORDER BY id")}
        others, given = elsewhere(self._store, self._station), assigned(self._store.rows)
        rows = tuple(
            _whole(
                self._row(key, found.get(key), typists.get(key, ""), given.get(key.precinct, "")),
                others.get(key),
            )
            for key in self._expected
        )
        return Completeness(rows, _progress(rows))

    def row(self, key: ProtocolKey) -> Row | None:
        """One row; None when no such protocol is expected here."""
        if key not in self._expected:
            return None
        where, values = "municipality = ? AND {0}precinct = ? AND {0}contest = ?", records.key_values(key)
        found = self._store.rows(f"{_SQL} WHERE p." + where.format("p."), values)
        typists = self._store.rows(f"{_TYPISTS} AND " + where.format("") + " ORDER BY id DESC", values)
        row = self._row(
            key,
            found[0] if found else None,
            typists[0]["owner"] if typists else "",
            assigned_of(self._store.rows, key.precinct),
        )
        return _whole(row, elsewhere_of(self._store.rows, self._station, key))

    def progress(self) -> Progress:
        return self.completeness().progress

    def _row(self, key: ProtocolKey, found: sqlite3.Row | None, typist: str, given: str) -> Row:
        precinct = self._expected[key]
        municipality = self._reference.municipalities.get(key.precinct.municipality)
        name = municipality.name if municipality else ""
        if found is None:
            place = self._station if typist else ""
            return Row(
                key, precinct, name, State.AWAITED, None, 0, False, False, 0, "", "", typist=typist,
                workstation=place, assigned=given,
            )  # fmt: skip
        deadline = found["deadline"] and from_instant(found["deadline"])
        return Row(
            key=key,
            precinct=precinct,
            municipality_name=name,
            state=State(found["state"]),
            since=from_instant(found["since"]),
            revision=found["revision"],
            corrected=bool(found["corrected"]),
            passable_error=bool(found["passable_error"]),
            warnings=found["warnings"],
            user=found["user"],
            note=found["note"],
            deadline=deadline,
            deadline_near=deadline is not None and deadline - self._clock() <= NEAR,
            typist=typist,
            clerk=(found["accepted_by"] or "") if found["user"] == PROGRAM.name else found["user"],
            workstation=self._station,
            arrived=found["arrived"] and from_instant(found["arrived"]),
            content_hash=found["content_hash"] or "",
            assigned=given,
        )


def _whole(row: Row, other: Elsewhere | None) -> Row:
    """The row as it stands in the whole point: what another workstation took in is shown where that stands,
    and kept beside ours where the two differ."""
    if other is None or (other.revision, other.content_hash) == (row.revision, row.content_hash):
        return row
    if not other_stands(records.Stands(row.state, row.revision), row.content_hash, other):
        return replace(row, elsewhere=other) if other.revision >= row.revision else row
    return replace(
        row,
        state=State.CONFIRMED if other.confirmed else State.ACCEPTED,
        since=other.at,
        revision=other.revision,
        corrected=other.revision > 1,
        passable_error=False,
        warnings=0,
        user="",
        note="",
        deadline=None,
        deadline_near=False,
        clerk="",
        workstation=other.station,
        arrived=other.first_at,
        content_hash=other.content_hash,
        elsewhere=other,
    )


def _progress(rows: tuple[Row, ...]) -> Progress:
    """A protocol with an accepted revision counts as accepted also while a correction of it is held."""
    states = Counter(row.state for row in rows)
    return Progress(
        expected=len(rows),
        accepted=sum(1 for row in rows if row.revision > 0),
        confirmed=states[State.CONFIRMED],
        held=states[State.HELD],
        refused=states[State.REFUSED],
        returned=states[State.RETURNED],
        missing=sum(1 for row in rows if row.revision == 0 and row.state is State.AWAITED),
    )
