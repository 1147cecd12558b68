"""Assigning precincts to workstations: possible, not required, and never in the way of taking one in.

It holds at the workstation where it was done, and is not sent to the others; they get it on paper. Each
act is one transaction with its row in the journal, and is undone by another act.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.election.model import PrecinctId
from app.station import journal
from app.station.changes import Change, Changes
from app.station.completeness import Overview, Row
from app.station.config import StationConfig
from app.station.permissions import Permission, require
from app.station.point import assignments
from app.station.point.assignments import Assignment
from app.station.point.errors import NothingToAssign, NotOurPrecinct, NotOurWorkstation
from app.station.states import User
from app.station.store import Store
from app.station.texts import check_texts
from app.trust.identity import Identity, NotAnIdentity, Role


@dataclass(frozen=True, slots=True)
class Planned:
    """One precinct of the plan: `station` is empty when it is nobody's, `here` of its `expected` protocols
    were accepted."""

    precinct: PrecinctId
    municipality_name: str
    station: str
    expected: int
    here: int


class Assigning:
    """`station.point.assigning`. Safe from any thread."""

    def __init__(
        self,
        store: Store,
        overview: Overview,
        config: StationConfig,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        self._store, self._overview, self._config = store, overview, config
        self._clock, self._changes = clock, changes

    def assigned(self) -> dict[PrecinctId, str]:
        """The workstation of each precinct that has one."""
        return assignments.assigned(self._store.rows)

    def plan(self) -> tuple[Planned, ...]:
        """Every precinct of the point, in the order of the overview."""
        found: dict[PrecinctId, list[Row]] = {}
        for row in self._overview.completeness().rows:
            found.setdefault(row.key.precinct, []).append(row)
        return tuple(
            Planned(
                precinct,
                rows[0].municipality_name,
                rows[0].assigned,
                len(rows),
                sum(1 for row in rows if row.revision > 0),
            )
            for precinct, rows in found.items()
        )

    def history(self, precinct: PrecinctId) -> tuple[Assignment, ...]:
        """All that was ever said of one precinct, the oldest first."""
        return assignments.history(self._store.rows, precinct)

    def of_another(self, precinct: PrecinctId) -> str:
        """The other workstation that a precinct is assigned to; empty when it is ours or nobody's."""
        station = assignments.assigned_of(self._store.rows, precinct)
        return "" if station == self._config.station else station

    def left(self) -> tuple[PrecinctId, ...]:
        """Precincts of nobody of which nothing was taken in yet, in the order of the overview."""
        return self._left(self.assigned())

    def assign(self, precincts: Iterable[PrecinctId], station: str, user: User, note: str = "") -> int:
        """Give the precincts to a workstation; those that it has already stay as they are.

        Returns how many changed. Raises `RoleRefused`, `NotOurWorkstation`, `NotOurPrecinct`,
        `NothingToAssign`.
        """
        require(user, Permission.ASSIGN)
        station = self._checked(station)
        return self._write("assign", dict.fromkeys(precincts, station), user, note)

    def end(self, precincts: Iterable[PrecinctId], user: User, note: str = "") -> int:
        """The precincts are nobody's from now on. Raises as `assign`."""
        require(user, Permission.ASSIGN)
        return self._write("assign-ended", dict.fromkeys(precincts, ""), user, note)

    def deal_out(self, stations: Sequence[str], user: User, note: str = "") -> int:
        """Give all that is `left` to the workstations: evenly, with what they have, and each municipality
        to as few of them as that allows. Raises as `assign`."""
        require(user, Permission.ASSIGN)
        names = tuple(dict.fromkeys(self._checked(one) for one in stations))
        if not names:
            raise NothingToAssign
        given = self.assigned()
        load = Counter(station for station in given.values() if station in names)
        return self._write("assign-dealt", dealt(self._left(given), names, load), user, note)

    def _left(self, given: Mapping[PrecinctId, str]) -> tuple[PrecinctId, ...]:
        return tuple(one.precinct for one in self.plan() if not one.here and one.precinct not in given)

    def _checked(self, station: str) -> str:
        """The workstation's name, if it may be one of this point."""
        name, config = station.strip(), self._config
        try:
            Identity(Role.STATION, config.election, config.transfer_point, name)
        except NotAnIdentity:
            raise NotOurWorkstation(name, config.transfer_point) from None
        return name

    def _write(self, act: str, wanted: Mapping[PrecinctId, str], user: User, note: str) -> int:
        check_texts(user, note)
        ours = {key.precinct for key in self._overview.keys}
        for one in wanted:
            if one not in ours:
                raise NotOurPrecinct(one)
        at, note = self._clock(), note.strip()
        with self._store.transaction() as db:
            now = self.assigned()
            moved = {one: station for one, station in wanted.items() if now.get(one, "") != station}
            if not moved:
                raise NothingToAssign
            for one, station in moved.items():
                assignments.add(db, Assignment(one, station, user.name, at, note))
            told = [f"{one} → {station}" if station else str(one) for one, station in moved.items()]
            journal.write(db, at, user.name, act, precincts=told, reason=note)
        self._changes.tell(Change(frozenset(key for key in self._overview.keys if key.precinct in moved)))
        return len(moved)


def dealt(
    precincts: Sequence[PrecinctId], stations: Sequence[str], load: Mapping[str, int]
) -> dict[PrecinctId, str]:
    """Each precinct's workstation. Who has least gets the next one; the precincts are then cut in their
    order, so that a municipality is divided only where a share ends."""
    share = dict.fromkeys(stations, 0)
    for _ in precincts:
        share[min(stations, key=lambda one: load.get(one, 0) + share[one])] += 1
    order = (station for station in stations for _ in range(share[station]))
    return dict(zip(sorted(precincts), order, strict=True))
