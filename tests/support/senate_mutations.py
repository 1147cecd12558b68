"""Faults of Senate protocols, one for each rule; see `tests.support.mutations`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from app.election.checks import Circumstances
from app.election.controls import kc_1, senate_controls
from app.election.model import Counts, CountsStated, SenateReading, VotesStated
from tests.support.invented_election import totals

SenateMutated = tuple[SenateReading, Circumstances] | None


class SenateMutation(NamedTuple):
    rule_id: str
    name: str
    apply: Callable[[SenateReading, Circumstances], SenateMutated]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.name}"


def senate_restated(reading: SenateReading) -> SenateReading:
    right = senate_controls(
        reading.precinct,
        reading.corrected or 0,
        reading.passable_error or 0,
        reading.round,
        Counts(*(count or 0 for count in reading.counts)),
        tuple((number, given or 0) for number, given in reading.votes),
        reading.form_type or 0,
    )
    return replace(
        reading,
        kc_1=kc_1(reading.precinct),
        kc_2=right.kc_2,
        kc_3=right.kc_3,
        kc_4=right.kc_4,
        last_candidate=right.last_candidate,
        kc_sum=right.kc_sum,
    )


def _senate(**changes: object) -> Callable[[SenateReading, Circumstances], SenateMutated]:
    return lambda reading, circumstances: (replace(reading, **changes), circumstances)  # type: ignore[arg-type]


def _senate_both(reading: SenateReading, circumstances: Circumstances) -> SenateMutated:
    fresh = senate_restated(reading)
    return fresh, replace(circumstances, retyped=totals(fresh))


def _senate_off_by_one(field: str) -> Callable[[SenateReading, Circumstances], SenateMutated]:
    def apply(reading: SenateReading, circumstances: Circumstances) -> SenateMutated:
        return replace(reading, **{field: getattr(reading, field) + 1}), circumstances

    return apply


def _senate_recount(
    change: Callable[[Counts], Counts],
) -> Callable[[SenateReading, Circumstances], SenateMutated]:
    def apply(reading: SenateReading, circumstances: Circumstances) -> SenateMutated:
        counts = change(Counts(*(count or 0 for count in reading.counts)))
        return _senate_both(replace(reading, counts=CountsStated(*counts)), circumstances)

    return apply


def _moved_votes(number: int | None) -> Callable[[SenateReading, Circumstances], SenateMutated]:
    """The first candidate's votes stand at another number; `None`: at one who is no finalist."""

    def apply(reading: SenateReading, circumstances: Circumstances) -> SenateMutated:
        (_, given), *rest = reading.votes
        to = number
        if to is None:
            place = circumstances.reference.precincts[reading.precinct]
            district = circumstances.reference.senate_districts[place.senate_district or 0]
            to = next(n for n in sorted(district.candidates) if n not in district.finalists)
        votes: VotesStated = tuple(sorted([(to, given), *rest]))
        return _senate_both(replace(reading, votes=votes), circumstances)

    return apply


def _senate_paper(reading: SenateReading, circumstances: Circumstances) -> SenateMutated:
    paper = totals(reading)
    return reading, replace(circumstances, retyped=paper._replace(votes=paper.votes[1:]))


SENATE = (
    SenateMutation("ID-01", "no KC_1", _senate(kc_1=None)),
    SenateMutation("ID-03", "another election", _senate(election="se1999")),
    SenateMutation("ID-03", "another round", lambda r, c: _senate_both(replace(r, round=3 - r.round), c)),
    SenateMutation("ID-03", "a round that does not exist", lambda r, c: _senate_both(replace(r, round=3), c)),
    SenateMutation("ID-03", "another Senate district", _senate_off_by_one("senate_district")),
    SenateMutation("ID-03", "no Senate district", _senate(senate_district=None)),
    SenateMutation("ID-06", "another version", _senate(form_version="0")),
    SenateMutation("ID-06", "another form", lambda r, c: _senate_both(replace(r, form_type=2), c)),
    SenateMutation(
        "FM-01", "a vote blank", lambda r, c: (replace(r, votes=((r.votes[0][0], None), *r.votes[1:])), c)
    ),
    SenateMutation("FM-03", "a candidate who does not stand", _moved_votes(21)),
    SenateMutation(
        "LG-01",
        "fewer voters than envelopes",
        _senate_recount(lambda n: n._replace(registered_voters=n[1] - 1)),
    ),
    SenateMutation(
        "LG-02",
        "more returned than issued",
        _senate_recount(lambda n: n._replace(envelopes_returned=n[1] + 1)),
    ),
    SenateMutation(
        "LG-03",
        "fewer returned than valid",
        _senate_recount(lambda n: n._replace(envelopes_returned=n[3] - 1)),
    ),
    SenateMutation(
        "LG-05", "one valid vote missing", _senate_recount(lambda n: n._replace(valid_votes=n[3] - 1))
    ),
    SenateMutation("KC-01", "another KC_2", _senate_off_by_one("kc_2")),
    SenateMutation("KC-02", "another KC_3", _senate_off_by_one("kc_3")),
    SenateMutation("KC-02", "another KC_4", _senate_off_by_one("kc_4")),
    SenateMutation("KC-03", "another last candidate", _senate_off_by_one("last_candidate")),
    SenateMutation("KC-04", "another checksum", _senate_off_by_one("kc_sum")),
    SenateMutation("KC-05", "a candidate missing on the paper", _senate_paper),
)

#: On a protocol of round 2 only.
SENATE_ROUND_2 = (SenateMutation("LG-09", "votes for somebody who is no finalist", _moved_votes(None)),)
