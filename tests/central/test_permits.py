"""Permits for late acceptances: given once, kept, and asked for at ingest; nothing else opens the door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from app.central import centre as centres
from app.central import journal
from app.central.centre import Centre
from app.central.permits import Given
from app.commands.central import app
from app.documents import permit as documents
from app.documents.document_errors import DocumentError
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.identity import Expected, Role
from tests.support.central_driver import corrected, of_point, outcomes, receipt
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT, reference

Announce = Callable[[str, str], None]
HOUR = timedelta(hours=1)


def give(house: House, key: ProtocolKey, until: datetime, reason: str = "Sněhová kalamita") -> Given:
    return centres.give_permit(house.centre_folder, key, until, reason, house.clock)


@pytest.fixture
def ends(house: House) -> datetime:
    return house.reference.election.calendar.delivery_ends


def test_a_permit_is_signed_by_the_centre_and_names_one_protocol(house: House, ends: datetime) -> None:
    key = of_point(house, POINT)[0].key
    given = give(house, key, ends + HOUR)
    anchors = Anchors.from_pem(house.authority.to_pem())
    verified = cms.verify(given.signed, anchors, house.clock.now, Expected(Role.CENTRE, house.code))
    read = documents.read(verified.content)
    assert read == given.permit
    assert (read.number, read.transfer_point, read.key, read.valid_until) == (1, POINT, key, ends + HOUR)
    assert (read.mode, read.issued_at) == (house.reference.election.mode, house.clock.now)


def test_permits_are_numbered_kept_and_stand_in_the_journal(
    house: House, centre: Centre, ends: datetime
) -> None:
    keys = [protocol.key for protocol in of_point(house, POINT)[:2]]
    given = [give(house, key, ends + HOUR) for key in keys]
    assert [one.permit.number for one in given] == [1, 2]
    assert centres.listed_permits(house.centre_folder) == [one.permit for one in given]
    with centre.database.reading() as connection:
        acts = connection.execute(text("SELECT act, subject FROM journal ORDER BY id")).all()
        assert [act for act, _ in acts][-2:] == ["permit given"] * 2
        assert journal.first_broken(connection) is None
    for statement in ("UPDATE permit SET reason = 'x'", "DELETE FROM permit"):
        with pytest.raises(IntegrityError), centre.database.writing() as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("key", "hours", "reason", "code"),
    [
        (ProtocolKey(PrecinctId(550001, 99), Contest.REGIONAL), 1, "kalamita", "CEN-40"),
        (ProtocolKey(PrecinctId(550002, 1), Contest.SENATE_ROUND_1), 1, "kalamita", "CEN-40"),
        (None, -1, "kalamita", "CEN-41"),
        (None, 0, "kalamita", "CEN-41"),
        (None, 1, "   ", "DOC-40"),
        (None, 1, "x" * 501, "DOC-40"),
    ],
)
def test_no_permit_for_nothing_for_no_time_or_without_a_reason(
    house: House, ends: datetime, key: ProtocolKey | None, hours: int, reason: str, code: str
) -> None:
    with pytest.raises((KnownError, DocumentError)) as refused:
        give(house, key or of_point(house, POINT)[0].key, ends + hours * HOUR, reason)
    assert refused.value.code == code
    assert centres.listed_permits(house.centre_folder) == []


class TestALateAcceptance:
    def test_without_a_permit_is_refused_and_blocks_no_other(
        self, house: House, centre: Centre, station: SendingStation, ends: datetime, expect_log: Announce
    ) -> None:
        one, other = of_point(house, POINT)[:2]
        expect_log("WARNING", "ING-24 .*PR-02")
        items = [station.item(one, accepted_at=ends + HOUR), station.item(other, accepted_at=ends)]
        received = receipt(centre, house, station.batch(*items))
        assert outcomes(received) == ["ODMITNUTO", "PRIJATO"]
        assert (received.items[0].code, received.items[0].rules) == ("ING-24", ("PR-02",))

    def test_is_none_when_only_the_approval_came_after_the_24_hours(
        self, house: House, centre: Centre, station: SendingStation, ends: datetime, expect_log: Announce
    ) -> None:
        one, other, third = of_point(house, POINT)[:3]
        expect_log("WARNING", "ING-24")
        items = [
            station.item(one, accepted_at=ends + HOUR, handed_over=ends),
            station.item(other, accepted_at=ends + HOUR, handed_over=ends + timedelta(microseconds=1)),
            station.item(third, accepted_at=ends, handed_over=ends + HOUR),  # brought before it was accepted
        ]
        received = receipt(centre, house, station.batch(*items))
        assert outcomes(received) == ["PRIJATO", "ODMITNUTO", "PRIJATO"]

    def test_is_taken_to_the_last_instant_of_its_permit(
        self, house: House, centre: Centre, station: SendingStation, ends: datetime, expect_log: Announce
    ) -> None:
        one = of_point(house, POINT)[0]
        give(house, one.key, ends + HOUR)
        item = station.item(one, accepted_at=ends + HOUR)
        assert outcomes(receipt(centre, house, station.batch(item))) == ["PRIJATO"]
        centre.publisher.flush()
        assert centre.publisher.progress["KZ"]["processed"] == 1, "it counts like any other"
        expect_log("WARNING", "ING-24")
        after = station.item(corrected(one, 1), 2, accepted_at=ends + HOUR + timedelta(microseconds=1))
        refused = receipt(centre, house, station.batch(after)).items[0]
        assert (refused.code, refused.rules) == ("ING-24", ("PR-02",))

    def test_of_another_precinct_contest_or_point_is_not_covered(
        self, house: House, centre: Centre, station: SendingStation, ends: datetime, expect_log: Announce
    ) -> None:
        made = {protocol.key: protocol for protocol in of_point(house, POINT)}
        regional = next(key for key in made if key.contest is Contest.REGIONAL)
        give(house, regional, ends + HOUR)
        give(house, of_point(house, OTHER_POINT)[0].key, ends + HOUR)
        others = [made[key] for key in made if key != regional]
        assert others
        for _ in others:
            expect_log("WARNING", "ING-24")
        items = [station.item(protocol, accepted_at=ends + HOUR) for protocol in others]
        assert set(outcomes(receipt(centre, house, station.batch(*items)))) == {"ODMITNUTO"}

    def test_that_was_refused_is_taken_as_the_next_revision_once_it_is_permitted(
        self, house: House, centre: Centre, station: SendingStation, ends: datetime, expect_log: Announce
    ) -> None:
        one = of_point(house, POINT)[0]
        expect_log("WARNING", "ING-24")
        late = station.batch(station.item(one, accepted_at=ends + HOUR))
        assert outcomes(receipt(centre, house, late)) == ["ODMITNUTO"]
        give(house, one.key, ends + 2 * HOUR)
        assert outcomes(receipt(centre, house, late)) == ["ODMITNUTO"], "the same bytes, the same receipt"
        again = station.batch(station.item(one, accepted_at=ends + HOUR))
        assert outcomes(receipt(centre, house, again)) == ["PRIJATO"]


def test_the_command_gives_a_permit_into_a_file_and_never_over_another(tmp_path: Path) -> None:
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    ends = known.election.calendar.delivery_ends
    shift = ends + HOUR - datetime.now(ends.tzinfo)
    house = House(tmp_path, known, Clock(ends), clock_offset_seconds=int(shift.total_seconds()))
    out = tmp_path / "povoleni.p7m"

    def run(precinct: str) -> object:
        until = (ends + 3 * HOUR).strftime("%Y-%m-%d %H:%M")
        command = [
            "permit", str(house.centre_folder), precinct, "KZ", "--until", until,
            "--reason", "Sněhová kalamita", "--out", str(out),
        ]  # fmt: skip
        return CliRunner().invoke(app, command).exception

    assert run("550001/1") is None
    anchors = Anchors.from_pem(house.authority.to_pem())
    verified = cms.verify(out.read_bytes(), anchors, ends, Expected(Role.CENTRE, house.code))
    read = documents.read(verified.content)
    assert (read.number, read.key.precinct, read.valid_until) == (1, PrecinctId(550001, 1), ends + 3 * HOUR)
    before = out.read_bytes()
    assert getattr(run("550001/2"), "code", "") == "CEN-43"
    assert out.read_bytes() == before
    assert getattr(run("Horní Lhota"), "code", "") == "CEN-44"
