"""Acts of the operations room: what two people do together, what one may do alone, what is written down."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from copy import copy
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.central import acts, audit, journal, stations
from app.central.centre import Centre
from app.central.room import incidents, proposals
from app.central.room.permissions import Role
from app.election.errors import KnownError
from app.election.model import Contest
from tests.support import acting
from tests.support.central_driver import corrected, of_point, outcomes, receipt
from tests.support.house import House, SendingStation
from tests.support.invented_election import OTHER_POINT, POINT
from tests.support.room_world import RoomWorld, Visitor, populate, room_of

ExpectLog = Callable[[int | str, str], None]
REASON = "zápis jiného okrsku"


@pytest.fixture
def world(house: House, centre: Centre, station: SendingStation) -> Iterator[RoomWorld]:
    """A room beside a centre that took the protocols of one transfer point."""
    made = of_point(house, POINT)
    assert set(outcomes(receipt(centre, house, station.batch(*station.items(made))))) == {"PRIJATO"}
    centre.publisher.flush()
    with room_of(house) as made_world:
        populate(made_world.place, house.clock)
        yield made_world


def withdrawal(house: House, position: int = 0) -> dict[str, str]:
    key = of_point(house, POINT)[position].key
    return {"contest": key.contest.value, "precinct": str(key.precinct), "reason": REASON}


def proposed(visitor: Visitor, kind: str, form: dict[str, str]) -> str:
    answer = visitor.post(f"/propose/{kind}", form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def seen(visitor: Visitor, path: str) -> str:
    """The hash of what a proposal's page shows."""
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', visitor.get(path).text)
    assert found is not None
    return found[1]


def approve(visitor: Visitor, path: str, digest: str = "") -> tuple[int, str]:
    answer = visitor.post(f"{path}/approve", {"digest": digest or seen(visitor, path)})
    code = re.search(r'class="code">([A-Z]{3}-\d\d)<', answer.text)
    return answer.status_code, code[1] if code else ""


def counted(world: RoomWorld) -> int:
    books = acts.opened(world.place.database, world.house.reference)
    return books.counts[Contest.REGIONAL].tally.country.precincts_processed


class TestAWithdrawal:
    def test_is_done_when_a_second_person_approves_it_and_names_both(
        self, world: RoomWorld, house: House, centre: Centre
    ) -> None:
        jana, petr = world.visitor("jana"), world.visitor("petr")
        path = proposed(jana, "withdraw", withdrawal(house))
        assert counted(world) == 4, "a proposal changes nothing"
        assert approve(petr, path) == (303, "")
        centre.publisher.flush()
        assert counted(world) == 3
        [given] = acts.opened(world.place.database, house.reference).acts
        assert given.act.decided_by == ("Jana Nová", "Petr Starý")
        assert given.act.reason == REASON
        page = petr.get(path).text
        assert "Schválil" in page
        assert "Petr Starý" in page
        assert centre.publisher.progress["KZ"]["processed"] == 3

    def test_is_not_approved_by_who_proposed_it(self, world: RoomWorld, house: House) -> None:
        jana, petr = world.visitor("jana"), world.visitor("petr")
        path = proposed(jana, "withdraw", withdrawal(house))
        assert "digest" not in jana.get(path).text
        assert approve(jana, path, seen(petr, path)) == (422, "ROM-17")
        assert counted(world) == 4

    def test_is_bound_to_what_was_shown(
        self, world: RoomWorld, house: House, centre: Centre, station: SendingStation
    ) -> None:
        jana, petr = world.visitor("jana"), world.visitor("petr")
        path = proposed(jana, "withdraw", withdrawal(house))
        digest = seen(petr, path)
        assert approve(petr, path, "0" * 64) == (422, "ROM-16")
        later = station.batch(station.item(corrected(of_point(house, POINT)[0], 2), 2))
        assert outcomes(receipt(centre, house, later)) == ["PRIJATO"]
        assert approve(petr, path, digest) == (422, "ROM-16"), "another revision counts now"
        assert counted(world) == 4
        assert petr.post(f"{path}/refuse", {"reason": "přišla oprava"}).status_code == 303
        assert approve(petr, path, digest) == (422, "ROM-18"), "it is decided once"

    def test_is_refused_at_once_where_nothing_counts(self, world: RoomWorld) -> None:
        form = {"contest": "KZ", "precinct": "550004/2", "reason": REASON}
        answer = world.visitor("jana").post("/propose/withdraw", form)
        assert (answer.status_code, "CEN-48" in answer.text) == (422, True)

    def test_is_not_approved_by_an_account_that_was_closed_meanwhile(
        self, world: RoomWorld, house: House
    ) -> None:
        path = proposed(world.visitor("jana"), "withdraw", withdrawal(house))
        world.place.operators.disable("jana", "ivan", house.clock())
        assert approve(world.visitor("petr"), path) == (403, "ROM-05")
        assert counted(world) == 4

    def test_of_two_approvals_at_once_only_one_is_done(self, world: RoomWorld, house: House) -> None:
        petr = world.visitor("petr")
        path = proposed(world.visitor("jana"), "withdraw", withdrawal(house))
        digest = seen(petr, path)
        assert approve(petr, path, digest) == (303, "")
        assert approve(petr, path, digest) == (422, "ROM-18")
        assert len(acts.opened(world.place.database, house.reference).acts) == 1


