"""How the protocols come in, beside how they usually do, and when the last one may be here.

The usual course is `resources/facts/arrivals.csv`: our own aggregation of the times at which the precincts
of the municipal elections of 24 September 2022 were processed (Czech Statistical Office, open data of
volby.cz; gathered into transfer points by the register of municipalities of 2024). 357 points with ten
precincts or more, 13 123 precincts. For each share of a point's precincts (PODIL, per cent) it holds how
many minutes after the end of voting that share was here (MINUT_10…MINUT_90: at 10 … 90 % of the points) and
how many minutes more the last precinct took (ZBYVA_10, _50, _90). Municipal ballots take longer to count
than regional ones, so an estimate errs on the late side.

The estimate is that second table read from the moment at which a share was reached: half of the real points
ended before `likely`, eight in ten between `earliest` and `latest`. It was tried on one half of the points
with a table made of the other: 83–93 % lay between, the middle missed by 58 minutes (median) at 10 %, by
46 at 50 % and by 36 at 90 %. Before a tenth is here, in a point of less than ten precincts, and once nine
points in ten would have ended, it says that there is no estimate.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from app import resources
from app.station.completeness import Row

#: Precincts that a point needs, and the share of protocols (per cent) that has to be here.
FEWEST_PRECINCTS, SMALLEST_SHARE = 10, 10
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Usual:
    """One row of the facts; whole minutes. `after`: when 10, 25, 50, 75 and 90 % of the points had `share`
    per cent; `left`: how long 10, 50 and 90 % of the points then took to the last one."""

    share: int
    after: tuple[int, int, int, int, int]
    left: tuple[int, int, int]


@cache
def usual() -> tuple[Usual, ...]:
    """The usual course, ascending by share from 0 (the first protocol) to 100 (the last)."""
    with resources.path("facts", "arrivals.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Usual(
                int(row["PODIL"]),
                (_at(row, 10), _at(row, 25), _at(row, 50), _at(row, 75), _at(row, 90)),
                (int(row["ZBYVA_10"]), int(row["ZBYVA_50"]), int(row["ZBYVA_90"])),
            )
            for row in csv.DictReader(file)
        )


def _at(row: dict[str, str], points: int) -> int:
    return int(row[f"MINUT_{points}"])


class Outlook(StrEnum):
    """What can be said of the end."""

    NOTHING_EXPECTED = "nothing-expected"
    SMALL_POINT = "small-point"  # too few precincts for a usual course
    EARLY = "early"  # too little is here
    GIVEN = "given"  # earliest, likely and latest are estimated
    OVERDUE = "overdue"  # longer than at nine points in ten: nothing to go by
    COMPLETE = "complete"  # all here; `likely` is when the last one came


@dataclass(frozen=True, slots=True)
class Estimate:
    """When the last protocol is here. `share`: whole per cent here, rounded down."""

    outlook: Outlook
    share: int
    earliest: datetime | None = None
    likely: datetime | None = None
    latest: datetime | None = None


def estimate(expected: int, precincts: int, arrived: Sequence[datetime], now: datetime) -> Estimate:
    """The end of a point that expects that many protocols of that many precincts; `arrived`: ascending."""
    here = len(arrived)
    if not expected:
        return Estimate(Outlook.NOTHING_EXPECTED, 0)
    share = 100 * here // expected
    if here >= expected:
        return Estimate(Outlook.COMPLETE, 100, likely=arrived[-1])
    if precincts < FEWEST_PRECINCTS:
        return Estimate(Outlook.SMALL_POINT, share)
    if share < SMALLEST_SHARE:
        return Estimate(Outlook.EARLY, share)
    known = max((row for row in usual() if row.share <= share), key=lambda row: row.share)
    reached = arrived[-(-expected * known.share // 100) - 1]
    earliest, likely, latest = (reached + minutes * _MINUTE for minutes in known.left)
    if now > latest:
        return Estimate(Outlook.OVERDUE, share)
    return Estimate(Outlook.GIVEN, share, max(earliest, now), max(likely, now), latest)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The night so far. `arrived` are the instants at which protocols were first accepted, ascending."""

    expected: int
    precincts: int
    arrived: tuple[datetime, ...]
    begins: datetime  # the end of voting, minute 0 of the usual course
    now: datetime
    estimate: Estimate

    @property
    def has_usual(self) -> bool:
        """Whether points of this size have a usual course."""
        return self.precincts >= FEWEST_PRECINCTS

    @property
    def horizon(self) -> datetime:
        """The whole hour by which nine usual points in ten have ended, before which all told here lies."""
        last = max(
            self.begins + usual()[-1].after[-1] * _MINUTE, self.now, self.estimate.latest or self.now,
            *self.arrived[-1:],
        )  # fmt: skip
        return self.begins + -((self.begins - last) // timedelta(hours=1)) * timedelta(hours=1)

    def usual_by_now(self) -> int:
        """How many protocols half of the usual points would have here by now, rounded down."""
        minutes = (self.now - self.begins) // _MINUTE
        share = max((row.share for row in usual() if row.after[2] <= minutes), default=0)
        return self.expected * share // 100


def arrivals(rows: Sequence[Row], begins: datetime, now: datetime) -> Arrivals:
    """The arrivals at a point with these rows, whose voting ended at `begins`."""
    arrived = tuple(sorted(row.arrived for row in rows if row.arrived is not None))
    precincts = len({row.key.precinct for row in rows})
    return Arrivals(len(rows), precincts, arrived, begins, now, estimate(len(rows), precincts, arrived, now))
