"""Faults, one for each rule: a good protocol is changed so that exactly one rule must catch it.

Each mutation takes a good reading and its circumstances and gives both with one fault in them, or
`None` where this protocol offers no place for it (no list with five candidates, say). Control
numbers are stated anew after a change, so that only the rule about the fault speaks. The table is
run on invented protocols and, where the open data are, on real ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from app.election.checks import Circumstances
from app.election.circumstances import Signatures
from app.election.complete import MOST_VOTERS, MOST_VOTES
from app.election.controls import (
    kc_1,
    lists_mark,
    preference_controls,
    sheet_base,
    sheet_controls,
)
from app.election.model import (
    MAX_LISTS,
    Counts,
    CountsStated,
    Mode,
    PrecinctId,
    RegionalReading,
    SheetStated,
    Votes,
    VotesStated,
)
from tests.support.invented_election import totals

Mutated = tuple[RegionalReading, Circumstances] | None


class Mutation(NamedTuple):
    rule_id: str
    name: str
    apply: Callable[[RegionalReading, Circumstances], Mutated]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.name}"


# --- stating anew -------------------------------------------------------------------------------------


def restated(reading: RegionalReading) -> RegionalReading:
    """All control numbers and ZAKRSTRANA right for what the (complete) reading says."""
    base = sheet_base(
        reading.precinct, reading.district or 0, reading.corrected or 0, reading.passable_error or 0
    )
    sheets = []
    for sheet in reading.sheets:
        preferences: Votes = tuple((number, given or 0) for number, given in sheet.preferences)
        right = sheet_controls(
            base, sheet.list_number or 0, sheet.votes or 0, *preference_controls(preferences)
        )
        sheets.append(SheetStated(*sheet[:3], *right))
    return replace(
        reading,
        kc_1=kc_1(reading.precinct),
        kc_2=sum(count or 0 for count in reading.counts),
        lists_mark=lists_mark(sheet.list_number or 0 for sheet in reading.sheets),
        sheets=tuple(sheets),
    )


def _both(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    """The changed protocol, restated; the paper that the clerk retypes says the same."""
    fresh = restated(reading)
    return fresh, replace(circumstances, retyped=totals(fresh))


def _counts(**changes: int | None) -> Callable[[RegionalReading, Circumstances], Mutated]:
    def apply(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
        return _both(replace(reading, counts=reading.counts._replace(**changes)), circumstances)

    return apply


def _only(**changes: object) -> Callable[[RegionalReading, Circumstances], Mutated]:
    """Change fields of part 1 and nothing else: control numbers stay as they were."""
    return lambda reading, circumstances: (replace(reading, **changes), circumstances)  # type: ignore[arg-type]


def _situation(**changes: object) -> Callable[[RegionalReading, Circumstances], Mutated]:
    return lambda reading, circumstances: (reading, replace(circumstances, **changes))  # type: ignore[arg-type]


def _with_sheet(reading: RegionalReading, at: int, sheet: SheetStated) -> RegionalReading:
    sheets = list(reading.sheets)
    sheets[at] = sheet
    return replace(reading, sheets=tuple(sheets))


def _sheet(**changes: object) -> Callable[[RegionalReading, Circumstances], Mutated]:
    """Change the last sheet and nothing else."""

    def apply(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
        if not reading.sheets:
            return None
        changed = reading.sheets[-1]._replace(**changes)  # type: ignore[arg-type]
        return _with_sheet(reading, len(reading.sheets) - 1, changed), circumstances

    return apply


def _sheet_off_by_one(field: str) -> Callable[[RegionalReading, Circumstances], Mutated]:
    def apply(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
        if not reading.sheets:
            return None
        stated = getattr(reading.sheets[0], field)
        return _with_sheet(reading, 0, reading.sheets[0]._replace(**{field: stated + 1})), circumstances

    return apply


# --- identity -----------------------------------------------------------------------------------------


def _moved(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    unknown = PrecinctId(reading.precinct.municipality, 98_765)
    return _both(replace(reading, precinct=unknown), circumstances)


def _other_district(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    return _both(replace(reading, district=(reading.district or 0) + 1), circumstances)


def _no_contest_here(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    reference = circumstances.reference
    place = replace(reference.precincts[reading.precinct], region=None)
    elsewhere = replace(reference, precincts={**reference.precincts, reading.precinct: place})
    return reading, replace(circumstances, reference=elsewhere)


def _not_this_contest(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    reference = circumstances.reference
    other = replace(reference, election=replace(reference.election, contests=()))
    return reading, replace(circumstances, reference=other)


def _other_point(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    return reading, replace(circumstances, transfer_point=(circumstances.transfer_point or 0) + 1)


# --- form ---------------------------------------------------------------------------------------------


def _odd_preference(value: int | None) -> Callable[[RegionalReading, Circumstances], Mutated]:
    def apply(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
        for at, sheet in enumerate(reading.sheets):
            if sheet.preferences:
                (number, _), *rest = sheet.preferences
                votes: VotesStated = ((number, value), *rest)
                return _with_sheet(reading, at, sheet._replace(preferences=votes)), circumstances
        return None

    return apply


def _free_list(reading: RegionalReading, circumstances: Circumstances, registered: bool) -> int | None:
    """A list number without a sheet, registered in the region or not."""
    place = circumstances.reference.precincts[reading.precinct]
    assert place.region is not None
    lists = circumstances.reference.regions[place.region].lists
    taken = {sheet.list_number for sheet in reading.sheets}
    numbers = range(1, MAX_LISTS + 1)
    return next((n for n in numbers if n not in taken and (n in lists) is registered), None)


def _unmarked(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    mark = reading.lists_mark.replace("1", "0", 1)
    return (replace(reading, lists_mark=mark), circumstances) if mark != reading.lists_mark else None


def _marked_without_sheet(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    mark = reading.lists_mark.replace("0", "1", 1)
    return replace(reading, lists_mark=mark), circumstances


def _list_twice(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    for at, sheet in enumerate(reading.sheets):
        if (sheet.votes or 0) >= 2:
            rest = sheet._replace(votes=(sheet.votes or 0) - 1, preferences=())
            one = sheet._replace(votes=1, preferences=())
            changed = _with_sheet(reading, at, rest)
            changed = restated(replace(changed, sheets=(*changed.sheets, one)))
            return changed, replace(circumstances, retyped=None)
    return None


def _unregistered_list(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    number = _free_list(reading, circumstances, registered=False)
    if number is None or not reading.sheets:
        return None
    changed = reading.sheets[0]._replace(list_number=number)
    return _both(_with_sheet(reading, 0, changed), circumstances)


def _unregistered_candidate(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    place = circumstances.reference.precincts[reading.precinct]
    assert place.region is not None
    lists = circumstances.reference.regions[place.region].lists
    for at, sheet in enumerate(reading.sheets):
        length = len(lists[sheet.list_number or 0].candidates)
        if length < 70:
            changed = sheet._replace(preferences=((length + 1, 1),))
            return _both(_with_sheet(reading, at, changed), circumstances)
    return None


def _candidate_twice(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    if not reading.sheets:
        return None
    changed = reading.sheets[0]._replace(preferences=((1, 1), (1, 1)))
    return _both(_with_sheet(reading, 0, changed), circumstances)


def _empty_sheet(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    number = _free_list(reading, circumstances, registered=True)
    if number is None:
        return None
    empty = SheetStated(number, 0, (), None, None, None, None, None, None)
    return _both(replace(reading, sheets=(*reading.sheets, empty)), circumstances)


# --- logic --------------------------------------------------------------------------------------------


def _recount(change: Callable[[Counts], Counts]) -> Callable[[RegionalReading, Circumstances], Mutated]:
    def apply(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
        counts = change(Counts(*(count or 0 for count in reading.counts)))
        if min(counts) < 0:
            return None
        return _both(replace(reading, counts=CountsStated(*counts)), circumstances)

    return apply


def _nobody_voted(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    counts = CountsStated(reading.counts.registered_voters, 0, 0, 0)
    return _both(replace(reading, counts=counts, sheets=()), circumstances)


def _too_many_for_one(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    if not reading.sheets:
        return None
    sheet = reading.sheets[0]
    changed = sheet._replace(preferences=((1, (sheet.votes or 0) + 1),))
    return _both(_with_sheet(reading, 0, changed), circumstances)


def _too_many_together(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    place = circumstances.reference.precincts[reading.precinct]
    assert place.region is not None
    lists = circumstances.reference.regions[place.region].lists
    for at, sheet in enumerate(reading.sheets):
        candidates = lists[sheet.list_number or 0].candidates
        standing = [number for number in sorted(candidates) if candidates[number].valid]
        if len(standing) >= 5:
            changed = sheet._replace(preferences=tuple((n, sheet.votes) for n in standing[:5]))
            return _both(_with_sheet(reading, at, changed), circumstances)
    return None


# --- control numbers and course -----------------------------------------------------------------------


def _other_paper(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    paper = totals(reading)
    counts = paper.counts._replace(envelopes_issued=(paper.counts.envelopes_issued or 0) + 1)
    return reading, replace(circumstances, retyped=paper._replace(counts=counts))


def _other_votes_on_paper(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    paper = totals(reading)
    return reading, replace(circumstances, retyped=paper._replace(votes=paper.votes[1:]))


def _correction(**changes: object) -> Callable[[RegionalReading, Circumstances], Mutated]:
    """A correction that is in order but for the changes."""
    flag = changes.pop("flag", 1)

    def apply(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
        course = {"revision": 2, "accepted_revision": 1, "reason": "překlep", "author": "novak", **changes}
        situation = replace(circumstances, **course)  # type: ignore[arg-type]
        return _both(replace(reading, corrected=flag), situation)  # type: ignore[arg-type]

    return apply


def _late(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    late = circumstances.reference.election.calendar.delivery_ends + timedelta(minutes=5)
    return reading, replace(circumstances, handed_over=late)


def _other_mode(reading: RegionalReading, circumstances: Circumstances) -> Mutated:
    here = circumstances.reference.election.mode
    other = Mode.LIVE if here is Mode.REHEARSAL else Mode.REHEARSAL
    return reading, replace(circumstances, document_mode=other)


REGIONAL = (
    Mutation("ID-01", "another KC_1", lambda r, c: (replace(r, kc_1=((r.kc_1 or 0) + 1) % 7), c)),
    Mutation("ID-01", "no KC_1", _only(kc_1=None)),
    Mutation("ID-02", "a precinct that does not exist", _moved),
    Mutation("ID-02", "a precinct of another transfer point", _other_point),
    Mutation("ID-03", "another election", _only(election="kz1999")),
    Mutation("ID-03", "a contest that is not held", _not_this_contest),
    Mutation("ID-03", "a contest that is not held in this precinct", _no_contest_here),
    Mutation("ID-03", "another district", _other_district),
    Mutation("ID-04", "a second protocol", _situation(accepted_revision=1)),
    Mutation("ID-06", "another form", _only(form_type=2)),
    Mutation("ID-06", "no form type", _only(form_type=None)),
    Mutation("ID-06", "another version", _only(form_version="0")),
    Mutation("FM-01", "voters blank", _counts(registered_voters=None)),
    Mutation("FM-01", "issued blank", _counts(envelopes_issued=None)),
    Mutation("FM-01", "returned blank", _counts(envelopes_returned=None)),
    Mutation("FM-01", "valid blank", _counts(valid_votes=None)),
    Mutation("FM-01", "voters too wide", _counts(registered_voters=MOST_VOTERS + 1)),
    Mutation("FM-01", "a negative count", _counts(valid_votes=-1)),
    Mutation("FM-01", "votes of a list blank", _sheet(votes=None)),
    Mutation("FM-01", "votes of a list too wide", _sheet(votes=MOST_VOTES + 1)),
    Mutation("FM-01", "number of a list blank", _sheet(list_number=None)),
    Mutation("FM-01", "a preference blank", _odd_preference(None)),
    Mutation("FM-01", "a preference negative", _odd_preference(-1)),
    Mutation("FM-01", "no flag", _only(corrected=None)),
    Mutation("FM-01", "a flag of 2", _only(passable_error=2)),
    Mutation("FM-02", "a sheet not marked", _unmarked),
    Mutation("FM-02", "a mark without a sheet", _marked_without_sheet),
    Mutation("FM-02", "marks too short", lambda r, c: (replace(r, lists_mark=r.lists_mark[:-1]), c)),
    Mutation("FM-02", "an odd mark", lambda r, c: (replace(r, lists_mark=f"X{r.lists_mark[1:]}"), c)),
    Mutation("FM-02", "a list with two sheets", _list_twice),
    Mutation("FM-03", "a list that does not stand here", _unregistered_list),
    Mutation("FM-03", "a candidate beyond the list's end", _unregistered_candidate),
    Mutation("FM-03", "a candidate twice", _candidate_twice),
    Mutation("FM-04", "a sheet without votes", _empty_sheet),
    Mutation("FM-05", "a signature missing", _situation(signatures=Signatures.MISSING)),
    Mutation(
        "LG-01", "fewer voters than envelopes", _recount(lambda n: n._replace(registered_voters=n[1] - 1))
    ),
    Mutation(
        "LG-02", "more returned than issued", _recount(lambda n: n._replace(envelopes_returned=n[1] + 1))
    ),
    Mutation(
        "LG-03", "fewer returned than valid", _recount(lambda n: n._replace(envelopes_returned=n[3] - 1))
    ),
    Mutation("LG-04", "nobody voted", _nobody_voted),
    Mutation("LG-05", "one valid vote missing", _recount(lambda n: n._replace(valid_votes=n[3] - 1))),
    Mutation("LG-06", "more preferences than votes", _too_many_for_one),
    Mutation("LG-07", "five preferences a ballot", _too_many_together),
    Mutation("KC-01", "another KC_2 of part 1", lambda r, c: (replace(r, kc_2=(r.kc_2 or 0) + 1), c)),
    Mutation("KC-01", "no KC_2 of part 1", _only(kc_2=None)),
    Mutation("KC-01", "another KC_2 of a sheet", _sheet_off_by_one("kc_2")),
    Mutation("KC-02", "another KC_3", _sheet_off_by_one("kc_3")),
    Mutation("KC-02", "another KC_4", _sheet_off_by_one("kc_4")),
    Mutation("KC-02", "another KC_5", _sheet_off_by_one("kc_5")),
    Mutation("KC-02", "no KC_5", _sheet(kc_5=None)),
    Mutation("KC-03", "another last candidate", _sheet_off_by_one("last_candidate")),
    Mutation("KC-04", "another checksum", _sheet_off_by_one("kc_sum")),
    Mutation("KC-05", "another count on the paper", _other_paper),
    Mutation("KC-05", "a list missing on the paper", _other_votes_on_paper),
    Mutation("PR-01", "a correction without its flag", _correction(flag=0)),
    Mutation("PR-01", "a correction without a reason", _correction(reason=" ")),
    Mutation("PR-01", "a correction without an author", _correction(author="")),
    Mutation("PR-01", "a correction of an older revision", _correction(accepted_revision=2)),
    Mutation("PR-01", "a correction of nothing", _correction(accepted_revision=0)),
    Mutation("PR-02", "a late delivery", _late),
    Mutation("PR-03", "a confirmation without a receipt", _situation(printing_confirmation=True)),
    Mutation(
        "PR-03",
        "a confirmation with another content's receipt",
        _situation(printing_confirmation=True, receipt_hash="0" * 64),
    ),
    Mutation("PR-04", "another mode", _other_mode),
)
