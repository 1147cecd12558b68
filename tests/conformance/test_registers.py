"""The real registers of 2016, 2020, 2024 and the Senate of 2016 are read whole."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app.documents.reference import build, load
from app.documents.registers import read_registers
from app.election.model import Contest
from app.election.reference import Reference
from tests.support.opendata import DATA, children, document, needs_data, rows

pytestmark = needs_data


@cache
def read(*folders: str) -> Reference:
    return read_registers([DATA / folder for folder in folders])


@pytest.mark.parametrize(
    ("year", "precincts", "lists", "candidates", "seats"),
    [
        ("kz2016", 13_660, 269, 11_889, 675),
        ("kz2020", 13_656, 215, 9_726, 675),
        ("kz2024", 13_591, 183, 8_269, 685),
    ],
)
def test_registers_of_a_year(year: str, precincts: int, lists: int, candidates: int, seats: int) -> None:
    found = read(year)
    registered = [x for region in found.regions.values() for x in region.lists.values()]
    assert len(found.precincts) == precincts
    assert len(registered) == lists
    assert sum(len(x.candidates) for x in registered) == candidates
    assert sum(region.seats for region in found.regions.values()) == seats
    assert len(found.municipalities) == 6_331
    assert len([d for d in found.districts.values() if d.region is not None]) == 76


@pytest.mark.parametrize(("year", "separator"), [("kz2016", ","), ("kz2024", ";")])
def test_the_ranges_of_precincts_are_the_precincts_that_reported(year: str, separator: str) -> None:
    reported = {
        (int(row["OBEC"]), int(row["OKRSEK"])): int(row["OKRES"])
        for row in rows(f"{year}/kzt6.csv.gz", separator)
    }
    assert {tuple(p.id): p.district for p in read(year).precincts.values()} == reported


@pytest.mark.parametrize("year", ["kz2016", "kz2020"])
def test_every_region_has_as_many_precincts_as_were_published(year: str) -> None:
    published = {}
    for region in children(document(f"{year}/vysledky.xml.gz"), "KRZAST"):
        turnout = next(children(region, "UCAST"))
        published[int(region.attrib["CIS_KRZAST"])] = int(turnout.attrib["OKRSKY_CELKEM"])
    assert Counter(p.region for p in read(year).precincts.values()) == published


@pytest.mark.parametrize("year", ["kz2016", "kz2020"])
def test_lists_bear_the_names_under_which_they_were_published(year: str) -> None:
    published = {
        (int(region.attrib["CIS_KRZAST"]), int(listed.attrib["KSTRANA"])): (
            listed.attrib["NAZ_STR"],
            int(listed.attrib["VSTRANA"]),
        )
        for region in children(document(f"{year}/vysledky.xml.gz"), "KRZAST")
        for listed in children(region, "STRANA")
    }
    assert {
        (region.number, listed.number): (listed.short_name, listed.party_code)
        for region in read(year).regions.values()
        for listed in region.lists.values()
    } == published


def test_the_joint_election_of_2016_has_both_contests() -> None:
    found = read("kz2016", "senat/20161007", "senat")
    assert found.election.contests == (Contest.REGIONAL, Contest.SENATE_ROUND_1)
    assert len(found.senate_districts) == 27
    contests = [key.contest for key in found.expected]
    assert contests.count(Contest.REGIONAL) == 13_660
    assert contests.count(Contest.SENATE_ROUND_1) == 4_903
    valid = [c for d in found.senate_districts.values() for c in d.candidates.values() if c.valid]
    assert len(valid) == 233


def test_the_table_of_all_senate_candidates_gives_those_of_the_day() -> None:
    one, all_years = (read("kz2016", *folders) for folders in (("senat/20161007", "senat"), ("senat",)))
    assert {n: tuple(d.candidates) for n, d in all_years.senate_districts.items()} == {
        n: tuple(d.candidates) for n, d in one.senate_districts.items()
    }
    assert all(len(d.finalists) in (0, 2) for d in one.senate_districts.values())


def test_the_reference_file_of_a_joint_election_keeps_everything(tmp_path: Path) -> None:
    joint = read("kz2016", "senat/20161007", "senat")
    path = tmp_path / "reference.sqlite"
    build(joint, path)
    assert load(path) == joint
