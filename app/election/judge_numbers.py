"""Judging the numbers: their logic (rules LG) and the control numbers (rules KC)."""

from __future__ import annotations

from typing import cast

from app.election.complete import COUNT_COLUMNS
from app.election.controls import FIRST_PART, SenateControls, counts_control, senate_controls
from app.election.model import Counts, Votes
from app.election.subject import Found, Subject
from app.election.verdict import FieldRef, Params

VOTERS, ISSUED, RETURNED, VALID = (FieldRef(column) for column, _ in COUNT_COLUMNS)
_COUNTS = (VOTERS, ISSUED, RETURNED, VALID)


def _no_more(subject: Subject, kind: str, left: int, right: int) -> Found:
    """Count number `left` is not higher than count number `right`."""
    lower, upper = subject.counts[left], subject.counts[right]
    if lower is None or upper is None:
        return Found(unknown=True)
    found = Found()
    if subject.tell_all or lower > upper:
        found.add(kind, (_COUNTS[left], _COUNTS[right]), lower, upper, lower <= upper)
    return found


def lg_01(subject: Subject) -> Found:
    return _no_more(subject, "issued", 1, 0)


def lg_02(subject: Subject) -> Found:
    return _no_more(subject, "returned", 2, 1)


def lg_03(subject: Subject) -> Found:
    return _no_more(subject, "valid", 3, 2)


def lg_04(subject: Subject) -> Found:
    issued = subject.counts[1]
    found = Found(unknown=issued is None)
    if issued == 0 or (issued is not None and subject.tell_all):
        found.add("issued", (ISSUED,), issued, 0, issued > 0)
    return found


def lg_05(subject: Subject) -> Found:
    valid = subject.counts[3]
    total = 0
    known = valid is not None and subject.ballot_known
    for sheet in subject.sheets:
        if sheet.votes is None:
            known = False
        else:
            total += sheet.votes
    if not known:
        return Found(unknown=True)
    found = Found()
    total += subject.ballot_total
    if subject.tell_all or total != valid:
        kind = "lists" if subject.senate is None else "candidates"
        column = "POC_HLASU" if subject.senate is None else "HLASY"
        difference: Params = (("difference", abs(total - (valid or 0))),)
        found.add(kind, (VALID, FieldRef(column)), total, valid, total == valid, difference)
    return found


def lg_06(subject: Subject) -> Found:
    found = Found()
    for sheet in subject.sheets:
        votes, number = sheet.votes, sheet.number
        if sheet.controls is None or votes is None or number is None:
            found.unknown = True
        elif sheet.highest > votes:
            for candidate, given in cast(Votes, sheet.stated.preferences):
                if given > votes:
                    _preference(subject, found, number, candidate, given, votes)
        elif subject.tell_all and sheet.highest:
            preferences = cast(Votes, sheet.stated.preferences)
            candidate = next(number for number, given in preferences if given == sheet.highest)
            _preference(subject, found, number, candidate, sheet.highest, votes)
    return found


def _preference(
    subject: Subject, found: Found, list_number: int, candidate: int, given: int, votes: int
) -> None:
    fields = (FieldRef("HLASY", list_number, candidate), FieldRef("POC_HLASU", list_number))
    params = (*subject.candidate_params(candidate, list_number), *subject.list_params(list_number))
    found.add("preference", fields, given, votes, given <= votes, params)


def lg_07(subject: Subject) -> Found:
    found = Found()
    most = subject.reference.election.rules.preferences_per_ballot
    for sheet in subject.sheets:
        votes, number = sheet.votes, sheet.number
        if sheet.controls is None or votes is None or number is None:
            found.unknown = True
        elif sheet.preferred > most * votes or subject.tell_all:
            fields = (FieldRef("HLASY", number), FieldRef("POC_HLASU", number))
            params = (*subject.list_params(number), ("per_ballot", most), ("votes", votes))
            ok = sheet.preferred <= most * votes
            found.add("sum", fields, sheet.preferred, most * votes, ok, params)
    return found


def lg_09(subject: Subject) -> Found:
    """A finalist may have no vote in one precinct; anybody else must have none."""
    senate, district = subject.senate, subject.senate_district
    if senate is None or district is None or not district.finalists:
        return Found(unknown=True)
    found = Found(unknown=not subject.ballot_known)
    finalists = district.finalists
    named: Params = (("finalists", ", ".join(map(str, finalists))),)
    for candidate, given in senate.votes:
        if candidate not in district.candidates:
            found.unknown = True  # FM-03 speaks of it
        elif candidate in finalists:
            if subject.tell_all:
                params = (*subject.candidate_params(candidate, None), *named)
                found.add("votes", (FieldRef("HLASY", None, candidate),), given, None, True, params)
        elif given:
            params = (*subject.candidate_params(candidate, None), *named)
            found.add("votes", (FieldRef("HLASY", None, candidate),), given, 0, False, params)
    return found


def _compare(
    subject: Subject, found: Found, field: FieldRef, stated: int | None, right: int, params: Params
) -> None:
    found.add("control", (field,), stated, right, stated == right, (("column", field.name), *params))


def _on_sheet(subject: Subject, number: int | None) -> Params:
    (_, text), (_, name) = subject.list_params(number or 0)
    return (("where", f" u listiny č. {text}{name}"), ("where_en", f" of list {text}{name}"))


