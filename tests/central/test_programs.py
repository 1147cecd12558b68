"""Approved programs at the centre: what each policy does, what is never refused, serials that only rise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.central import programs
from app.central.centre import Centre
from app.documents import builds as documents
from app.documents import inquiry as inquiries
from app.documents.builds import Builds, ListedBuild, Standing
from app.documents.inquiry import Inquiry, Kind
from app.election.errors import KnownError
from app.election.model import Contest, Mode
from app.station.transport import HttpTransport
from app.trust import cms
from app.trust.identity import Identity, Role
from tests.support.central_driver import of_point, receive
from tests.support.centre_process import running
from tests.support.house import Clock, House, SendingStation, serving
from tests.support.invented_election import OTHER_POINT, POINT, VOTING_ENDS, reference

Announce = Callable[[str, str], None]
NOW = VOTING_ENDS + timedelta(hours=1)
GOOD, DOUBTFUL, BAD, UNKNOWN = ("1" * 64, "2" * 64, "3" * 64, "4" * 64)


def builds_of(house: House, serial: int = 1, **changes: object) -> bytes:
    """A signed list."""
    now = house.clock.now
    listed = tuple(
        ListedBuild("1.0", build, "linux", standing)
        for build, standing in (
            (GOOD, Standing.ALLOWED),
            (DOUBTFUL, Standing.WARNED),
            (BAD, Standing.REFUSED),
        )
    )
    told = {
        "election": house.code, "mode": house.reference.election.mode, "serial": serial, "issued_at": now,
        "valid_until": now + timedelta(days=5), "frozen_at": now - timedelta(days=3),
        "others": Standing.REFUSED, "builds": listed, **changes,
    }  # fmt: skip
    signer = house.participant(Identity(Role.REFERENCE, house.code))
    return cms.sign(documents.write(Builds(**told)), *signer, now)  # type: ignore[arg-type]


def publish(house: House, centre: Centre, data: bytes) -> Builds:
    anchors = centre.ingest._seal.anchors
    return programs.publish(centre.database, anchors, house.reference, data, house.clock.now)


def tell(house: House, centre: Centre, station: SendingStation, build: str) -> None:
    """An inquiry of a station that works with this build."""
    election = house.reference.election
    asked = Inquiry(
        election.code, election.mode, station.name, station.point, Kind.STATE, 0, station.name, 0,
        house.clock.now, f"prebirka 1.0 {build}",
    )  # fmt: skip
    assert centre.inquiries.answer(station.sign(inquiries.write(asked)), house.clock.now).code == ""


def batch_of(house: House, station: SendingStation, build: str, **changes: object) -> bytes:
    protocol = of_point(house, station.point)[station.number]
    return station.batch(station.item(protocol, **changes), software=f"prebirka 1.0 {build}")


@pytest.mark.parametrize("policy", ["off", "warn", "refuse"])
@pytest.mark.parametrize("build", [GOOD, DOUBTFUL, BAD, UNKNOWN, ""])
def test_only_the_policy_refuse_refuses_and_only_what_is_not_approved(
    house: House, policy: str, build: str, expect_log: Announce
) -> None:
    house.set(build_policy=policy)
    centre, station = house.open(), house.station(f"{POINT}-1")
    try:
        publish(house, centre, builds_of(house))
        if policy != "off" and build != GOOD:
            expect_log("WARNING", "works with a program")
        refused = policy == "refuse" and build in (BAD, UNKNOWN, "")
        if refused:
            expect_log("WARNING", "ING-17")
        answer = receive(centre, house, batch_of(house, station, build))
        assert (answer.code, answer.http_status) == (("ING-17", 403) if refused else ("", 200))
    finally:
        centre.close()


@pytest.fixture
def strict(house: House) -> House:
    house.set(build_policy="refuse")
    return house


def test_without_a_list_nothing_is_refused(strict: House) -> None:
    centre = strict.open()
    with serving(centre) as url, HttpTransport(url, strict.folder) as transport:
        assert transport.builds().status == 404
    assert receive(centre, strict, batch_of(strict, strict.station(f"{POINT}-1"), BAD)).code == ""
    assert centre.programs.status(strict.clock.now)["serial"] is None
    centre.close()


def test_what_was_accepted_before_the_freeze_is_never_refused(strict: House, expect_log: Announce) -> None:
    centre, station = strict.open(), strict.station(f"{POINT}-1")
    expect_log("WARNING", "works with a program")
    frozen = strict.clock.now
    publish(strict, centre, builds_of(strict, frozen_at=frozen))
    early = batch_of(strict, station, BAD, accepted_at=frozen - timedelta(seconds=1))
    assert receive(centre, strict, early).code == ""
    expect_log("WARNING", "ING-17")
    late = batch_of(strict, station, BAD, accepted_at=frozen)
    assert receive(centre, strict, late).code == "ING-17"
    assert receive(centre, strict, early).code == "", "what was taken is answered again"
    centre.close()


def test_a_list_that_expired_refuses_nothing_more_and_is_told(strict: House) -> None:
    centre, station = strict.open(), strict.station(f"{POINT}-1")
    publish(strict, centre, builds_of(strict, valid_until=strict.clock.now + timedelta(minutes=1)))
    strict.clock.move(minutes=2)
    assert receive(centre, strict, batch_of(strict, station, GOOD)).code == ""
    assert centre.programs.status(strict.clock.now)["expired"] is True
    centre.close()


def test_a_station_that_exchanged_its_program_delivers_the_batches_of_the_old_one(
    strict: House, expect_log: Announce
) -> None:
    centre, station = strict.open(), strict.station(f"{POINT}-1")
    publish(strict, centre, builds_of(strict))
    data = batch_of(strict, station, BAD)
    expect_log("WARNING", "works with a program")
    expect_log("WARNING", "ING-17")
    tell(strict, centre, station, BAD)
    assert receive(centre, strict, data).code == "ING-17"
    tell(strict, centre, station, GOOD)
    assert receive(centre, strict, data).code == ""
    with centre.database.reading() as connection:
        assert [(one.station, one.build) for one in programs.programs(connection)] == [(station.name, GOOD)]
    assert centre.programs.status(strict.clock.now)["not_allowed"] == []
    centre.close()


def test_what_a_station_told_is_known_to_the_other_process_too(strict: House) -> None:
    one, other, station = strict.open(), strict.open(), strict.station(f"{POINT}-1")
    publish(strict, one, builds_of(strict))
    data = batch_of(strict, station, BAD)
    tell(strict, one, station, GOOD)
    assert receive(other, strict, data).code == ""
    one.close()
    other.close()


def test_the_same_program_told_again_is_stored_once(strict: House) -> None:
    centre, station = strict.open(), strict.station(f"{POINT}-1")
    for build in (GOOD, GOOD, DOUBTFUL, GOOD):
        tell(strict, centre, station, build)
    with centre.database.reading() as connection:
        assert len(programs.setting_up.papers(connection, programs.Kind.PROGRAM)) == 3
    centre.close()
    strict.open().close()  # the audit finds every row in the journal


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("PRO-30", {"election": "jine2024"}),
        ("PRO-30", {"mode": Mode.REHEARSAL}),
        ("PRO-31", {"valid_until": VOTING_ENDS - timedelta(days=9)}),
    ],
)
def test_a_foreign_or_expired_list_is_not_published(
    house: House, code: str, changes: dict[str, object]
) -> None:
    centre = house.open()
    with pytest.raises(KnownError, match=code):
        publish(house, centre, builds_of(house, **changes))
    centre.close()


def test_a_list_signed_by_a_station_is_not_published(house: House) -> None:
    centre, station = house.open(), house.station(f"{POINT}-1")
    from app.trust import message

    content = message.decode(builds_of(house)).content or b""
    with pytest.raises(KnownError, match="CMS-21"):
        publish(house, centre, station.sign(content))
    centre.close()


@settings(max_examples=10)
@given(serials=st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_the_serial_of_the_published_list_never_goes_back(
    tmp_path_factory: pytest.TempPathFactory, serials: list[int]
) -> None:
    house = House(tmp_path_factory.mktemp("serials"), reference(Contest.REGIONAL), Clock(NOW))
    centre, highest = house.open(), 0
    for serial in serials:
        data = builds_of(house, serial)
        if serial > highest:
            highest = publish(house, centre, data).serial
        else:
            with pytest.raises(KnownError, match="PRO-31"):
                publish(house, centre, data)
        house.clock.move(seconds=10)
        listed = centre.programs.builds(house.clock.now)
        assert listed is not None
        assert listed.serial == highest
    centre.close()


def test_a_running_centre_refuses_a_program_until_a_list_allows_it(tmp_path: Path) -> None:
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    house = House(tmp_path, known, Clock(NOW), build_policy="refuse")
    station, other = house.station(f"{POINT}-1"), house.station(f"{OTHER_POINT}-1")
    with running(house.centre_folder, NOW) as process:
        with HttpTransport(process.url, tmp_path) as transport:
            centre = house.open()
            publish(house, centre, first := builds_of(house))
            centre.close()
            assert transport.builds().body == first
            answer = transport.push(batch_of(house, station, BAD))
            assert (answer.status, b'"ING-17"' in answer.body) == (403, True)
            assert transport.push(batch_of(house, other, GOOD)).status == 200
        assert "ING-17" in process.words()
