"""Readiness at the centre's door: who may report, what is refused, and how points are listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.central import journal, refusals
from app.central.centre import Centre, listed_readiness, revoke_station
from app.central.readiness import PointReadiness, PointStanding, counted, why
from app.documents import readiness, readiness_answer, readiness_trial
from app.documents.readiness import Standing, Trial, TrialState
from app.documents.readiness_trial import TrialProtocol
from app.election.model import Mode
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from tests.support.central_driver import of_point
from tests.support.house import House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT, stated
from tests.support.readiness import WELL, signed_report

ExpectLog = Callable[[int | str, str], None]
FAILED = Trial("printer", TrialState.FAULT, "RDY-06", "V počítači není žádná tiskárna.")


def point(house: House, number: int = POINT) -> PointReadiness:
    return next(each for each in listed_readiness(house.centre_folder, house.clock)
                if each.transfer_point == number)  # fmt: skip


def report(centre: Centre, house: House, data: bytes) -> str:
    return centre.readiness.report(data, house.clock.now).code


def test_a_point_is_ready_when_all_its_workstations_say_so(
    house: House, centre: Centre, station: SendingStation
) -> None:
    second = house.station(f"{POINT}-2")
    assert point(house).standing is PointStanding.SILENT
    assert report(centre, house, signed_report(house, station)) == ""
    assert point(house).standing is PointStanding.NOT_READY
    assert why(point(house)) == [f"{second.name}: mlčí · silent"]
    assert report(centre, house, signed_report(house, second)) == ""
    assert point(house).standing is PointStanding.READY
    assert point(house, OTHER_POINT).standing is PointStanding.SILENT
    house.clock.move(minutes=1)
    bad = signed_report(house, second, standing=Standing.NOT_READY, trials=(WELL, FAILED))
    assert report(centre, house, bad) == ""
    assert why(point(house)) == [f"{second.name}: printer"], "the last word counts"
    revoke_station(house.centre_folder, second.name, "rozbitá", house.clock.now)
    assert point(house).standing is PointStanding.READY, "who is not in force has nothing to say"
    assert counted(listed_readiness(house.centre_folder, house.clock))[PointStanding.READY] == 1


def test_the_answer_names_the_report_and_the_same_report_is_stored_once(
    house: House, centre: Centre, station: SendingStation
) -> None:
    data = signed_report(house, station)
    answer = centre.readiness.report(data, house.clock.now)
    anchors = Anchors.from_pem(house.authority.to_pem())
    content = cms.verify(answer.body, anchors, house.clock.now, Expected(Role.CENTRE, house.code)).content
    said = readiness_answer.read(content)
    assert (said.station, said.digest, said.received_at) == (
        station.name, chain.batch_hash(data), house.clock.now,
    )  # fmt: skip
    with centre.database.reading() as connection:
        before = journal.head(connection)
    assert report(centre, house, data) == ""
    with centre.database.reading() as connection:
        assert journal.head(connection) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"station": f"{POINT}-7"}, "ING-32"),
        ({"transfer_point": OTHER_POINT}, "ING-32"),
        ({"election": "ps2025"}, "ING-08"),
        ({"mode": Mode.REHEARSAL}, "ING-09"),
        ({"mode": Mode.LIVE}, "ING-09"),
    ],
)
def test_a_report_for_somebody_else_is_refused(
    house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog,
    changes: dict[str, object], code: str,
) -> None:  # fmt: skip
    if changes.get("mode") is house.reference.election.mode:
        pytest.skip("this is the election's own mode")
    expect_log("ERROR" if refusals.REFUSALS[code].alarm else "WARNING", code)
    assert report(centre, house, signed_report(house, station, **changes)) == code
    assert point(house).standing is PointStanding.SILENT


def test_an_old_a_foreign_and_a_huge_report_are_refused(
    house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
) -> None:
    for code in ("ING-31", "ING-30", "ING-03", "ING-01"):
        expect_log("WARNING", code)
    for by in (timedelta(days=-3), timedelta(hours=1)):
        assert report(centre, house, signed_report(house, station, tried_at=house.clock.now + by)) == "ING-31"
    assert report(centre, house, station.sign(b"<A/>")) == "ING-30"
    assert report(centre, house, b"nonsense") == "ING-03"
    assert report(centre, house, bytes(readiness.MAX_SIGNED_BYTES + 1)) == "ING-01"


def trial(house: House, station: SendingStation, **changes: object) -> bytes:
    election = house.reference.election
    reading = stated(house.reference, of_point(house, POINT)[0])
    said = TrialProtocol(election.code, election.mode, station.name, station.point, house.clock.now, reading)
    for name, value in changes.items():
        object.__setattr__(said, name, value)
    return station.sign(readiness_trial.write(said))


def test_a_trial_protocol_never_enters_a_live_centre(
    house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
) -> None:
    if house.reference.election.mode is Mode.REHEARSAL:
        pytest.skip("the house is a rehearsal")
    expect_log("ERROR", "ING-09")
    assert centre.readiness.trial(trial(house, station), house.clock.now).code == "ING-09"


def test_a_trial_protocol_is_no_batch(
    house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
) -> None:
    expect_log("WARNING", "ING-06")
    answer = centre.ingest.receive(trial(house, station), house.clock.now)
    assert answer.code == "ING-06"
