"""Attacks on a signed file: each ends with its own stable code, and none yields content."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import cms as asn1_cms
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from app.trust import message
from app.trust.anchors import Anchors
from app.trust.authority import issue, make_authority, make_request
from app.trust.cms import sign, sign_detached, verify, verify_detached
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import make_key
from app.trust.refusals import RefusalReason, SignatureRefused
from tests.trust.conftest import END, NIGHT, START, Election, make_election, refusal
from tests.trust.forge import Forgery

CONTENT = b"<DAVKA>12 34 56</DAVKA>"

SHAPES: dict[str, tuple[dict[str, Any], RefusalReason]] = {
    "only a signature": ({"content": None, "signed_content": CONTENT}, RefusalReason.NO_CONTENT),
    "two signers": ({"signers": 2}, RefusalReason.SIGNER_COUNT),
    "no signer": ({"signers": 0}, RefusalReason.SIGNER_COUNT),
    "no certificate": ({"certificates": []}, RefusalReason.CERTIFICATE_COUNT),
    "a digest by SHA-1": ({"digest_algorithm": "sha1"}, RefusalReason.ALGORITHM),
    "a signature by SHA-1": ({"signature_algorithm": "sha1_ecdsa"}, RefusalReason.ALGORITHM),
    "no signed attributes": ({"attributes": ()}, RefusalReason.ATTRIBUTES),
    "no signing time": (
        {"attributes": ("content_type", "message_digest", "signing_certificate_v2")},
        RefusalReason.ATTRIBUTES,
    ),
    "no hash of the certificate": (
        {"attributes": ("content_type", "signing_time", "message_digest")},
        RefusalReason.ATTRIBUTES,
    ),
    "an attribute twice": (
        {"attributes": ("content_type", "signing_time", "message_digest", "message_digest")},
        RefusalReason.ATTRIBUTES,
    ),
    "one attribute more": ({"extra_attribute": True}, RefusalReason.ATTRIBUTES),
    "an unsigned attribute": ({"unsigned": True}, RefusalReason.ATTRIBUTES),
    "another type of content signed": ({"signed_content_type": "signed_data"}, RefusalReason.CONTENT_TYPE),
    "another content": ({"signed_content": b"<DAVKA>99 34 56</DAVKA>"}, RefusalReason.DIGEST),
    "the time changed after signing": (
        {"tamper": {"signing_time": asn1_cms.Time(name="utc_time", value=NIGHT + timedelta(hours=1))}},
        RefusalReason.SIGNATURE,
    ),
    "the digest changed after signing": ({"tamper": {"message_digest": bytes(32)}}, RefusalReason.DIGEST),
    "the signer named by its key": ({"by_key_identifier": True}, RefusalReason.SIGNER_MISMATCH),
    "NULL parameters of the digest": ({"null_parameters": True}, RefusalReason.NOT_CANONICAL),
}


@pytest.mark.parametrize("attack", SHAPES)
def test_every_shape_but_one_is_refused(election: Election, attack: str) -> None:
    changes, reason = SHAPES[attack]
    forgery = Forgery.correct(CONTENT, election.key, election.certificate, NIGHT)
    data = replace(forgery, **changes).build()
    assert refusal(lambda: verify(data, election.anchors, NIGHT, election.expected)) is reason


def test_content_of_another_declared_type_is_refused(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    data_type = bytes.fromhex("06092a864886f70d010701")
    other = signed.replace(data_type + b"\xa0", data_type[:-1] + b"\x06\xa0")
    assert other != signed
    reason = refusal(lambda: verify(other, election.anchors, NIGHT, election.expected))
    assert reason is RefusalReason.CONTENT_TYPE


def test_a_foreign_authority_of_the_same_name_is_not_trusted(election: Election, stranger: Election) -> None:
    signed = sign(CONTENT, stranger.key, stranger.certificate, NIGHT)
    assert stranger.authority.parsed.subject == election.authority.parsed.subject
    reason = refusal(lambda: verify(signed, election.anchors, NIGHT, election.expected))
    assert reason is RefusalReason.UNKNOWN_AUTHORITY


def test_no_authority_means_nobody_is_trusted(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    reason = refusal(lambda: verify(signed, Anchors(()), NIGHT, election.expected))
    assert reason is RefusalReason.UNKNOWN_AUTHORITY


def test_a_certificate_counts_only_during_its_life(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    for at, reason in (
        (START - timedelta(seconds=1), RefusalReason.NOT_YET_VALID),
        (END + timedelta(seconds=1), RefusalReason.EXPIRED),
    ):
        assert refusal(lambda at=at: verify(signed, election.anchors, at, election.expected)) is reason


def test_revocation_counts_at_once_also_for_a_certificate_seen_before(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    assert verify(signed, election.anchors, NIGHT, election.expected).content == CONTENT
    revoking = election.anchors.revoking([election.certificate.serial])
    reason = refusal(lambda: verify(signed, revoking, NIGHT, election.expected))
    assert reason is RefusalReason.REVOKED
    assert verify(signed, election.anchors, NIGHT, election.expected).content == CONTENT


@pytest.mark.parametrize(
    ("expected", "reason"),
    [
        (Expected(Role.CENTRE, "kz2024"), RefusalReason.ROLE),
        (Expected(Role.STATION, "kz2020"), RefusalReason.ELECTION),
        (Expected(Role.STATION, "kz2024", 663), RefusalReason.TRANSFER_POINT),
        (Expected(Role.STATION, "kz2024", 662, "662-2"), RefusalReason.STATION),
    ],
    ids=["role", "election", "transfer point", "station"],
)
def test_a_true_signature_of_somebody_else_is_refused(
    election: Election, expected: Expected, reason: RefusalReason
) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    assert refusal(lambda: verify(signed, election.anchors, NIGHT, expected)) is reason


def test_an_authority_cannot_vouch_for_another_election(election: Election) -> None:
    """Even when its key was used to issue such a certificate past our own `issue`."""
    same_key = make_authority("kz2024", election.authority_key, START, END)
    other = make_election("kz2020")
    # The same name and key as kz2024's authority, but the signer's certificate says kz2020.
    identity = Identity(Role.STATION, "kz2020", 662, "662-1")
    pretended = replace(same_key, election="kz2020")
    certificate = issue(
        make_request(other.key, identity), identity, pretended, election.authority_key, START, END
    )
    signed = sign(CONTENT, other.key, certificate, NIGHT)
    expected = Expected(Role.STATION, "kz2020")
    assert refusal(lambda: verify(signed, election.anchors, NIGHT, expected)) is RefusalReason.ELECTION


def test_an_authority_s_own_certificate_cannot_sign(election: Election) -> None:
    data = Forgery(CONTENT, election.authority_key, election.authority.der, NIGHT).build()
    reason = refusal(lambda: verify(data, election.anchors, NIGHT, election.expected))
    assert reason is RefusalReason.CERTIFICATE_USE


def test_a_swapped_certificate_is_refused(election: Election) -> None:
    """Another certificate for the same key (a renewal, another role) would lend it another signer."""
    second = election.issue(election.key, Identity(Role.STATION, "kz2024", 663, "663-1"))
    correct = Forgery.correct(CONTENT, election.key, election.certificate, NIGHT)
    enclosed = replace(correct, certificates=[second.der])
    renamed = replace(correct, certificate=second.der, bound_certificate=election.certificate.der)
    both = replace(correct, certificates=[election.certificate.der, second.der])
    expected = Expected(Role.STATION, "kz2024")
    for forgery, reason in (
        (enclosed, RefusalReason.SIGNER_MISMATCH),
        (renamed, RefusalReason.SIGNER_MISMATCH),
        (both, RefusalReason.CERTIFICATE_COUNT),
    ):
        data = forgery.build()
        assert refusal(lambda data=data: verify(data, election.anchors, NIGHT, expected)) is reason


def test_a_signature_by_another_key_is_refused(election: Election) -> None:
    data = Forgery(CONTENT, make_key(), election.certificate.der, NIGHT).build()
    reason = refusal(lambda: verify(data, election.anchors, NIGHT, election.expected))
    assert reason is RefusalReason.SIGNATURE


def test_the_other_half_of_a_signature_is_refused_although_it_is_valid(election: Election) -> None:
    """A stranger could make it without the key, and with it a second file of the same content."""
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    original = message.decode(signed)
    r, s = decode_dss_signature(original.signature)
    other = replace(original, signature=encode_dss_signature(r, message._ORDER - s))
    election.certificate.public_key.verify(other.signature, original.attributes.encoded, ec.ECDSA(SHA256()))
    reason = refusal(lambda: verify(message.encode(other), election.anchors, NIGHT, election.expected))
    assert reason is RefusalReason.NOT_CANONICAL


def test_detached_and_attached_are_not_taken_for_each_other(election: Election) -> None:
    attached = sign(CONTENT, election.key, election.certificate, NIGHT)
    detached = sign_detached(CONTENT, election.key, election.certificate, NIGHT)
    anchors, expected = election.anchors, election.expected
    assert refusal(lambda: verify(detached, anchors, NIGHT, expected)) is RefusalReason.NO_CONTENT
    reason = refusal(lambda: verify_detached(CONTENT, attached, anchors, NIGHT, expected))
    assert reason is RefusalReason.UNEXPECTED_CONTENT


def test_a_detached_signature_does_not_prove_another_content(election: Election) -> None:
    detached = sign_detached(CONTENT, election.key, election.certificate, NIGHT)
    for other in (b"", CONTENT + b"\n", CONTENT[:-1]):
        reason = refusal(
            lambda other=other: verify_detached(other, detached, election.anchors, NIGHT, election.expected)
        )
        assert reason is RefusalReason.DIGEST


def test_empty_and_oversized_files_are_refused_before_they_are_read(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    anchors, expected = election.anchors, election.expected
    assert refusal(lambda: verify(b"", anchors, NIGHT, expected)) is RefusalReason.EMPTY
    limit = len(signed)
    assert verify(signed, anchors, NIGHT, expected, size_limit=limit).content == CONTENT
    reason = refusal(lambda: verify(signed, anchors, NIGHT, expected, size_limit=limit - 1))
    assert reason is RefusalReason.TOO_LARGE
    reason = refusal(lambda: verify(bytes(17 * 1024 * 1024), anchors, NIGHT, expected))
    assert reason is RefusalReason.TOO_LARGE
    detached = sign_detached(CONTENT, election.key, election.certificate, NIGHT)
    reason = refusal(
        lambda: verify_detached(bytes(10_000), detached, anchors, NIGHT, expected, size_limit=5000)
    )
    assert reason is RefusalReason.TOO_LARGE


def indefinite(signed: bytes) -> bytes:
    """The same message with its outermost length left open, as BER allows and DER does not."""
    return b"\x30\x80" + signed[4 if signed[1] == 0x82 else 3 :] + b"\x00\x00"


def test_nothing_but_der_is_read(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    length = int.from_bytes(signed[2:4], "big")
    assert signed[:2] == b"\x30\x82"
    for data in (
        indefinite(signed),
        b"\x30\x83" + length.to_bytes(3, "big") + signed[4:],
        signed + b"\x00",
        signed + signed,
        signed[:-1],
        b"-----BEGIN CMS-----",
        b"<?xml version='1.0'?><DAVKA/>",
        b"\x30\x80" * 100_000,
        b"\x1f" + b"\xff" * 1_000_000,  # a tag number without end
        b"\x30\x84\xff\xff\xff\xff" + bytes(100),
    ):
        reason = refusal(lambda data=data: verify(data, election.anchors, NIGHT, election.expected))
        assert reason is RefusalReason.NOT_DER


@pytest.fixture(scope="module")
def signed(election: Election) -> bytes:
    return sign(CONTENT, election.key, election.certificate, NIGHT)


def test_every_single_bit_of_a_signed_file_matters(election: Election, signed: bytes) -> None:
    """Each flip is refused: no byte is without meaning, so one signing makes exactly one file."""
    for index in range(len(signed)):
        for bit in range(8):
            changed = bytearray(signed)
            changed[index] ^= 1 << bit
            with pytest.raises(SignatureRefused):
                verify(bytes(changed), election.anchors, NIGHT, election.expected)


@given(data=st.data())
def test_any_other_bytes_are_refused(election: Election, signed: bytes, data: st.DataObject) -> None:
    """A stretch replaced by any other, longer, shorter or empty: refused, always."""
    start = data.draw(st.integers(0, len(signed)))
    end = data.draw(st.integers(start, min(len(signed), start + 40)))
    changed = signed[:start] + data.draw(st.binary(max_size=40)) + signed[end:]
    if changed != signed:
        with pytest.raises(SignatureRefused):
            verify(changed, election.anchors, NIGHT, election.expected)


@given(st.binary(max_size=300))
def test_noise_is_refused_and_never_crashes(election: Election, noise: bytes) -> None:
    with pytest.raises(SignatureRefused):
        verify(noise, election.anchors, NIGHT, election.expected)
    with pytest.raises(SignatureRefused):
        verify_detached(noise, noise, election.anchors, NIGHT, election.expected)


def test_every_reason_has_its_own_code_and_whole_sentences_in_two_languages() -> None:
    reasons = list(RefusalReason)
    assert [each.code for each in reasons] == [f"CMS-{n:02}" for n in range(1, len(reasons) + 1)]
    for each in reasons:
        assert re.fullmatch(r"[A-ZÁ-Ž].*\.", each.cs)
        assert re.fullmatch(r"[A-Z].*\.", each.en)
    refused = SignatureRefused(RefusalReason.REVOKED)
    assert (refused.code, refused.cs) == ("CMS-19", RefusalReason.REVOKED.cs)
