"""Arrivals over time: what share of precincts was in at each minute, as a line to draw and as a table.

The line is a flight of steps with at most so many points that its drawing stays small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.central.pages.texts import PRAGUE
from app.election.percent import rounded, text

#: The drawing's ground in its own units, and the room for its words.
WIDTH, HEIGHT, LEFT, TOP, BELOW = 600, 200, 44, 10, 24
_POINTS = 120
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Line(NamedTuple):
    """One contest's line: the path's text, and where its name is written."""

    name: str
    path: str
    x: int
    y: int


class Hour(NamedTuple):
    """A row of the table: how many were in at this time, by contest."""

    at: datetime
    counts: tuple[tuple[int, str], ...]  # precincts in, share of the expected


class Chart(NamedTuple):
    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, str], ...]  # x and words
    names: tuple[str, ...]
    table: tuple[Hour, ...]


class Arriving(NamedTuple):
    """One contest: its name, how many precincts are expected, and how many came in each minute."""

    name: str
    expected: int
    minutes: Mapping[datetime, int]


def chart(contests: Sequence[Arriving], begins: datetime) -> Chart | None:
    """The chart from the end of voting to the last arrival; None before the first."""
    last = max((minute for each in contests for minute in each.minutes), default=None)
    if last is None:
        return None
    begins = begins.astimezone(PRAGUE)
    last = max(last.astimezone(PRAGUE), begins) + _MINUTE
    ends = begins + max(_HOUR, -((begins - last) // _HOUR) * _HOUR)
    span = int((ends - begins) / _MINUTE)
    lines = tuple(_line(each, begins, span) for each in contests if each.minutes)
    return Chart(lines, tuple(_ticks(begins, span)), tuple(each.name for each in contests),
                 tuple(_table(contests, begins, last)))  # fmt: skip


def _line(arriving: Arriving, begins: datetime, span: int) -> Line:
    step = max(1, -(-span // _POINTS))
    by_step: dict[int, int] = {}
    for minute, count in arriving.minutes.items():
        at = max(0, int((minute - begins) / _MINUTE)) // step + 1
        by_step[at] = by_step.get(at, 0) + count
    done, x, y = 0, LEFT, TOP + HEIGHT
    path = [f"M{x} {y}"]
    for at in sorted(by_step):
        done += by_step[at]
        x = LEFT + min(WIDTH, WIDTH * at * step // span)
        y = TOP + HEIGHT - HEIGHT * min(done, arriving.expected) // max(1, arriving.expected)
        path.append(f"L{x} {y}")
    return Line(arriving.name, "".join(path), x, y)


def _ticks(begins: datetime, span: int) -> Iterator[tuple[int, str]]:
    hours = span // 60
    every = max(1, -(-hours // 8))
    for hour in range(0, hours + 1, every):
        yield LEFT + WIDTH * hour * 60 // span, f"{begins + hour * _HOUR:%H:%M}"


def _table(contests: Sequence[Arriving], begins: datetime, last: datetime) -> Iterator[Hour]:
    quarter = timedelta(minutes=30)
    at = begins + quarter
    while True:
        at = min(at, last)
        yield Hour(at, tuple(_count(each, at) for each in contests))
        if at >= last:
            return
        at += quarter


def _count(arriving: Arriving, at: datetime) -> tuple[int, str]:
    done = sum(count for minute, count in arriving.minutes.items() if minute < at)
    return done, text(rounded(done, arriving.expected))
