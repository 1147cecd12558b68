"""A TLS server's certificate serves TLS alone: it never passes for a signer's, nor a signer's for it."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from app.commands.trust import app
from app.election.errors import KnownError
from app.trust import cms
from app.trust.anchors import Anchors
from app.trust.authority import make_authority, make_request, read_request
from app.trust.certificate import Certificate, CertificateTrouble
from app.trust.identity import Expected, Identity, Role
from app.trust.keys import load_key, make_key
from app.trust.refusals import RefusalReason, SignatureRefused
from app.trust.server_certificate import (
    ServerCertificate,
    check_hosts,
    issue_server,
    make_server_request,
    read_server_request,
)
from tests.trust.conftest import END, NIGHT, START, Election

HOSTS = ("ustredi.example", "192.0.2.10", "2001:db8::1")


def issued(election: Election, *hosts: str) -> ServerCertificate:
    request = make_server_request(make_key(), hosts or HOSTS)
    return issue_server(request, hosts or HOSTS, election.authority, election.authority_key, START, END)


def refused(code: str) -> pytest.RaisesExc[CertificateTrouble]:
    return pytest.raises(CertificateTrouble, check=lambda error: error.code == code)


def test_it_says_which_hosts_it_is_for(election: Election) -> None:
    certificate = issued(election)
    assert certificate.hosts == HOSTS
    assert ServerCertificate.from_pem(certificate.to_pem()) == certificate
    names = x509.load_pem_x509_certificate(certificate.to_pem()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["ustredi.example"]
    assert [str(each) for each in names.value.get_values_for_type(x509.IPAddress)] == list(HOSTS[1:])


@pytest.mark.parametrize("role", list(Role))
def test_it_never_passes_for_a_signer_s(election: Election, role: Role) -> None:
    key = make_key()
    certificate = issue_server(
        make_server_request(key, HOSTS), HOSTS, election.authority, election.authority_key, START, END
    )
    with refused("CRT-01"):
        Certificate.from_der(certificate.der)
    with pytest.raises(SignatureRefused) as caught:
        election.anchors.trust(certificate.der, NIGHT)
    assert caught.value.reason is RefusalReason.CERTIFICATE_USE
    # not even when its owner signs with it, under the name of any role
    genuine = election.issue(key, _identity(role))
    message = cms.sign(b"<A/>", key, genuine, NIGHT)
    forged = message.replace(genuine.der, certificate.der)
    with pytest.raises(KnownError):
        cms.verify(forged, election.anchors, NIGHT, Expected(role, "kz2024"))


@pytest.mark.parametrize("role", list(Role))
def test_a_signer_s_certificate_is_no_server_s(election: Election, role: Role) -> None:
    certificate = election.issue(make_key(), _identity(role))
    with refused("CRT-12"):
        ServerCertificate.from_pem(certificate.to_pem())
    with refused("CSR-05"):
        read_server_request(make_request(make_key(), _identity(role)))


def test_a_server_s_request_cannot_become_a_signer_s_certificate() -> None:
    with refused("CSR-03"):
        read_request(make_server_request(make_key(), HOSTS))


def test_an_authority_s_certificate_is_no_server_s(election: Election) -> None:
    with refused("CRT-12"):
        ServerCertificate.from_pem(election.authority.to_pem())


@pytest.mark.parametrize("hosts", [("jiny.example",), HOSTS[:1], (*HOSTS, "navic.example")])
def test_a_request_for_other_hosts_is_refused(election: Election, hosts: tuple[str, ...]) -> None:
    request = make_server_request(make_key(), HOSTS)
    with refused("CSR-06"):
        issue_server(request, hosts, election.authority, election.authority_key, START, END)


@pytest.mark.parametrize(
    "host", ["", "*.example", "-a.example", "a..b", "a b", "ústředí.cz", "1.2.3", "a" * 64, "urn:x", "a_b.cz"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with refused("CRT-13"):
        check_hosts([host])


@pytest.mark.parametrize("count", [0, 21])
def test_so_are_none_and_too_many(count: int) -> None:
    with refused("CRT-13"):
        check_hosts(f"a{n}.example" for n in range(count))


def test_hosts_have_one_form() -> None:
    written = ["Ustredi.Example.", "[2001:0db8::0001]", "ustredi.example"]
    assert check_hosts(written) == ("ustredi.example", "2001:db8::1")


def test_a_false_proof_is_refused(election: Election) -> None:
    asked = x509.load_pem_x509_csr(make_server_request(make_key(), HOSTS))
    changed = asked.public_bytes(Encoding.DER).replace(b"ustredi.example", b"podvrh0.example")
    mixed = x509.load_der_x509_csr(changed).public_bytes(Encoding.PEM)
    with refused("CSR-05"):
        read_server_request(mixed)


def test_another_authority_s_key_or_life_is_refused(election: Election) -> None:
    request = make_server_request(make_key(), HOSTS)
    with refused("CRT-06"):
        issue_server(request, HOSTS, election.authority, make_key(), START, END)
    late = END.replace(year=END.year + 1)
    with refused("CRT-04"):
        issue_server(request, HOSTS, election.authority, election.authority_key, START, late)


def test_openssl_takes_it_for_a_server_and_for_nothing_else(election: Election, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(election.authority.to_pem())
    (tmp_path / "server.pem").write_bytes(issued(election).to_pem())

    def verifies(*more: str) -> bool:
        command = ["openssl", "verify", "-x509_strict", "-CAfile", "ca.pem", "-attime", f"{NIGHT:%s}", *more]
        done = subprocess.run([*command, "server.pem"], cwd=tmp_path, capture_output=True)
        return done.returncode == 0

    assert verifies("-purpose", "sslserver", "-verify_hostname", "ustredi.example")
    assert verifies("-purpose", "sslserver", "-verify_ip", "192.0.2.10")
    assert not verifies("-purpose", "sslserver", "-verify_hostname", "jiny.example")
    assert not verifies("-purpose", "sslclient")
    assert not verifies("-purpose", "smimesign")


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "200"})
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_the_commands_end_with_a_certificate_that_python_s_tls_takes(tmp_path: Path) -> None:
    names = [part for host in HOSTS for part in ("--name", host)]
    run("ca", "--election", "kz2024", "--out", tmp_path / "ca", "--no-passphrase")
    run("server-request", *names, "--out", tmp_path / "front", "--no-passphrase")
    request, certificate = tmp_path / "front" / "server.csr", tmp_path / "front" / "server.pem"
    told = run("server-issue", request, "--ca", tmp_path / "ca", *names, "--out", certificate, "--days", 30)
    assert "ustredi.example 192.0.2.10 2001:db8::1" in told
    assert "TLS" in run("show", certificate)
    assert "ustredi.example" in run("show", request)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, tmp_path / "front" / "server.key")
    with refused("CRT-09"):
        run("server-issue", request, "--ca", tmp_path / "ca", *names, "--out", certificate)
    with refused("CSR-06"):
        arguments = ("--name", "jiny.example", "--out", tmp_path / "other.pem")
        run("server-issue", request, "--ca", tmp_path / "ca", *arguments)


def test_the_key_has_a_passphrase_unless_it_is_told_otherwise(tmp_path: Path) -> None:
    arguments = ["server-request", "--name", "ustredi.example", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, arguments, env={"PREBIRKA_PASSPHRASE": "dlouhé heslo serveru"})
    assert done.exit_code == 0
    with pytest.raises(KnownError):
        load_key(tmp_path / "server.key", None)
    load_key(tmp_path / "server.key", "dlouhé heslo serveru")


def test_it_is_of_one_authority(election: Election) -> None:
    key = make_key()
    other = make_authority("kz2024", key, START, END)
    with pytest.raises(SignatureRefused) as caught:
        Anchors((other,)).trust(issued(election).der, NIGHT)
    assert caught.value.reason is RefusalReason.UNKNOWN_AUTHORITY


def _identity(role: Role) -> Identity:
    return Identity(role, "kz2024", 662, "662-1") if role is Role.STATION else Identity(role, "kz2024")
