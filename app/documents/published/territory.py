"""The zero file read: where there are elections, who stands, what the rules are. The same all night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from app.documents import xml
from app.documents.feed.parts import ZERO
from app.documents.published.parts import Attributes, all_of, person, root
from app.documents.xml_text import time_of
from app.election.model import Mode, PrecinctId
from app.election.reference import (
    Candidate,
    CandidateList,
    District,
    ElectionRules,
    Municipality,
    Region,
    SenateDistrict,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A precinct; a contest that is not held in it has None."""

    id: PrecinctId
    district: int
    region: int | None
    senate_district: int | None


@dataclass(frozen=True)
class Territory:
    """An election before its first vote. Regions and Senate districts only where that contest is held."""

    election: str
    mode: Mode
    voting_ends: datetime
    rules: ElectionRules
    regions: dict[int, Region]
    senate_districts: dict[int, SenateDistrict]
    districts: dict[int, District]  # by OKRES
    municipalities: dict[int, Municipality]  # by OBEC; the transfer point is not published and is 0
    precincts: dict[PrecinctId, Place]

    @cached_property
    def of_municipality(self) -> dict[int, list[Place]]:
        """Precincts by municipality (OBEC), ascending."""
        found: dict[int, list[Place]] = {}
        for place in sorted(self.precincts.values(), key=lambda each: each.id):
            found.setdefault(place.id.municipality, []).append(place)
        return found

    @cached_property
    def presented(self) -> dict[int, list[Municipality]]:
        """Municipalities by the code under which they are presented (OBEC_PREZ)."""
        found: dict[int, list[Municipality]] = {}
        for each in self.municipalities.values():
            found.setdefault(each.presented_under, []).append(each)
        return found

    @cached_property
    def by_nuts(self) -> dict[str, District]:
        """Districts by their NUTS code."""
        return {each.nuts: each for each in self.districts.values()}

    def parts_of(self, code: int) -> list[Municipality]:
        """The municipality itself, or the boroughs of a city that is presented as a whole; empty where there
        is neither."""
        presented = self.presented.get(code, [])
        if len(presented) > 1 or code not in self.municipalities:
            return presented
        return [self.municipalities[code]]


def read_zero(data: bytes) -> Territory:
    """The content of `zero.xml`. Raises `DocumentError`."""
    zero = root(data, ZERO)
    head = xml.attributes_of(zero)
    [rules] = all_of(zero, "PRAVIDLA")
    districts, municipalities, precincts = {}, {}, {}
    for element in all_of(zero, "OKRES"):
        district = _district(xml.attributes_of(element))
        districts[district.code] = district
        for below in all_of(element, "OBEC"):
            municipality = _municipality(xml.attributes_of(below), district.code)
            municipalities[municipality.code] = municipality
            precincts.update({place.id: place for place in _places(below, municipality)})
    return Territory(
        head["VOLBY"],
        Mode(head["REZIM"]),
        time_of(head["KONEC_HLASOVANI"]),
        _rules(xml.attributes_of(rules)),
        {region.number: region for region in map(_region, all_of(zero, "KRAJ"))},
        {senate.number: senate for senate in map(_senate_district, all_of(zero, "OBVOD"))},
        districts,
        municipalities,
        precincts,
    )


def _rules(said: Attributes) -> ElectionRules:
    return ElectionRules(
        clause=Fraction(said["KLAUZULE"]),
        preference_threshold=Fraction(said["PREDNOST"]),
        first_divisor=Fraction(said["DELITEL"]),
    )


def _region(element: xml.Element) -> Region:
    said = xml.attributes_of(element)
    lists = {listed.number: listed for listed in map(_list, all_of(element, "STRANA"))}
    return Region(int(said["CIS_KRZAST"]), said["NAZ_KRZAST"], int(said["POCMANDATU"]), lists)


def _list(element: xml.Element) -> CandidateList:
    said = xml.attributes_of(element)
    name = said["NAZ_STR"]
    return CandidateList(int(said["KSTRANA"]), int(said["VSTRANA"]), name, name, _candidates(element))


def _senate_district(element: xml.Element) -> SenateDistrict:
    said = xml.attributes_of(element)
    return SenateDistrict(int(said["CISLO"]), said["NAZEV"], _candidates(element))


def _candidates(element: xml.Element) -> dict[int, Candidate]:
    found: Iterable[Attributes] = map(xml.attributes_of, all_of(element, "KANDIDAT"))
    return {
        int(said["PORCISLO"]): Candidate(int(said["PORCISLO"]), *person(said), valid=said["PLATNOST"] == "A")
        for said in found
    }


def _district(said: Attributes) -> District:
    region = said.get("CIS_KRZAST")
    return District(
        int(said["CIS_OKRES"]), said["NUTS_OKRES"], said["NAZ_OKRES"], int(region) if region else None
    )


def _municipality(said: Attributes, district: int) -> Municipality:
    return Municipality(
        int(said["CIS_OBEC"]), said["NAZ_OBEC"], district, 0, int(said["OBEC_PREZ"]), said["NAZ_PREZ"]
    )


def _places(element: xml.Element, municipality: Municipality) -> Iterator[Place]:
    for said in map(xml.attributes_of, all_of(element, "OKRSEK")):
        region, senate = said.get("CIS_KRZAST"), said.get("CIS_OBVOD")
        yield Place(
            PrecinctId(municipality.code, int(said["CIS_OKRSEK"])),
            municipality.district,
            int(region) if region else None,
            int(senate) if senate else None,
        )
