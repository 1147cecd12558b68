"""The list of commissions not here yet, with their contacts: for the telephone, not for the public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from app.desktop.precinct_table import czech_order
from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.pieces import Where
from app.desktop.printing.typography import html
from app.desktop.states import CONDITIONS
from app.desktop.texts import plural, t
from app.election.reference import ElectionInfo
from app.station.overseeing.missing import Missing

_COLUMNS: Final = (("precinct", 27), ("contests", 12), ("state", 15), ("seat", 21), ("contact", 25))
#: Rows that stay together, so that a page ends between them.
_TOGETHER: Final = 4


def made(
    rows: Sequence[Missing], election: ElectionInfo, where: Where, station: str, now: datetime, user: str
) -> Paper:
    """The whole paper, of `now`, for whom `user` prints it."""
    head = PointHead(election.name, election.mode, "", "")
    order = czech_order(row.municipality_name for row in rows)
    ordered = sorted(rows, key=lambda row: (order[row.municipality_name], row.precinct))
    parts = tuple(_parts(ordered, election, where, now, user))
    return Paper(names.missing(station, now), t("print.title.missing"), head, where.point, True, parts)


def _parts(
    rows: Sequence[Missing], election: ElectionInfo, where: Where, now: datetime, user: str
) -> Iterator[Part]:
    yield pieces.opening_of_point("missing", election, where, now, user)
    protocols = sum(len(row.contests) for row in rows)
    told = plural("oversee.missing.told", len(rows), protocols=protocols)
    yield Part(pieces.heading(told).markup + _table(_titles(), "h"), heads=True)
    for start in range(0, len(rows), _TOGETHER):
        yield Part(_table([_cells(row) for row in rows[start : start + _TOGETHER]], "line"))
    yield pieces.text(t("print.missing_note"))


def _titles() -> list[list[str]]:
    return [[t(f"oversee.missing.{name}") for name, _ in _COLUMNS]]


def _cells(row: Missing) -> list[str]:
    precinct = t("form.place", municipality=row.municipality_name, precinct=row.precinct.number)
    contests = ", ".join(t(f"contest.short.{contest}") for contest in row.contests)
    return [precinct, contests, t(CONDITIONS[row.condition].text), row.seat, row.contact]


def _table(rows: list[list[str]], kind: str) -> str:
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td width="{width}%">{html(cell)}</td>' for cell, (_, width) in zip(row, _COLUMNS, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table width="100%" cellspacing="0" class="{kind}">{lines}</table>'
