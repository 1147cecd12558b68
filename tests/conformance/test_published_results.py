"""From the real protocols of 2016 come exactly the documents that the office published."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from app import resources
from app.documents.compare import compare
from app.documents.registers import read_registers
from app.documents.registers.source import unpacked
from app.documents.results import vysledky, vysledky_kandid, vysledky_okres
from app.documents.t6 import read_t6
from app.election.complete import complete
from app.election.controls import state
from app.election.model import Contest, RegionalReading
from app.election.reference import Reference
from app.election.tally import ElectionTally
from tests.support.opendata import DATA, needs_data

pytestmark = needs_data

REGIONS = (3, 4, 6, 7, 12)
NIGHT = datetime(2016, 10, 8, 20, tzinfo=UTC)


@cache
def registers() -> Reference:
    return read_registers(DATA / "kz2016")


@cache
def readings() -> tuple[RegionalReading, ...]:
    return tuple(read_t6(DATA / "kz2016", registers(), REGIONS))


def test_every_row_of_the_tables_becomes_a_reading() -> None:
    assert len(readings()) == 3_626
    assert sum(len(reading.sheets) for reading in readings()) == 45_908
    assert len({reading.key for reading in readings()}) == 3_626


def test_every_control_number_that_was_stated_is_the_recomputed_one() -> None:
    assert all(state(complete(r), r.election, r.form_version) == r for r in readings())


def test_corrections_come_through_as_corrections() -> None:
    assert sum(reading.corrected or 0 for reading in readings()) == 31


def test_a_region_whose_sheets_are_not_in_the_folder_is_refused() -> None:
    with pytest.raises(Exception, match="T6-02"):
        next(read_t6(DATA / "kz2016", registers(), {1}))


def test_every_value_of_the_three_documents_equals_the_official_one(tmp_path: Path) -> None:
    tally = ElectionTally(registers(), Contest.REGIONAL)
    for reading in readings():
        tally.apply(complete(reading))
    tally.assert_consistent()
    (tmp_path / "okresy").mkdir()
    (tmp_path / "vysledky.xml").write_bytes(vysledky(registers(), tally, NIGHT))
    (tmp_path / "vysledky_kandid.xml").write_bytes(vysledky_kandid(registers(), tally, NIGHT))
    for nuts in registers().district_by_nuts:
        path = tmp_path / "okresy" / f"vysledky_okres_{nuts}.xml"
        path.write_bytes(vysledky_okres(registers(), tally, nuts, NIGHT))
    result = compare(tmp_path, DATA / "kz2016", REGIONS)
    assert result.differences == []
    assert result.not_compared == []
    assert len(result.documents) == 25
    assert result.values_compared == 94_839
    assert len(compare(tmp_path, DATA / "kz2016", (1, *REGIONS)).differences) > 1_000


@pytest.mark.parametrize("kind", ["vysledky", "vysledky_kandid", "vysledky_okres"])
def test_our_schemas_accept_the_official_documents(kind: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(resources.path("schemas", f"kz_{kind}.xsd"))))
    found = (
        sorted((DATA / "kz2016" / "okresy").iterdir())
        if kind == "vysledky_okres"
        else [DATA / year / f"{kind}.xml.gz" for year in ("kz2016", "kz2020")]
    )
    for path in found:
        schema.assertValid(etree.fromstring(unpacked(path)))
