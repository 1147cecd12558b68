"""The one shape that a signed file may have: CMS SignedData (RFC 5652) cut down to what is used here.

The ASN.1 below is the RFC's with every choice taken: one signer, named by issuer and serial number;
one certificate; SHA-256 and ECDSA (RFC 5754, parameters absent); four signed attributes: content
type, signing time, message digest, and the certificate's hash (signingCertificateV2, RFC 5035, which
binds the certificate to the signature and makes the file CAdES-BES); no unsigned ones. Fields that
we never write but must recognise to refuse them by name are declared too.

`encode` is a function of a few values and writes exactly one encoding of them. `decode` finds those
values, and a reader then asks `is_encoding_of`: every byte that is not one of the values is
thereby known to be the prescribed one, without a list of all that could differ.

The declarations are read and written by cryptography's own ASN.1 (in Rust, DER only, no recursion
without end). Its interface is declared unstable, so the version is locked and this is its only user.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509 import ObjectIdentifier

from app.trust.ber import header
from app.trust.certificate import Outline
from app.trust.refusals import RefusalReason, SignatureRefused

_SIGNED_DATA = ObjectIdentifier("1.2.840.113549.1.7.2")
_DATA = ObjectIdentifier("1.2.840.113549.1.7.1")
_CONTENT_TYPE = ObjectIdentifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = ObjectIdentifier("1.2.840.113549.1.9.4")
_SIGNING_TIME = ObjectIdentifier("1.2.840.113549.1.9.5")
_SIGNING_CERTIFICATE_V2 = ObjectIdentifier("1.2.840.113549.1.9.16.2.47")
_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_ECDSA_WITH_SHA256 = ObjectIdentifier("1.2.840.10045.4.3.2")

# Tags as they are written (X.690, 8.1.2); the last one is a constructed [0].
_OCTET_STRING, _SEQUENCE, _SET, _CONSTRUCTED_0 = 0x04, 0x30, 0x31, 0xA0

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256's group (SP 800-186, 3.2.1.3)."""


@asn1.sequence
class _Algorithm:
    algorithm: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _CertificateHash:  # ESSCertIDv2, whose hash algorithm is SHA-256 by default
    hash: bytes


@asn1.sequence
class _SigningCertificateV2:
    certificates: list[_CertificateHash]


_AttributeValue = ObjectIdentifier | asn1.UTCTime | bytes | _SigningCertificateV2


@asn1.sequence
class _Attribute:
    type: ObjectIdentifier
    values: asn1.SetOf[_AttributeValue]


@asn1.sequence
class _IssuerAndSerialNumber:
    issuer: asn1.TLV
    serial_number: int


