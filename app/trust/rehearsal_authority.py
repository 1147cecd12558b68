"""The rehearsals' authority of signatures: made by a command, never shipped, and told from a real one.

It issues certificates as the qualified Czech authorities do (RSA, non-repudiation, the statement that they
are qualified), so that applications of media can be tried in each way. Its name says what it is, in its own
certificate and as the issuer of every other; `app.trust.qualified` marks what it vouches for and a live
centre refuses it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.trust.certificate import MALFORMED, CertificateTrouble, the_one_in
from app.trust.qualified import REHEARSAL_MARK

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_COMMON_NAME: Final = "ZKOUSKA: autorita podpisu - rehearsal authority of signatures"
#: SEQUENCE { SEQUENCE { 0.4.0.1862.1.1 } }, ETSI EN 319 412-5
_QUALIFIED: Final = bytes.fromhex("300a3008060604008e460101")
_STATEMENTS: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_RSA_BITS: Final = 2048
AUTHORITY_FILE: Final = "zkusebni-autorita.pem"
KEY_FILE: Final = "zkusebni-autorita.key"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a certificate is for. `number` is the organisation's IČO."""

    name: str
    organisation: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """A certificate and its key, with the certificates up to the authority."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def make_key(*, elliptic: bool = False) -> Key:
    """A new key: RSA as the Czech authorities issue, or P-256."""
    if elliptic:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)


def make_authority(not_before: datetime, not_after: datetime, key: Key | None = None) -> Credential:
    """A new authority, valid between the two instants (with time zone)."""
    key = key or make_key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CZ"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, REHEARSAL_MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME),
        ]
    )
    builder = _builder(name, name, key, not_before, not_after)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = certificate.add_extension(_usage(authority=True), critical=True)
    return Credential(certificate.sign(key, hashes.SHA256()), key)


def issue(
    authority: Credential,
    person: Person,
    not_before: datetime,
    not_after: datetime,
    key: Key | None = None,
    *,
    qualified: bool = True,
) -> Credential:
    """A certificate for a person who signs, valid between the two instants."""
    key = key or make_key()
    names = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CZ")]
    if person.organisation:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, person.organisation[:64]))
    if person.number:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRCZ-{person.number}"))
    names.append(x509.NameAttribute(NameOID.COMMON_NAME, person.name[:64]))
    issuer = authority.certificate
    builder = _builder(x509.Name(names), issuer.subject, key, not_before, not_after)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
    )
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    if qualified:
        builder = builder.add_extension(x509.UnrecognizedExtension(_STATEMENTS, _QUALIFIED), critical=False)
    return Credential(builder.sign(authority.key, hashes.SHA256()), key)


def revoke(authority: Credential, serials: list[int], at: datetime, until: datetime) -> bytes:
    """A list of revoked certificates (CRL, PEM) of the authority."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(at).next_update(until)
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def save(authority: Credential, folder: Path, passphrase: str | None) -> None:
    """Write the authority's certificate and key into a folder. Raises FileExistsError rather than overwrite a
    key."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase.encode())
    descriptor = os.open(folder / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(authority.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret))
    (folder / AUTHORITY_FILE).write_bytes(authority.pem)


def load(folder: Path, passphrase: str | None = None) -> Credential:
    """The authority in a folder. Raises OSError; `CertificateTrouble` CRT-02 or QCA-03."""
    certificate = the_one_in((folder / AUTHORITY_FILE).read_bytes())
    secret = None if passphrase is None else passphrase.encode()
    try:
        key = load_pem_private_key((folder / KEY_FILE).read_bytes(), secret)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise TypeError("kind of key")
        if key.public_key() != certificate.public_key():
            raise ValueError("another key")
    except MALFORMED as error:
        raise CertificateTrouble(
            code="QCA-03",
            cs="Klíč zkušební autority nelze použít, nebo nepatří k jejímu certifikátu. Vytvořte novou.",
            en="The rehearsal authority's key cannot be used or is not its own. Make a new one.",
        ) from error
    return Credential(certificate, key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, not_before: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    public_key = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
