"""The election's authority: whom it issues a certificate, and which certificates are taken for one."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.trust.anchors import Anchors
from app.trust.authority import AuthorityCertificate, issue, make_authority, make_request, read_request
from app.trust.certificate import SIGNER_KEY_USAGE, Certificate, CertificateTrouble
from app.trust.identity import Identity, NotAnIdentity, Role
from app.trust.keys import make_key
from app.trust.refusals import RefusalReason, SignatureRefused
from tests.trust.conftest import END, NIGHT, START, STATION, Election, refusal


def code_of(act: Any) -> str:
    with pytest.raises(CertificateTrouble) as caught:
        act()
    return caught.value.code


# --- issuing -----------------------------------------------------------------------------------------


def test_an_issued_certificate_says_who_for_how_long_and_by_whom(election: Election) -> None:
    certificate = election.certificate
    assert certificate.identity == STATION
    assert (certificate.not_before, certificate.not_after) == (START, END)
    assert certificate.public_key == election.key.public_key()
    assert election.anchors.trust(certificate.der, NIGHT) == certificate
    assert Certificate.from_pem(certificate.to_pem()) == certificate
    assert Certificate.from_der(certificate.der) == certificate


def test_serials_are_large_and_random(election: Election) -> None:
    serials = {election.issue(election.key, STATION).serial for _ in range(20)}
    assert len(serials) == 20
    assert min(serials).bit_length() > 100


def test_an_authority_comes_back_from_pem(election: Election) -> None:
    again = AuthorityCertificate.from_pem(election.authority.to_pem())
    assert again == election.authority
    assert (again.election, again.not_before, again.not_after) == ("kz2024", START, END)


def test_openssl_accepts_the_chain_for_signing_and_for_tls(election: Election, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(election.authority.to_pem())
    (tmp_path / "station.pem").write_bytes(election.certificate.to_pem())
    centre = election.issue(make_key(), Identity(Role.CENTRE, "kz2024"))
    (tmp_path / "centre.pem").write_bytes(centre.to_pem())
    for purpose, name in (
        ("smimesign", "station"),
        ("sslclient", "station"),
        ("any", "station"),
        ("sslserver", "centre"),
    ):
        command = ["openssl", "verify", "-x509_strict", "-CAfile", "ca.pem", "-purpose", purpose]
        command += ["-attime", str(int(NIGHT.timestamp())), f"{name}.pem"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_openssl_accepts_a_request(election: Election, tmp_path: Path) -> None:
    (tmp_path / "request.csr").write_bytes(make_request(election.key, STATION))
    command = ["openssl", "req", "-verify", "-noout", "-in", "request.csr"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)


def test_a_request_with_a_false_proof_is_refused(election: Election) -> None:
    """A request for somebody else's key, signed by one's own: it would bind the victim's key to the thief."""
    request = x509.load_pem_x509_csr(make_request(election.key, STATION))
    der = bytearray(request.public_bytes(Encoding.DER))
    der[-1] ^= 1
    spoiled = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)
    assert code_of(lambda: read_request(spoiled)) == "CSR-02"

    point = (Encoding.X962, PublicFormat.UncompressedPoint)
    thief, victim = make_key(), election.key
    request = x509.load_pem_x509_csr(make_request(thief, STATION))
    swapped = request.public_bytes(Encoding.DER).replace(
        thief.public_key().public_bytes(*point), victim.public_key().public_bytes(*point)
    )
    pem = x509.load_der_x509_csr(swapped).public_bytes(Encoding.PEM)
    assert code_of(lambda: read_request(pem)) == "CSR-02"
    authority, key = election.authority, election.authority_key
    assert code_of(lambda: issue(pem, STATION, authority, key, START, END)) == "CSR-02"


def test_what_is_no_request_of_ours_is_refused(election: Election) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, STATION.common_name)])
    uri = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(STATION.uri)])

    def request(key: Any, subject: x509.Name, *extensions: x509.ExtensionType) -> bytes:
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)

    assert read_request(request(election.key, name, uri)).identity == STATION
    another = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kz2024 station 662-2")])
    for strange in (
        request(election.key, name),
        request(election.key, another, uri),
        request(election.key, name, x509.SubjectAlternativeName([x509.DNSName("a.cz")])),
        request(election.key, name, x509.SubjectAlternativeName([*uri, x509.DNSName("a.cz")])),
        request(ec.generate_private_key(ec.SECP384R1()), name, uri),
        request(rsa.generate_private_key(65537, 2048), name, uri),
    ):
        assert code_of(lambda strange=strange: read_request(strange)) == "CSR-03"
    for strange in (b"", b"Dobry den", election.certificate.to_pem()):
        assert code_of(lambda strange=strange: read_request(strange)) == "CSR-01"


