"""The station and the real centre's ingest, with nothing between them but the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.central import centre as central
from app.central.centre import Centre
from app.central.settings import CentreSettings
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.connection import Line
from app.station.sending import Answer, Sender
from app.station.states import State
from app.station.station import Station
from app.trust.certificate import Certificate
from app.trust.identity import Role
from tests.support.invented_election import stated
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    authority,
    file_of,
    fixed_chance,
    make_station,
    one_more_envelope,
    protocols,
    readings,
)

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
ExpectLog = Callable[[int | str, str], None]


@dataclass
class Pushing:
    """The centre at the other end of a function call."""

    centre: Centre
    clock: Clock

    def push(self, data: bytes) -> Answer:
        answer = self.centre.ingest.receive(data, self.clock())
        return Answer(answer.http_status, answer.body, answer.content_type, answer.retry_after)


@pytest.fixture
def pushing(tmp_path: Path, folder: Path, reference: Reference, clock: Clock) -> Iterator[Pushing]:
    ours = authority("zk2024")
    signer = ours.of_role(Role.CENTRE)
    parts = tmp_path / "parts-41-1"
    central.init(
        tmp_path / "centre",
        CentreSettings("zk2024", reference.election.mode),
        authority=ours.certificate.to_pem(),
        key=signer.key,
        certificate=signer.certificate,
        reference=parts / "reference.sqlite",
        reference_signature=parts / "reference.sqlite.p7s",
    )
    opened = Centre.open(tmp_path / "centre", clock)
    try:
        yield Pushing(opened, clock)
    finally:
        opened.database.close()


def register(pushing: Pushing, folder: Path) -> None:
    certificate = Certificate.from_pem((folder / "station.pem").read_bytes())
    central.add_stations(pushing.centre.folder.root, [certificate], pushing.clock())


def run(sender: Sender, clock: Clock) -> None:
    for _ in range(50):
        due = sender.step(clock())
        if due is None or due > clock():
            return


def test_a_point_s_whole_night_is_confirmed_by_the_real_centre(
    station: Station, pushing: Pushing, reference: Reference, clock: Clock
) -> None:
    register(pushing, station.folder)
    sender = station.sender(pushing, fixed_chance())
    for index, protocol in enumerate(protocols(reference).values()):
        flawed = one_more_envelope(protocol) if index == 1 else protocol
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, flawed)))
        if offer.can_hold:
            held = station.intake.hold(offer, CLERK, "obálka navíc")
            station.intake.approve(offer.key, SUPERVISOR, held.content_hash, "schváleno")
        else:
            station.intake.accept(offer, CLERK)
    run(sender, clock)
    assert station.progress().confirmed == 7
    (offer,) = station.intake.read_bytes("z.xml", file_of(readings(reference, seed=2)[KEY]))
    station.intake.correct(offer, CLERK, "záměna stran")
    run(sender, clock)
    row = station.row(KEY)
    assert row is not None
    assert (row.state, row.revision) == (State.CONFIRMED, 2)
    assert station.outbox.open_batches() == {}


def test_a_station_that_is_not_registered_waits_and_is_served_once_it_is(
    station: Station, pushing: Pushing, reference: Reference, clock: Clock, expect_log: ExpectLog
) -> None:
    sender = station.sender(pushing, fixed_chance())
    (offer,) = station.intake.read_bytes("z.xml", file_of(readings(reference)[KEY]))
    station.intake.accept(offer, CLERK)
    expect_log("WARNING", "ING-05")
    run(sender, clock)
    connection = station.connection()
    assert connection.last_refusal is not None
    assert (connection.line, connection.last_refusal.code) == (Line.WAITING, "ING-05")
    assert station.row(KEY).state is State.SENT  # type: ignore[union-attr]
    register(pushing, station.folder)
    clock.advance(60)
    run(sender, clock)
    assert station.row(KEY).state is State.CONFIRMED  # type: ignore[union-attr]
    assert station.connection().last_refusal is None


def test_the_first_of_two_workstations_stands_and_the_second_settles_the_conflict(
    tmp_path: Path,
    station: Station,
    pushing: Pushing,
    reference: Reference,
    clock: Clock,
    expect_log: ExpectLog,
) -> None:
    other_folder = make_station(tmp_path, reference, workstation=2)
    register(pushing, station.folder)
    register(pushing, other_folder)
    with Station.open(other_folder, clock) as other:
        for seed, one in ((1, station), (2, other)):
            (offer,) = one.intake.read_bytes("z.xml", file_of(readings(reference, seed=seed)[KEY]))
            one.intake.accept(offer, CLERK)
        run(station.sender(pushing, fixed_chance()), clock)
        expect_log("ERROR", "ING-20")
        sender = other.sender(pushing, fixed_chance())
        run(sender, clock)
        row = other.row(KEY)
        assert row is not None
        assert (row.state, row.note) == (State.RETURNED, "ING-20")
        (offer,) = other.intake.read_bytes("z.xml", file_of(readings(reference, seed=2)[KEY]))
        other.intake.correct(offer, CLERK, "platí tento zápis, první byl přehozený")
        run(sender, clock)
        assert other.row(KEY).state is State.CONFIRMED  # type: ignore[union-attr]


def test_the_same_protocol_by_two_workstations_counts_once_and_confirms_both(
    tmp_path: Path, station: Station, pushing: Pushing, reference: Reference, clock: Clock
) -> None:
    other_folder = make_station(tmp_path, reference, workstation=2)
    register(pushing, station.folder)
    register(pushing, other_folder)
    with Station.open(other_folder, clock) as other:
        for one in (station, other):
            (offer,) = one.intake.read_bytes("z.xml", file_of(readings(reference)[KEY]))
            one.intake.accept(offer, CLERK)
            run(one.sender(pushing, fixed_chance()), clock)
            assert one.row(KEY).state is State.CONFIRMED  # type: ignore[union-attr]


def test_what_came_in_time_may_be_approved_after_the_24_hours(
    station: Station, folder: Path, pushing: Pushing, reference: Reference, clock: Clock
) -> None:
    register(pushing, folder)
    odd = one_more_envelope(protocols(reference)[KEY])
    (offer,) = station.intake.read_bytes("zapis.xml", file_of(stated(reference, odd)))
    held = station.intake.hold(offer, CLERK, "komise trvá na svém")
    ends = reference.election.calendar.delivery_ends
    clock.advance((ends - clock()).total_seconds() + 60)
    station.intake.approve(KEY, SUPERVISOR, held.content_hash, "souhlasí s papírem")
    run(station.sender(pushing, fixed_chance()), clock)
    row = station.row(KEY)
    assert row is not None
    assert row.state is State.CONFIRMED
