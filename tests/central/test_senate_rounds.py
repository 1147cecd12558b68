"""Both rounds of the Senate, one centre after the other: what the first published the second begins with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

from app.documents.registers import with_round_1
from app.election.model import Contest
from app.election.reference import Calendar, Reference
from tests.support.house import Clock, House
from tests.support.invented_election import CALENDAR, OTHER_POINT, POINT, protocols, reference

NS = "{http://www.volby.cz/senat/}"
WEEK = timedelta(days=7)


def published(house: House, contest: Contest) -> Path:
    """The Senate's documents of a centre that has received everything."""
    opened = house.open()
    points = house.reference.precincts
    for point in (POINT, OTHER_POINT):
        station = house.station(f"{point}-1")
        mine = [p for p in protocols(house.reference, contest) if points[p.precinct].transfer_point == point]
        answer = opened.ingest.receive(station.batch(*station.items(mine)), house.clock.now)
        assert answer.code == ""
    opened.publisher.flush()
    opened.close()
    return house.centre_folder / "public" / "current" / "appdata" / "senat" / "20240920" / "odata"


def round_2(published_1: Path) -> Reference:
    first = reference(Contest.SENATE_ROUND_1)
    times = (CALENDAR.voting_begins, CALENDAR.voting_ends, CALENDAR.delivery_ends)
    election = replace(
        first.election,
        code="se2024-2",
        contests=(Contest.SENATE_ROUND_2,),
        date=date(2024, 9, 27),
        calendar=Calendar(*(each + WEEK for each in times)),
        round1_date=date(2024, 9, 20),
    )
    return with_round_1(replace(first, election=election), published_1)


def test_round_2_begins_with_what_round_1_published_and_lies_at_the_same_address(tmp_path: Path) -> None:
    clock = Clock(CALENDAR.voting_ends + timedelta(hours=1))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    first = published(House(tmp_path / "one", reference(), clock), Contest.SENATE_ROUND_1)
    second = round_2(first)
    assert {n: d.finalists for n, d in second.senate_districts.items()} == {2: (2, 4), 17: (1, 2)}
    clock.move(days=7)
    folder = published(House(tmp_path / "two", second, clock), Contest.SENATE_ROUND_2)
    before, after = (ElementTree.parse(each / "vysledky.xml").getroot() for each in (first, folder))
    for one, both in zip(before.iter(f"{NS}KANDIDAT"), after.iter(f"{NS}KANDIDAT"), strict=True):
        assert list(both.items())[: len(one.items())] == list(one.items())
        assert ("HLASY_2KOLO" in both.attrib) is (one.attrib["ZVOLEN_1KOLO"] == "2.KOLO")
    told = [
        each.attrib["ZVOLEN_2KOLO"] for each in after.iter(f"{NS}KANDIDAT") if "ZVOLEN_2KOLO" in each.attrib
    ]
    assert sorted(told) == ["NEZVOLEN", "NEZVOLEN", "ZVOLEN", "ZVOLEN"]
    for number in (2, 17):
        name = Path("obvody", f"vysledky_obce_obvod_{number}.xml")
        rows = [ElementTree.parse(each / name).getroot().iter(f"{NS}OBEC") for each in (first, folder)]
        for one, both in zip(*rows, strict=True):
            assert one.find(f"{NS}UCAST").attrib == both.find(f"{NS}UCAST").attrib  # type: ignore[union-attr]
            assert [u.attrib["KOLO"] for u in both.iter(f"{NS}UCAST")] == ["1", "2"]
