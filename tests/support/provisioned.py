"""An office that prepares packages for the stations of the invented election, with its commands as people
use them, and the parts of a package for tests that forge one.

Nothing here has a passphrase: these keys are thrown away with the folder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.commands.packages import Office
from app.documents import package as documents
from app.documents import reference as reference_file
from app.documents.package import PackedReference
from app.election.model import Contest, Mode
from app.election.reference import Reference
from app.trust import authority, cms, keys
from app.trust.authority import AuthorityCertificate
from app.trust.certificate import Certificate
from app.trust.identity import Identity, Role
from app.trust.keys import PrivateKey
from tests.support import invented_election

POINT = invented_election.POINT
URL = "https://ustredi.example"


@dataclass(frozen=True)
class House:
    """An authority with everybody that it certified, and the files that the commands want in `base`."""

    base: Path
    reference: Reference
    ca_key: PrivateKey
    ca: AuthorityCertificate
    keys: dict[str, PrivateKey]
    certificates: dict[str, Certificate]

    @classmethod
    def build(
        cls, base: Path, mode: Mode = Mode.REHEARSAL, code: str = "zk2024", now: datetime | None = None
    ) -> House:
        now = (now or datetime.now(UTC)).replace(microsecond=0)
        base.mkdir(parents=True, exist_ok=True)
        known = invented_election.reference(Contest.REGIONAL, mode=mode)
        known = replace(known, election=replace(known.election, code=code))
        ca_key = keys.make_key()
        ca = authority.make_authority(code, ca_key, now - timedelta(days=1), now + timedelta(days=30))
        (base / "ca.pem").write_bytes(ca.to_pem())
        house = cls(base, known, ca_key, ca, {}, {})
        for role in (Role.REFERENCE, Role.CENTRE):
            key = keys.make_key()
            certificate = house.issue(authority.make_request(key, Identity(role, code)), Identity(role, code))
            house.keys[role.value], house.certificates[role.value] = key, certificate
            (base / f"{role.value}.pem").write_bytes(certificate.to_pem())
            keys.save_key(key, base / f"{role.value}.key", None)
        reference_file.build(known, base / "reference.sqlite")
        signature = house.sign_detached((base / "reference.sqlite").read_bytes(), now)
        (base / "reference.sqlite.p7s").write_bytes(signature)
        return house

    def issue(self, request: bytes, identity: Identity) -> Certificate:
        """What the authority's ceremony answers to a request."""
        return authority.issue(request, identity, self.ca, self.ca_key, self.ca.not_before, self.ca.not_after)

    def sign_detached(self, content: bytes, now: datetime) -> bytes:
        role = Role.REFERENCE.value
        return cms.sign_detached(content, self.keys[role], self.certificates[role], now)

    def sign(self, content: bytes, role: Role = Role.REFERENCE, now: datetime | None = None) -> bytes:
        return cms.sign(
            content, self.keys[role.value], self.certificates[role.value], now or datetime.now(UTC)
        )

    def office(self, serial: int = 1, url: str = URL, **settings: str) -> Office:
        """Makes packages without a command."""
        content = (self.base / "reference.sqlite").read_bytes()
        packed = PackedReference.of(content, (self.base / "reference.sqlite.p7s").read_bytes())
        role = Role.REFERENCE.value
        return Office(
            self.reference, packed, self.ca.der, self.certificates["centre"].der, url,
            self.keys[role], self.certificates[role], settings, None, serial, datetime.now(UTC),
        )  # fmt: skip

    def package(self, serial: int = 1, number: int = 1, point: int = POINT, **settings: str) -> bytes:
        return self.office(serial, **settings).package(point, number, None)

    def forged(self, data: bytes, **changes: object) -> bytes:
        """A package with other values, signed by the right signer."""
        from app.trust import message

        told = documents.read(message.decode(data).content or b"")
        return self.sign(documents.write(replace(told, **changes)))  # type: ignore[arg-type]
