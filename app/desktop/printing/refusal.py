"""The refusal (protokol o odmítnutí): that a protocol was not taken in, why, and until when to come again."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part
from app.desktop.printing.pieces import Where
from app.desktop.texts import date_time, t
from app.station.confirmation import RefusalData


def made(data: RefusalData, where: Where) -> Paper:
    """The whole paper."""
    head = data.head
    return Paper(
        names.refusal(head.key, data.refused_at),
        t("print.title.refusal"),
        head,
        pieces.place(head),
        False,
        tuple(_parts(data, where)),
    )


def _parts(data: RefusalData, where: Where) -> Iterator[Part]:
    facts = (("refused", date_time(data.refused_at)), ("refused_by", data.refused_by))
    yield pieces.opening("refusal", data.head, where, facts)
    yield pieces.text(t("print.refused"))
    ends = t("print.delivery_ends", time=pieces.until(data.delivery_ends))
    yield pieces.framed(t("print.deadline"), pieces.until(data.deadline), ends)
    yield from pieces.written(t("print.reason"), data.reason)
    yield from pieces.problems(data.problems)
    yield Part(pieces.text(t("print.refused_note")).markup, heads=True)
    yield pieces.signatures("commission", "clerk")
