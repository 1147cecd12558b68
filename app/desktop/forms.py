"""The paper forms T/6 and T/5 as data: rows, their official columns, numbers on the paper and titles.

This one description drives typing from paper, the read-only view, the comparison of two readings, the
prints and (by `Line.field`) the way from a message to its field. It knows no Qt. Columns are those of the
open data; their titles stand with the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.desktop.texts import t
from app.election.model import (
    MAX_PREFERENCES,
    Contest,
    PrecinctId,
    Protocol,
    ProtocolKey,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateReading,
    Sheet,
    SheetStated,
)
from app.election.reference import Candidate, Reference
from app.election.verdict import FieldRef


@dataclass(frozen=True, slots=True)
class FormRow:
    """One box of a form: official column, attribute of the model, digits that fit."""

    column: str
    attribute: str
    width: int


#: The four counts that every form begins with, in the paper's order.
COUNTS: Final = (
    FormRow("VOL_SEZNAM", "registered_voters", 5),
    FormRow("VYD_OBALKY", "envelopes_issued", 4),
    FormRow("ODEVZ_OBAL", "envelopes_returned", 4),
    FormRow("PL_HL_CELK", "valid_votes", 4),
)
#: Control numbers: of T/6 part 1 and T/5 (head), and of a sheet of T/6 part 2. Only readings state them.
HEAD_CONTROLS: Final[Mapping[str, tuple[FormRow, ...]]] = {
    "T/6": (FormRow("KC_1", "kc_1", 1), FormRow("KC_2", "kc_2", 6)),
    "T/5": (
        FormRow("KC_1", "kc_1", 1),
        FormRow("KC_2", "kc_2", 6),
        FormRow("KC_3", "kc_3", 9),
        FormRow("KC_4", "kc_4", 9),
        FormRow("POSL_KAND", "last_candidate", 2),
        FormRow("KC_SUM", "kc_sum", 9),
    ),
}
SHEET_CONTROLS: Final = (
    FormRow("KC_2", "kc_2", 5),
    FormRow("KC_3", "kc_3", 9),
    FormRow("KC_4", "kc_4", 9),
    FormRow("KC_5", "kc_5", 9),
    FormRow("POSL_KAND", "last_candidate", 2),
    FormRow("KC_SUM", "kc_sum", 9),
)


#: A list's votes, and a preference box of a sheet or a candidate's row of T/5.
VOTES: Final = FormRow("POC_HLASU", "votes", 4)
PREFERENCE: Final = FormRow("HLASY", "", 4)
#: Boxes of a sheet's two pages: front and reverse.
PAGES: Final = (range(1, 46), range(46, MAX_PREFERENCES + 1))


@dataclass(frozen=True, slots=True)
class Line:
    """One row as shown: `value` is None for an empty box; `kind` is count, votes, preference or control.

    `width` is the digits that fit, `page` the page of its sheet (1 or 2); `known` is False for a box of a
    candidate whom the register does not have.
    """

    field: FieldRef
    code: str
    title: str
    value: int | None
    kind: str
    width: int = 0
    page: int = 1
    known: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A titled group of rows; `number` is the list's, None for the head and the Senate's candidates."""

    title: str
    lines: tuple[Line, ...]
    number: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A protocol laid out as its form."""

    code: str
    blocks: tuple[Block, ...]
    lists_without_votes: tuple[int, ...] = ()


def laid_out(content: Reading | Protocol, reference: Reference) -> Form:
    """The form filled with what a reading states or a protocol holds."""
    head = _head(content)
    if isinstance(content, RegionalReading | RegionalProtocol):
        lists = _lists_of(content, reference)
        sheets = tuple(_sheet(sheet, lists) for sheet in content.sheets)
        present = {sheet.list_number for sheet in content.sheets}
        return Form("T/6", (head, *sheets), tuple(number for number in lists if number not in present))
    return Form("T/5", (head, _senate(content, reference)))


def paper(key: ProtocolKey, reference: Reference) -> Form:
    """The whole form of a precinct as the paper has it, every box empty: what a typist fills in.

    T/6: the counts, then a sheet for each registered list with all its boxes. T/5: the counts, then the
    candidates.
    """
    head = _counts(key.contest.form, (None,) * len(COUNTS))
    precinct = reference.precincts.get(key.precinct)
    if key.contest.is_senate:
        district = precinct.senate_district if precinct else None
        return Form("T/5", (head, _candidates(district, key.contest.round, {}, None, reference)))
    region = reference.regions.get(precinct.region or 0) if precinct else None
    sheets = []
    for number, listed in region.lists.items() if region else ():
        boxes = [_preference(number, box, None, listed.candidates) for page in PAGES for box in page]
        sheets.append(Block(listed.short_name, (_votes(number, None), *boxes), number))
    return Form("T/6", (head, *sheets))


def field_name(form: Form, field: FieldRef) -> str:
    """A field in words, with its list: for a question, a screen reader or a comparison."""
    spot = find(form, field)
    if spot is None:
        return field.name
    block, line = form.blocks[spot[0]], form.blocks[spot[0]].lines[spot[1]]
    row = f"{line.code} {line.title}" if line.code else line.title
    return row if block.number is None else t("form.of_list", number=block.number, name=block.title, row=row)


def person(candidate: Candidate) -> str:
    """A candidate's name as on a ballot: surname first, titles after."""
    name = f"{candidate.last_name} {candidate.first_name}"
    titles = ", ".join(part for part in (candidate.title_before, candidate.title_after) if part)
    return f"{name}, {titles}" if titles else name


