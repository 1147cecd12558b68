"""Signatures of others' programs: openssl's are taken in every form, weak and damaged ones are not."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.documents import media_application, signed_mail, signed_pdf, signed_pdf_writer
from app.documents.media_application import FILE_NAME, MAX_BYTES
from app.rehearsal import media_applications
from app.trust import ber, foreign
from app.trust import rehearsal_authority as authorities
from app.trust.certificate import CertificateTrouble
from app.trust.foreign import Reason, Refused
from app.trust.qualified import REHEARSAL_MARK, TrustList
from app.trust.rehearsal_authority import Credential, Person
from app.trust.rehearsal_signatures import sign
from tests.support import newsroom
from tests.support.newsroom import DAY, IN_TIME, NEWS

CONTENT = b"<ZADOST/>\r\n"
ATTACHED = "cms -sign -binary -nodetach -outform DER"
VERIFY = "cms -verify -inform DER -binary -purpose any"
#: openssl signs by the machine's clock, so what it is given lives around now.
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Credential:
    return authorities.make_authority(NOW - DAY, NOW + DAY, newsroom.key_of("authority"))


@pytest.fixture(scope="module", params=["RSA", "ECDSA"])
def signer(request: pytest.FixtureRequest, authority: Credential) -> Credential:
    key = newsroom.key_of("openssl", elliptic=request.param == "ECDSA")
    return authorities.issue(authority, NEWS, NOW - DAY, NOW + DAY, key)


def openssl(
    folder: Path, content: bytes, signer: Credential, *options: str, after: tuple[str, ...] = ()
) -> bytes:
    """What openssl makes of the content."""
    (folder / "content").write_bytes(content)
    (folder / "signer.pem").write_bytes(signer.pem)
    (folder / "signer.key").write_bytes(signer.key_pem)
    named = ["-in", "content", "-out", "made", "-signer", "signer.pem", "-inkey", "signer.key"]
    command = ["openssl", *options, *named, *after]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "made").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        "cms -sign -binary -nodetach -outform DER",
        "cms -sign -binary -nodetach -outform DER -stream",
        "cms -sign -binary -nodetach -outform DER -cades",
        "cms -sign -binary -nodetach -outform DER -keyid -md sha512",
        "cms -sign -binary -nodetach -outform DER -md sha384",
        "smime -sign -binary -nodetach -outform DER",
    ],
)
def test_what_openssl_signs_is_taken(
    tmp_path: Path, authority: Credential, signer: Credential, options: str
) -> None:
    made = openssl(tmp_path, CONTENT, signer, *options.split())
    signed = TrustList.of([authority.pem]).attached(made, NOW + DAY / 2)
    assert signed.content == CONTENT
    assert signed.signer.name == NEWS.name
    assert signed.claimed_at is not None
    assert abs(signed.claimed_at - NOW) < timedelta(minutes=10)


@pytest.mark.parametrize("program", ["cms", "smime"])
@pytest.mark.parametrize("form", ["", "-nodetach", "-crlfeol", "-binary"])
def test_messages_of_openssl_are_taken(
    tmp_path: Path, authority: Credential, signer: Credential, program: str, form: str
) -> None:
    part = media_applications.mail_part(CONTENT)
    if form != "-binary":
        part = part.replace(b"\r\n", b"\n")  # as files are; openssl writes the network's line ends
    made = openssl(tmp_path, part, signer, program, "-sign", *form.split())
    mail = signed_mail.split(made)
    trust, at = TrustList.of([authority.pem]), NOW + DAY / 2
    signed = (
        trust.detached(mail.contents, mail.signature, at)
        if mail.contents
        else trust.attached(mail.signature, at)
    )
    assert signed_mail.attached(signed.content, FILE_NAME, MAX_BYTES) == CONTENT


def test_a_pdf_signed_by_openssl_is_taken(tmp_path: Path, authority: Credential, signer: Credential) -> None:
    made = signed_pdf_writer.prepared(CONTENT, FILE_NAME, NOW)
    options = ("cms", "-sign", "-binary", "-outform", "DER", "-cades")
    data = signed_pdf_writer.filled(made, openssl(tmp_path, made.covered, signer, *options))
    pdf = signed_pdf.split(data)
    signed = TrustList.of([authority.pem]).detached((pdf.covered,), pdf.signature, NOW + DAY / 2)
    assert signed.signer.organisation == NEWS.organisation
    assert signed_pdf.attached(pdf, FILE_NAME, MAX_BYTES)[0] == CONTENT


def test_what_we_sign_for_rehearsals_openssl_takes(
    tmp_path: Path, authority: Credential, signer: Credential
) -> None:
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    (tmp_path / "signed").write_bytes(sign(CONTENT, signer, NOW, attached=True))
    command = ["openssl", *VERIFY.split(), "-in", "signed", "-CAfile", "ca.pem"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert done.stdout == CONTENT


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("cms -sign -binary -nodetach -outform DER -md sha1", Reason.ALGORITHM),
        ("cms -sign -binary -nodetach -outform DER -noattr", Reason.ATTRIBUTES),
        ("cms -sign -binary -nodetach -outform DER -nocerts", Reason.CERTIFICATE),
        ("cms -sign -binary -outform DER", Reason.NO_CONTENT),
    ],
)
def test_weak_and_incomplete_signatures_are_not(
    tmp_path: Path, authority: Credential, signer: Credential, options: str, reason: Reason
) -> None:
    made = openssl(tmp_path, CONTENT, signer, *options.split())
    with pytest.raises(Refused) as caught:
        TrustList.of([authority.pem]).attached(made, NOW)
    assert caught.value.reason is reason


@pytest.mark.parametrize("signer", ["RSA"], indirect=True)
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_rsa_pss_is_taken(tmp_path: Path, authority: Credential, signer: Credential, digest: str) -> None:
    options = f"{ATTACHED} -md {digest}"
    pss = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", f"rsa_mgf1_md:{digest}")
    made = openssl(tmp_path, CONTENT, signer, *options.split(), after=pss)
    assert TrustList.of([authority.pem]).attached(made, NOW + DAY / 2).content == CONTENT


def test_two_signers_are_one_too_many(tmp_path: Path, authority: Credential, signer: Credential) -> None:
    second = authorities.issue(authority, newsroom.STRANGER, NOW - DAY, NOW + DAY, newsroom.key_of("second"))
    (tmp_path / "second.pem").write_bytes(second.pem + second.key_pem)
    options = f"{ATTACHED} -signer second.pem"
    made = openssl(tmp_path, CONTENT, signer, *options.split())
    with pytest.raises(Refused) as caught:
        TrustList.of([authority.pem]).attached(made, NOW)
    assert caught.value.reason is Reason.SIGNER_COUNT


# --- trust -----------------------------------------------------------------------------------------

_SIGNER = newsroom.signer()
_SIGNED = sign(CONTENT, _SIGNER, IN_TIME, attached=True)
_TRUST = TrustList.of([newsroom.authority().pem])


def test_the_rehearsals_authority_says_so_everywhere() -> None:
    signed = _TRUST.attached(_SIGNED, IN_TIME)
    assert _TRUST.rehearsal
    assert signed.signer.rehearsal
    assert REHEARSAL_MARK in newsroom.authority().certificate.subject.rfc4514_string()
    assert REHEARSAL_MARK in _SIGNER.certificate.issuer.rfc4514_string()


@pytest.mark.parametrize(
    "files", [[], [b""], [b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]]
)
def test_a_list_without_an_authority_is_told(files: list[bytes]) -> None:
    with pytest.raises(CertificateTrouble) as caught:
        TrustList.of(files)
    assert caught.value.code in ("QCA-01", "QCA-02")


def _issued_below(
    issuer: Credential, subject: str, key: authorities.Key, *extensions: tuple[x509.ExtensionType, bool]
) -> Credential:
    """A certificate as an authority of another house makes it, with whatever it puts into it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(IN_TIME - 90 * DAY).not_valid_after(IN_TIME + 90 * DAY)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
    )
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    return Credential(builder.sign(issuer.key, hashes.SHA256()), key)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=not authority,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _with_certificates(message: bytes, *more: Credential) -> bytes:
    """A signed message with other certificates beside the signer's."""
    info = ber.parse(message)
    kind, wrapped = info.children
    signed = wrapped.children[0]
    extra = tuple(ber.parse(each.certificate.public_bytes(Encoding.DER)) for each in more)
    parts = tuple(
        ber.Element(each.tag, children=(*extra, *each.children)) if each.tag == 0xA0 else each
        for each in signed.children
    )
    inner = ber.Element(signed.tag, children=parts)
    return ber.Element(info.tag, children=(kind, ber.Element(wrapped.tag, children=(inner,)))).der


