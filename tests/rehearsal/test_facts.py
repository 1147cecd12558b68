"""The facts of territory that invented elections are built on are those of the election of 2024."""

from __future__ import annotations

import csv

from app import resources

SENATE = (
    "Sokolov 2, Chomutov 5, Rokycany 8, Domažlice 11, České Budějovice 14, Praha 12 17, Praha 4 20, "
    "Praha 8 23, Praha 2 26, Litoměřice 29, Teplice 32, Jablonec nad Nisou 35, Mladá Boleslav 38, "
    "Benešov 41, Chrudim 44, Náchod 47, Svitavy 50, Třebíč 53, Břeclav 56, Brno-město 59, Prostějov 62, "
    "Šumperk 65, Opava 68, Ostrava-město 71, Karviná 74, Vsetín 77, Zlín 80"
)


def facts(name: str) -> list[dict[str, str]]:
    with resources.path("facts", name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_thirteen_regions_have_685_seats() -> None:
    seats = {row["NAZEVKRZ"]: int(row["MANDATYKRZ"]) for row in facts("regions.csv")}
    assert seats == {
        "Středočeský": 65, "Jihočeský": 55, "Plzeňský": 55, "Karlovarský": 45, "Ústecký": 55,
        "Liberecký": 45, "Královéhradecký": 45, "Pardubický": 45, "Vysočina": 45, "Jihomoravský": 65,
        "Olomoucký": 55, "Zlínský": 45, "Moravskoslezský": 65,
    }  # fmt: skip
    assert sum(seats.values()) == 685
    assert [int(row["KRZAST"]) for row in facts("regions.csv")] == list(range(1, 14))


def test_twenty_seven_senate_districts_vote_in_2024() -> None:
    named = ", ".join(f"{row['NAZEV']} {row['OBVOD']}" for row in facts("senate_districts.csv"))
    assert named == SENATE
    assert {int(row["OBVOD"]) % 3 for row in facts("senate_districts.csv")} == {2}  # one third of 81


def test_seventy_six_districts_lie_in_regions_and_prague_in_none() -> None:
    rows = facts("districts.csv")
    assert len(rows) == 77
    assert [row["NAZEVNUTS"] for row in rows if not row["KRZAST"]] == ["Praha"]
    assert {row["KRZAST"] for row in rows} - {""} == {str(number) for number in range(1, 14)}
    for column in ("OKRES", "NUTS", "NAZEVNUTS"):
        assert len({row[column] for row in rows}) == 77, column


def test_every_senate_district_lies_in_a_district_that_is_there() -> None:
    districts = {row["OKRES"]: row["NAZEVNUTS"] for row in facts("districts.csv")}
    for row in facts("senate_districts.csv"):
        assert row["OKRES"] in districts
        if row["OKRES"] != "1199" and row["NAZEV"] in districts.values():
            assert districts[row["OKRES"]] == row["NAZEV"]
