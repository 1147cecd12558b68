"""The centre's permit at the station: proved before it is read, bound to one protocol, kept for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.documents import permit as documents
from app.documents.document_errors import DocumentError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.errors import Blocked, RoleRefused
from app.station.permits import PermitRefused
from app.station.sending import Sender
from app.station.states import Role as StaffRole
from app.station.states import State, User
from app.station.station import Station
from app.trust import cms
from app.trust.identity import Identity, Role
from tests.support.invented_election import OTHER_POINT, stated
from tests.support.permits import late_permit, permit_of, signed
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    all_rows,
    authority,
    file_of,
    one_more_envelope,
    protocols,
    readings,
)

KEY = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
ELSEWHERE = ProtocolKey(PrecinctId(550003, 1), Contest.REGIONAL)
OTHER = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
HOUR = timedelta(hours=1)


@pytest.fixture
def ends(reference: Reference) -> datetime:
    return reference.election.calendar.delivery_ends


@pytest.fixture
def late(clock: Clock, ends: datetime) -> Clock:
    """One hour after the 24."""
    clock.now = ends + HOUR
    return clock


def offered(station: Station, reference: Reference, key: ProtocolKey = KEY, seed: int = 1):
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(readings(reference, seed=seed)[key]))
    return offer


def test_a_late_first_delivery_is_blocked_until_the_permit_is_in(
    station: Station, reference: Reference, late: Clock
) -> None:
    blocked = offered(station, reference)
    assert blocked.verdict.failed_ids == ("PR-02",)
    with pytest.raises(Blocked):
        station.intake.accept(blocked, CLERK)
    permit = station.permits.take(late_permit(reference, KEY), CLERK)
    assert permit.key == KEY
    assert station.permits.valid_until(KEY) == permit.valid_until
    assert station.intake.accept(offered(station, reference), CLERK).revision == 1
    assert not offered(station, reference, OTHER).verdict.acceptable, "another protocol is not covered"


def test_a_late_correction_needs_the_permit_too(
    station: Station, reference: Reference, clock: Clock, ends: datetime
) -> None:
    station.intake.accept(offered(station, reference), CLERK)
    clock.now = ends + HOUR
    again = station.intake.as_correction(offered(station, reference, seed=2), CLERK, "prohozené listiny")
    assert again.verdict.failed_ids == ("PR-02",)
    station.permits.take(late_permit(reference, KEY), CLERK)
    again = station.intake.as_correction(offered(station, reference, seed=2), CLERK, "prohozené listiny")
    assert station.intake.accept(again, CLERK).revision == 2


def test_what_is_held_late_is_approved_only_while_the_permit_holds(
    station: Station, reference: Reference, late: Clock, ends: datetime
) -> None:
    station.permits.take(late_permit(reference, KEY, 3), CLERK)
    flawed = file_of(stated(reference, one_more_envelope(protocols(reference)[KEY])))
    (offer,) = station.intake.read_bytes("z.xml", flawed)
    held = station.intake.hold(offer, CLERK, "obálka navíc")
    late.now = ends + 3 * HOUR + timedelta(seconds=1)
    with pytest.raises(Blocked, match="PR-02"):
        station.intake.approve(KEY, SUPERVISOR, held.content_hash)
    late.now = ends + 3 * HOUR
    station.intake.approve(KEY, SUPERVISOR, held.content_hash)


def test_before_the_end_of_the_24_hours_a_permit_changes_nothing(
    station: Station, reference: Reference, ends: datetime
) -> None:
    station.permits.take(late_permit(reference, KEY), CLERK)
    assert not station.permits.covers(KEY)
    assert offered(station, reference).can_accept


# --- what is refused -----------------------------------------------------------------------------------


def altered(reference: Reference, ends: datetime) -> bytes:
    """Another last hour, written into the signed bytes."""
    data = late_permit(reference, KEY)
    assert data.count(b"Sn\xc4\x9bhov") == 1
    return data.replace(b"Sn\xc4\x9bhov", b"Sn\xc4\x9bhoc")


def foreign(reference: Reference, ends: datetime) -> bytes:
    """An authority of its own that calls itself this election's."""
    from app.trust.authority import make_authority
    from app.trust.keys import make_key
    from tests.support.station_world import Authority, _life

    key = make_key()
    other = Authority("zk2024", key, make_authority("zk2024", key, *_life()))
    signer = other.signer(Identity(Role.CENTRE, "zk2024"))
    made = permit_of(reference, KEY, ends + HOUR * 6)
    return cms.sign(documents.write(made), signer.key, signer.certificate, made.issued_at)


