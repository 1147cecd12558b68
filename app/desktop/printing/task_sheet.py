"""The sheet of a rehearsal round for one workstation: what to do, the papers to type from, the totals.

The invented papers are set as the transcript is, so that a clerk finds a figure where the form has it. Every
page bears the rehearsal's word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.desktop.forms import contest_name, laid_out
from app.desktop.printing import pieces, transcript
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.typography import html
from app.desktop.texts import number, t
from app.documents.tasks import Sheet
from app.election.model import Protocol
from app.election.reference import Reference

#: How many steps each round has; their sentences are `rounds.<round>.<step>`.
STEPS: Final = {1: 5, 2: 8, 3: 5}


def made(sheet: Sheet, reference: Reference) -> Paper:
    """The whole paper."""
    election = reference.election
    seat = reference.municipalities.get(sheet.transfer_point)
    point = seat.name if seat else str(sheet.transfer_point)
    place = t("print.point_place", point=point, station=sheet.station)
    head = PointHead(election.name, election.mode, "", "")
    name = f"ukoly-kolo{sheet.round}-{sheet.station}.pdf"
    title = t("print.title.tasks", round=sheet.round)
    return Paper(name, title, head, place, False, tuple(_parts(sheet, reference, place)))


def _parts(sheet: Sheet, reference: Reference, place: str) -> Iterator[Part]:
    rows = (
        ("point", place),
        ("mode", t(f"mode.{reference.election.mode}")),
        ("prescribed", number(len(sheet.protocols))),
    )
    title = html(t("print.heading.tasks", round=sheet.round))
    election = html(reference.election.name)
    yield Part(f'<p class="t">{title}</p><p class="e">{election}</p>{pieces.table_of(rows)}')
    steps = "".join(
        f"<li>{html(t(f'rounds.{sheet.round}.{step}', count=len(sheet.protocols)))}</li>"
        for step in range(1, STEPS[sheet.round] + 1)
    )
    yield Part(f'<p class="s">{html(t(f"rounds.{sheet.round}.title"))}</p><ol>{steps}</ol>')
    yield _totals(sheet)
    for order, protocol in enumerate(sheet.protocols, 1):
        yield from paper(order, protocol, reference)
    yield pieces.signatures("clerk", "supervisor")


def _totals(sheet: Sheet) -> Part:
    """The control totals over all papers of the sheet."""
    names = ("registered_voters", "envelopes_issued", "envelopes_returned", "valid_votes")
    rows = "".join(
        f'<tr><td>{html(t(f"rounds.total.{name}"))}</td><td class="n"><b>{html(number(value))}</b></td></tr>'
        for name, value in zip(names, sheet.totals, strict=True)
    )
    return Part(
        f'<p class="s">{html(t("rounds.totals"))}</p>'
        f'<table width="60%" cellspacing="0" cellpadding="1">{rows}</table>'
    )


def paper(order: int, protocol: Protocol, reference: Reference) -> Iterator[Part]:
    """One invented paper under its number."""
    precinct = reference.precincts[protocol.precinct]
    place = t(
        "form.place",
        municipality=reference.municipalities[precinct.id.municipality].name,
        precinct=precinct.id.number,
    )
    yield pieces.heading(t("rounds.paper", order=order, place=place, contest=contest_name(protocol.contest)))
    for block in laid_out(protocol, reference).blocks:
        if block.number is None:
            yield transcript.counts(block)
        else:
            yield from transcript.lists(block)
