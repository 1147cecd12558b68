"""Both rounds of a small Senate election, each published by a centre of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from app.documents.registers import with_round_1
from app.election.model import Contest
from app.election.reference import Calendar, Reference
from tests.support.house import House
from tests.support.invented_election import CALENDAR, OTHER_POINT, POINT, protocols, reference

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
