"""A centre in a folder of its own, one hour after voting ended, and a station of each transfer point."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.central.centre import Centre
from app.election.model import Contest
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import POINT, VOTING_ENDS, reference


@pytest.fixture
def house(tmp_path: Path) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1)
    return House(tmp_path, known, Clock(VOTING_ENDS + timedelta(hours=1)), batch_grid_seconds=0)


@pytest.fixture
def centre(house: House) -> Iterator[Centre]:
    opened = house.open()
    try:
        yield opened
    finally:
        opened.database.close()


@pytest.fixture
def station(house: House) -> SendingStation:
    """The first workstation of one transfer point, registered."""
    return house.station(f"{POINT}-1")
