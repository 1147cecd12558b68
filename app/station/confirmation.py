"""What the prints say, as plain values: confirmation, transcript, refusal and error report.

Layout is the desk's. The confirmation of faultless take-over is guarded by rule PR-03: it is given out
only when the centre's receipt for the very content is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.election.model import Mode, Protocol, ProtocolKey
from app.election.reference import Precinct
from app.election.rule import Severity
from app.election.verdict import FieldRef
from app.station.offers import Offer
from app.station.states import User


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
class Problem:
    """One thing that is wrong: a whole Czech sentence with its numbers, where on the paper, what to do."""

    rule_id: str
    severity: Severity
    title_cs: str
    title_en: str
    sentence_cs: str
    sentence_en: str
    places_cs: tuple[str, ...]
    places_en: tuple[str, ...]
    help_cs: str
    help_en: str
    fields: tuple[FieldRef, ...]


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
    """`station.prints`."""

    def transcript_data(self, key: ProtocolKey, user: User, revision: int | None = None) -> TranscriptData:
        """An accepted revision (the latest). Raises `NothingToPrint`."""
        raise NotImplementedError

    def confirmation_data(self, key: ProtocolKey, user: User) -> ConfirmationData:
        """Of the latest revision. Raises `NothingToPrint` before an acceptance, `NotConfirmed` (rule PR-03)
        unless the centre's receipt for the same content is stored."""
        raise NotImplementedError

    def refusal_data(self, key: ProtocolKey, user: User) -> RefusalData:
        """The last refusal of a protocol that is refused now. Raises `NothingToPrint`."""
        raise NotImplementedError

    def error_report_data(self, offer: Offer, user: User) -> ErrorReportData:
        """All failed rules of an offer's verdict."""
        raise NotImplementedError
