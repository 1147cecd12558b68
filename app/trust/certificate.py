"""A signer's certificate (X.509 v3, RFC 5280), read strictly: only what `authority` issues is accepted.

Other packages pass `Certificate` around and store its `der`; they never need a cryptographic library.
Whether a certificate is to be trusted is a different question, answered by `anchors`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID, SignatureAlgorithmOID

from app.election.errors import KnownError
from app.trust.identity import Identity, NotAnIdentity
from app.trust.keys import is_p256

KNOWN_EXTENSIONS = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    }
)
"""Nothing else may stand in a certificate: an extension that nobody reads is one that nobody checks."""


MALFORMED = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
    NotAnIdentity,
)
"""All that reading a damaged or hostile certificate or request can raise: the library has no common base."""


class CertificateTrouble(KnownError):
    """A certificate file that cannot be read, or is of another kind than the program needs."""


@asn1.sequence
class _Algorithm:
    algorithm: x509.ObjectIdentifier


@asn1.sequence
class _Signed:
    body: asn1.TLV
    algorithm: _Algorithm
    signature: asn1.BitString


@asn1.sequence
class _Body:
    version: Annotated[int, asn1.Explicit(0)]
    serial_number: int
    algorithm: _Algorithm
    issuer: asn1.TLV
    life: asn1.TLV
    subject: asn1.TLV
    key: asn1.TLV
    extensions: Annotated[asn1.TLV, asn1.Explicit(3)]


@dataclass(frozen=True, slots=True)
class Outline:
    """As much of a certificate as may be read before it is known who signed it (RFC 5280, 4.1).

    `body` is what the authority's ECDSA-SHA-256 `signature` is over, `issuer` an encoded name. Names,
    dates, keys and extensions come from a stranger until then, and no parser is shown them.
    """

    body: bytes
    signature: bytes
    issuer: bytes
    serial: int

    @classmethod
    def of(cls, der: bytes) -> Outline:
        """Read the outline; raises ValueError for anything that an authority of ours cannot have made."""
        signed = asn1.decode_der(_Signed, der)
        body_der = asn1.encode_der(signed.body)
        body = asn1.decode_der(_Body, body_der)
        if (
            not signed.algorithm.algorithm
            == body.algorithm.algorithm
            == SignatureAlgorithmOID.ECDSA_WITH_SHA256
        ):
            raise ValueError("signature algorithm")
        if signed.signature.padding_bits() or body.serial_number < 1:
            raise ValueError("signature or serial")
        return cls(body_der, signed.signature.as_bytes(), asn1.encode_der(body.issuer), body.serial_number)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signer's certificate.

    `der` is the exact encoding, `serial` its number within the issuing authority, `fingerprint` the
    SHA-256 of `der` in hex. `not_before` and `not_after` bound its life, both included, in UTC.
    Equality is equality of bytes.
    """

    der: bytes
    identity: Identity = field(compare=False)
    serial: int = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    fingerprint: str = field(compare=False)
    public_key: ec.EllipticCurvePublicKey = field(compare=False, repr=False)
    parsed: x509.Certificate = field(compare=False, repr=False)

    @classmethod
    def from_der(cls, der: bytes) -> Certificate:
        """Read a signer's certificate; raises `CertificateTrouble` if it is anything but that.

        RFC 5280: version 3; P-256 key; signed by ECDSA with SHA-256; basic constraints say that it is
        no authority (4.2.1.9); key usage is digitalSignature alone (4.2.1.3), extended by e-mail
        protection (4.2.1.12); one identity URI (4.2.1.6) with the common name that belongs to it; key
        identifiers present; nothing more.
        """
        try:
            Outline.of(der)
            certificate = x509.load_der_x509_certificate(der)
            if certificate.public_bytes(Encoding.DER) != der:
                raise ValueError("not DER")
            return cls._read(certificate, der)
        except MALFORMED as error:
            raise CertificateTrouble(
                code="CRT-01",
                cs="Certifikát není podpisovým certifikátem účastníka voleb, nebo je poškozen.",
                en="The certificate is not a signing certificate of an election's participant, or damaged.",
            ) from error

    @classmethod
    def _read(cls, certificate: x509.Certificate, der: bytes) -> Certificate:
        public_key = certificate.public_key()
        if not isinstance(public_key, ec.EllipticCurvePublicKey) or not is_p256(public_key):
            raise ValueError("key")
        if certificate.version is not x509.Version.v3:
            raise ValueError("version")
        extensions = certificate.extensions
        if {extension.oid for extension in extensions} != KNOWN_EXTENSIONS:
            raise ValueError("extensions")
        if extensions.get_extension_for_class(x509.BasicConstraints).value != x509.BasicConstraints(
            ca=False, path_length=None
        ):
            raise ValueError("basic constraints")
        if extensions.get_extension_for_class(x509.KeyUsage).value != SIGNER_KEY_USAGE:
            raise ValueError("key usage")
        if (
            ExtendedKeyUsageOID.EMAIL_PROTECTION
            not in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        ):
            raise ValueError("extended key usage")
        return cls(
            der=der,
            identity=read_identity(certificate.subject, extensions),
            serial=certificate.serial_number,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            fingerprint=hashlib.sha256(der).hexdigest(),
            public_key=public_key,
            parsed=certificate,
        )

    @classmethod
    def from_pem(cls, pem: bytes) -> Certificate:
        """Read the one signer's certificate of a PEM file; raises `CertificateTrouble`."""
        return cls.from_der(the_one_in(pem).public_bytes(Encoding.DER))

    @property
    def key_fingerprint(self) -> str:
        """SHA-256 of the public key in hex: that of the request which the certificate was issued for."""
        encoded = self.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(encoded).hexdigest()

    def to_pem(self) -> bytes:
        """The certificate in PEM, as `openssl` and mail programs like it."""
        return self.parsed.public_bytes(Encoding.PEM)


SIGNER_KEY_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def read_identity(subject: x509.Name, extensions: x509.Extensions) -> Identity:
    """The identity in a certificate or in a signing request: one URI, and its common name as the whole
    subject. Raises ValueError, `NotAnIdentity` or `x509.ExtensionNotFound`."""
    names = list(extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    if len(names) != 1 or not isinstance(names[0], x509.UniformResourceIdentifier):
        raise ValueError("alternative name")
    identity = Identity.from_uri(names[0].value)
    if subject != subject_of(identity):
        raise ValueError("subject")
    return identity


def subject_of(identity: Identity) -> x509.Name:
    """The subject that a certificate of this participant carries."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, identity.common_name)])


def the_one_in(pem: bytes) -> x509.Certificate:
    """The only certificate of a PEM file; raises `CertificateTrouble` if there is none, or another."""
    try:
        [certificate] = x509.load_pem_x509_certificates(pem)
        return certificate
    except MALFORMED as error:
        raise CertificateTrouble(
            code="CRT-02",
            cs="V souboru není právě jeden certifikát (PEM).",
            en="The file does not hold exactly one certificate (PEM).",
        ) from error
