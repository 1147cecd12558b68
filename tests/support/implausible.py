"""One believable oddity for each sentence of the plausibility rules, joint visits and the end of voting.

Each is a protocol of the invented neighbourhood in circumstances in which only that rule speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.election.checks import Verdict
from app.election.model import Contest, CountsStated, Protocol, ProtocolKey
from app.election.reference import Reference
from tests.support import invented_election as invented
from tests.support.neighbours import (
    HERE,
    NEIGHBOURS,
    PREFERENCES,
    REFERENCE,
    SENATE_VOTES,
    VOTES,
    around,
    builder,
    judged,
    neighbours,
    regional,
    senate,
)

_ENDS = REFERENCE.election.calendar.voting_ends
_MINUTES = timedelta(minutes=5)
_ROUND_2 = invented.round_2_reference()


@dataclass(frozen=True)
class Implausible:
    """`changes` are those of the usual circumstances."""

    rule_id: str
    name: str
    protocol: Protocol
    reference: Reference = REFERENCE
    changes: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.name}"

    @property
    def verdict(self) -> Verdict:
        return judged(self.protocol, self.reference, **self.changes)


def _knowing(**known: int) -> Reference:
    precinct = replace(REFERENCE.precincts[HERE], **known)  # type: ignore[arg-type]
    return replace(REFERENCE, precincts={**REFERENCE.precincts, HERE: precinct})


def _withdrawn() -> Reference:
    district = REFERENCE.senate_districts[2]
    gone = {**district.candidates, 3: replace(district.candidates[3], valid=False)}
    return replace(REFERENCE, senate_districts={2: replace(district, candidates=gone)})


def _among(*protocols: Protocol, contest: Contest = Contest.REGIONAL, reference: Reference = REFERENCE):
    return {"surroundings": builder(protocols, reference).of(ProtocolKey(HERE, contest))}


def _senate_neighbours(votes: Mapping[int, int]) -> Mapping[str, object]:
    here = [each for each in NEIGHBOURS if REFERENCE.precincts[each].senate_district == 2]
    known = (senate({**votes, 1: votes[1] + n}, each) for n, each in enumerate(here))
    return _among(*known, contest=Contest.SENATE_ROUND_1)


def _finalists() -> Mapping[str, object]:
    here = [each for each in NEIGHBOURS if REFERENCE.precincts[each].senate_district == 2]
    known = (senate({3: 140 + n, 5: 60}, each, 2) for n, each in enumerate(here))
    return _among(*known, contest=Contest.SENATE_ROUND_2, reference=_ROUND_2)


def _turned(votes: Mapping[int, int], by: int) -> dict[int, int]:
    """The rows of all lists but the first, slipped by one, the end going to the beginning."""
    first, *numbers = sorted(votes)
    moved = [votes[number] for number in numbers]
    moved = [moved[-1], *moved[:-1]] if by > 0 else [*moved[1:], moved[0]]
    return {first: votes[first], **dict(zip(numbers, moved, strict=True))}


_NOBODY = {**PREFERENCES, 5: {}}
_MANY = {**PREFERENCES, 12: dict.fromkeys((1, 3, 4, 5, 6), 25)}
_AROUND = {"surroundings": around()}
_VALID = sum(VOTES.values())
#: One preference on each sheet: enough to be there, too few to say anything.
_FEW = {number: {1: 1} for number in VOTES}
#: Candidates whose votes fall steeply, so that a slip shows.
_STEEP = {**_FEW, 2: {4: 60, 6: 24, 8: 18, 10: 12}}
_CIRCLED = [regional({**VOTES, 2: 180 + n}, _STEEP, each) for n, each in enumerate(NEIGHBOURS, 1)]


def _sheets_exchanged() -> Implausible:
    votes = {**VOTES, 2: 62, 5: 58}
    circled = {**_FEW, 2: {1: 20, 3: 9, 6: 4, 8: 5}, 5: {4: 25, 5: 8, 7: 9, 9: 3}}
    known = [regional({**votes, 99: 24 + n}, circled, each) for n, each in enumerate(NEIGHBOURS, 1)]
    here = regional({**votes, 2: 58, 5: 62}, {**_FEW, 2: circled[5], 5: circled[2]})
    return Implausible("PL-07", "two sheets exchanged", here, changes=_among(*known))


IMPLAUSIBLE = (
    Implausible(
        "ID-05",
        "one of two protocols",
        regional(),
        changes={"contests_in_visit": frozenset({Contest.REGIONAL})},
    ),
    Implausible("FM-06", "ended early", regional(), changes={"voting_ended": _ENDS - _MINUTES}),
    Implausible("FM-06", "extended without a reason", regional(), changes={"voting_ended": _ENDS + _MINUTES}),
    Implausible("FM-06", "handed over before the end", regional(), changes={"handed_over": _ENDS - _MINUTES}),
    Implausible(
        "LG-08", "a withdrawn candidate", regional(preferences={**PREFERENCES, 5: {**PREFERENCES[5], 2: 6}})
    ),
    Implausible("LG-08", "a withdrawn Senate candidate", senate(), _withdrawn()),
    Implausible("PL-01", "none, no neighbours", regional(preferences=_NOBODY)),
    Implausible("PL-01", "none, unlike the neighbours", regional(preferences=_NOBODY), changes=_AROUND),
    Implausible(
        "PL-02",
        "ballots not turned over",
        regional(preferences={k: {n: v for n, v in p.items() if n < 46} for k, p in PREFERENCES.items()}),
        changes=_AROUND,
    ),
    Implausible("PL-03", "many invalid", regional(envelopes_returned=305, envelopes_issued=305)),
    Implausible("PL-03", "very many invalid", regional(envelopes_returned=330, envelopes_issued=330)),
    Implausible("PL-04", "five missing", regional(envelopes_issued=_VALID + 6)),
    Implausible("PL-04", "many missing", regional(envelopes_issued=_VALID + 19)),
    Implausible("PL-05", "low", regional(registered_voters=9_000)),
    Implausible("PL-05", "high", regional(registered_voters=300)),
    Implausible("PL-05", "changed", regional(), _knowing(previous_voters=800, previous_issued=560)),
    Implausible(
        "PL-06",
        "many preferences",
        regional(preferences=_MANY),
    ),
    Implausible("PL-07", "two lists exchanged", regional({**VOTES, 5: 40, 12: 120}, _FEW), changes=_AROUND),
    _sheets_exchanged(),
    Implausible("PL-07", "lists slipped down", regional(_turned(VOTES, 1), _FEW), changes=_AROUND),
    Implausible("PL-07", "lists slipped up", regional(_turned(VOTES, -1), _FEW), changes=_AROUND),
    Implausible(
        "PL-07",
        "two candidates exchanged",
        regional(preferences={**PREFERENCES, 5: {**PREFERENCES[5], 3: 40, 4: 4}}),
        changes=_AROUND,
    ),
    Implausible(
        "PL-07",
        "a sheet slipped down",
        regional({**VOTES, 2: 180}, {**_FEW, 2: {n + 1: votes for n, votes in _STEEP[2].items()}}),
        changes=_among(*_CIRCLED),
    ),
    Implausible(
        "PL-07",
        "a sheet slipped up",
        regional({**VOTES, 2: 180}, {**_FEW, 2: {n - 1: votes for n, votes in _STEEP[2].items()}}),
        changes=_among(*_CIRCLED),
    ),
    Implausible(
        "PL-07",
        "two Senate candidates exchanged",
        senate({**SENATE_VOTES, 3: 120, 4: 40}),
        changes=_senate_neighbours(SENATE_VOTES),
    ),
    Implausible("PL-07", "two finalists exchanged", senate({3: 60, 5: 140}, HERE, 2), _ROUND_2, _finalists()),
    Implausible(
        "PL-07",
        "Senate candidates slipped down",
        senate(_turned({1: 90, 3: 40, 4: 120, 5: 10, 6: 35, 7: 5}, 1)),
        changes=_senate_neighbours({1: 90, 3: 40, 4: 120, 5: 10, 6: 35, 7: 5}),
    ),
    Implausible(
        "PL-07",
        "Senate candidates slipped up",
        senate(_turned({1: 90, 3: 40, 4: 120, 5: 10, 6: 35, 7: 5}, -1)),
        changes=_senate_neighbours({1: 90, 3: 40, 4: 120, 5: 10, 6: 35, 7: 5}),
    ),
    Implausible(
        "PL-08",
        "other voters for the Senate",
        regional(),
        changes={"beside": {Contest.SENATE_ROUND_1: CountsStated(603, 284, None, None)}},
    ),
    Implausible("PL-09", "half the voters", regional(), _knowing(expected_voters=1_900)),
    Implausible(
        "PL-10",
        "another precinct's votes",
        regional(),
        changes=_among(*neighbours()[:3], regional(precinct=NEIGHBOURS[3])),
    ),
)
