"""An invented neighbourhood whose numbers are known: every precinct votes alike, so a fault stands out.

Lists of region 1 have the shares of `VOTES`; their preferences are spread as in `PREFERENCES`. The judged
precinct is `HERE`; the others of the region are its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.election.checks import Circumstances, Verdict, judge
from app.election.controls import state
from app.election.model import (
    Contest,
    Counts,
    PrecinctId,
    Protocol,
    ProtocolKey,
    RegionalProtocol,
    SenateProtocol,
    Sheet,
)
from app.election.reference import Reference
from app.election.surroundings import Surroundings, SurroundingsBuilder
from tests.support import invented_election as invented

REFERENCE = invented.reference()
HERE = PrecinctId(550001, 1)
NEIGHBOURS = tuple(
    precinct.id for precinct in REFERENCE.precincts.values() if precinct.region == 1 and precinct.id != HERE
)
VOTES: Mapping[int, int] = {2: 80, 5: 120, 12: 40, 33: 12, 70: 6, 99: 24}
#: list → candidate → preferences; candidates from 46 on are overleaf. Nobody chooses candidate 2.
PREFERENCES: Mapping[int, Mapping[int, int]] = {
    2: {1: 30, 3: 12, 4: 6, 5: 2, 46: 4},
    5: {1: 8, 3: 4, 4: 40, 5: 3, 46: 2},
    12: {1: 12, 3: 10, 60: 3},
    33: {1: 3},
    70: {1: 2},
    99: {1: 2, 4: 3, 7: 9},
}
#: Round 1 of the Senate: candidates of district 2.
SENATE_VOTES: Mapping[int, int] = {1: 90, 3: 40, 4: 120, 5: 10, 6: 15, 7: 5}


def regional(
    votes: Mapping[int, int] = VOTES,
    preferences: Mapping[int, Mapping[int, int]] = PREFERENCES,
    precinct: PrecinctId = HERE,
    **counts: int,
) -> RegionalProtocol:
    """A T/6 with these votes; the four counts are usual ones unless given."""
    sheets = tuple(
        Sheet(number, given, tuple(sorted(preferences.get(number, {}).items())))
        for number, given in sorted(votes.items())
        if given
    )
    valid = sum(votes.values())
    usual = {
        "registered_voters": 3 * valid + 9,
        "envelopes_issued": valid + 2,
        "envelopes_returned": valid + 1,
        "valid_votes": valid,
    }
    district = REFERENCE.precincts[precinct].district
    return RegionalProtocol(precinct, district, False, False, Counts(**(usual | counts)), sheets)


def senate(
    votes: Mapping[int, int] = SENATE_VOTES, precinct: PrecinctId = HERE, round_: int = 1, **counts: int
) -> SenateProtocol:
    valid = sum(votes.values())
    usual = {
        "registered_voters": 3 * valid + 9,
        "envelopes_issued": valid + 2,
        "envelopes_returned": valid + 1,
        "valid_votes": valid,
    }
    made = tuple(sorted((number, given) for number, given in votes.items() if given))
    district = REFERENCE.precincts[precinct].district
    counted = Counts(**(usual | counts))
    return SenateProtocol(precinct, district, False, False, 2, round_, counted, made)


def builder(protocols: Iterable[Protocol], reference: Reference = REFERENCE) -> SurroundingsBuilder:
    made = SurroundingsBuilder(reference)
    for protocol in protocols:
        made.add(protocol)
    return made


def neighbours() -> list[Protocol]:
    """The protocols of all neighbours, alike but for a vote or two."""
    return [regional({**VOTES, 5: VOTES[5] + more}, precinct=each) for more, each in enumerate(NEIGHBOURS, 1)]


def around(
    protocols: Iterable[Protocol] | None = None,
    contest: Contest = Contest.REGIONAL,
    reference: Reference = REFERENCE,
) -> Surroundings:
    """What `HERE` is compared with: all its neighbours, unless others are given."""
    known = neighbours() if protocols is None else protocols
    return builder(known, reference).of(ProtocolKey(HERE, contest))


def circumstances(protocol: Protocol, reference: Reference = REFERENCE, **changes: object) -> Circumstances:
    reading = state(protocol, reference.election.code, reference.election.rules.form_version)
    return replace(invented.good_circumstances(reference, reading), **changes)  # type: ignore[arg-type]


def judged(protocol: Protocol, reference: Reference = REFERENCE, **changes: object) -> Verdict:
    """The protocol in its usual circumstances, but for the changes; control numbers are right."""
    reading = state(protocol, reference.election.code, reference.election.rules.form_version)
    return judge(reading, circumstances(protocol, reference, **changes))


def said(verdict: Verdict, rule_id: str) -> str:
    """passed, noted, asks, strong (asks, and says that it is strong) or not compared."""
    result = verdict.result(rule_id)
    assert result is not None
    if not result.failed_cases:
        return result.outcome.value.lower().replace("_", " ")
    strong = any(dict(case.params).get("strong") for case in result.failed_cases)
    return "strong" if strong else "asks" if result.severity.needs_reason else "noted"
