"""What the centre keeps: whole batches or nothing, nothing overwritten, each batch once from many threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.central import act as act_module
from app.central import centre as centres
from app.central import journal, schema, store
from app.central.centre import Centre
from app.central.goes_on import GoesOn
from app.central.setting_up import Kind, keep
from app.central.settling import settle
from app.documents.receipt import Outcome
from app.trust.chain import GENESIS
from tests.support import acting
from tests.support.central_driver import disarm, of_point, receive, rows
from tests.support.house import House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT

Announce = Callable[[str, str], None]


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

    @pytest.mark.only_on("sqlite")
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

    def test_refuses_to_change_or_delete_a_row_of_any_table(
        self, house: House, centre: Centre, station: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("WARNING", "ING-06")
        expect_log("ERROR", "ING-10")
        receive(centre, house, station.batch(station.item(of_point(house, POINT)[0])))
        receive(centre, house, station.sign(b""))
        station.number, station.previous = 0, GENESIS
        receive(centre, house, station.batch())
        settle(centre.database, station.name, GoesOn.BRANCH, "", "obnovená stanice", house.clock.now)
        centre.publisher.flush()
        key, ends = of_point(house, POINT)[0].key, house.reference.election.calendar.delivery_ends
        centres.give_permit(house.centre_folder, key, ends + timedelta(hours=1), "kalamita", house.clock)
        acting.withdraw(house, key)
        keep(centre.database, Kind.PROGRAM, station.name, "1", b"program", house.clock.now)
        _fill_what_is_empty(centre)
        passed = []
        for name, table in schema.metadata.tables.items():
            column = next(iter(table.columns)).name
            for statement in (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"):
                try:
                    with centre.database.writing() as connection:
                        connection.exec_driver_sql(statement)
                        passed.append(statement)
                except DBAPIError as error:
                    if "append-only" not in str(error):
                        raise
        assert passed == []

    def test_keeps_a_journal_in_which_any_change_is_found(
        self, house: House, centre: Centre, station: SendingStation
    ) -> None:
        for protocol in of_point(house, POINT):
            receive(centre, house, station.batch(station.item(protocol)))
        with centre.database.reading() as connection:
            assert journal.first_broken(connection) is None
        with centre.database.writing() as connection:
            disarm(connection, "journal", "update")
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


#: Words that a table's own checks ask for; elsewhere any will do.
_WORDS = {
    "act": "ADDED",
    "role": "operator",
    "decision": "APPROVED",
    "severity": "note",
    "standing": "NEURCENO",
}


def _fill_what_is_empty(centre: Centre) -> None:
    """One row in each table that this night left empty: what nobody is refused, nobody has tried."""
    with centre.database.writing() as connection:
        for table in schema.metadata.tables.values():  # each after those that it names
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                continue
            kinds: dict[type, object] = {int: 1, bytes: b"x"}
            row = {
                each.name: kinds.get(each.type.python_type, _WORDS.get(each.name, "x"))
                for each in table.columns
            }
            connection.execute(table.insert().values(row))