@asn1.sequence
class _SignerInfo:
    version: int
    signer: _IssuerAndSerialNumber | Annotated[bytes, asn1.Implicit(0)]
    digest_algorithm: _Algorithm
    signed_attributes: Annotated[asn1.SetOf[_Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: _Algorithm
    signature: bytes
    unsigned_attributes: Annotated[asn1.SetOf[_Attribute] | None, asn1.Implicit(1)]


@asn1.sequence
class _EncapsulatedContent:
    type: ObjectIdentifier
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class _SignedData:
    version: int
    digest_algorithms: asn1.SetOf[_Algorithm]
    encapsulated: _EncapsulatedContent
    certificates: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(0)]
    signers: asn1.SetOf[_SignerInfo]


@asn1.sequence
class _ContentInfo:
    type: ObjectIdentifier
    content: Annotated[_SignedData, asn1.Explicit(0)]


def _element(tag: int, inside: bytes) -> bytes:
    return header(tag, len(inside)) + inside


def _attribute(type_encoded: bytes, value: bytes) -> bytes:
    return _element(_SEQUENCE, type_encoded + _element(_SET, value))


_SIGNED_DATA_OID = asn1.encode_der(_SIGNED_DATA)
_DATA_OID = asn1.encode_der(_DATA)
_SIGNING_TIME_OID = asn1.encode_der(_SIGNING_TIME)
_MESSAGE_DIGEST_OID = asn1.encode_der(_MESSAGE_DIGEST)
_SIGNING_CERTIFICATE_V2_OID = asn1.encode_der(_SIGNING_CERTIFICATE_V2)
_CONTENT_TYPE_ATTRIBUTE = _attribute(asn1.encode_der(_CONTENT_TYPE), _DATA_OID)
_VERSION_1 = asn1.encode_der(1)
_SHA256_ALGORITHM = asn1.encode_der(_Algorithm(algorithm=_SHA256, parameters=None))
_DIGEST_ALGORITHMS = asn1.encode_der(asn1.SetOf([_Algorithm(algorithm=_SHA256, parameters=None)]))
_ECDSA_ALGORITHM = asn1.encode_der(_Algorithm(algorithm=_ECDSA_WITH_SHA256, parameters=None))


@dataclass(frozen=True)  # no slots: a cached property needs somewhere to keep its value
class SignedAttributes:
    """What the signature is over: when by the signer's clock (whole seconds, UTC), the SHA-256 of the
    content and the SHA-256 of the signer's certificate."""

    signing_time: datetime
    digest: bytes
    certificate_hash: bytes

    @cached_property
    def encoded(self) -> bytes:
        """The very bytes that are signed: a SET OF in DER (RFC 5652, 5.4)."""
        binding = _element(_SEQUENCE, _element(_SEQUENCE, _element(_OCTET_STRING, self.certificate_hash)))
        attributes = [
            _CONTENT_TYPE_ATTRIBUTE,
            _attribute(_SIGNING_TIME_OID, asn1.encode_der(asn1.UTCTime(self.signing_time))),
            _attribute(_MESSAGE_DIGEST_OID, _element(_OCTET_STRING, self.digest)),
            _attribute(_SIGNING_CERTIFICATE_V2_OID, _element(_SEQUENCE, binding)),
        ]
        return _element(_SET, b"".join(sorted(attributes)))  # DER sorts a SET OF by encoding (X.690, 11.6)


@dataclass(frozen=True, slots=True)
class Message:
    """The values that a signed file is made of. `content` is None in a detached signature; `signature`
    is the two numbers of an ECDSA signature in DER, `certificate` the signer's in DER."""

    content: bytes | None
    certificate: bytes
    attributes: SignedAttributes
    signature: bytes


def encode(message: Message) -> bytes:
    """The one encoding of a signed file."""
    before, after = _frame(message)
    return b"".join((before, message.content or b"", after))


def is_encoding_of(message: Message, data: bytes) -> bool:
    """Whether `data` is what `encode` writes for `message`, found out without another copy of the content."""
    before, after = _frame(message)
    content = message.content or b""
    return (
        len(data) == len(before) + len(content) + len(after)
        and data.startswith(before)
        and data.startswith(content, len(before))
        and data.endswith(after)
    )


def _frame(message: Message) -> tuple[bytes, bytes]:
    """What stands before the content and after it.

    The content is kept out of the library's encoder, for a batch is big and the encoder would move it
    once for each of the six elements it lies in: that alone cost more than the signature. The reader of
    the declarations above, and `openssl` in the tests, keep this writer honest.
    """
    certificates, signer = _constant_parts(message.certificate)
    signer += bytes((_CONSTRUCTED_0,)) + message.attributes.encoded[1:]  # in its place the set is tagged [0]
    signer += _ECDSA_ALGORITHM + _element(_OCTET_STRING, message.signature)
    after = certificates + _element(_SET, _element(_SEQUENCE, signer))

    before, length = b"", 0
    if message.content is not None:
        length = len(message.content)
        before = header(_OCTET_STRING, length)
        before = header(_CONSTRUCTED_0, len(before) + length) + before
    before = _DATA_OID + before
    before = header(_SEQUENCE, len(before) + length) + before
    before = _VERSION_1 + _DIGEST_ALGORITHMS + before
    length += len(after)
    before = header(_SEQUENCE, len(before) + length) + before
    before = header(_CONSTRUCTED_0, len(before) + length) + before
    before = _SIGNED_DATA_OID + before
    return header(_SEQUENCE, len(before) + length) + before, after


@lru_cache(maxsize=1024)
def _constant_parts(certificate: bytes) -> tuple[bytes, bytes]:
    """What is the same in every file of one signer: the certificates, and the beginning of SignerInfo."""
    outline = Outline.of(certificate)
    signer = _element(_SEQUENCE, outline.issuer + asn1.encode_der(outline.serial))
    return _element(_CONSTRUCTED_0, certificate), _VERSION_1 + signer + _SHA256_ALGORITHM


def decode(data: bytes) -> Message:
    """Find the values, or raise `SignatureRefused` with the reason that says most.

    Nothing is trusted yet. That `is_encoding_of` holds for the result is for the caller to check.
    """
    try:
        return _read(asn1.decode_der(_ContentInfo, data))
    except ValueError:
        raise SignatureRefused(RefusalReason.NOT_DER) from None


def _read(info: _ContentInfo) -> Message:
    if info.type != _SIGNED_DATA:
        raise SignatureRefused(RefusalReason.NOT_DER)
    signed_data = info.content
    signers = signed_data.signers.as_list()
    if len(signers) != 1:
        raise SignatureRefused(RefusalReason.SIGNER_COUNT)
    certificates = signed_data.certificates.as_list() if signed_data.certificates else []
    if len(certificates) != 1:
        raise SignatureRefused(RefusalReason.CERTIFICATE_COUNT)
    if signed_data.encapsulated.type != _DATA:
        raise SignatureRefused(RefusalReason.CONTENT_TYPE)
    [signer], [certificate] = signers, [asn1.encode_der(each) for each in certificates]
    digests = [*signed_data.digest_algorithms.as_list(), signer.digest_algorithm]
    if any(each.algorithm != _SHA256 for each in digests):
        raise SignatureRefused(RefusalReason.ALGORITHM)
    if signer.signature_algorithm.algorithm != _ECDSA_WITH_SHA256:
        raise SignatureRefused(RefusalReason.ALGORITHM)
    named, outline = signer.signer, Outline.of(certificate)
    if (
        not isinstance(named, _IssuerAndSerialNumber)
        or named.serial_number != outline.serial
        or asn1.encode_der(named.issuer) != outline.issuer
    ):
        raise SignatureRefused(RefusalReason.SIGNER_MISMATCH)
    attributes = _read_attributes(signer)
    if attributes.certificate_hash != hashlib.sha256(certificate).digest():
        raise SignatureRefused(RefusalReason.SIGNER_MISMATCH)
    content = signed_data.encapsulated.content
    return Message(content, certificate, attributes, signer.signature)


def lower_half(signature: bytes) -> bytes:
    """The signature with the smaller of its two valid second numbers.

    Of every ECDSA signature (r, s) anybody can make another valid one, (r, n − s). Bytes that can be
    changed without the key would let a stranger send a copy of a batch that differs from it, and so
    make the true one look like a fork. Only the smaller s is written, and only it is accepted.
    Raises ValueError if this is not a signature.
    """
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))


