"""The transcript (opis) of an accepted protocol, for the commission to compare with its signed paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.desktop.forms import Block, Line, laid_out
from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part
from app.desktop.printing.pieces import Where
from app.desktop.printing.typography import html
from app.desktop.texts import date_time, number, t
from app.election.reference import Reference
from app.station.confirmation import TranscriptData

_COLUMNS: Final = 3
#: Letters of a name on one row of a column, and rows under one header in all columns together.
_LETTERS: Final = 20
_ROWS: Final = 84


def made(data: TranscriptData, reference: Reference, where: Where) -> Paper:
    """The whole paper."""
    head = data.head
    return Paper(
        names.transcript(head.key, head.revision),
        t("print.title.transcript"),
        head,
        pieces.place(head),
        True,
        tuple(_parts(data, reference, where)),
    )


def _parts(data: TranscriptData, reference: Reference, where: Where) -> Iterator[Part]:
    form = laid_out(data.protocol, reference)
    yield pieces.opening("transcript", data.head, where, _facts(data))
    for block in form.blocks:
        if block.number is None:
            yield counts(block)
        else:
            yield from lists(block)
    if form.lists_without_votes:
        numbers = ", ".join(str(one) for one in form.lists_without_votes)
        yield pieces.text(t("print.without_votes", numbers=numbers))
    yield from pieces.written(t("print.reason"), data.reason)
    yield Part(f"<p>{html(t('print.compare'))}</p>", heads=True)
    yield pieces.signatures("commission", "clerk")
    if data.head.content_hash:
        yield Part(f'<p class="small k">{html(t("print.hash"))} {data.head.content_hash}</p>')


def _facts(data: TranscriptData) -> Iterator[tuple[str, str]]:
    protocol = data.protocol
    corrected = t("print.corrected") if protocol.corrected else ""
    passable = t("print.passable") if protocol.passable_error else ""
    yield "accepted", date_time(data.accepted_at)
    yield "user", data.accepted_by
    yield "approved", data.approved_by or ""
    yield "source", t("print.source.paper" if data.from_paper else "print.source.file")
    yield "revision", " ".join(part for part in (str(data.head.revision), corrected, passable) if part)


def counts(block: Block) -> Part:
    """A block of counts or of candidates' votes: number, words, figure."""
    rows = "".join(
        f'<tr><td width="6%" class="n">{line.code}</td><td>{html(line.title)}</td>'
        f'<td width="14%" class="n"><b>{html(number(line.value or 0))}</b></td></tr>'
        for line in block.lines
        if line.kind != "control"
    )
    figure = "print.votes" if block.lines[0].kind == "votes" else "print.count"
    return Part(
        '<table width="100%" cellspacing="0" cellpadding="1"><tr class="h">'
        f'<td colspan="2">{html(block.title)}</td>'
        f'<td class="n">{html(t(figure))}</td></tr>{rows}</table>'
    )


def lists(block: Block) -> Iterator[Part]:
    """A list's header with its votes, and its preferences; a long list goes on under its header again."""
    lines = [line for line in block.lines if line.kind == "preference" and line.value]
    for order, some in enumerate(_portions(lines)):
        title = block.title if not order else t("print.goes_on", title=block.title)
        header = (
            '<table width="100%" cellspacing="0" cellpadding="1"><tr class="h">'
            f'<td width="5%" class="n">{block.number}</td><td>{html(title)}</td>'
            f'<td width="14%" class="n">{html(number(block.total or 0))}</td></tr></table>'
        )
        yield Part(header + _preferences(some))


def _portions(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """As many lines as fit well under one header; one empty portion when there is no line."""
    begun, used = 0, 0
    for index, line in enumerate(lines):
        rows = -(-len(_name(line)) // _LETTERS)
        if used + rows > _ROWS:
            yield lines[begun:index]
            begun, used = index, 0
        used += rows
    yield lines[begun:]


def _preferences(lines: Sequence[Line]) -> str:
    """Preferential votes in columns that are read downwards."""
    if not lines:
        return f'<p class="small">{html(t("print.no_preferences"))}</p>'
    depth = -(-len(lines) // _COLUMNS)
    rows = "".join(
        f"<tr>{''.join(_preference(lines, column * depth + row) for column in range(_COLUMNS))}</tr>"
        for row in range(depth)
    )
    return f'<table width="100%" cellspacing="0" cellpadding="0">{rows}</table>'


def _preference(lines: Sequence[Line], index: int) -> str:
    if index >= len(lines):
        return "<td></td><td></td><td></td>"
    line = lines[index]
    return (
        f'<td width="4%" class="n small">{line.code}</td>'
        f'<td width="24%" class="small">{html(_name(line))}</td>'
        f'<td width="5%" class="n small"><b>{html(number(line.value or 0))}</b></td>'
    )


def _name(line: Line) -> str:
    """A candidate without titles."""
    return line.title.partition(",")[0]
