"""`prebirka compare` as a script calls it: what it prints and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.compare import app

RESULTS = (
    '<VYSLEDKY xmlns="http://www.w3.org/namespace/" DATUM_CAS_GENEROVANI="2024-09-21T17:00:00">'
    '<KRZAST CIS_KRZAST="3" POCMANDATU="45"/><CR/></VYSLEDKY>'
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("ours", "official"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "vysledky.xml").write_text(RESULTS, encoding="utf-8")
    return tmp_path / "ours", tmp_path / "official"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_equal_folders_end_with_0_and_the_number_of_values(folders: tuple[Path, Path]) -> None:
    code, output = run(*folders, "--regions", "3")
    assert code == 0
    assert "Values compared: 2\n" in output
    assert "Differences: 0\n" in output
    assert "Not compared, no official document: vysledky_okres" in output


def test_a_difference_is_printed_and_ends_with_1(folders: tuple[Path, Path]) -> None:
    ours, official = folders
    (ours / "vysledky.xml").write_text(RESULTS.replace("45", "55"), encoding="utf-8")
    code, output = run(ours, official)
    assert code == 1
    assert "vysledky: KRZAST 3 @POCMANDATU: 55 ≠ 45\n" in output


def test_nothing_to_compare_ends_with_1(folders: tuple[Path, Path]) -> None:
    ours, official = folders
    (official / "vysledky.xml").unlink()
    assert run(ours, official)[0] == 1


def test_regions_that_are_no_numbers_are_a_usage_error(folders: tuple[Path, Path]) -> None:
    assert run(*folders, "--regions", "3,Plzeň")[0] == 2


BOTH_ROUNDS = (
    '<VYSLEDKY xmlns="http://www.volby.cz/senat/" DATUM_CAS_GENEROVANI="2016-10-15T17:00:00">'
    '<OBVOD CISLO="2" NAZEV="Sokolov"><KANDIDAT PORADOVE_CISLO="1" HLASY_1KOLO="7"{}/>'
    '<UCAST KOLO="1" PLATNE_HLASY="7"/>{}</OBVOD><CELKEM/></VYSLEDKY>'
)
OF_ROUND_2 = (' HLASY_2KOLO="5" ZVOLEN_2KOLO="ZVOLEN"', '<UCAST KOLO="2" PLATNE_HLASY="5"/>')


@pytest.mark.parametrize(
    ("ours", "round_", "code", "said"),
    [
        (BOTH_ROUNDS.format(*OF_ROUND_2), 2, 0, "Differences: 0"),
        (BOTH_ROUNDS.format("", ""), 1, 0, "Differences: 0"),
        (BOTH_ROUNDS.format("", ""), 2, 1, "OBVOD 2 KANDIDAT 1 @HLASY_2KOLO: — ≠ 5"),
        (BOTH_ROUNDS.format(*OF_ROUND_2).replace("7", "8"), 2, 1, "OBVOD 2 UCAST 1 @PLATNE_HLASY: 8 ≠ 7"),
        ("", 2, 1, "Differences: 1"),
    ],
)
def test_the_senate_is_compared_after_a_round(
    tmp_path: Path, ours: str, round_: int, code: int, said: str
) -> None:
    place = tmp_path / "ours" / "current" / "appdata" / "senat" / "20161007" / "odata"
    place.mkdir(parents=True)
    (tmp_path / "official").mkdir()
    (tmp_path / "official" / "vysledky.xml").write_text(BOTH_ROUNDS.format(*OF_ROUND_2), "utf-8")
    if ours:
        (place / "vysledky.xml").write_text(ours, "utf-8")
    ended, output = run(tmp_path / "ours", tmp_path / "official", "--senate-round", round_)
    assert (ended, said in output) == (code, True)
    assert "no official document: vysledky_obce_obvod" in output
