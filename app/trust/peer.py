"""Whose certificate a TLS server showed, trusted or not: words for people who look for what is wrong.

Nothing is decided by it; whom TLS trusts is decided by the TLS library and the pinned authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from app.trust.certificate import MALFORMED


@dataclass(frozen=True, slots=True)
class Peer:
    """A server's certificate: names of its subject and issuer, the hosts it is for, and its life in UTC."""

    subject: str
    issuer: str
    hosts: tuple[str, ...]
    not_before: datetime
    not_after: datetime


def describe(der: bytes) -> Peer | None:
    """None for what cannot be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        hosts: list[str] = []
        for extension in certificate.extensions:
            if isinstance(extension.value, x509.SubjectAlternativeName):
                hosts += extension.value.get_values_for_type(x509.DNSName)
                hosts += map(str, extension.value.get_values_for_type(x509.IPAddress))
        return Peer(
            _name(certificate.subject),
            _name(certificate.issuer),
            tuple(hosts),
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )
    except MALFORMED:
        return None


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()
