"""Signatures as programs of others make them, for rehearsals: CAdES, RSA or ECDSA, at any time.

The applications that a rehearsal sends are signed by what `app.trust.rehearsal_authority` issued. The
library's own writer of such messages takes the time from the machine; a rehearsal may live in another.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ObjectIdentifier

from app.trust.ber import OCTET_STRING, SEQUENCE, SET, header
from app.trust.rehearsal_authority import Credential

_NULL: Final = b"\x05\0"


def sign(content: bytes, signer: Credential, at: datetime | None, *, attached: bool) -> bytes:
    """A signed message of `content` (CMS in DER). `at` is the signing time that it claims; None claims
    nothing, as PDF signatures do (the PDF says the time itself)."""
    certificate = signer.certificate.public_bytes(Encoding.DER)
    binding = _made(SEQUENCE, _made(SEQUENCE, _made(SEQUENCE, _octets(hashlib.sha256(certificate).digest()))))
    attributes = [
        _attribute("1.2.840.113549.1.9.3", _oid("1.2.840.113549.1.7.1")),
        _attribute("1.2.840.113549.1.9.4", _octets(hashlib.sha256(content).digest())),
        _attribute("1.2.840.113549.1.9.16.2.47", binding),
    ]
    if at is not None:
        time = asn1.UTCTime(at.astimezone(UTC).replace(microsecond=0))
        attributes.append(_attribute("1.2.840.113549.1.9.5", asn1.encode_der(time)))
    inside = b"".join(sorted(attributes))
    algorithm, signature = _signature(signer, _made(SET, inside))
    named = signer.certificate.issuer.public_bytes() + asn1.encode_der(signer.certificate.serial_number)
    digest = _made(SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"))
    info = _made(
        SEQUENCE,
        asn1.encode_der(1),
        _made(SEQUENCE, named),
        digest,
        _made(0xA0, inside),
        algorithm,
        _octets(signature),
    )
    data = _oid("1.2.840.113549.1.7.1") + (_made(0xA0, _octets(content)) if attached else b"")
    signed = _made(
        SEQUENCE,
        asn1.encode_der(1),
        _made(SET, digest),
        _made(SEQUENCE, data),
        _made(0xA0, certificate),
        _made(SET, info),
    )
    return _made(SEQUENCE, _oid("1.2.840.113549.1.7.2"), _made(0xA0, signed))


def _signature(signer: Credential, signed: bytes) -> tuple[bytes, bytes]:
    """The algorithm as it is named, and the signature."""
    if isinstance(signer.key, rsa.RSAPrivateKey):
        algorithm = _made(SEQUENCE, _oid("1.2.840.113549.1.1.1"), _NULL)
        return algorithm, signer.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return _made(SEQUENCE, _oid("1.2.840.10045.4.3.2")), signer.key.sign(signed, ec.ECDSA(hashes.SHA256()))


def _attribute(oid: str, value: bytes) -> bytes:
    return _made(SEQUENCE, _oid(oid), _made(SET, value))


def _octets(data: bytes) -> bytes:
    return _made(OCTET_STRING, data)


def _oid(dotted: str) -> bytes:
    return asn1.encode_der(ObjectIdentifier(dotted))


def _made(tag: int, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return header(tag, len(content)) + content
