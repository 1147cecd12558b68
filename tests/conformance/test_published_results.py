"""From the real protocols of 2016 come exactly the documents that the office published."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from app import resources
from app.documents.compare import compare
from app.documents.registers import read_registers
from app.documents.registers.source import unpacked
from app.documents.results import vysledky, vysledky_kandid, vysledky_krajmesta, vysledky_okres
from app.documents.t6 import read_t6
from app.election.complete import complete
from app.election.controls import state
from app.election.model import Contest, Counts, PrecinctId, RegionalProtocol, RegionalReading
from app.election.reference import Reference
from app.election.tally import ElectionTally
from tests.support.opendata import DATA, children, document, needs_data, rows

pytestmark = needs_data

REGIONS = (3, 4, 6, 7, 12)
NIGHT = datetime(2016, 10, 8, 20, tzinfo=UTC)


@cache
def registers() -> Reference:
    return read_registers(DATA / "kz2016")


@cache
def readings() -> tuple[RegionalReading, ...]:
    return tuple(read_t6(DATA / "kz2016", registers(), REGIONS))


def publish(folder: Path, reference: Reference, tally: ElectionTally) -> None:
    (folder / "okresy").mkdir()
    (folder / "vysledky.xml").write_bytes(vysledky(reference, tally, NIGHT))
    (folder / "vysledky_kandid.xml").write_bytes(vysledky_kandid(reference, tally, NIGHT))
    for nuts in reference.district_by_nuts:
        path = folder / "okresy" / f"vysledky_okres_{nuts}.xml"
        path.write_bytes(vysledky_okres(reference, tally, nuts, NIGHT))


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
    publish(tmp_path, registers(), tally)
    result = compare(tmp_path, DATA / "kz2016", REGIONS)
    assert result.differences == []
    assert result.not_compared == []
    assert len(result.documents) == 25
    assert result.values_compared == 94_839
    assert len(compare(tmp_path, DATA / "kz2016", (1, *REGIONS)).differences) > 1_000


def test_regional_cities_are_the_rows_that_the_official_documents_of_their_districts_have() -> None:
    tally = ElectionTally(registers(), Contest.REGIONAL)
    for reading in readings():
        tally.apply(complete(reading))
    root = etree.fromstring(vysledky_krajmesta(registers(), tally, NIGHT))
    etree.XMLSchema(etree.parse(str(resources.path("schemas", "kz_vysledky_krajmesta.xsd")))).assertValid(
        root
    )
    assert root.find("{*}KRZAST[@CIS_KRZAST='3']/{*}OBEC") is None  # not told of Plzeň before 2020
    cities = {4: ("CZ0412", "554961"), 6: ("CZ0513", "563889")}
    cities |= {7: ("CZ0521", "569810"), 12: ("CZ0724", "585068")}
    for number, (nuts, code) in cities.items():
        (ours,) = root.iterfind(f"{{*}}KRZAST[@CIS_KRZAST='{number}']/{{*}}OBEC")
        official = etree.fromstring(unpacked(DATA / "kz2016" / "okresy" / f"{nuts}.xml.gz"))
        (theirs,) = official.iterfind(f"{{*}}OBEC[@CIS_OBEC='{code}']")
        assert [list(x.attrib.items()) for x in ours.iter()] == [
            list(x.attrib.items()) for x in theirs.iter()
        ]


def test_turnout_and_municipalities_of_all_districts_equal_the_official_ones(tmp_path: Path) -> None:
    """Sheets of part 2 are at hand for five regions only, part 1 for all: no value but the votes differs."""
    tally = ElectionTally(registers(), Contest.REGIONAL)
    for row in rows("kz2016/kzt6.csv.gz"):
        counts = (int(row[c]) for c in ("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK"))
        precinct = PrecinctId(int(row["OBEC"]), int(row["OKRSEK"]))
        tally.apply(RegionalProtocol(precinct, int(row["OKRES"]), False, False, Counts(*counts), ()))
    publish(tmp_path, registers(), tally)
    result = compare(tmp_path, DATA / "kz2016", None)
    of_votes = ("STRANA", "ZASTUPITEL", "KANDIDAT")
    assert [str(d) for d in result.differences if not any(name in str(d) for name in of_votes)] == []
    assert len(result.documents) == 78


@pytest.mark.parametrize(("year", "values"), [("kz2016", 42_143), ("kz2020", 35_605)])
def test_names_seats_and_elected_of_all_regions_equal_the_official_ones(
    tmp_path: Path, year: str, values: int
) -> None:
    """From the official sums of all 13 regions, where the precincts' own sheets are not at hand."""
    reference = read_registers(DATA / year)
    tally = ElectionTally(reference, Contest.REGIONAL)
    for region in children(document(f"{year}/vysledky_kandid.xml.gz"), "KRZAST"):
        sums = tally.region[int(region.attrib["CIS_KRZAST"])]
        turnout = next(children(region, "UCAST")).attrib
        for area in (sums, tally.country):
            area.precincts_processed += int(turnout["OKRSKY_ZPRAC"])
            area.registered_voters += int(turnout["ZAPSANI_VOLICI"])
            area.envelopes_issued += int(turnout["VYDANE_OBALKY"])
            area.envelopes_returned += int(turnout["ODEVZDANE_OBALKY"])
            area.valid_votes += int(turnout["PLATNE_HLASY"])
        lists, candidates = (next(children(region, name)) for name in ("STRANY", "KANDIDATI"))
        for listed in lists:
            sums.votes[int(listed.attrib["KSTRANA"])] = int(listed.attrib["POC_HLASU"])
        for each in candidates:
            key = int(each.attrib["KSTRANA"]), int(each.attrib["PORCISLO"])
            sums.preferences[key] = int(each.attrib["HLASY"])
    publish(tmp_path, reference, tally)
    shutil.rmtree(tmp_path / "okresy")
    official = tmp_path / "official"
    official.mkdir()
    for name in ("vysledky.xml.gz", "vysledky_kandid.xml.gz"):
        shutil.copy(DATA / year / name, official)
    result = compare(tmp_path, official, None)
    assert result.differences == []
    assert result.values_compared == values


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


def test_our_error_document_is_the_official_one_of_prague() -> None:
    sample = unpacked(DATA / "feed_samples" / "kz2016_vysledky_okres_CZ0100_chyba.xml").decode()
    official = etree.fromstring(sample.partition("?>")[2])  # it is kept in another encoding than it says
    ours = etree.fromstring(
        vysledky_okres(registers(), ElectionTally(registers(), Contest.REGIONAL), "CZ0100", NIGHT)
    )
    assert [(x.tag, x.text) for x in ours] == [(x.tag, x.text) for x in official]
    etree.XMLSchema(etree.parse(str(resources.path("schemas", "kz_vysledky_okres.xsd")))).assertValid(
        official
    )