@pytest.mark.only_on("sqlite")
class TestEveryOtherKind:
    def test_never_delivered_complete_and_undone(self, world: RoomWorld, house: House) -> None:
        jana, petr = world.visitor("jana"), world.visitor("petr")
        for precinct in ("550004/1", "550004/2"):
            form = {"contest": "KZ", "precinct": precinct, "reason": "okrsek nehlasoval"}
            assert approve(petr, proposed(jana, "never", form)) == (303, "")
        form = {"contest": "KZ", "area": "region", "number": "2", "reason": "zkontrolováno"}
        assert approve(petr, proposed(jana, "complete", form)) == (303, "")
        path = proposed(jana, "cancel", {"act": "3", "reason": "omyl kraje"})
        assert approve(petr, path) == (303, "")
        books = acts.opened(world.place.database, house.reference)
        assert [given.act.kind.value for given in books.acts] == [
            "NEDODANO",
            "NEDODANO",
            "UPLNOST",
            "ZRUSENI",
        ]
        assert "nedodaný zápis" in jana.get("/acts").text

    def test_a_late_permit_with_its_file(self, world: RoomWorld, house: House) -> None:
        jana, petr = world.visitor("jana"), world.visitor("petr")
        ends = house.reference.election.calendar.delivery_ends + timedelta(hours=8)
        form = withdrawal(house) | {"until": f"{ends:%Y-%m-%dT%H:%M}"}
        assert approve(petr, proposed(jana, "permit", form)) == (303, "")
        assert f"{REASON} (Jana Nová; Petr Starý)" in jana.get("/acts").text
        answer = petr.get("/permits/1.p7m")
        assert answer.headers["content-disposition"] == 'attachment; filename="povoleni-0001.p7m"'
        assert answer.content[:1] == b"\x30"
        early = form | {"until": "2024-09-21T10:00"}
        assert "CEN-41" in jana.post("/propose/permit", early).text

    def test_a_lot_is_refused_where_nobody_waits_for_one(self, world: RoomWorld) -> None:
        jana = world.visitor("jana")
        form = {"contest": "SE1", "number": "2", "order": "3,1", "reason": "rovnost hlasů"}
        assert "CEN-46" in jana.post("/propose/lot", form).text
        assert "CEN-45" in jana.post("/propose/lot", form | {"order": "3;1"}).text
        assert "CEN-46" in jana.post("/propose/replace", form | {"candidate": "1"}).text
        assert "CEN-46" in jana.post("/propose/seats", form | {"number": "1", "seats": "2:40"}).text

    def test_a_quarantine_is_settled_by_two(
        self, world: RoomWorld, house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
    ) -> None:
        expect_log("ERROR", "ING-10|ING-11")
        twin = copy(station)
        twin.sent = []
        made = of_point(house, POINT, Contest.SENATE_ROUND_1)
        assert centre.ingest.receive(station.batch(station.item(made[0])), house.clock()).code == ""
        assert centre.ingest.receive(twin.batch(twin.item(made[1])), house.clock()).code == "ING-10"
        jana, petr = world.visitor("jana"), world.visitor("petr")
        assert "je v karanténě" in jana.get("/").text
        assert "Odložená větev" in jana.get(f"/quarantine/{station.name}").text
        form = {"station": station.name, "goes_on": "centre", "branch": "", "reason": "druhý počítač vypnut"}
        assert approve(petr, proposed(jana, "settle", form)) == (303, "")
        assert centre.ingest.receive(station.batch(station.item(made[2])), house.clock()).code == ""

    def test_what_is_no_form_of_the_room_is_refused(self, world: RoomWorld, house: House) -> None:
        jana = world.visitor("jana")
        good = withdrawal(house)
        wrong = [
            {"contest": "XX"}, {"precinct": "5500011"}, {"precinct": "550001/" + "9" * 40}, {"reason": ""},
            {"reason": "x" * 301}, {"reason": "a\x00b důvod"}, {"precinct": ""},
        ]  # fmt: skip
        for change in wrong:
            answer = jana.post("/propose/withdraw", good | change)
            assert answer.status_code == 422, change
        assert jana.post("/propose/nothing", good).status_code == 404


