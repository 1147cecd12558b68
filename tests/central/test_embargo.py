"""The embargo by two clocks: whichever is wrong, every address answers with zeros until both say the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from app.central.centre import Centre
from app.election.model import Contest, Protocol
from tests.support.central_driver import of_point
from tests.support.house import House, SendingStation, serving
from tests.support.invented_election import OTHER_POINT, POINT, VOTING_ENDS

Announce = Callable[[str, str], None]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def mine(house: House) -> list[Protocol]:
    return of_point(house, POINT)


class Night:
    """A centre and a station, each with a clock of its own."""

    def __init__(self, house: House, centre: Centre, station: SendingStation) -> None:
        self.house, self.centre, self.station = house, centre, station
        self.centres = house.clock.now

    def send(self, protocol: Protocol, signed_at: object, by: SendingStation | None = None) -> None:
        """A batch signed by the station's clock, taken in by the centre's."""
        sender = by or self.station
        self.house.clock.now = signed_at
        data = sender.batch(sender.item(protocol))
        self.house.clock.now = self.centres
        assert self.centre.ingest.receive(data, self.centres).code == ""

    def at(self, instant: object) -> None:
        self.centres = self.house.clock.now = instant  # type: ignore[assignment]


@pytest.fixture
def night(house: House, centre: Centre, station: SendingStation) -> Night:
    return Night(house, centre, station)


def processed(centre: Centre) -> int:
    return centre.publisher.progress["KZ"]["processed"]


def test_a_centre_a_day_ahead_among_stations_that_run_right_answers_with_zeros_everywhere(
    night: Night, mine: list[Protocol], expect_log: Announce
) -> None:
    expect_log("CRITICAL", "nothing is published: the centre's clock is ahead")
    night.at(VOTING_ENDS + DAY - HOUR)  # it is one hour before the end
    for protocol in mine:
        night.send(protocol, VOTING_ENDS - HOUR)
    night.centre.publisher.flush(close_batch=True)
    assert night.centre.publisher.clock_trouble == "the centre's clock is ahead of the stations'"
    edition = night.centre.site.edition
    addresses = [path for path in edition.pages if not path.endswith((".p7s", ".css"))]
    assert len(addresses) > 15
    older = [
        "vysledky",
        "vysledky_kandid",
        "vysledky_okres?nuts=CZ0411",
        "vysledky_okrsky",
        "vysledky_okrsky?davka=1",
    ]
    with serving(night.centre) as url, httpx.Client(base_url=url) as asking:
        bodies = [asking.get(f"/{path}").text for path in addresses]
        bodies += [asking.get(f"/pls/zk2024/{path}").text for path in older]
        bodies.append(asking.get("/feed/zk2024/changes?after=0").text)
        assert asking.get("/feed/zk2024/changes/000001.xml").status_code == 404
        told = asking.get("/v1/status").json()
    assert told["embargo"] is True
    assert told["clock"] == "the centre's clock is ahead of the stations'"
    for body in bodies:
        assert set(re.findall(r'(?:HLASY|ZPRAC|VOLICI|OBALKY|OKRSKY_ZPRAC|VELIKOST)="([^"]*)"', body)) <= {
            "0"
        }
        assert "<ZMENA " not in body
    assert 'STAV="PRED_KONCEM"' in edition.pages["feed/zk2024/index.xml"].body.decode()


def test_the_first_signature_from_after_the_end_opens_it_and_a_slow_station_loses_nothing(
    night: Night, mine: list[Protocol], expect_log: Announce
) -> None:
    expect_log("CRITICAL", "the centre's clock is ahead")
    night.at(VOTING_ENDS + HOUR)
    night.send(mine[0], VOTING_ENDS - HOUR)  # this workstation's clock is two hours slow
    night.centre.publisher.flush()
    assert processed(night.centre) == 0
    other = night.house.station(f"{OTHER_POINT}-1")
    night.send(of_point(night.house, OTHER_POINT)[0], VOTING_ENDS, other)
    night.centre.publisher.flush()
    assert processed(night.centre) == 2
    assert night.centre.publisher.clock_trouble == ""


def test_a_centre_behind_the_stations_publishes_nothing_and_says_so_loudly_once(
    night: Night, mine: list[Protocol], expect_log: Announce, caplog: pytest.LogCaptureFixture
) -> None:
    expect_log("CRITICAL", "nothing is published: the centre's clock is behind the stations'")
    night.at(VOTING_ENDS - HOUR)
    for protocol in mine[:2]:
        night.send(protocol, VOTING_ENDS + timedelta(minutes=20))
        night.centre.publisher.flush()
    assert processed(night.centre) == 0
    assert night.centre.publisher.clock_trouble == "the centre's clock is behind the stations'"
    assert sum("nothing is published" in record.getMessage() for record in caplog.records) == 1
    night.at(VOTING_ENDS + HOUR)  # somebody set the clock right
    night.centre.publisher.flush()
    assert processed(night.centre) == 2


def test_a_clock_that_jumps_back_after_the_opening_takes_nothing_away(
    night: Night, mine: list[Protocol]
) -> None:
    night.at(VOTING_ENDS + HOUR)
    night.send(mine[0], VOTING_ENDS + HOUR)
    night.centre.publisher.flush()
    night.at(VOTING_ENDS - 5 * HOUR)
    night.send(mine[1], VOTING_ENDS + HOUR)
    night.centre.publisher.flush()
    assert processed(night.centre) == 2
    night.centre.close()
    again = night.house.open()
    again.publisher.flush()
    assert processed(again) == 2
    assert again.publisher.is_open
    again.close()


def test_the_end_of_voting_alone_opens_nothing(night: Night) -> None:
    night.at(VOTING_ENDS - timedelta(seconds=1))
    assert night.centre.publisher.flush() == 1
    night.at(VOTING_ENDS + HOUR)
    assert night.centre.publisher.flush() == 1
    assert not night.centre.publisher.is_open
    assert Contest.REGIONAL.value in night.centre.publisher.progress
