"""Judging plausibility by the protocol and the reference data alone (rules PL-01, 03–06, 09 and LG-08).

None of these is a proof: commissions do find a list without a single preference. Where a rule has two
lines, what only crosses the first is noted and asks nobody for approval.
"""

from __future__ import annotations

from fractions import Fraction

from app.election.judge_numbers import ISSUED, RETURNED, VALID, VOTERS
from app.election.percent import rounded
from app.election.subject import NOTHING, UNKNOWN, Found, Sheet, Subject
from app.election.verdict import FieldRef, Params


def lg_08(subject: Subject) -> Found:
    """Votes of candidates whose candidacy ended (PLATNOST = N). They stand in the protocol all the same."""
    if subject.senate is not None:
        return _withdrawn_on_ballot(subject)
    if subject.region is None or not subject.whole:
        return UNKNOWN
    withdrawn = subject.reference.invalid_candidates[subject.region.number]
    if not withdrawn:
        return NOTHING
    found = Found()
    for sheet in subject.sheets:
        of_list = withdrawn.get(sheet.number or 0)
        if of_list:
            given = dict(sheet.stated.preferences)
            for number in of_list:
                _no_longer_valid(subject, found, given.get(number) or 0, number, sheet.number)
    return found


def _withdrawn_on_ballot(subject: Subject) -> Found:
    if subject.senate is None or subject.senate_district is None or not subject.ballot_known:
        return UNKNOWN
    found, votes = Found(), dict(subject.senate.votes)
    for number, candidate in subject.senate_district.candidates.items():
        if not candidate.valid:
            _no_longer_valid(subject, found, votes.get(number) or 0, number, None)
    return found


def _no_longer_valid(
    subject: Subject, found: Found, votes: int, candidate: int, list_number: int | None
) -> None:
    if not votes and not subject.tell_all:
        return
    params = subject.candidate_params(candidate, list_number)
    kind = "candidate"
    if list_number is not None:
        params, kind = (*params, *subject.list_params(list_number)), "preferences"
    noted = votes < subject.reference.election.thresholds.lg_08_votes
    field = FieldRef("HLASY", list_number, candidate)
    found.add(kind, (field,), votes, 0, not votes, params, noted)


def pl_01(subject: Subject) -> Found:
    """A list with many votes and not one preference, where the neighbours' voters give them."""
    if not subject.whole:
        return UNKNOWN
    least, found = subject.reference.election.thresholds.pl_01_votes, Found()
    for sheet in subject.sheets:
        votes = sheet.votes or 0
        if votes < least:
            continue
        if not sheet.preferred:
            _without_preferences(subject, found, sheet, votes)
        elif subject.tell_all:
            _preferred(subject, found, sheet, sheet.preferred, votes, "some", True, ())
    return found


def _without_preferences(subject: Subject, found: Found, sheet: Sheet, votes: int) -> None:
    """Noted only, when the neighbours' voters give this list few preferences as well."""
    limits, surroundings = subject.reference.election.thresholds, subject.circumstances.surroundings
    known = surroundings.around.lists.get(sheet.number or 0) if surroundings else None
    if known is None or known.votes < limits.pl_01_votes:
        _preferred(subject, found, sheet, 0, votes, "none", False, ())
        return
    expected = votes * known.preferred // known.votes
    few = expected < limits.pl_01_expected
    _preferred(subject, found, sheet, 0, expected, "none_here", False, (("votes", votes),), few)


def _preferred(
    subject: Subject,
    found: Found,
    sheet: Sheet,
    left: int,
    right: int,
    kind: str,
    ok: bool,
    params: Params,
    noted: bool = False,
) -> None:
    number = sheet.number or 0
    fields = (FieldRef("HLASY", number), FieldRef("POC_HLASU", number))
    found.add(kind, fields, left, right, ok, (*subject.list_params(number), *params), noted)


def _below(part: int, share: Fraction, whole: int) -> bool:
    return part * share.denominator < share.numerator * whole


def _above(part: int, share: Fraction, whole: int) -> bool:
    return part * share.denominator > share.numerator * whole


def pl_03(subject: Subject) -> Found:
    """Envelopes returned that gave no valid vote."""
    _, _, returned, valid = subject.counts
    if returned is None or valid is None or valid > returned:
        return UNKNOWN  # FM-01 or LG-03 speaks of it
    limits, invalid = subject.reference.election.thresholds, returned - valid
    if returned < limits.pl_03_from_returned:
        return NOTHING
    found, unusual = NOTHING, _above(invalid, limits.pl_03_share, returned)
    if unusual or subject.tell_all:
        found = Found()
        noted = invalid < limits.pl_03_least
        strong = not noted and _above(invalid, limits.pl_03_strong_share, returned)
        params: Params = (("share", rounded(invalid, returned)), ("strong", int(strong)))
        kind = "strong" if strong else "invalid"
        found.add(kind, (RETURNED, VALID), invalid, returned, not unusual, params, noted)
    return found


