"""Signing and verifying: what goes through, by our own reader and by openssl alone."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from asn1crypto import cms as asn1_cms
from hypothesis import given
from hypothesis import strategies as st

from app.trust.certificate import CertificateTrouble
from app.trust.cms import sign, sign_detached, verify, verify_detached
from app.trust.identity import Expected, Role
from app.trust.keys import make_key
from tests.trust.conftest import NIGHT, STATION, Election
from tests.trust.forge import Forgery

CONTENT = "<DAVKA>Příliš žluťoučký kůň\r\n</DAVKA>".encode("windows-1250")
OPENSSL = [
    *("openssl", "cms", "-verify", "-inform", "DER", "-CAfile", "ca.pem", "-binary", "-out", "out"),
    *("-attime", str(int(NIGHT.timestamp()))),
]


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000])
def test_what_was_signed_comes_back_byte_for_byte(election: Election, size: int) -> None:
    content = bytes(i % 251 for i in range(size))
    verified = verify(
        sign(content, election.key, election.certificate, NIGHT), election.anchors, NIGHT, election.expected
    )
    assert verified.content == content
    assert verified.identity == STATION
    assert verified.certificate == election.certificate
    assert verified.serial == election.certificate.serial
    assert verified.signing_time == NIGHT


@given(content=st.binary(max_size=400), seconds=st.integers(-(10**9), 7 * 10**8))
def test_any_content_and_any_time_before_2050_go_through(
    election: Election, content: bytes, seconds: int
) -> None:
    at = NIGHT + timedelta(seconds=seconds)
    signed = sign(content, election.key, election.certificate, at)
    verified = verify(signed, election.anchors, NIGHT, election.expected)
    assert (verified.content, verified.signing_time) == (content, at)
    beside = sign_detached(content, election.key, election.certificate, at)
    assert verify_detached(content, beside, election.anchors, NIGHT, election.expected).content == content


def test_signing_time_is_kept_in_whole_seconds_of_utc(election: Election) -> None:
    local = datetime(2024, 9, 21, 17, 4, 5, 999_999, tzinfo=timezone(timedelta(hours=2)))
    signed = sign(CONTENT, election.key, election.certificate, local)
    verified = verify(signed, election.anchors, NIGHT, election.expected)
    assert verified.signing_time == NIGHT
    assert verified.signing_time.tzinfo is UTC


def test_a_time_without_a_zone_is_a_bug_of_the_caller(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    with pytest.raises(ValueError, match="time zone"):
        sign(CONTENT, election.key, election.certificate, NIGHT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        verify(signed, election.anchors, NIGHT.replace(tzinfo=None), election.expected)


def test_a_key_that_is_not_the_certificates_cannot_sign(election: Election) -> None:
    with pytest.raises(CertificateTrouble) as caught:
        sign(CONTENT, make_key(), election.certificate, NIGHT)
    assert caught.value.code == "CRT-08"


def test_a_reader_may_accept_any_station_of_the_election(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    for expected in (
        Expected(Role.STATION, "kz2024"),
        Expected(Role.STATION, "kz2024", 662),
        Expected(Role.STATION, "kz2024", 662, "662-1"),
    ):
        assert verify(signed, election.anchors, NIGHT, expected).identity == STATION


def test_life_is_bounded_by_both_ends_included(election: Election) -> None:
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    for at in (election.certificate.not_before, election.certificate.not_after):
        assert verify(signed, election.anchors, at, election.expected).content == CONTENT


def test_another_library_writes_and_reads_the_same_shape(election: Election) -> None:
    forged = Forgery.correct(CONTENT, election.key, election.certificate, NIGHT).build()
    assert verify(forged, election.anchors, NIGHT, election.expected).content == CONTENT

    ours = sign(CONTENT, election.key, election.certificate, NIGHT)
    signed_data = asn1_cms.ContentInfo.load(ours, strict=True)["content"]
    assert signed_data["encap_content_info"]["content"].native == CONTENT
    [signer] = signed_data["signer_infos"]
    assert [each["type"].native for each in signer["signed_attrs"]] == [
        "content_type",
        "signing_time",
        "message_digest",
        "signing_certificate_v2",
    ]
    assert signer["digest_algorithm"].native == {"algorithm": "sha256", "parameters": None}
    assert signer["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"


@pytest.mark.parametrize("mode", [["-purpose", "any"], [], ["-cades"]], ids=["any", "smime", "cades"])
def test_openssl_alone_accepts_a_signed_file(election: Election, tmp_path: Path, mode: list[str]) -> None:
    """The documented one-liners, as an S/MIME message (no option needed) and as CAdES-BES too."""
    (tmp_path / "ca.pem").write_bytes(election.authority.to_pem())
    (tmp_path / "batch.p7m").write_bytes(sign(CONTENT, election.key, election.certificate, NIGHT))
    (tmp_path / "batch.p7s").write_bytes(sign_detached(CONTENT, election.key, election.certificate, NIGHT))
    (tmp_path / "content").write_bytes(CONTENT)
    attached = [*OPENSSL, "-in", "batch.p7m"]
    detached = [*OPENSSL, "-in", "batch.p7s", "-content", "content"]
    for command in (attached, detached):
        done = subprocess.run([*command, *mode], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, "successful" in done.stderr) == (0, True), done.stderr
        assert (tmp_path / "out").read_bytes() == CONTENT


def test_openssl_refuses_what_was_changed(election: Election, tmp_path: Path) -> None:
    """So that the test above proves something."""
    signed = sign(CONTENT, election.key, election.certificate, NIGHT)
    (tmp_path / "ca.pem").write_bytes(election.authority.to_pem())
    (tmp_path / "batch.p7m").write_bytes(signed.replace(b"<DAVKA>", b"<DAVKB>"))
    done = subprocess.run(
        [*OPENSSL, "-in", "batch.p7m"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
