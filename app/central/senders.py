"""Who is asking: a signed file is opened only when a registered station of this election signed it.

Batches and inquiries come by the same door and prove themselves in the same way, so the proof is here
once. Nothing of a file is parsed before it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.central import refusals, stations
from app.central.answers import Refused
from app.central.database import Database
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from app.trust.cms import Verified
from app.trust.identity import Expected
from app.trust.keys import PrivateKey
from app.trust.refusals import RefusalReason, SignatureRefused

_OF_THE_CERTIFICATE = frozenset(
    {
        RefusalReason.UNKNOWN_AUTHORITY,
        RefusalReason.CERTIFICATE_USE,
        RefusalReason.NOT_YET_VALID,
        RefusalReason.EXPIRED,
        RefusalReason.REVOKED,
        RefusalReason.ELECTION,
        RefusalReason.ROLE,
    }
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What the centre signs its answers with, and whom it trusts."""

    anchors: Anchors
    key: PrivateKey
    certificate: Certificate


def verify_sender(
    data: bytes, at: datetime, seal: Seal, expected: Expected, database: Database, max_bytes: int
) -> Verified:
    """The content of a station's signed file. Raises `Refused` when it is nobody's who may speak here."""
    try:
        verified = cms.verify(data, seal.anchors, at, expected, max_bytes)
    except SignatureRefused as refused:
        of_certificate = refused.reason in _OF_THE_CERTIFICATE
        refusal = refusals.WRONG_CERTIFICATE if of_certificate else refusals.NOT_SIGNED
        raise Refused(refusal, refused.code) from None
    with database.glancing() as connection:
        registered = stations.find(connection, station_of(verified))
    if registered is None or not registered.speaks_with(verified.certificate):
        raise Refused(refusals.UNKNOWN_STATION)
    return verified


def station_of(verified: Verified) -> str:
    """The name of the station that signed."""
    station = verified.identity.station
    assert station is not None  # who signs as a station has one
    return station
