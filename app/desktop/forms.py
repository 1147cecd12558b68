"""The paper forms T/6 and T/5 as data: rows, their official columns, numbers on the paper and titles.

This one description drives the read-only view, the transcript and (by `Line.field`) the way from a
message to its field. It knows no Qt. Columns are those of the open data; their titles stand with the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.desktop.texts import t
from app.election.model import (
    Contest,
    Protocol,
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


@dataclass(frozen=True, slots=True)
class Line:
    """One row as shown: `value` is None for an empty box; `kind` is count, votes, preference or control."""

    field: FieldRef
    code: str
    title: str
    value: int | None
    kind: str


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


def person(candidate: Candidate) -> str:
    """A candidate's name as on a ballot: surname first, titles after."""
    name = f"{candidate.last_name} {candidate.first_name}"
    titles = ", ".join(part for part in (candidate.title_before, candidate.title_after) if part)
    return f"{name}, {titles}" if titles else name


def place(content: Reading | Protocol, reference: Reference) -> str:
    """Where the protocol comes from: municipality and precinct in words."""
    found = reference.municipalities.get(content.precinct.municipality)
    name = found.name if found else t("form.unknown_municipality", code=content.precinct.municipality)
    return t("form.place", municipality=name, precinct=content.precinct.number)


def contest_name(contest: Contest) -> str:
    return t(f"contest.long.{contest}")


def _head(content: Reading | Protocol) -> Block:
    code = content.contest.form
    lines = [
        Line(FieldRef(row.column, None, None), str(number), t(f"form.row.{row.column}"),
             getattr(content.counts, row.attribute), "count")
        for number, row in enumerate(COUNTS, 1)
    ]  # fmt: skip
    if isinstance(content, RegionalReading | SenateReading):
        lines += [
            Line(FieldRef(row.column, None, None), "", _control_title(row),
                 getattr(content, row.attribute), "control")
            for row in HEAD_CONTROLS[code]
        ]  # fmt: skip
    return Block(t(f"form.head.{code}"), tuple(lines))


def _sheet(sheet: SheetStated | Sheet, lists: Mapping[int, tuple[str, Mapping[int, Candidate]]]) -> Block:
    number = sheet.list_number
    name, candidates = lists.get(number or 0, (t("form.unknown_list"), {}))
    votes = Line(FieldRef("POC_HLASU", number, None), "", t("form.row.POC_HLASU"), sheet.votes, "votes")
    preferences = tuple(
        Line(
            FieldRef("HLASY", number, candidate),
            str(candidate),
            person(candidates[candidate]) if candidate in candidates else t("form.unknown_candidate"),
            value,
            "preference",
        )
        for candidate, value in sheet.preferences
    )
    controls = (
        tuple(
            Line(FieldRef(row.column, number, None), "", _control_title(row),
                 getattr(sheet, row.attribute), "control")
            for row in SHEET_CONTROLS
        )
        if isinstance(sheet, SheetStated)
        else ()
    )  # fmt: skip
    return Block(name, (votes, *preferences, *controls), number, sheet.votes)


def _senate(content: Reading | Protocol, reference: Reference) -> Block:
    assert not isinstance(content, RegionalReading | RegionalProtocol)
    district = reference.senate_districts.get(content.senate_district or 0)
    candidates = dict(district.candidates) if district else {}
    if district and content.round == 2 and district.finalists:
        candidates = {number: candidates[number] for number in district.finalists if number in candidates}
    votes: dict[int, int | None] = dict(content.votes)
    blank = None if isinstance(content, SenateReading) else 0
    lines = tuple(
        Line(
            FieldRef("HLASY", None, number),
            str(number),
            person(candidates[number]) if number in candidates else t("form.unknown_candidate"),
            votes.get(number, blank),
            "votes",
        )
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
