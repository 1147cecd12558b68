"""The commands of the media register: a whole rehearsal of it, from a test authority to the signed list."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.commands.central_media import app
from app.rehearsal import media_applications
from tests.support.media_house import NOW, MediaHouse

#: A letter is printed in an application that windows of later tests can use too.
pytestmark = pytest.mark.usefixtures("qapp")

TELEVISION = (
    "--organisation", "Televize Žlutý kůň", "--ico", "12345678", "--person", "Ing. Žofie Říhová",
    "--night", "192.0.2.1", "--test", "192.0.2.2", "--at", "2024-09-05 10:00", "--ecdsa",
    "--film", "41;2024-09-21T14:00;2024-09-21T18:00;Eva Zvuková, Petr Kamera",
)  # fmt: skip
RECEIVED = ("--received", "2024-09-06 23:59:59", "--officer", "Marie Úřední")
MARIE = ("--officer", "Marie Úřední")


@pytest.fixture
def house(tmp_path: Path) -> MediaHouse:
    house = MediaHouse(tmp_path)
    house.set(clock_offset_seconds=int((NOW - datetime.now(UTC)).total_seconds()))
    return house


@pytest.fixture
def made(house: MediaHouse) -> Path:
    """A folder of one application in every form; the house trusts the authority that a command made."""
    assert run("test-authority", house.folder / "authority").exit_code == 0
    pem = (house.folder / "authority" / "zkusebni-autorita.pem").read_bytes()
    (house.media.trust / "autorita.pem").write_bytes(pem)
    out = house.folder / "zadost"
    done = run("make-application", house.folder / "authority", out, "--election", house.code, *TELEVISION)
    assert done.exit_code == 0, done.output
    return out


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "200"})


def code(result: Result) -> str:
    return getattr(result.exception, "code", "")


def test_a_whole_rehearsal_of_the_register(house: MediaHouse, made: Path) -> None:
    centre = house.centre_folder
    forms = {"zadost.pdf": "pdf", "zadost.eml": "smime", "zadost-pkcs7.eml": "smime",
             "zadost.xml.p7m": "databox", "zadost.xml": "databox"}  # fmt: skip
    for name, way in forms.items():
        done = run("receive", centre, made / name, "--way", way, *RECEIVED)
        assert (done.exit_code, "MED-01" in done.output) == (0, True), done.output
        assert "ZKUŠEBNÍ AUTORITA" in done.output
    late = run(
        "receive", centre, made / "zadost.pdf", "--way", "pdf", "--received", "2024-09-07 00:00:01", *MARIE
    )
    assert (late.exit_code, "MED-15" in late.output) == (1, True)
    assert run("approve", centre, 1, *MARIE, "--reason", "ověřeno").exit_code == 0
    assert code(run("approve", centre, 2, *MARIE)) == "MED-37"
    assert run("approve", centre, 2, *MARIE, "--replace").exit_code == 0
    assert [each.night for each in house.listed().organisations] == [("192.0.2.1",)]
    assert [line.split("\t")[1] for line in run("list", centre).output.splitlines()] == [
        "nahrazena · replaced", "schválena · approved", *["čeká · waiting"] * 3, "nepřijata · not accepted",
    ]  # fmt: skip
    shown = run("show", centre, 2, "--out", house.folder / "jak-prislo.eml")
    assert "v seznamu · in the list: 192.0.2.1 | 192.0.2.2" in shown.output
    assert (house.folder / "jak-prislo.eml").read_bytes() == (made / "zadost.eml").read_bytes()
    assert code(run("show", centre, 2, "--out", house.folder / "jak-prislo.eml")) == "MED-23"
    assert run("refuse", centre, 2, *MARIE).exit_code == 0
    assert house.listed().organisations == ()
    assert "č. 2 · List of media No. 2" in run("publish", centre).output


def test_repeated_addresses_are_decided_by_a_command(house: MediaHouse, made: Path) -> None:
    centre, other = house.centre_folder, house.folder / "jina"
    asked = ("--election", house.code, "--organisation", "Rádio", "--night", "192.0.2.1", "--ecdsa")
    made_at = ("--at", "2024-09-05 10:00")
    assert run("make-application", house.folder / "authority", other, *asked, *made_at).exit_code == 0
    run("receive", centre, made / "zadost.pdf", "--way", "pdf", *RECEIVED)
    again = run("receive", centre, other / "zadost.pdf", "--way", "pdf", *RECEIVED)
    assert "MED-02" in again.output
    assert code(run("approve", centre, 2, *MARIE)) == "MED-36"
    assert run("decide", centre, 2, "::ffff:192.0.2.1", "--keep", *MARIE).exit_code == 0
    assert run("approve", centre, 2, *MARIE).exit_code == 0
    assert [each.name for each in house.listed().organisations] == ["Rádio"]


def test_filming_is_permitted_and_listed(house: MediaHouse, made: Path) -> None:
    centre = house.centre_folder
    run("receive", centre, made / "zadost.pdf", "--way", "pdf", *RECEIVED)
    assert "POVOLENO" in run("filming", "approve", centre, "1/1", *MARIE).output
    [row] = csv.DictReader(io.StringIO(run("filming", "list", centre).output))
    assert (row["CPOU"], row["STAV"], row["STAB"]) == ("41", "POVOLENO", "Eva Zvuková, Petr Kamera")
    assert run("filming", "list", centre, "--csv", house.folder / "nataceni.csv").exit_code == 0
    written = (house.folder / "nataceni.csv").read_text("utf-8")
    assert "'+420222333444" in written  # no spreadsheet takes a telephone number for a formula
    assert code(run("filming", "approve", centre, "1-1", *MARIE)) == "MED-25"
    assert code(run("filming", "approve", centre, "1/9", *MARIE)) == "MED-39"
    assert run("meeting", centre, "--at", "2024-09-12 10:00", "--place", "Praha", *MARIE).exit_code == 0


def test_what_cannot_be_made_is_told(house: MediaHouse, made: Path) -> None:
    assert code(run("test-authority", house.folder / "authority")) == "MED-26"
    again = ("make-application", house.folder / "authority")
    assert code(run(*again, made, "--election", house.code, *TELEVISION)) == "MED-27"
    broken = (*TELEVISION, "--film", "41;dnes;zítra;Eva")
    assert code(run(*again, house.folder / "x", "--election", house.code, *broken)) == "MED-28"
    assert code(run("approve", house.centre_folder, 9, *MARIE)) == "MED-34"
    assert code(run("letter", house.centre_folder, 9)) == "MED-34"
    run("receive", house.centre_folder, made / "zadost.pdf", "--way", "pdf", *RECEIVED)
    assert code(run("letter", house.centre_folder, 1)) == "MED-24"


def test_the_authority_is_kept_from_others(house: MediaHouse, made: Path) -> None:
    assert (house.folder / "authority" / "zkusebni-autorita.key").stat().st_mode & 0o077 == 0
    assert {each.name for each in made.iterdir()} == {
        "zadost.xml", media_applications.PDF, media_applications.MAIL, media_applications.WRAPPED_MAIL,
        media_applications.INSIDE, media_applications.BESIDE,
    }  # fmt: skip


@pytest.mark.parametrize(
    "command",
    ["receive", "list", "show", "approve", "refuse", "decide", "meeting", "publish", "letter", "filming",
     "test-authority", "make-application"],
)  # fmt: skip
def test_every_command_teaches_in_both_languages(command: str) -> None:
    said = run(command, "--help")
    assert said.exit_code == 0
    assert re.search("[ěščřžýáíé]", said.output)
    assert command in run("--help").output
