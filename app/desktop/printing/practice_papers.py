"""The papers of the training: what its invented commissions signed, to type from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.desktop.printing import task_sheet
from app.desktop.printing.frame import Paper, Part, PointHead
from app.desktop.printing.typography import html
from app.desktop.texts import t
from app.election.model import Protocol
from app.station.station import Station


def made(papers: Sequence[Protocol], station: Station) -> Paper:
    """The whole paper; its name says nothing of a time, for it never changes."""
    election, config = station.reference.election, station.config
    place = t("print.point_place", point=str(config.transfer_point), station=config.station)
    head = PointHead(election.name, election.mode, "", "")
    parts = tuple(_parts(papers, station))
    return Paper("papiry-k-vycviku.pdf", t("print.title.practice"), head, place, False, parts)


def _parts(papers: Sequence[Protocol], station: Station) -> Iterator[Part]:
    title, text = html(t("print.heading.practice")), html(t("training.papers_text"))
    yield Part(f'<p class="t">{title}</p><p>{text}</p>')
    for order, protocol in enumerate(papers, 1):
        yield from task_sheet.paper(order, protocol, station.reference)
