"""What the neighbours say: the material with which the plausibility rules compare a protocol.

A node (a transfer point's station) adds each protocol that it accepts and asks for the surroundings
of the one that it judges: sums of all that was accepted on the same ballot, without the judged
precinct's own earlier revision. Sums of the municipality alone were tried on the protocols of 2016 and
caught nothing more, so there is one sum for each region or Senate district.

Everything handed out is a value: adding makes new sums and leaves the old ones as they were, so a verdict
can be given again. Adding copies what it changes, which suits a transfer point (two hundred protocols at
most); the centre holds all protocols of the country and does not judge by surroundings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.election.model import Contest, Counts, PrecinctId, Protocol, ProtocolKey, RegionalProtocol, Votes
from app.election.reference import Reference


class ListSum(NamedTuple):
    """One list in all protocols of an area; in a Senate contest one candidate, without preferences."""

    votes: int
    preferred: int  # sum of the preferential votes
    by_candidate: Mapping[int, int]  # preferential votes


NO_VOTES = ListSum(0, 0, {})


def weight(votes: int) -> int:
    """Twice the votes with half a vote added: what nobody chose so far is not impossible."""
    return 2 * votes + 1


@dataclass(frozen=True, slots=True)
class Area:
    """Sums of accepted protocols on one ballot."""

    protocols: int = 0
    votes: int = 0  # for lists or candidates
    lists: Mapping[int, ListSum] = field(default_factory=dict)

    def including(self, protocol: Protocol) -> Area:
        return self._changed(protocol, 1)

    def excluding(self, protocol: Protocol) -> Area:
        return self._changed(protocol, -1)

    def _changed(self, protocol: Protocol, sign: int) -> Area:
        lists, total = dict(self.lists), self.votes
        for number, votes, preferences in _lines(protocol):
            known_votes, preferred, sums = lists.get(number, NO_VOTES)
            if preferences:
                sums = dict(sums)
                for candidate, given in preferences:
                    sums[candidate] = sums.get(candidate, 0) + sign * given
                    preferred += sign * given
            lists[number] = ListSum(known_votes + sign * votes, preferred, sums)
            total += sign * votes
        return Area(self.protocols + sign, total, lists)


_NOWHERE = Area()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around one protocol. An empty area has nothing to compare with."""

    #: all that the node has accepted on the same ballot (region or Senate district)
    around: Area = _NOWHERE
    #: sum of the votes → votes by list or candidate of each precinct with that sum (PL-10)
    by_sum: Mapping[int, tuple[tuple[PrecinctId, Votes], ...]] = field(default_factory=dict)
    #: the precinct's accepted protocols of other contests (ID-05, PL-08)
    beside: Mapping[Contest, Counts] = field(default_factory=dict)


class _Ballot(NamedTuple):
    contest: Contest
    number: int  # KRZAST or OBVOD


class SurroundingsBuilder:
    """Grows with each accepted protocol. Not for several threads at once."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        held = reference.election.contests
        self._others = {contest: tuple(each for each in held if each is not contest) for contest in Contest}
        self._protocols: dict[ProtocolKey, Protocol] = {}
        self._around: dict[_Ballot, Area] = {}
        self._by_sum: dict[_Ballot, dict[int, tuple[tuple[PrecinctId, Votes], ...]]] = {}

    def add(self, protocol: Protocol) -> None:
        """An accepted protocol, or its correction, which takes the earlier one's place.

        One of a precinct that the reference data do not know is nobody's neighbour.
        """
        key = protocol.key
        ballot = self._ballot(key)
        if ballot is None:
            return
        area, by_sum = self._around.get(ballot, _NOWHERE), dict(self._by_sum.get(ballot, {}))
        known = self._protocols.get(key)
        if known is not None:
            area = area.excluding(known)
            total = _total(votes_of(known))
            by_sum[total] = tuple(each for each in by_sum[total] if each[0] != key.precinct)
        votes = votes_of(protocol)
        by_sum[_total(votes)] = (*by_sum.get(_total(votes), ()), (key.precinct, votes))
        self._around[ballot], self._by_sum[ballot] = area.including(protocol), by_sum
        self._protocols[key] = protocol

    def of(self, key: ProtocolKey) -> Surroundings:
        """What is known around this protocol; nothing of its own is in it."""
        known = self._protocols
        beside = {}
        for contest in self._others[key.contest]:
            other = known.get(ProtocolKey(key.precinct, contest))
            if other is not None:
                beside[contest] = other.counts
        ballot = self._ballot(key)
        if ballot is None:
            return Surroundings(beside=beside)
        area, own = self._around.get(ballot, _NOWHERE), known.get(key)
        by_sum: Mapping[int, tuple[tuple[PrecinctId, Votes], ...]] = self._by_sum.get(ballot, {})
        if own is not None:
            area, total = area.excluding(own), _total(votes_of(own))
            by_sum = {**by_sum, total: tuple(each for each in by_sum[total] if each[0] != key.precinct)}
        return Surroundings(area, by_sum, beside)

    def _ballot(self, key: ProtocolKey) -> _Ballot | None:
        precinct = self._reference.precincts.get(key.precinct)
        if precinct is None:
            return None
        number = precinct.senate_district if key.contest.is_senate else precinct.region
        return None if number is None else _Ballot(key.contest, number)


def votes_of(protocol: Protocol) -> Votes:
    """(number, votes) of every list or candidate with votes, ascending."""
    return tuple((number, votes) for number, votes, _ in _lines(protocol) if votes)


def _total(votes: Votes) -> int:
    return sum(given for _, given in votes)


def _lines(protocol: Protocol) -> tuple[tuple[int, int, Votes], ...]:
    """(number, votes, preferences) of each list or candidate."""
    if isinstance(protocol, RegionalProtocol):
        return protocol.sheets
    return tuple((number, votes, ()) for number, votes in protocol.votes)
