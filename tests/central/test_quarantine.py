"""A station that forks: set aside whole, looked at from both sides, settled, and going on without a fork."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

import pytest

from app.central import chains, journal, settling
from app.central.centre import Centre
from app.central.goes_on import GoesOn
from app.documents.receipt import Status
from app.election.errors import KnownError
from app.election.model import Contest, Protocol
from tests.support.asking import CentreLine, inquirer
from tests.support.central_driver import of_point, receipt, rows
from tests.support.house import House, SendingStation
from tests.support.invented_election import POINT

Announce = Callable[[str, str], None]
REASON = "vedoucí potvrdil po telefonu"


def protocols(house: House) -> list[Protocol]:
    """Of both contests."""
    return of_point(house, POINT) + of_point(house, POINT, Contest.SENATE_ROUND_1)


@pytest.fixture
def twin(house: House, centre: Centre, station: SendingStation) -> SendingStation:
    """A copy of the station as it was after its first batch; the station sent two more since."""
    made = protocols(house)
    assert receipt(centre, house, station.batch(station.item(made[0]))).status is Status.ACCEPTED
    old = copy(station)
    old.sent = []
    for protocol in made[1:3]:
        assert receipt(centre, house, station.batch(station.item(protocol))).status is Status.ACCEPTED
    return old


def settle(centre: Centre, house: House, goes_on: GoesOn, branch: str = "") -> settling.Settled:
    return settling.settle(centre.database, "41-1", goes_on, branch, REASON, house.clock.now)


def said(centre: Centre, house: House, data: bytes) -> tuple[str, str]:
    got = receipt(centre, house, data)
    return got.status.value, got.code


def acts(centre: Centre) -> list[str]:
    return [row.act for row in rows(centre, "journal")]  # type: ignore[attr-defined]


def counted(centre: Centre) -> list[tuple[str, int, int, int]]:
    found = [(row.contest, row.municipality, row.precinct, row.revision) for row in rows(centre, "revision")]  # type: ignore[attr-defined]
    assert len(set(found)) == len(found)
    return sorted(found)


class TestAStationThatForks:
    def test_is_in_quarantine_whole_and_nothing_of_it_counts_until_it_is_settled(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        twin: SendingStation,
        expect_log: Announce,
    ) -> None:
        made = protocols(house)
        expect_log("ERROR", "ING-10")
        expect_log("WARNING", "ING-15")
        before = counted(centre)
        assert said(centre, house, twin.batch(twin.item(made[3]))) == ("KARANTENA", "ING-10")
        assert said(centre, house, twin.batch(twin.item(made[4]))) == ("KARANTENA", "ING-15")
        assert said(centre, house, station.batch(station.item(made[4]))) == ("KARANTENA", "ING-15")
        assert counted(centre) == before
        assert acts(centre)[-4:] == [
            "batch quarantined", "station quarantined", "batch quarantined", "batch quarantined",
        ]  # fmt: skip
        (stands,) = settling.listed(centre.database)
        assert (stands.chain, stands.quarantine) == ("41-1", True)

    def test_does_not_stop_the_others(
        self, house: House, centre: Centre, twin: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("ERROR", "ING-10")
        other = house.station("41-2")
        said(centre, house, twin.batch())
        assert said(centre, house, other.batch(other.item(protocols(house)[3]))) == ("PRIJATO", "")

    def test_shows_both_branches_with_what_the_centre_has_of_them(
        self, house: House, centre: Centre, twin: SendingStation, expect_log: Announce
    ) -> None:
        made = protocols(house)
        expect_log("ERROR", "ING-10")
        expect_log("WARNING", "ING-15")
        said(centre, house, twin.batch(twin.item(made[1]), twin.item(made[3])))
        said(centre, house, twin.batch(twin.item(made[4])))
        shown = settling.shown(centre.database, "41-1")
        assert [each.number for each in shown.taken] == [2, 3]
        (branch,) = shown.branches
        assert (branch.parent, branch.fork_number) == ("41-1", 1)
        assert [each.number for each in branch.batches] == [2, 3]
        assert [item.at_centre for each in branch.batches for item in each.items] == ["same", "", ""]


class TestWhenTheBranchGoesOn:
    def test_its_batches_are_judged_when_they_come_again_and_nothing_doubles(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        twin: SendingStation,
        expect_log: Announce,
    ) -> None:
        made = protocols(house)
        expect_log("ERROR", "ING-10")
        expect_log("WARNING", "ING-15")
        batches = [twin.batch(twin.item(made[1]), twin.item(made[3])), twin.batch(twin.item(made[4]))]
        for data in batches:
            said(centre, house, data)
        assert settle(centre, house, GoesOn.BRANCH) == settling.Settled("41-1/2", 2)
        first = receipt(centre, house, batches[0])
        assert [item.outcome.value for item in first.items] == ["ZNAMO", "PRIJATO"]
        assert said(centre, house, batches[1]) == ("PRIJATO", "")
        assert receipt(centre, house, batches[0]) == first
        assert len(counted(centre)) == 5
        more = twin.batch()
        assert said(centre, house, more) == ("PRIJATO", "")
        with centre.database.reading() as connection:
            assert journal.first_broken(connection) is None
        before = counted(centre)
        again = house.open()  # which proves the whole database
        assert counted(again) == before
        again.close()

    def test_what_goes_on_from_the_given_up_chain_is_set_aside_and_stops_nobody(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        twin: SendingStation,
        expect_log: Announce,
    ) -> None:
        expect_log("ERROR", "ING-10")
        branch = twin.batch()
        said(centre, house, branch)
        settle(centre, house, GoesOn.BRANCH)
        expect_log("ERROR", "ING-16")
        assert said(centre, house, station.batch()) == ("KARANTENA", "ING-16")
        assert said(centre, house, station.batch()) == ("KARANTENA", "ING-16")
        assert said(centre, house, branch) == ("PRIJATO", "")
        assert said(centre, house, twin.batch()) == ("PRIJATO", "")

    def test_the_station_is_told_of_the_chain_that_goes_on(
        self, house: House, centre: Centre, twin: SendingStation, expect_log: Announce
    ) -> None:
        made = protocols(house)
        expect_log("ERROR", "ING-10")
        said(centre, house, twin.batch(twin.item(made[3])))
        settle(centre, house, GoesOn.BRANCH)
        said(centre, house, twin.sent[0])
        line, asking = CentreLine(centre, house.clock), inquirer(house, twin)
        answer = asking.batches(line, 0, house.clock.now)
        assert answer.head is not None
        assert (answer.head.number, answer.head.batch_hash) == (2, twin.previous)
        assert [each.number for each in answer.batches] == [1, 2]
        assert answer.batches[1].data == twin.sent[0]
        with centre.database.reading() as connection:
            assert chains.names(connection, ["41-1"]) == ["41-1", "41-1/2"]
        state = asking.state(line, 0, 0, house.clock.now).state
        assert {each.station for each in state.decisions} == {"41-1"}
        assert {each.key for each in state.decisions} >= {made[2].key, made[3].key}

    def test_over_a_gap_the_missing_ones_are_asked_for(
        self, house: House, centre: Centre, twin: SendingStation, expect_log: Announce
    ) -> None:
        expect_log("ERROR", "ING-10")
        said(centre, house, twin.batch())
        settle(centre, house, GoesOn.BRANCH)
        third, fourth = twin.batch(), twin.batch()
        late = receipt(centre, house, fourth)
        assert (late.status, late.missing) == (Status.QUEUED, ((2, 3),))
        said(centre, house, twin.sent[0])
        assert said(centre, house, third) == ("PRIJATO", "")


class TestWhenTheCentresChainGoesOn:
    def test_what_waited_is_judged_when_it_comes_again_and_the_branch_stays_out(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        twin: SendingStation,
        expect_log: Announce,
    ) -> None:
        made = protocols(house)
        expect_log("ERROR", "ING-10")
        expect_log("WARNING", "ING-15")
        stray = twin.batch(twin.item(made[3]))
        said(centre, house, stray)
        waited = station.batch(station.item(made[4]))
        said(centre, house, waited)
        assert settle(centre, house, GoesOn.CENTRE) == settling.Settled("41-1", 1)
        assert said(centre, house, waited) == ("PRIJATO", "")
        assert said(centre, house, stray) == ("KARANTENA", "ING-10")
        expect_log("ERROR", "ING-16")
        assert said(centre, house, twin.batch()) == ("KARANTENA", "ING-16")
        assert said(centre, house, station.batch(station.item(made[3]))) == ("PRIJATO", "")
        assert len(counted(centre)) == 5

    def test_a_decision_can_be_reconsidered(
        self,
        house: House,
        centre: Centre,
        station: SendingStation,
        twin: SendingStation,
        expect_log: Announce,
    ) -> None:
        expect_log("ERROR", "ING-10")
        stray = twin.batch(twin.item(protocols(house)[3]))
        said(centre, house, stray)
        settle(centre, house, GoesOn.CENTRE)
        settle(centre, house, GoesOn.BRANCH, twin.previous[:12])
        assert said(centre, house, stray) == ("PRIJATO", "")
        expect_log("ERROR", "ING-16")
        assert said(centre, house, station.batch()) == ("KARANTENA", "ING-16")
        assert settle(centre, house, GoesOn.BRANCH, station.previous[:12]).chain == "41-1/3"
        assert said(centre, house, station.sent[-1]) == ("PRIJATO", "")
        assert said(centre, house, station.batch()) == ("PRIJATO", "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"station": "41-9"}, "CEN-50"),
        ({"goes_on": GoesOn.CENTRE, "settled": True}, "CEN-51"),
        ({"branch": "ffff"}, "CEN-52"),
        ({"reason": " "}, "CEN-53"),
    ],
)
def test_what_cannot_be_settled_is_refused_and_changes_nothing(
    house: House,
    centre: Centre,
    twin: SendingStation,
    expect_log: Announce,
    change: dict[str, object],
    code: str,
) -> None:
    expect_log("ERROR", "ING-10")
    said(centre, house, twin.batch())
    told = {"station": "41-1", "goes_on": GoesOn.BRANCH, "branch": "", "reason": REASON, **change}
    if told.pop("settled", False):
        settle(centre, house, GoesOn.CENTRE)
    before = acts(centre)
    with pytest.raises(KnownError) as caught:
        settling.settle(centre.database, at=house.clock.now, **told)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert acts(centre) == before
