"""`prebirka station audit verify`, `backup`, `drill` and `restore`, as people type them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.station import app
from app.election.errors import KnownError
from app.election.model import Mode
from app.station.config import KEY_FILE
from app.station.station import Station
from app.station.store import STORE_FILE
from tests.support import invented_election
from tests.support.busy_station import offered
from tests.support.station_world import CLERK, Clock, make_station, protocols

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_station(tmp_path, REFERENCE)
    with Station.open(made, Clock()) as station:
        protocol = next(iter(protocols(REFERENCE).values()))
        station.intake.accept(offered(station, REFERENCE, protocol), CLERK)
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def test_a_whole_store_is_told_whole_with_its_heads(folder: Path) -> None:
    told = run("audit", "verify", folder, "--centre")
    assert "V pořádku" in told
    assert "Ústředí neodpovědělo" in told
    with Station.open(folder, Clock()) as station:
        assert station.journal.head()[1] in told


def test_the_first_broken_row_is_named(folder: Path) -> None:
    db = sqlite3.connect(folder / STORE_FILE)
    db.execute("DROP TRIGGER versions_keep")
    db.execute("UPDATE versions SET accepted_by = 'Někdo Jiný'")
    db.commit()
    db.close()
    told = run("audit", "verify", folder, status=1)
    assert "PORUŠENO · BROKEN: versions [1] [AUD-10]" in told
    assert "trigger versions_keep" in told


def test_a_copy_is_made_drilled_and_restored(folder: Path, place: Path, tmp_path: Path) -> None:
    assert "Deník · Journal: 1" in run("backup", folder, "--place", place)
    assert "převzato · accepted 1" in run("drill", folder, "--place", place)
    target = tmp_path / "new"
    told = run(
        "restore", "--from", place, "--to", target, "--key", folder / KEY_FILE, "--without-centre",
        "--user", "Technik",
    )  # fmt: skip
    assert "Obnoveno · Restored: 41-1" in told
    assert "V pořádku" in run("audit", "verify", target)
    with Station.open(target, Clock()) as station:
        assert station.progress().accepted == 1


def test_what_cannot_be_is_said(folder: Path, place: Path, tmp_path: Path) -> None:
    for code, arguments in (
        ("BAK-01", ("backup", folder)),
        ("BAK-01", ("drill", folder)),
        ("BAK-04", ("drill", folder, "--place", place)),
        ("BAK-02", ("backup", folder, "--place", tmp_path / "nowhere")),
        ("BAK-04", ("restore", "--from", place, "--to", tmp_path / "new")),
    ):
        with pytest.raises(KnownError, match=code):
            run(*arguments)


def test_of_several_stations_one_has_to_be_named(folder: Path, place: Path, tmp_path: Path) -> None:
    other = make_station(tmp_path, REFERENCE, workstation=2)
    Station.open(other, Clock()).close()
    for each in (folder, other):
        run("backup", each, "--place", place)
    target = tmp_path / "new"
    with pytest.raises(KnownError, match="41-1, 41-2"):
        run("restore", "--from", place, "--to", target, "--without-centre")
    told = run(
        "restore", "--from", place, "--to", target, "--without-centre", "--station", "41-2",
        "--key", other / KEY_FILE,
    )  # fmt: skip
    assert "41-2" in told
