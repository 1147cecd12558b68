"""The closing report of a transfer point: what was counted, what was not and why, and the journal's head.

The journal's head on paper, with its QR code, is what nobody can change later: a journal that is altered
after the closing no longer fits it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.desktop.forms import contest_name
from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.typography import html
from app.desktop.states import STATES
from app.desktop.texts import NBSP, date_time, number, t
from app.station.closing.report import ClosingReport, Line
from app.station.confirmation import short_code

#: Rows of the list that stay together, so that a page ends between them.
_TOGETHER: Final = 15
_WIDTHS: Final = (37, 14, 9, 21, 19)


def made(report: ClosingReport) -> Paper:
    """The whole paper."""
    head = PointHead(report.election_name, report.mode, short_code(report.journal[1]), report.qr_text)
    place = t("print.point_place", point=report.point_name, station=report.station)
    name = names.closing_report(report.station, report.made_at)
    return Paper(name, t("print.title.closing"), head, place, True, tuple(_parts(report)))


def _parts(report: ClosingReport) -> Iterator[Part]:
    progress = report.progress
    rows = (
        ("point", t("print.point_place", point=report.point_name, station=report.station)),
        ("mode", t(f"mode.{report.mode}")),
        ("closed", t("print.printed", time=date_time(report.made_at), user=report.made_by)),
        ("expected", number(progress.expected)),
        ("confirmed", number(progress.confirmed)),
        ("explained", number(report.explained)),
        ("batches", number(report.batches)),
        ("backup", "" if report.backup_at is None else date_time(report.backup_at)),
        ("journal", number(report.journal[0])),
        ("journal_code", short_code(report.journal[1])),
    )
    title = html(t("print.heading.closing"))
    yield Part(
        f'<p class="t">{title}</p><p class="e">{html(report.election_name)}</p>{pieces.table_of(rows, "44%")}'
    )
    whole = progress.confirmed == progress.expected
    yield pieces.framed(t("print.closing_all") if whole else t("print.closing_explained"), "")
    explained = [line for line in report.lines if line.explanation]
    if explained:
        yield pieces.heading(t("print.closing_missing"))
        yield from (_explained(line) for line in explained)
    yield Part(pieces.heading(t("print.closing_list")).markup + _header(), heads=True)
    for start in range(0, len(report.lines), _TOGETHER):
        yield _rows(report.lines[start : start + _TOGETHER])
    yield pieces.signatures("supervisor", "witness")
    yield Part(
        f'<p class="small k">{html(t("print.closing_head"))} {report.journal[1]}<br>'
        f"{html(t('print.closing_batch'))} {report.batch_hash or '–'}<br>"
        f"{html(t('print.closing_note'))}</p>"
    )


def _header() -> str:
    titles = [t(f"print.column.{name}") for name in ("precinct", "contest", "revision", "state", "code")]
    cells = "".join(
        f'<td width="{width}%">{html(title)}</td>' for width, title in zip(_WIDTHS, titles, strict=True)
    )
    return f'<table width="100%" cellspacing="0" class="h"><tr>{cells}</tr></table>'


def _rows(lines: Sequence[Line]) -> Part:
    rows = "".join(f"<tr>{''.join(_cells(line))}</tr>" for line in lines)
    return Part(f'<table width="100%" cellspacing="0" class="line">{rows}</table>')


def _cells(line: Line) -> Iterator[str]:
    state = t(STATES[line.state.value].text)
    if line.workstation:
        state = t("print.closing_elsewhere", state=state, station=line.workstation)
    values = (
        _place(line), t(f"contest.short.{line.key.contest}"), str(line.revision) if line.revision else "–",
        state, line.short_code.replace(" ", NBSP) or "–",
    )  # fmt: skip
    for width, value in zip(_WIDTHS, values, strict=True):
        yield f'<td width="{width}%">{html(value)}</td>'


def _explained(line: Line) -> Part:
    about = f"{_place(line)}, {contest_name(line.key.contest)}: {t(STATES[line.state.value].text)}"
    return Part(
        f"<p><b>{html(about)}</b><br>{html(line.explanation)} "
        f'<span class="small k">({html(line.explained_by)})</span></p>'
    )


def _place(line: Line) -> str:
    return t("form.place", municipality=line.municipality_name, precinct=line.key.precinct.number)
