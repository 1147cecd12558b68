"""The manual's page on keys: its commands are run as they stand there, from the ceremony to the drill."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import traceback
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import cli, resources
from app.documents import reference
from app.election.model import Contest, Mode
from app.trust.keys import load_key
from tests.support import invented_election
from tests.support.secrets import shapes

PAGE = resources.path("manual", "keys.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
PASSPHRASE = "šest slov která nikdo neuhodne nikdy"  # of throw-away keys
CHECKOUT = Path(cli.__file__).parents[1]
WRONG = "jiných šest slov, překlep"


def national(path: Path) -> None:
    """Reference data of the election and the transfer point that the page speaks of."""
    made = invented_election.reference(Contest.REGIONAL, mode=Mode.LIVE)
    precincts = {
        key: replace(place, transfer_point=662 if place.transfer_point == invented_election.POINT else 663)
        for key, place in made.precincts.items()
    }
    election = replace(made.election, code="kz2024")
    reference.build(replace(made, election=election, precincts=precincts), path)


def test_the_page_s_commands_work_as_they_stand_and_tell_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.chdir(tmp_path)
    national(tmp_path / "kz2024.sqlite")
    said = {}
    for line in COMMANDS:
        program, *arguments = shlex.split(line)
        assert program == "prebirka"
        result = CliRunner().invoke(cli.root, arguments, env={"PREBIRKA_PASSPHRASE": PASSPHRASE})
        assert result.exit_code == 0, f"{line}\n{result.output}"
        said[line] = result.output
    told = [text for line, text in said.items() if line.startswith("prebirka central station list")]
    assert "662-1\tplatí" in told[0]
    assert (tmp_path / "provereni.csv").exists()
    own = "--key ustredi/centre.key --certificate ustredi/centre.pem"
    said["wrong"] = run(f"reference sign kz2024.sqlite {own}", WRONG, status=2)
    said["wrong, with its traceback"] = run(
        "--debug trust issue nova/662-1.csr --ca autorita --point 662 --station 662-1 --out x.pem",
        WRONG,
        status=1,
    )
    said["a key shown by mistake"] = run("trust show ustredi/centre.key", PASSPHRASE, status=2)
    said["the centre's log"] = centre_s_words(tmp_path / "centrum")
    text = "\n".join([*said.values(), caplog.text])
    keys = list(tmp_path.rglob("*.key"))
    assert len(keys) == 8
    for path in keys:
        assert b"ENCRYPTED" in path.read_bytes()
        lines = path.read_text("ascii").splitlines()[1:-1]
        shown = [*shapes(load_key(path, PASSPHRASE)), *lines]
        assert [shape for shape in shown if shape in text] == []
    for passphrase in (PASSPHRASE, WRONG):
        assert passphrase not in text
        assert repr(passphrase.encode())[2:-1] not in text


def run(line: str, passphrase: str, status: int) -> str:
    result = CliRunner().invoke(cli.root, shlex.split(line), env={"PREBIRKA_PASSPHRASE": passphrase})
    assert result.exit_code == status, result.output
    trace = "".join(traceback.format_exception(*result.exc_info)) if result.exc_info else ""
    return result.output + trace


def centre_s_words(folder: Path) -> str:
    """All that a centre says whose key has a passphrase, from its start to its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "central", "run", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PREBIRKA_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(CHECKOUT)},
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    assert ready.startswith("READY")
    urllib.request.urlopen(f"{ready.split()[1]}/v1/status", timeout=20).close()
    process.terminate()
    out, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    return ready + out + errors


def test_the_page_speaks_of_each_command_about_keys() -> None:
    for name in (
        "trust ca", "trust request", "trust issue", "trust show", "reference provision", "station enrol",
        "station add", "station revoke", "station replace", "station review", "quarantine settle",
        "station restore",
    ):  # fmt: skip
        assert name in PAGE


@pytest.mark.parametrize("code", ["ING-04", "ING-07", "ING-08", "CSR-04", "AUD-04"])
def test_the_codes_it_names_are_the_program_s(code: str) -> None:
    assert code in PAGE
    texts = (path.read_text("utf-8") for path in Path(cli.__file__).parent.rglob("*.py"))
    assert any(f'"{code}"' in text for text in texts)
