"""Any sequence of acts, faults of the line and restarts, against a shadow that is obviously right.

The shadow of one protocol is the list of figures that were accepted, what is held, and whether the
last thing was a refusal; of the line, which revisions went out and what answers came back.
"""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.documents import batch as batches
from app.documents import receipt as receipts
from app.documents.receipt import Outcome
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, Protocol, ProtocolKey
from app.station.errors import (
    AlreadyAccepted,
    Blocked,
    NothingToCorrect,
    StepRefused,
)
from app.station.offers import Offer
from app.station.sending import Answer, NoAnswer
from app.station.states import State
from app.station.station import Station
from app.trust import cms
from app.trust.identity import Expected, Role
from tests.support import invented_election as invented
from tests.support.invented_election import stated
from tests.support.station_world import (
    CLERK,
    SUPERVISOR,
    Clock,
    FakeCentre,
    authority,
    file_of,
    make_station,
    one_more_envelope,
)

REFERENCE = invented.reference(mode=Mode.REHEARSAL)
KEYS = [
    ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL),
    ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1),
    ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL),
]
FAULTS = ["", "", "", "lost", "no answer", "unreachable", "garbage", "busy", "twice"]
Figures = tuple[int, bool]  # seed, and whether there is one envelope too many


@cache
def _blank_folder() -> Path:
    base = Path(tempfile.mkdtemp(prefix="prebirka-machine-"))
    atexit.register(shutil.rmtree, base)
    return make_station(base, REFERENCE)


@cache
def protocol(key: ProtocolKey, figures: Figures) -> Protocol:
    seed, flawed = figures
    if key.contest.is_senate:
        right: Protocol = invented.senate_protocol(REFERENCE, key.precinct, 1, seed)
    else:
        right = invented.regional_protocol(REFERENCE, key.precinct, seed)
    return one_more_envelope(right) if flawed else right


@cache
def protocol_file_of(key: ProtocolKey, figures: Figures) -> bytes:
    return file_of(stated(REFERENCE, protocol(key, figures)))


@dataclass
class Shadow:
    accepted: list[Figures] = field(default_factory=list)
    held: Figures | None = None
    refused: bool = False


@dataclass
class Line:
    """Between the station and the centre: remembers what went out and what was heard of it."""

    centre: FakeCentre
    clock: Clock
    fault: str = ""
    out: set[tuple[ProtocolKey, int]] = field(default_factory=set)
    yes: set[tuple[ProtocolKey, int]] = field(default_factory=set)
    no: set[tuple[ProtocolKey, int]] = field(default_factory=set)

    def push(self, data: bytes) -> Answer:
        self.centre.faults, self.fault = [self.fault], ""
        verified = cms.verify(
            data, authority("zk2024").anchors, self.clock(), Expected(Role.STATION, "zk2024")
        )
        inside = {(i.reading.key, i.acceptance.revision) for i in batches.read(verified.content).items}
        try:
            answer = self.centre.push(data)
        except NoAnswer:
            self.out |= inside
            raise
        self.out |= inside
        try:
            told = cms.verify(
                answer.body, authority("zk2024").anchors, self.clock(), Expected(Role.CENTRE, "zk2024")
            )
        except KnownError:
            return answer
        for item in receipts.read(told.content).items:
            heard = self.yes if item.outcome in (Outcome.ACCEPTED, Outcome.KNOWN) else self.no
            heard.add((item.key, item.revision))
        return answer


