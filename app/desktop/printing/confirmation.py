"""The confirmation of faultless take-over (protokol o bezchybném převzetí): the commission may go home.

Its data exist only when the centre's receipt for the very content is stored (rule PR-03).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.forms import laid_out
from app.desktop.printing import names, pieces, transcript
from app.desktop.printing.frame import Paper, Part
from app.desktop.printing.pieces import Where
from app.desktop.printing.typography import html
from app.desktop.texts import date_time, number, t
from app.election.reference import Reference
from app.station.confirmation import ConfirmationData


def made(data: ConfirmationData, reference: Reference, where: Where) -> Paper:
    """The whole paper."""
    head = data.head
    return Paper(
        names.confirmation(head.key, head.revision),
        t("print.title.confirmation"),
        head,
        pieces.place(head),
        True,
        tuple(_parts(data, reference, where)),
    )


def _parts(data: ConfirmationData, reference: Reference, where: Where) -> Iterator[Part]:
    flags = [t("print.corrected")] if data.protocol.corrected else []
    flags += [t("print.passable")] if data.protocol.passable_error else []
    facts = (
        ("accepted", date_time(data.accepted_at)),
        ("user", data.accepted_by),
        ("approved", data.approved_by or ""),
        ("revision", " ".join([str(data.head.revision), *flags])),
    )
    yield pieces.opening("confirmation", data.head, where, facts)
    yield pieces.text(t("print.confirmed", contest_form=data.head.key.contest.form))
    yield transcript.counts(laid_out(data.protocol, reference).blocks[0])
    order = "" if data.processing_order is None else number(data.processing_order)
    rows = (
        ("confirmed_at", date_time(data.confirmed_at)),
        ("processing_order", order),
        ("batch", number(data.batch_number)),
    )
    yield pieces.heading(t("print.centre"))
    yield Part(pieces.table_of(rows))
    yield pieces.framed(t("print.may_leave"), "")
    yield pieces.signatures("commission", "clerk")
    yield Part(
        f'<p class="small k">{html(t("print.hash"))} {data.head.content_hash}<br>'
        f"{html(t('print.receipt'))} {data.receipt_sha256}</p>"
    )