def test_the_fingerprint_of_a_request_is_that_of_its_key(election: Election) -> None:
    first, second = (read_request(make_request(election.key, STATION)) for _ in range(2))
    other = read_request(make_request(make_key(), STATION))
    assert first.fingerprint == second.fingerprint != other.fingerprint
    encoded = election.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert first.fingerprint == hashlib.sha256(encoded).hexdigest()


def test_a_certificate_is_issued_only_for_what_was_asked_and_by_whom_it_may(
    election: Election, stranger: Election
) -> None:
    request = make_request(election.key, STATION)
    authority, key = election.authority, election.authority_key
    second = Identity(Role.STATION, "kz2024", 662, "662-2")
    assert code_of(lambda: issue(request, second, authority, key, START, END)) == "CSR-04"
    for life in (
        (START - timedelta(seconds=1), END),
        (START, END + timedelta(seconds=1)),
        (NIGHT, NIGHT),
        (END, START),
    ):
        assert code_of(lambda life=life: issue(request, STATION, authority, key, *life)) == "CRT-04"
    other = Identity(Role.STATION, "kz2020", 662, "662-1")
    foreign = make_request(election.key, other)
    assert code_of(lambda: issue(foreign, other, authority, key, START, END)) == "CRT-05"
    assert code_of(lambda: issue(request, STATION, authority, stranger.authority_key, START, END)) == "CRT-06"


def test_an_instant_without_a_zone_is_a_bug_of_the_caller(election: Election) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make_authority("kz2024", election.authority_key, datetime(2024, 9, 20), END)
    with pytest.raises(NotAnIdentity):
        make_authority("kz 2024", election.authority_key, START, END)


# --- certificates that are none of ours --------------------------------------------------------------


def issued_past_the_rules(election: Election, **changes: Any) -> bytes:
    """A certificate by the true authority's key with something else in it than `issue` would ever put."""
    key = changes.get("key", election.key).public_key()
    usage = {name: getattr(SIGNER_KEY_USAGE, f"_{name}") for name in KEY_USAGES} | changes.get("usage", {})
    extensions: dict[str, tuple[x509.ExtensionType, bool] | None] = {
        "basic": (x509.BasicConstraints(ca=False, path_length=None), True),
        "usage": (x509.KeyUsage(**usage), True),
        "extended": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
        "name": (x509.SubjectAlternativeName([x509.UniformResourceIdentifier(STATION.uri)]), False),
        "subject key": (x509.SubjectKeyIdentifier.from_public_key(key), False),
        "authority key": (
            x509.AuthorityKeyIdentifier.from_issuer_public_key(election.authority.public_key),
            False,
        ),
    } | changes.get("extensions", {})
    common_name = changes.get("common_name", STATION.common_name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(election.authority.parsed.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(END)
    )
    for extension in extensions.values():
        if extension is not None:
            builder = builder.add_extension(extension[0], critical=extension[1])
    algorithm = changes.get("algorithm", hashes.SHA256())
    return builder.sign(election.authority_key, algorithm).public_bytes(Encoding.DER)


KEY_USAGES = [
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
]

PROFILES: dict[str, dict[str, Any]] = {
    "an authority": {"extensions": {"basic": (x509.BasicConstraints(ca=True, path_length=None), True)}},
    "may sign certificates": {"usage": {"key_cert_sign": True}},
    "may not sign": {"usage": {"digital_signature": False, "key_agreement": True}},
    "for servers only": {
        "extensions": {"extended": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)}
    },
    "no usage": {"extensions": {"usage": None}},
    "no extended usage": {"extensions": {"extended": None}},
    "no constraints": {"extensions": {"basic": None}},
    "no identity": {"extensions": {"name": None}},
    "no key identifier": {"extensions": {"subject key": None}},
    "one extension more": {"extensions": {"more": (x509.OCSPNoCheck(), False)}},
    "a critical one more": {"extensions": {"more": (x509.OCSPNoCheck(), True)}},
    "a server's name": {
        "extensions": {"name": (x509.SubjectAlternativeName([x509.DNSName("ustredi.cz")]), False)}
    },
    "a strange urn": {
        "extensions": {
            "name": (x509.SubjectAlternativeName([x509.UniformResourceIdentifier("urn:x:y")]), False)
        }
    },
    "another name for people": {"common_name": "kz2024 centre"},
    "another curve": {"key": ec.generate_private_key(ec.SECP384R1())},
    "another kind of key": {"key": rsa.generate_private_key(65537, 2048)},
}


