"""A signed message of somebody else's program: CMS SignedData (RFC 5652), one signer, read and verified.

Batches and receipts have one exact shape (`app.trust.message`); applications of media come from mail
programs, PDF programs and data-box clients, which each choose among RSA and ECDSA, SHA-256 to SHA-512, BER
and DER, with or without certificates of authorities. What is asked of all of them: exactly one signature,
signed attributes with the content's digest, no algorithm that is too weak. Whose it is: `qualified`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ObjectIdentifier

from app.trust.ber import OCTET_STRING, SEQUENCE, SET, Element, header, parse_first
from app.trust.certificate import MALFORMED

#: Bits; a larger key would only keep the verifier busy.
_RSA_BITS: Final = range(2048, 8192 + 1)
_CURVES: Final = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class Reason(StrEnum):
    """Why a signature proves nothing."""

    NOT_CMS = "not cms"
    NO_CONTENT = "no content"
    SIGNER_COUNT = "signer count"
    ALGORITHM = "algorithm"
    ATTRIBUTES = "attributes"
    CERTIFICATE = "certificate"
    CHANGED = "changed"
    UNKNOWN_AUTHORITY = "unknown authority"
    NOT_QUALIFIED = "not qualified"
    USE = "use"
    LIFE = "life"
    REVOKED = "revoked"
    TIME = "time"


class Refused(Exception):
    """A signature that is not taken; `detail` is for a technician."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Proved:
    """A message whose signature belongs to `certificate`, which nobody has vouched for yet. `others` are the
    certificates that came along; `claimed_at` is the time that the signer's program wrote, UTC."""

    content: bytes
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Signature:
    content: bytes | None
    certificates: tuple[Element, ...]
    signer: Element  # issuer and serial, or key identifier
    digest: hashes.HashAlgorithm
    attributes: dict[bytes, Element]
    signed: bytes
    algorithm: Element
    signature: bytes


def _oid(dotted: str) -> bytes:
    return asn1.encode_der(ObjectIdentifier(dotted))


_SIGNED_DATA: Final = _oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE: Final = _oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST: Final = _oid("1.2.840.113549.1.9.4")
_SIGNING_TIME: Final = _oid("1.2.840.113549.1.9.5")
_SIGNING_CERTIFICATE_V2: Final = _oid("1.2.840.113549.1.9.16.2.47")
_HASHES: Final[dict[bytes, type[hashes.HashAlgorithm]]] = {
    _oid("2.16.840.1.101.3.4.2.1"): hashes.SHA256,
    _oid("2.16.840.1.101.3.4.2.2"): hashes.SHA384,
    _oid("2.16.840.1.101.3.4.2.3"): hashes.SHA512,
}
_RSA: Final = _oid("1.2.840.113549.1.1.1")
_PSS: Final = _oid("1.2.840.113549.1.1.10")
_MGF1: Final = _oid("1.2.840.113549.1.1.8")
#: Algorithms that name their hash, and which.
_RSA_WITH: Final[dict[bytes, type[hashes.HashAlgorithm]]] = {
    _oid("1.2.840.113549.1.1.11"): hashes.SHA256,
    _oid("1.2.840.113549.1.1.12"): hashes.SHA384,
    _oid("1.2.840.113549.1.1.13"): hashes.SHA512,
}
_ECDSA_WITH: Final[dict[bytes, type[hashes.HashAlgorithm]]] = {
    _oid("1.2.840.10045.4.3.2"): hashes.SHA256,
    _oid("1.2.840.10045.4.3.3"): hashes.SHA384,
    _oid("1.2.840.10045.4.3.4"): hashes.SHA512,
}
# Tags as they are written (X.690, 8.1.2).
_0, _1, _2, _0_PRIMITIVE, _UTC_TIME = 0xA0, 0xA1, 0xA2, 0x80, 0x17


def prove(message: bytes, *contents: bytes) -> Proved:
    """The message, once its own signature was verified. Without `contents` the message holds what was signed;
    otherwise it is detached, and one of them must be what was signed. Raises `Refused`."""
    try:
        found = _read(message)
    except (ValueError, IndexError):
        raise Refused(Reason.NOT_CMS) from None
    if contents and found.content is not None:
        raise Refused(Reason.NOT_CMS, "content in a detached signature")
    if not contents and found.content is None:
        raise Refused(Reason.NO_CONTENT)
    candidates = contents or (found.content or b"",)
    content = next((each for each in candidates if _digest(found.digest, each) == _told_digest(found)), None)
    if content is None:
        raise Refused(Reason.CHANGED, "digest")
    certificate, others = _certificates(found)
    _check_binding(found, certificate)
    _verify(found, certificate)
    return Proved(content, certificate, others, _claimed(found))


def is_message(data: bytes) -> bool:
    """Whether this looks like a signed message at all."""
    try:
        _read(data)
    except (ValueError, IndexError, Refused):
        return False
    return True


def _read(message: bytes) -> _Signature:
    info, rest = parse_first(message)
    if rest.strip(b"\0"):  # a PDF fills the room that is left with zeros
        raise ValueError("something follows the end")
    kind, inner = info.tagged(SEQUENCE).children
    if kind.der != _SIGNED_DATA:
        raise ValueError("no signed data")
    _, _, encapsulated, *optional, signers = inner.tagged(_0).only(SEQUENCE).children
    if len(signers.tagged(SET).children) != 1:
        raise Refused(Reason.SIGNER_COUNT)
    certificates = [each.children for each in optional if each.tag == _0]
    _, *content = encapsulated.tagged(SEQUENCE).children
    _, signer, digest, *rest_of = signers.children[0].tagged(SEQUENCE).children
    if not rest_of or rest_of[0].tag != _0:
        raise Refused(Reason.ATTRIBUTES, "none are signed")
    attributes, algorithm, signature, *_ = rest_of
    inside = b"".join(sorted(each.der for each in attributes.children))
    return _Signature(
        content=content[0].only(OCTET_STRING).content if content else None,
        certificates=tuple(
            each for each in (certificates[0] if certificates else ()) if each.tag == SEQUENCE
        ),
        signer=signer,
        digest=_hash_of(digest),
        attributes=_attributes(attributes.children),
        signed=header(SET, len(inside)) + inside,
        algorithm=algorithm.tagged(SEQUENCE),
        signature=signature.tagged(OCTET_STRING).content,
    )


