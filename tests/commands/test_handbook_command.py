"""`prebirka station handbook`: the clerk's handbook as files, for the office's intranet or a printer."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.station import app
from app.election.model import Mode
from tests.support import invented_election
from tests.support.station_world import make_station

REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)


@pytest.mark.parametrize(("language", "word"), [("cs", "zkouška"), ("en", "rehearsal")])
def test_the_stations_own_handbook_is_written_out(tmp_path: Path, language: str, word: str) -> None:
    folder, out = make_station(tmp_path, REFERENCE), tmp_path / "out"
    command = ["handbook", str(folder), "--out", str(out), "--language", language]
    result = CliRunner().invoke(app, [*command, "--now", "2024-09-21T12:45:00"])
    assert result.exit_code == 0, result.output
    assert f"**{word}**" in (out / "topic-zkouska.md").read_text("utf-8")
    assert str(len(list(out.iterdir()))) in result.output


def test_a_language_that_is_not_there_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["handbook", str(tmp_path), "--out", str(tmp_path), "--language", "de"])
    assert result.exit_code == 2
    assert "cs / en" in result.output
