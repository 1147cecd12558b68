"""One open station of the invented point, and the centre that it sends to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.election.model import Mode
from app.election.reference import Reference
from app.station.sending import Sender
from app.station.station import Station
from tests.support import invented_election
from tests.support.station_world import Clock, FakeCentre, fixed_chance, make_station


@pytest.fixture
def reference() -> Reference:
    return invented_election.reference(mode=Mode.REHEARSAL)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path, reference: Reference) -> Path:
    return make_station(tmp_path, reference)


@pytest.fixture
def station(folder: Path, clock: Clock) -> Iterator[Station]:
    with Station.open(folder, clock) as opened:
        yield opened


@pytest.fixture
def centre(reference: Reference, clock: Clock) -> FakeCentre:
    return FakeCentre(reference, clock)


@pytest.fixture
def sender(station: Station, centre: FakeCentre) -> Sender:
    return station.sender(centre, fixed_chance())
