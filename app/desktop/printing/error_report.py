"""The error report (protokol o chybách): everything that is wrong with a protocol, at once, in plain words.

The commission reads it standing at the desk: numbered, in words of the paper form, with both numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.printing import names, pieces
from app.desktop.printing.frame import Paper, Part
from app.desktop.printing.pieces import Where
from app.desktop.texts import plural, t
from app.election.reference import Reference
from app.election.rule import Severity
from app.station.confirmation import ErrorReportData


def made(data: ErrorReportData, reference: Reference, where: Where) -> Paper:
    """The whole paper; the deadline is the election's."""
    head = data.head
    return Paper(
        names.error_report(head.key, head.printed_at, head.content_hash),
        t("print.title.error_report"),
        head,
        pieces.place(head),
        False,
        tuple(_parts(data, reference, where)),
    )


def _parts(data: ErrorReportData, reference: Reference, where: Where) -> Iterator[Part]:
    yield pieces.opening("error_report", data.head, where, ())
    blocking = sum(one.severity is Severity.BLOCKING for one in data.problems)
    if not data.problems:
        yield pieces.text(t("print.no_problems"))
        return
    yield pieces.text(
        plural("print.found", len(data.problems)),
        t("print.found_blocking" if blocking else "print.found_passable"),
    )
    deadline = pieces.until(reference.election.calendar.delivery_ends)
    yield pieces.framed(t("print.deliver_until"), deadline, t("print.deliver_how"))
    yield from pieces.problems(data.problems)
    yield Part(pieces.text(t("print.taken_note")).markup, heads=True)
    yield pieces.signatures("commission", "clerk")
