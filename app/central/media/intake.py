"""What a delivery turns out to be: one adapter for each way, and then the same judgement for all.

Verified first: of a PDF, a message or an attachment only as much is read as tells which bytes were signed;
the application inside is looked at when they proved true. The first reason that is found is the outcome; of
a proved application all reasons are told, so that nobody has to apply three times.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.central.media import addresses, names
from app.central.media.outcomes import Outcome
from app.central.media.records import Way
from app.documents import media_application, signed_mail, signed_pdf
from app.documents.document_errors import DocumentError
from app.documents.media_application import FILE_NAME, MAX_BYTES, Application
from app.election.model import Mode
from app.trust.foreign import Reason, Refused
from app.trust.qualified import CLOCKS, Signed, Signer, TrustList

#: Bytes of a delivery that are looked into.
LARGEST = 10 * 1024 * 1024
_OUTCOMES = {
    Reason.NOT_CMS: Outcome.NOT_SIGNED,
    Reason.NO_CONTENT: Outcome.NOT_SIGNED,
    Reason.SIGNER_COUNT: Outcome.NOT_SIGNED,
    Reason.ALGORITHM: Outcome.WEAK,
    Reason.ATTRIBUTES: Outcome.WEAK,
    Reason.CERTIFICATE: Outcome.FORGED,
    Reason.CHANGED: Outcome.FORGED,
    Reason.UNKNOWN_AUTHORITY: Outcome.FOREIGN,
    Reason.NOT_QUALIFIED: Outcome.NOT_QUALIFIED,
    Reason.USE: Outcome.NOT_QUALIFIED,
    Reason.LIFE: Outcome.EXPIRED,
    Reason.REVOKED: Outcome.REVOKED,
    Reason.TIME: Outcome.SIGNED_WHEN,
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came: its bytes, its file's name, the way, when it was delivered; `detached` is a signature that
    lay beside it (data box)."""

    way: Way
    data: bytes
    received_at: datetime
    name: str = ""
    detached: bytes = b""


@dataclass(frozen=True, slots=True)
class Examined:
    """`reasons` are all that stand against it, empty when it is accepted; the first one is the outcome."""

    reasons: tuple[Outcome, ...]
    detail: str = ""
    signer: Signer | None = None
    signed_at: datetime | None = None
    content: bytes = b""
    application: Application | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an application is held against."""

    election: str
    mode: Mode
    deadline: datetime  # the last instant, inclusive


def examine(delivery: Delivery, trust: TrustList, rules: Rules) -> Examined:
    """Look into a delivery. Never raises for anything that it holds."""
    if len(delivery.data) + len(delivery.detached) > LARGEST:
        return Examined((Outcome.TOO_LARGE,))
    try:
        signed = _signed(delivery, trust)
    except (signed_pdf.NotSigned, signed_mail.NotSigned) as error:
        return Examined((Outcome.NOT_SIGNED,), str(error))
    except Refused as error:
        return Examined((_OUTCOMES[error.reason],), str(error))
    try:
        content, signed_at = _content(delivery, signed)
        application = media_application.decode(content)
    except (signed_pdf.NotSigned, signed_mail.NotSigned) as error:
        return Examined((Outcome.MALFORMED,), str(error), signed.signer, signed.claimed_at)
    except DocumentError as error:
        detail = f"{error.code} {error.en}"
        return Examined((Outcome.MALFORMED,), detail, signed.signer, signed.claimed_at, content)
    reasons = judge(application, signed.signer, delivery.received_at, rules)
    if signed_at is not None and signed_at > delivery.received_at + CLOCKS:
        reasons.insert(0, Outcome.SIGNED_WHEN)  # as a PDF says it
    return Examined(tuple(reasons), "", signed.signer, signed_at, content, application)


def judge(application: Application, signer: Signer, received_at: datetime, rules: Rules) -> list[Outcome]:
    """Everything that stands against a proved application, the gravest first."""
    rehearsal = rules.mode is Mode.REHEARSAL
    found = []
    if (application.election, application.mode) != (rules.election, rules.mode):
        found.append(Outcome.OTHER_ELECTION)
    if not names.is_named(application, signer):
        found.append(Outcome.WRONG_PERSON)
    if received_at > rules.deadline:
        found.append(Outcome.LATE)
    found += addresses.judge(application.night, application.test, rehearsal=rehearsal)
    if not (application.night or application.test or application.filming):
        found.append(Outcome.EMPTY)
    return found


def _signed(delivery: Delivery, trust: TrustList) -> Signed:
    """What was signed and by whom. Raises `NotSigned`, `Refused`."""
    at = delivery.received_at
    match delivery.way:
        case Way.PDF:
            pdf = signed_pdf.split(delivery.data)
            return trust.detached((pdf.covered,), pdf.signature, at)
        case Way.SMIME:
            mail = signed_mail.split(delivery.data)
            if mail.contents:
                return trust.detached(mail.contents, mail.signature, at)
            return trust.attached(mail.signature, at)
        case Way.DATABOX:
            if delivery.detached:
                return trust.detached((delivery.data,), delivery.detached, at)
            return trust.attached(delivery.data, at)


def _content(delivery: Delivery, signed: Signed) -> tuple[bytes, datetime | None]:
    """The application's bytes out of what was signed, and the signing time. Raises `NotSigned`."""
    match delivery.way:
        case Way.PDF:
            pdf = signed_pdf.split(delivery.data)
            content, claimed = signed_pdf.attached(pdf, FILE_NAME, MAX_BYTES)
            return content, signed.claimed_at or claimed
        case Way.SMIME:
            return signed_mail.attached(signed.content, FILE_NAME, MAX_BYTES), signed.claimed_at
        case Way.DATABOX:
            return signed.content, signed.claimed_at
