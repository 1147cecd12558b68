"""Round 2 of the Senate, for which no table by precinct is published: two lists stand for the finalists.

The two strongest lists of each region, with their real votes in each precinct of 2016, are as alike and as
different from place to place as two people before whom all others have fallen out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from app.election.checks import Verdict
from app.election.model import Contest, Protocol, RegionalProtocol, SenateProtocol
from app.election.reference import Candidate, Precinct, Reference, SenateDistrict
from app.election.surroundings import Surroundings, SurroundingsBuilder
from tests.conformance.nights import REGIONS, Caught, Clean, real_protocols, verdict


def finalists(reference: Reference) -> tuple[Clean, Caught]:
    """Every precinct's two finalists as they are, and exchanged."""
    protocols = real_protocols()
    pairs = _strongest(reference, protocols)
    ballot = _as_round_2(reference)
    stations: dict[int, SurroundingsBuilder] = {}
    clean, caught = Clean(), Caught()
    for protocol in protocols:
        precinct = ballot.precincts[protocol.precinct]
        votes = {sheet.list_number: sheet.votes for sheet in protocol.sheets}
        one, two = (votes.get(number, 0) for number in pairs[precinct.senate_district or 0])
        if not one + two:
            continue
        known = stations.setdefault(precinct.transfer_point, SurroundingsBuilder(ballot))
        right, wrong = _round_2(protocol, precinct, one, two), _round_2(protocol, precinct, two, one)
        around = known.of(right.key)
        if clean.count(_pl_07(ballot, right, around)) and one != two:
            caught.count(abs(one - two), _pl_07(ballot, wrong, around))
        known.add(right)
    return clean, caught


def _strongest(reference: Reference, protocols: Iterable[RegionalProtocol]) -> dict[int, list[int]]:
    sums: dict[int, Counter[int]] = {number: Counter() for number in REGIONS}
    for protocol in protocols:
        region = reference.precincts[protocol.precinct].region
        assert region is not None
        sums[region].update({sheet.list_number: sheet.votes for sheet in protocol.sheets})
    return {region: [number for number, _ in votes.most_common(2)] for region, votes in sums.items()}


def _as_round_2(reference: Reference) -> Reference:
    """Each region is a Senate district with two finalists."""
    people = {number: Candidate(number, "", f"Kandidát {number}", "", "") for number in (1, 2)}
    return replace(
        reference,
        election=replace(reference.election, contests=(Contest.SENATE_ROUND_2,)),
        precincts={key: replace(p, senate_district=p.region) for key, p in reference.precincts.items()},
        senate_districts={n: SenateDistrict(n, str(n), people, finalists=(1, 2)) for n in REGIONS},
    )


def _round_2(protocol: RegionalProtocol, precinct: Precinct, one: int, two: int) -> SenateProtocol:
    counts = protocol.counts._replace(
        envelopes_issued=one + two, envelopes_returned=one + two, valid_votes=one + two
    )
    votes = tuple((number, given) for number, given in ((1, one), (2, two)) if given)
    district = precinct.senate_district or 0
    return SenateProtocol(precinct.id, precinct.district, False, False, district, 2, counts, votes)


def _pl_07(reference: Reference, protocol: Protocol, around: Surroundings) -> Verdict:
    """What PL-07 alone says: the other numbers are not a ballot's."""
    told = verdict(reference, protocol, around)
    return Verdict(tuple(result for result in told.results if result.rule_id == "PL-07"))
