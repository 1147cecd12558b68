"""What the centre answers to a batch, on real signatures and a real database."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.central import centre as centre_module
from app.central import schema
from app.central.answers import PROBLEM, Answer
from app.central.centre import Centre
from app.documents.batch import BatchItem
from app.documents.receipt import Status
from app.election.model import Contest, Mode
from app.trust import cms
from app.trust.identity import Identity, Role
from tests.support.central_driver import of_point, outcomes, receipt, receive, rows
from tests.support.house import House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT

Announce = Callable[[str, str], None]


class TestABatchThatIsTaken:
    def test_gets_a_receipt_for_each_protocol_in_the_order_of_the_batch(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        made = of_point(house, POINT)
        data = station.batch(*station.items(made))
        received = receipt(centre, house, data)
        assert received.status is Status.ACCEPTED
        assert (received.station, received.batch_number) == ("41-1", 1)
        assert received.received_at == house.clock.now
        assert [item.key for item in received.items] == [protocol.key for protocol in made]
        assert [item.processing_order for item in received.items] == [1, 2, 3, 4]
        assert received.missing == ()

    def test_and_comes_again_gets_the_very_same_receipt_even_much_later(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        data = station.batch(*station.items(of_point(house, POINT)))
        first = receive(centre, house, data)
        before = rows(centre, "revision"), rows(centre, "journal")
        house.clock.move(days=3)
        assert receive(centre, house, data) == first
        assert (rows(centre, "revision"), rows(centre, "journal")) == before

    def test_is_stored_with_its_raw_bytes(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        data = station.batch(*station.items(of_point(house, POINT)))
        answer = receive(centre, house, data)
        with centre.database.reading() as connection:
            stored = connection.execute(select(schema.batch.c.raw, schema.batch.c.receipt)).one()
        assert tuple(stored) == (data, answer.body)

    def test_may_be_empty(self, house: House, centre: Centre, station: SendingStation) -> None:
        assert receipt(centre, house, station.batch()).status is Status.ACCEPTED

    def test_counts_processing_orders_without_gaps_in_each_contest(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        other = house.station(f"{OTHER_POINT}-1")
        mixed = [*of_point(house, POINT), *of_point(house, POINT, Contest.SENATE_ROUND_1)]
        first = receipt(centre, house, station.batch(*station.items(mixed)))
        second = receipt(centre, house, other.batch(*other.items(of_point(house, OTHER_POINT))))
        orders = [
            item.processing_order
            for received in (first, second)
            for item in received.items
            if item.key.contest is Contest.REGIONAL
        ]
        assert orders == list(range(1, 11))
        senate = [i.processing_order for i in first.items if i.key.contest is Contest.SENATE_ROUND_1]
        assert senate == [1, 2, 3]

    def test_never_has_a_processing_time_before_an_earlier_one_although_the_clock_went_back(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        made = of_point(house, POINT)
        receive(centre, house, station.batch(station.item(made[0])))
        house.clock.move(minutes=-7)
        receive(centre, house, station.batch(station.item(made[1])))
        with centre.database.reading() as connection:
            times = connection.execute(select(schema.revision.c.processed_at)).scalars().all()
        assert times[1] == times[0]


class TestTheChainOfAStation:
    def test_other_bytes_under_a_number_are_set_aside_with_an_alarm(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        made = of_point(house, POINT)
        receive(centre, house, station.batch(station.item(made[0])))
        station.number, station.previous = 0, "0" * 64
        expect_log("ERROR", "batch 41-1 1 refused: ING-10")
        forged = station.batch(station.item(made[1]))
        answer = receive(centre, house, forged)
        assert (answer.http_status, answer.code) == (409, "ING-10")
        received = house.receipt(answer.body)
        assert (received.status, received.code, received.items) == (Status.QUARANTINED, "ING-10", ())
        assert receive(centre, house, forged) == answer
        assert len(rows(centre, "revision")) == 1
        with centre.database.reading() as connection:
            assert connection.execute(select(schema.set_aside.c.raw)).scalar_one() == forged
            detail = connection.execute(select(schema.journal.c.detail)).scalars().all()[-1]
        assert json.loads(detail)["alarm"] is True

    def test_a_batch_after_a_gap_is_processed_and_told_what_is_missing(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        made = of_point(house, POINT)
        batches = [station.batch(station.item(protocol)) for protocol in made]
        assert receipt(centre, house, batches[0]).status is Status.ACCEPTED
        late = receipt(centre, house, batches[3])
        assert (late.status, late.missing) == (Status.QUEUED, ((2, 3),))
        assert outcomes(late) == ["PRIJATO"]
        assert receipt(centre, house, batches[2]).missing == ((2, 2),)
        filled = receipt(centre, house, batches[1])
        assert (filled.status, filled.missing) == (Status.ACCEPTED, ())
        assert len(rows(centre, "revision")) == 4

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the later one first"])
    def test_a_batch_that_names_another_past_is_quarantined(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        expect_log: Announce,
        order: tuple[int, int],
    ) -> None:
        made = of_point(house, POINT)
        first = station.batch(station.item(made[0]))
        second = station.batch(station.item(made[1]), previous_hash="ab" * 32)
        batches = (first, second)
        expect_log("ERROR", "refused: ING-11")
        assert receive(centre, house, batches[order[0]]).code == ""
        answer = receive(centre, house, batches[order[1]])
        assert (answer.http_status, answer.code) == (409, "ING-11")
        assert house.receipt(answer.body).status is Status.QUARANTINED
        assert len(rows(centre, "revision")) == 1

    def test_a_first_batch_that_names_a_past_is_quarantined(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("ERROR", "refused: ING-11")
        answer = receive(centre, house, station.batch(previous_hash="ab" * 32))
        assert answer.code == "ING-11"


class TestABatchThatIsNotForThisCentre:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"mode": Mode.REHEARSAL}, "ING-09"),
            ({"transfer_point": OTHER_POINT}, "ING-07"),
            ({"station": f"{OTHER_POINT}-1"}, "ING-07"),
        ],
    )
    def test_is_refused_by_a_signed_receipt_and_kept(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        expect_log: Announce,
        changes: dict[str, object],
        code: str,
    ) -> None:
        expect_log("ERROR", f"batch 41-1 1 refused: {code}")
        answer = receive(centre, house, station.batch(**changes))
        received = house.receipt(answer.body)
        assert (received.status, received.code) == (Status.REFUSED, code)
        assert len(rows(centre, "set_aside")) == 1
        assert rows(centre, "batch") == []

    def test_of_another_election_is_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        item = station.item(of_point(house, POINT)[0])
        other = BatchItem(replace(item.reading, election="kz2028"), item.acceptance)
        expect_log("WARNING", "refused: ING-08")
        answer = receive(centre, house, station.batch(other, election="kz2028"))
        assert (answer.http_status, answer.code) == (422, "ING-08")


class TestWhoIsNotAStation:
    def problem(self, answer: Answer) -> dict[str, object]:
        assert answer.content_type == PROBLEM
        told: dict[str, object] = json.loads(answer.body)
        assert told["status"] == answer.http_status
        return told

    @pytest.mark.parametrize("data", [b"", b"neco", b"0" * 5000, b"<DAVKA/>"])
    def test_and_sends_anything_unsigned_hears_a_problem(
        self, house: House, centre: Centre, expect_log: Announce, data: bytes
    ) -> None:
        expect_log("WARNING", "request refused: ING-03")
        answer = receive(centre, house, data)
        assert (answer.http_status, self.problem(answer)["code"]) == (400, "ING-03")
        assert rows(centre, "journal") == rows(centre, "set_aside") == []

    def test_sends_a_truncated_batch(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("WARNING", "ING-03")
        data = station.batch(*station.items(of_point(house, POINT)))
        for end in (1, 100, len(data) // 2, len(data) - 1):
            assert receive(centre, house, data[:end]).code == "ING-03"
        assert receive(centre, house, data).code == ""

    def test_is_not_registered(self, house: House, centre: Centre, expect_log: Announce) -> None:
        stranger = house.station(f"{POINT}-7", register=False)
        expect_log("WARNING", "ING-05")
        answer = receive(centre, house, stranger.batch())
        assert (answer.http_status, self.problem(answer)["code"]) == (403, "ING-05")

    def test_was_revoked_at_once_though_what_it_sent_before_keeps_its_receipt(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        first = station.batch()
        answer = receive(centre, house, first)
        centre_module.revoke_station(house.centre_folder, "41-1", "ztracen", house.clock.now)
        expect_log("WARNING", "ING-05")
        assert receive(centre, house, station.batch()).code == "ING-05"
        assert receive(centre, house, first) == answer

    def test_signs_by_a_certificate_that_was_replaced(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        newer = house.station("41-1")
        expect_log("WARNING", "ING-05")
        assert receive(centre, house, station.batch()).code == "ING-05"
        assert receive(centre, house, newer.batch()).code == ""

    def test_has_a_certificate_of_another_role(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        key, certificate = house.participant(Identity(Role.PUBLISHER, house.code))
        expect_log("WARNING", "ING-04 CMS-21")
        data = cms.sign(b"<DAVKA/>", key, certificate, house.clock.now)
        assert self.problem(receive(centre, house, data))["cause"] == "CMS-21"

    def test_has_a_certificate_that_expired(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        data = station.batch()
        house.clock.move(days=60)
        expect_log("WARNING", "ING-04 CMS-18")
        assert receive(centre, house, data).code == "ING-04"

    def test_has_a_certificate_of_another_authority(
        self, house: House, centre: Centre, tmp_path_factory: pytest.TempPathFactory, expect_log: Announce
    ) -> None:
        foreign = House(tmp_path_factory.mktemp("foreign"), house.reference, house.clock)
        expect_log("WARNING", "ING-04 CMS-15")
        assert receive(centre, house, foreign.station("41-1").batch()).code == "ING-04"

    def test_sends_too_much(self, house: House, expect_log: Announce) -> None:
        house.set(max_batch_bytes=1000)
        opened = house.open()
        expect_log("WARNING", "ING-01")
        assert receive(opened, house, b"0" * 1001).http_status == 413
        opened.database.close()


class TestASignedDocumentThatIsNoBatch:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<DAVKA",
            b"<ZAPISY/>",
            b'<!DOCTYPE a [<!ENTITY b "c">]><DAVKA xmlns="urn:prebirka:davka:1">&b;</DAVKA>',
        ],
    )
    def test_is_refused_by_a_signed_receipt_without_a_number(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce, content: bytes
    ) -> None:
        expect_log("WARNING", r"batch 41-1 \? refused: ING-06 DOC-")
        answer = receive(centre, house, station.sign(content))
        received = house.receipt(answer.body)
        assert (received.status, received.code, received.batch_number) == (Status.REFUSED, "ING-06", None)


def test_a_batch_in_which_one_digit_was_changed_on_the_way_is_refused(
    house: House, centre: Centre, station: SendingStation, expect_log: Announce
) -> None:
    data = bytearray(station.batch(*station.items(of_point(house, POINT))))
    data[data.index(b'VYD_OBALKY="') + len(b'VYD_OBALKY="')] ^= 1
    expect_log("WARNING", "ING-03 CMS-11")
    assert receive(centre, house, bytes(data)).code == "ING-03"
