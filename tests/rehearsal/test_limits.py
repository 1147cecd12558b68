"""The largest election there can be: what `resources/manual/limits.md` promises is tried here at the limit.

20 000 precincts, 13 regions of 99 lists with 70 candidates each, 27 Senate districts of 22 candidates, 500
stations. What is bounded is size, not time: a slow machine is no fault.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app import resources
from app.central import centre as centre_module
from app.central.centre import Centre
from app.central.settings import CentreSettings
from app.documents import batch as batch_document
from app.documents.receipt import Outcome
from app.election.complete import MOST_VOTERS, MOST_VOTES
from app.election.model import (
    MAX_LISTS,
    MAX_PREFERENCES,
    MAX_SENATE_CANDIDATES,
    Counts,
    Mode,
    RegionalProtocol,
    Sheet,
)
from app.election.reference import Candidate, CandidateList, Precinct, Reference
from app.rehearsal import generator
from app.trust import keys
from app.trust.identity import Identity, Role
from tests.support.house import Clock, House, SendingStation

pytestmark = pytest.mark.slow

PRECINCTS, STATIONS = 20_000, 500
PROTOCOLS_IN_A_BATCH = 30
#: Of the zero file, which names every candidate and every precinct.
ZERO_BYTES = 32_000_000
#: Votes of each list in a protocol with a mark in every box: at most four marks on a ballot.
VOTES = 18


def largest() -> Reference:
    """An invented election with every number at its limit."""
    invented = generator.invent(generator.Plan(precincts=PRECINCTS, stations=STATIONS, mode=Mode.LIVE))
    people = {
        n: Candidate(n, f"Jméno{n}", f"Příjmení{n}", "Ing.", "Ph.D.") for n in range(1, MAX_PREFERENCES + 1)
    }
    lists = {
        n: CandidateList(n, 3000 + n, f"Strana {n} a přátelé", f"Strana {n}", people)
        for n in range(1, MAX_LISTS + 1)
    }
    senators = {n: replace(people[n], party_code=3000 + n) for n in range(1, MAX_SENATE_CANDIDATES + 1)}
    return replace(
        invented,
        regions={number: replace(region, lists=lists) for number, region in invented.regions.items()},
        senate_districts={n: replace(d, candidates=senators) for n, d in invented.senate_districts.items()},
    )


def full(precinct: Precinct) -> RegionalProtocol:
    """Every list with every candidate marked."""
    marked = tuple((number, 1) for number in range(1, MAX_PREFERENCES + 1))
    sheets = tuple(Sheet(number, VOTES, marked) for number in range(1, MAX_LISTS + 1))
    valid = VOTES * MAX_LISTS
    return RegionalProtocol(
        precinct.id, precinct.district, False, False, Counts(valid + 2000, valid, valid, valid), sheets
    )


@pytest.fixture
def house(tmp_path: Path) -> House:
    reference = largest()
    night = Clock(reference.election.calendar.voting_ends + timedelta(hours=1))
    return House(tmp_path, reference, night, batch_grid_seconds=0)


def stations(house: House) -> list[SendingStation]:
    """One of each point, enrolled; they share a key, which costs less and proves the same."""
    points = sorted({precinct.transfer_point for precinct in house.reference.precincts.values()})
    key = keys.make_key()
    made = []
    for point in points:
        _, certificate = house.participant(Identity(Role.STATION, house.code, point, f"{point}-1"), key)
        made.append(SendingStation(house, f"{point}-1", point, key, certificate))
    centre_module.add_stations(house.centre_folder, [each.certificate for each in made], house.clock.now)
    return made


def test_the_largest_election_is_published_with_zeros_and_takes_in_the_largest_batch(house: House) -> None:
    enrolled, reference = stations(house), house.reference
    assert len(enrolled) == STATIONS
    centre = house.open()
    try:
        centre.publisher.flush()
        assert turnout(centre)["OKRSKY_CELKEM"] == str(
            sum(p.region is not None for p in reference.precincts.values())
        )
        assert turnout(centre)["OKRSKY_ZPRAC"] == "0"
        assert (
            centre.folder.public / "current" / "feed" / house.code / "zero.xml"
        ).stat().st_size < ZERO_BYTES
        station = max(enrolled, key=lambda each: len(reference.of_transfer_point(each.point)))
        precincts = [p for p in reference.of_transfer_point(station.point) if p.region is not None]
        taken = precincts[:PROTOCOLS_IN_A_BATCH]
        data = station.batch(*(station.item(full(precinct)) for precinct in taken))
        assert len(taken) == PROTOCOLS_IN_A_BATCH
        assert len(data) < batch_document.MAX_BYTES // 2
        receipt = house.receipt(centre.ingest.receive(data, house.clock.now).body)
        assert [item.outcome for item in receipt.items] == [Outcome.ACCEPTED] * len(taken)
        centre.publisher.flush()
        assert turnout(centre)["OKRSKY_ZPRAC"] == str(len(taken))
        assert turnout(centre)["PLATNE_HLASY"] == str(VOTES * MAX_LISTS * len(taken))
        kandid = ElementTree.fromstring(published(centre, "vysledky_kandid.xml"))
        marks = [int(each.attrib["HLASY"]) for each in kandid.iter() if each.tag.endswith("}KANDIDAT")]
        assert len(marks) % (MAX_LISTS * MAX_PREFERENCES) == 0
        assert sum(marks) == MAX_LISTS * MAX_PREFERENCES * len(taken)
    finally:
        centre.close()


def turnout(centre: Centre) -> dict[str, str]:
    """UCAST of the country."""
    root = ElementTree.fromstring(published(centre, "vysledky.xml"))
    (country,) = (child for child in root if child.tag.endswith("}CR"))
    return dict(country[0].attrib)


def published(centre: Centre, name: str) -> bytes:
    return (
        centre.folder.public / "current" / "appdata" / centre.settings.election / "odata" / name
    ).read_bytes()


def test_the_manual_tells_the_limits_of_the_code() -> None:
    told = set(re.findall(r"\| (\d[\d ]*) \|", resources.path("manual", "limits.md").read_text("utf-8")))
    usual = CentreSettings("zk2024", Mode.REHEARSAL)
    limits = (
        *(PRECINCTS, STATIONS, MAX_LISTS, MAX_PREFERENCES, MAX_SENATE_CANDIDATES, MOST_VOTERS, MOST_VOTES),
        *(usual.max_batch_bytes, batch_document.MAX_BYTES),
        *(usual.max_waiting_batches, usual.max_received_bytes, usual.max_connections, usual.keep_versions),
    )
    assert told == {f"{limit:,}".replace(",", " ") for limit in limits}
