"""`prebirka station journal export`: for whoever has to answer for the journal, without a window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.station import app
from app.election.errors import KnownError
from app.station.station import Station
from tests.support import busy_journal
from tests.support.station_world import Clock, make_station


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_station(tmp_path)
    with Station.open(made, Clock()) as station:
        busy_journal.fill(station, 60)
    return made


def export(folder: Path, out: Path, *more: str, status: int = 0) -> str:
    arguments = ["journal", "export", str(folder), "--out", str(out), "--operator", "Správce IT", *more]
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


def test_the_whole_journal_is_written_and_the_export_stands_in_it(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "denik.jsonl"
    assert "Rows written: 60" in export(folder, out)
    lines = out.read_text("utf-8").splitlines()
    assert (len(lines), json.loads(lines[0])["exported_by"]) == (61, "Správce IT")
    with Station.open(folder, Clock()) as station:
        last = station.journal.entries(60)[0]
        assert (last.act, last.user, station.journal.first_broken()) == (
            "journal-exported",
            "Správce IT",
            None,
        )


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        (("--act", "accept", "--act", "hold"), 14),
        (("--precinct", "550002/1", "--user", "nikdo"), 0),
        (("--user", "JANA nováková"), 24),
        (("--since", "2024-09-21T14:40:10", "--until", "2024-09-21T14:40:20"), 10),
    ],
)
def test_rows_are_chosen_by_options(folder: Path, tmp_path: Path, more: tuple[str, ...], rows: int) -> None:
    out = tmp_path / "denik.txt"
    assert f"Rows written: {rows}\n" in export(folder, out, "--format", "csv", "--language", "en", *more)
    assert len(out.read_bytes().split(b"\r\n")) == rows + 2
    assert "act;code of the act" in out.read_text("utf-8-sig")


@pytest.mark.parametrize(
    "wrong", [("--precinct", "550001"), ("--precinct", "a/b"), ("--language", "de"), ("--format", "xml")]
)
def test_what_makes_no_sense_is_refused_before_anything_is_written(
    folder: Path, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    export(folder, tmp_path / "d.csv", *wrong, status=2)
    export(folder, tmp_path / "bez-pripony", status=2)
    assert not (tmp_path / "d.csv").exists()
    with Station.open(folder, Clock()) as station:
        assert station.journal.head()[0] == 60


def test_a_file_that_cannot_be_written_says_so(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        export(folder, tmp_path / "neni" / "d.csv")
    assert refused.value.code == "STA-87"