class StationMachine(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="prebirka-machine-")) / "station"
        shutil.copytree(_blank_folder(), self.folder)
        self.clock = Clock()
        self.centre = FakeCentre(REFERENCE, self.clock)
        self.line = Line(self.centre, self.clock)
        self.shadows = {key: Shadow() for key in KEYS}
        self._start()

    def _start(self) -> None:
        self.station = Station.open(self.folder, self.clock)
        self.sender = self.station.sender(self.line, random.Random(1))

    def teardown(self) -> None:
        if not hasattr(self, "station"):
            return
        try:
            self._come_to_rest()
        finally:
            self.station.close()
            shutil.rmtree(self.folder.parent)

    # --- acts ---

    keys = st.sampled_from(KEYS)
    seeds = st.integers(1, 3)

    @rule(key=keys, seed=seeds)
    def accept(self, key: ProtocolKey, seed: int) -> None:
        shadow, figures = self.shadows[key], (seed, False)
        wrong = self._first_is_refused(shadow, figures)
        if self._tried(lambda: self.station.intake.accept(self._offer(key, figures), CLERK), wrong):
            shadow.accepted.append(figures)
            shadow.refused = False

    @rule(key=keys, seed=seeds)
    def hold(self, key: ProtocolKey, seed: int) -> None:
        shadow, figures = self.shadows[key], (seed, True)
        wrong = self._first_is_refused(shadow, figures)
        if self._tried(lambda: self.station.intake.hold(self._offer(key, figures), CLERK, "obálka"), wrong):
            shadow.held, shadow.refused = figures, False

    @rule(key=keys, seed=seeds, flawed=st.booleans())
    def correct(self, key: ProtocolKey, seed: int, flawed: bool) -> None:
        shadow, figures = self.shadows[key], (seed, flawed)
        wrong: type[KnownError] | None = None
        if not shadow.accepted:
            wrong = NothingToCorrect
        elif shadow.held is not None:
            wrong = StepRefused
        elif shadow.accepted[-1] == figures and self._expected_state(key) is not State.RETURNED:
            wrong = AlreadyAccepted

        def act() -> None:
            correction = self.station.intake.as_correction(self._offer(key, figures), CLERK, "oprava")
            if flawed:
                self.station.intake.hold(correction, CLERK, "obálka")
            else:
                self.station.intake.accept(correction, CLERK)

        if self._tried(act, wrong):
            if flawed:
                shadow.held = figures
            else:
                shadow.accepted.append(figures)

    @rule(key=keys, stale=st.booleans())
    def approve(self, key: ProtocolKey, stale: bool) -> None:
        shadow = self.shadows[key]
        waiting = self.station.intake.held(key)
        assert bool(waiting) == (shadow.held is not None)
        shown = waiting[0].content_hash if waiting and not stale else "0" * 64
        wrong = StepRefused if not waiting else KnownError if stale else None
        if self._tried(lambda: self.station.intake.approve(key, SUPERVISOR, shown), wrong):
            assert shadow.held is not None
            shadow.accepted.append(shadow.held)
            shadow.held = None

    @rule(key=keys)
    def send_back(self, key: ProtocolKey) -> None:
        shadow = self.shadows[key]
        wrong = StepRefused if shadow.held is None else None
        if self._tried(lambda: self.station.intake.send_back(key, SUPERVISOR, "znovu"), wrong):
            shadow.held = None

    @rule(key=keys, seed=seeds)
    def refuse(self, key: ProtocolKey, seed: int) -> None:
        shadow = self.shadows[key]
        wrong = StepRefused if shadow.accepted or shadow.held is not None else None
        if self._tried(
            lambda: self.station.intake.refuse(self._offer(key, (seed, False)), CLERK, "ne"), wrong
        ):
            shadow.refused = True

    # --- the line ---

    @rule(fault=st.sampled_from(FAULTS), seconds=st.sampled_from([0, 1, 70]))
    def send(self, fault: str, seconds: int) -> None:
        self.line.fault = fault
        self.sender.step(self.clock.advance(seconds))
        self.line.fault = ""

    @rule(key=keys)
    def the_centre_changes_its_mind(self, key: ProtocolKey) -> None:
        self.centre.refused ^= {key}

    @rule()
    def restart(self) -> None:
        self.station.close()
        self._start()

    # --- what must hold ---

    @invariant()
    def every_state_is_the_shadow_s(self) -> None:
        if not hasattr(self, "station"):
            return
        for key, shadow in self.shadows.items():
            row = self.station.row(key)
            assert row is not None
            assert (row.state, row.revision) == (self._expected_state(key), len(shadow.accepted))
        accepted = sum(len(shadow.accepted) for shadow in self.shadows.values())
        answered = len(self.line.yes | self.line.no)
        assert self.station.outbox.queue() == accepted - answered
        assert not self.centre.alarms

    def _come_to_rest(self) -> None:
        """The faults end: everything accepted is at the centre, once, with its very content."""
        self.centre.refused.clear()
        for _ in range(100):
            due = self.sender.step(self.clock())
            if due is None:
                break
            self.clock.now = max(self.clock.now, due)
        else:
            raise AssertionError("the sender is stuck")
        self.every_state_is_the_shadow_s()
        everything = {
            (key, revision) for key, s in self.shadows.items() for revision in range(1, len(s.accepted) + 1)
        }
        assert self.line.yes | self.line.no == everything
        assert set(self.centre.counted) == self.line.yes
        assert len(self.centre.order) == len(self.centre.counted)
        assert self.station.outbox.queue() == 0
        for key, shadow in self.shadows.items():
            current = self.station.intake.current(key)
            if shadow.accepted:
                assert current is not None
                assert current[1].counts == protocol(key, shadow.accepted[-1]).counts
                assert current[1].corrected == (len(shadow.accepted) > 1)
                assert current[1].passable_error == shadow.accepted[-1][1]
                last = (key, len(shadow.accepted))
                assert self.centre.counted.get(last, current[0].content_hash) == current[0].content_hash
            else:
                assert current is None
        assert self.station.journal.first_broken() is None

    def _expected_state(self, key: ProtocolKey) -> State:
        shadow = self.shadows[key]
        if shadow.held is not None:
            return State.HELD
        if not shadow.accepted:
            return State.REFUSED if shadow.refused else State.AWAITED
        last = (key, len(shadow.accepted))
        if last in self.line.yes:
            return State.CONFIRMED
        if last in self.line.no:
            return State.RETURNED
        return State.SENT if last in self.line.out else State.ACCEPTED

    def _first_is_refused(self, shadow: Shadow, figures: Figures) -> type[KnownError] | None:
        """Why a protocol cannot be taken in as the first; None when it can."""
        if shadow.accepted:
            return AlreadyAccepted if shadow.accepted[-1] == figures else Blocked
        return StepRefused if shadow.held is not None else None

    def _offer(self, key: ProtocolKey, figures: Figures) -> Offer:
        (offer,) = self.station.intake.read_bytes("zapis.xml", protocol_file_of(key, figures))
        return offer

    def _tried(self, act: Callable[[], object], wrong: type[KnownError] | None) -> bool:
        if wrong is not None:
            with pytest.raises(wrong):
                act()
            return False
        act()
        return True


TestStationMachine = StationMachine.TestCase
TestStationMachine.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_a_yes_whose_answer_was_lost_stays_a_yes_though_the_centre_would_refuse_it_now() -> None:
    machine = StationMachine()
    machine.open()
    try:
        machine.accept(key=KEYS[0], seed=1)
        machine.send(fault="no answer", seconds=0)
        machine.restart()
        machine.the_centre_changes_its_mind(key=KEYS[0])
        machine.send(fault="", seconds=70)
        machine.every_state_is_the_shadow_s()
        row = machine.station.row(KEYS[0])
        assert row is not None
        assert row.state is State.CONFIRMED
    finally:
        machine.teardown()
