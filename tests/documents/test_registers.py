"""Registers of any shape become the same reference data; what is wrong with them is said by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.documents.document_errors import DocumentError
from app.documents.registers import (
    RegisterError,
    Settings,
    guess,
    read_registers,
    with_contacts,
    with_previous,
)
from app.documents.registers.lists import published_name
from app.documents.registers.settings import calendar, known_elections
from app.election.model import Contest, Mode, PrecinctId
from app.election.reference import Municipality
from tests.support.registers import REGISTERS, SHAPES, as_csv, as_xml, write_registers

SETTINGS = Settings("kz2024", "Zkušební volby", date(2024, 9, 20))
PRAGUE = ZoneInfo("Europe/Prague")


@pytest.fixture
def commas(tmp_path: Path) -> Path:
    return write_registers(tmp_path / "kz2024", SHAPES["commas"])


def changed(table: str, column: str, value: object, row: int = 0) -> dict[str, tuple]:
    columns, rows = REGISTERS[table]
    new = [list(r) for r in rows]
    new[row][columns.index(column)] = value
    return {**REGISTERS, table: (columns, new)}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_reference_data(tmp_path: Path, commas: Path, shape: str) -> None:
    folder = write_registers(tmp_path / "other", SHAPES[shape])
    assert read_registers(folder, SETTINGS) == read_registers(commas, SETTINGS)


def test_what_the_registers_say_is_what_is_read(commas: Path) -> None:
    found = read_registers(commas, SETTINGS)
    assert [(r.number, r.name, r.seats, list(r.lists)) for r in found.regions.values()] == [
        (1, "Severní", 5, [2, 7]),
        (2, "Jižní", 7, [2]),
    ]
    listed = found.regions[1].lists[2]
    assert (listed.party_code, listed.name, listed.short_name) == (
        53,
        "Občanská jednota, z. s.",
        "Občanská jednota",
    )
    first = listed.candidates[1]
    assert (first.first_name, first.last_name, first.title_before, first.title_after) == (
        "Žofie",
        "Ťoková",
        "Mgr.",
        "Ph.D.",
    )
    assert [c.valid for c in listed.candidates.values()] == [True, False]
    assert found.municipalities[550011] == Municipality(550011, "Plzeň 1", 4101, 41, 554791, "Plzeň")
    assert {d.code: (d.nuts, d.region) for d in found.districts.values()} == {
        1100: ("", None),
        1199: ("CZ0100", None),
        3101: ("CZ0311", 2),
        4101: ("CZ0411", 1),
    }
    assert found.election.contests == (Contest.REGIONAL, Contest.SENATE_ROUND_1)


def test_precincts_are_the_union_of_regional_and_senate_ranges(commas: Path) -> None:
    found = read_registers(commas, SETTINGS)
    assert {tuple(p.id): (p.region, p.senate_district) for p in found.precincts.values()} == {
        (500054, 1): (None, 2),
        (500054, 5): (None, 2),
        (500054, 6): (None, 2),
        (500054, 9): (None, 2),
        (550001, 1): (1, None),
        (550001, 2): (1, 2),
        (550002, 0): (2, None),
        (550002, 1): (2, None),
        (550011, 1001): (1, None),
        (550011, 1002): (1, None),
        (550012, 2001): (1, None),
    }
    assert list(found.precincts) == sorted(found.precincts)
    assert found.precincts[PrecinctId(550012, 2001)].transfer_point == 42


def test_senate_districts_have_candidates_and_finalists_when_known(commas: Path) -> None:
    senate = read_registers(commas, SETTINGS).senate_districts
    assert list(senate) == [2]
    assert senate[2].name == "Lhotsko"
    assert senate[2].finalists == (1, 3)
    assert {c.number: (c.valid, c.party_code) for c in senate[2].candidates.values()} == {
        1: (True, 53),
        2: (False, 60),
        3: (True, 7),
    }


def test_round_2_is_only_the_senate(commas: Path) -> None:
    found = read_registers(commas, replace(SETTINGS, senate_round=2))
    assert found.election.contests == (Contest.SENATE_ROUND_2,)
    assert len(found.expected) == 5


def test_regional_and_senate_registers_may_lie_in_two_folders(tmp_path: Path, commas: Path) -> None:
    shape = SHAPES["commas"]
    senate = ("secoco", "secobv", "serk")
    regional = write_registers(tmp_path / "kz", shape, without=senate)
    other = write_registers(tmp_path / "se", shape, {n: REGISTERS[n] for n in senate})
    assert read_registers([regional, other], SETTINGS) == read_registers(commas, SETTINGS)
    assert read_registers(regional, SETTINGS).election.contests == (Contest.REGIONAL,)
    alone = read_registers(other, SETTINGS)
    assert alone.election.contests == (Contest.SENATE_ROUND_1,)
    assert not alone.regions


def test_without_the_register_of_lists_names_come_from_the_register_of_parties(tmp_path: Path) -> None:
    columns, rows = REGISTERS["kzrk"]
    party = {(1, 2): 53, (1, 7): 715, (1, 9): 60, (2, 2): 53}
    kand = ((*columns, "VSTRANA"), [(*row, party[row[0], row[1]]) for row in rows])
    tables = {name: table for name, table in REGISTERS.items() if name not in ("kzrk", "kzrkl")}
    folder = write_registers(tmp_path / "kz", SHAPES["tabs"], {**tables, "kand": kand})
    lists = read_registers(folder, SETTINGS).regions[1].lists
    assert [(x.number, x.short_name) for x in lists.values()] == [
        (2, "Občanská jednota"),
        (7, "SZ - ZA ZVÍŘATA"),
        (9, "Odstoupivší"),
    ]


@pytest.mark.parametrize(
    ("abbreviated", "full", "official", "published"),
    [
        (
            "Úsvit s Blokem proti  islamiz.",
            "Úsvit s Blokem proti islamizaci",
            "",
            "Úsvit s Blokem proti islamiz.",
        ),
        ("Strana zelených", "Strana zelených - ZA ZVÍŘATA", "SZ - ZA ZVÍŘATA", "SZ - ZA ZVÍŘATA"),
        ("Strana zelených", "Strana zelených - ZA ZVÍŘATA", "", "Strana zelených"),
        ("Moravané", "Moravané, pro zachování Moravy", "Moravané", "Moravané"),
        ("ROZUMNÍ - Petr H.", "ROZUMNÍ - Petr H. - za spravedlnost", "Rozumní", "ROZUMNÍ - Petr H."),
    ],
)
def test_the_published_name_of_a_list(abbreviated: str, full: str, official: str, published: str) -> None:
    assert published_name(abbreviated, full, official) == published


def test_published_names_can_be_overridden_by_a_file(commas: Path) -> None:
    (commas / "nazvy.csv").write_text("KRZAST,KSTRANA,NAZ_STR\n1,7,Zvířata\n,2,Jednota\n", encoding="utf-8")
    found = read_registers(commas, SETTINGS)
    assert [x.short_name for r in found.regions.values() for x in r.lists.values()] == [
        "Jednota",
        "Zvířata",
        "Jednota",
    ]


@pytest.mark.parametrize(
    ("tables", "code", "named"),
    [
        (changed("kzcoco", "CPOU", "x41"), "REG-05", "CPOU"),
        (changed("kzcoco", "KRZAST", 2), "REG-09", "4101"),
        (changed("kzrkl", "KRZAST", 1, row=3), "REG-16", "2"),
        (changed("kzrk", "KRZAST", 1, row=4), "REG-17", "2"),
        ({**REGISTERS, "kzcoco": ((), ())}, "REG-04", "kzcoco"),
    ],
)
def test_what_is_wrong_in_a_register_is_named(
    tmp_path: Path, tables: dict[str, tuple], code: str, named: str
) -> None:
    folder = write_registers(tmp_path / "kz", as_csv(","), tables)
    with pytest.raises(RegisterError) as caught:
        read_registers(folder, SETTINGS)
    assert caught.value.code == code
    assert named in caught.value.cs


@pytest.mark.parametrize("name", ["kzciskr", "kzrk", "serk"])
def test_a_register_that_is_needed_and_missing_is_named(tmp_path: Path, name: str) -> None:
    folder = write_registers(tmp_path / "kz", SHAPES["commas"], without=[name])
    with pytest.raises(RegisterError, match="REG-01") as caught:
        read_registers(folder, SETTINGS)
    assert name in caught.value.cs


def test_a_precinct_in_two_senate_districts_is_refused(tmp_path: Path) -> None:
    columns, rows = REGISTERS["secoco"]
    twice = list(rows[1])
    twice[columns.index("OBVOD")] = 3
    tables = {**REGISTERS, "secoco": (columns, [*rows, twice])}
    with pytest.raises(RegisterError, match="REG-10"):
        read_registers(write_registers(tmp_path / "kz", as_csv(","), tables), SETTINGS)


def test_optional_registers_may_be_missing(tmp_path: Path) -> None:
    folder = write_registers(tmp_path / "kz", SHAPES["commas"], without=["cvs", "cnumnuts", "secobv"])
    found = read_registers(folder, SETTINGS)
    assert found.districts[4101].nuts == "CZ0411"  # from the facts that come with the program
    assert found.regions[1].lists[7].short_name == "Strana zelených"
    assert found.senate_districts[2].name == "2"


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b'<!DOCTYPE X [<!ENTITY a "b">]><X>&a;</X>', DocumentError, "DOC-12"),
        (b"<X><R></X>", RegisterError, "REG-11"),
        (b"\x1f\x8b\x08damaged", RegisterError, "REG-02"),
        (b"", RegisterError, "REG-04"),
    ],
)
def test_damaged_and_hostile_registers_are_refused(
    commas: Path, data: bytes, kind: type[Exception], code: str
) -> None:
    (commas / "kzcoco.csv").write_bytes(data)
    with pytest.raises(kind) as caught:
        read_registers(commas, SETTINGS)
    assert caught.value.code == code


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="REG-06"):
        read_registers(tmp_path / "nic", SETTINGS)


def test_a_folder_without_any_territory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="REG-15"):
        read_registers(tmp_path, SETTINGS)


def test_the_shortest_name_wins_and_a_longer_stem_is_another_register(tmp_path: Path) -> None:
    folder = write_registers(tmp_path / "kz", as_xml("utf-8"))
    (folder / "kzcocox.xml").write_bytes(b"<X/>")
    (folder / "kzcoco-2012.xml").write_bytes(b"<X/>")
    assert len(read_registers(folder, SETTINGS).municipalities) == 5


# --- which election it is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "day", "threshold", "feed"),
    [
        ("kz2008", date(2008, 10, 17), Fraction(1, 10), {}),
        ("data/KZ2016", date(2016, 10, 7), Fraction(1, 20), {}),
        ("kz2020_registers", date(2020, 10, 2), Fraction(1, 20), {"TYP_OBEC": "1"}),
        ("kz2024/rozbaleno", date(2024, 9, 20), Fraction(1, 20), {"TYP_OBEC": "1"}),
    ],
)
def test_the_folder_tells_the_election(
    tmp_path: Path, folder: str, day: date, threshold: Fraction, feed: dict[str, str]
) -> None:
    settings = guess(tmp_path / folder)
    assert settings.date == day
    assert settings.rules.preference_threshold == threshold
    assert settings.feed == feed
    assert settings.mode is Mode.REHEARSAL


def test_what_is_given_is_kept() -> None:
    settings = guess(Path("kz2024"), code="kz2028", day=date(2028, 10, 6), mode=Mode.LIVE, name="Volby")
    assert (settings.code, settings.date, settings.mode, settings.name) == (
        "kz2028",
        date(2028, 10, 6),
        Mode.LIVE,
        "Volby",
    )
    assert settings.feed == {"TYP_OBEC": "1"}


@pytest.mark.parametrize("arguments", [{}, {"code": "kz2028"}])
def test_an_election_that_cannot_be_told_is_asked_for(tmp_path: Path, arguments: dict[str, str]) -> None:
    with pytest.raises(RegisterError, match="REG-08"):
        guess(tmp_path / "cokoli", **arguments)


def test_voting_ends_on_saturday_at_two_and_delivery_a_day_later() -> None:
    times = calendar(date(2024, 9, 20))
    assert times.voting_begins == datetime(2024, 9, 20, 14, tzinfo=PRAGUE)
    assert times.voting_ends == datetime(2024, 9, 21, 14, tzinfo=PRAGUE)
    assert times.delivery_ends == datetime(2024, 9, 22, 14, tzinfo=PRAGUE)


def test_24_hours_are_24_hours_when_the_clocks_change() -> None:
    times = calendar(date(2024, 10, 25))  # Saturday 26; the clocks go back in the night to Sunday
    assert times.delivery_ends.timestamp() - times.voting_ends.timestamp() == 24 * 3600
    assert times.delivery_ends.hour == 13


def test_known_elections_vote_from_a_friday() -> None:
    days = [date.fromisoformat(row["DATUMVOLEB"]) for row in known_elections().values()]
    assert days == sorted(days)
    assert {day.weekday() for day in days} == {4}


# --- the previous election ----------------------------------------------------------------------------


def previous(folder: Path, *rows: str) -> Path:
    folder.mkdir()
    head = "OKRES;OBEC;OKRSEK;VOL_SEZNAM;VYD_OBALKY"
    (folder / "kzt6.csv").write_text("\n".join((head, *rows)) + "\n", "utf-8")
    return folder


def test_the_previous_election_tells_expected_voters_and_turnout(commas: Path, tmp_path: Path) -> None:
    plain = read_registers(commas, SETTINGS)
    then = previous(tmp_path / "kz2020", "4101;550001;1;812;301", "4101;550099;1;5;5")
    found = with_previous(plain, then)
    precinct = found.precincts[PrecinctId(550001, 1)]
    assert (precinct.expected_voters, precinct.previous_voters, precinct.previous_issued) == (812, 812, 301)
    other = PrecinctId(550001, 2)
    assert found.precincts[other] == plain.precincts[other]
    assert found.precincts.keys() == plain.precincts.keys()


def test_an_expected_number_that_is_known_already_stands(commas: Path, tmp_path: Path) -> None:
    plain, first = read_registers(commas, SETTINGS), PrecinctId(550001, 1)
    newer = {**plain.precincts, first: replace(plain.precincts[first], expected_voters=790)}
    then = previous(tmp_path / "kz2020", "4101;550001;1;812;301")
    found = with_previous(replace(plain, precincts=newer), then).precincts[first]
    assert (found.expected_voters, found.previous_voters) == (790, 812)


def test_a_folder_without_the_previous_table_is_said(commas: Path, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="REG-18"):
        with_previous(read_registers(commas, SETTINGS), tmp_path)


def test_a_previous_table_with_a_blank_is_said(commas: Path, tmp_path: Path) -> None:
    then = previous(tmp_path / "kz2020", "4101;550001;1;;301")
    with pytest.raises(RegisterError, match="REG-05"):
        with_previous(read_registers(commas, SETTINGS), then)


# --- contacts of commissions --------------------------------------------------------------------------


def contacts(folder: Path, *rows: str) -> Path:
    path = folder / "kontakty.csv"
    path.write_text("\n".join(("OBEC;OKRSEK;JMENO;TELEFON;SIDLO", *rows)) + "\n", "utf-8")
    return path


def test_contacts_and_seats_come_from_a_table_of_ones_own(commas: Path, tmp_path: Path) -> None:
    plain = read_registers(commas, SETTINGS)
    table = contacts(tmp_path, "550001;1;Růžena Kůrková;601 000 000;škola", "550001;2;;602 000 000;")
    found = with_contacts(plain, table).precincts
    first, second = found[PrecinctId(550001, 1)], found[PrecinctId(550001, 2)]
    assert (first.contact, first.seat) == ("Růžena Kůrková, 601 000 000", "škola")
    assert (second.contact, second.seat) == ("602 000 000", plain.precincts[PrecinctId(550001, 2)].seat)
    assert {key for key in found if found[key] != plain.precincts[key]} == {(550001, 1), (550001, 2)}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (("550001;99;A;1;",), "REG-19"),
        (("550001;1;A;1;", "550001;1;B;2;"), "REG-20"),
        ((";1;A;1;",), "REG-05"),
    ],
)
def test_a_contact_that_would_be_lost_is_said(
    commas: Path, tmp_path: Path, rows: tuple[str, ...], code: str
) -> None:
    with pytest.raises(RegisterError, match=code):
        with_contacts(read_registers(commas, SETTINGS), contacts(tmp_path, *rows))
