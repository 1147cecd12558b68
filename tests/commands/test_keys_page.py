"""The manual's page on keys: its commands are run as they stand there, from the ceremony to the drill."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import cli, resources
from app.documents import reference
from app.election.model import Contest, Mode
from app.trust.keys import load_key
from tests.support import invented_election

PAGE = resources.path("manual", "keys.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
PASSPHRASE = "šest slov která nikdo neuhodne nikdy"  # of throw-away keys


def national(path: Path) -> None:
    """Reference data of the election and the transfer point that the page speaks of."""
    made = invented_election.reference(Contest.REGIONAL, mode=Mode.LIVE)
    precincts = {
        key: replace(place, transfer_point=662 if place.transfer_point == invented_election.POINT else 663)
        for key, place in made.precincts.items()
    }
    election = replace(made.election, code="kz2024")
    reference.build(replace(made, election=election, precincts=precincts), path)


def test_the_page_s_commands_work_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    national(tmp_path / "kz2024.sqlite")
    said = {}
    for line in COMMANDS:
        program, *arguments = shlex.split(line)
        assert program == "prebirka"
        result = CliRunner().invoke(cli.root, arguments, env={"PREBIRKA_PASSPHRASE": PASSPHRASE})
        assert result.exit_code == 0, f"{line}\n{result.output}"
        said[line] = result.output
        assert PASSPHRASE not in result.output
    told = [text for line, text in said.items() if line.startswith("prebirka central station list")]
    assert "662-1\tplatí" in told[0]
    assert (tmp_path / "provereni.csv").exists()
    for path in tmp_path.rglob("*.key"):
        assert b"ENCRYPTED" in path.read_bytes()
        load_key(path, PASSPHRASE)


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
