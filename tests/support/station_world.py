"""An election's authority, signers and station folders for tests, and a centre that answers as told.

The centre here is small and strict: it remembers each batch for ever, counts each precinct × contest ×
revision once, keeps what comes after a gap, and refuses other bytes under a known number.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from app.documents import batch as batches
from app.documents import protocol_file, receipt
from app.documents.receipt import Outcome, Receipt, ReceiptItem, Status
from app.election.model import Mode, Protocol, ProtocolKey, Reading
from app.election.reference import Reference
from app.station.config import CERTIFICATE_FILE, Parts, RetypeRule, StationConfig, assemble
from app.station.sending import Answer, NoAnswer, Unreachable
from app.station.states import Role as StaffRole
from app.station.states import User
from app.station.station import Station
from app.trust import chain, cms
from app.trust.anchors import Anchors
from app.trust.authority import AuthorityCertificate, issue, make_authority, make_request
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import PrivateKey, make_key, save_key
from tests.support import invented_election, reference_files
from tests.support.invented_election import POINT, VOTING_ENDS, stated

NIGHT = VOTING_ENDS + timedelta(minutes=40)
CLERK = User("Jana Nováková")
OTHER_CLERK = User("Petr Říha")
SUPERVISOR = User("Věra Šťastná", StaffRole.SUPERVISOR)


@dataclass
class Clock:
    """Tells the time that the test sets."""

    now: datetime = NIGHT

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


@dataclass(frozen=True)
class Signer:
    key: PrivateKey
    certificate: Certificate


@dataclass(frozen=True)
class Authority:
    """One election's authority and whoever it certified."""

    election: str
    key: PrivateKey
    certificate: AuthorityCertificate

    @property
    def anchors(self) -> Anchors:
        return Anchors((self.certificate,))

    def signer(self, identity: Identity) -> Signer:
        key = make_key()
        certificate = issue(make_request(key, identity), identity, self.certificate, self.key, *_life())
        return Signer(key, certificate)

    def of_role(self, role: Role) -> Signer:
        return _of_role(self.election, role)


def _life() -> tuple[datetime, datetime]:
    return NIGHT - timedelta(days=30), NIGHT + timedelta(days=3000)


@cache
def authority(election: str) -> Authority:
    key = make_key()
    life = NIGHT - timedelta(days=60), NIGHT + timedelta(days=3650)
    return Authority(election, key, make_authority(election, key, *life))


@cache
def _of_role(election: str, role: Role) -> Signer:
    return authority(election).signer(Identity(role, election))


def make_station(
    base: Path,
    reference: Reference | None = None,
    *,
    point: int = POINT,
    workstation: int = 1,
    signer_role: Role = Role.REFERENCE,
    retype: RetypeRule = RetypeRule.OFF,
    config: Callable[[StationConfig], StationConfig] = lambda config: config,
) -> Path:
    """A whole station folder below `base`; `config` changes what station.toml will say. Totals are
    retyped from the paper only where a test is about that."""
    reference = reference or invented_election.reference(mode=Mode.REHEARSAL)
    election = reference.election.code
    trusted = authority(election)
    name = f"{point}-{workstation}"
    parts = base / f"parts-{name}"
    parts.mkdir(parents=True)
    reference_files.build(reference, parts / "reference.sqlite")
    content = (parts / "reference.sqlite").read_bytes()
    signer = trusted.of_role(signer_role)
    signature = cms.sign_detached(content, signer.key, signer.certificate, NIGHT)
    (parts / "reference.sqlite.p7s").write_bytes(signature)
    (parts / "ca.pem").write_bytes(trusted.certificate.to_pem())
    own = trusted.signer(Identity(Role.STATION, election, point, name))
    save_key(own.key, parts / "station.key", None)
    (parts / CERTIFICATE_FILE).write_bytes(own.certificate.to_pem())
    folder = base / f"station-{name}"
    settings = StationConfig(election, reference.election.mode, name, point, "http://127.0.0.1:1", retype)
    assemble(
        folder,
        config(settings),
        Parts(
            parts / "ca.pem",
            parts / "station.key",
            parts / CERTIFICATE_FILE,
            parts / "reference.sqlite",
            parts / "reference.sqlite.p7s",
        ),
    )
    return folder


def file_of(*readings: Reading, mode: Mode = Mode.REHEARSAL) -> bytes:
    """A protocol file with these readings."""
    return protocol_file.write(readings, readings[0].election, mode)


def protocols(reference: Reference, point: int = POINT, seed: int = 1) -> dict[ProtocolKey, Protocol]:
    """One right protocol for each expected one of a point."""
    made = {}
    for key, precinct in reference.expected.items():
        if precinct.transfer_point != point:
            continue
        if key.contest.is_senate:
            made[key] = invented_election.senate_protocol(reference, key.precinct, key.contest.round, seed)
        else:
            made[key] = invented_election.regional_protocol(reference, key.precinct, seed)
    return made


