"""The whole supervisor's page in one answer: every row with its countdown, the counts, the arrivals, the
missing. Worked out from one reading of the store and one instant, so that no two parts of a page disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.election.model import Contest
from app.station.completeness import Row
from app.station.overseeing import arrivals, groups
from app.station.overseeing.arrivals import Arrivals
from app.station.overseeing.conditions import Condition, condition_of, minutes_left
from app.station.overseeing.groups import Group
from app.station.overseeing.missing import Missing, missing


@dataclass(frozen=True, slots=True)
class Line:
    """One protocol as it stands at an instant; `left`: whole minutes to the deadline, a begun one counted."""

    row: Row
    left: int | None
    condition: Condition


@dataclass(frozen=True, slots=True)
class Oversight:
    """Everything at the instant `at`."""

    at: datetime
    lines: tuple[Line, ...]
    total: Group[None]
    contests: tuple[Group[Contest], ...]
    municipalities: tuple[Group[int], ...]
    arrivals: Arrivals
    missing: tuple[Missing, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(line.row for line in self.lines)


def oversight(rows: Sequence[Row], voting_ends: datetime, now: datetime) -> Oversight:
    """What the page shows of these rows at `now`."""
    return Oversight(
        now,
        tuple(_line(row, now) for row in rows),
        groups.total(rows, now),
        groups.by_contest(rows, now),
        groups.by_municipality(rows, now),
        arrivals.arrivals(rows, voting_ends, now),
        missing(rows, now),
    )


def _line(row: Row, now: datetime) -> Line:
    return Line(row, minutes_left(row.deadline, now), condition_of(row, now))