@pytest.mark.parametrize("listed", ["root", "issuing"])
def test_a_certificate_as_czech_authorities_issue_it_is_taken_by_root_or_issuing_authority(
    listed: str,
) -> None:
    root = newsroom.authority()
    root = _issued_below(
        root, "Root QCA", newsroom.key_of("root", elliptic=False),
        (x509.BasicConstraints(ca=True, path_length=None), True), (_usage(authority=True), True),
    )  # fmt: skip
    notice = x509.UserNotice(None, "Kvalifikovaný certifikát")
    policy = x509.PolicyInformation(
        x509.ObjectIdentifier("2.23.134.1.4.1.18.130"), ["http://q.example", notice]
    )
    policies = x509.CertificatePolicies([policy])
    of_authority = (x509.BasicConstraints(ca=True, path_length=0), True), (_usage(authority=True), True)
    key = newsroom.key_of("issuing", elliptic=False)
    issuing = _issued_below(root, "Qualified CA", key, *of_authority, (policies, False))
    address = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.23624.4.6"), b"\x0c\x0210")
    statements = b"\x30\x0a\x30\x08\x06\x06\x04\x00\x8e\x46\x01\x01"
    leaf = _issued_below(
        issuing, "Ing. Jana Nová", newsroom.key_of("leaf", elliptic=False),
        (_usage(authority=False), True), (policies, False),
        (x509.SubjectAlternativeName([x509.RFC822Name("jana@televize.example"), address]), False),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"), statements), False),
        (x509.CRLDistributionPoints([x509.DistributionPoint(
            [x509.UniformResourceIdentifier("http://crl.example.org/q.crl")], None, None, None)]), False),
    )  # fmt: skip
    message = _with_certificates(sign(CONTENT, leaf, IN_TIME, attached=True), issuing)
    trust = TrustList.of([(root if listed == "root" else issuing).pem])
    signed = trust.attached(message, IN_TIME)
    assert (signed.signer.name, signed.signer.issuer) == ("Ing. Jana Nová", "Qualified CA")
    assert not signed.signer.revocation_known


