"""Judging the form: is everything there, once, and registered (rules FM)."""

from __future__ import annotations

from collections.abc import Mapping

from app.election.circumstances import Signatures
from app.election.complete import COUNT_COLUMNS, MOST_VOTES
from app.election.model import MAX_LISTS, VotesStated
from app.election.reference import Candidate
from app.election.subject import Found, Sheet, Subject
from app.election.verdict import FieldRef, Params

_MARK = FieldRef("ZAKRSTRANA")
_IN_PART_1: Params = (("where", ""), ("where_en", ""))


def fm_01(subject: Subject) -> Found:
    """Every count is there, not negative, not wider than its column; flags are 0 or 1."""
    found = Found()
    reading, tell_all = subject.reading, subject.tell_all
    for column, value, clean, (_, most) in zip(
        _COUNT_FIELDS, reading.counts, subject.counts, COUNT_COLUMNS, strict=True
    ):
        if clean is None or tell_all:
            _number(found, column, value, most, _IN_PART_1)
    if subject.corrected is None:
        _number(found, FieldRef("OPRAVA"), reading.corrected, 1, _IN_PART_1)
    if subject.passable_error is None:
        _number(found, FieldRef("CHYBA"), reading.passable_error, 1, _IN_PART_1)
    for order, sheet in enumerate(subject.sheets, 1):
        if sheet.controls is None or tell_all:
            _sheet_numbers(subject, found, sheet, order)
    if not subject.ballot_known and subject.senate is not None:
        _votes(found, subject.senate.votes, None, _IN_PART_1)
    return found


_COUNT_FIELDS = tuple(FieldRef(column) for column, _ in COUNT_COLUMNS)


def _sheet_numbers(subject: Subject, found: Found, sheet: Sheet, order: int) -> None:
    stated, number = sheet.stated, sheet.number
    if number is None:
        where: Params = (("where", f" na {order}. listu"), ("where_en", f" on sheet {order}"))
        _number(found, FieldRef("KSTRANA", stated.list_number), stated.list_number, MAX_LISTS, where, least=1)
    else:
        (_, _), (_, name) = subject.list_params(number)
        where = (("where", f" u listiny č. {number}{name}"), ("where_en", f" of list {number}{name}"))
    if sheet.votes is None or subject.tell_all:
        _number(found, FieldRef("POC_HLASU", stated.list_number), stated.votes, MOST_VOTES, where)
    if not sheet.preferences_known:
        _votes(found, stated.preferences, stated.list_number, where)


def _votes(found: Found, votes: VotesStated, list_number: int | None, where: Params) -> None:
    for candidate, value in votes:
        if value is None or not 0 <= value <= MOST_VOTES:
            _number(found, FieldRef("HLASY", list_number, candidate), value, MOST_VOTES, where)


def _number(
    found: Found, field: FieldRef, value: int | None, most: int, where: Params, least: int = 0
) -> None:
    kind, ok = "number", False
    if value is None:
        kind = "blank"
    elif value < 0:
        kind = "negative"
    elif not least <= value <= most:
        kind = "wide"
    else:
        ok = True
    column = field.name if field.candidate is None else f"{field.name}_{field.candidate:02d}"
    params: Params = (("column", column), ("least", least), *where)
    found.add(kind, (field,), value, most, ok, params)


def fm_02(subject: Subject) -> Found:
    """Sheets and marks say the same; each list has one sheet."""
    regional = subject.regional
    assert regional is not None
    found = Found()
    mark = regional.lists_mark
    well_formed = len(mark) == MAX_LISTS and not mark.strip("01")
    if not well_formed:
        count = len(mark) if len(mark) != MAX_LISTS else mark.count("0") + mark.count("1")
        found.add("mark", (_MARK,), mark or None, MAX_LISTS, False, (("count", count),))
    numbers = [sheet.number for sheet in subject.sheets]
    known = [number for number in numbers if number is not None]
    if len(known) != len(numbers):
        found.unknown = True  # FM-01 speaks of the sheet without a list number
    with_sheet = set(known)
    if len(with_sheet) != len(known):
        for number in sorted(number for number in with_sheet if known.count(number) > 1):
            field = FieldRef("KSTRANA", number)
            found.add("twice", (field,), known.count(number), 1, False, subject.list_params(number))
    if well_formed and not found.unknown:
        _compare_marks(subject, found, mark, with_sheet)
    return found


