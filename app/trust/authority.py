"""The election's certificate authority: one self-signed certificate, and what it issues.

A key is made where it will be used and never leaves that machine; what travels is a signing request
(PKCS #10, RFC 2986), which proves that its sender holds the key, and the certificate that comes back.
The authority lives for one election and signs signers only, never another authority (path length 0).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.trust.certificate import (
    MALFORMED,
    SIGNER_KEY_USAGE,
    Certificate,
    CertificateTrouble,
    Outline,
    read_identity,
    subject_of,
    the_one_in,
)
from app.trust.identity import Identity, Role, check_election
from app.trust.keys import PrivateKey, is_p256

_AUTHORITY_KEY_USAGE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True)
class AuthorityCertificate:
    """An election authority's own certificate, verified to be one. Equality is equality of bytes."""

    der: bytes
    election: str = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    fingerprint: str = field(compare=False)
    public_key: ec.EllipticCurvePublicKey = field(compare=False, repr=False)
    parsed: x509.Certificate = field(compare=False, repr=False)

    @classmethod
    def from_der(cls, der: bytes) -> AuthorityCertificate:
        """Read an authority's certificate: self-signed, P-256, an authority with path length 0 that may
        sign certificates (RFC 5280, 4.2.1.3 and 4.2.1.9). Raises `CertificateTrouble`."""
        try:
            Outline.of(der)
            certificate = x509.load_der_x509_certificate(der)
            public_key = certificate.public_key()
            extensions = certificate.extensions
            constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
            usage = extensions.get_extension_for_class(x509.KeyUsage).value
            [name] = certificate.subject
            election = str(name.value).removeprefix("Prebirka CA ")
            if (
                certificate.public_bytes(Encoding.DER) != der
                or certificate.subject != _authority_name(check_election(election))
                or not isinstance(public_key, ec.EllipticCurvePublicKey)
                or not is_p256(public_key)
                or constraints != x509.BasicConstraints(ca=True, path_length=0)
                or usage != _AUTHORITY_KEY_USAGE
            ):
                raise ValueError("profile")
            certificate.verify_directly_issued_by(certificate)
        except (*MALFORMED, InvalidSignature) as error:
            raise CertificateTrouble(
                code="CRT-03",
                cs="Certifikát není certifikátem volební certifikační autority, nebo je poškozen.",
                en="The certificate is not an election authority's certificate, or is damaged.",
            ) from error
        return cls(
            der=der,
            election=election,
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            fingerprint=hashlib.sha256(der).hexdigest(),
            public_key=public_key,
            parsed=certificate,
        )

    @classmethod
    def from_pem(cls, pem: bytes) -> AuthorityCertificate:
        """Read the one authority's certificate of a PEM file; raises `CertificateTrouble`."""
        return cls.from_der(the_one_in(pem).public_bytes(Encoding.DER))

    def to_pem(self) -> bytes:
        """The certificate in PEM: what `openssl cms -verify -CAfile` takes."""
        return self.parsed.public_bytes(Encoding.PEM)


@dataclass(frozen=True, slots=True)
class Request:
    """A signing request whose sender proved to hold the key, and the identity that it asks for."""

    identity: Identity
    public_key: ec.EllipticCurvePublicKey = field(repr=False)
    fingerprint: str
    """SHA-256 of the public key (SubjectPublicKeyInfo) in hex: read it over the telephone to be sure
    that the request came from the machine it names."""


def make_authority(
    election: str, key: PrivateKey, not_before: datetime, not_after: datetime
) -> AuthorityCertificate:
    """A new authority for one election, self-signed by `key`, valid between the two instants (with
    time zone; whole seconds count). Raises `NotAnIdentity` for an impossible election code."""
    _aware(not_before, not_after)
    name = _authority_name(check_election(election))
    public_key = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_AUTHORITY_KEY_USAGE, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .sign(key, hashes.SHA256())
    )
    return AuthorityCertificate.from_der(certificate.public_bytes(Encoding.DER))


def make_request(key: PrivateKey, identity: Identity) -> bytes:
    """A signing request in PEM: it asks for a certificate of `identity` and proves possession of `key`."""
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject_of(identity))
        .add_extension(_alternative_name(identity), critical=False)
        .sign(key, hashes.SHA256())
    )
    return request.public_bytes(Encoding.PEM)


