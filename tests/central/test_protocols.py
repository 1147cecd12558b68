"""What the centre decides on each protocol of a batch: the unit of truth is never the batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.central import store
from app.central.centre import Centre
from app.documents.receipt import Outcome, Status
from app.election.complete import with_flags
from app.election.model import CountsStated, RegionalReading
from tests.support.central_driver import corrected, of_point, outcomes, receipt, receive, rows
from tests.support.house import House, SendingStation, item_of
from tests.support.invented_election import OTHER_POINT, POINT, stated

Announce = Callable[[str, str], None]


class TestOneProtocolOfABatch:
    def test_that_fails_a_check_never_blocks_the_others(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        made = of_point(house, POINT)
        reading = stated(house.reference, made[1])
        wrong = replace(reading, counts=reading.counts._replace(valid_votes=1))
        items = [station.item(made[0]), item_of(wrong, house.clock.now), station.item(made[2])]
        expect_log("WARNING", r"protocol refused: ING-21 KZ 550001/2 revision 1 of batch 41-1 1 .*LG-05")
        received = receipt(centre, house, station.batch(*items))
        assert received.status is Status.ACCEPTED
        assert outcomes(received) == ["PRIJATO", "ODMITNUTO", "PRIJATO"]
        refused = received.items[1]
        assert (refused.code, refused.processing_order) == ("ING-21", None)
        assert "LG-05" in refused.rules
        assert [item.processing_order for item in received.items] == [1, None, 2]

    def test_with_a_blank_count_is_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        reading = stated(house.reference, of_point(house, POINT)[0])
        assert isinstance(reading, RegionalReading)
        blank = replace(reading, counts=CountsStated(None, *reading.counts[1:]))
        expect_log("WARNING", "ING-21 .*FM-01")
        assert outcomes(receipt(centre, house, station.batch(item_of(blank, house.clock.now)))) == [
            "ODMITNUTO"
        ]

    def test_of_another_transfer_point_is_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("WARNING", "ING-21 .*ID-02")
        item = station.item(of_point(house, OTHER_POINT)[0])
        assert receipt(centre, house, station.batch(item)).items[0].rules == ("ID-02",)

    def test_whose_content_differs_from_its_stated_hash_is_refused_with_an_alarm(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("ERROR", "ING-23")
        item = station.item(of_point(house, POINT)[0], content_hash="c" * 64)
        [refused] = receipt(centre, house, station.batch(item)).items
        assert (refused.outcome, refused.code) == (Outcome.REFUSED, "ING-23")
        assert refused.content_hash == "c" * 64  # what the station asked about, so that it knows its own

    @pytest.mark.parametrize("lacking", [{"reason": ""}, {"approved_by": None}])
    def test_with_a_passable_error_needs_a_reason_and_an_approval(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        expect_log: Announce,
        lacking: dict[str, object],
    ) -> None:
        protocol = of_point(house, POINT)[0]
        counts = protocol.counts._replace(envelopes_returned=protocol.counts.envelopes_issued + 1)
        strange = with_flags(replace(protocol, counts=counts), passable_error=True)
        expect_log("WARNING", "ING-22 .*LG-02")
        first = receipt(centre, house, station.batch(station.item(strange, **lacking)))
        assert (outcomes(first), first.items[0].code) == (["ODMITNUTO"], "ING-22")
        assert outcomes(receipt(centre, house, station.batch(station.item(strange)))) == ["PRIJATO"]

    def test_that_came_by_another_route_counts_once(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        second = house.station(f"{POINT}-2")
        protocol = of_point(house, POINT)[0]
        receive(centre, house, station.batch(station.item(protocol)))
        received = receipt(centre, house, second.batch(second.item(protocol)))
        assert outcomes(received) == ["ZNAMO"]
        assert len(rows(centre, "revision")) == 1

    def test_that_another_station_accepted_with_other_content_is_a_conflict_and_the_first_stands(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        second = house.station(f"{POINT}-2")
        one, other = of_point(house, POINT)[0], of_point(house, POINT, seed=2)[0]
        receive(centre, house, station.batch(station.item(one)))
        expect_log("ERROR", "ING-20")
        received = receipt(centre, house, second.batch(second.item(other)))
        assert (outcomes(received), received.items[0].code) == (["KONFLIKT"], "ING-20")
        with centre.database.reading() as connection:
            assert len(store.revisions_after(connection, 0)) == 1

    def test_after_the_end_of_delivery_needs_the_centres_permission(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        protocol = of_point(house, POINT)[0]
        late = house.reference.election.calendar.delivery_ends + timedelta(minutes=1)
        expect_log("WARNING", "ING-24 .*PR-02")
        received = receipt(centre, house, station.batch(station.item(protocol, accepted_at=late)))
        assert received.items[0].rules == ("PR-02",)


class TestACorrection:
    def test_replaces_the_revision_before_and_is_sent_again(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        protocol = of_point(house, POINT)[0]
        receive(centre, house, station.batch(station.item(protocol)))
        received = receipt(centre, house, station.batch(station.item(corrected(protocol, 5), 2)))
        assert (outcomes(received), received.items[0].processing_order) == (["PRIJATO"], 2)
        with centre.database.reading() as connection:
            stored = store.revisions_after(connection, 0)
            assert [row.resent for row in stored] == [0, 1]
            assert store.protocol_before(connection, protocol.key, 2) == (stored[0].protocol, 1)

    def test_without_its_flag_is_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        protocol = of_point(house, POINT)[0]
        receive(centre, house, station.batch(station.item(protocol)))
        unflagged = with_flags(corrected(protocol, 5), corrected=False)
        expect_log("WARNING", "ING-21 .*PR-01")
        received = receipt(centre, house, station.batch(station.item(unflagged, 2)))
        assert received.items[0].rules == ("PR-01",)

    def test_that_arrives_before_its_first_revision_counts_and_the_first_is_only_kept(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        protocol = of_point(house, POINT)[0]
        first = station.batch(station.item(protocol))
        second = station.batch(station.item(corrected(protocol, 5), 2))
        assert receipt(centre, house, second).items[0].processing_order == 1
        late = receipt(centre, house, first)
        assert (outcomes(late), late.items[0].processing_order) == (["PRIJATO"], None)
        assert len(rows(centre, "revision")) == 2
        with centre.database.reading() as connection:
            stored = store.revisions_after(connection, 0)
        assert [(row.processing_order, row.resent) for row in stored] == [(1, 0), (None, 0)]

    def test_follows_a_revision_that_the_centre_had_refused(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        protocol = of_point(house, POINT)[0]
        expect_log("ERROR", "ING-23")
        receive(centre, house, station.batch(station.item(protocol, content_hash="c" * 64)))
        received = receipt(centre, house, station.batch(station.item(corrected(protocol, 0), 2)))
        assert (outcomes(received), received.items[0].processing_order) == (["PRIJATO"], 1)

    def test_and_its_first_revision_may_come_in_one_batch(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        protocol = of_point(house, POINT)[0]
        items = [station.item(protocol), station.item(corrected(protocol, 5), 2)]
        assert outcomes(receipt(centre, house, station.batch(*items))) == ["PRIJATO", "PRIJATO"]
