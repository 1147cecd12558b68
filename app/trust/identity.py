"""Who a signer is: role, election, transfer point and station, and how a certificate says it.

The certificate carries the identity twice: as a URI in the subject alternative name, which programs
read, and as the common name, which people read. The URI is the truth and the common name is derived
from it, so the two can never disagree in a certificate that is accepted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.election.errors import KnownError


class Role(StrEnum):
    """What a signer may sign."""

    STATION = "station"
    """One workstation of a transfer point: batches of protocols."""
    CENTRE = "centre"
    """The centre: receipts."""
    REFERENCE = "reference"
    """Whoever prepares the election: reference data and provisioning."""
    PUBLISHER = "publisher"
    """The publisher: results, by detached signatures."""


_ELECTION = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)
_POINT = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_STATION = re.compile(r"([1-9][0-9]{0,5})-[1-9][0-9]{0,2}", re.ASCII)
_PREFIX = ["urn", "prebirka"]


class NotAnIdentity(KnownError):
    """The fields do not describe anybody who may take part in an election."""

    def __init__(self, what: str) -> None:
        super().__init__(
            code="IDN-01",
            cs=f"Neplatný účastník voleb: {what}. Zkontrolujte volby, roli, přebírací místo a stanici.",
            en=f"Not a valid participant: {what}. Check the election, role, transfer point and station.",
        )


def check_election(election: str) -> str:
    """Return the election's code such as `kz2024` if it may stand in a certificate, else raise
    `NotAnIdentity`: lower-case letters, digits and inner hyphens, at most 32 characters."""
    if not _ELECTION.fullmatch(election):
        raise NotAnIdentity(repr(election))
    return election


@dataclass(frozen=True, slots=True)
class Identity:
    """A participant of one election.

    `station` names a workstation within its transfer point (`662-1` is the first one of point 662).
    A station has both fields, every other role has neither; anything else raises `NotAnIdentity`.
    """

    role: Role
    election: str
    transfer_point: int | None = None
    station: str | None = None

    def __post_init__(self) -> None:
        check_election(self.election)
        if self.role is not Role.STATION:
            if self.transfer_point is not None or self.station is not None:
                raise NotAnIdentity(f"{self.role} {self.transfer_point} {self.station}")
            return
        match = _STATION.fullmatch(self.station or "")
        # The station's name begins with its point, so that one cannot be paired with another's.
        if match is None or match[1] != str(self.transfer_point):
            raise NotAnIdentity(f"{self.role} {self.transfer_point} {self.station}")

    @property
    def uri(self) -> str:
        """`urn:prebirka:<election>:<role>:<point>:<station>`, the last two empty where there is none."""
        point = "" if self.transfer_point is None else str(self.transfer_point)
        return ":".join([*_PREFIX, self.election, self.role.value, point, self.station or ""])

    @property
    def common_name(self) -> str:
        """The certificate's common name, for people: `kz2024 station 662-1`."""
        return " ".join(filter(None, [self.election, self.role.value, self.station]))

    @classmethod
    def from_uri(cls, uri: str) -> Identity:
        """Read back exactly what `uri` writes; anything else raises `NotAnIdentity`."""
        parts = uri.split(":")
        if len(parts) != 6 or parts[:2] != _PREFIX or parts[3] not in set(Role):
            raise NotAnIdentity(repr(uri[:100]))
        _, _, election, role, point, station = parts
        if point and not _POINT.fullmatch(point):
            raise NotAnIdentity(repr(uri[:100]))
        return cls(Role(role), election, int(point) if point else None, station or None)


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose signature a reader is prepared to accept.

    Role and election are always named, so that no caller can forget to ask; a transfer point or
    a station of `None` means any.
    """

    role: Role
    election: str
    transfer_point: int | None = None
    station: str | None = None

    @classmethod
    def exactly(cls, identity: Identity) -> Expected:
        """Accept this one participant only."""
        return cls(identity.role, identity.election, identity.transfer_point, identity.station)