def place(content: Reading | Protocol, reference: Reference) -> str:
    """Where the protocol comes from: municipality and precinct in words."""
    return precinct_place(content.precinct, reference)


def precinct_place(precinct: PrecinctId, reference: Reference) -> str:
    found = reference.municipalities.get(precinct.municipality)
    name = found.name if found else t("form.unknown_municipality", code=precinct.municipality)
    return t("form.place", municipality=name, precinct=precinct.number)


def contest_name(contest: Contest) -> str:
    return t(f"contest.long.{contest}")


def _head(content: Reading | Protocol) -> Block:
    code = content.contest.form
    block = _counts(code, content.counts)
    if not isinstance(content, RegionalReading | SenateReading):
        return block
    controls = [
        Line(FieldRef(row.column), "", _control_title(row), getattr(content, row.attribute), "control")
        for row in HEAD_CONTROLS[code]
    ]
    return Block(block.title, (*block.lines, *controls))


def _counts(form: str, values: Sequence[int | None]) -> Block:
    lines = [
        Line(FieldRef(row.column), str(number), t(f"form.row.{row.column}"), value, "count", row.width)
        for number, (row, value) in enumerate(zip(COUNTS, values, strict=True), 1)
    ]
    return Block(t(f"form.head.{form}"), tuple(lines))


def _votes(number: int | None, value: int | None) -> Line:
    return Line(FieldRef("POC_HLASU", number), "", t("form.row.POC_HLASU"), value, "votes", VOTES.width)


def _preference(
    number: int | None,
    box: int,
    value: int | None,
    candidates: Mapping[int, Candidate],
    kind: str = "preference",
) -> Line:
    found = candidates.get(box)
    title = person(found) if found else t("form.unknown_candidate")
    page = 2 if number is not None and box in PAGES[1] else 1
    return Line(
        FieldRef("HLASY", number, box), str(box), title, value, kind, PREFERENCE.width, page, bool(found)
    )


def _sheet(sheet: SheetStated | Sheet, lists: Mapping[int, tuple[str, Mapping[int, Candidate]]]) -> Block:
    number = sheet.list_number
    name, candidates = lists.get(number or 0, (t("form.unknown_list"), {}))
    preferences = tuple(_preference(number, box, value, candidates) for box, value in sheet.preferences)
    controls = (
        tuple(
            Line(
                FieldRef(row.column, number),
                "",
                _control_title(row),
                getattr(sheet, row.attribute),
                "control",
            )
            for row in SHEET_CONTROLS
        )
        if isinstance(sheet, SheetStated)
        else ()
    )  # fmt: skip
    return Block(name, (_votes(number, sheet.votes), *preferences, *controls), number, sheet.votes)


def _senate(content: Reading | Protocol, reference: Reference) -> Block:
    assert not isinstance(content, RegionalReading | RegionalProtocol)
    votes: dict[int, int | None] = dict(content.votes)
    blank = None if isinstance(content, SenateReading) else 0
    return _candidates(content.senate_district, content.round, votes, blank, reference)


def _candidates(
    senate_district: int | None,
    round_: int,
    votes: Mapping[int, int | None],
    blank: int | None,
    reference: Reference,
) -> Block:
    """The candidates of T/5, in round 2 the finalists, and whoever else has a number stated."""
    district = reference.senate_districts.get(senate_district or 0)
    candidates = dict(district.candidates) if district else {}
    if district and round_ == 2 and district.finalists:
        candidates = {number: candidates[number] for number in district.finalists if number in candidates}
    lines = tuple(
        _preference(None, number, votes.get(number, blank), candidates, "votes")
        for number in sorted({*candidates, *votes})
    )
    return Block(t("form.senate_votes"), lines)


def _lists_of(
    content: RegionalReading | RegionalProtocol, reference: Reference
) -> Mapping[int, tuple[str, Mapping[int, Candidate]]]:
    precinct = reference.precincts.get(content.precinct)
    region = reference.regions.get(precinct.region or 0) if precinct else None
    if region is None:
        return {}
    return {number: (found.name, found.candidates) for number, found in region.lists.items()}


def _control_title(row: FormRow) -> str:
    if row.column == "POSL_KAND":
        return t("form.row.POSL_KAND")
    return t("form.control", column=row.column)


def find(form: Form, field: FieldRef) -> tuple[int, int] | None:
    """Where a field stands: (block, line). One that is on no row leads to the nearest: its list's votes."""
    nearest: tuple[int, int] | None = None
    for b, block in enumerate(form.blocks):
        for i, line in enumerate(block.lines):
            if line.field == field:
                return b, i
            near = line.field.list_number == field.list_number
            if nearest is None and near and (field.list_number or line.field.name == field.name):
                nearest = b, i
    return nearest


def fields_at(form: Form, fields: Sequence[FieldRef]) -> frozenset[tuple[int, int]]:
    """The rows of several fields."""
    return frozenset(place for place in (find(form, field) for field in fields) if place)
