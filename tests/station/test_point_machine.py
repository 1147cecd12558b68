"""Two workstations, one centre: any order of acts, cut lines, sticks and restarts ends in one truth.

The model is the rule of the centre written down again, without its code: it hears only which batches
arrived in which order. When all faults end and every conflict is settled, each protocol that anybody took in
has exactly one current revision at the centre, the model agrees, and both workstations show it.

    PREBIRKA_POINT_EXAMPLES=500 PREBIRKA_POINT_STEPS=60 pytest tests/station/test_point_machine.py
"""

from __future__ import annotations

import atexit
import logging
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app.central import centre as central
from app.central import schema
from app.central.centre import Centre
from app.central.settings import CentreSettings
from app.documents import batch as batches
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId, ProtocolKey
from app.station.offers import Standing
from app.station.sending import Sender
from app.station.states import State
from app.station.station import Station
from app.station.wire import Answer
from app.trust import message
from app.trust.certificate import Certificate
from app.trust.identity import Role
from tests.support import invented_election as invented
from tests.support.asking import CentreLine
from tests.support.invented_election import stated
from tests.support.station_world import CLERK, SUPERVISOR, Clock, authority, file_of, make_station

EXAMPLES = int(os.environ.get("PREBIRKA_POINT_EXAMPLES", "12"))
STEPS = int(os.environ.get("PREBIRKA_POINT_STEPS", "25"))
REFERENCE = invented.reference(mode=Mode.REHEARSAL)
KEYS = [
    ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL),
    ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL),
]
PLACES = (1, 2)
FAULTS = ["", "", "", "lost", "no answer", "unreachable"]
NAMES = ["app.central", "app.station"]


@cache
def _blank() -> Path:
    """A centre and two registered workstations before the night."""
    base = Path(tempfile.mkdtemp(prefix="prebirka-point-"))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    folders = [make_station(base, REFERENCE, workstation=number) for number in PLACES]
    signer, parts, clock = authority("zk2024").of_role(Role.CENTRE), base / "parts-41-1", Clock()
    central.init(
        base / "centre",
        CentreSettings("zk2024", REFERENCE.election.mode),
        authority=authority("zk2024").certificate.to_pem(),
        key=signer.key,
        certificate=signer.certificate,
        reference=parts / "reference.sqlite",
        reference_signature=parts / "reference.sqlite.p7s",
    )
    certificates = [Certificate.from_pem((folder / "station.pem").read_bytes()) for folder in folders]
    central.add_stations(base / "centre", certificates, clock())
    return base


@cache
def _file(key: ProtocolKey, seed: int) -> bytes:
    return file_of(stated(REFERENCE, invented.regional_protocol(REFERENCE, key.precinct, seed)))


@contextmanager
def quiet() -> Iterator[None]:
    """The centre tells of each conflict; here they are what is wanted."""
    levels = {name: logging.getLogger(name).level for name in NAMES}
    for name in NAMES:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@dataclass
class Model:
    """What stands by the rule of the centre: for each protocol its revisions, with content and station."""

    held: dict[ProtocolKey, dict[int, tuple[str, str]]] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)

    def arrived(self, data: bytes) -> None:
        if data in self.seen:
            return
        self.seen.add(data)
        batch = batches.read(message.decode(data).content or b"")
        for item in batch.items:
            known = self.held.setdefault(item.reading.key, {})
            revision, content = item.acceptance.revision, item.acceptance.content_hash
            if revision in known or any(n > revision and s != batch.station for n, (_, s) in known.items()):
                continue  # the same again, or too late: what was first stands
            known[revision] = (content, batch.station)

    def current(self, key: ProtocolKey) -> tuple[int, str] | None:
        known = self.held.get(key)
        return None if not known else (max(known), known[max(known)][0])


class Line(CentreLine):
    """A line that lets the model hear what arrives."""

    model: Model

    def push(self, data: bytes) -> Answer:
        fault = self.faults[0] if self.faults else ""
        if fault in ("", "no answer"):
            self.model.arrived(data)
        return super().push(data)


@dataclass
class Place:
    folder: Path
    line: Line
    station: Station
    sender: Sender


class PointMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="prebirka-point-"))
        for name in ("centre", *(f"station-41-{number}" for number in PLACES)):
            shutil.copytree(_blank() / name, self.base / name)
        self.stick = self.base / "stick"
        self.stick.mkdir()
        self.clock, self.model = Clock(), Model()
        self.centre = Centre.open(self.base / "centre", self.clock)
        self.places: dict[int, Place] = {}
        for number in PLACES:
            line = Line(self.centre, self.clock)
            line.model = self.model
            self._open(number, self.base / f"station-41-{number}", line)

    def _open(self, number: int, folder: Path, line: Line) -> None:
        station = Station.open(folder, self.clock)
        self.places[number] = Place(folder, line, station, station.sender(line, random.Random(number)))

    def teardown(self) -> None:
        if not hasattr(self, "places"):
            return
        try:
            with quiet():
                self._come_to_rest()
        finally:
            for place in self.places.values():
                place.station.close()
            self.centre.database.close()
            shutil.rmtree(self.base)

    # --- what may happen ---

    places_ = st.sampled_from(PLACES)
    keys = st.sampled_from(KEYS)

    @rule(number=places_, key=keys, seed=st.integers(1, 3))
    def a_commission_comes(self, number: int, key: ProtocolKey, seed: int) -> None:
        intake = self.places[number].station.intake
        (offer,) = intake.read_bytes("zapis.xml", _file(key, seed))
        if offer.standing is Standing.NEW:
            intake.accept(offer, CLERK)
        elif offer.standing is Standing.DIFFERENT:
            intake.correct(offer, CLERK, "komise přinesla jiný zápis")
        else:
            try:
                intake.accept(offer, CLERK)
            except KnownError:
                return
            raise AssertionError("the same content was taken in twice")

    @rule(number=places_, faults=st.lists(st.sampled_from(FAULTS), max_size=3), seconds=st.integers(0, 70))
    def the_line_works_a_while(self, number: int, faults: list[str], seconds: int) -> None:
        place = self.places[number]
        place.line.faults = list(faults)
        self.clock.advance(seconds)
        with quiet():
            for _ in range(4):
                place.sender.step(self.clock())
        place.line.faults = []

    @rule(number=places_)
    def a_stick_is_written(self, number: int) -> None:
        self.places[number].station.point.exchange.write(self.stick, CLERK)

    @rule(number=places_)
    def a_stick_is_read(self, number: int) -> None:
        came = self.places[number].station.point.exchange.read(self.stick, CLERK)
        assert came.troubles == ()

    @rule(number=places_, ours=st.booleans())
    def a_conflict_is_settled(self, number: int, ours: bool) -> None:
        self._settle(number, ours)

    @rule(number=places_)
    def a_program_starts_again(self, number: int) -> None:
        place = self.places[number]
        place.station.close()
        self._open(number, place.folder, place.line)

    # --- what must hold ---

    @invariant()
    def the_centre_counts_each_revision_once(self) -> None:
        if not hasattr(self, "places"):
            return
        assert self._at_the_centre() == {key: held for key, held in self.model.held.items() if held}

    def _at_the_centre(self) -> dict[ProtocolKey, dict[int, tuple[str, str]]]:
        found: dict[ProtocolKey, dict[int, tuple[str, str]]] = {}
        with self.centre.database.reading() as connection:
            for row in connection.execute(select(schema.revision)):
                key = ProtocolKey(PrecinctId(row.municipality, row.precinct), Contest(row.contest))
                assert row.revision not in found.setdefault(key, {})
                found[key][row.revision] = (row.content_hash, row.station)
        return found

    def _settle(self, number: int, ours: bool) -> bool:
        conflicts = self.places[number].station.point.conflicts
        for key in conflicts.waiting():
            shown = conflicts.of(key)
            if shown is None or shown.theirs is None:
                continue
            if ours and shown.differing:  # the same figures need no correction
                conflicts.insist(key, shown, SUPERVISOR, "naše čísla souhlasí s papírem")
            else:
                conflicts.withdraw(key, shown, SUPERVISOR, "platí zápis druhého pracoviště")
            return True
        return False

    def _come_to_rest(self) -> None:
        """The faults end, everybody hears of everything, and what is in conflict is settled."""
        for turn in range(30):
            for place in self.places.values():
                for _ in range(30):
                    due = place.sender.step(self.clock())
                    if due is not None and due > self.clock():
                        break
            settled = [self._settle(number, turn % 2 == 0) for number in PLACES]
            self.clock.advance(61)
            if turn > 3 and not any(settled):
                break
        else:
            raise AssertionError("the point does not come to rest")
        self.the_centre_counts_each_revision_once()
        for number, place in self.places.items():
            assert place.station.outbox.queue() == 0
            assert place.station.point.conflicts.waiting() == ()
            assert place.station.journal.first_broken() is None
            for key in KEYS:
                row = place.station.row(key)
                assert row is not None
                stands = self.model.current(key)
                shown = (row.revision, row.content_hash) if row.state is State.CONFIRMED else None
                assert shown == stands, (number, key, row)
        self._only_the_last_is_counted()

    def _only_the_last_is_counted(self) -> None:
        """Of each protocol the counted revision with the highest processing order is the current one."""
        with self.centre.database.reading() as connection:
            rows = connection.execute(
                select(schema.revision).where(schema.revision.c.processing_order.is_not(None))
            ).all()
        last: dict[ProtocolKey, tuple[int, int]] = {}
        for row in rows:
            key = ProtocolKey(PrecinctId(row.municipality, row.precinct), Contest(row.contest))
            last[key] = max(last.get(key, (0, 0)), (row.processing_order, row.revision))
        for key, (_, revision) in last.items():
            stands = self.model.current(key)
            assert stands is not None
            assert stands[0] == revision
            firsts = [r for r in rows if (r.municipality, r.precinct) == key.precinct and not r.resent]
            assert len(firsts) == 1


TestPointMachine = PointMachine.TestCase
TestPointMachine.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
