"""`prebirka reference`: from a folder of registers to a signed file that openssl accepts too."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.reference import app
from app.commands.trust import app as trust
from app.documents.reference import load
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId
from tests.support.registers import SHAPES, write_registers

PASSPHRASE = "dlouhé heslo číselníků"


def run(application, *arguments: object) -> str:
    environment = {"PREBIRKA_PASSPHRASE": PASSPHRASE, "COLUMNS": "200"}
    result = CliRunner().invoke(application, [str(each) for each in arguments], env=environment)
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a signed reference file, the authority and the signer's key."""
    folder = tmp_path_factory.mktemp("signed")
    registers = write_registers(folder / "kz2024", SHAPES["XML in windows-1250"])
    run(app, "build", "--from", registers, "--out", folder / "reference.sqlite", "--mode", "ostry")
    run(trust, "ca", "--election", "kz2024", "--out", folder / "ca")
    run(trust, "request", "--election", "kz2024", "--role", "reference", "--out", folder)
    issue = ("issue", folder / "reference.csr", "--ca", folder / "ca", "--role", "reference")
    run(trust, *issue, "--out", folder / "reference.pem")
    run(app, *sign(folder))
    return folder


@pytest.fixture
def copy(signed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(signed, tmp_path / "copy"))


def sign(folder: Path, certificate: str = "reference") -> tuple[object, ...]:
    keys = ("--key", folder / f"{certificate}.key", "--certificate", folder / f"{certificate}.pem")
    return ("sign", folder / "reference.sqlite", *keys)


def verify(folder: Path) -> str:
    return run(app, "verify", folder / "reference.sqlite", "--ca", folder / "ca" / "ca.pem")


def test_the_file_is_built_for_the_election_and_mode_that_were_asked_for(signed: Path) -> None:
    election = load(signed / "reference.sqlite").election
    assert (election.code, election.mode) == ("kz2024", Mode.LIVE)


def test_a_signed_file_is_verified_and_described(signed: Path) -> None:
    output = verify(signed)
    assert "Valid signature: kz2024 reference" in output
    assert "Mode: OSTRY" in output
    assert "Precincts: 11" in output
    assert "Expected protocols: T/6 7, T/5 5" in output


def test_openssl_verifies_the_signature_too(signed: Path) -> None:
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"]
    files = ["-in", "reference.sqlite.p7s", "-content", "reference.sqlite", "-CAfile", "ca/ca.pem"]
    ran = subprocess.run([*command, *files], cwd=signed, capture_output=True, check=False)
    assert b"successful" in ran.stderr
    assert ran.stdout == (signed / "reference.sqlite").read_bytes()


def test_a_changed_file_is_refused(copy: Path) -> None:
    path = copy / "reference.sqlite"
    path.write_bytes(path.read_bytes().replace(b"Petr", b"Pavl", 1))
    with pytest.raises(KnownError, match="CMS-"):
        verify(copy)


def test_a_file_without_its_signature_is_refused(copy: Path) -> None:
    (copy / "reference.sqlite.p7s").unlink()
    with pytest.raises(KnownError, match="REF-08"):
        verify(copy)


def test_a_certificate_of_another_role_does_not_sign(copy: Path) -> None:
    run(trust, "request", "--election", "kz2024", "--role", "publisher", "--out", copy)
    issue = ("issue", copy / "publisher.csr", "--ca", copy / "ca", "--role", "publisher")
    run(trust, *issue, "--out", copy / "publisher.pem")
    with pytest.raises(KnownError, match="REF-07"):
        run(app, *sign(copy, "publisher"))


def test_show_tells_what_is_in_the_file(signed: Path) -> None:
    assert "Lists, candidates: 3, 4" in run(app, "show", signed / "reference.sqlite")


def test_the_help_teaches_in_czech_first() -> None:
    for command in ("build", "sign", "verify", "show"):
        output = run(app, command, "--help")
        first = next(line for line in output.splitlines() if line.strip() and "Usage" not in line)
        assert any(letter in first for letter in "áčďéěíňóřšťúůýž")


def test_the_previous_election_is_read_when_it_is_given(tmp_path: Path) -> None:
    registers = write_registers(tmp_path / "kz2024", SHAPES["commas"])
    then = tmp_path / "kz2020"
    then.mkdir()
    (then / "kzt6.csv").write_text("OBEC,OKRSEK,VOL_SEZNAM,VYD_OBALKY\n550001,1,812,301\n", "utf-8")
    out = tmp_path / "reference.sqlite"
    run(app, "build", "--from", registers, "--previous", then, "--out", out)
    assert load(out).precincts[PrecinctId(550001, 1)].expected_voters == 812


ROUND_1 = """<VYSLEDKY xmlns="http://www.volby.cz/senat/"><OBVOD CISLO="2" NAZEV="Lhotsko">
<KANDIDAT PORADOVE_CISLO="1" HLASY_1KOLO="40" ZVOLEN_1KOLO="2.KOLO"/>
<KANDIDAT PORADOVE_CISLO="2" HLASY_1KOLO="30" ZVOLEN_1KOLO="2.KOLO"/>
<KANDIDAT PORADOVE_CISLO="3" HLASY_1KOLO="20" ZVOLEN_1KOLO="NEZVOLEN"/>
<UCAST KOLO="1" OKRSKY_CELKEM="5" OKRSKY_ZPRAC="5" ZAPSANI_VOLICI="300" VYDANE_OBALKY="92"
 ODEVZDANE_OBALKY="91" PLATNE_HLASY="90"/>
</OBVOD></VYSLEDKY>"""


@pytest.mark.parametrize(
    ("options", "code", "day", "finalists"),
    [
        ((), "se2024-2", date(2024, 9, 27), (1, 2)),
        (("--left", "2:2", "--postponed", "--code", "lhotsko"), "lhotsko", date(2024, 10, 4), (1, 3)),
    ],
)
def test_round_2_is_built_from_the_published_result_of_round_1(
    tmp_path: Path, options: tuple[str, ...], code: str, day: date, finalists: tuple[int, ...]
) -> None:
    registers = write_registers(tmp_path / "kz2024", SHAPES["commas"])
    (tmp_path / "vysledky.xml").write_text(ROUND_1, "utf-8")
    out = tmp_path / "reference.sqlite"
    told = run(
        app, "build", "--from", registers, "--out", out, "--round1", tmp_path / "vysledky.xml", *options
    )
    found = load(out)
    assert (found.election.code, found.election.date, found.election.senate_date) == (
        code,
        day,
        date(2024, 9, 20),
    )
    assert found.election.contests == (Contest.SENATE_ROUND_2,)
    district = found.senate_districts[2]
    assert district.finalists == finalists
    assert district.round1 is not None
    assert district.round1.votes == {1: 40, 2: 30, 3: 20}
    assert "T/5 5" in told
    assert found.regions == {}


@pytest.mark.parametrize("left", ["2", "2:", "x:1", "2:1:3"])
def test_a_finalist_who_left_is_told_by_district_and_number(tmp_path: Path, left: str) -> None:
    registers = write_registers(tmp_path / "kz2024", SHAPES["commas"])
    arguments = ["build", "--from", str(registers), "--out", str(tmp_path / "r.sqlite"), "--left", left]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "OBVOD:CKAND" in result.output