_ON_FORM: Params = (("where", ""), ("where_en", ""))


def _senate_controls(subject: Subject) -> SenateControls | None:
    """T/5's control numbers recomputed; None when a number they need cannot be used."""
    senate = subject.senate
    if senate is None or None in subject.counts or not subject.ballot_known:
        return None
    return senate_controls(
        senate.precinct,
        subject.corrected or 0,
        subject.passable_error or 0,
        senate.round,
        Counts(*cast(Counts, subject.counts)),
        cast(Votes, senate.votes),
        senate.form_type if senate.form_type is not None else FIRST_PART,
    )


def _sheet_control(subject: Subject, found: Found, column: str, stated_at: int, right_at: int) -> None:
    """Compare one control number of every sheet; positions are those in `SheetStated` and `SheetControls`."""
    tell_all = subject.tell_all
    if subject.controls_agree and not tell_all:
        return
    for sheet in subject.sheets:
        controls = sheet.controls
        if controls is None:
            found.unknown = True
            continue
        stated, right = cast("int | None", sheet.stated[stated_at]), controls[right_at]
        if stated != right or tell_all:
            field = FieldRef(column, sheet.number)
            _compare(subject, found, field, stated, right, _on_sheet(subject, sheet.number))


def _senate_control(subject: Subject, found: Found, columns: tuple[tuple[str, str], ...]) -> None:
    senate = subject.senate
    controls = _senate_controls(subject)
    if senate is None or controls is None:
        found.unknown = True
        return
    for column, name in columns:
        stated, right = getattr(senate, name), getattr(controls, name)
        if stated != right or subject.tell_all:
            _compare(subject, found, FieldRef(column), stated, right, _ON_FORM)


def kc_01(subject: Subject) -> Found:
    found = Found()
    if subject.regional is None:
        _senate_control(subject, found, (("KC_2", "kc_2"),))
        return found
    if None in subject.counts:
        found.unknown = True
    else:
        stated, right = subject.regional.kc_2, counts_control(Counts(*cast(Counts, subject.counts)))
        if stated != right or subject.tell_all:
            _compare(subject, found, FieldRef("KC_2"), stated, right, _ON_FORM)
    _sheet_control(subject, found, "KC_2", 3, 0)
    return found


def kc_02(subject: Subject) -> Found:
    found = Found()
    if subject.regional is None:
        _senate_control(subject, found, (("KC_3", "kc_3"), ("KC_4", "kc_4")))
        return found
    _sheet_control(subject, found, "KC_3", 4, 1)
    _sheet_control(subject, found, "KC_4", 5, 2)
    _sheet_control(subject, found, "KC_5", 6, 3)
    return found


def kc_03(subject: Subject) -> Found:
    found = Found()
    if subject.regional is None:
        _senate_control(subject, found, (("POSL_KAND", "last_candidate"),))
    else:
        _sheet_control(subject, found, "POSL_KAND", 7, 4)
    return found


def kc_04(subject: Subject) -> Found:
    found = Found()
    if subject.regional is not None:
        if subject.sum_known or not subject.sheets:
            _sheet_control(subject, found, "KC_SUM", 8, 5)
        else:
            found.unknown = True
    elif subject.corrected is None or subject.passable_error is None or subject.reading.form_type is None:
        found.unknown = True
    else:
        _senate_control(subject, found, (("KC_SUM", "kc_sum"),))
    return found


def kc_05(subject: Subject) -> Found:
    """The four counts and the votes as the clerk typed them from the signed paper."""
    retyped = subject.circumstances.retyped
    if retyped is None:
        return Found(unknown=True)
    found = Found()
    for field, stated, typed in zip(_COUNTS, subject.counts, retyped.counts, strict=True):
        if stated is None or typed is None:
            found.unknown = True
        elif stated != typed or subject.tell_all:
            found.add("count", (field,), stated, typed, stated == typed, (("column", field.name),))
    in_file = _votes_stated(subject)
    if in_file is None:
        found.unknown = True  # FM-01 speaks of what cannot be used
        return found
    on_paper = dict(retyped.votes)
    for number in sorted(in_file.keys() | on_paper.keys()):
        stated, typed = in_file.get(number, 0), on_paper.get(number, 0)
        if stated is None or typed is None:
            found.unknown = True
        elif stated != typed or subject.tell_all:
            _retyped_votes(subject, found, number, stated, typed)
    return found


def _votes_stated(subject: Subject) -> dict[int, int | None] | None:
    """Votes by list or candidate; None when it is not known whose some of them are."""
    if subject.senate is not None:
        return dict(subject.senate.votes) if subject.ballot_known else None
    votes = subject.votes_by_list
    return {n: given for n, given in votes if n is not None} if all(n is not None for n, _ in votes) else None


def _retyped_votes(subject: Subject, found: Found, number: int, stated: int, typed: int) -> None:
    if subject.senate is None:
        field, kind, params = FieldRef("POC_HLASU", number), "list", subject.list_params(number)
    else:
        field, kind = FieldRef("HLASY", None, number), "candidate"
        params = subject.candidate_params(number, None)
    found.add(kind, (field,), stated, typed, stated == typed, params)
