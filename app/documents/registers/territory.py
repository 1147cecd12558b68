"""Regions, districts, municipalities and precincts, from the registers KZCISKR, CNUMNUTS, KZCOCO and SECOCO.

A precinct is not a row of any register: KZCOCO gives each municipality (or borough) the lowest and
the highest number of its precincts, SECOCO up to ten such ranges for each Senate district that the
municipality has a part in. The set of precincts is the union of both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app import resources
from app.documents.registers.source import RegisterError, Row, find, need, number, rows
from app.election.model import PrecinctId
from app.election.reference import District, Municipality, Precinct

#: SECOCO's columns of precinct ranges; the tenth lost a letter to the limit of ten characters.
_SENATE_RANGES = tuple(
    ("MINOKRSE10", "MAXOKRSE10") if n == 10 else (f"MINOKRSEK{n}", f"MAXOKRSEK{n}") for n in range(1, 11)
)
#: A district's code is six characters of NUTS; shorter ones are regions and larger units.
_DISTRICT_NUTS = 6


@dataclass
class Territory:
    """Everything that has a place on the map, being collected."""

    municipalities: dict[int, Municipality] = field(default_factory=dict)
    precincts: dict[PrecinctId, Precinct] = field(default_factory=dict)
    region_of_district: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RegionRow:
    """A row of KZCISKR."""

    number: int
    name: str
    seats: int


def read_regions(folders: Sequence[Path]) -> tuple[RegionRow, ...]:
    """KZCISKR: the regions that elect, with their seats, by number."""
    path = need(folders, "kzciskr")
    found = [
        RegionRow(number(row, "KRZAST", path), row["NAZEVKRZ"], number(row, "MANDATYKRZ", path))
        for row in rows(path)
        if row.get("KRZAST")
    ]
    return tuple(sorted(found, key=lambda region: region.number))


def read_territory(folders: Sequence[Path], regions: Iterable[int]) -> Territory:
    """Municipalities and precincts with their contests; KZCOCO and SECOCO, whichever are there."""
    territory = Territory()
    cities = _city_names(folders)
    elected = frozenset(regions)
    if path := find(folders, "kzcoco"):
        for row in rows(path):
            if row.get("OBEC") and number(row, "KRZAST", path) in elected:
                _add_regional(territory, row, path, cities)
    if path := find(folders, "secoco"):
        for row in rows(path):
            if row.get("OBEC"):
                _add_senate(territory, row, path, cities)
    territory.precincts = dict(sorted(territory.precincts.items()))
    territory.municipalities = dict(sorted(territory.municipalities.items()))
    return territory


def read_districts(folders: Sequence[Path], territory: Territory) -> dict[int, District]:
    """CNUMNUTS, by code; without that register the districts of `resources/facts`.

    Senate registers put Prague under the code of its whole region (1100), which is added as it is.
    """
    names = _nuts(folders)
    codes = {code for code, (nuts, _) in names.items() if len(nuts) == _DISTRICT_NUTS}
    codes |= {municipality.district for municipality in territory.municipalities.values()}
    districts = {}
    for code in sorted(codes):
        nuts, name = names.get(code, ("", str(code)))
        districts[code] = District(code, nuts, name, territory.region_of_district.get(code))
    return districts


def _add_regional(territory: Territory, row: Row, path: Path, cities: Mapping[int, str]) -> None:
    municipality = _municipality(row, path, cities)
    region = number(row, "KRZAST", path)
    territory.municipalities[municipality.code] = municipality
    known = territory.region_of_district.setdefault(municipality.district, region)
    if known != region:
        raise RegisterError(
            "REG-09",
            f"Okres {municipality.district} je v číselníku {path.name} ve dvou krajích ({known} a {region}).",
            f"District {municipality.district} is in two regions in {path.name} ({known} and {region}).",
        )
    for precinct in _range(row, "MINOKRSEK1", "MAXOKRSEK1", path):
        identity = PrecinctId(municipality.code, precinct)
        territory.precincts[identity] = Precinct(
            identity, municipality.district, municipality.transfer_point, region, None
        )


def _add_senate(territory: Territory, row: Row, path: Path, cities: Mapping[int, str]) -> None:
    municipality = territory.municipalities.setdefault(
        number(row, "OBEC", path), _municipality(row, path, cities)
    )
    senate_district = number(row, "OBVOD", path)
    for lowest, highest in _SENATE_RANGES:
        for precinct in _range(row, lowest, highest, path):
            identity = PrecinctId(municipality.code, precinct)
            joint = territory.precincts.get(identity)
            if joint is not None and joint.senate_district not in (None, senate_district):
                raise RegisterError(
                    "REG-10",
                    f"Okrsek {identity} je v číselníku {path.name} ve dvou senátních obvodech.",
                    f"Precinct {identity} is in two Senate districts in {path.name}.",
                )
            territory.precincts[identity] = (
                replace(joint, senate_district=senate_district)
                if joint
                else Precinct(
                    identity, municipality.district, municipality.transfer_point, None, senate_district
                )
            )


def _municipality(row: Row, path: Path, cities: Mapping[int, str]) -> Municipality:
    code = number(row, "OBEC", path)
    presented = number(row, "OBEC_PREZ", path) if row.get("OBEC_PREZ") else code
    name = row["NAZEVOBCE"]
    return Municipality(
        code=code,
        name=name,
        district=number(row, "OKRES", path),
        transfer_point=number(row, "CPOU", path),
        presented_under=presented,
        presented_name=name if presented == code else cities.get(presented, name),
    )


def _range(row: Row, lowest: str, highest: str, path: Path) -> range:
    """The precinct numbers from one column to another; empty when the highest is 0 or not given.

    A range may begin with 0: Olomouc had 0…95 in 2020.
    """
    if not row.get(highest) or row[highest] == "0":
        return range(0)
    return range(number(row, lowest, path), number(row, highest, path) + 1)


def _nuts(folders: Sequence[Path]) -> dict[int, tuple[str, str]]:
    if path := find(folders, "cnumnuts"):
        return {
            number(row, "NUMNUTS", path): (row.get("NUTS", ""), row.get("NAZEVNUTS", ""))
            for row in rows(path)
            if row.get("NUMNUTS")
        }
    facts = resources.path("facts", "districts.csv")
    with facts.open(encoding="utf-8", newline="") as stream:
        return {int(row["OKRES"]): (row["NUTS"], row["NAZEVNUTS"]) for row in csv.DictReader(stream)}


def _city_names(folders: Sequence[Path]) -> dict[int, str]:
    """Names of statutory cities, which registers that list only their boroughs do not give (CISOB does)."""
    facts = resources.path("facts", "statutory_cities.csv")
    with facts.open(encoding="utf-8", newline="") as stream:
        names = {int(row["OBEC_PREZ"]): row["NAZEVOBCE"] for row in csv.DictReader(stream)}
    if path := find(folders, "cisob"):
        for row in rows(path):
            if row.get("OBEC_PREZ"):
                names[number(row, "OBEC_PREZ", path)] = row["NAZEVOBCE"]
    return names
