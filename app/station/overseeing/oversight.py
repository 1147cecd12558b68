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
from app.station.overseeing.conditions import Line, lines_at
from app.station.overseeing.groups import Group
from app.station.overseeing.missing import Missing, missing


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
    lines = lines_at(rows, now)
    return Oversight(
        now,
        lines,
        groups.total(lines),
        groups.by_contest(lines),
        groups.by_municipality(lines),
        arrivals.arrivals(rows, voting_ends, now),
        missing(rows, now),
    )
