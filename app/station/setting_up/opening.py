"""Opening a package: proved before anything in it is believed, and all its parts proved to fit each other.

A station in service has its authority pinned. A new one has nobody to believe yet: the authority that the
package names is taken only when its fingerprint is the one that a person compared with paper, or that the
technician's script was given. The package is signed by who prepares the election, so one fingerprint proves
all of it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.documents import accounts as account_documents
from app.documents import builds as build_documents
from app.documents import package as documents
from app.documents.document_errors import DocumentError
from app.documents.package import Package
from app.election.errors import KnownError
from app.station.reference_file import LARGEST_FILE
from app.station.setting_up import errors
from app.station.setting_up.settings import check_settings
from app.trust import cms, message
from app.trust.anchors import Anchors
from app.trust.authority import AuthorityCertificate
from app.trust.certificate import Certificate, CertificateTrouble
from app.trust.identity import Expected, Identity, Role
from app.trust.refusals import RefusalReason, SignatureRefused

#: Bytes of the signed file: the document, a certificate and a signature.
MAX_BYTES = documents.MAX_BYTES + 16_000
#: The authority is read before it is known whether it is to be believed, so it is not parsed for.
_AUTHORITY = re.compile(rb"<AUTORITA>([A-Za-z0-9+/]{1,5400}={0,2})</AUTORITA>")
_NOT_WHOLE = frozenset({RefusalReason.EMPTY, RefusalReason.TOO_LARGE, RefusalReason.NOT_DER,
                        RefusalReason.NO_CONTENT, RefusalReason.CONTENT_TYPE})  # fmt: skip
_ALTERED = frozenset({RefusalReason.DIGEST, RefusalReason.SIGNATURE, RefusalReason.NOT_CANONICAL,
                      RefusalReason.SIGNER_MISMATCH, RefusalReason.ATTRIBUTES})  # fmt: skip
#: So many digits of a fingerprint are enough to name an authority: 2^64 tries for another one.
SHORTEST_FINGERPRINT = 16


@dataclass(frozen=True, slots=True)
class Opened:
    """A proved package: `data` is the signed file, `reference` the unpacked reference file."""

    package: Package
    authority: AuthorityCertificate
    centre: Certificate
    reference: bytes
    signer: str
    data: bytes

    @property
    def identity(self) -> Identity:
        """Whom the station's certificate has to name."""
        told = self.package
        return Identity(Role.STATION, told.election, told.transfer_point, told.station)


def read_file(path: Path) -> bytes:
    """The bytes of a package's file. Raises `PackageRefused` PRO-01, PRO-02."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise errors.unreadable(path, error) from error
    if len(data) > MAX_BYTES:
        reason = RefusalReason.TOO_LARGE
        raise errors.not_a_package(reason.cs, reason.en)
    return data


def open_new(data: bytes, at: datetime) -> Opened:
    """A package that names its own authority, whom the caller has yet to compare: see `is_authority`.
    Raises `PackageRefused`."""
    try:
        content = message.decode(data).content or b""
        found = _AUTHORITY.search(content)
        if found is None:
            raise SignatureRefused(RefusalReason.NO_CONTENT)
        authority = AuthorityCertificate.from_der(b64decode(found[1], validate=True))
    except SignatureRefused as error:
        raise errors.not_a_package(error.cs, error.en) from error
    except (CertificateTrouble, ValueError) as error:
        raise errors.altered(str(error)) from error
    return open_trusted(data, Anchors((authority,)), at)


def is_authority(opened: Opened, fingerprint: str) -> bool:
    """Whether a fingerprint (hexadecimal, at least 16 digits, blanks and colons between) is the
    authority's."""
    given = re.sub(r"[\s:]", "", fingerprint).lower()
    return len(given) >= SHORTEST_FINGERPRINT and opened.authority.fingerprint.startswith(given)


def open_trusted(data: bytes, anchors: Anchors, at: datetime) -> Opened:
    """A package proved against authorities that are trusted already. Raises `PackageRefused`."""
    election = anchors.authorities[0].election
    try:
        verified = cms.verify(data, anchors, at, Expected(Role.REFERENCE, election), MAX_BYTES)
        package = documents.read(verified.content)
    except SignatureRefused as error:
        if error.reason in _NOT_WHOLE:
            raise errors.not_a_package(error.cs, error.en) from error
        if error.reason in _ALTERED:
            raise errors.altered(error.en) from error
        raise errors.of_another(error.cs, error.en) from error
    except DocumentError as error:
        raise errors.PackageRefused(
            "PRO-05",
            f"Soubor není balíček pracoviště: {error.cs}",
            f"The file is no workstation's package: {error.en}",
        ) from error
    return _fitting(package, anchors, at, verified.identity.common_name, data)


def _fitting(package: Package, anchors: Anchors, at: datetime, signer: str, data: bytes) -> Opened:
    authority = next((one for one in anchors.authorities if one.der == package.authority), None)
    if authority is None or authority.election != package.election:
        raise errors.other_authority()
    role = Role.CENTRE
    try:
        opened = Opened(
            package, authority, anchors.trust(package.centre, at), package.reference.content(), signer, data
        )
        if opened.centre.identity != Identity(role, package.election):
            raise SignatureRefused(RefusalReason.ROLE)
        _ = opened.identity
        check_settings(package.settings)
        expected = Expected(Role.REFERENCE, package.election)
        cms.verify_detached(
            opened.reference, package.reference.signature, anchors, at, expected, LARGEST_FILE
        )
        _check_inside(package, anchors, at)
    except KnownError as error:
        raise errors.does_not_fit(f"{error.cs} [{error.code}]", f"{error.en} [{error.code}]") from error
    return opened


def _check_inside(package: Package, anchors: Anchors, at: datetime) -> None:
    """Signed files inside are of the same election, mode and point, so that the station will take them."""
    ours, expected = (package.election, package.mode), Expected(Role.REFERENCE, package.election)
    if package.accounts is not None:
        limit = 2 * account_documents.MAX_BYTES
        people = account_documents.read(cms.verify(package.accounts, anchors, at, expected, limit).content)
        if (people.election, people.mode, people.transfer_point) != (*ours, package.transfer_point):
            raise SignatureRefused(RefusalReason.TRANSFER_POINT)
    if package.builds is not None:
        limit = 2 * build_documents.MAX_BYTES
        listed = build_documents.read(cms.verify(package.builds, anchors, at, expected, limit).content)
        if (listed.election, listed.mode) != ours:
            raise SignatureRefused(RefusalReason.ELECTION)
