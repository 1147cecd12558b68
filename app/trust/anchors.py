"""Whom a reader trusts: the pinned authorities of an election and the serials that were revoked.

No system trust store, no downloads, no revocation servers: on the night there may be no network, so
everything that decides is here, in one value that can be replaced at once when a key is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from app.trust.authority import AuthorityCertificate
from app.trust.certificate import MALFORMED, Certificate, CertificateTrouble, Outline
from app.trust.refusals import RefusalReason, SignatureRefused

_ECDSA = ec.ECDSA(SHA256())
_REMEMBERED = 1024
"""Certificates kept parsed and verified: twice the stations of an election, about 3 MB."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Pinned authorities, and the revoked certificates' serials.

    Serials are random and 159 bits long, so one set serves all the authorities.
    """

    authorities: tuple[AuthorityCertificate, ...]
    revoked: frozenset[int] = frozenset()

    @classmethod
    def from_pem(cls, pem: bytes, revoked: Iterable[int] = ()) -> Anchors:
        """Anchors of all the authorities in a PEM file. Raises `CertificateTrouble`, also for none."""
        try:
            certificates = x509.load_pem_x509_certificates(pem)
        except MALFORMED as error:
            raise CertificateTrouble(
                code="CRT-07",
                cs="V souboru není žádný certifikát volební certifikační autority (PEM).",
                en="The file holds no election authority's certificate (PEM).",
            ) from error
        authorities = (
            AuthorityCertificate.from_der(each.public_bytes(Encoding.DER)) for each in certificates
        )
        return cls(tuple(authorities), frozenset(revoked))

    def revoking(self, serials: Iterable[int]) -> Anchors:
        """The same anchors with more serials revoked."""
        return Anchors(self.authorities, self.revoked | frozenset(serials))

    def trust(self, der: bytes, at: datetime) -> Certificate:
        """Read a signer's certificate and accept it at the instant `at`, or raise `SignatureRefused`.

        Checked (RFC 5280, 6.1, for a path of one step): an authority's signature, and only then the
        rest of the certificate: its profile, the election that it shares with its authority, both
        lives, and revocation. Signature and profile are remembered; lives and revocation are looked
        at every time.
        """
        if at.tzinfo is None:
            raise ValueError("an instant without a time zone")
        certificate, authority = _issued(der, self.authorities)
        if at < certificate.not_before or at < authority.not_before:
            raise SignatureRefused(RefusalReason.NOT_YET_VALID)
        if at > certificate.not_after or at > authority.not_after:
            raise SignatureRefused(RefusalReason.EXPIRED)
        if certificate.serial in self.revoked:
            raise SignatureRefused(RefusalReason.REVOKED)
        return certificate


# Refusals are exceptions and so never remembered: a stranger's certificates cannot push ours out.
@lru_cache(maxsize=_REMEMBERED)
def _issued(
    der: bytes, authorities: tuple[AuthorityCertificate, ...]
) -> tuple[Certificate, AuthorityCertificate]:
    """The certificate and which of the authorities issued it."""
    try:
        outline = Outline.of(der)
    except ValueError:
        raise SignatureRefused(RefusalReason.NOT_DER) from None
    for authority in authorities:
        if outline.issuer != authority.parsed.subject.public_bytes():
            continue
        try:
            authority.public_key.verify(outline.signature, outline.body, _ECDSA)
        except InvalidSignature:
            continue
        try:
            certificate = Certificate.from_der(der)
        except CertificateTrouble:
            raise SignatureRefused(RefusalReason.CERTIFICATE_USE) from None
        if certificate.identity.election != authority.election:
            raise SignatureRefused(RefusalReason.ELECTION)
        return certificate, authority
    raise SignatureRefused(RefusalReason.UNKNOWN_AUTHORITY)
