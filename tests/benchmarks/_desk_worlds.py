"""What the desk is measured with: the largest point, the largest protocol of 2016, and the tallest form.

The protocol comes from the open data beside the checkout, as the commission's file would carry it; where
they are not, it is the largest of an invented night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from app.documents.registers import read_registers
from app.documents.t6 import read_t6, regions_with_sheets
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey, Reading
from app.election.reference import Reference
from app.rehearsal import ballots
from app.rehearsal.generator import Plan, invent
from app.station.station import Station
from app.trust.passwords import Passwords
from tests.support import invented_election, people
from tests.support.opendata import DATA
from tests.support.station_world import Clock, file_of, make_station

_ZLIN = 7204
#: The longest list of the law, on as many lists as the fullest ballot of 2016.
_CANDIDATES, _LISTS = 70, 20
TALL = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)


@dataclass(frozen=True)
class World:
    """A station's folder, the clock of its night, and one protocol file."""

    folder: Path
    reference: Reference
    clock: Clock
    file: bytes = b""


def largest_point(base: Path) -> World:
    """177 precincts that vote for a council and the Senate, four people who may sign in, and the largest of
    the protocols."""
    reference = invent(Plan(seed=3, precincts=177, stations=1, home_district=_ZLIN))
    (point,) = {precinct.transfer_point for precinct in reference.precincts.values()}
    readings = (
        ballots.write(reference, precinct, contest, 3).first
        for precinct in reference.precincts.values()
        for contest in reference.contests_of(precinct)
    )
    largest, _ = _largest(readings)
    world = World(make_station(base, reference, point=point), reference, Clock(), largest)
    with Station.open(world.folder, world.clock, passwords=Passwords(people.CHEAP)) as station:
        people.usual(station)
    return world


def largest_protocol(base: Path, otherwise: World) -> World:
    """The largest protocol of the nights that are known, at the point that took it in."""
    data = DATA / "kz2016"
    if not data.is_dir():
        return otherwise
    reference = read_registers(data)
    largest, reading = _largest(read_t6(data, reference, regions_with_sheets(data, reference)))
    point = reference.precincts[reading.key.precinct].transfer_point
    return World(make_station(base, reference, point=point), reference, Clock(), largest)


def tallest_form(base: Path) -> World:
    """A precinct whose T/6 has twenty lists of seventy candidates; it is typed from paper."""
    known = invented_election.reference(mode=Mode.REHEARSAL)
    pattern = known.regions[1].lists[12]
    assert len(pattern.candidates) == _CANDIDATES
    lists = {number: replace(pattern, number=number) for number in range(1, _LISTS + 1)}
    reference = replace(known, regions={**known.regions, 1: replace(known.regions[1], lists=lists)})
    return World(make_station(base, reference), reference, Clock())


def _largest(readings: Iterable[Reading]) -> tuple[bytes, Reading]:
    found = ((file_of(reading, mode=Mode.REHEARSAL), reading) for reading in readings)
    return max(found, key=lambda one: len(one[0]))
