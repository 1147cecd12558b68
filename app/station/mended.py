"""A stated form after the commission changed figures on its paper: the pure part of mending.

The changed figures go in and OPRAVA is raised. A stated control number follows the figures only when it
was right before, or is right now: one that was wrong and still is stays as it was stated, so that no
mending hides a damaged file. A control number may itself be among the changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from app.election.controls import counts_control, senate_controls, sheet_base
from app.election.model import (
    MAX_LISTS,
    Counts,
    CountsStated,
    Reading,
    RegionalReading,
    SenateReading,
    SheetStated,
    Votes,
    VotesStated,
)
from app.election.verdict import FieldRef
from app.station.figures import COUNTS, sheet_stated, votes_field
from app.station.flags import flagged

Changes = Mapping[FieldRef, int | None]

#: Control numbers that may be mended: column → attribute of a reading (T/5), of a sheet (T/6).
CONTROLS: Mapping[str, str] = {
    "KC_1": "kc_1",
    "KC_2": "kc_2",
    "KC_3": "kc_3",
    "KC_4": "kc_4",
    "KC_5": "kc_5",
    "POSL_KAND": "last_candidate",
    "KC_SUM": "kc_sum",
}


def mended(reading: Reading, changes: Changes) -> Reading:
    """The reading with the changes and OPRAVA=1."""
    before = flagged(reading, corrected=True)
    if isinstance(before, RegionalReading):
        return _regional(before, changes)
    return _senate(before, changes)


def _regional(before: RegionalReading, changes: Changes) -> RegionalReading:
    counts = _counts(before.counts, changes)
    kc_2 = _followed(before.kc_2, _counts_control(before.counts), _counts_control(counts))
    base = sheet_base(
        before.precinct, before.district or 0, before.corrected or 0, before.passable_error or 0
    )
    touched = sorted({field.list_number for field in changes if field.list_number is not None})
    sheets = {s.list_number: s for s in reversed(before.sheets) if s.list_number in touched}
    for number in touched:
        empty = SheetStated(number, None, (), None, None, None, None, None, None)
        sheets[number] = _sheet(sheets.get(number, empty), number, base, changes)
    kept = [sheets.pop(sheet.list_number or 0, sheet) for sheet in before.sheets]
    kept = [sheet for sheet in (*kept, *sheets.values()) if sheet.votes or _preferred(sheet.preferences)]
    with_sheet = {sheet.list_number for sheet in kept}
    mark = before.lists_mark
    if len(mark) == MAX_LISTS:
        marks = {number: "1" if number in with_sheet else "0" for number in touched}
        mark = "".join(marks.get(position, old) for position, old in enumerate(mark, 1))
    return replace(
        before,
        counts=counts,
        kc_1=changes.get(FieldRef("KC_1"), before.kc_1),
        kc_2=changes.get(FieldRef("KC_2"), kc_2),
        lists_mark=mark,
        sheets=tuple(kept),
    )


def _sheet(before: SheetStated, number: int, base: int, changes: Changes) -> SheetStated:
    votes = changes.get(votes_field(number), before.votes)
    preferences = _votes(before.preferences, changes, number)
    was = sheet_stated(base, number, before.votes, before.preferences)
    now = sheet_stated(base, number, votes, preferences)
    controls = {
        name: changes.get(
            FieldRef(column, number),
            _followed(getattr(before, name), getattr(was, name), getattr(now, name)),
        )
        for column, name in CONTROLS.items()
        if column != "KC_1"
    }
    return SheetStated(number, votes, preferences, **controls)


def _senate(before: SenateReading, changes: Changes) -> SenateReading:
    after = replace(before, counts=_counts(before.counts, changes), votes=_votes(before.votes, changes, None))
    was, now = _senate_controls(before), _senate_controls(after)
    controls = {
        name: changes.get(FieldRef(column), _followed(getattr(before, name), was.get(name), now.get(name)))
        for column, name in CONTROLS.items()
        if name in now or FieldRef(column) in changes
    }
    return replace(after, **controls)  # type: ignore[arg-type]  # the names are the reading's own


def _senate_controls(reading: SenateReading) -> dict[str, int]:
    """The right control numbers by attribute; none while a number is blank."""
    if None in reading.counts or any(value is None for _, value in reading.votes):
        return {}
    right = senate_controls(
        reading.precinct, reading.corrected or 0, reading.passable_error or 0, reading.round,
        Counts(*cast(Counts, reading.counts)), cast(Votes, reading.votes),
    )  # fmt: skip
    return right._asdict()


def _followed(stated: int | None, was: int | None, now: int | None) -> int | None:
    """A stated control number after the change, see the module."""
    return now if stated in (None, was) else stated


def _counts(before: CountsStated, changes: Changes) -> CountsStated:
    return CountsStated(*(changes.get(f, value) for f, value in zip(COUNTS, before, strict=True)))


def _counts_control(counts: CountsStated) -> int | None:
    return None if None in counts else counts_control(Counts(*cast(Counts, counts)))


def _votes(before: VotesStated, changes: Changes, list_number: int | None) -> VotesStated:
    """Votes with the changes; on T/6 an emptied box is gone, on T/5 it is a blank."""
    after = dict(before)
    for field, value in changes.items():
        if (field.name, field.list_number) == ("HLASY", list_number) and field.candidate is not None:
            after[field.candidate] = value
    is_sheet = list_number is not None
    return tuple((number, votes) for number, votes in sorted(after.items()) if votes or not is_sheet)


def _preferred(preferences: VotesStated) -> bool:
    return any(votes != 0 for _, votes in preferences)
