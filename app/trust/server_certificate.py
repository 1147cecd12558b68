"""Certificates of TLS servers: names of hosts and addresses, signed by the election's authority.

The front of the centre shows one, so that stations need to trust nobody but their pinned authority. It says
nothing about the election: it has no identity URI and serves TLS alone (RFC 5280, 4.2.1.12), so it can never
pass for a signer's (`Certificate.from_der` refuses it), nor a signer's for a server's, whose names are
hosts. The key is made where the server runs; what travels is a signing request, as for every key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.trust.authority import AuthorityCertificate, check_key, check_life
from app.trust.certificate import (
    KNOWN_EXTENSIONS,
    MALFORMED,
    SIGNER_KEY_USAGE,
    CertificateTrouble,
    Outline,
    the_one_in,
)
from app.trust.keys import PrivateKey, is_p256

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class ServerRequest:
    """A signing request whose sender proved to hold the key, and the hosts that it asks for."""

    hosts: tuple[str, ...]
    public_key: ec.EllipticCurvePublicKey = field(repr=False)
    fingerprint: str
    """SHA-256 of the public key (SubjectPublicKeyInfo) in hex, to be compared by telephone."""


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """A server's certificate. `fingerprint` is the SHA-256 of `der` in hex; the life is in UTC."""

    der: bytes
    hosts: tuple[str, ...]
    serial: int
    not_before: datetime
    not_after: datetime
    fingerprint: str

    @classmethod
    def from_pem(cls, pem: bytes) -> ServerCertificate:
        """Read the one server's certificate of a PEM file; raises `CertificateTrouble`, CRT-12 where it is
        anything but what `issue_server` makes."""
        parsed = the_one_in(pem)
        der = parsed.public_bytes(Encoding.DER)
        try:
            Outline.of(der)
            hosts = _checked_profile(parsed)
        except MALFORMED as error:
            raise CertificateTrouble(
                code="CRT-12",
                cs="Certifikát není certifikátem serveru vydaným volební autoritou, nebo je poškozen.",
                en="The certificate is not a server's, issued by an election's authority, or is damaged.",
            ) from error
        life = parsed.not_valid_before_utc, parsed.not_valid_after_utc
        return cls(der, hosts, parsed.serial_number, *life, hashlib.sha256(der).hexdigest())

    def to_pem(self) -> bytes:
        return x509.load_der_x509_certificate(self.der).public_bytes(Encoding.PEM)


def check_hosts(hosts: Iterable[str]) -> tuple[str, ...]:
    """The hosts in the form that a certificate has, in their order: names in small letters, addresses in
    their shortest form. Raises `CertificateTrouble` CRT-13 for none, too many, or what is no host; a
    star for any name is none."""
    checked = tuple(dict.fromkeys(_host(each) for each in hosts))
    if not 0 < len(checked) <= _MOST_NAMES:
        raise _no_host(f"{len(checked)}")
    return checked


def make_server_request(key: PrivateKey, hosts: Iterable[str]) -> bytes:
    """A signing request in PEM for these hosts, which proves possession of `key`. Raises CRT-13."""
    names = check_hosts(hosts)
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(_subject(names))
        .add_extension(_alternatives(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    return request.public_bytes(Encoding.PEM)


def read_server_request(pem: bytes) -> ServerRequest:
    """Read a server's signing request and verify its proof. Raises `CertificateTrouble` CSR-05."""
    try:
        request = x509.load_pem_x509_csr(pem)
        public_key = request.public_key()
        if not request.is_signature_valid:
            raise ValueError("proof")
        if not isinstance(public_key, ec.EllipticCurvePublicKey) or not is_p256(public_key):
            raise ValueError("key")
        hosts = _read_hosts(request.subject, request.extensions)
    except (*MALFORMED, InvalidSignature) as error:
        raise CertificateTrouble(
            code="CSR-05",
            cs="Soubor není žádostí o certifikát serveru, nebo není podepsána klíčem, pro který žádá.",
            en="The file is no signing request of a server, or not signed by the key that it is for.",
        ) from error
    encoded = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return ServerRequest(hosts, public_key, hashlib.sha256(encoded).hexdigest())


def issue_server(
    request_pem: bytes,
    hosts: Iterable[str],
    authority: AuthorityCertificate,
    authority_key: PrivateKey,
    not_before: datetime,
    not_after: datetime,
) -> ServerCertificate:
    """Issue the certificate that a server's request asks for.

    `hosts` is what the person at the authority decided; the request must ask for exactly those (CSR-06). The
    life must lie within the authority's (CRT-04), and the key be the authority's (CRT-06).
    """
    request = read_server_request(request_pem)
    decided = check_hosts(hosts)
    if set(request.hosts) != set(decided):
        raise CertificateTrouble(
            code="CSR-06",
            cs=f"Žádost je pro „{' '.join(request.hosts)}“, ne pro „{' '.join(decided)}“.",
            en=f"The request is for “{' '.join(request.hosts)}”, not for “{' '.join(decided)}”.",
        )
    check_life(authority, not_before, not_after)
    check_key(authority, authority_key)
    issuer = authority.parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_subject(request.hosts))
        .issuer_name(authority.parsed.subject)
        .public_key(request.public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(SIGNER_KEY_USAGE, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=True)
        .add_extension(_alternatives(request.hosts), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(request.public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return ServerCertificate.from_pem(certificate.public_bytes(Encoding.PEM))


def _checked_profile(certificate: x509.Certificate) -> tuple[str, ...]:
    """The hosts of a certificate that is exactly of the profile; raises what is in MALFORMED."""
    public_key, extensions = certificate.public_key(), certificate.extensions
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not is_p256(public_key):
        raise ValueError("key")
    if {extension.oid for extension in extensions} != KNOWN_EXTENSIONS:
        raise ValueError("extensions")
    constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    extended = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    if constraints != x509.BasicConstraints(ca=False, path_length=None) or usage != SIGNER_KEY_USAGE:
        raise ValueError("use")
    if list(extended) != [ExtendedKeyUsageOID.SERVER_AUTH]:
        raise ValueError("extended use")
    return _read_hosts(certificate.subject, extensions)


def _read_hosts(subject: x509.Name, extensions: x509.Extensions) -> tuple[str, ...]:
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    hosts = []
    for name in names:
        if not isinstance(name, x509.DNSName | x509.IPAddress):
            raise ValueError("alternative name")
        hosts.append(str(name.value))
    try:
        same = check_hosts(hosts) == tuple(hosts)
    except CertificateTrouble as error:
        raise ValueError("hosts") from error
    if not same or subject != _subject(tuple(hosts)):
        raise ValueError("subject")
    return tuple(hosts)


def _subject(hosts: tuple[str, ...]) -> x509.Name:
    # What programs compare is the alternative names; the common name is for people, and short.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])


def _alternatives(hosts: tuple[str, ...]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_general(each) for each in hosts])


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _host(given: str) -> str:
    try:
        return str(ip_address(given.strip("[]")))
    except ValueError:
        name = given.lower().removesuffix(".")
    if len(name) > 253 or not _HOST.fullmatch(name) or name.rpartition(".")[2].isdigit():
        raise _no_host(repr(given[:100]))
    return name


def _no_host(what: str) -> CertificateTrouble:
    return CertificateTrouble(
        code="CRT-13",
        cs=f"Certifikát serveru potřebuje 1 až {_MOST_NAMES} jmen nebo adres, žádné hvězdičky ({what}).",
        en=f"A server's certificate needs 1 to {_MOST_NAMES} names or addresses, and no stars ({what}).",
    )
