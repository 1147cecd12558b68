"""Any sequence of protocols, corrections, withdrawals and declarations, against a shadow of what is in force.

After each step the running count equals Σ of what is in force, the last element of each precinct in the
batches is what is in force, and a count that begins again from the store says the very same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.central import acts, stations
from app.central.acts import Books
from app.central.counting import Counting
from app.central.database import Database
from app.central.grid import Processed
from app.central.ingest import Ingest
from app.central.judging import Wanted
from app.central.senders import Seal
from app.documents.act import Act, Kind
from app.election.complete import with_flags
from app.election.model import Contest, PrecinctId, Protocol
from app.trust import keys
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from tests.support.acting import PEOPLE
from tests.support.central_driver import of_point, outcomes
from tests.support.house import Clock, House, SendingStation
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference

KNOWN = reference(Contest.REGIONAL)
MINE = [
    p.precinct
    for p in protocols(KNOWN, Contest.REGIONAL)
    if KNOWN.precincts[p.precinct].transfer_point == POINT
]
FIRST = MINE[0]
PLACES = st.sampled_from(MINE[1:])


class Night(RuleBasedStateMachine):
    """One transfer point's night; `house` and `station` are made once."""

    house: House
    station: SendingStation

    def __init__(self) -> None:
        super().__init__()
        house, clock = self.house, self.house.clock
        clock.now = VOTING_ENDS + timedelta(hours=1)
        folder = house.centre_folder
        anchors = Anchors.from_pem((folder / "ca.pem").read_bytes())
        certificate = Certificate.from_pem((folder / "centre.pem").read_bytes())
        self.seal = Seal(anchors, keys.load_key(folder / "centre.key", None), certificate)
        self.database = Database(Path(":memory:"))
        stations.add(self.database, [self.station.certificate], house.code, clock.now)
        self.ingest = Ingest(self.database, KNOWN, self.seal, 10_000_000)
        self.sender = replace_chain(self.station)
        self.counting = Counting(self.database, KNOWN, 300)
        self.counting.rebuild()
        self.version = 0
        self.elements: list[Processed] = []
        # the shadow: what is in force, how often each precinct was sent, who is given up
        self.in_force: dict[PrecinctId, Protocol] = {}
        self.revisions: dict[PrecinctId, int] = {}
        self.given_up: dict[PrecinctId, Act] = {}
        self._send(FIRST, 1)  # so that the embargo is over

    def teardown(self) -> None:
        self.database.close()

    # --- what happens -------------------------------------------------------------------------------

    @rule(precinct=PLACES, seed=st.integers(1, 9))
    def send(self, precinct: PrecinctId, seed: int) -> None:
        self._send(precinct, seed)

    @precondition(lambda self: self.in_force)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        precinct = data.draw(st.sampled_from(sorted(self.in_force)))
        self._give(Wanted(Kind.WITHDRAWAL, Contest.REGIONAL, precinct=precinct))
        del self.in_force[precinct]

    @precondition(lambda self: self._open_places())
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        precinct = data.draw(st.sampled_from(self._open_places()))
        self.given_up[precinct] = self._give(Wanted(Kind.NEVER, Contest.REGIONAL, precinct=precinct))

    @precondition(lambda self: self.given_up)
    @rule(data=st.data())
    def wait_again(self, data: st.DataObject) -> None:
        precinct = data.draw(st.sampled_from(sorted(self.given_up)))
        number = self.given_up.pop(precinct).number
        self._give(Wanted(Kind.CANCEL, Contest.REGIONAL, cancels=number))

    @rule(minutes=st.integers(0, 7), close=st.booleans())
    def publish(self, minutes: int, close: bool) -> None:
        self.house.clock.move(minutes=minutes)
        now = self.house.clock.now
        self.counting.count_new(now)
        self.version = self.counting.claim(now, close, self.version)
        self.elements += self._written(self.counting)
        self.counting.published()

    @rule()
    def begin_again(self) -> None:
        self.counting = Counting(self.database, KNOWN, 300)
        self.counting.rebuild()
        self.elements = []
        self.publish(0, False)

    # --- what holds ---------------------------------------------------------------------------------

    @invariant()
    def the_books_are_the_sum_of_what_is_in_force(self) -> None:
        books = Books(KNOWN)
        with self.database.reading() as connection:
            books.read(connection)
        self._agrees(books.counts[Contest.REGIONAL].tally.country.sums(), books)
        books.counts[Contest.REGIONAL].tally.assert_consistent(self.in_force.values())

    @invariant()
    def the_running_count_says_the_same_and_batches_end_with_what_is_in_force(self) -> None:
        if self.version == 0:
            return
        self.publish(0, True)
        running, tally = self.counting, self.counting.counts[Contest.REGIONAL].tally
        tally.assert_consistent(self.in_force.values())
        assert tally.never == frozenset(self.given_up)
        assert tally.country.settled is (tally.country.precincts_processed + len(self.given_up) == 10)
        last = {each.protocol.precinct: each for each in self.elements}
        counts = {p: each.protocol.counts for p, each in last.items() if any(each.protocol.counts)}
        assert counts == {precinct: each.counts for precinct, each in self.in_force.items()}
        orders = [each.order for each in self.elements]
        assert orders == list(range(1, len(orders) + 1))
        assert sum(each.more for each in self.elements) == len(self.in_force)
        times = [each.at for each in self.elements]
        assert times == sorted(times)
        assert running.changes.size == len(orders)

    # --- how ----------------------------------------------------------------------------------------

    def _agrees(self, found: tuple[int, ...], books: Books) -> None:
        counted = self.in_force.values()
        assert found[1:] == (len(counted), *(sum(p.counts[at] for p in counted) for at in range(4)))
        assert books.counts[Contest.REGIONAL].tally.never == frozenset(self.given_up)

    def _open_places(self) -> list[PrecinctId]:
        return [p for p in MINE if p not in self.in_force and p not in self.given_up]

    def _send(self, precinct: PrecinctId, seed: int) -> None:
        revision = self.revisions.get(precinct, 0) + 1
        made = next(p for p in of_point(self.house, POINT, seed=seed) if p.precinct == precinct)
        protocol = with_flags(made, corrected=revision > 1)
        batch = self.sender.batch(self.sender.item(protocol, revision))
        answer = self.ingest.receive(batch, self.house.clock.now)
        assert outcomes(self.house.receipt(answer.body)) == ["PRIJATO"]
        self.revisions[precinct] = revision
        self.in_force[precinct] = protocol
        self.given_up.pop(precinct, None)

    def _give(self, wanted: Wanted) -> Act:
        return acts.give(self.database, KNOWN, self.seal, wanted, PEOPLE, self.house.clock).act

    @staticmethod
    def _written(counting: Counting) -> list[Processed]:
        count = counting.counts[Contest.REGIONAL]
        elements = [each for cut in count.cuts for each in cut.processed]
        count.cuts.clear()
        count.touched.clear()
        return elements


def replace_chain(station: SendingStation) -> SendingStation:
    """The same station with a chain that begins."""
    return replace(station, number=0, previous="0" * 64, sent=[])


@pytest.fixture
def night(tmp_path: Path) -> type[Night]:
    house = House(tmp_path, KNOWN, Clock(VOTING_ENDS + timedelta(hours=1)))
    return type("OneNight", (Night,), {"house": house, "station": house.station(f"{POINT}-1")})


def test_whatever_people_do_the_count_is_what_is_in_force(night: type[Night]) -> None:
    limits = settings(
        max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(night, settings=limits)
