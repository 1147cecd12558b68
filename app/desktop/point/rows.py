"""The point as rows of figures: workstations, conflicts, two contents beside each other. No widgets here."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.desktop import texts
from app.desktop.figure_table import Column, FigureRow
from app.desktop.states import Look
from app.desktop.texts import number, t
from app.desktop.visiting.comparing import pairs
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.point.conflicts import Conflict
from app.station.point.point import Place, View

_OWN: Final = Look("user", "info", None, "point.own")
_NOT_IN_FORCE: Final = Look("blocking", "error", "error_ground", "point.not_in_force")
_UNHEARD: Final = Look("offline", "muted", None, "point.unheard")
_DIFFERS: Final = Look("correcting", "warning", "warning_ground", "compare.changed")
_CONFLICT: Final = Look("warning", "warning", "warning_ground", "point.undecided")

PLACE_COLUMNS: Final = (
    Column("point.column.station"),
    Column("point.column.heard", 84, numeric=True),
    Column("point.column.accepted", 84, numeric=True),
    Column("point.column.waiting", 56, numeric=True),
    Column("point.column.mark", 108),
)
CONFLICT_COLUMNS: Final = (
    Column("point.column.protocol"),
    Column("point.column.other", 80),
    Column("point.column.mark", 116),
)


def side_columns() -> tuple[Column, ...]:
    """Code, row of the form, what stands, what is ours, and the mark."""
    return (
        Column("form.column.code", 34, numeric=True),
        Column("form.column.title"),
        Column("point.column.theirs", 106, numeric=True),
        Column("point.column.ours", 96, numeric=True),
        Column("compare.mark", 96),
    )


def place_rows(view: View) -> tuple[FigureRow, ...]:
    return tuple(_place_row(place) for place in view.places)


def _place_row(place: Place) -> FigureRow:
    look = None
    if not place.in_force:
        look = _NOT_IN_FORCE
    elif place.own:
        look = _OWN
    elif place.last_heard is None:
        look = _UNHEARD
    return FigureRow(
        (
            place.station,
            _time(place.last_heard),
            number(place.accepted),
            "–" if place.waiting is None else number(place.waiting),
            t(look.text) if look else "",
        ),
        look,
    )


def conflict_row(conflict: Conflict, reference: Reference) -> FigureRow:
    return FigureRow(
        (named(conflict.key, reference), conflict.standing.station, t(_CONFLICT.text)), _CONFLICT
    )


def side_rows(conflict: Conflict, reference: Reference, *, all_rows: bool) -> tuple[FigureRow, ...]:
    """Both contents in the order of the paper; without `all_rows` only what differs, under its headings."""
    if conflict.theirs is None:
        return ()
    found: list[FigureRow] = []
    heading: FigureRow | None = None
    for pair in pairs(conflict.theirs.protocol, conflict.our_protocol, reference):
        if pair.field is None:
            heading = FigureRow((pair.code, pair.title, "", "", ""), heading=True)
        elif pair.changed or all_rows:
            if heading is not None:
                found.append(heading)
                heading = None
            mark = t(_DIFFERS.text) if pair.changed else ""
            cells = (pair.code, pair.title, _value(pair.left), _value(pair.right), mark)
            found.append(FigureRow(cells, _DIFFERS if pair.changed else None))
    return tuple(found)


def named(key: ProtocolKey, reference: Reference) -> str:
    """Municipality, precinct and contest in few words."""
    found = reference.municipalities.get(key.precinct.municipality)
    name = found.name if found else str(key.precinct.municipality)
    return f"{name} {key.precinct.number} · {t(f'contest.short.{key.contest}')}"


def _value(figure: int | None) -> str:
    return t("form.blank") if figure is None else number(figure)


def _time(at: datetime | None) -> str:
    return "–" if at is None else texts.clock_time(at)