def test_the_forger_s_certificate_is_right_when_nothing_is_changed(election: Election) -> None:
    assert election.anchors.trust(issued_past_the_rules(election), NIGHT).identity == STATION


@pytest.mark.parametrize("profile", PROFILES)
def test_a_certificate_of_another_profile_is_refused_although_the_authority_signed_it(
    election: Election, profile: str
) -> None:
    der = issued_past_the_rules(election, **PROFILES[profile])
    assert refusal(lambda: election.anchors.trust(der, NIGHT)) is RefusalReason.CERTIFICATE_USE
    assert code_of(lambda: Certificate.from_der(der)) == "CRT-01"


def test_a_certificate_signed_with_another_hash_is_refused(election: Election) -> None:
    der = issued_past_the_rules(election, algorithm=hashes.SHA384())
    assert refusal(lambda: election.anchors.trust(der, NIGHT)) is RefusalReason.NOT_DER


@given(data=st.data())
def test_no_changed_certificate_is_trusted_and_none_reaches_the_parser_of_names(
    election: Election, data: st.DataObject
) -> None:
    der = election.certificate.der
    index = data.draw(st.integers(0, len(der) - 1))
    changed = der[:index] + bytes((data.draw(st.integers(0, 255)),)) + der[index + 1 :]
    if changed != der:
        with pytest.raises(SignatureRefused):
            election.anchors.trust(changed, NIGHT)


def test_a_signer_s_certificate_is_no_authority_and_the_other_way_round(election: Election) -> None:
    signer, authority = election.certificate.to_pem(), election.authority.to_pem()
    assert code_of(lambda: AuthorityCertificate.from_pem(signer)) == "CRT-03"
    assert code_of(lambda: Certificate.from_pem(authority)) == "CRT-01"
    assert code_of(lambda: Anchors.from_pem(authority + signer)) == "CRT-03"


def test_an_authority_must_have_signed_itself(election: Election, stranger: Election) -> None:
    der = bytearray(election.authority.der)
    der[-1] ^= 1
    assert code_of(lambda: AuthorityCertificate.from_der(bytes(der))) == "CRT-03"


def test_a_file_without_exactly_one_certificate_is_said_so(election: Election) -> None:
    two = election.certificate.to_pem() * 2
    for pem in (b"", b"Dobry den", two):
        assert code_of(lambda pem=pem: Certificate.from_pem(pem)) == "CRT-02"
    assert code_of(lambda: Anchors.from_pem(b"")) == "CRT-07"


def test_several_authorities_may_be_pinned(election: Election, stranger: Election) -> None:
    both = Anchors.from_pem(stranger.authority.to_pem() + election.authority.to_pem(), revoked=[1])
    assert both.authorities == (stranger.authority, election.authority)
    assert both.trust(election.certificate.der, NIGHT) == election.certificate
    assert both.trust(stranger.certificate.der, NIGHT) == stranger.certificate
    assert both.revoking([2, 3]).revoked == {1, 2, 3}


def test_an_expired_authority_vouches_for_nobody(election: Election) -> None:
    short = make_authority("kz2024", election.authority_key, START, NIGHT)
    later = NIGHT + timedelta(seconds=1)
    assert refusal(lambda: Anchors((short,)).trust(election.certificate.der, later)) is RefusalReason.EXPIRED
    late = make_authority("kz2024", election.authority_key, NIGHT, END)
    early = NIGHT - timedelta(seconds=1)
    reason = refusal(lambda: Anchors((late,)).trust(election.certificate.der, early))
    assert reason is RefusalReason.NOT_YET_VALID


def test_a_refusal_crosses_a_process_border_whole() -> None:
    refused = pickle.loads(pickle.dumps(SignatureRefused(RefusalReason.EXPIRED)))
    assert (refused.reason, refused.code) == (RefusalReason.EXPIRED, "CMS-18")
