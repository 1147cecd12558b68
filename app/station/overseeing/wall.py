"""What may hang on the wall of a transfer point, where commissions, reporters and the public pass.

Only what anybody may know: how many precincts of each municipality are missing, being settled, taken over
and confirmed. A `Wall` has no place for a name, a contact, a reason or a number of a result, so that no
screen made from it can show one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.election.model import Contest, Mode, PrecinctId
from app.election.reference import ElectionInfo
from app.station.completeness import Row
from app.station.states import State


class Public(StrEnum):
    """How one precinct stands as the public is told, all its contests together; the worst first."""

    SETTLING = "settling"  # its commission came, something is not settled yet
    MISSING = "missing"
    TAKEN = "taken"  # all its protocols are here
    CONFIRMED = "confirmed"  # and the centre has confirmed them


_SETTLING = frozenset({State.REFUSED, State.HELD, State.RETURNED, State.CORRECTING, State.CHECKED})


def public(states: Iterable[State]) -> Public:
    """The public standing of a precinct whose protocols are in these states."""
    found = frozenset(states)
    if found & _SETTLING:
        return Public.SETTLING
    if State.AWAITED in found:
        return Public.MISSING
    return Public.CONFIRMED if found <= {State.CONFIRMED} else Public.TAKEN


@dataclass(frozen=True, slots=True)
class WallRow:
    """Precincts of one municipality; `name` "" for all of the point."""

    name: str
    precincts: int
    missing: int
    settling: int
    taken: int
    confirmed: int

    @property
    def here(self) -> int:
        """Precincts all of whose protocols were taken over."""
        return self.taken + self.confirmed

    @property
    def worst(self) -> Public:
        """What the row is marked with."""
        for count, standing in (
            (self.settling, Public.SETTLING),
            (self.missing, Public.MISSING),
            (self.taken, Public.TAKEN),
        ):
            if count:
                return standing
        return Public.CONFIRMED


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything on the wall but its clock. `heard`: when the centre was last heard, if ever."""

    election: str
    point: str
    mode: Mode
    contests: tuple[Contest, ...]
    total: WallRow
    municipalities: tuple[WallRow, ...]
    heard: datetime | None

    def pages(self, size: int) -> tuple[tuple[WallRow, ...], ...]:
        """The municipalities in pages of at most `size`, as even as can be; at least one page."""
        count = max(1, -(-len(self.municipalities) // size))
        even = max(1, -(-len(self.municipalities) // count))
        return tuple(self.municipalities[i * even : (i + 1) * even] for i in range(count))


def wall(election: ElectionInfo, point: str, rows: Sequence[Row], heard: datetime | None) -> Wall:
    """The wall of a point with these rows; municipalities in the order of the rows."""
    states: dict[PrecinctId, list[State]] = {}
    names: dict[int, str] = {}
    for row in rows:
        states.setdefault(row.key.precinct, []).append(row.state)
        names.setdefault(row.key.precinct.municipality, row.municipality_name)
    standings = {precinct: public(found) for precinct, found in states.items()}
    of: dict[int, list[Public]] = {code: [] for code in names}
    for precinct, standing in standings.items():
        of[precinct.municipality].append(standing)
    return Wall(
        election.name,
        point,
        election.mode,
        tuple(contest for contest in Contest if any(row.key.contest is contest for row in rows)),
        _counted("", standings.values()),
        tuple(_counted(name, of[code]) for code, name in names.items()),
        heard,
    )


def _counted(name: str, standings: Iterable[Public]) -> WallRow:
    counts = Counter(standings)
    return WallRow(
        name,
        precincts=counts.total(),
        missing=counts[Public.MISSING],
        settling=counts[Public.SETTLING],
        taken=counts[Public.TAKEN],
        confirmed=counts[Public.CONFIRMED],
    )
