"""A centre in a folder of its own, one hour after voting ended, and a station of each transfer point.

The tests of what the store has to guarantee run on SQLite and on a real PostgreSQL server.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.central.centre import Centre
from app.election.model import Contest
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import POINT, VOTING_ENDS, reference
from tests.support.postgres import PostgresServer, postgres_server

ON_BOTH = {
    "test_acts",
    "test_backup",
    "test_changes",
    "test_ingest",
    "test_media_decisions",
    "test_media_register",
    "test_inquiries",
    "test_permits",
    "test_protocols",
    "test_publisher",
    "test_quarantine",
    "test_register",
    "test_room_acts",
    "test_store",
    "test_tables",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only_on")
    if only is not None:
        metafunc.parametrize("store", only.args, indirect=True)
    elif metafunc.module.__name__.rpartition(".")[2] in ON_BOTH:
        metafunc.parametrize("store", ("sqlite", "postgresql"), indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """What `database` says in `centre.toml`: nothing, or the address of a new PostgreSQL database."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    address = server.fresh()
    yield address
    server.drop(address)


@pytest.fixture
def house(tmp_path: Path, store: str) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1)
    clock = Clock(VOTING_ENDS + timedelta(hours=1))
    return House(tmp_path, known, clock, batch_grid_seconds=0, database=store)


@pytest.fixture
def centre(house: House) -> Iterator[Centre]:
    opened = house.open()
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def station(house: House) -> SendingStation:
    """The first workstation of one transfer point, registered."""
    return house.station(f"{POINT}-1")
