"""Whose a recognised electronic signature is: a qualified certificate of a listed authority, valid then.

The list of authorities and their lists of revoked certificates are files that the media officer keeps (the
Czech list of trusted services names the authorities); nothing is downloaded. The certificate's chain, life,
use and the statement that it is qualified (ETSI EN 319 412-5) are checked, then who it names.

A rehearsal has an authority of its own, made by `app.trust.rehearsal_authority`. Its certificate says so by
its organisation, whoever it signed for is marked, and a list of a live centre that holds it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from app.trust.ber import SEQUENCE, parse
from app.trust.certificate import MALFORMED, CertificateTrouble
from app.trust.foreign import Proved, Reason, Refused, prove

#: The organisation of the rehearsals' authority; no real authority bears it.
REHEARSAL_MARK: Final = "PREBIRKA ZKOUSKA - REHEARSAL ONLY"
#: How far a signer's clock may be ahead of the receiver's.
CLOCKS: Final = timedelta(minutes=15)
_STATEMENTS: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_COMPLIANCE: Final = bytes.fromhex("060604008e460101")  # 0.4.0.1862.1.1, QcCompliance
_COUNTRY_NUMBER: Final = ("NTRCZ-", "VATCZ-CZ", "VATCZ-")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, by the certificate: name of the person, organisation and its IČO where it says them.

    `fingerprint` is the SHA-256 of the certificate; `revocation_known` tells whether a list of the revoked
    was at hand; `rehearsal` marks the rehearsals' authority."""

    name: str
    organisation: str
    number: str  # IČO
    issuer: str
    serial: str
    fingerprint: str
    revocation_known: bool
    rehearsal: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed, by whom, and when by the signer's own clock (None where it says nothing)."""

    content: bytes
    signer: Signer
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrustList:
    """The listed authorities and the lists of the revoked."""

    authorities: tuple[x509.Certificate, ...]
    revoked: tuple[x509.CertificateRevocationList, ...] = ()

    @classmethod
    def of(cls, authorities: Iterable[bytes], revoked: Iterable[bytes] = ()) -> TrustList:
        """From files: certificates in PEM (several in one) and CRLs in PEM or DER. Raises
        `CertificateTrouble` QCA-01 for an unreadable one, QCA-02 without any authority."""
        found: list[x509.Certificate] = []
        lists: list[x509.CertificateRevocationList] = []
        try:
            for data in authorities:
                found += x509.load_pem_x509_certificates(data)
            for data in revoked:
                pem = data.lstrip().startswith(b"-----BEGIN")
                lists.append(x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data))
        except MALFORMED as error:
            raise CertificateTrouble(
                code="QCA-01",
                cs="Některý soubor seznamu autorit není certifikát (PEM) nebo seznam zneplatněných (CRL).",
                en="A file of the trust list is no certificate (PEM) or list of revoked ones (CRL).",
            ) from error
        if not found:
            raise CertificateTrouble(
                code="QCA-02",
                cs="Seznam kvalifikovaných autorit je prázdný. Vložte do něj jejich certifikáty (PEM).",
                en="The list of qualified authorities is empty. Put their certificates (PEM) into it.",
            )
        return cls(tuple(found), tuple(lists))

    @property
    def rehearsal(self) -> bool:
        """Whether the rehearsals' authority is among them."""
        return any(map(_is_rehearsal, self.authorities))

    def names(self) -> list[str]:
        """The authorities, for people."""
        return [_name(each.subject) for each in self.authorities]

    def attached(self, message: bytes, at: datetime) -> Signed:
        """A message that holds what was signed; `at` is the time of receipt. Raises `Refused`."""
        return self._vouch(prove(message), at, None)

    def detached(
        self, contents: tuple[bytes, ...], signature: bytes, at: datetime, claimed: datetime | None = None
    ) -> Signed:
        """One of the `contents`, which the signature beside it proves. `claimed` is the signing time where
        something else than the signature says it. Raises `Refused`."""
        return self._vouch(prove(signature, *contents), at, claimed)

    def _vouch(self, proved: Proved, at: datetime, claimed: datetime | None) -> Signed:
        certificate = proved.certificate
        claimed = proved.claimed_at or claimed
        if claimed is not None and claimed > at + CLOCKS:
            raise Refused(Reason.TIME, f"signed at {claimed.isoformat()}")
        chain = self._chain(certificate, proved.others, at)
        for each in chain:
            if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
                raise Refused(Reason.LIFE, _life(each))
        if claimed is not None and not (
            certificate.not_valid_before_utc - CLOCKS <= claimed <= certificate.not_valid_after_utc
        ):
            raise Refused(Reason.TIME, f"signed at {claimed.isoformat()}")
        _check_use(certificate)
        known = [self._check_revoked(each, issuer, at) for each, issuer in pairwise(chain)]
        return Signed(proved.content, _signer(chain, revocation_known=all(known)), claimed)

    def _chain(
        self, certificate: x509.Certificate, others: tuple[x509.Certificate, ...], at: datetime
    ) -> list[x509.Certificate]:
        """From the signer's certificate to a listed authority."""
        try:
            builder = PolicyBuilder().store(Store(list(self.authorities)))
            policies = {
                "ca_policy": ExtensionPolicy.webpki_defaults_ca(),
                "ee_policy": ExtensionPolicy.permit_all(),
            }
            builder = builder.extension_policies(**policies)
            # One that is over is asked at a time when it was not, so that a foreign one is told apart.
            inside = min(max(at, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
            verifier = builder.time(inside.astimezone(UTC).replace(tzinfo=None)).build_client_verifier()
            return verifier.verify(certificate, list(others)).chain
        except (VerificationError, *MALFORMED) as error:
            raise Refused(Reason.UNKNOWN_AUTHORITY, str(error)[:300]) from None

    def _check_revoked(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
        """Whether a list of the issuer's revoked certificates is at hand. Raises `Refused`."""
        known = False
        for each in self.revoked:
            if each.issuer != issuer.subject or not each.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]  # the chain holds no other keys
                continue
            known = True
            entry = each.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and entry.revocation_date_utc <= at:
                raise Refused(Reason.REVOKED, f"{entry.revocation_date_utc.isoformat()}")
        return known


def _check_use(certificate: x509.Certificate) -> None:
    """For signing, and said to be qualified."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise Refused(Reason.USE, "key usage")
        statements = certificate.extensions.get_extension_for_oid(_STATEMENTS).value
        assert isinstance(statements, x509.UnrecognizedExtension)
        told = [each.children[0].der for each in parse(statements.value).tagged(SEQUENCE).children]
    except x509.ExtensionNotFound as error:
        missing = Reason.NOT_QUALIFIED if error.oid == _STATEMENTS else Reason.USE
        raise Refused(missing, str(error)) from None
    except (*MALFORMED, IndexError) as error:
        raise Refused(Reason.USE, str(error)) from None
    if _COMPLIANCE not in told:
        raise Refused(Reason.NOT_QUALIFIED, "no QcCompliance")


def _signer(chain: list[x509.Certificate], *, revocation_known: bool) -> Signer:
    certificate = chain[0]
    subject = certificate.subject
    person = " ".join(filter(None, (_first(subject, NameOID.GIVEN_NAME), _first(subject, NameOID.SURNAME))))
    return Signer(
        name=person or _first(subject, NameOID.COMMON_NAME),
        organisation=_first(subject, NameOID.ORGANIZATION_NAME),
        number=_number(_first(subject, NameOID.ORGANIZATION_IDENTIFIER)),
        issuer=_name(certificate.issuer),
        serial=format(certificate.serial_number, "X"),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        revocation_known=revocation_known,
        rehearsal=any(map(_is_rehearsal, chain)),
    )


def _number(identifier: str) -> str:
    """The IČO in a certificate's organisation identifier, or nothing."""
    for prefix in _COUNTRY_NUMBER:
        rest = identifier.removeprefix(prefix)
        if rest != identifier and rest.isascii() and rest.isdecimal():
            return rest.zfill(8)
    return ""


def _is_rehearsal(certificate: x509.Certificate) -> bool:
    return REHEARSAL_MARK in (
        _first(certificate.subject, NameOID.ORGANIZATION_NAME),
        _first(certificate.issuer, NameOID.ORGANIZATION_NAME),
    )


def _name(name: x509.Name) -> str:
    return _first(name, NameOID.COMMON_NAME) or name.rfc4514_string()


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _life(certificate: x509.Certificate) -> str:
    return f"{certificate.not_valid_before_utc.isoformat()} - {certificate.not_valid_after_utc.isoformat()}"
