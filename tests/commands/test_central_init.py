"""`central init` asks for what it was not told, takes a likely answer, and says what comes next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.central.settings import CentreFolder, load
from app.commands import central_init
from app.commands.central import app as command
from app.election.errors import KnownError
from app.election.model import Contest
from app.trust import keys
from app.trust.identity import Identity, Role
from tests.support.house import Clock, House
from tests.support.invented_election import VOTING_ENDS, reference


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which everything that a centre is made of lies, as after the ceremony."""
    house = House(tmp_path, reference(Contest.REGIONAL), Clock(VOTING_ENDS + timedelta(hours=1)))
    key, certificate = house.participant(Identity(Role.CENTRE, house.code))
    keys.save_key(key, tmp_path / "centre.key", None)
    (tmp_path / "centre.pem").write_bytes(certificate.to_pem())
    (tmp_path / "ca.pem").write_bytes(house.authority.to_pem())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_on_a_terminal_enter_takes_what_lies_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(central_init, "has_people", lambda: True)
    told = CliRunner().invoke(command, ["init", "made"], input="\n\n\n\n\n")
    assert told.exit_code == 0, told.output
    assert load(CentreFolder(place / "made")).database == ""
    assert "prebirka central station add made" in told.output
    assert "prebirka central run made" in told.output


def test_a_file_that_is_not_there_is_asked_for_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(central_init, "has_people", lambda: True)
    told = CliRunner().invoke(command, ["init", "made", "--key", "centre.key"], input="neni\nca.pem\n\n\n\n")
    assert told.exit_code == 0, told.output
    assert "There is no file neni" in told.output


def test_a_script_that_forgot_options_is_told_which(place: Path) -> None:
    told = CliRunner().invoke(command, ["init", "made", "--ca", "ca.pem"])
    assert isinstance(told.exception, KnownError)
    assert told.exception.code == "CEN-68"
    assert "--key, --certificate, --reference" in told.exception.en
    assert not (place / "made").exists()
