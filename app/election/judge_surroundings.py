"""Judging plausibility by what the neighbours say (rules PL-02, PL-07, PL-08 and PL-10).

Without surroundings, or with too small ones, these rules say "no comparison".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from app.election.judge_numbers import ISSUED, VOTERS
from app.election.misplaced import Misplaced, misplaced_candidates, misplaced_rows
from app.election.model import Contest, CountsStated, Votes
from app.election.subject import NOTHING, UNKNOWN, Found, Subject
from app.election.surroundings import Area
from app.election.verdict import FieldRef, Params


def _around(subject: Subject) -> Area | None:
    """The neighbours' sums, where there are enough neighbours to compare with."""
    surroundings = subject.circumstances.surroundings
    if surroundings is None:
        return None
    limits, area = subject.reference.election.thresholds, surroundings.around
    return area if area.protocols >= limits.pl_07_protocols and area.votes >= limits.pl_07_around else None


def pl_02(subject: Subject) -> Found:
    """No preference overleaf, although by the neighbours' proportion there would be some."""
    around, region = _around(subject), subject.region
    if around is None or region is None or not subject.whole:
        return UNKNOWN
    limits = subject.reference.election.thresholds
    first = limits.pl_02_first_overleaf
    turned = [s for s in subject.sheets if s.controls is not None and s.controls.last_candidate >= first]
    if turned and not subject.tell_all:
        return NOTHING
    found = Found()
    overleaf = sum(n or 0 for sheet in turned for number, n in sheet.stated.preferences if number >= first)
    votes = hundredths = 0
    fields = []
    for sheet in subject.sheets:
        number = sheet.number or 0
        listed, known = region.lists.get(number), around.lists.get(number)
        if listed is None or len(listed.candidates) < first or known is None:
            continue
        votes += sheet.votes or 0
        back = sum(known.by_candidate.get(n, 0) for n in range(first, len(listed.candidates) + 1))
        hundredths += 100 * sheet.preferred * back // max(1, known.preferred - back)
        fields.append(FieldRef("HLASY", number, first))
    expected = hundredths // 100
    ok = overleaf > 0 or votes < limits.pl_02_votes or expected < limits.pl_02_expected
    if subject.tell_all or not ok:
        params: Params = (("first", str(first)), ("votes", votes))
        found.add("overleaf", tuple(fields), overleaf, expected, ok, params)
    return found


def pl_07(subject: Subject) -> Found:
    """Rows that fit the neighbours far better in another order: exchanged, or slipped by one."""
    around = _around(subject)
    if around is None:
        return UNKNOWN
    if subject.senate is not None:
        return _senate_rows(subject, around)
    region = subject.region
    if region is None or not subject.whole:
        return UNKNOWN
    sheets = {sheet.number or 0: sheet for sheet in subject.sheets}
    if not sheets.keys() <= region.lists.keys():
        return UNKNOWN  # FM-03 speaks of it
    found, limits = Found(), subject.reference.election.thresholds
    numbers = tuple(region.lists)
    votes = [(sheets[number].votes or 0) if number in sheets else 0 for number in numbers]
    misplaced = misplaced_rows(numbers, votes, sheets, around, limits)
    if misplaced is not None:
        _row_case(subject, found, misplaced, tuple(FieldRef("POC_HLASU", n) for n in misplaced.numbers))
    told = misplaced.numbers if misplaced else ()  # a sheet in another's place has odd preferences, too
    for number, sheet in sheets.items():
        if sheet.highest >= limits.pl_07_difference and number not in told:
            slip = misplaced_candidates(sheet, len(region.lists[number].candidates), around, limits)
            if slip is not None:
                _candidate_case(subject, found, slip, number)
    if subject.tell_all and not found.cases:
        found.add("fits", (), around.protocols, None, True)
    return found


def _senate_rows(subject: Subject, around: Area) -> Found:
    senate, district = subject.senate, subject.senate_district
    if senate is None or district is None or not subject.ballot_known:
        return UNKNOWN
    votes = dict(cast(Votes, senate.votes))
    second_round = senate.contest is Contest.SENATE_ROUND_2 and district.finalists
    numbers = sorted(district.finalists if second_round else district.candidates)
    if len(votes) != len(senate.votes) or not votes.keys() <= set(numbers):
        return UNKNOWN  # FM-03 or LG-09 speaks of it
    found = Found()
    given = [votes.get(number, 0) for number in numbers]
    misplaced = misplaced_rows(numbers, given, {}, around, subject.reference.election.thresholds)
    if misplaced is not None:
        _candidate_case(subject, found, misplaced, None)
    elif subject.tell_all:
        found.add("fits", (), around.protocols, None, True)
    return found


