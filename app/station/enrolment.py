"""Putting a new workstation into service: its key is here already, its certificate came in the provisioning.

The signed provisioning of the point is proved against the pinned authority before anything in it is read.
The certificate is found by the key, so nobody can pick a wrong one: a key that has none in the file was
not certified, or belongs to another point.

The key lies in a file with a passphrase. It is not put into the operating system's key store: Windows, macOS
and Linux each have another one, on a Linux without a session there is none, the library that hides the
differences (keyring) keeps short texts for a signed-in user and not keys for a computer, and a rebuilt
station needs its key from an envelope. A file with a passphrase is one way for all of them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.documents import provisioning as documents
from app.documents.document_errors import DocumentError
from app.documents.provisioning import Provisioning
from app.station.config import Parts, StationConfig, assemble
from app.station.errors import FolderRefused
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.certificate import Certificate
from app.trust.identity import Expected, Role
from app.trust.keys import PrivateKey


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came: the signed provisioning, the pinned authority, the reference file and its signature."""

    provisioning: Path
    ca: Path
    reference: Path
    reference_signature: Path


def enrol(folder: Path, delivered: Delivered, key_file: Path, key: PrivateKey, at: datetime) -> StationConfig:
    """Make a station's folder; `key` is what `key_file` holds, opened. Raises `FolderRefused` STA-140 to
    STA-144, `SignatureRefused`; nothing is written then."""
    anchors = Anchors.from_pem(_bytes(delivered.ca))
    said = _proved(_bytes(delivered.provisioning), anchors, at)
    certificate = _own(said, key)
    anchors.trust(certificate.der, at)
    identity = certificate.identity
    if (
        identity.role is not Role.STATION
        or identity.election != said.election
        or identity.transfer_point != said.transfer_point
        or identity.station is None
    ):
        raise FolderRefused(
            "STA-142",
            f"Certifikát ve vybavení patří „{identity.common_name}“, vybavení je pro místo "
            f"{said.transfer_point} voleb {said.election}. Vyžádejte si správné vybavení.",
            f"The certificate in the provisioning is of “{identity.common_name}”, the provisioning is for "
            f"the point {said.transfer_point} of {said.election}. Ask for the right one.",
        )
    if sha256(_bytes(delivered.reference)).hexdigest() != said.reference_sha256:
        raise FolderRefused(
            "STA-143",
            "Číselníky nejsou ty, pro které bylo vybavení připraveno. Použijte soubor, který přišel s ním.",
            "The reference data are not those that the provisioning was made for. Use the file that came "
            "with it.",
        )
    config = StationConfig(
        said.election, said.mode, identity.station, said.transfer_point, said.centre_url.rstrip("/")
    )
    with tempfile.TemporaryDirectory() as drafts:
        pem = Path(drafts) / "station.pem"
        pem.write_bytes(certificate.to_pem())
        assemble(
            folder,
            config,
            Parts(delivered.ca, key_file, pem, delivered.reference, delivered.reference_signature),
        )
    return config


def _proved(data: bytes, anchors: Anchors, at: datetime) -> Provisioning:
    election = anchors.authorities[0].election
    try:
        verified = cms.verify(data, anchors, at, Expected(Role.REFERENCE, election), documents.MAX_BYTES * 2)
        return documents.read(verified.content)
    except DocumentError as error:
        raise FolderRefused(
            "STA-140",
            f"Soubor není vybavení přebíracího místa: {error.cs}",
            f"The file is not a transfer point's provisioning: {error.en}",
        ) from error


def _own(said: Provisioning, key: PrivateKey) -> Certificate:
    public = key.public_key()
    for der in said.certificates:
        certificate = Certificate.from_der(der)
        if certificate.public_key == public:
            return certificate
    raise FolderRefused(
        "STA-141",
        f"Ve vybavení místa {said.transfer_point} není certifikát k tomuto klíči. Ověřte, že je to klíč "
        "této stanice a že její žádost (.csr) byla vyřízena.",
        f"The provisioning of the point {said.transfer_point} has no certificate of this key. Check that it "
        "is this station's key and that its request (.csr) was dealt with.",
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FolderRefused(
            "STA-144",
            f"Soubor {path} nelze přečíst: {error.strerror}.",
            f"The file {path} cannot be read: {error.strerror}.",
        ) from error