def test_a_signers_own_certificate_makes_no_chain() -> None:
    someone = authorities.issue(
        _SIGNER, Person("Podvodník"), IN_TIME - DAY, IN_TIME + DAY, newsroom.key_of("p")
    )
    with pytest.raises(Refused) as caught:
        _TRUST.attached(sign(CONTENT, someone, IN_TIME, attached=True), IN_TIME)
    assert caught.value.reason is Reason.UNKNOWN_AUTHORITY


# --- damaged and hostile bytes ---------------------------------------------------------------------


@given(st.integers(0, len(_SIGNED) - 1), st.integers(1, 255))
def test_no_changed_byte_becomes_other_content(place: int, by: int) -> None:
    data = bytearray(_SIGNED)
    data[place] ^= by
    try:
        signed = _TRUST.attached(bytes(data), IN_TIME)
    except Refused:
        return
    assert (signed.content, signed.signer.fingerprint) == (
        CONTENT,
        _TRUST.attached(_SIGNED, IN_TIME).signer.fingerprint,
    )


@given(st.binary(max_size=200) | st.integers(0, len(_SIGNED)).map(lambda end: _SIGNED[:end]))
def test_any_bytes_are_refused_and_nothing_worse(data: bytes) -> None:
    if data != _SIGNED:
        with pytest.raises(Refused):
            foreign.prove(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\x80" * 5000,
        b"\x30\x80" * 10 + b"\x04\x00" * 30_000,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x3f\x81\x01\x00",
    ],
)
def test_deep_and_wide_encodings_end_early(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"complex|length|octets"):
        ber.parse(data)


@given(st.binary(max_size=300))
def test_der_stays_as_it_is(data: bytes) -> None:
    try:
        element = ber.parse(data)
    except ValueError:
        return
    assert ber.parse(element.der).der == element.der


_PDF = media_applications.pdf(CONTENT, _SIGNER, IN_TIME)
_MAIL = media_applications.files(CONTENT, _SIGNER, IN_TIME)[media_applications.MAIL]


@given(st.integers(0, len(_PDF) - 1), st.binary(min_size=1, max_size=4))
def test_a_changed_pdf_never_gives_another_attachment(place: int, written: bytes) -> None:
    data = _PDF[:place] + written + _PDF[place + len(written) :]
    try:
        pdf = signed_pdf.split(data)
        _TRUST.detached((pdf.covered,), pdf.signature, IN_TIME)
        found = signed_pdf.attached(pdf, FILE_NAME, MAX_BYTES)[0]
    except (signed_pdf.NotSigned, Refused):
        return
    assert found == CONTENT


@given(st.integers(0, len(_MAIL) - 1), st.binary(min_size=1, max_size=4))
def test_a_changed_message_never_gives_another_attachment(place: int, written: bytes) -> None:
    data = _MAIL[:place] + written + _MAIL[place + len(written) :]
    try:
        mail = signed_mail.split(data)
        signed = _TRUST.detached(mail.contents, mail.signature, IN_TIME)
        found = signed_mail.attached(signed.content, FILE_NAME, MAX_BYTES)
    except (signed_mail.NotSigned, Refused):
        return
    assert found == CONTENT


def test_an_application_is_read_back_as_it_was() -> None:
    from app.election.model import Mode

    one = newsroom.application("kz2024", Mode.LIVE)
    assert media_application.decode(media_application.encode(one)) == one
