"""What the centre answers to a batch, case by case, on real signatures and a real database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.central import act as act_module
from app.central import centre as centre_module
from app.central import journal, schema, store
from app.central.answers import PROBLEM, SIGNED, Answer
from app.central.centre import Centre
from app.documents.batch import BatchItem
from app.documents.receipt import Outcome, Receipt, Status
from app.election.complete import with_flags
from app.election.model import Contest, CountsStated, Mode, Protocol, RegionalReading
from app.trust import cms
from app.trust.identity import Identity, Role
from tests.support.house import House, SendingStation, item_of
from tests.support.invented_election import OTHER_POINT, POINT, protocols, stated

Announce = Callable[[str, str], None]


def of_point(house: House, point: int, contest: Contest = Contest.REGIONAL, seed: int = 1) -> list[Protocol]:
    places = house.reference.precincts
    return [
        p for p in protocols(house.reference, contest, seed) if places[p.precinct].transfer_point == point
    ]


def receive(centre: Centre, house: House, data: bytes) -> Answer:
    return centre.ingest.receive(data, house.clock.now)


def receipt(centre: Centre, house: House, data: bytes) -> Receipt:
    answer = receive(centre, house, data)
    assert answer.content_type == SIGNED
    return house.receipt(answer.body)


def outcomes(received: Receipt) -> list[str]:
    return [item.outcome.value for item in received.items]


def corrected(protocol: Protocol, more: int) -> Protocol:
    """The same precinct with more registered voters, flagged as a correction."""
    counts = protocol.counts._replace(registered_voters=protocol.counts.registered_voters + more)
    return with_flags(replace(protocol, counts=counts), corrected=True)


def rows(centre: Centre, table: str) -> Sequence[object]:
    with centre.database.reading() as connection:
        return connection.execute(select(schema.metadata.tables[table])).all()


@pytest.fixture
def station(house: House) -> SendingStation:
    return house.station(f"{POINT}-1")


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
    def test_other_bytes_under_a_number_are_refused_with_an_alarm_and_kept(
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
        assert (received.status, received.code, received.items) == (Status.REFUSED, "ING-10", ())
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
        assert receipt(centre, house, station.batch(item)).items[0].code == "ING-23"

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
        expect_log("WARNING", "ING-21 .*PR-02")
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
            assert store.protocol_before(connection, stored[1]) == stored[0].protocol

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
            assert [row.resent for row in store.revisions_after(connection, 0)] == [0]

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


class TestTheStore:
    def test_keeps_nothing_of_a_batch_that_could_not_be_stored_whole(
        self, house: House, centre: Centre, station: SendingStation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        data = station.batch(*station.items(of_point(house, POINT)))

        class Broken(Exception):
            pass

        def fail(*_: object) -> None:
            raise Broken

        tables = ("batch", "verdict", "revision")
        for name in ("insert_verdicts", "insert_revisions"):
            with monkeypatch.context() as patched:
                patched.setattr(act_module.store, name, fail)
                with pytest.raises(Broken):
                    receive(centre, house, data)
            assert [rows(centre, table) for table in tables] == [[], [], []]
        assert receive(centre, house, data).code == ""

    def test_that_is_full_asks_the_station_to_come_again_and_loses_nothing(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        data = station.batch(*station.items(of_point(house, POINT)))
        with centre.database.reading() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        expect_log("ERROR", "store failed: OperationalError|request refused: ING-14")
        answer = receive(centre, house, data)
        assert (answer.http_status, answer.code, answer.retry_after) == (503, "ING-14", 5)
        with centre.database.reading() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert receive(centre, house, data).code == ""

    @pytest.mark.parametrize("table", sorted(schema.metadata.tables))
    def test_refuses_to_change_or_delete_a_row(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce, table: str
    ) -> None:
        expect_log("WARNING", "ING-06")
        receive(centre, house, station.batch(station.item(of_point(house, POINT)[0])))
        receive(centre, house, station.sign(b""))
        centre.publisher.flush()
        column = next(iter(schema.metadata.tables[table].columns)).name
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="append-only"), centre.database.writing() as connection:
                connection.exec_driver_sql(statement)

    def test_keeps_a_journal_in_which_any_change_is_found(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        for protocol in of_point(house, POINT):
            receive(centre, house, station.batch(station.item(protocol)))
        with centre.database.reading() as connection:
            assert journal.first_broken(connection) is None
        with centre.database.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER journal_no_update")
            connection.exec_driver_sql(
                "UPDATE journal SET detail = replace(detail, 'PRIJATO', 'ZNAMO') WHERE id = 3"
            )
        with centre.database.reading() as connection:
            assert journal.first_broken(connection) == 3

    def test_takes_batches_from_many_threads_at_once_each_exactly_once(
        self, house: House, centre: Centre
    ) -> None:
        stations = [house.station(f"{POINT}-{n}") for n in (1, 2)]
        stations += [house.station(f"{OTHER_POINT}-{n}") for n in (1, 2)]
        batches = []
        for sender in stations:
            mine = of_point(house, sender.point)[:: 1 if sender.name.endswith("1") else -1]
            batches += [sender.batch(sender.item(protocol)) for protocol in mine]
        twice = sorted(batches * 2)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda data: receive(centre, house, data), twice))
        assert {answer.code for answer in answers} == {""}
        assert len({answer.body for answer in answers}) == len(batches)
        found = [item for answer in answers for item in house.receipt(answer.body).items]
        assert {item.outcome for item in found} == {Outcome.ACCEPTED, Outcome.KNOWN}
        with centre.database.reading() as connection:
            orders = [row.processing_order for row in store.revisions_after(connection, 0)]
            assert journal.first_broken(connection) is None
        assert orders == list(range(1, 11))


def test_a_batch_in_which_one_digit_was_changed_on_the_way_is_refused(
    house: House, centre: Centre, station: SendingStation, expect_log: Announce
) -> None:
    data = bytearray(station.batch(*station.items(of_point(house, POINT))))
    data[data.index(b'VYD_OBALKY="') + len(b'VYD_OBALKY="')] ^= 1
    expect_log("WARNING", "ING-03 CMS-11")
    assert receive(centre, house, bytes(data)).code == "ING-03"
