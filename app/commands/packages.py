"""Making workstations' packages: what all of them share is read, proved and packed once.

Used by `prebirka provision`. Each package is opened as a station would open it before it is written, so that
what a station would refuse is refused here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.documents.accounts import DeliveredAccount
    from app.documents.expected_stations import ExpectedStation
    from app.documents.package import PackedReference
    from app.election.reference import Reference
    from app.trust.certificate import Certificate
    from app.trust.keys import PrivateKey

#: Serials count minutes from here, so that they rise by themselves, whoever makes the packages.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
#: Where nobody says how many workstations a point has: one for so many precincts, and never more than that.
_PRECINCTS_EACH, _MOST_WORKSTATIONS = 11, 16


def serial_at(now: datetime) -> int:
    """The serial of packages that are made now."""
    return int((now - _EPOCH).total_seconds()) // 60


def usual_workstations(precincts: int) -> int:
    """How many workstations a point of so many precincts has, unless somebody says else."""
    return min(_MOST_WORKSTATIONS, max(1, -(-precincts // _PRECINCTS_EACH)))


@dataclass
class Office:
    """Who makes packages, and what they share. `made` grows by each package that has a token."""

    reference: Reference
    packed: PackedReference
    authority: bytes
    centre: bytes
    centre_url: str
    key: PrivateKey = field(repr=False)
    certificate: Certificate
    settings: Mapping[str, str]
    builds: bytes | None
    serial: int
    now: datetime
    with_tokens: bool = True
    made: list[ExpectedStation] = field(default_factory=list)

    def accounts(self, point: int, people: tuple[DeliveredAccount, ...]) -> bytes | None:
        """The signed accounts of a point; None where it has none."""
        from app.documents import accounts
        from app.trust.cms import sign

        if not people:
            return None
        election = self.reference.election
        told = accounts.DeliveredAccounts(election.code, election.mode, point, self.now, people)
        return sign(accounts.write(told), self.key, self.certificate, self.now)

    def package(self, point: int, number: int, accounts: bytes | None) -> bytes:
        """The signed package of one workstation."""
        from app.documents import package as documents
        from app.documents.expected_stations import ExpectedStation
        from app.trust.cms import sign

        election, station = self.reference.election, f"{point}-{number}"
        token = secrets.token_hex(32) if self.with_tokens else ""
        told = documents.Package(
            election.code, election.mode, point, station, self.serial, self.now, self.centre_url,
            self.authority, self.centre, self.packed, self.settings, accounts, self.builds, token,
        )  # fmt: skip
        if token:
            digest = sha256(token.encode()).hexdigest()
            self.made.append(ExpectedStation(station, self.serial, digest))
        return sign(documents.write(told), self.key, self.certificate, self.now)

    def expected(self) -> bytes:
        """The signed list of what was made, for the centre."""
        from app.documents import expected_stations as documents
        from app.trust.cms import sign

        election = self.reference.election
        told = documents.ExpectedStations(election.code, election.mode, self.now, tuple(self.made))
        return sign(documents.write(told), self.key, self.certificate, self.now)


def write_secret(path: Path, data: bytes) -> None:
    """A new file that only its owner reads. Raises FileExistsError: none is overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
