"""What several prints share: the head, a table of facts, headings, signatures, the list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.desktop.forms import contest_name
from app.desktop.printing.frame import Part
from app.desktop.printing.typography import html, paragraphs
from app.desktop.texts import NBSP, date_time, language, plural, t
from app.election.reference import ElectionInfo
from app.election.rule import Severity
from app.station.confirmation import PrintHead
from app.station.problems import Problem

#: The problems' headings, gravest first.
_SEVERITIES: Final = ("B", "P", "W", "I")
_DOTS: Final = "." * 44


@dataclass(frozen=True, slots=True)
class Where:
    """The transfer point in words, as the window's header has it."""

    point: str


def place(head: PrintHead) -> str:
    """Municipality and precinct in words."""
    return t("form.place", municipality=head.municipality_name, precinct=head.precinct.id.number)


def opening(kind: str, head: PrintHead, where: Where, facts: Iterable[tuple[str, str]]) -> Part:
    """The head of a paper: what it is, of which election, and everything that identifies it."""
    form = head.key.contest.form
    seat = head.precinct.seat
    rows = (
        ("precinct", place(head)),
        ("seat", seat),
        ("district", head.district_name),
        ("contest", contest_name(head.key.contest)),
        ("mode", t(f"mode.{head.mode}")),
        ("point", where.point),
        *facts,
        ("printed", t("print.printed", time=date_time(head.printed_at), user=head.printed_by)),
        ("code", head.short_code),
    )
    title = html(t(f"print.heading.{kind}", form=form)).replace(" (", f"{NBSP}(")
    return Part(f'<p class="t">{title}</p><p class="e">{html(head.election_name)}</p>{table_of(rows)}')


def opening_of_point(kind: str, election: ElectionInfo, where: Where, now: datetime, user: str) -> Part:
    """The head of a paper about a whole point: what it is, of which election, who printed it and when."""
    rows = (
        ("point", where.point),
        ("mode", t(f"mode.{election.mode}")),
        ("printed", t("print.printed", time=date_time(now), user=user)),
    )
    title = html(t(f"print.heading.{kind}"))
    return Part(f'<p class="t">{title}</p><p class="e">{html(election.name)}</p>{table_of(rows)}')


def table_of(rows: Iterable[tuple[str, str]], width: str = "32%") -> str:
    """Labels and values; a row without a value is left out."""
    cells = "".join(
        f'<tr><td width="{width}" class="k">{html(t(f"print.label.{name}"))}</td>'
        f"<td><b>{html(value)}</b></td></tr>"
        for name, value in rows
        if value
    )
    return f'<table width="100%" cellspacing="0" cellpadding="1">{cells}</table>'


def heading(text: str) -> Part:
    return Part(f'<p class="s">{html(text)}</p>', heads=True)


def until(at: datetime) -> str:
    """A deadline: day and time, without seconds that are nought."""
    return date_time(at).removesuffix(":00")


def text(*sentences: str) -> Part:
    return Part("".join(f"<p>{html(sentence)}</p>" for sentence in sentences))


def written(title: str, reason: str) -> Iterator[Part]:
    """What somebody wrote under its heading, however long."""
    found = paragraphs(reason)
    if found:
        yield heading(title)
        yield from (Part(f"<p>{html(paragraph)}</p>") for paragraph in found)


def framed(label: str, value: str, below: str = "") -> Part:
    """The one thing that nobody may overlook, in a frame."""
    told = f"<br>{html(below)}" if below else ""
    return Part(
        '<table width="100%" cellspacing="0" class="box"><tr>'
        f'<td>{html(label)} <span class="big">{html(value)}</span>{told}</td></tr></table>'
    )


def signatures(*who: str) -> Part:
    """Places to sign, two in a row, each with its day and time."""
    cells = "".join(
        f'<td width="50%"><br><br>{_DOTS}<br>{html(t(f"print.sign.{name}"))}<br>'
        f'<span class="small">{html(t("print.sign.when"))} {"." * 40}</span></td>'
        for name in who
    )
    return Part(f'<table width="100%" cellspacing="0"><tr>{cells}</tr></table>')


def problems(found: Sequence[Problem]) -> Iterator[Part]:
    """All problems numbered through, under the heading of their gravity."""
    numbered = list(enumerate(sorted(found, key=lambda one: _SEVERITIES.index(str(one.severity))), 1))
    for letter in _SEVERITIES:
        of_kind = [(number, one) for number, one in numbered if str(one.severity) == letter]
        if of_kind:
            yield heading(plural(f"print.problems.{letter}", len(of_kind)))
        for number, one in of_kind:
            yield _problem(number, one)


def _problem(number: int, one: Problem) -> Part:
    """Number, what is wrong with both numbers, where on the paper, what to do, room for the right number."""
    czech = language() == "cs"
    title, sentence, help_ = (
        (one.title_cs, one.sentence_cs, one.help_cs)
        if czech
        else (one.title_en, one.sentence_en, one.help_en)
    )
    places = "; ".join(one.places_cs if czech else one.places_en)
    lines = [f"<b>{html(title)}</b> <span class='small k'>({one.rule_id})</span>", html(sentence)]
    if places:
        lines.append(f"{html(t('print.where'))} <b>{html(places)}</b>")
    if help_:
        lines.append(f"{html(t('print.to_do'))} {html(help_)}")
    if one.severity is Severity.BLOCKING:
        lines.append(f"{html(t('print.right'))} {'.' * 60}")
    body = "".join(f"<p>{line}</p>" for line in lines)
    return Part(
        '<table width="100%" cellspacing="0" cellpadding="1" class="line"><tr>'
        f'<td width="6%" class="n"><b>{number}.</b></td><td>{body}</td></tr></table>'
    )
