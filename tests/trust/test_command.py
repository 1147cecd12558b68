"""`prebirka trust`: the ceremony from an authority to a certificate, as people type it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.trust import app
from app.election.errors import KnownError
from app.trust.authority import AuthorityCertificate
from app.trust.certificate import Certificate
from app.trust.identity import Identity, Role
from app.trust.keys import load_key

PASSPHRASE = "dlouhé heslo autority"


def run(*arguments: object, passphrase: str | None = None, typed: str | None = None) -> str:
    environment = {"PREBIRKA_PASSPHRASE": passphrase}
    result = CliRunner().invoke(app, [str(each) for each in arguments], env=environment, input=typed)
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole ceremony: an authority with a passphrase, a station without."""
    folder = tmp_path_factory.mktemp("ceremony")
    run("ca", "--election", "kz2024", "--out", folder / "ca", "--days", 60, passphrase=PASSPHRASE)
    run(
        *("request", "--election", "kz2024", "--point", 662, "--station", "662-1"),
        *("--out", folder / "station", "--no-passphrase"),
    )
    run(
        *("issue", folder / "station" / "662-1.csr", "--ca", folder / "ca"),
        *("--point", 662, "--station", "662-1", "--out", folder / "station" / "662-1.pem"),
        passphrase=PASSPHRASE,
    )
    return folder


def test_the_ceremony_ends_with_a_certificate_for_the_station_s_key(folder: Path) -> None:
    authority = AuthorityCertificate.from_pem((folder / "ca" / "ca.pem").read_bytes())
    certificate = Certificate.from_pem((folder / "station" / "662-1.pem").read_bytes())
    assert certificate.identity == Identity(Role.STATION, "kz2024", 662, "662-1")
    assert certificate.not_after == authority.not_after
    key = load_key(folder / "station" / "662-1.key", None)
    assert key.public_key() == certificate.public_key
    assert load_key(folder / "ca" / "ca.key", PASSPHRASE).public_key() == authority.public_key
    for path in folder.rglob("*.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_typed_passphrase_serves_as_well_and_is_not_shown(folder: Path, tmp_path: Path) -> None:
    shown = run("ca", "--election", "se2026", "--out", tmp_path, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert PASSPHRASE not in shown
    run("request", "--election", "se2026", "--role", "centre", "--out", tmp_path, "--no-passphrase")
    arguments = ("issue", tmp_path / "centre.csr", "--ca", tmp_path, "--role", "centre", "--days", 3)
    run(*arguments, "--out", tmp_path / "centre.pem", typed=f"{PASSPHRASE}\n")
    certificate = Certificate.from_pem((tmp_path / "centre.pem").read_bytes())
    assert certificate.identity == Identity(Role.CENTRE, "se2026")
    assert (certificate.not_after - certificate.not_before).days == 3


def test_show_tells_a_certificate_an_authority_and_a_request_apart(folder: Path) -> None:
    shown = run("show", folder / "station" / "662-1.pem")
    assert "kz2024 station 662-1" in shown
    assert f"{Certificate.from_pem((folder / 'station' / '662-1.pem').read_bytes()).serial:x}" in shown
    assert "Certifikační autorita voleb" in run("show", folder / "ca" / "ca.pem")
    assert "Žádost o certifikát" in run("show", folder / "station" / "662-1.csr")
    with pytest.raises(KnownError) as caught:
        run("show", folder / "station" / "662-1.key")
    assert caught.value.code == "CRT-02"


def test_nothing_that_exists_is_overwritten(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    station = ("--point", 662, "--station", "662-1")
    for arguments in (
        ("ca", "--election", "kz2024", "--out", folder / "ca"),
        ("request", "--election", "kz2024", *station, "--out", folder / "station", "--no-passphrase"),
        (
            *("issue", folder / "station" / "662-1.csr", "--ca", folder / "ca", *station),
            *("--out", folder / "station" / "662-1.pem"),
        ),
    ):
        with pytest.raises(KnownError) as caught:
            run(*arguments, passphrase=PASSPHRASE)
        assert caught.value.code in ("CRT-09", "KEY-04")
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"--station": "662-2"}, "CSR-04"),
        ({"--point": 663, "--station": "663-1"}, "CSR-04"),
        ({"--station": "663-1"}, "IDN-01"),
        ({"--role": "centre"}, "IDN-01"),
    ],
)
def test_a_request_is_not_issued_for_another_than_it_asks_for(
    folder: Path, tmp_path: Path, changed: dict[str, object], code: str
) -> None:
    options: dict[str, object] = {"--point": 662, "--station": "662-1", "--out": tmp_path / "x.pem"} | changed
    arguments = [each for option in options.items() for each in option]
    with pytest.raises(KnownError) as caught:
        run(
            "issue",
            folder / "station" / "662-1.csr",
            "--ca",
            folder / "ca",
            *arguments,
            passphrase=PASSPHRASE,
        )
    assert caught.value.code == code
    assert not (tmp_path / "x.pem").exists()


def test_a_wrong_passphrase_and_a_missing_authority_are_said_so(folder: Path, tmp_path: Path) -> None:
    arguments = ("issue", folder / "station" / "662-1.csr", "--point", 662, "--station", "662-1")
    with pytest.raises(KnownError) as caught:
        run(*arguments, "--ca", folder / "ca", "--out", tmp_path / "x.pem", passphrase="něco jiného")
    assert caught.value.code == "KEY-01"
    with pytest.raises(KnownError) as caught:
        run(*arguments, "--ca", tmp_path, "--out", tmp_path / "x.pem", passphrase=PASSPHRASE)
    assert caught.value.code == "CRT-10"


@pytest.mark.parametrize("command", ["ca", "request", "issue", "show"])
def test_every_help_speaks_czech_first_and_english_second(command: str) -> None:
    lines = [line.strip() for line in run(command, "--help").splitlines() if line.strip()]
    assert set(lines[1]) & set("áčďéěíňóřšťúůýž")
    assert lines[2].startswith(("Makes", "Issues", "Shows"))
