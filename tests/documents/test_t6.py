"""Open-data rows become the readings that a commission's file would have stated."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from app.documents.registers import RegisterError
from app.documents.t6 import read_t6
from app.election.model import Contest, RegionalReading
from tests.support.invented_election import protocols, reference, stated

HEAD = (
    *("ID_OKRSKY", "TYP_FORM", "OPRAVA", "CHYBA", "OKRES", "OBEC", "OKRSEK", "KC_1"),
    *("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK", "KC_2", "ZAKRSTRANA"),
)
BOXES = tuple(f"HLASY_{n:02d}" for n in range(1, 71))
SHEET = (
    *("ID_OKRSKY", "TYP_FORM", "OPRAVA", "CHYBA", "OKRES", "OBEC", "OKRSEK", "KC_1", "KSTRANA", "POC_HLASU"),
    *("KC_2", *BOXES, "KC_3", "KC_4", "KC_5", "POSL_KAND", "KC_SUM"),
)
REFERENCE = reference()


def readings() -> list[RegionalReading]:
    found = [stated(REFERENCE, protocol) for protocol in protocols(REFERENCE, Contest.REGIONAL)]
    return [reading for reading in found if isinstance(reading, RegionalReading)]


def blank(value: int | None) -> str:
    return "" if value is None else str(value)


def part_1(reading: RegionalReading) -> list[str]:
    own = (1, reading.form_type, reading.corrected, reading.passable_error, reading.district)
    numbers = (*own, *reading.precinct, reading.kc_1, *reading.counts, reading.kc_2)
    return [*map(blank, numbers), reading.lists_mark]


def part_2(reading: RegionalReading, oprava: int | None = None) -> list[list[str]]:
    rows = []
    for s in reading.sheets:
        filled = dict(s.preferences)
        flag = reading.corrected if oprava is None else oprava
        numbers = (1, 2, flag, reading.passable_error, reading.district, *reading.precinct, reading.kc_1)
        boxes = (filled.get(number, 0) for number in range(1, 71))
        controls = (s.kc_3, s.kc_4, s.kc_5, s.last_candidate, s.kc_sum)
        rows.append([*map(blank, (*numbers, s.list_number, s.votes, s.kc_2, *boxes, *controls))])
    return rows


def table(columns: tuple[str, ...], rows: list[list[str]], separator: str = ",") -> bytes:
    return "\n".join(separator.join(row) for row in [columns, *rows]).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = readings()
    (tmp_path / "kzt6.csv").write_bytes(table(HEAD, [part_1(reading) for reading in made], ";"))
    for region in (1, 2):
        of_region = [r for r in made if REFERENCE.districts[r.district or 0].region == region]
        data = table(SHEET, [row for reading in of_region for row in part_2(reading)])
        (tmp_path / f"kzt6p-{region}.csv.gz").write_bytes(gzip.compress(data))
    return tmp_path


def test_every_precinct_is_stated_as_it_stands_in_the_tables(folder: Path) -> None:
    assert list(read_t6(folder, REFERENCE)) == readings()


def test_only_the_wanted_regions_are_read(folder: Path) -> None:
    found = list(read_t6(folder, REFERENCE, {2}))
    assert {REFERENCE.districts[r.district or 0].region for r in found} == {2}
    assert found == [r for r in readings() if r.precinct.municipality == 550004]


def test_a_region_without_sheets_is_refused_by_name(folder: Path) -> None:
    (folder / "kzt6p-2.csv.gz").unlink()
    assert len(list(read_t6(folder, REFERENCE, {1}))) > 0
    with pytest.raises(RegisterError, match="T6-02") as caught:
        list(read_t6(folder, REFERENCE))
    assert "kraje 2" in caught.value.cs


def test_a_blank_stays_blank_and_wrong_control_numbers_stay_wrong(folder: Path) -> None:
    first = replace(readings()[0], corrected=None, kc_2=99_999)
    first = replace(first, counts=first.counts._replace(envelopes_returned=None))
    rest = [part_1(reading) for reading in readings()[1:]]
    (folder / "kzt6.csv").write_bytes(table(HEAD, [part_1(first), *rest]))
    assert next(iter(read_t6(folder, REFERENCE))) == first


def test_a_form_is_corrected_when_one_of_its_sheets_is(folder: Path) -> None:
    """The sheet's own KC_SUM counted its own flag; now all sheets count the form's."""
    plain = readings()[0]
    sheets = part_2(plain)
    sheets[0] = part_2(replace(plain, sheets=plain.sheets[:1]), oprava=1)[0]
    sheets[0][-1] = str(int(sheets[0][-1]) + 1)
    others = [row for r in readings()[1:] if r.district != 3101 for row in part_2(r)]
    (folder / "kzt6p-1.csv.gz").write_bytes(table(SHEET, [*sheets, *others]))
    found = next(iter(read_t6(folder, REFERENCE)))
    assert found.corrected == 1
    assert [s.kc_sum for s in found.sheets] == [(s.kc_sum or 0) + 1 for s in plain.sheets]
    assert [s._replace(kc_sum=0) for s in found.sheets] == [s._replace(kc_sum=0) for s in plain.sheets]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("kzt6.csv", b"TYP_FORM;OPRAVA\n1;0\n", "T6-03"),
        ("kzt6.csv", table(HEAD, [["1", "1", "0", "0", "4101"]]), "T6-04"),
        ("kzt6.csv", table(HEAD, [[*part_1(readings()[0])[:8], "x12", *part_1(readings()[0])[9:]]]), "T6-05"),
    ],
)
def test_a_damaged_table_is_named(folder: Path, name: str, data: bytes, code: str) -> None:
    (folder / name).write_bytes(data)
    with pytest.raises(RegisterError, match=code) as caught:
        list(read_t6(folder, REFERENCE))
    assert name in caught.value.cs


@pytest.mark.parametrize("stem", ["kzt6", "kzt6p"])
def test_a_missing_table_is_named(folder: Path, stem: str) -> None:
    for path in folder.glob(f"{stem}[.-]*"):
        path.unlink()
    with pytest.raises(RegisterError, match="T6-01") as caught:
        list(read_t6(folder, REFERENCE))
    assert f"tabulka {stem} " in caught.value.cs
