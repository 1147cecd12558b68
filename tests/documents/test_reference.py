"""The reference file: what is put in comes out, the same bytes each time, a point at a time."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.documents.reference import FORMAT, ReferenceFileError, build, load, opened
from app.election.model import Counts, Mode, PrecinctId
from app.election.reference import ElectionRules, Reference, Round1Area, Round1Result
from app.election.thresholds import Thresholds
from tests.support.invented_election import OTHER_POINT, POINT, reference, round_2_reference


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reference.sqlite"
    build(reference(), path)
    return path


def rich_reference() -> Reference:
    """Everything that may be there, is there."""
    plain = round_2_reference()
    election = replace(
        plain.election,
        mode=Mode.REHEARSAL,
        rules=ElectionRules(preferences_per_ballot=3, form_version="2"),
        severities={"LG-02": "B", "PL-01": "I"},
        thresholds=Thresholds(pl_03_share=Fraction(7, 100), pl_04_missing=6),
        feed={"TYP_OBEC": "1"},
        round1_date=date(2024, 9, 13),
    )
    first = PrecinctId(550001, 1)
    precinct = replace(
        plain.precincts[first],
        expected_voters=812,
        seat="Škola, Dlouhá 3",
        contact="601 000 000",
        previous_voters=799,
        previous_issued=301,
    )
    named = replace(plain.municipalities[550002], presented_under=550001, presented_name="Horní Lhota")
    part = Round1Area(3, 3, Counts(900, 300, 299, 290), {1: 90, 3: 100, 5: 100})
    round1 = Round1Result(6, 6, Counts(1900, 700, 699, 690), {1: 190, 3: 250, 5: 250}, None, {550001: part})
    decided = Round1Result(2, 2, Counts(500, 200, 199, 190), {1: 150, 4: 40}, elected=1)
    senate = {2: replace(plain.senate_districts[2], round1=round1)}
    senate[17] = replace(plain.senate_districts[17], finalists=(), round1=decided)
    return replace(
        plain,
        election=election,
        senate_districts=senate,
        precincts={**plain.precincts, first: precinct},
        municipalities={**plain.municipalities, 550002: named},
    )


@pytest.mark.parametrize("make", [reference, rich_reference])
def test_what_is_put_in_comes_out_in_the_same_order(tmp_path: Path, make) -> None:
    path = tmp_path / "reference.sqlite"
    build(make(), path)
    found, wanted = load(path), make()
    assert found == wanted
    assert list(found.precincts) == sorted(wanted.precincts)
    assert found.election.calendar.voting_ends.tzinfo is not None


def test_a_file_that_was_built_before_round_1_was_kept_in_it_is_read_without_it(file: Path) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("DROP TABLE senate_round1")
        connection.execute("DROP TABLE senate_round1_votes")
    connection.close()
    assert load(file) == reference()
    assert load(file).election.senate_date == reference().election.date


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, file: Path) -> None:
    again = tmp_path / "again.sqlite"
    shuffled = reference()
    build(replace(shuffled, precincts=dict(reversed(shuffled.precincts.items()))), again)
    assert again.read_bytes() == file.read_bytes()


def test_a_station_gets_its_own_point_only(file: Path) -> None:
    own, other = load(file, POINT), load(file, OTHER_POINT)
    assert {p.transfer_point for p in own.precincts.values()} == {POINT}
    assert {p.id for p in own.precincts.values()} == {p.id for p in reference().of_transfer_point(POINT)}
    assert list(own.regions) == [1]
    assert own.regions[1] == reference().regions[1]
    assert list(own.municipalities) == [550001, 550002]
    assert list(own.districts) == [4101]
    assert list(own.senate_districts) == [2]
    assert list(other.regions) == [1, 2]
    assert list(other.senate_districts) == [2, 17]
    assert own.election == load(file).election


def test_a_point_that_is_not_there_is_said(file: Path) -> None:
    with pytest.raises(ReferenceFileError, match="REF-05"):
        load(file, 999)


def test_the_file_is_read_only_and_its_tables_are_strict(file: Path) -> None:
    with opened(file) as connection:
        with pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM precinct")
        tables = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table'").fetchall()
    assert all(sql.rstrip().endswith("STRICT") for (sql,) in tables if "sqlite_stat" not in sql)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match="REF-02"):
        load(tmp_path / "reference.sqlite")


@pytest.mark.parametrize("data", [b"", b"not a database at all", b"SQLite format 3\0" + b"\0" * 4080])
def test_a_file_that_is_no_reference_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "reference.sqlite"
    path.write_bytes(data)
    with pytest.raises(ReferenceFileError, match="REF-04"):
        load(path)


def test_a_damaged_file_is_refused(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(ReferenceFileError, match="REF-04"):
        load(file)


def test_another_format_is_refused(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(ReferenceFileError, match="REF-03"):
        load(file)


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM threshold WHERE name = 'pl_03_share'", "INSERT INTO threshold VALUES ('pl_99_new', '1')"],
)
def test_thresholds_that_this_program_does_not_know_are_refused_not_guessed(file: Path, change: str) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(ReferenceFileError, match="REF-10"):
        load(file)


def test_a_file_that_cannot_be_written_leaves_the_old_one(file: Path, monkeypatch) -> None:
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ReferenceFileError, match="REF-01"):
        build(rich_reference(), file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]
