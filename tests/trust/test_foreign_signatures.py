"""Signatures of others' programs: openssl's are taken in every form, weak and damaged ones are not."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
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


def openssl(folder: Path, content: bytes, signer: Credential, *options: str) -> bytes:
    """What openssl makes of the content."""
    (folder / "content").write_bytes(content)
    (folder / "signer.pem").write_bytes(signer.pem)
    (folder / "signer.key").write_bytes(signer.key_pem)
    command = [
        "openssl",
        *options,
        "-in",
        "content",
        "-signer",
        "signer.pem",
        "-inkey",
        "signer.key",
        "-out",
        "made",
    ]
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
