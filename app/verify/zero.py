"""What was known before the first vote, read from the zero file: territory, lists, candidates, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from app.election.reference import Candidate, CandidateList, ElectionRules, Region, SenateDistrict
from app.verify.differences import other_value
from app.verify.tree import Node


class Municipality(NamedTuple):
    """A row of the register of municipalities; `presented` is OBEC_PREZ with its name."""

    code: int
    name: str
    district: int
    presented: int
    presented_name: str


class Precinct(NamedTuple):
    """Where a precinct lies; a contest that is not held in it has None."""

    municipality: int
    number: int
    district: int
    region: int | None
    senate_district: int | None


@dataclass
class Zero:
    """The election before the first vote."""

    rules: ElectionRules
    typed: bool  # municipalities carry TYP_OBEC
    voting_ends: str  # UTC to the microsecond
    regions: dict[int, Region] = field(default_factory=dict)
    senate_districts: dict[int, SenateDistrict] = field(default_factory=dict)
    districts: dict[int, tuple[str, str]] = field(default_factory=dict)  # OKRES → NUTS, name
    municipalities: dict[int, Municipality] = field(default_factory=dict)
    precincts: dict[tuple[int, int], Precinct] = field(default_factory=dict)


def read_zero(file: str, root: Node) -> Zero:
    """The zero file's content; everything in it is zero. Raises Difference VER-40."""
    for place, value in _votes(root, "/NULA"):
        if value != "0":
            raise other_value("VER-40", file, place, value, "0")
    rules = root.one("PRAVIDLA").attributes
    zero = Zero(
        ElectionRules(
            clause=Fraction(rules["KLAUZULE"]),
            preference_threshold=Fraction(rules["PREDNOST"]),
            first_divisor=Fraction(rules["DELITEL"]),
        ),
        rules["TYP_OBEC"] == "1",
        root.attributes["KONEC_HLASOVANI"],
    )
    for region in root.all("KRAJ"):
        number = region.number("CIS_KRZAST")
        lists = {each.number("KSTRANA"): _list(each) for each in region.all("STRANA")}
        zero.regions[number] = Region(
            number, region.attributes["NAZ_KRZAST"], region.number("POCMANDATU"), lists
        )
    for senate in root.all("OBVOD"):
        number = senate.number("CISLO")
        zero.senate_districts[number] = SenateDistrict(
            number, senate.attributes["NAZEV"], _candidates(senate.all("KANDIDAT"))
        )
    for district in root.all("OKRES"):
        _add_district(zero, district)
    return zero


def _add_district(zero: Zero, district: Node) -> None:
    code = district.number("CIS_OKRES")
    zero.districts[code] = district.attributes["NUTS_OKRES"], district.attributes["NAZ_OKRES"]
    for municipality in district.all("OBEC"):
        said = municipality.attributes
        of = municipality.number("CIS_OBEC")
        zero.municipalities[of] = Municipality(
            of, said["NAZ_OBEC"], code, int(said["OBEC_PREZ"]), said["NAZ_PREZ"]
        )
        for precinct in municipality.all("OKRSEK"):
            number = precinct.number("CIS_OKRSEK")
            zero.precincts[of, number] = Precinct(
                of, number, code, _optional(precinct, "CIS_KRZAST"), _optional(precinct, "CIS_OBVOD")
            )


def _list(listed: Node) -> CandidateList:
    name = listed.attributes["NAZ_STR"]
    return CandidateList(
        listed.number("KSTRANA"), listed.number("VSTRANA"), name, name, _candidates(listed.all("KANDIDAT"))
    )


def _candidates(nodes: Iterable[Node]) -> dict[int, Candidate]:
    found = {}
    for each in nodes:
        said = each.attributes
        number = each.number("PORCISLO")
        valid = said["PLATNOST"] == "A"
        found[number] = Candidate(
            number, said["JMENO"], said["PRIJMENI"], said["TITULPRED"], said["TITULZA"], valid
        )
    return found


def _optional(element: Node, name: str) -> int | None:
    text = element.attributes.get(name)
    return None if text is None else int(text)


def _votes(element: Node, path: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attributes.items():
        if name == "HLASY":
            yield f"{path}/@{name}", value
    for child in element.children:
        yield from _votes(child, f"{path}/{child.name}")
