"""Wrong arguments of `rehearse` and `demo`: one clear sentence, exit status 2, nothing begun."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import root
from tests.support.opendata import DATA, needs_data


def refused(*arguments: object) -> str:
    """What the command says on its error output; it has to end with 2 and print nothing else."""
    run = CliRunner().invoke(root, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    assert run.exit_code == 2, run.output
    assert run.stdout.strip() == ""
    czech, english = run.stderr.strip().splitlines()
    assert czech.startswith("Chyba: ")
    assert english.startswith("Error: ")
    return run.stderr


def test_regions_that_are_no_numbers(tmp_path: Path) -> None:
    assert "Kraje „3,Plzeň“ nelze přečíst." in refused(
        "rehearse", "--replay", tmp_path, "--regions", "3,Plzeň"
    )


def test_regions_without_a_replay() -> None:
    assert "Přidejte --replay" in refused("rehearse", "--regions", "3")


def test_a_folder_of_open_data_that_is_not_there(tmp_path: Path) -> None:
    assert "neexistuje" in refused("rehearse", "--replay", tmp_path / "kz2016")


def test_a_folder_of_open_data_with_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "kz2016").mkdir()
    assert "kzcoco" in refused("rehearse", "--replay", tmp_path / "kz2016")


def test_more_transfer_points_than_precincts() -> None:
    assert "nelze je rozdělit" in refused("rehearse", "--precincts", 3, "--stations", 5)


@pytest.mark.parametrize("command", ["rehearse --out", "demo --no-window --folder"])
def test_a_folder_for_the_results_that_is_not_empty(tmp_path: Path, command: str) -> None:
    (tmp_path / "lists.txt").write_text("mine", "utf-8")
    assert "není prázdná" in refused(*command.split(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lists.txt"]


@pytest.mark.parametrize(
    "arguments",
    ["rehearse --precincts 0", "rehearse --stations 0", "rehearse --kills -1", "demo --precincts 178"],
)
def test_a_number_out_of_its_range(arguments: str) -> None:
    run = CliRunner().invoke(root, arguments.split())
    assert run.exit_code == 2
    assert "Invalid value for '--" in run.stderr


def copy_without(folder: Path, *left_out: str) -> Path:
    """The open data of 2016 without the tables whose names begin so."""
    folder.mkdir()
    for path in (DATA / "kz2016").glob("*.gz"):
        if not path.name.startswith(left_out):
            (folder / path.name).symlink_to(path)
    return folder


@needs_data
def test_a_folder_without_sheets(tmp_path: Path) -> None:
    folder = copy_without(tmp_path / "kz2016", "kzt6p")
    assert "kzt6p" in refused("rehearse", "--replay", folder)


@needs_data
def test_a_region_without_sheets() -> None:
    assert "z kraje 5" in refused("rehearse", "--replay", DATA / "kz2016", "--regions", "5")


@needs_data
def test_a_region_that_does_not_exist() -> None:
    assert "z krajů: 99" in refused("rehearse", "--replay", DATA / "kz2016", "--regions", "4,99")


@needs_data
def test_a_table_of_another_election_than_the_registers(tmp_path: Path) -> None:
    folder = copy_without(tmp_path / "kz2016", "kzt6.", "kzt6p-12", "kzt6p-3", "kzt6p-6", "kzt6p-7")
    with gzip.open(DATA / "kz2016" / "kzt6.csv.gz", "rt", encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    column, district = rows[0].index("OKRSEK"), rows[0].index("OKRES")
    first = next(row for row in rows[1:] if row[district] == "4101")
    first[column] = "54321"
    with (folder / "kzt6.csv").open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)
    assert "54321" in refused("rehearse", "--replay", folder, "--regions", "4")


def test_a_senate_result_without_a_replay(tmp_path: Path) -> None:
    assert "Přidejte --replay" in refused("rehearse", "--senate", tmp_path)


@needs_data
def test_a_senate_result_that_is_not_there(tmp_path: Path) -> None:
    told = refused("rehearse", "--replay", DATA / "kz2016", "--senate", tmp_path)
    assert "není úřední dokument vysledky" in told or "Senát" in told