def _row_case(subject: Subject, found: Found, misplaced: Misplaced, fields: tuple[FieldRef, ...]) -> None:
    first, last = misplaced.numbers[0], misplaced.numbers[-1]
    (_, other), (_, other_name) = subject.list_params(last)
    params = (*subject.list_params(first), ("other", other), ("other_name", other_name))
    kind = misplaced.kind.replace("rows", "lists")
    _misplaced_case(found, kind, fields, misplaced, params)


def _candidate_case(subject: Subject, found: Found, misplaced: Misplaced, list_number: int | None) -> None:
    first, last = misplaced.numbers[0], misplaced.numbers[-1]
    (_, other), (_, other_name) = subject.candidate_params(last, list_number)
    params: Params = (
        *subject.candidate_params(first, list_number),
        ("other", other),
        ("other_name", other_name),
    )
    kind = misplaced.kind.replace("rows", "ballot")
    if list_number is not None:
        params, kind = (*params, *subject.list_params(list_number)), misplaced.kind.replace("rows", "sheet")
    fields = tuple(FieldRef("HLASY", list_number, number) for number in misplaced.numbers)
    _misplaced_case(found, kind, fields, misplaced, params)


def _misplaced_case(
    found: Found, kind: str, fields: tuple[FieldRef, ...], misplaced: Misplaced, params: Params
) -> None:
    (left, right), (other_left, other_right) = misplaced.first, misplaced.last
    more: Params = (("other_left", other_left), ("other_right", other_right), ("bits", misplaced.bits))
    found.add(kind, fields, left, right, False, (*params, *more))


def pl_08(subject: Subject) -> Found:
    """Registered voters and envelopes issued of the precinct's two protocols."""
    circumstances = subject.circumstances
    if not circumstances.beside and not (circumstances.surroundings and circumstances.surroundings.beside):
        return UNKNOWN
    found, compared = Found(), False
    for contest, counts in _beside(subject):
        for field, own, other in zip((VOTERS, ISSUED), subject.counts[:2], counts[:2], strict=True):
            if own is None or other is None:
                continue
            compared = True
            _alike(subject, found, contest, field, own, other)
    found.unknown = not compared
    return found


def _beside(subject: Subject) -> Iterator[tuple[Contest, CountsStated]]:
    circumstances = subject.circumstances
    accepted = circumstances.surroundings.beside if circumstances.surroundings else {}
    for contest in Contest:
        if contest is subject.contest:
            continue
        if contest in circumstances.beside:
            yield contest, circumstances.beside[contest]
        elif contest in accepted:
            yield contest, CountsStated(*accepted[contest])


def _alike(subject: Subject, found: Found, contest: Contest, field: FieldRef, own: int, other: int) -> None:
    limits, difference = subject.reference.election.thresholds, abs(own - other)
    ok = difference < limits.pl_08_least or difference <= limits.pl_08_share * max(own, other)
    if subject.tell_all or not ok:
        params: Params = (("column", field.name), ("other_form", contest.form), ("difference", difference))
        found.add("beside", (field,), own, other, ok, params)


def pl_10(subject: Subject) -> Found:
    """Exactly the votes by list (or candidate) of another precinct."""
    surroundings = subject.circumstances.surroundings
    if surroundings is None or not surroundings.by_sum:
        return UNKNOWN
    known = subject.whole if subject.senate is None else subject.ballot_known
    if not known:
        return UNKNOWN
    total = subject.ballot_total
    for sheet in subject.sheets:
        total += sheet.votes or 0
    others = surroundings.by_sum.get(total, ())
    twin = None
    if others and total >= subject.reference.election.thresholds.pl_10_votes:
        votes = _votes(subject)
        twin = next((precinct for precinct, theirs in others if theirs == votes), None)
    found = NOTHING
    if twin is not None or subject.tell_all:
        found = Found()
        place = (FieldRef("OBEC"), FieldRef("OKRSEK"))
        here, there = str(subject.reading.precinct), str(twin) if twin else None
        found.add("same" if twin else "other", place, here, there, not twin, (("votes", total),))
    return found


def _votes(subject: Subject) -> Votes:
    """(number, votes) of every list or candidate with votes, ascending."""
    if subject.senate is not None:
        stated = cast(Votes, subject.senate.votes)
    else:
        stated = tuple((sheet.number or 0, sheet.votes or 0) for sheet in subject.sheets)
    return tuple(sorted(each for each in stated if each[1]))
