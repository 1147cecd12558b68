"""A small invented election for tests: two regions, three districts, a Senate district across them.

Nothing here is real. Protocols are made by a seeded generator and always pass every check: nobody votes for
candidate 2 of a list, who has withdrawn; turnout, spoilt ballots and preferences are as usual; and all
precincts vote alike.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from app.election.checks import Circumstances, Totals
from app.election.circumstances import Signatures
from app.election.controls import state
from app.election.model import (
    Contest,
    Counts,
    CountsStated,
    Mode,
    PrecinctId,
    Protocol,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateProtocol,
    Sheet,
)
from app.election.reference import (
    Calendar,
    Candidate,
    CandidateList,
    District,
    ElectionInfo,
    Municipality,
    Precinct,
    Reference,
    Region,
    SenateDistrict,
)

SUMMER_TIME = timezone(timedelta(hours=2), "CEST")
VOTING_ENDS = datetime(2024, 9, 21, 14, tzinfo=SUMMER_TIME)
CALENDAR = Calendar(VOTING_ENDS - timedelta(days=1), VOTING_ENDS, VOTING_ENDS + timedelta(days=1))
POINT = 41
OTHER_POINT = 42

_FIRST = ("Alena", "Bořivoj", "Čeněk", "Dana", "Evžen", "Františka", "Gustav", "Hana", "Žofie")
_LAST = ("Nováček", "Říha", "Šťastná", "Ťok", "Úlehla", "Vlčková", "Žížala", "Kadlec")


def _people(count: int, *, invalid: int | None = None) -> dict[int, Candidate]:
    return {
        n: Candidate(n, _FIRST[n % 9], _LAST[n % 8], "", "", valid=n != invalid, party_code=100 + n)
        for n in range(1, count + 1)
    }


def _lists(numbers: tuple[int, ...], lengths: tuple[int, ...]) -> dict[int, CandidateList]:
    return {
        number: CandidateList(
            number, 700 + number, f"Strana číslo {number}", f"Strana {number}", _people(length, invalid=2)
        )
        for number, length in zip(numbers, lengths, strict=True)
    }


REGIONS = {
    1: Region(1, "Severní", 45, _lists((2, 5, 12, 33, 70, 99), (50, 50, 70, 8, 3, 50))),
    2: Region(2, "Jižní", 45, _lists((2, 7, 12, 45), (50, 40, 50, 60))),
}
DISTRICTS = {
    4101: District(4101, "CZ0411", "Horní", 1),
    4102: District(4102, "CZ0412", "Dolní", 1),
    3101: District(3101, "CZ0311", "Lesní", 2),
    1100: District(1100, "CZ0100", "Praha", None),
}
#: OBEC → (name, OKRES, region, how many precincts, transfer point, Senate district of the first precincts)
_PLACES = {
    550001: ("Horní Lhota", 4101, 1, 3, POINT, 2),
    550002: ("Dolní Lhota", 4101, 1, 1, POINT, None),
    550003: ("Středov", 4102, 1, 4, OTHER_POINT, 2),
    550004: ("Lesná", 3101, 2, 2, OTHER_POINT, None),
    550005: ("Praha 99", 1100, None, 2, OTHER_POINT, 17),
}
SENATE = {
    2: SenateDistrict(2, "Lhotsko", _people(7)),
    17: SenateDistrict(17, "Praha 99", _people(4)),
}


def reference(*contests: Contest, mode: Mode = Mode.LIVE) -> Reference:
    """The invented election; regional and the Senate's first round unless contests are given."""
    precincts = {}
    for code, (_, district, region, count, point, senate) in _PLACES.items():
        for number in range(1, count + 1):
            # the last precinct of Středov lies in no Senate district: a municipality may be split
            own = None if (code, number) == (550003, 4) else senate
            identity = PrecinctId(code, number)
            precincts[identity] = Precinct(identity, district, point, region, own)
    return Reference(
        ElectionInfo(
            code="zk2024",
            name="Zkušební volby",
            date=date(2024, 9, 20),
            mode=mode,
            calendar=CALENDAR,
            contests=contests or (Contest.REGIONAL, Contest.SENATE_ROUND_1),
        ),
        REGIONS,
        DISTRICTS,
        {
            code: Municipality(code, name, district, point, code)
            for code, (name, district, _, _, point, _) in _PLACES.items()
        },
        precincts,
        SENATE,
    )