def _compare_marks(subject: Subject, found: Found, mark: str, with_sheet: set[int]) -> None:
    agreed = mark.count("1") == len(with_sheet) == len([n for n in with_sheet if mark[n - 1] == "1"])
    if agreed and not subject.tell_all:
        return
    for number in range(1, MAX_LISTS + 1):
        marked, has_sheet = mark[number - 1] == "1", number in with_sheet
        if marked == has_sheet and not (marked and subject.tell_all):
            continue
        kind = "sheet" if marked == has_sheet else "no_sheet" if marked else "no_mark"
        fields = (_MARK, FieldRef("KSTRANA", number))
        left, right = int(marked), int(has_sheet)
        found.add(kind, fields, left, right, marked == has_sheet, subject.list_params(number))


def fm_03(subject: Subject) -> Found:
    """Numbers of lists and candidates are those registered, and no candidate is there twice."""
    found = Found()
    if subject.reading.election != subject.reference.election.code:
        found.unknown = True  # another election's lists; ID-03 speaks of it
    elif subject.regional is not None:
        _registered_lists(subject, found)
    elif subject.senate is not None:
        if subject.senate_district is None:
            found.unknown = True
        else:
            _registered(subject, found, subject.senate.votes, subject.senate_district.candidates, None)
    return found


def _registered_lists(subject: Subject, found: Found) -> None:
    if subject.region is None:
        found.unknown = True  # ID-02 or ID-03 speaks of the precinct
        return
    lists = subject.region.lists
    for sheet in subject.sheets:
        number = sheet.number
        if number is None:
            found.unknown = True
            continue
        listed = lists.get(number)
        if listed is None:
            params = (*subject.list_params(number), ("region", subject.region.name))
            found.add("list", (FieldRef("KSTRANA", number),), str(number), None, False, params)
        else:
            _registered(subject, found, sheet.stated.preferences, listed.candidates, number)


def _registered(
    subject: Subject,
    found: Found,
    votes: VotesStated,
    candidates: Mapping[int, Candidate],
    list_number: int | None,
) -> None:
    if not _ascending_within(votes, candidates):
        _strange_candidates(subject, found, votes, candidates, list_number)
    elif subject.tell_all:
        highest, last = max((number for number, _ in votes), default=0), max(candidates, default=0)
        field = FieldRef("HLASY", list_number)
        found.add("registered", (field,), highest, last, True, _of_list(subject, list_number))


def _ascending_within(votes: VotesStated, candidates: Mapping[int, Candidate]) -> bool:
    """The usual case, quickly: every number is registered and higher than the one before."""
    last = 0
    for number, _ in votes:
        if number <= last or number not in candidates:
            return False
        last = number
    return True


def _strange_candidates(
    subject: Subject,
    found: Found,
    votes: VotesStated,
    candidates: Mapping[int, Candidate],
    list_number: int | None,
) -> None:
    numbers = [number for number, _ in votes]
    of_list = _of_list(subject, list_number)
    for number in sorted(set(numbers)):
        field = FieldRef("HLASY", list_number, number)
        params = (*subject.candidate_params(number, list_number), *of_list)
        if number not in candidates:
            found.add("candidate", (field,), number, max(candidates, default=0), False, params)
        elif numbers.count(number) > 1:
            found.add("candidate_twice", (field,), numbers.count(number), 1, False, params)


def _of_list(subject: Subject, list_number: int | None) -> Params:
    if list_number is None:
        return (("of_list", ""), ("of_list_en", ""))
    (_, number), (_, name) = subject.list_params(list_number)
    return (("of_list", f" na listině č. {number}{name}"), ("of_list_en", f" on list {number}{name}"))


def fm_04(subject: Subject) -> Found:
    found = Found()
    for sheet in subject.sheets:
        if sheet.number is None or sheet.votes is None:
            found.unknown = True
        elif sheet.votes == 0 or subject.tell_all:
            field = FieldRef("POC_HLASU", sheet.number)
            found.add("votes", (field,), sheet.votes, 0, sheet.votes > 0, subject.list_params(sheet.number))
    return found


def fm_05(subject: Subject) -> Found:
    signed = subject.circumstances.signatures
    found = Found(unknown=signed is None)
    if signed is not None and (subject.tell_all or not signed.complete):
        kind = "annex" if signed is Signatures.ANNEX else "signatures"
        found.add(kind, (), None, None, signed.complete)
    return found
