"""Letters of the media register, and the list of those who may film at one transfer point.

The register and its decisions live at the centre, which knows no Qt; whoever prints hands over what is to be
said as plain values. The same paper as the desk's prints: A4, embedded fonts, the rehearsal's word across.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final

from app.desktop.printing import documents, pieces
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.typography import html
from app.desktop.texts import PRAGUE, date_time, language, t
from app.election.model import Mode

_UNSAFE: Final = re.compile(r"[^0-9A-Za-z-]+")


class Answer(Enum):
    """What a letter says."""

    APPROVED = "approved"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True)
class Common:
    """What every paper says of the election and of itself."""

    election: str
    mode: Mode
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Permit:
    """Filming at one transfer point, in words; `permitted` is None while nobody decided."""

    point: str
    begins: datetime
    ends: datetime
    crew: tuple[str, ...]
    permitted: bool | None = True


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer to one application. `why` are the reasons for what was not accepted, in the letter's
    language; a refusal has none. `authority` names the signature's one."""

    number: int
    organisation: str
    person: str
    received_at: datetime
    authority: str
    answer: Answer
    why: tuple[str, ...] = ()
    night: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    live_from: datetime | None = None
    meeting_at: datetime | None = None
    meeting_place: str = ""
    filming: tuple[Permit, ...] = ()


@dataclass(frozen=True, slots=True)
class Crew:
    """One crew in the list of a transfer point."""

    organisation: str
    telephone: str
    permit: Permit


def letter(common: Common, one: Letter, folder: Path) -> Path:
    """Write the letter into `folder`. Raises `StationError` DSK-01."""
    head = PointHead(common.election, common.mode, "", "")
    parts = tuple(_letter(common, one))
    name = f"media-{one.number:04}-{one.answer.value}-{language()}-{_second(common.made_at)}.pdf"
    return documents.write(Paper(name, t("letter.paper"), head, one.organisation, True, parts), folder)


def crews(common: Common, point: str, rows: Sequence[Crew], folder: Path) -> Path:
    """Write the list of permitted filming at one transfer point. Raises `StationError` DSK-01."""
    head = PointHead(common.election, common.mode, "", "")
    facts = {"point": point, "mode": t(f"mode.{common.mode}"), "made": date_time(common.made_at)}
    parts = [_opening(t("letter.filming_heading"), common, facts), pieces.text(t("letter.filming_note"))]
    parts += [_crew(row) for row in rows] or [pieces.text(t("letter.nobody"))]
    place = _UNSAFE.sub("-", point.partition(" ")[0])
    name = f"nataceni-{place}-{language()}-{_second(common.made_at)}.pdf"
    return documents.write(Paper(name, t("letter.filming_paper"), head, point, True, tuple(parts)), folder)


def _letter(common: Common, one: Letter) -> Iterator[Part]:
    facts = {
        "number": str(one.number),
        "organisation": one.organisation,
        "person": one.person,
        "received": date_time(one.received_at),
        "authority": one.authority,
        "mode": t(f"mode.{common.mode}"),
        "made": date_time(common.made_at),
    }
    yield _opening(t(f"letter.heading.{one.answer.value}"), common, facts)
    yield pieces.text(t(f"letter.text.{one.answer.value}"))
    if one.why:
        yield Part(f"<ul>{''.join(f'<li>{html(reason)}</li>' for reason in one.why)}</ul>")
    if one.answer is Answer.APPROVED:
        yield from _access(one)
    yield from _filming(one)
    yield pieces.text(t("letter.regards"))


def _access(one: Letter) -> Iterator[Part]:
    if one.night or one.test:
        yield pieces.heading(t("letter.addresses"))
        yield Part(_table([(t("letter.night"), one.night), (t("letter.test"), one.test)]))
        if one.live_from is not None:
            yield pieces.text(t("letter.phases", time=_minute(one.live_from)))
        yield pieces.text(t("letter.terms"))
    if one.meeting_at is not None:
        yield pieces.heading(t("letter.meeting"))
        yield pieces.framed(_minute(one.meeting_at), one.meeting_place)


def _filming(one: Letter) -> Iterator[Part]:
    if not one.filming or one.answer is Answer.NOT_ACCEPTED:
        return
    yield pieces.heading(t("letter.filming"))
    states = {True: "letter.permitted", False: "letter.not_permitted", None: "letter.open"}
    for each in one.filming:
        yield Part(
            f"<p><b>{html(each.point)}</b>: {html(t(states[each.permitted]))}<br>{html(_between(each))}<br>"
            f"{html(', '.join(each.crew))}</p>"
        )
    yield pieces.text(t("letter.filming_terms"))


def _crew(row: Crew) -> Part:
    return Part(
        '<table width="100%" cellspacing="0" class="line"><tr>'
        f'<td width="34%"><b>{html(_between(row.permit))}</b></td>'
        f'<td width="36%">{html(row.organisation)}<br><span class="k">{html(row.telephone)}</span></td>'
        f'<td width="30%">{"<br>".join(html(name) for name in row.permit.crew)}</td></tr></table>'
    )


def _opening(title: str, common: Common, facts: dict[str, str]) -> Part:
    rows = [(t(f"letter.label.{name}"), (value,)) for name, value in facts.items() if value]
    return Part(f'<p class="t">{html(title)}</p><p class="e">{html(common.election)}</p>{_table(rows)}')


def _table(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    cells = "".join(
        f'<tr><td width="32%" class="k">{html(label)}</td>'
        f"<td><b>{'<br>'.join(map(html, values))}</b></td></tr>"
        for label, values in rows
        if values
    )
    return f'<table width="100%" cellspacing="0" cellpadding="1">{cells}</table>'


def _between(permit: Permit) -> str:
    """From and to; a day stands once."""
    begins, ends = permit.begins.astimezone(PRAGUE), permit.ends.astimezone(PRAGUE)
    same_day = begins.date() == ends.date()
    return f"{_minute(begins)}–{ends:%H:%M}" if same_day else f"{_minute(begins)} – {_minute(ends)}"


def _minute(at: datetime) -> str:
    return date_time(at).rpartition(":")[0]


def _second(at: datetime) -> str:
    return at.astimezone(PRAGUE).strftime("%Y%m%d-%H%M%S")