def readings(reference: Reference, point: int = POINT, seed: int = 1) -> dict[ProtocolKey, Reading]:
    return {key: stated(reference, protocol) for key, protocol in protocols(reference, point, seed).items()}


def one_more_envelope(protocol: Protocol) -> Protocol:
    """More returned than issued: the passable error LG-02."""
    counts = protocol.counts
    return replace(protocol, counts=counts._replace(envelopes_issued=counts.envelopes_returned - 1))


def all_rows(station: Station) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to compare before and after."""
    db = station._store.connection
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {table: sorted(map(tuple, db.execute(f"SELECT * FROM {table}")), key=repr) for table in tables}


@dataclass
class FakeCentre:
    """Answers pushes; `fault` names what happens to the next one: None, "lost", "no answer", "unreachable",
    "garbage", "busy", "twice"."""

    reference: Reference
    clock: Clock
    faults: list[str] = field(default_factory=list)
    refused: set[ProtocolKey] = field(default_factory=set)
    batch_refusal: str = ""
    batches: dict[tuple[str, int], bytes] = field(default_factory=dict)
    counted: dict[tuple[ProtocolKey, int], str] = field(default_factory=dict)
    order: list[tuple[ProtocolKey, int]] = field(default_factory=list)
    pushes: list[bytes] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    trusted: Authority | None = None
    signer: Signer | None = None

    def push(self, data: bytes) -> Answer:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "unreachable":
            raise Unreachable
        self.pushes.append(data)
        if fault == "lost":
            raise NoAnswer
        if fault == "busy":
            return Answer(503, b'{"code": "ING-12"}', "application/problem+json", 2.0)
        answer = self.receive(data)
        if fault == "twice":
            answer = self.receive(data)
        if fault == "no answer":
            raise NoAnswer
        if fault == "garbage":
            return Answer(200, answer[: len(answer) // 2])
        return Answer(200, answer)

    def receive(self, data: bytes) -> bytes:
        """Take one signed batch and answer with a signed receipt."""
        election = self.reference.election.code
        trusted = self.trusted or authority(election)
        verified = cms.verify(data, trusted.anchors, self.clock(), Expected(Role.STATION, election))
        batch = batches.read(verified.content)
        assert (batch.station, batch.transfer_point) == (
            verified.identity.station,
            verified.identity.transfer_point,
        )
        known = self.batches.get((batch.station, batch.number))
        if known is not None and known != data:
            self.alarms.append(f"other bytes under {batch.number}")
            return self._receipt(batch, data, Status.REFUSED, "ING-10", (), ())
        if self.batch_refusal:
            return self._receipt(batch, data, Status.REFUSED, self.batch_refusal, (), ())
        self.batches[batch.station, batch.number] = data
        missing = self._missing(batch.station, batch.number)
        before = self.batches.get((batch.station, batch.number - 1))
        right = chain.GENESIS if batch.number == 1 else before and chain.batch_hash(before)
        if right is not None and batch.previous_hash != right:
            self.alarms.append(f"fork at {batch.number}")
        items = tuple(self._count(item) for item in batch.items)
        status = Status.QUEUED if missing else Status.ACCEPTED
        return self._receipt(batch, data, status, "", () if missing else items, missing)

    def _missing(self, station: str, number: int) -> tuple[tuple[int, int], ...]:
        lacking = [n for n in range(1, number) if (station, n) not in self.batches]
        return ((lacking[0], lacking[-1]),) if lacking else ()

    def _count(self, item: batches.BatchItem) -> ReceiptItem:
        key, revision = item.reading.key, item.acceptance.revision
        told = item.acceptance.content_hash
        known = self.counted.get((key, revision))
        if known is not None:  # what was counted stays counted, whatever would be said to it now
            outcome = Outcome.KNOWN if known == told else Outcome.CONFLICT
            return ReceiptItem(key, revision, outcome, "" if known == told else "ING-20", (), told, None)
        if key in self.refused:
            return ReceiptItem(key, revision, Outcome.REFUSED, "ING-21", ("LG-01",), told, None)
        self.counted[key, revision] = told
        self.order.append((key, revision))
        return ReceiptItem(key, revision, Outcome.ACCEPTED, "", (), told, len(self.order))

    def _receipt(
        self,
        batch: batches.Batch,
        data: bytes,
        status: Status,
        code: str,
        items: tuple[ReceiptItem, ...],
        missing: tuple[tuple[int, int], ...],
    ) -> bytes:
        answer = Receipt(
            batch.election,
            batch.mode,
            batch.station,
            batch.number,
            chain.batch_hash(data),
            self.clock(),
            status,
            code,
            items,
            missing,
        )
        return self.signed(answer)

    def signed(self, answer: Receipt, role: Role = Role.CENTRE) -> bytes:
        signer = self.signer or authority(answer.election).of_role(role)
        return cms.sign(receipt.write(answer), signer.key, signer.certificate, self.clock())


def fixed_chance() -> random.Random:
    return random.Random(7)