def _read_attributes(signer: _SignerInfo) -> SignedAttributes:
    if signer.signed_attributes is None or signer.unsigned_attributes is not None:
        raise SignatureRefused(RefusalReason.ATTRIBUTES)
    attributes = signer.signed_attributes.as_list()
    found = {each.type: each.values.as_list() for each in attributes}
    expected = {_CONTENT_TYPE, _SIGNING_TIME, _MESSAGE_DIGEST, _SIGNING_CERTIFICATE_V2}
    if len(attributes) != len(expected) or found.keys() != expected:
        raise SignatureRefused(RefusalReason.ATTRIBUTES)
    match found[_CONTENT_TYPE], found[_SIGNING_TIME], found[_MESSAGE_DIGEST], found[_SIGNING_CERTIFICATE_V2]:
        case (
            [ObjectIdentifier() as content_type],
            [asn1.UTCTime() as signing_time],
            [bytes() as digest],
            [_SigningCertificateV2(certificates=[_CertificateHash(hash=certificate_hash)])],
        ):
            if content_type != _DATA:
                raise SignatureRefused(RefusalReason.CONTENT_TYPE)
            return SignedAttributes(signing_time.as_datetime().astimezone(UTC), digest, certificate_hash)
    raise SignatureRefused(RefusalReason.ATTRIBUTES)