Make = Callable[[Reference, datetime], bytes]
REFUSED: dict[str, tuple[Make, str]] = {
    "an altered byte": (altered, "STA-90"),
    "a foreign certificate": (foreign, "STA-90"),
    "cut short": (lambda r, e: late_permit(r, KEY)[:-40], "STA-90"),
    "signed by a station": (
        lambda r, e: cms.sign(documents.write(permit_of(r, KEY, e + HOUR * 6)), *_station_signer(), e),
        "STA-90",
    ),
    "signed by whoever signs reference data": (
        lambda r, e: signed(permit_of(r, KEY, e + HOUR * 6), Role.REFERENCE),
        "STA-90",
    ),
    "another document of the centre": (lambda r, e: _receipt(e), "STA-90"),
    "another election": (
        lambda r, e: signed(permit_of(r, KEY, e + HOUR * 6, election="zk2028"), election="zk2024"),
        "STA-91",
    ),
    "another mode": (lambda r, e: signed(permit_of(r, KEY, e + HOUR * 6, mode=Mode.LIVE)), "STA-91"),
    "another point": (
        lambda r, e: signed(permit_of(r, KEY, e + HOUR * 6, transfer_point=OTHER_POINT)),
        "STA-92",
    ),
    "a precinct of another point": (
        lambda r, e: signed(
            permit_of(
                r, ProtocolKey(PrecinctId(550003, 1), Contest.REGIONAL), e + HOUR * 6, transfer_point=41
            )
        ),
        "STA-92",
    ),
    "a contest that the precinct does not have": (
        lambda r, e: signed(
            permit_of(r, ProtocolKey(PrecinctId(550002, 1), Contest.SENATE_ROUND_1), e + HOUR * 6)
        ),
        "STA-92",
    ),
    "expired": (lambda r, e: signed(permit_of(r, KEY, e + HOUR - timedelta(seconds=1))), "STA-93"),
}


def _station_signer():
    signer = authority("zk2024").signer(Identity(Role.STATION, "zk2024", 41, "41-1"))
    return signer.key, signer.certificate


def _receipt(at: datetime) -> bytes:
    signer = authority("zk2024").of_role(Role.CENTRE)
    return cms.sign(b"<x/>", signer.key, signer.certificate, at)


@pytest.mark.parametrize("wrong", REFUSED)
def test_what_is_no_permit_for_here_and_now_opens_nothing(
    station: Station, reference: Reference, late: Clock, ends: datetime, wrong: str
) -> None:
    make, code = REFUSED[wrong]
    before = all_rows(station)
    with pytest.raises(PermitRefused) as refused:
        station.permits.take(make(reference, ends), CLERK)
    assert refused.value.code == code
    assert refused.value.cs.endswith(".")
    assert all_rows(station) == before
    assert offered(station, reference).verdict.failed_ids == ("PR-02",)


def test_a_rehearsal_permit_does_not_open_a_live_station_and_the_other_way_round(
    station: Station, reference: Reference, late: Clock, ends: datetime
) -> None:
    assert reference.election.mode is Mode.REHEARSAL
    with pytest.raises(PermitRefused) as refused:
        station.permits.take(signed(permit_of(reference, KEY, ends + 6 * HOUR, mode=Mode.LIVE)), CLERK)
    assert refused.value.code == "STA-91"


def test_a_technician_takes_no_permit(station: Station, reference: Reference, late: Clock) -> None:
    with pytest.raises(RoleRefused):
        station.permits.take(late_permit(reference, KEY), User("Oto", StaffRole.TECHNICIAN))


# --- keeping --------------------------------------------------------------------------------------------


def test_a_permit_is_kept_once_as_it_came_and_stands_in_the_journal(
    station: Station, reference: Reference, late: Clock
) -> None:
    data = late_permit(reference, KEY)
    station.permits.take(data, CLERK)
    rows = all_rows(station)
    station.permits.take(data, CLERK)
    assert all_rows(station) == rows
    assert [row["data"] for row in station._store.rows("SELECT data FROM permits")] == [data]
    (entry,) = [entry for entry in station.journal.entries() if entry.act == "permit-taken"]
    assert (entry.user, entry.key, entry.details["permit"]) == (CLERK.name, KEY, 1)
    assert station.journal.first_broken() is None
    for statement in ("UPDATE permits SET valid_until = '9'", "DELETE FROM permits"):
        with pytest.raises(sqlite3.IntegrityError), station._store.transaction() as db:
            db.execute(statement)


def test_a_file_is_a_permit_by_its_content_and_anything_else_is_left_to_others(
    station: Station, reference: Reference, late: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "cokoli.bin"
    path.write_bytes(file_of(readings(reference)[KEY]))
    assert station.permits.take_file(path, CLERK) is None
    path.write_bytes(b"")
    assert station.permits.take_file(path, CLERK) is None
    path.write_bytes(late_permit(reference, KEY))
    permit = station.permits.take_file(path, CLERK)
    assert permit is not None
    assert permit.key == KEY
    with pytest.raises(DocumentError):
        station.permits.take_file(tmp_path / "neni.p7m", CLERK)


def test_a_permit_survives_a_restart_and_what_it_opened_is_sent(
    station: Station, reference: Reference, late: Clock, sender: Sender
) -> None:
    station.permits.take(late_permit(reference, KEY), CLERK)
    station.intake.accept(offered(station, reference), CLERK)
    sender.step(late())
    row = station.row(KEY)
    assert row is not None
    assert row.state is State.CONFIRMED
