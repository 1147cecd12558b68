"""Our tables T6 and T6p against the office's own files of 2016, row by row, column by column.

ID_OKRSKY is a number of the office's own and is left out. In 2016 a correction marked only the sheets that
changed; a protocol has its flags once, so where a record's own flags differ from its protocol's, OPRAVA,
CHYBA and the KC_SUM that counts them in differ too, and nothing else does.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator

import pytest

from app.documents.feed.tables import Row, tables
from app.documents.t6 import read_t6
from app.election.complete import complete
from app.election.model import Contest
from tests.conformance.nights import real_reference
from tests.support.opendata import DATA, needs_data, rows

pytestmark = needs_data

_OWN = "ID_OKRSKY"
_FLAGS = ("OPRAVA", "CHYBA", "KC_SUM")


def ours(table: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(table.decode("ascii").splitlines(), delimiter=";")


def without(row: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in row.items() if name not in names}


@pytest.mark.parametrize("region", [3, 4])
def test_every_row_of_a_region_is_the_offices_own(region: int) -> None:
    reference = real_reference()
    protocols = [complete(reading) for reading in read_t6(DATA / "kz2016", reference, [region])]
    made = tables(Contest.REGIONAL, [Row(order, each) for order, each in enumerate(protocols, start=1)])
    districts = {str(each.code) for each in reference.districts.values() if each.region == region}
    official = {
        (row["OBEC"], row["OKRSEK"]): row for row in rows("kz2016/kzt6.csv.gz") if row["OKRES"] in districts
    }
    heads = list(ours(made["t6"]))
    assert len(heads) == len(official) == len(protocols)
    restated = {}
    for head in heads:
        key = head["OBEC"], head["OKRSEK"]
        if head["OPRAVA"] != official[key]["OPRAVA"]:
            restated[key] = head["OPRAVA"]
        assert without(head, _OWN, "OPRAVA") == without(official[key], _OWN, "OPRAVA")
    assert len(restated) <= 20
    sheets = {(s["OBEC"], s["OKRSEK"], s["KSTRANA"]): s for s in ours(made["t6p"])}
    count = 0
    for sheet in rows(f"kz2016/kzt6p-{region}.csv.gz"):
        count += 1
        our = sheets[sheet["OBEC"], sheet["OKRSEK"], sheet["KSTRANA"]]
        assert list(our) == list(sheet), "the columns and their order"
        if our["OPRAVA"] == sheet["OPRAVA"]:
            assert without(our, _OWN) == without(sheet, _OWN)
        else:
            assert without(our, _OWN, *_FLAGS) == without(sheet, _OWN, *_FLAGS)
            assert int(our["KC_SUM"]) - int(our["OPRAVA"]) == int(sheet["KC_SUM"]) - int(sheet["OPRAVA"])
    assert count == len(sheets)


def test_the_header_and_the_layout_are_those_of_2024() -> None:
    with gzip.open(DATA / "kz2024" / "kzt6.csv.gz", "rb") as file:
        header, first = file.readline(), file.readline()
    reference = real_reference()
    protocol = complete(next(iter(read_t6(DATA / "kz2016", reference, [4]))))
    mine, row, end = tables(Contest.REGIONAL, [Row(1, protocol)])["t6"].split(b"\r\n")
    assert (mine + b"\r\n", end) == (header, b"")
    assert (row.count(b";"), row.count(b'"')) == (first.count(b";"), first.count(b'"'))
