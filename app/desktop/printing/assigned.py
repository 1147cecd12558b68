"""Precincts with their workstations on paper, because an assignment is not sent to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.pieces import Where
from app.desktop.printing.typography import html
from app.desktop.texts import plural, t
from app.election.reference import ElectionInfo
from app.station.point.assigning import Planned

#: Rows that stay together, so that a page ends between them.
_TOGETHER: Final = 15


def made(
    plan: Sequence[Planned], election: ElectionInfo, where: Where, station: str, now: datetime, user: str
) -> Paper:
    """The whole paper, of `now`: each workstation with its precincts, those of nobody at the end."""
    head = PointHead(election.name, election.mode, "", "")
    parts = tuple(_parts(plan, election, where, now, user))
    return Paper(names.assigned(station, now), t("print.title.assigned"), head, where.point, True, parts)


def _parts(
    plan: Sequence[Planned], election: ElectionInfo, where: Where, now: datetime, user: str
) -> Iterator[Part]:
    yield pieces.opening_of_point("assigned", election, where, now, user)
    yield pieces.text(t("print.assigned_note"))
    stations: dict[str, list[Planned]] = {}
    for one in plan:
        stations.setdefault(one.station, []).append(one)
    for name in sorted(stations, key=_in_order):
        told = t("print.assigned_to", station=name) if name else t("print.assigned_nobody")
        rows = stations[name]
        words = f"{told}: {plural('print.assigned_count', len(rows))}"
        yield Part(pieces.heading(words).markup, heads=True)
        for start in range(0, len(rows), _TOGETHER):
            yield _table(rows[start : start + _TOGETHER])


def _in_order(station: str) -> tuple[bool, list[int]]:
    """By number, nobody last."""
    return not station, [int(part) for part in station.split("-") if part]


def _table(rows: Sequence[Planned]) -> Part:
    lines = "".join(
        f'<tr><td width="70%">{html(one.municipality_name)}</td>'
        f'<td width="30%">{html(str(one.precinct.number))}</td></tr>'
        for one in rows
    )
    return Part(f'<table width="100%" cellspacing="0" class="line">{lines}</table>')