def test_a_station_is_revoked_by_one_administrator_at_once(
    world: RoomWorld, house: House, centre: Centre, station: SendingStation, expect_log: ExpectLog
) -> None:
    expect_log("WARNING", "ING-05")
    ivan = world.visitor("ivan")
    answer = ivan.post(f"/stations/{station.name}/revoke", {"reason": "ztracený notebook"})
    assert answer.headers["location"] == f"/points/{POINT}?done=revoked"
    made = of_point(house, POINT, Contest.SENATE_ROUND_1)
    assert centre.ingest.receive(station.batch(station.item(made[0])), house.clock()).code == "ING-05"
    [listed] = [each for each in stations.listed(centre.database) if each.station == station.name]
    assert listed.reason == "ztracený notebook (Ivan Správný)"
    assert "CEN-21" in ivan.post(f"/stations/{station.name}/revoke", {"reason": "podruhé"}).text


def test_incidents_are_noted_listed_handed_on_and_never_changed(world: RoomWorld) -> None:
    eva = world.visitor("eva")
    told = {"severity": "serious", "point": str(OTHER_POINT), "words": "Výpadek proudu;\n\n  agregát běží."}
    assert eva.post("/incidents", told).status_code == 303
    assert eva.post("/incidents", {"severity": "note", "point": "", "words": "druhá"}).status_code == 303
    for wrong in ({"severity": "worst"}, {"point": "999"}, {"words": " "}, {"words": "x" * 2001}):
        assert eva.post("/incidents", told | wrong).status_code == 422
    assert "agregát běží." in eva.get(f"/points/{OTHER_POINT}").text
    rows = list(csv.DictReader(io.StringIO(eva.get("/incidents.csv").text[1:]), delimiter=";"))
    assert [row["words"] for row in rows] == ["druhá", "Výpadek proudu;\n\nagregát běží."]
    assert json.loads(eva.get("/incidents.json").text)[1]["transfer_point"] == OTHER_POINT
    for table in ("incident", "operator_act"):
        with pytest.raises(DBAPIError), world.place.database.writing() as connection:
            connection.execute(text(f"UPDATE {table} SET at = ''"))
    with world.place.database.reading() as connection:
        assert len(incidents.listed(connection)) == 2
        assert journal.first_broken(connection) is None


def test_the_audit_proves_what_the_room_wrote(world: RoomWorld, house: House, centre: Centre) -> None:
    jana = world.visitor("jana")
    path = proposed(jana, "withdraw", withdrawal(house))
    assert approve(world.visitor("petr"), path) == (303, "")
    centre.publisher.flush()
    audit.check(world.place.database, world.place.parts.seal, house.code)
    with world.place.database.reading() as connection:
        told = "".join(row.detail for row in connection.execute(text("SELECT detail FROM journal")))
    assert "argon2" not in told, "no password's hash stands in the journal"


def test_a_withdrawal_by_command_between_proposal_and_approval_stops_it(
    world: RoomWorld, house: House
) -> None:
    jana, petr = world.visitor("jana"), world.visitor("petr")
    path = proposed(jana, "withdraw", withdrawal(house))
    digest = seen(petr, path)
    acting.withdraw(house, of_point(house, POINT)[0].key)
    assert approve(petr, path, digest)[0] == 422
    with world.place.database.reading() as connection:
        assert proposals.find(connection, 1).decision == ""


@pytest.mark.only_on("sqlite")
def test_two_accounts_never_share_a_login_or_a_name(world: RoomWorld, house: House) -> None:
    for login, name in (("jana", "Někdo Jiný"), ("jiny", "JANA NOVÁ"), ("Jana!", "Někdo"), ("x y", "Někdo")):
        with pytest.raises(KnownError, match=r"ROM-1[02]"):
            world.place.operators.add(login, name, Role.OPERATOR, "dost dlouhé heslo", "test", house.clock())