def _attributes(found: tuple[Element, ...]) -> dict[bytes, Element]:
    """The single value of each signed attribute."""
    attributes: dict[bytes, Element] = {}
    for each in found:
        kind, values = each.tagged(SEQUENCE).children
        if kind.der in attributes:
            raise Refused(Reason.ATTRIBUTES, "one stands twice")
        [attributes[kind.der]] = values.tagged(SET).children
    if not {_CONTENT_TYPE, _MESSAGE_DIGEST} <= attributes.keys():
        raise Refused(Reason.ATTRIBUTES)
    return attributes


def _hash_of(algorithm: Element) -> hashes.HashAlgorithm:
    kind = _HASHES.get(algorithm.tagged(SEQUENCE).children[0].der)
    if kind is None:
        raise Refused(Reason.ALGORITHM, "hash")
    return kind()


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _told_digest(found: _Signature) -> bytes:
    return found.attributes[_MESSAGE_DIGEST].content


def _certificates(found: _Signature) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """The signer's certificate and the others that came along."""
    signers, others = [], []
    for each in dict.fromkeys(each.der for each in found.certificates):
        try:
            certificate = x509.load_der_x509_certificate(each)
            signers.append(certificate) if _is_named(found.signer, certificate) else others.append(
                certificate
            )
        except MALFORMED:
            continue  # one that cannot be read signs nothing
    if len(signers) != 1:
        raise Refused(Reason.CERTIFICATE, "the signer's is not there")
    return signers[0], tuple(others)


def _is_named(signer: Element, certificate: x509.Certificate) -> bool:
    if signer.tag == _0_PRIMITIVE:
        identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        return identifier.value.digest == signer.content
    issuer, serial = signer.tagged(SEQUENCE).children
    number = int.from_bytes(serial.content, "big", signed=True)
    return issuer.der == certificate.issuer.public_bytes() and number == certificate.serial_number


def _check_binding(found: _Signature, certificate: x509.Certificate) -> None:
    """CAdES binds the certificate to the signature (RFC 5035); where it is said, it must be this one."""
    value = found.attributes.get(_SIGNING_CERTIFICATE_V2)
    if value is None:
        return
    try:
        first = value.children[0].children[0]
        named = first.children[0].tag == SEQUENCE
        algorithm = _hash_of(first.children[0]) if named else hashes.SHA256()
        told = first.children[1 if named else 0].tagged(OCTET_STRING).content
    except (ValueError, IndexError):
        raise Refused(Reason.ATTRIBUTES, "signing certificate") from None
    if certificate.fingerprint(algorithm) != told:
        raise Refused(Reason.CERTIFICATE, "another one was signed with")


def _verify(found: _Signature, certificate: x509.Certificate) -> None:
    try:
        key = certificate.public_key()
        name = found.algorithm.children[0].der
        if isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS:
            key.verify(found.signature, found.signed, _padding(found, name), found.digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
            _same_hash(_ECDSA_WITH.get(name), found.digest)
            key.verify(found.signature, found.signed, ec.ECDSA(found.digest))
        else:
            raise Refused(Reason.ALGORITHM, "key")
    except InvalidSignature:
        raise Refused(Reason.CHANGED, "signature") from None
    except (*MALFORMED, UnsupportedAlgorithm, IndexError):
        raise Refused(Reason.ALGORITHM) from None


def _padding(found: _Signature, name: bytes) -> padding.PKCS1v15 | padding.PSS:
    if name == _PSS:
        return _pss(found)
    if name != _RSA:
        _same_hash(_RSA_WITH.get(name), found.digest)
    return padding.PKCS1v15()


def _pss(found: _Signature) -> padding.PSS:
    """RSASSA-PSS with everything named (RFC 4055): the same hash in both places."""
    said = {each.tag: each.children[0] for each in found.algorithm.children[1].tagged(SEQUENCE).children}
    mask, inner = said[_1].tagged(SEQUENCE).children if _1 in said else (None, None)
    if _0 not in said or mask is None or inner is None or mask.der != _MGF1:
        raise Refused(Reason.ALGORITHM, "PSS")
    for each in (said[_0], inner):
        _same_hash(type(_hash_of(each)), found.digest)
    salt = int.from_bytes(said[_2].content, "big") if _2 in said else 20
    return padding.PSS(padding.MGF1(found.digest), salt)


def _same_hash(named: type[hashes.HashAlgorithm] | None, used: hashes.HashAlgorithm) -> None:
    if named is not type(used):
        raise Refused(Reason.ALGORITHM, "hash")


def _claimed(found: _Signature) -> datetime | None:
    """The signing time that the signer's program wrote."""
    value = found.attributes.get(_SIGNING_TIME)
    if value is None:
        return None
    try:
        if value.tag == _UTC_TIME:
            return asn1.decode_der(asn1.UTCTime, value.der).as_datetime().astimezone(UTC)
        return asn1.decode_der(asn1.GeneralizedTime, value.der).as_datetime().astimezone(UTC)
    except ValueError:
        raise Refused(Reason.ATTRIBUTES, "signing time") from None
