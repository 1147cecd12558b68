"""The protocol under judgement, cleaned once so that each rule looks only at its own matter.

A number that is blank, negative or too wide becomes `None` here: FM-01 speaks of it and every
other rule that needs it says "not compared". So each fault is caught by the one rule about it.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple, cast

from app.election.circumstances import Circumstances
from app.election.complete import MOST_VOTERS, MOST_VOTES
from app.election.controls import (
    SheetControls,
    preference_controls,
    sheet_base,
    sheet_controls,
)
from app.election.model import (
    MAX_LISTS,
    Contest,
    Reading,
    RegionalReading,
    SenateReading,
    SheetStated,
    Votes,
    VotesStated,
)
from app.election.reference import Candidate, Precinct, Reference, Region, SenateDistrict
from app.election.verdict import Case, FieldRef, Params


class Sheet(NamedTuple):
    """One sheet of T/6 part 2, cleaned; `None` where a number cannot be used."""

    stated: SheetStated
    number: int | None
    votes: int | None
    preferences_known: bool
    preferred: int  # sum of the preferential votes
    highest: int  # the most preferential votes of one candidate
    controls: SheetControls | None  # recomputed; without OKRES and flags in KC_SUM if they are unknown


class Found:
    """What one rule found: its cases, and whether something could not be compared."""

    __slots__ = ("cases", "unknown")

    def __init__(self, unknown: bool = False) -> None:
        self.cases: list[Case] = []
        self.unknown = unknown

    def add(
        self,
        kind: str,
        fields: tuple[FieldRef, ...],
        left: int | str | None,
        right: int | str | None,
        ok: bool,
        params: Params = (),
        noted: bool = False,
    ) -> None:
        self.cases.append(Case(kind, fields, left, right, ok, params, noted))


#: What most rules find; shared, so nothing may be added to them.
NOTHING, UNKNOWN = Found(), Found(unknown=True)


class Subject:
    """A reading with its circumstances. `tell_all`: passed comparisons are wanted as cases too."""

    reading: Reading
    circumstances: Circumstances
    reference: Reference
    tell_all: bool
    regional: RegionalReading | None  # the reading, typed
    senate: SenateReading | None
    contest: Contest | None  # None: a round that does not exist
    counts: tuple[int | None, int | None, int | None, int | None]
    corrected: int | None
    passable_error: int | None
    precinct: Precinct | None  # None: unknown to the reference data
    region: Region | None
    senate_district: SenateDistrict | None
    sum_known: bool  # OKRES and flags are there, so KC_SUM of sheets can be recomputed
    ballot_known: bool  # T/5: every stated vote can be used
    ballot_total: int  # T/5: sum of the votes

    def __init__(self, reading: Reading, circumstances: Circumstances, tell_all: bool) -> None:
        reference = circumstances.reference
        self.reading = reading
        self.circumstances = circumstances
        self.reference = reference
        self.tell_all = tell_all
        voters, issued, returned, valid = reading.counts
        self.counts = (
            _clean(voters, MOST_VOTERS),
            _clean(issued, MOST_VOTES),
            _clean(returned, MOST_VOTES),
            _clean(valid, MOST_VOTES),
        )
        self.corrected = _clean(reading.corrected, 1)
        self.passable_error = _clean(reading.passable_error, 1)
        self.precinct = reference.precincts.get(reading.precinct)
        self.region = self.senate_district = self.regional = self.senate = None
        self._base = 0
        self.sum_known = False
        self.ballot_known, self.ballot_total = True, 0
        if isinstance(reading, RegionalReading):
            self._regional(reading)
        else:
            self._senate(reading)

    def _regional(self, reading: RegionalReading) -> None:
        self.regional, self.contest = reading, Contest.REGIONAL
        if self.precinct is not None and self.precinct.region is not None:
            self.region = self.reference.regions.get(self.precinct.region)
        if reading.district is not None and self.corrected is not None and self.passable_error is not None:
            self.sum_known = True
            self._base = sheet_base(reading.precinct, reading.district, self.corrected, self.passable_error)

    def _senate(self, reading: SenateReading) -> None:
        self.senate = reading
        self.contest = reading.contest if reading.round in (1, 2) else None
        if self.precinct is not None and self.precinct.senate_district is not None:
            self.senate_district = self.reference.senate_districts.get(self.precinct.senate_district)
        self.ballot_known, self.ballot_total, _ = _total(reading.votes)

    # What costs most is cleaned when a rule first asks: a single rule judged again needs none of it.

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Of T/6; none of T/5."""
        if self.regional is None:
            return []
        return [_sheet(stated, self._base) for stated in self.regional.sheets]

    @cached_property
    def controls_agree(self) -> bool:
        """Every control number of every sheet is as recomputed."""
        return self.regional is not None and all(sheet.stated[3:] == sheet.controls for sheet in self.sheets)

    @cached_property
    def whole(self) -> bool:
        """Every number of every sheet can be used, and no list has two sheets."""
        if self.regional is None:
            return False
        numbers = {sheet.number for sheet in self.sheets if sheet.controls is not None}
        return len(numbers) == len(self.sheets)

    @property
    def votes_by_list(self) -> list[tuple[int | None, int | None]]:
        """(list, votes) of each sheet, cleaned, without looking at its preferences."""
        sheets = self.regional.sheets if self.regional else ()
        return [(_list_number(sheet), _clean(sheet.votes, MOST_VOTES)) for sheet in sheets]

    def list_params(self, number: int) -> Params:
        """Number and short name of a list, for a sentence."""
        known = self.region.lists.get(number) if self.region else None
        return (("list", str(number)), ("list_name", f" ({known.short_name})" if known else ""))

    def candidate_params(self, number: int, list_number: int | None) -> Params:
        """Number and name of a candidate; on a list, or of the Senate district."""
        candidate: Candidate | None = None
        if list_number is not None:
            known = self.region.lists.get(list_number) if self.region else None
            candidate = known.candidates.get(number) if known else None
        elif self.senate_district is not None:
            candidate = self.senate_district.candidates.get(number)
        name = f" ({candidate.first_name} {candidate.last_name})" if candidate else ""
        return (("candidate", str(number)), ("candidate_name", name))


def _clean(value: int | None, most: int) -> int | None:
    return value if value is not None and 0 <= value <= most else None


def _total(votes: VotesStated) -> tuple[bool, int, int]:
    """Whether every number can be used; then their sum and the highest of them."""
    if not votes:
        return True, 0, 0
    given = [value for _, value in votes if value is not None]
    if len(given) != len(votes) or min(given) < 0:
        return False, 0, 0
    highest = max(given)
    return (True, sum(given), highest) if highest <= MOST_VOTES else (False, 0, 0)


def _list_number(stated: SheetStated) -> int | None:
    number = stated.list_number
    return number if number is not None and 1 <= number <= MAX_LISTS else None


def _sheet(stated: SheetStated, base: int) -> Sheet:
    number, votes, preferences = _list_number(stated), _clean(stated.votes, MOST_VOTES), stated.preferences
    known, preferred, highest = _total(preferences)
    controls = None
    if known and number is not None and votes is not None:
        front, back, last = preference_controls(cast(Votes, preferences))  # none is blank: `known`
        controls = sheet_controls(base, number, votes, front, back, last)
    return Sheet(stated, number, votes, known, preferred, highest, controls)