def pl_04(subject: Subject) -> Found:
    """Envelopes that were issued and did not come back."""
    _, issued, returned, _ = subject.counts
    if issued is None or returned is None or returned > issued:
        return UNKNOWN  # FM-01 or LG-02 speaks of it
    limits, missing = subject.reference.election.thresholds, issued - returned
    found, unusual = NOTHING, missing >= limits.pl_04_missing
    if unusual or subject.tell_all:
        found = Found()
        strong = missing >= limits.pl_04_strong_missing
        params: Params = (("missing", missing), ("strong", int(strong)))
        kind = "strong" if strong else "missing"
        noted = missing < limits.pl_04_least
        found.add(kind, (ISSUED, RETURNED), issued, returned, not unusual, params, noted)
    return found


def pl_05(subject: Subject) -> Found:
    """Turnout beyond what is known from any precinct, or far from the precinct's previous one."""
    voters, issued = subject.counts[:2]
    if not voters or not issued or issued > voters:
        return UNKNOWN  # FM-01, LG-01 or LG-04 speaks of it
    found, limits = Found(), subject.reference.election.thresholds
    low, high = _below(issued, limits.pl_05_usual_from, voters), _above(issued, limits.pl_05_usual_to, voters)
    if low or high or subject.tell_all:
        beyond = _below(issued, limits.pl_05_lowest, voters) or _above(issued, limits.pl_05_highest, voters)
        kind = "low" if low else "high" if high else "usual"
        params: Params = (("share", rounded(issued, voters)),)
        found.add(kind, (ISSUED, VOTERS), issued, voters, kind == "usual", params, not beyond)
    precinct = subject.precinct
    if precinct is not None and precinct.previous_voters and precinct.previous_issued is not None:
        _turnout_before(subject, found, issued, voters, precinct.previous_issued, precinct.previous_voters)
    return found


def _turnout_before(
    subject: Subject, found: Found, issued: int, voters: int, issued_before: int, voters_before: int
) -> None:
    change = abs(Fraction(issued, voters) - Fraction(issued_before, voters_before))
    ok = change <= subject.reference.election.thresholds.pl_05_change
    if subject.tell_all or not ok:
        now, before = rounded(issued, voters), rounded(issued_before, voters_before)
        params: Params = (("share", now), ("share_before", before))
        found.add("change", (ISSUED, VOTERS), issued, voters, ok, params, True)


def pl_06(subject: Subject) -> Found:
    """More preferences for each vote of a list than voters usually give."""
    found, rules = Found(), subject.reference.election.rules
    limits = subject.reference.election.thresholds
    times, by = limits.pl_06_per_vote.as_integer_ratio()
    for sheet in subject.sheets:
        votes, number, preferred = sheet.votes, sheet.number, sheet.preferred
        if sheet.controls is None or votes is None or number is None:
            found.unknown = True
        elif votes < limits.pl_06_votes:
            continue
        elif preferred > rules.preferences_per_ballot * votes:
            found.unknown = True  # LG-07 speaks of it
        elif subject.tell_all or preferred * by > times * votes:
            ok = preferred * by <= times * votes
            noted = preferred <= limits.pl_06_approval_per_vote * votes
            fields = (FieldRef("POC_HLASU", number), FieldRef("HLASY", number))
            params: Params = (*subject.list_params(number), ("ratio", rounded(preferred, votes) // 100))
            found.add("per_vote", fields, preferred, votes, ok, params, noted)
    return found


def pl_09(subject: Subject) -> Found:
    """Registered voters against the number that the reference data expect."""
    voters, precinct = subject.counts[0], subject.precinct
    if voters is None or precinct is None or precinct.expected_voters is None:
        return UNKNOWN
    found, limits = Found(), subject.reference.election.thresholds
    expected = precinct.expected_voters
    difference = abs(voters - expected)
    ok = difference < limits.pl_09_least or difference <= limits.pl_09_share * expected
    if subject.tell_all or not ok:
        noted = difference <= limits.pl_09_approval_share * expected
        found.add("expected", (VOTERS,), voters, expected, ok, (("difference", difference),), noted)
    return found
