"""The documents of a regional election read: regions, lists, seats, elected, districts, municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.published.parts import (
    Given,
    Person,
    Turnout,
    all_of,
    generated_at,
    given,
    person,
    root,
    turnout,
)
from app.documents.results.parts import VYSLEDKY, VYSLEDKY_KANDID, VYSLEDKY_OKRES


@dataclass(frozen=True, slots=True)
class Elected:
    """ZASTUPITEL: a councillor with preferential votes."""

    number: int
    person: Person
    preferred: Given


@dataclass(frozen=True, slots=True)
class ListResult:
    """STRANA: one list in a region; without seats there is no share of them either."""

    number: int
    name: str
    given: Given
    seats: int
    seats_share: str
    elected: tuple[Elected, ...]


@dataclass(frozen=True, slots=True)
class RegionResult:
    """KRZAST, lists ascending by number."""

    number: int
    name: str
    seats: int
    turnout: Turnout
    lists: tuple[ListResult, ...]

    @property
    def has_seats(self) -> bool:
        """Whether the seats are known."""
        return any(each.seats for each in self.lists)


@dataclass(frozen=True, slots=True)
class Results:
    """`vysledky`."""

    generated_at: datetime
    regions: dict[int, RegionResult]
    country: Turnout


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """OBEC: votes by list, those without a vote left out."""

    code: int
    name: str
    kind: str  # TYP_OBEC, or empty
    turnout: Turnout
    votes: dict[int, Given]


@dataclass(frozen=True, slots=True)
class DistrictResult:
    """`vysledky_okres`: the district and its municipalities in the document's order."""

    generated_at: datetime
    nuts: str
    name: str
    turnout: Turnout
    votes: dict[int, Given]
    rows: tuple[MunicipalityRow, ...]


#: Preferential votes by (list, candidate) in one region.
Preferred = dict[tuple[int, int], int]


def read_results(data: bytes) -> Results:
    """The content of `vysledky`. Raises `DocumentError`."""
    document = root(data, VYSLEDKY)
    [country] = all_of(document, "CR")
    regions = {region.number: region for region in map(_region, all_of(document, "KRZAST"))}
    return Results(generated_at(document), regions, turnout(country))


def read_preferred(data: bytes) -> dict[int, Preferred]:
    """The preferential votes of `vysledky_kandid` by region. Raises `DocumentError`."""
    document = root(data, VYSLEDKY_KANDID)
    return {
        int(region.get("CIS_KRZAST", "")): {
            (int(said["KSTRANA"]), int(said["PORCISLO"])): int(said["HLASY"])
            for said in map(xml.attributes_of, region.iterfind("{*}KANDIDATI/{*}KANDIDAT"))
        }
        for region in all_of(document, "KRZAST")
    }


def read_district(data: bytes) -> DistrictResult | None:
    """The content of `vysledky_okres`; None where the district does not vote. Raises `DocumentError`."""
    document = root(data, VYSLEDKY_OKRES)
    for district in all_of(document, "OKRES"):
        rows = tuple(map(_row, all_of(document, "OBEC")))
        return DistrictResult(
            generated_at(document),
            district.get("NUTS_OKRES", ""),
            district.get("NAZ_OKRES", ""),
            turnout(district),
            _votes(district),
            rows,
        )
    return None


def _region(element: xml.Element) -> RegionResult:
    said = xml.attributes_of(element)
    lists = tuple(map(_list, all_of(element, "STRANA")))
    return RegionResult(
        int(said["CIS_KRZAST"]), said["NAZ_KRZAST"], int(said["POCMANDATU"]), turnout(element), lists
    )


def _list(element: xml.Element) -> ListResult:
    said = xml.attributes_of(element)
    [values] = map(xml.attributes_of, all_of(element, "HODNOTY_STRANA"))
    return ListResult(
        int(said["KSTRANA"]),
        said["NAZ_STR"],
        given(values),
        int(values.get("MANDATY", "0")),
        values.get("PROC_MANDATU", ""),
        tuple(map(_elected, map(xml.attributes_of, all_of(element, "ZASTUPITEL")))),
    )


def _elected(said: dict[str, str]) -> Elected:
    preferred = given(said, "PREDNOSTNI_HLASY", "PREDNOSTNI_HLASY_PROC")
    return Elected(int(said["PORADOVE_CISLO"]), person(said), preferred)


def _row(element: xml.Element) -> MunicipalityRow:
    said = xml.attributes_of(element)
    return MunicipalityRow(
        int(said["CIS_OBEC"]), said["NAZ_OBEC"], said.get("TYP_OBEC", ""), turnout(element), _votes(element)
    )


def _votes(element: xml.Element) -> dict[int, Given]:
    return {
        int(said["KSTRANA"]): given(said) for said in map(xml.attributes_of, all_of(element, "HLASY_STRANA"))
    }