def round_2_reference() -> Reference:
    """The same election a week later: candidates 3 and 5, or 1 and 4, are the finalists."""
    known = reference(Contest.SENATE_ROUND_2)
    finalists = {2: (3, 5), 17: (1, 4)}
    return replace(
        known,
        senate_districts={
            number: replace(district, finalists=finalists[number]) for number, district in SENATE.items()
        },
    )


def _about(chance: random.Random, usual: int) -> int:
    """One tenth more or less: all precincts vote alike, or they would look odd beside each other."""
    return usual + chance.randint(-(usual // 10) - 1, usual // 10 + 1)


def _counts(chance: random.Random, valid: int) -> Counts:
    """As usual: few invalid votes, hardly an envelope that did not come back, a turnout of 20 to 50 %."""
    returned = valid + chance.randint(0, 1)
    issued = returned + chance.randint(0, 1)
    return Counts(issued * 2 + chance.randint(0, issued * 3), issued, returned, valid)


def regional_protocol(reference: Reference, precinct: PrecinctId, seed: int) -> RegionalProtocol:
    """A believable T/6; every list of the region but the last has votes."""
    chance = random.Random(f"{seed} {precinct}")
    place = reference.precincts[precinct]
    assert place.region is not None
    sheets = []
    for listed in list(reference.regions[place.region].lists.values())[:-1]:
        votes = _about(chance, 15 + listed.number * 37 % 60)
        standing = [number for number, candidate in sorted(listed.candidates.items()) if candidate.valid]
        preferences = {
            number: _about(chance, votes // part)
            for number, part in zip(standing, (2, 4, 8), strict=False)
            if votes >= 2 * part
        }
        sheets.append(Sheet(listed.number, votes, tuple(preferences.items())))
    counts = _counts(chance, sum(sheet.votes for sheet in sheets))
    return RegionalProtocol(precinct, place.district, False, False, counts, tuple(sheets))


def senate_protocol(reference: Reference, precinct: PrecinctId, round_: int, seed: int) -> SenateProtocol:
    chance = random.Random(f"{seed} {precinct} {round_}")
    place = reference.precincts[precinct]
    assert place.senate_district is not None
    district = reference.senate_districts[place.senate_district]
    standing = district.finalists if round_ == 2 else tuple(district.candidates)[:-1]
    votes = tuple((number, _about(chance, 30 + number * 29 % 70)) for number in standing)
    counts = _counts(chance, sum(given for _, given in votes))
    return SenateProtocol(
        precinct, place.district, False, False, place.senate_district, round_, counts, votes
    )


def protocols(reference: Reference, contest: Contest, seed: int = 1) -> list[Protocol]:
    """One protocol for every precinct of the contest."""
    made: list[Protocol] = []
    for key in reference.expected:
        if key.contest is not contest:
            continue
        if contest.is_senate:
            made.append(senate_protocol(reference, key.precinct, contest.round, seed))
        else:
            made.append(regional_protocol(reference, key.precinct, seed))
    return made


def stated(reference: Reference, protocol: Protocol) -> Reading:
    return state(protocol, reference.election.code, reference.election.rules.form_version)


def totals(reading: Reading) -> Totals:
    """What a careful clerk reads from the paper of this very protocol."""
    if isinstance(reading, RegionalReading):
        votes = tuple((s.list_number, s.votes) for s in reading.sheets if s.list_number is not None)
        return Totals(CountsStated(*reading.counts), votes)
    return Totals(CountsStated(*reading.counts), reading.votes)


def good_circumstances(reference: Reference, reading: Reading) -> Circumstances:
    """All that a clerk can say is said and in order: in time, signed, file and paper alike. No neighbours."""
    return Circumstances(
        reference,
        document_mode=reference.election.mode,
        transfer_point=reference.precincts[reading.precinct].transfer_point,
        retyped=totals(reading),
        signatures=Signatures.ALL,
        contests_in_visit=frozenset(reference.contests_of(reference.precincts[reading.precinct])),
        voting_ended=reference.election.calendar.voting_ends,
        handed_over=reference.election.calendar.voting_ends + timedelta(hours=3),
    )
