"""The figures of a form by their fields: out of whatever has them, and from fields to a reading.

A field's figure is what the paper says in one box. An empty preference box of T/6 means no preferential
vote and a list without a sheet means no votes, so there a blank and a zero are one figure; everywhere
else a blank is no zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from app.election.complete import COUNT_COLUMNS, MOST_VOTES
from app.election.controls import (
    FIRST_PART,
    counts_control,
    kc_1,
    lists_mark,
    preference_controls,
    senate_controls,
    sheet_base,
    sheet_controls,
)
from app.election.model import (
    MAX_PREFERENCES,
    Contest,
    Counts,
    CountsStated,
    Protocol,
    ProtocolKey,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateReading,
    SheetStated,
    Votes,
    VotesStated,
)
from app.election.reference import Reference
from app.election.verdict import FieldRef

#: The four counts that every form begins with.
COUNTS = tuple(FieldRef(column) for column, _ in COUNT_COLUMNS)
_MOST = {FieldRef(column): most for column, most in COUNT_COLUMNS}

Figures = Mapping[FieldRef, int | None]


def votes_field(list_number: int | None) -> FieldRef:
    """Votes of a list (T/6)."""
    return FieldRef("POC_HLASU", list_number)


def box(list_number: int | None, candidate: int) -> FieldRef:
    """A preference box (T/6); a candidate's row without a list (T/5)."""
    return FieldRef("HLASY", list_number, candidate)


def most(field: FieldRef) -> int:
    """The highest number that fits into the field's boxes."""
    return _MOST.get(field, MOST_VOTES)


def form_fields(key: ProtocolKey, reference: Reference) -> tuple[FieldRef, ...]:
    """All fields of a precinct's form in the order of the paper; only the counts where it is unknown."""
    precinct = reference.precincts.get(key.precinct)
    fields = list(COUNTS)
    if precinct is None:
        return COUNTS
    if key.contest.is_senate:
        district = reference.senate_districts.get(precinct.senate_district or 0)
        if district is not None:
            finalists = district.finalists if key.contest is Contest.SENATE_ROUND_2 else ()
            fields += [box(None, number) for number in sorted(finalists or district.candidates)]
        return tuple(fields)
    region = reference.regions.get(precinct.region or 0)
    for number in sorted(region.lists) if region else ():
        fields.append(votes_field(number))
        fields += [box(number, candidate) for candidate in range(1, MAX_PREFERENCES + 1)]
    return tuple(fields)


def order(field: FieldRef) -> tuple[int, int, int]:
    """Sorts fields as the paper has them."""
    if field in _MOST:
        return COUNTS.index(field), 0, 0
    return len(COUNTS), field.list_number or 0, field.candidate or 0


def mandatory_blanks(key: ProtocolKey, values: Figures, fields: Iterable[FieldRef]) -> tuple[FieldRef, ...]:
    """Fields of the form that no paper leaves blank, and that are: the counts, the candidates of T/5, and
    the votes of a list with a preference."""
    blank = [field for field in COUNTS if values.get(field) is None]
    if key.contest.is_senate:
        return tuple(blank + [f for f in fields if f.name == "HLASY" and values.get(f) is None])
    preferred = {field.list_number for field, value in values.items() if value and field.name == "HLASY"}
    lists = sorted(number for number in preferred if number is not None)
    return tuple(blank + [f for f in map(votes_field, lists) if values.get(f) is None])


def normal(key: ProtocolKey, field: FieldRef, value: int | None) -> int | None:
    """The figure that a value means: on T/6 beyond the counts a blank is 0, see the module."""
    return 0 if value is None and field not in _MOST and not key.contest.is_senate else value


def normalised(key: ProtocolKey, values: Figures) -> dict[FieldRef, int | None]:
    """All figures, those that are 0 on T/6 beyond the counts left out."""
    meant = {field: normal(key, field, value) for field, value in values.items()}
    if key.contest.is_senate:
        return meant
    return {field: value for field, value in meant.items() if value != 0 or field in _MOST}


