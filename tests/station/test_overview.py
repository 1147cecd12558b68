"""What is here and what is missing, and the line to the centre, as the views read them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Reference
from app.station.changes import Change
from app.station.completeness import Progress
from app.station.connection import Line
from app.station.states import State
from app.station.station import Station
from tests.support.invented_election import stated
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    file_of,
    fixed_chance,
    make_station,
    one_more_envelope,
    protocols,
)


def test_every_expected_protocol_has_a_row_in_order_of_precincts(station: Station) -> None:
    rows = station.completeness().rows
    assert (
        [row.key for row in rows]
        == list(station.expected)
        == sorted(station.expected, key=lambda key: (key.precinct, key.contest is not Contest.REGIONAL))
    )
    assert {row.state for row in rows} == {State.AWAITED}
    assert (rows[0].municipality_name, rows[0].since, rows[0].revision) == ("Horní Lhota", None, 0)
    assert len(station.completeness().of(Contest.SENATE_ROUND_1)) == 3
    assert station.progress() == Progress(7, 0, 0, 0, 0, 0, 7)
    assert station.row(ProtocolKey(PrecinctId(550003, 1), Contest.REGIONAL)) is None


def test_progress_counts_each_protocol_where_it_stands(
    station: Station, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    offers = []
    for index, protocol in enumerate(protocols(reference).values()):
        flawed = one_more_envelope(protocol) if index in (1, 2) else protocol
        offers += station.intake.read_bytes("zapis.xml", file_of(stated(reference, flawed)))
    station.intake.hold(offers[1], CLERK, "obálka")
    held = station.intake.hold(offers[2], CLERK, "obálka")
    station.intake.refuse(offers[3], CLERK, "nečitelné")
    for offer in (offers[4], offers[5]):
        station.intake.accept(offer, CLERK)
    centre.refused = {offers[5].key}
    station.sender(centre, fixed_chance()).step(clock())
    station.intake.approve(offers[2].key, SUPERVISOR, held.content_hash)
    progress = station.progress()
    assert progress == Progress(expected=7, accepted=3, confirmed=1, held=1, refused=1, returned=1, missing=2)
    assert station.row(offers[2].key) == station.completeness().rows[2]
    assert station.completeness().rows[2].passable_error


def test_the_status_bar_hears_of_each_change_of_the_line(
    station: Station, centre: FakeCentre, reference: Reference, clock: Clock
) -> None:
    heard: list[Change] = []
    opened_at = clock()
    connection = station.connection()
    assert (connection.line, connection.since, connection.queue) == (Line.WAITING, opened_at, 0)
    (offer, *_) = station.intake.read_bytes(
        "z.xml", file_of(stated(reference, next(iter(protocols(reference).values()))))
    )
    station.intake.accept(offer, CLERK)
    assert station.connection().queue == 1
    station.subscribe(heard.append)
    sender = station.sender(centre, fixed_chance())
    centre.faults = ["unreachable", "no answer"]
    lines = []
    for _ in range(3):
        clock.advance(100)
        sender.step(clock())
        lines.append((station.connection().line, station.connection().since))
    assert [line for line, _ in lines] == [Line.OFFLINE, Line.WAITING, Line.ONLINE]
    assert lines[-1][1] == clock()
    assert sum(change.connection for change in heard) >= 3
    assert frozenset({offer.key}) in {change.keys for change in heard}


def test_the_largest_point_is_read_with_five_queries(
    tmp_path: Path, reference: Reference, clock: Clock
) -> None:
    pattern = reference.precincts[PrecinctId(550001, 1)]
    many = [replace(pattern, id=PrecinctId(550001, number)) for number in range(1, 178)]
    largest = replace(reference, precincts={precinct.id: precinct for precinct in many})
    with Station.open(make_station(tmp_path, largest), clock) as station:
        statements: list[str] = []
        station._store.connection.set_trace_callback(statements.append)
        assert len(station.completeness().rows) == len(station.expected) >= 354
        assert len(statements) == 5
