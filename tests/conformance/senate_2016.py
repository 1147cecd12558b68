"""The Senate of October 2016 in invented protocols: no table by precinct is published, only the sums.

Each precinct of a district gets an equal part of every official sum, the first ones one more where it does
not divide. So the protocols are nobody's real ones, and their sums are the official ones in both rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from xml.etree.ElementTree import Element

from app.documents.registers import guess, read_registers, round_2, with_round_1
from app.election.model import Contest, Counts, PrecinctId, SenateProtocol
from app.election.reference import Reference
from tests.support.opendata import DATA, children, document

OFFICIAL = DATA / "senat" / "20161007" / "vysledky.xml.gz"
_FOLDERS = [DATA / name for name in ("senat", "senat/20161007", "kz2016")]
_COUNTS = ("ZAPSANI_VOLICI", "VYDANE_OBALKY", "ODEVZDANE_OBALKY", "PLATNE_HLASY")


@cache
def reference(contest: Contest) -> Reference:
    """The reference data of one round; those of round 2 are built from the official result of round 1."""
    first = guess(_FOLDERS)
    if contest is Contest.SENATE_ROUND_1:
        return read_registers(_FOLDERS, first)
    return with_round_1(read_registers(_FOLDERS, round_2(first)), OFFICIAL)


def protocols(contest: Contest) -> Iterator[SenateProtocol]:
    """A protocol of every precinct."""
    precincts: dict[int, list[PrecinctId]] = {}
    for key, precinct in reference(contest).expected.items():
        if key.contest is contest and precinct.senate_district is not None:
            precincts.setdefault(precinct.senate_district, []).append(key.precinct)
    for district in children(document("senat/20161007/vysledky.xml.gz"), "OBVOD"):
        number = int(district.attrib["CISLO"])
        yield from _spread(contest, number, district, precincts[number])


def _spread(
    contest: Contest, number: int, district: Element, precincts: list[PrecinctId]
) -> Iterator[SenateProtocol]:
    counts, votes = _sums(contest.round, district)
    size = len(precincts)
    for at, precinct in enumerate(precincts):
        mine = {candidate: _part(sum_, at, size) for candidate, sum_ in votes.items()}
        valid = sum(mine.values())
        voters, issued, returned = (valid + _part(each - counts[-1], at, size) for each in counts[:-1])
        yield SenateProtocol(
            precinct,
            reference(contest).precincts[precinct].district,
            corrected=False,
            passable_error=False,
            senate_district=number,
            round=contest.round,
            counts=Counts(voters, issued, returned, valid),
            votes=tuple((candidate, given) for candidate, given in sorted(mine.items()) if given),
        )


def _part(whole: int, at: int, size: int) -> int:
    return whole // size + (at < whole % size)


def _sums(round_: int, district: Element) -> tuple[list[int], Mapping[int, int]]:
    turnout = next(u.attrib for u in children(district, "UCAST") if u.attrib["KOLO"] == str(round_))
    name = f"HLASY_{round_}KOLO"
    votes = {
        int(person.attrib["PORADOVE_CISLO"]): int(person.attrib[name])
        for person in children(district, "KANDIDAT")
        if name in person.attrib
    }
    return [int(turnout[column]) for column in _COUNTS], votes
