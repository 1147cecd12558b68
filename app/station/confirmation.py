"""What the prints say, as plain values: confirmation, transcript, refusal and error report.

Layout is the desk's. The confirmation of faultless take-over is guarded by rule PR-03: it is given out
only when the centre's receipt for the very content is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.documents.batch import Source
from app.documents.intake_formats import recognise
from app.election.catalogue import RULES
from app.election.checks import judge
from app.election.circumstances import Circumstances
from app.election.complete import complete
from app.election.model import Mode, Protocol, ProtocolKey, Reading
from app.election.reference import Precinct, Reference
from app.election.verdict import Outcome
from app.station import records
from app.station.config import StationConfig
from app.station.errors import NotConfirmed, NothingToPrint
from app.station.offers import Offer
from app.station.point.standing import elsewhere_of
from app.station.problems import Problem, problems_of, titled
from app.station.receipts import stored_confirmation
from app.station.states import State, User
from app.station.store import Store
from app.station.versions import Versions


@dataclass(frozen=True, slots=True)
class PrintHead:
    """What every print carries. Times are aware instants; `revision` 0: not accepted."""

    election: str
    election_name: str
    mode: Mode
    key: ProtocolKey
    precinct: Precinct
    municipality_name: str
    district_name: str
    transfer_point: int
    station: str
    revision: int
    printed_at: datetime
    printed_by: str
    content_hash: str | None  # None: no complete protocol
    short_code: str  # first 12 hex digits in groups of four, for people; "" without a hash
    qr_text: str  # what the QR code says


@dataclass(frozen=True, slots=True)
class TranscriptData:
    """The transcript (*opis*): an accepted revision with its figures."""

    head: PrintHead
    protocol: Protocol
    accepted_at: datetime
    accepted_by: str
    approved_by: str | None
    from_paper: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmationData:
    """The confirmation of faultless take-over, with the centre's word for it."""

    head: PrintHead
    protocol: Protocol
    accepted_at: datetime
    accepted_by: str
    approved_by: str | None
    confirmed_at: datetime  # the centre's time in the receipt
    processing_order: int | None
    batch_number: int
    receipt_sha256: str


@dataclass(frozen=True, slots=True)
class ErrorReportData:
    """All problems of a verdict for the commission, gravest first, then in the catalogue's order."""

    head: PrintHead
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RefusalData:
    """A refusal with its deadline; problems as in the error report."""

    head: PrintHead
    refused_at: datetime
    refused_by: str
    reason: str
    deadline: datetime
    delivery_ends: datetime
    problems: tuple[Problem, ...]


