"""Sign bytes, and get bytes back from a signed file: only the true ones, or a refusal.

`verify` returns the content after everything has been checked and never before; a caller has nothing
to parse until then. Files are ordinary CMS: `openssl cms -verify -inform DER -CAfile ca.pem` accepts
each of them, and `-content FILE` checks a detached signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.trust.anchors import Anchors
from app.trust.certificate import Certificate, CertificateTrouble
from app.trust.identity import Expected, Identity
from app.trust.keys import PrivateKey
from app.trust.message import Message, SignedAttributes, decode, encode, is_encoding_of, lower_half
from app.trust.refusals import RefusalReason, SignatureRefused

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of a signed file, unless the caller says otherwise. A batch of 177 protocols is about 1.5 MB."""

_ECDSA = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Verified:
    """What a signed file turned out to be.

    `signing_time` is the signer's own claim, by its clock, in whole seconds UTC; `certificate` proves
    who, and only the receiver's clock proves when.
    """

    content: bytes
    identity: Identity
    certificate: Certificate
    signing_time: datetime

    @property
    def serial(self) -> int:
        """The certificate's serial: what is revoked when the key is lost."""
        return self.certificate.serial


def sign(content: bytes, key: PrivateKey, certificate: Certificate, signing_time: datetime) -> bytes:
    """A signed file that contains `content` (`.p7m`): CMS SignedData in DER, RFC 5652.

    `signing_time` has a time zone and lies before 2050 (RFC 5652, 11.3); its fraction of a second is
    dropped. ECDSA draws a random number, so two calls give different bytes: keep what was sent.
    Raises `CertificateTrouble` CRT-08 if the key does not belong to the certificate.
    """
    return _sign(content, key, certificate, signing_time, attached=True)


def sign_detached(content: bytes, key: PrivateKey, certificate: Certificate, signing_time: datetime) -> bytes:
    """A signature to lie beside the file with `content` (`.p7s`); otherwise as `sign`."""
    return _sign(content, key, certificate, signing_time, attached=False)


def verify(
    data: bytes, anchors: Anchors, at: datetime, expected: Expected, size_limit: int = SIZE_LIMIT
) -> Verified:
    """The content of a signed file, or `SignatureRefused` with one of `RefusalReason`.

    `at` is the instant (with time zone) at which the certificate must be alive: now for what arrives
    now, the time of receipt for what is read from an archive. `size_limit` is in bytes.
    """
    message = _open(data, size_limit)
    if message.content is None:
        raise SignatureRefused(RefusalReason.NO_CONTENT)
    return _verify(data, message, message.content, anchors, at, expected)


def verify_detached(
    content: bytes,
    signature: bytes,
    anchors: Anchors,
    at: datetime,
    expected: Expected,
    size_limit: int = SIZE_LIMIT,
) -> Verified:
    """The same `content`, once the `.p7s` beside it has proved it; otherwise as `verify`.

    `size_limit` holds for each of the two.
    """
    if len(content) > size_limit:
        raise SignatureRefused(RefusalReason.TOO_LARGE)
    message = _open(signature, size_limit)
    if message.content is not None:
        raise SignatureRefused(RefusalReason.UNEXPECTED_CONTENT)
    return _verify(signature, message, content, anchors, at, expected)


def _sign(
    content: bytes, key: PrivateKey, certificate: Certificate, signing_time: datetime, *, attached: bool
) -> bytes:
    if signing_time.tzinfo is None:
        raise ValueError("an instant without a time zone")
    signing_time = signing_time.astimezone(UTC).replace(microsecond=0)
    if key.public_key() != certificate.public_key:
        raise CertificateTrouble(
            code="CRT-08",
            cs="Klíč nepatří k certifikátu, kterým se má podepisovat.",
            en="The key does not belong to the certificate to sign with.",
        )
    attributes = SignedAttributes(
        signing_time, hashlib.sha256(content).digest(), bytes.fromhex(certificate.fingerprint)
    )
    signature = lower_half(key.sign(attributes.encoded, _ECDSA))
    return encode(Message(content if attached else None, certificate.der, attributes, signature))


def _open(data: bytes, size_limit: int) -> Message:
    if not data:
        raise SignatureRefused(RefusalReason.EMPTY)
    if len(data) > size_limit:
        raise SignatureRefused(RefusalReason.TOO_LARGE)
    return decode(data)


def _verify(
    data: bytes, message: Message, content: bytes, anchors: Anchors, at: datetime, expected: Expected
) -> Verified:
    certificate = anchors.trust(message.certificate, at)
    _check_expected(certificate.identity, expected)
    if hashlib.sha256(content).digest() != message.attributes.digest:
        raise SignatureRefused(RefusalReason.DIGEST)
    try:
        certificate.public_key.verify(message.signature, message.attributes.encoded, _ECDSA)
    except InvalidSignature:
        raise SignatureRefused(RefusalReason.SIGNATURE) from None
    if lower_half(message.signature) != message.signature or not is_encoding_of(message, data):
        raise SignatureRefused(RefusalReason.NOT_CANONICAL)
    return Verified(content, certificate.identity, certificate, message.attributes.signing_time)


def _check_expected(identity: Identity, expected: Expected) -> None:
    if identity.election != expected.election:
        raise SignatureRefused(RefusalReason.ELECTION)
    if identity.role is not expected.role:
        raise SignatureRefused(RefusalReason.ROLE)
    if expected.transfer_point is not None and identity.transfer_point != expected.transfer_point:
        raise SignatureRefused(RefusalReason.TRANSFER_POINT)
    if expected.station is not None and identity.station != expected.station:
        raise SignatureRefused(RefusalReason.STATION)
