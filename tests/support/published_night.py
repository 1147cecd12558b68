"""A small night at a real centre: all regions, a divided city, both elections, batches, corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from app.central.centre import Centre
from app.election.complete import with_flags
from app.election.model import Contest, Protocol
from app.election.reference import Municipality, Reference
from app.rehearsal.generator import Plan, invent
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import protocols

#: The code under which the divided city is presented, and its name.
CITY = 999_901
CITY_NAME = "Dvouměstí"


@dataclass
class Night:
    """A centre that has published; `truth` is what stands, by contest, after the corrections."""

    house: House
    centre: Centre
    reference: Reference
    stations: dict[int, SendingStation]
    truth: dict[Contest, dict[object, Protocol]]

    @property
    def public(self) -> Path:
        return self.house.centre_folder / "public"

    @property
    def senate_day(self) -> str:
        return f"{self.reference.election.senate_date:%Y%m%d}"

    def take(self, given: Sequence[Protocol], revision: int = 1) -> None:
        """Let the stations of these precincts send their protocols, each in a batch of its own."""
        places = self.reference.precincts
        for protocol in given:
            station = self.stations[places[protocol.precinct].transfer_point]
            answer = self.centre.ingest.receive(
                station.batch(station.item(protocol, revision)), self.house.clock.now
            )
            assert answer.code == ""
            self.truth.setdefault(protocol.contest, {})[protocol.precinct] = protocol

    def publish(self, minutes: int = 5) -> int:
        """Move the clock, then publish; every publication closes a batch."""
        self.house.clock.move(minutes=minutes)
        return self.centre.publisher.flush(close_batch=True)


def divided(reference: Reference) -> Reference:
    """The same election with TYP_OBEC, where two municipalities of one district are boroughs of a city."""
    places = reference.municipalities
    voting = sorted(
        {precinct.id.municipality for precinct in reference.precincts.values() if precinct.region}
    )
    of_district: dict[int, list[Municipality]] = {}
    for code in voting:
        of_district.setdefault(places[code].district, []).append(places[code])
    boroughs = next(group for group in of_district.values() if len(group) > 1)[:2]
    changed = {each.code: replace(each, presented_under=CITY, presented_name=CITY_NAME) for each in boroughs}
    return replace(
        reference,
        election=replace(reference.election, feed={"TYP_OBEC": "1"}),
        municipalities={**places, **changed},
    )


def corrected(protocol: Protocol, more: int) -> Protocol:
    """The same protocol with more registered voters, as a correction."""
    counts = protocol.counts._replace(registered_voters=protocol.counts.registered_voters + more)
    return with_flags(replace(protocol, counts=counts), corrected=True)


@contextmanager
def open_night(folder: Path, reference: Reference | None = None, **options: object) -> Iterator[Night]:
    """A centre one hour after voting ended, with nothing received yet; of all regions unless one is given."""
    reference = divided(reference or invent(Plan(precincts=90, stations=4, seed=3)))
    clock = Clock(reference.election.calendar.voting_ends + timedelta(hours=1))
    house = House(folder, reference, clock, batch_grid_seconds=0, **options)
    points = sorted({precinct.transfer_point for precinct in reference.precincts.values()})
    stations = {point: house.station(f"{point}-1") for point in points}
    centre = house.open()
    try:
        yield Night(house, centre, reference, stations, {})
    finally:
        centre.close()


def whole_night(night: Night, stages: int = 3) -> None:
    """Everything in so many stages, each published, with a correction of either contest before the last."""
    for contest in night.reference.election.contests:
        night.truth[contest] = {}
    waiting = [each for contest in night.truth for each in protocols(night.reference, contest)]
    waiting.sort(key=lambda protocol: protocol.precinct)
    night.centre.publisher.flush()
    size = -(-len(waiting) // stages)
    for at in range(0, len(waiting), size):
        if at + size >= len(waiting):
            night.take([corrected(next(iter(found.values())), 7) for found in night.truth.values()], 2)
        night.take(waiting[at : at + size])
        night.publish()
