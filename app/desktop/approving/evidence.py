"""A case as rows and facts: neighbours, both readings, what changed, where it came from. No widgets here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.desktop import texts
from app.desktop.figure_table import Column, FigureRow
from app.desktop.forms import contest_name
from app.desktop.states import SEVERITIES, Look
from app.desktop.texts import number, t
from app.desktop.visiting.fields import name_of
from app.election import percent
from app.election.catalogue import RULES
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef, Outcome
from app.station.approvals import Case, Changed
from app.station.differences import FieldDifference, differences
from app.station.neighbour_figures import CountFigures, LineFigures
from app.station.paper_trail import ReadField

#: The mark of a field that differs.
DIFFERS: Final = Look("correcting", "warning", "warning_ground", "compare.changed")

NEIGHBOUR_COLUMNS: Final = (
    Column("approving.figure.code", 34, numeric=True),
    Column("approving.figure.title"),
    Column("approving.figure.here", 52, numeric=True),
    Column("approving.figure.share", 66, numeric=True),
    Column("approving.figure.around", 62, numeric=True),
    Column("approving.figure.share_around", 66, numeric=True),
)
READING_COLUMNS: Final = (
    Column("approving.figure.code", 44, numeric=True),
    Column("approving.figure.title"),
    Column("approving.figure.first", 58, numeric=True),
    Column("approving.figure.second", 62, numeric=True),
    Column("approving.figure.settled"),
)
CHANGE_COLUMNS: Final = (
    Column("approving.figure.code", 44, numeric=True),
    Column("approving.figure.title"),
    Column("approving.figure.before", 84, numeric=True),
    Column("approving.figure.now", 84),
)


def share(hundredths: int | None) -> str:
    """Hundredths of a per cent for people; a dash where nothing is known."""
    if hundredths is None:
        return "–"
    told = percent.text(hundredths)
    return f"{told.replace('.', ',') if texts.language() == 'cs' else told}{texts.NBSP}%"


def value(figure: int | None) -> str:
    return t("form.blank") if figure is None else number(figure)


# --- neighbours ------------------------------------------------------------------------------------


def neighbour_words(case: Case) -> str:
    """Counts beside what is known of them, one line each, and how much the sums hold."""
    figures = case.neighbours
    lines = [_count(count) for count in figures.counts[:2]]
    turnout = t("approving.turnout", share=share(figures.turnout))
    if figures.turnout_previous is not None:
        turnout += t("approving.previous", value=share(figures.turnout_previous))
    contest = contest_name(case.key.contest)
    if figures.protocols:
        sums = texts.plural("approving.sums", figures.protocols, contest=contest)
    else:
        sums = t("approving.no_sums", contest=contest)
    compared = case.held.offer.verdict.result("PL-07")
    if figures.protocols and compared is not None and compared.outcome is Outcome.NOT_COMPARED:
        sums += " " + t("approving.too_few")
    return "\n".join((*lines, turnout, sums))


def _count(count: CountFigures) -> str:
    told = f"{t(f'form.row.{count.field.name}')}: {value(count.here)}"
    for name, figure in (("expected", count.expected), ("previous", count.previous), ("other", count.other)):
        if figure is not None:
            told += t(f"approving.{name}", value=number(figure))
    return told


def neighbour_rows(case: Case, reference: Reference) -> tuple[FigureRow, ...]:
    """Each list or candidate here and around; those that a failed rule names are marked."""
    marked = {
        field
        for result in case.held.offer.verdict.failed
        if result.rule_id.startswith("PL")
        for one in result.failed_cases
        for field in one.fields
    }
    lists = {field.list_number for field in marked if field.list_number is not None}
    return tuple(_neighbour(line, case.key, reference, marked, lists) for line in case.neighbours.lines)


def _neighbour(
    line: LineFigures, key: ProtocolKey, reference: Reference, marked: set[FieldRef], lists: set[int]
) -> FigureRow:
    name = name_of(line.field, key, reference)
    preferred = (line.preferred, line.preferred_around)
    title = name.title
    if preferred[0] is not None and preferred[1] is not None:
        title = t("approving.preferred", title=title, here=number(preferred[0]), around=number(preferred[1]))
    cells = (
        name.code, title, value(line.votes), share(line.share), number(line.votes_around),
        share(line.share_around),
    )  # fmt: skip
    is_marked = line.field in marked or line.field.list_number in lists
    return FigureRow(cells, SEVERITIES["W"] if is_marked else None)


# --- both readings ---------------------------------------------------------------------------------


def reading_words(case: Case) -> str:
    readings = case.readings
    assert readings is not None
    told = t(
        "approving.readings",
        first=", ".join(readings.first_by),
        second=", ".join(readings.second_by),
        by=readings.closed_by,
        time=texts.clock_time(readings.closed_at),
    )
    return f"{told} {texts.plural('approving.differing', len(readings.differing))}"


def reading_rows(case: Case, reference: Reference, *, everything: bool) -> tuple[FigureRow, ...]:
    """Fields in which the readings differ, or all that were filled in."""
    assert case.readings is not None
    fields = case.readings.fields if everything else case.readings.differing
    return tuple(_reading(field, case.key, reference) for field in fields)


def _reading(field: ReadField, key: ProtocolKey, reference: Reference) -> FigureRow:
    name, settled = name_of(field.field, key, reference), ""
    if field.settled is not None:
        settled = t(f"approving.situation.{field.settled.situation}", value=value(field.settled.value),
                    by=field.settled.user)  # fmt: skip
        if field.settled.reason:
            settled += f": {field.settled.reason}"
    cells = (name.code, name.title, value(field.first), value(field.second), settled)
    return FigureRow(cells, DIFFERS if field.differs else None)


# --- what changed ----------------------------------------------------------------------------------


def change_rows(case: Case, changed: Changed | None, reference: Reference) -> tuple[FigureRow, ...]:
    """What differs from what was on the screen before, then from the accepted revision."""
    return tuple(_changes(case, changed, reference))


def _changes(case: Case, changed: Changed | None, reference: Reference) -> Iterator[FigureRow]:
    if changed is not None and changed.figures:
        yield _heading(t("approving.since_shown"))
        yield from _differences(changed.figures, case.key, reference)
    if case.current is not None:
        accepted, protocol = case.current
        yield _heading(t("approving.since_revision", revision=accepted.revision))
        yield from _differences(differences(protocol, case.held.offer), case.key, reference)


def _heading(words: str) -> FigureRow:
    return FigureRow(("", words, "", ""), heading=True)


def _differences(
    found: Sequence[FieldDifference], key: ProtocolKey, reference: Reference
) -> Iterator[FigureRow]:
    for one in found:
        name = name_of(one.field, key, reference)
        yield FigureRow((name.code, name.title, value(one.left), value(one.right)), DIFFERS)


def rule_names(rules: Sequence[str]) -> str:
    """Rules with their titles."""
    czech = texts.language() == "cs"
    return "; ".join(f"{rule} {RULES[rule].title_cs if czech else RULES[rule].title_en}" for rule in rules)


# --- origin ----------------------------------------------------------------------------------------


def origin(case: Case) -> tuple[tuple[str, str], ...]:
    """Where the content came from and who had it in hand."""
    offer, held = case.held.offer, case.held
    facts = [
        ("file", offer.original.name),
        ("sha256", offer.original.sha256),
        ("received", t("approving.by_at", by=case.received_by, time=texts.date_time(case.received_at))),
        ("source", t(f"approving.source.{offer.source.value}")),
        ("held", t("approving.by_at", by=held.entered_by, time=texts.date_time(held.held_at))),
        ("reason", held.reason),
        ("correction", offer.correction_reason),
        ("hands", ", ".join(dict.fromkeys((held.entered_by, *offer.hands)))),
        ("mends", "\n".join(
            t("approving.mended", by=mend.by, time=texts.clock_time(mend.at), reason=mend.reason,
              changes=", ".join(mend.changes))
            for mend in case.mends
        )),
        ("failed_then", rule_names(case.failed_at_hold or ())),
        ("failed_newly", rule_names(case.newly_failed)),
    ]  # fmt: skip
    return tuple((t(f"approving.origin.{name}"), text) for name, text in facts if text)
