"""Inquiries: what changed at the point, batches to rebuild a station from; nobody else learns anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.central.centre import Centre, add_stations, revoke_station
from app.documents import own_batches, point_state
from app.documents.inquiry import Inquiry, Kind
from app.documents.inquiry import write as write_inquiry
from app.documents.receipt import Outcome
from app.election.model import Mode
from app.station.point import asking
from app.station.point.asking import InquiryRefused
from app.station.transport import HttpTransport
from app.station.wire import Answer
from app.trust import chain
from tests.support.asking import CentreLine, inquirer
from tests.support.central_driver import corrected, of_point, receive
from tests.support.house import House, SendingStation, serving
from tests.support.invented_election import OTHER_POINT, POINT

ExpectLog = Callable[[int | str, str], None]


@pytest.fixture
def line(centre: Centre, house: House) -> CentreLine:
    return CentreLine(centre, house.clock)


@pytest.fixture
def second(house: House, centre: Centre) -> SendingStation:
    return house.station(f"{POINT}-2")


def state(
    house: House, line: CentreLine, station: SendingStation, after: int = 0, waiting: int = 0
) -> point_state.PointState:
    return inquirer(house, station).state(line, after, waiting, house.clock.now).state


class TestState:
    def test_every_workstation_hears_what_all_of_the_point_sent_and_what_became_of_it(
        self, house: House, centre: Centre, station: SendingStation, second: SendingStation, line: CentreLine,
        expect_log: ExpectLog,
    ) -> None:  # fmt: skip
        one, two = of_point(house, POINT)[:2]
        receive(centre, house, station.batch(station.item(one), station.item(two)))
        expect_log("ERROR", "ING-20")
        receive(centre, house, second.batch(second.item(one), second.item(corrected(two, 1))))
        for asking_one in (station, second):
            told = state(house, line, asking_one)
            assert [(d.key, d.station, d.outcome, d.code) for d in told.decisions] == [
                (one.key, station.name, Outcome.ACCEPTED, ""),
                (two.key, station.name, Outcome.ACCEPTED, ""),
                (one.key, second.name, Outcome.KNOWN, ""),
                (two.key, second.name, Outcome.CONFLICT, "ING-20"),
            ]
            assert [d.processing_order for d in told.decisions] == [1, 2, None, None]
            assert {d.received_at for d in told.decisions} == {house.clock.now}
            assert not told.more

    def test_only_what_changed_since_the_cursor_comes_again(
        self, house: House, centre: Centre, station: SendingStation, second: SendingStation, line: CentreLine
    ) -> None:
        one, two = of_point(house, POINT)[:2]
        receive(centre, house, station.batch(station.item(one)))
        first = state(house, line, second)
        assert [d.key for d in first.decisions] == [one.key]
        assert state(house, line, second, first.cursor).decisions == ()
        receive(centre, house, station.batch(station.item(two)))
        after = state(house, line, second, first.cursor)
        assert [d.key for d in after.decisions] == [two.key]
        assert after.cursor > first.cursor

    def test_another_point_s_results_are_not_told(
        self, house: House, centre: Centre, station: SendingStation, line: CentreLine
    ) -> None:
        other = house.station(f"{OTHER_POINT}-1")
        receive(centre, house, other.batch(*other.items(of_point(house, OTHER_POINT))))
        told = state(house, line, station)
        assert told.decisions == ()
        assert [w.station for w in told.workstations] == [station.name]
        assert told.cursor == 1  # and yet it is not asked about again

    def test_a_long_answer_comes_in_parts_that_never_tear_a_batch(
        self, house: House, centre: Centre, station: SendingStation, line: CentreLine,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        from app.central import inquiries

        monkeypatch.setattr(inquiries, "MOST_DECISIONS", 2)
        monkeypatch.setattr(inquiries, "_DECISIONS", inquiries._DECISIONS.limit(3))
        known = of_point(house, POINT)[:3]
        for chosen in (known[:1], known[1:3]):
            receive(centre, house, station.batch(*station.items(chosen)))
        found, after, answers = [], 0, 0
        while True:
            told = state(house, line, station, after)
            found += [d.key for d in told.decisions]
            after, answers = told.cursor, answers + 1
            if not told.more:
                break
        assert (found, answers) == ([p.key for p in known], 2)

    def test_workstations_say_when_they_were_heard_and_what_waits_there(
        self, house: House, centre: Centre, station: SendingStation, second: SendingStation, line: CentreLine
    ) -> None:
        receive(centre, house, station.batch(station.item(of_point(house, POINT)[0])))
        began = house.clock.now
        house.clock.move(minutes=2)
        told = state(house, line, second, waiting=5)
        assert [(w.station, w.last_heard, w.last_batch, w.waiting) for w in told.workstations] == [
            (station.name, began, 1, None),
            (second.name, house.clock.now, 0, 5),
        ]
        revoke_station(house.centre_folder, station.name, "ztracen klíč", house.clock.now)
        assert [w.in_force for w in state(house, line, second).workstations] == [False, True]


class TestBatches:
    def test_a_station_gets_its_own_batches_and_receipts_and_its_chain_s_head_back(
        self, house: House, centre: Centre, station: SendingStation, line: CentreLine
    ) -> None:
        known = of_point(house, POINT)
        answers = [
            receive(centre, house, station.batch(station.item(each), journal_head="5" * 64, journal_seq=9))
            for each in known[:3]
        ]
        told = inquirer(house, station).batches(line, 1, house.clock.now)
        assert [(b.number, b.data) for b in told.batches] == [(2, station.sent[1]), (3, station.sent[2])]
        assert [b.receipt for b in told.batches] == [a.body for a in answers[1:]]
        assert told.head == own_batches.ChainHead(3, chain.batch_hash(station.sent[2]), 9, "5" * 64)
        assert not told.more

    def test_without_a_batch_there_is_no_head(
        self, house: House, station: SendingStation, line: CentreLine
    ) -> None:
        told = inquirer(house, station).batches(line, 0, house.clock.now)
        assert (told.head, told.batches, told.more) == (None, (), False)

    def test_many_batches_come_in_parts(
        self, house: House, centre: Centre, station: SendingStation, line: CentreLine,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        for each in of_point(house, POINT)[:3]:
            receive(centre, house, station.batch(station.item(each)))
        monkeypatch.setattr(own_batches, "ENOUGH_BYTES", len(station.sent[0]) + 10)
        found, after = [], 0
        while True:
            told = inquirer(house, station).batches(line, after, house.clock.now)
            found += [b.data for b in told.batches]
            if not told.more:
                break
            after = told.batches[-1].number
        assert found == station.sent

    def test_a_workstation_gets_another_one_s_batches_of_its_own_point_only(
        self, house: House, centre: Centre, station: SendingStation, second: SendingStation, line: CentreLine,
        expect_log: ExpectLog,
    ) -> None:  # fmt: skip
        other = house.station(f"{OTHER_POINT}-1")
        receive(centre, house, station.batch(station.item(of_point(house, POINT)[0])))
        told = inquirer(house, second).batches(line, 0, house.clock.now, of_station=station.name)
        assert [b.data for b in told.batches] == station.sent
        expect_log("ERROR", "ING-32")
        with pytest.raises(InquiryRefused, match="ING-32"):
            inquirer(house, other).batches(line, 0, house.clock.now, of_station=station.name)


class TestRefusals:
    def test_an_old_inquiry_is_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
    ) -> None:
        signed = station.sign(write_inquiry(_asked(house, station)))
        assert centre.inquiries.answer(signed, house.clock.now).code == ""
        house.clock.move(minutes=11)
        expect_log("WARNING", "ING-31")
        answer = centre.inquiries.answer(signed, house.clock.now)
        assert (answer.http_status, answer.code) == (403, "ING-31")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"station": f"{POINT}-2"}, "ING-32"),
            ({"transfer_point": OTHER_POINT}, "ING-32"),
            ({"batches_of": f"{OTHER_POINT}-1"}, "ING-32"),
            ({"batches_of": f"{POINT}-9"}, "ING-32"),
            ({"election": "kz2020"}, "ING-08"),
            ({"mode": Mode.REHEARSAL}, "ING-09"),
        ],
    )
    def test_an_inquiry_in_another_s_name_is_refused(
        self, house: House, centre: Centre, station: SendingStation, changes: dict[str, object], code: str,
        expect_log: ExpectLog,
    ) -> None:  # fmt: skip
        house.station(f"{OTHER_POINT}-1")
        expect_log("WARNING" if code == "ING-08" else "ERROR", code)
        signed = station.sign(write_inquiry(replace(_asked(house, station), **changes)))
        assert centre.inquiries.answer(signed, house.clock.now).code == code

    def test_what_is_not_an_inquiry_of_a_registered_station_is_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
    ) -> None:
        stranger = house.station(f"{POINT}-7", register=False)
        whole = station.sign(write_inquiry(_asked(house, station)))
        for data, code in (
            (b"", "ING-03"),
            (whole[:-1], "ING-03"),
            (station.batch(), "ING-30"),
            (stranger.sign(write_inquiry(_asked(house, stranger))), "ING-05"),
            (b"x" * 20_000, "ING-01"),
        ):
            expect_log("WARNING", code)
            assert centre.inquiries.answer(data, house.clock.now).code == code
        add_stations(house.centre_folder, [stranger.certificate], house.clock.now)
        again = stranger.sign(write_inquiry(_asked(house, stranger)))
        assert centre.inquiries.answer(again, house.clock.now).code == ""

    def test_an_answer_to_another_inquiry_is_not_believed(
        self, house: House, station: SendingStation, line: CentreLine
    ) -> None:
        ours = inquirer(house, station)
        old: list[Answer] = []

        class Keeping:
            def ask(self, data: bytes) -> Answer:
                old.append(line.ask(data))
                return old[0]

        ours.state(Keeping(), 0, 0, house.clock.now)
        with pytest.raises(InquiryRefused, match="STA-112"):
            ours.state(Keeping(), 0, 0, house.clock.now)
        with pytest.raises(InquiryRefused, match="STA-111"):
            ours.batches(Keeping(), 0, house.clock.now)

    def test_an_answer_that_the_centre_did_not_sign_is_not_believed(
        self, house: House, station: SendingStation
    ) -> None:
        class Forger:
            def ask(self, data: bytes) -> Answer:
                told = point_state.PointState(
                    house.code, house.reference.election.mode, station.name, POINT, chain.batch_hash(data),
                    house.clock.now, 0, 9, False, (), (),
                )  # fmt: skip
                return Answer(200, station.sign(point_state.write(told)))

        with pytest.raises(InquiryRefused, match="STA-111"):
            inquirer(house, station).state(Forger(), 0, 0, house.clock.now)


def test_over_http_as_a_station_asks(
    house: House, centre: Centre, station: SendingStation, tmp_path: Path, served: str, expect_log: ExpectLog
) -> None:
    receive(centre, house, station.batch(station.item(of_point(house, POINT)[0])))
    with HttpTransport(served, tmp_path) as transport:
        told = inquirer(house, station).state(transport, 0, 0, house.clock.now).state
        assert [d.station for d in told.decisions] == [station.name]
        assert len(inquirer(house, station).batches(transport, 0, house.clock.now).batches) == 1
        expect_log("WARNING", "ING-01")
        assert transport.ask(b"x" * 20_000).status == 413
        assert isinstance(transport, asking.Asking)


@pytest.fixture
def served(centre: Centre) -> Iterator[str]:
    with serving(centre) as address:
        yield address


def _asked(house: House, station: SendingStation) -> Inquiry:
    return Inquiry(
        house.code, house.reference.election.mode, station.name, station.point, Kind.STATE, 0, station.name,
        0, house.clock.now - timedelta(seconds=1),
    )  # fmt: skip
