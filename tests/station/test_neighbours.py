"""A station judges by what it has accepted: as it grows, after a restart, in a correction, in one visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.election.checks import Outcome, Result
from app.election.model import Contest, Mode, ProtocolKey, RegionalProtocol
from app.election.surroundings import Surroundings
from app.station.offers import Offer
from app.station.station import Station
from tests.support import invented_election, station_world
from tests.support.invented_election import OTHER_POINT, stated
from tests.support.station_world import CLERK, SUPERVISOR, Clock

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return station_world.make_station(tmp_path, REFERENCE, point=OTHER_POINT)


@pytest.fixture
def station(folder: Path) -> Iterator[Station]:
    with Station.open(folder, Clock()) as opened:
        yield opened


def regional() -> list[RegionalProtocol]:
    """The four protocols of Středov, which is one region's part of the point."""
    made = station_world.protocols(REFERENCE, OTHER_POINT)
    found = [
        p for p in made.values() if isinstance(p, RegionalProtocol) and p.precinct.municipality == 550003
    ]
    assert len(found) == 4
    return found


def offer_of(station: Station, protocol: RegionalProtocol) -> Offer:
    (offer,) = station.intake.read_bytes("zapis.xml", station_world.file_of(stated(REFERENCE, protocol)))
    return offer


def take(station: Station, protocol: RegionalProtocol) -> None:
    station.intake.accept(offer_of(station, protocol), CLERK)


def pl_07(offer: Offer) -> Result:
    result = offer.verdict.result("PL-07")
    assert result is not None
    return result


def test_the_first_protocols_have_nothing_to_be_compared_with(station: Station) -> None:
    outcomes = []
    for protocol in regional():
        outcomes.append(pl_07(offer_of(station, protocol)).outcome)
        take(station, protocol)
    assert outcomes == [Outcome.NOT_COMPARED] * 3 + [Outcome.PASSED]


def test_what_was_accepted_is_known_after_a_restart(folder: Path) -> None:
    *earlier, last = regional()
    with Station.open(folder, Clock()) as station:
        for protocol in earlier:
            take(station, protocol)
        before = offer_of(station, last)
    with Station.open(folder, Clock()) as station:
        assert offer_of(station, last).verdict == before.verdict
        assert pl_07(before).outcome is Outcome.PASSED


def test_the_same_numbers_for_another_precinct_are_held_for_approval(station: Station) -> None:
    first, second, *_ = regional()
    take(station, first)
    offer = offer_of(station, replace(second, counts=first.counts, sheets=first.sheets))
    assert offer.verdict.failed_ids == ("PL-10",)
    assert (offer.can_accept, offer.can_hold) == (False, True)
    held = station.intake.hold(offer, CLERK, "komise trvá na svém")
    station.intake.approve(offer.key, SUPERVISOR, held.content_hash)


def test_a_correction_is_not_compared_with_what_it_corrects(station: Station) -> None:
    first, *others = regional()
    for protocol in others:
        take(station, protocol)
    take(station, first)
    counts = first.counts._replace(registered_voters=first.counts.registered_voters + 1)
    offer = offer_of(station, replace(first, counts=counts))
    again = station.intake.as_correction(offer, CLERK, "o voliče víc")
    assert again.verdict.failed_ids == ()
    station.intake.accept(again, CLERK)


def test_both_protocols_of_a_visit_are_compared_with_each_other(station: Station) -> None:
    key = ProtocolKey(regional()[0].precinct, Contest.SENATE_ROUND_1)
    made = station_world.protocols(REFERENCE, OTHER_POINT)
    senate, own = made[key], regional()[0]
    voters = own.counts.registered_voters * 2
    other = replace(senate, counts=senate.counts._replace(registered_voters=voters))
    data = station_world.file_of(stated(REFERENCE, own), stated(REFERENCE, other))
    (visit,) = station.visits.of(station.intake.read_bytes("zapis.xml", data))
    assert [offer.verdict.failed_ids for offer in visit.offers] == [("PL-08",), ("PL-08",)]
    assert not any(offer.verdict.needs_reason for offer in visit.offers)


def test_surroundings_are_those_of_the_builder(station: Station) -> None:
    for protocol in regional():
        take(station, protocol)
    key = regional()[0].key
    known = offer_of(station, regional()[0])
    assert known.standing.value == "same"
    found: Surroundings = station.intake._reader._surroundings(key)
    assert found.around.protocols == 3
    assert found.around.votes == sum(p.counts.valid_votes for p in regional()[1:])
