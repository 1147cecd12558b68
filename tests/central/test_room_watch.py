"""What the operations room sees: who is alive, whose clock is wrong, what waits, what was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.central import heard
from app.central.centre import Centre
from app.central.heard import Heard
from app.central.room import alarms, gauges
from app.central.room.neighbours import Neighbours
from app.central.room.points import Point
from app.central.room.watch import Watch
from app.central.settings import CentreFolder
from app.documents import inquiry as inquiry_document
from app.documents.inquiry import Inquiry, Kind
from app.election.model import Contest
from tests.support.central_driver import corrected, of_point, outcomes, receipt
from tests.support.house import House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT

ExpectLog = Callable[[int | str, str], None]
NOBODY = Neighbours("", Path("/nowhere"))


@pytest.fixture
def watch(house: House, centre: Centre) -> Watch:
    folder = CentreFolder(house.centre_folder)
    centre.inquiries.heard = Heard(folder.heard).note
    return Watch(centre.database, folder, house.reference, house.clock, timedelta(minutes=5), NOBODY)


def point(watch: Watch, number: int = POINT) -> Point:
    watch.forget()
    return next(each for each in watch.look().points if each.number == number)


def ask(house: House, centre: Centre, station: SendingStation, ahead: timedelta, waiting: int) -> None:
    """A station's question about its point, by a clock that is wrong by `ahead`."""
    asked = Inquiry(
        house.code, house.reference.election.mode, station.name, station.point, Kind.STATE, 0, station.name,
        waiting, house.clock() + ahead,
    )  # fmt: skip
    answer = centre.inquiries.answer(station.sign(inquiry_document.write(asked)), house.clock())
    assert answer.code == ""


def test_a_point_is_alive_while_a_station_asks_and_silent_five_minutes_later(
    house: House, centre: Centre, watch: Watch, station: SendingStation
) -> None:
    assert point(watch).silent, "nobody was ever heard"
    ask(house, centre, station, timedelta(seconds=-90), 3)
    seen = point(watch)
    assert (seen.silent, seen.waiting, seen.worst_clock) == (False, 3, -90.0)
    assert seen.heard == house.clock()
    house.clock.move(minutes=5)
    assert not point(watch).silent
    house.clock.move(seconds=1)
    assert point(watch).silent
    assert [each.number for each in watch.look().silent] == [POINT, OTHER_POINT]


def test_a_batch_is_a_sign_of_life_too_and_tells_the_version(
    house: House, centre: Centre, watch: Watch, station: SendingStation
) -> None:
    made = of_point(house, POINT)
    assert set(outcomes(receipt(centre, house, station.batch(*station.items(made))))) == {"PRIJATO"}
    seen = point(watch)
    assert (seen.silent, seen.software, seen.worst_clock, seen.waiting) == (False, ("test",), 0.0, None)
    assert (seen.processed, seen.stations[0].batches, seen.stations[0].fresh) == (4, 1, False)
    more = of_point(house, POINT, Contest.SENATE_ROUND_1)
    assert set(outcomes(receipt(centre, house, station.batch(*station.items(more))))) == {"PRIJATO"}
    assert (point(watch, OTHER_POINT).behind, point(watch).behind) == (True, False)


def test_publication_that_lags_is_an_alarm_and_a_figure(
    house: House, centre: Centre, watch: Watch, station: SendingStation
) -> None:
    centre.publisher.flush()
    assert receipt(centre, house, station.batch(station.item(of_point(house, POINT)[0]))).items
    watch.forget()
    assert (watch.look().publication.waiting, watch.look().late) == (1, False)
    house.clock.move(seconds=12)
    watch.forget()
    look = watch.look()
    assert look.late
    assert any("čekají na zveřejnění" in each.cs and each.serious for each in alarms.of(look))
    assert gauges.of(look)["prebirka_publication_lag_seconds"][1] == 12
    centre.publisher.flush()
    watch.forget()
    assert watch.look().publication.behind is None


def test_a_conflict_is_shown_until_something_came_after_it(
    house: House, centre: Centre, watch: Watch, station: SendingStation, expect_log: ExpectLog
) -> None:
    expect_log("ERROR", "ING-20")
    made = of_point(house, POINT)[0]
    second = house.station(f"{POINT}-2")
    assert outcomes(receipt(centre, house, station.batch(station.item(made)))) == ["PRIJATO"]
    other = corrected(made, 1)
    receipt(centre, house, second.batch(second.item(other)))
    watch.forget()
    [found] = watch.look().conflicts
    assert (found.key, found.station, found.stands, found.settled) == (
        made.key, second.name, f"1 ({station.name})", False,
    )  # fmt: skip
    assert [(each.code, each.count) for each in watch.look().reasons] == [("ING-20", 1)]
    assert outcomes(receipt(centre, house, station.batch(station.item(corrected(made, 2), 2)))) == ["PRIJATO"]
    watch.forget()
    assert watch.look().conflicts[0].settled


def test_what_was_heard_is_read_from_every_process_and_garbage_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(
        '{"41-1": {"at": "2024-09-21T14:00:00+00:00", "ahead": 1, "waiting": 0}}'
    )
    (tmp_path / "2.json").write_text(
        '{"41-1": {"at": "2024-09-21T14:05:00+00:00", "ahead": 2, "waiting": 4}}'
    )
    for number, broken in enumerate(
        ("{", "[]", '{"x": 1}', '{"x": {"at": "noon", "ahead": 1, "waiting": 1}}')
    ):
        (tmp_path / f"broken-{number}.json").write_text(broken)
    found = heard.read(tmp_path)
    assert {name: word.waiting for name, word in found.items()} == {"41-1": 4}
    assert heard.read(tmp_path / "nothing") == {}


def test_what_misses_is_counted_by_place(house: House, watch: Watch) -> None:
    look = watch.look()
    missing = watch.missing(look, Contest.REGIONAL, "region", 2)
    assert [str(each.precinct.id) for each in missing] == ["550004/1", "550004/2"]
    assert {each.municipality for each in missing} == {"Lesná"}
    assert len(watch.missing_of_point(look, OTHER_POINT)) == point(watch, OTHER_POINT).missing