def figures(content: Reading | Protocol) -> dict[FieldRef, int | None]:
    """The figures of a reading or a protocol, in the order in which it has them."""
    found: dict[FieldRef, int | None] = dict(zip(COUNTS, content.counts, strict=True))
    if isinstance(content, RegionalReading | RegionalProtocol):
        for sheet in content.sheets:
            found[votes_field(sheet.list_number)] = sheet.votes
            found.update((box(sheet.list_number, number), votes) for number, votes in sheet.preferences)
    else:
        found.update((box(None, number), votes) for number, votes in content.votes)
    return found


def reading_of(key: ProtocolKey, values: Figures, reference: Reference, *, corrected: bool) -> Reading:
    """What the figures state, control numbers right where they can be computed, CHYBA not raised."""
    counts = CountsStated(*(values.get(field) for field in COUNTS))
    precinct = reference.precincts[key.precinct]
    election = reference.election
    if key.contest.is_senate:
        return _senate(key, counts, values, reference, corrected)
    sheets = _sheets(key, values, precinct.district, int(corrected))
    return RegionalReading(
        election=election.code,
        precinct=key.precinct,
        district=precinct.district,
        form_type=FIRST_PART,
        form_version=election.rules.form_version,
        corrected=int(corrected),
        passable_error=0,
        kc_1=kc_1(key.precinct),
        counts=counts,
        kc_2=None if None in counts else counts_control(Counts(*cast(Counts, counts))),
        lists_mark=lists_mark(number for number, *_ in sheets if number is not None),
        sheets=sheets,
    )


def _senate(
    key: ProtocolKey, counts: CountsStated, values: Figures, reference: Reference, corrected: bool
) -> SenateReading:
    precinct, round_ = reference.precincts[key.precinct], key.contest.round
    votes = tuple((f.candidate, values.get(f)) for f in form_fields(key, reference) if f.candidate)
    full = None not in counts and all(value is not None for _, value in votes)
    right = (
        senate_controls(
            key.precinct, int(corrected), 0, round_, Counts(*cast(Counts, counts)), cast(Votes, votes)
        )
        if full
        else None
    )
    return SenateReading(
        election=reference.election.code,
        precinct=key.precinct,
        district=precinct.district,
        form_type=FIRST_PART,
        form_version=reference.election.rules.form_version,
        corrected=int(corrected),
        passable_error=0,
        kc_1=kc_1(key.precinct),
        senate_district=precinct.senate_district,
        round=round_,
        counts=counts,
        votes=votes,
        kc_2=right and right.kc_2,
        kc_3=right and right.kc_3,
        kc_4=right and right.kc_4,
        last_candidate=right and right.last_candidate,
        kc_sum=right and right.kc_sum,
    )


def _sheets(key: ProtocolKey, values: Figures, district: int, corrected: int) -> tuple[SheetStated, ...]:
    """A sheet for each list that has votes or a preference."""
    preferences: dict[int, list[tuple[int, int | None]]] = {}
    votes: dict[int, int | None] = {}
    for (name, number, candidate), value in values.items():
        if number is None or not value:
            continue
        if name == "POC_HLASU":
            votes[number] = value
        elif candidate is not None:
            preferences.setdefault(number, []).append((candidate, value))
    base = sheet_base(key.precinct, district, corrected, 0)
    return tuple(
        sheet_stated(
            base,
            number,
            votes.get(number, values.get(votes_field(number))),
            tuple(sorted(preferences.get(number, ()))),
        )
        for number in sorted(votes.keys() | preferences.keys())
    )


def sheet_stated(base: int, number: int, votes: int | None, preferences: VotesStated) -> SheetStated:
    """A sheet with its control numbers right; without them while a number is blank."""
    if votes is None or any(value is None for _, value in preferences):
        return SheetStated(number, votes, preferences, None, None, None, None, None, None)
    right = sheet_controls(base, number, votes, *preference_controls(cast(Votes, preferences)))
    return SheetStated(number, votes, preferences, *right)