class Prints:
    """`station.prints`. Safe from any thread; stores nothing."""

    def __init__(
        self,
        store: Store,
        versions: Versions,
        reference: Reference,
        config: StationConfig,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._versions = store, versions
        self._reference, self._config, self._clock = reference, config, clock

    def transcript_data(self, key: ProtocolKey, user: User, revision: int | None = None) -> TranscriptData:
        """An accepted revision (the latest). Raises `NothingToPrint`."""
        version, reading = self._version(key, revision)
        return TranscriptData(
            head=self._head(key, version.revision, user, version.content_hash),
            protocol=complete(reading),
            accepted_at=version.accepted_at,
            accepted_by=version.accepted_by,
            approved_by=version.approved_by,
            from_paper=version.source == Source.PAPER,
            reason=version.reason,
        )

    def confirmation_data(self, key: ProtocolKey, user: User) -> ConfirmationData:
        """Of the latest revision. Raises `NothingToPrint` before an acceptance, `NotConfirmed` (rule PR-03)
        unless the centre's receipt for the same content is stored and no correction of another workstation
        stands over it."""
        version, reading = self._version(key, None)
        confirmed = stored_confirmation(self._store.connection, version)
        circumstances = Circumstances(
            self._reference,
            printing_confirmation=True,
            receipt_hash=None if confirmed is None else confirmed.content_hash,
        )
        result = judge(reading, circumstances, passed_cases=False).result("PR-03")
        other = elsewhere_of(self._store.rows, self._config.station, key)
        corrected_there = other is not None and other.confirmed and other.revision > version.revision
        if confirmed is None or result is None or result.outcome is not Outcome.PASSED or corrected_there:
            raise NotConfirmed(key)
        return ConfirmationData(
            head=self._head(key, version.revision, user, version.content_hash),
            protocol=complete(reading),
            accepted_at=version.accepted_at,
            accepted_by=version.accepted_by,
            approved_by=version.approved_by,
            confirmed_at=confirmed.received_at,
            processing_order=confirmed.processing_order,
            batch_number=confirmed.batch_number,
            receipt_sha256=confirmed.receipt_sha256,
        )

    def refusal_data(self, key: ProtocolKey, user: User) -> RefusalData:
        """The last refusal of a protocol that is refused now. Raises `NothingToPrint`."""
        db = self._store.connection
        refusal = records.last_refusal(db, key)
        if refusal is None or records.stands(db, key).state is not State.REFUSED:
            raise NothingToPrint(key)
        return RefusalData(
            head=self._head(key, 0, user, None),
            refused_at=refusal.at,
            refused_by=refusal.user,
            reason=refusal.reason,
            deadline=refusal.deadline or self._reference.election.calendar.delivery_ends,
            delivery_ends=self._reference.election.calendar.delivery_ends,
            problems=self._refused_for(refusal),
        )

    def error_report_data(self, offer: Offer, user: User) -> ErrorReportData:
        """All failed rules of an offer's verdict."""
        head = self._head(offer.key, offer.accepted_revision, user, offer.content_hash)
        return ErrorReportData(head, problems_of(offer.verdict, offer.key.contest))

    def _refused_for(self, refusal: records.Refusal) -> tuple[Problem, ...]:
        """The rules that failed then, with the sentences that the kept bytes give for them."""
        stated = recognise(records.original(self._store.connection, refusal.original_sha256).data)
        verdict = judge(
            stated.readings[refusal.position],
            Circumstances(
                self._reference,
                document_mode=stated.mode,
                transfer_point=self._config.transfer_point,
                handed_over=refusal.at,
            ),
            passed_cases=False,
        )
        known = problems_of(verdict, refusal.key.contest)
        by_rule = {problem.rule_id for problem in known}
        # A rule about what the clerk said (totals, signatures) is told without its numbers.
        said = tuple(titled(rule) for rule in refusal.rules if rule not in by_rule and rule in RULES)
        return tuple(problem for problem in known if problem.rule_id in refusal.rules) + said

    def _version(self, key: ProtocolKey, revision: int | None) -> tuple[records.Version, Reading]:
        db = self._store.connection
        number = records.stands(db, key).revision if revision is None else revision
        version = records.version(db, key, number)
        if version is None:
            raise NothingToPrint(key)
        return version, self._versions.reading(db, version)

    def _head(self, key: ProtocolKey, revision: int, user: User, content_hash: str | None) -> PrintHead:
        election, config = self._reference.election, self._config
        precinct = self._reference.precincts.get(key.precinct)
        if precinct is None:
            raise NothingToPrint(key)
        municipality = self._reference.municipalities.get(key.precinct.municipality)
        district = self._reference.districts.get(precinct.district)
        return PrintHead(
            election=election.code,
            election_name=election.name,
            mode=election.mode,
            key=key,
            precinct=precinct,
            municipality_name=municipality.name if municipality else "",
            district_name=district.name if district else "",
            transfer_point=config.transfer_point,
            station=config.station,
            revision=revision,
            printed_at=self._clock(),
            printed_by=user.name,
            content_hash=content_hash,
            short_code=short_code(content_hash),
            qr_text=qr_text(election.code, election.mode, key, revision, content_hash),
        )


def short_code(content_hash: str | None) -> str:
    """The first 12 hexadecimal digits in groups of four, for people to compare; empty without a hash."""
    if content_hash is None:
        return ""
    return " ".join(content_hash[start : start + 4].upper() for start in (0, 4, 8))


def qr_text(election: str, mode: Mode, key: ProtocolKey, revision: int, content_hash: str | None) -> str:
    """What the QR code says: enough to find the protocol and to prove its content.

    PREBIRKA;1;<election>;<contest>;<municipality>/<precinct>;r<revision>;<SHA-256 of the content>, and in a
    rehearsal ;ZKOUSKA behind it; 1 is the version of this line.
    """
    parts = ["PREBIRKA", "1", election, key.contest.value, str(key.precinct), f"r{revision}"]
    parts.append(content_hash or "")
    if mode is Mode.REHEARSAL:
        parts.append(mode.value)
    return ";".join(parts)
