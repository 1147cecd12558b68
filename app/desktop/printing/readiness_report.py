"""The readiness report on paper: the whole outcome in a frame, then each trial with what was found.

It is the printer's test page as well: diacritics, lines and the frame show at a glance whether it prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.typography import html
from app.desktop.readiness import words
from app.desktop.texts import date_time, t
from app.election.reference import ElectionInfo
from app.station.readiness.checking import SOFTWARE
from app.station.readiness.outcomes import Outcome, whole
from app.station.station import Station

_WIDTHS: Final = (24, 14, 62)


def made(outcomes: Sequence[Outcome], station: Station, user: str, tried_at: datetime) -> Paper:
    """The whole paper."""
    election, config = station.reference.election, station.config
    seat = station.reference.municipalities.get(config.transfer_point)
    name = seat.name if seat else str(config.transfer_point)
    place = t("print.point_place", point=name, station=config.station)
    head = PointHead(election.name, election.mode, "", "")
    parts = tuple(_parts(outcomes, election, place, user, tried_at))
    title = t("print.title.readiness")
    return Paper(names.readiness(config.station, tried_at), title, head, place, False, parts)


def _parts(
    outcomes: Sequence[Outcome], election: ElectionInfo, place: str, user: str, tried_at: datetime
) -> Iterator[Part]:
    rows = (
        ("point", place),
        ("mode", t(f"mode.{election.mode}")),
        ("tried", t("print.printed", time=date_time(tried_at), user=user)),
        ("program", SOFTWARE),
    )
    title = html(t("print.heading.readiness"))
    yield Part(f'<p class="t">{title}</p><p class="e">{html(election.name)}</p>{pieces.table_of(rows)}')
    yield pieces.framed(t("print.readiness_whole"), t(f"readiness.whole.{whole(outcomes).name}"))
    yield Part(
        _row([html(t(f"print.column.{name}")) for name in ("trial", "state", "found")], "h"), heads=True
    )
    yield from (_trial(each) for each in outcomes)
    yield pieces.signatures("technician", "supervisor")


def _trial(outcome: Outcome) -> Part:
    found, do = words.said(outcome)
    code = f' <span class="small k">{html(outcome.code)}</span>' if outcome.code else ""
    told = f"{html(found)}{code}" + (f"<br><b>→ {html(do)}</b>" if do else "")
    return Part(
        _row([f"<b>{html(words.name_of(outcome.probe))}</b>", html(words.state_of(outcome)), told], "line")
    )


def _row(cells: Sequence[str], kind: str) -> str:
    inside = "".join(f'<td width="{width}%">{cell}</td>' for width, cell in zip(_WIDTHS, cells, strict=True))
    return f'<table width="100%" cellspacing="0" class="{kind}"><tr>{inside}</tr></table>'
