"""What the Senate's documents say of a district: its candidates in both rounds, turnout by round.

ZVOLEN_1KOLO is there once the district is settled and people have drawn the lots that it needs; the
attributes of round 2 are only on the finalists, and UCAST of round 2 only where there is one. In the
documents of round 2 what round 1 came to is taken from the reference data; where those do not have it,
it is left out rather than guessed. A candidate whose candidacy ended is listed only if somebody voted for
him, so that the votes always add up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from app.documents.results.parts import attribute, turnout, ucast
from app.election.decisions import Decisions
from app.election.model import Contest
from app.election.percent import text, truncated
from app.election.reference import Candidate, Round1Area, SenateDistrict
from app.election.senate import round_1, round_2
from app.election.tally import ElectionTally, Tally

_ELECTED, _TO_ROUND_2, _NOT_ELECTED = "ZVOLEN", "2.KOLO", "NEZVOLEN"


class Votes(NamedTuple):
    """One round in one area: valid votes, and votes by candidate."""

    valid: int
    of: dict[int, int]


class Rounds(NamedTuple):
    """What is published of one area: a round that is not known, or that is not held here, is None."""

    first: Votes | None
    second: Votes | None
    turnout: str  # UCAST of each round


class District(NamedTuple):
    """One district as it is published now."""

    district: SenateDistrict
    rounds: Rounds
    elected_1: dict[int, str]  # ZVOLEN_1KOLO by candidate; empty before it is known
    elected_2: dict[int, str]  # ZVOLEN_2KOLO, finalists only


def of_district(district: SenateDistrict, tally: ElectionTally, decisions: Decisions) -> District:
    """The district from its sums and from what people decided about it."""
    sums, contest = tally.senate_district[district.number], tally.contest
    lot = decisions.lot(contest, district.number)
    settled = sums.settled and sums.precincts_expected > 0
    if contest is Contest.SENATE_ROUND_1:
        first = _round_1(district, sums, lot, decisions) if settled else {}
        return District(district, rounds(sums, contest, None), first, {})
    elected = round_2(district.finalists, sums.votes, lot).elected if settled else None
    second = (
        {}
        if elected is None
        else {number: _ELECTED if number == elected else _NOT_ELECTED for number in district.finalists}
    )
    return District(district, rounds(sums, contest, district.round1), _published_1(district), second)


def rounds(sums: Tally | None, contest: Contest, round1: Round1Area | None) -> Rounds:
    """Both rounds of an area: `sums` of this contest (None: nobody votes here), `round1` as published."""
    if contest is Contest.SENATE_ROUND_1:
        assert sums is not None
        return Rounds(Votes(sums.valid_votes, sums.votes), None, ucast(sums, 1))
    first, lines = None, ""
    if round1 is not None:
        first = Votes(round1.counts.valid_votes, dict(round1.votes))
        lines = turnout(round1.precincts_expected, round1.precincts_processed, *round1.counts, round_=1)
    if sums is None or not sums.precincts_expected:
        return Rounds(first, None, lines)
    return Rounds(first, Votes(sums.valid_votes, sums.votes), lines + ucast(sums, 2))


def obvod(found: District) -> Iterator[str]:
    """The element OBVOD: its candidates, then turnout."""
    district = found.district
    yield f'<OBVOD CISLO="{district.number}"{attribute("NAZEV", district.name)}>\n'
    for number, candidate in sorted(district.candidates.items()):
        if candidate.valid or _has_votes(number, found.rounds):
            finalist = found.rounds.second is not None and number in district.finalists
            yield f"<KANDIDAT{_person(candidate)}{_votes(number, found, finalist)}/>\n"
    yield f"{found.rounds.turnout}</OBVOD>\n"


def votes_of(number: int, votes: Votes, round_: int) -> str:
    """The attributes HLASY_nKOLO and HLASY_PROC_nKOLO of one candidate."""
    given = votes.of.get(number, 0)
    return f' HLASY_{round_}KOLO="{given}" HLASY_PROC_{round_}KOLO="{text(truncated(given, votes.valid))}"'


def _votes(number: int, found: District, finalist: bool) -> str:
    written = ""
    if found.rounds.first is not None:
        written += votes_of(number, found.rounds.first, 1)
    if number in found.elected_1:
        written += f' ZVOLEN_1KOLO="{found.elected_1[number]}"'
    if finalist and found.rounds.second is not None:
        written += votes_of(number, found.rounds.second, 2)
        if number in found.elected_2:
            written += f' ZVOLEN_2KOLO="{found.elected_2[number]}"'
    return written


def _round_1(
    district: SenateDistrict, sums: Tally, lot: tuple[int, ...], decisions: Decisions
) -> dict[int, str]:
    left = decisions.left.get(district.number, ())
    outcome = round_1(district, sums.votes, sums.valid_votes, lot, left)
    if outcome.decision is not None:
        return {}
    return _told(district, outcome.elected, outcome.finalists or ())


def _published_1(district: SenateDistrict) -> dict[int, str]:
    """ZVOLEN_1KOLO in the documents of round 2."""
    elected = None if district.round1 is None else district.round1.elected
    if elected is None and not district.finalists:
        return {}
    return _told(district, elected, district.finalists)


def _told(district: SenateDistrict, elected: int | None, finalists: tuple[int, ...]) -> dict[int, str]:
    told = dict.fromkeys(district.candidates, _NOT_ELECTED)
    told.update(dict.fromkeys(finalists, _TO_ROUND_2))
    if elected is not None:
        told[elected] = _ELECTED
    return told


def _has_votes(number: int, found: Rounds) -> bool:
    return any(votes is not None and votes.of.get(number) for votes in (found.first, found.second))


def _person(candidate: Candidate) -> str:
    return (
        f' PORADOVE_CISLO="{candidate.number}"{attribute("JMENO", candidate.first_name)}'
        f"{attribute('PRIJMENI', candidate.last_name)}{attribute('TITULPRED', candidate.title_before)}"
        f"{attribute('TITULZA', candidate.title_after)}"
    )
