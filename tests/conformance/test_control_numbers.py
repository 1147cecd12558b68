"""Control numbers of every record of the open data 2016 and 2024, as the office stated them."""

import json

import pytest

from app.election.controls import (
    counts_control,
    kc_1,
    lists_mark,
    preference_controls,
    senate_controls,
    sheet_base,
    sheet_controls,
)
from app.election.model import Counts, PrecinctId
from tests.support.opendata import DATA, needs_data, rows

pytestmark = needs_data

SHEETS = ("12", "3", "4", "6", "7")


def _precinct(row: dict[str, str]) -> PrecinctId:
    return PrecinctId(int(row["OBEC"]), int(row["OKRSEK"]))


def _counts(row: dict[str, str]) -> Counts:
    return Counts(*(int(row[name]) for name in ("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK")))


@pytest.mark.parametrize(
    ("table", "delimiter", "records"),
    [("kz2016/kzt6.csv.gz", ",", 13_660), ("kz2024/kzt6.csv.gz", ";", 13_591)],
)
def test_control_numbers_of_every_part_1(table: str, delimiter: str, records: int) -> None:
    seen = 0
    for row in rows(table, delimiter):
        seen += 1
        assert kc_1(_precinct(row)) == int(row["KC_1"]), row
        assert counts_control(_counts(row)) == int(row["KC_2"]), row
    assert seen == records


def test_control_numbers_of_every_sheet_and_the_marks_of_its_part_1() -> None:
    seen = 0
    with_sheet: dict[PrecinctId, list[int]] = {}
    boxes = [(number, f"HLASY_{number:02d}") for number in range(1, 71)]
    for region in SHEETS:
        for row in rows(f"kz2016/kzt6p-{region}.csv.gz"):
            seen += 1
            precinct = _precinct(row)
            preferences = [(number, int(row[box])) for number, box in boxes if row[box] != "0"]
            base = sheet_base(precinct, int(row["OKRES"]), int(row["OPRAVA"]), int(row["CHYBA"]))
            right = sheet_controls(
                base, int(row["KSTRANA"]), int(row["POC_HLASU"]), *preference_controls(preferences)
            )
            stated = tuple(int(row[name]) for name in ("KC_2", "KC_3", "KC_4", "KC_5", "POSL_KAND", "KC_SUM"))
            assert stated == right, row
            assert kc_1(precinct) == int(row["KC_1"])
            with_sheet.setdefault(precinct, []).append(int(row["KSTRANA"]))
    assert seen == 45_908
    marks = {_precinct(row): row["ZAKRSTRANA"] for row in rows("kz2016/kzt6.csv.gz")}
    assert len(with_sheet) == 3_626
    for precinct, numbers in with_sheet.items():
        assert lists_mark(numbers) == marks[precinct]


VECTORS = json.loads((DATA / "test_vectors.json").read_text("utf-8")) if DATA.is_dir() else {}


def _votes(vector: dict[str, dict[str, int]]) -> list[tuple[int, int]]:
    return [(int(number), given) for number, given in vector["HLASY"].items()]


def test_vectors_of_parts_1_and_2() -> None:
    for vector in VECTORS["kc_part1"]:
        assert (kc_1(_precinct(vector)), counts_control(_counts(vector))) == (vector["KC_1"], vector["KC_2"])
    for vector in VECTORS["kc_part2"]:
        base = sheet_base(_precinct(vector), vector["OKRES"], vector["OPRAVA"], vector["CHYBA"])
        right = sheet_controls(
            base, vector["KSTRANA"], vector["POC_HLASU"], *preference_controls(_votes(vector))
        )
        assert right._asdict() == {
            "kc_2": vector["KC_2"],
            "kc_3": vector["KC_3"],
            "kc_4": vector["KC_4"],
            "kc_5": vector["KC_5"],
            "last_candidate": vector["POSL_KAND"],
            "kc_sum": vector["KC_SUM"],
        }


def test_vectors_of_the_presidential_form_whose_pattern_the_senate_form_follows() -> None:
    """T/1 counts OKRES into KC_SUM or not: the vectors tell, and T/5 follows."""
    for vector in VECTORS["kc_single"]:
        right = senate_controls(
            _precinct(vector),
            vector["OPRAVA"],
            vector["CHYBA"],
            vector["KOLO"],
            _counts(vector),
            _votes(vector),
            vector["TYP_FORM"],
        )
        names = ("KC_2", "KC_3", "KC_4", "POSL_KAND", "KC_SUM")
        assert right == tuple(vector[name] for name in names)
