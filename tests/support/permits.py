"""Permits of the tests' centre for late acceptances."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.documents import permit as documents
from app.documents.permit import Permit
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.trust import cms
from app.trust.identity import Role
from tests.support.station_world import authority


def permit_of(reference: Reference, key: ProtocolKey, valid_until: datetime, **changes: object) -> Permit:
    """The centre's permit for one protocol, given at the end of the 24 hours; `changes` by field."""
    made = Permit(
        reference.election.code,
        reference.election.mode,
        1,
        reference.precincts[key.precinct].transfer_point,
        key,
        valid_until,
        "Sněhová kalamita",
        reference.election.calendar.delivery_ends,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def signed(permit: Permit, role: Role = Role.CENTRE, election: str = "") -> bytes:
    """As whoever has `role` in the election (of the permit, or another) signs it."""
    signer = authority(election or permit.election).of_role(role)
    return cms.sign(documents.write(permit), signer.key, signer.certificate, permit.issued_at)


def late_permit(reference: Reference, key: ProtocolKey, hours: int = 6) -> bytes:
    """A right permit that holds so many hours after the 24."""
    ends = reference.election.calendar.delivery_ends
    return signed(permit_of(reference, key, ends + timedelta(hours=hours)))