def read_request(pem: bytes) -> Request:
    """Read a signing request and verify that it was signed by the key it is for (RFC 2986, 4.2).

    Raises `CertificateTrouble`: CSR-01 unreadable, CSR-02 the proof is false, CSR-03 another kind of
    key, or no identity.
    """
    try:
        request = x509.load_pem_x509_csr(pem)
        genuine = request.is_signature_valid
    except MALFORMED as error:
        raise CertificateTrouble(
            code="CSR-01",
            cs="Soubor není žádostí o certifikát (PKCS #10, PEM), nebo je poškozen. Přeneste ho znovu.",
            en="The file is no certificate signing request (PKCS #10, PEM), or damaged. Transfer it again.",
        ) from error
    if not genuine:
        raise CertificateTrouble(
            code="CSR-02",
            cs="Žádost o certifikát není podepsána klíčem, pro který žádá. Certifikát nevydávejte.",
            en="The signing request is not signed by the key that it is for. Do not issue a certificate.",
        )
    public_key = request.public_key()
    try:
        if not isinstance(public_key, ec.EllipticCurvePublicKey) or not is_p256(public_key):
            raise ValueError("key")
        identity = read_identity(request.subject, request.extensions)
    except MALFORMED as error:
        raise CertificateTrouble(
            code="CSR-03",
            cs="Žádost o certifikát je pro jiný druh klíče než P-256, nebo neříká, kdo žádá.",
            en="The signing request is for another kind of key than P-256, or does not say who asks.",
        ) from error
    encoded = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Request(identity, public_key, hashlib.sha256(encoded).hexdigest())


def issue(
    request_pem: bytes,
    identity: Identity,
    authority: AuthorityCertificate,
    authority_key: PrivateKey,
    not_before: datetime,
    not_after: datetime,
) -> Certificate:
    """Issue a signer's certificate that a request asks for.

    `identity` is what the person at the authority decided; the request must ask for exactly that
    (CSR-04), for a stick with several requests on it is easily mixed up. The life is bounded by
    whole seconds and must lie within the authority's own (CRT-04), which must be of the same
    election (CRT-05) and belong to `authority_key` (CRT-06). Raises `CertificateTrouble`.

    The certificate serves signing (e-mail protection, which is what `openssl cms` looks for) and the
    client's side of TLS; the centre's also the server's.
    """
    request = read_request(request_pem)
    if request.identity != identity:
        raise CertificateTrouble(
            code="CSR-04",
            cs=f"Žádost je pro „{request.identity.common_name}“, ne pro „{identity.common_name}“.",
            en=f"The request is for “{request.identity.common_name}”, not for “{identity.common_name}”.",
        )
    check_life(authority, not_before, not_after)
    if authority.election != identity.election:
        raise CertificateTrouble(
            code="CRT-05",
            cs=f"Tato certifikační autorita patří k volbám {authority.election}, ne {identity.election}.",
            en=f"This authority belongs to the election {authority.election}, not {identity.election}.",
        )
    check_key(authority, authority_key)
    usages = [ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CLIENT_AUTH]
    if identity.role is Role.CENTRE:
        usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
    authority_identifier = authority.parsed.extensions.get_extension_for_class(
        x509.SubjectKeyIdentifier
    ).value
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject_of(identity))
        .issuer_name(authority.parsed.subject)
        .public_key(request.public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(SIGNER_KEY_USAGE, critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(_alternative_name(identity), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(request.public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_identifier),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    return Certificate.from_der(certificate.public_bytes(Encoding.DER))


def check_life(authority: AuthorityCertificate, not_before: datetime, not_after: datetime) -> None:
    """Raise `CertificateTrouble` CRT-04 unless a life, with time zones, lies within the authority's own."""
    _aware(not_before, not_after)
    if not authority.not_before <= not_before < not_after <= authority.not_after:
        raise CertificateTrouble(
            code="CRT-04",
            cs="Platnost certifikátu musí ležet v době platnosti certifikační autority.",
            en="The certificate's life must lie within the authority's own.",
        )


def check_key(authority: AuthorityCertificate, authority_key: PrivateKey) -> None:
    """Raise `CertificateTrouble` CRT-06 unless the key is the authority's."""
    if authority.public_key != authority_key.public_key():
        raise CertificateTrouble(
            code="CRT-06",
            cs="Klíč certifikační autority nepatří k jejímu certifikátu.",
            en="The authority's key does not belong to its certificate.",
        )


def _authority_name(election: str) -> x509.Name:
    # ASCII on purpose: the name is typed into command lines and shown by consoles of every code page.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Prebirka CA {election}")])


def _alternative_name(identity: Identity) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity.uri)])


def _aware(*instants: datetime) -> None:
    """A life without a time zone would silently be taken for UTC: two hours wrong in October."""
    if any(instant.tzinfo is None for instant in instants):
        raise ValueError("an instant without a time zone")
