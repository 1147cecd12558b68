"""The units of systemd: what they start is there, and they ask for no more than they need."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.central import app as central

UNITS = Path(__file__).resolve().parents[2] / "packaging" / "systemd"


def lines(name: str) -> list[str]:
    return (UNITS / f"{name}.service").read_text().splitlines()


@pytest.mark.parametrize("name", ["prebirka-centre", "prebirka-media", "prebirka-mirror", "prebirka-public"])
def test_a_unit_is_made_of_sections_settings_and_remarks(name: str) -> None:
    assert all(re.fullmatch(r"(#.*|\[\w+\]|[A-Z]\w+=.*|)", line) for line in lines(name))


@pytest.mark.parametrize("name", ["prebirka-centre", "prebirka-media", "prebirka-mirror", "prebirka-public"])
def test_it_runs_as_nobody_special_and_writes_nowhere_else(name: str) -> None:
    said = lines(name)
    assert {"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict"} <= set(said)
    assert any(line.startswith("User=prebirka") for line in said)


def test_the_centre_is_started_by_a_command_that_there_is() -> None:
    (start,) = (line for line in lines("prebirka-centre") if line.startswith("ExecStart="))
    options = re.findall(r"--[a-z]+", start)
    told = CliRunner().invoke(central, ["run", "--help"], env={"COLUMNS": "200"}).output
    assert "central run /var/lib/prebirka/centre" in start
    assert options
    assert all(option in told for option in options)


def test_no_passphrase_stands_in_a_unit() -> None:
    """It comes from a file that root alone reads."""
    assert "LoadCredential=passphrase:/etc/prebirka/passphrase" in lines("prebirka-centre")
    assert not any(line.startswith("Environment=PREBIRKA") for line in lines("prebirka-centre"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_understands_the_centre_s() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=25", UNITS / "prebirka-centre.service"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Unknown" not in done.stderr, done.stderr
