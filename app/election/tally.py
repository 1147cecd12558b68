"""Tallies of one contest: precinct → municipality → district → region → country, kept in memory.

A tally moves by one protocol at a time: the new revision is added and the revision it replaces is
taken away; a withdrawn result is taken away and its precinct is open again. Precincts declared as never
delivered are counted apart. Every area exists from the start with zeros for all its lists, so that a
published document never lacks a row. AG-01 (areas add up) and AG-02 (nothing gets lost) are judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from app.election.areas import (
    Inconsistent,
    Progress,
    RegionTally,
    Tally,
    Touched,
    add,
    add_preferences,
    add_up,
)
from app.election.model import Contest, PrecinctId, Protocol, RegionalProtocol
from app.election.reference import Reference

__all__ = ["ElectionTally", "Inconsistent", "Progress", "RegionTally", "Tally", "Touched"]


class ElectionTally:
    """All tallies of one contest.

    Regional: `municipality` by OBEC, `district` by OKRES, `region` by KRZAST, `country`.
    Senate: `senate_district` by OBVOD, `municipality_part` by (OBVOD, OBEC) because a city may lie
    in several districts, and `country` without votes by candidate.
    """

    def __init__(self, reference: Reference, contest: Contest) -> None:
        self.contest = contest
        self.municipality: dict[int, Tally] = {}
        self.district: dict[int, Tally] = {}
        self.region: dict[int, RegionTally] = {}
        self.senate_district: dict[int, Tally] = {}
        self.municipality_part: dict[tuple[int, int], Tally] = {}
        self._district_of: dict[int, int] = {}
        self._region_of: dict[int, int] = {}
        self._counted: set[PrecinctId] = set()
        self._never: set[PrecinctId] = set()
        self._places: dict[PrecinctId, tuple[tuple[Tally, ...], Touched]] = {}
        if contest.is_senate:
            self.country = Tally()
            self._prepare_senate(reference)
        else:
            self.country = Tally({number for region in reference.regions.values() for number in region.lists})
            self._prepare_regional(reference)

    def _prepare_regional(self, reference: Reference) -> None:
        for region in reference.regions.values():
            self.region[region.number] = RegionTally(
                region.lists,
                ((number, c) for number, listed in region.lists.items() for c in listed.candidates),
            )
        for precinct in reference.precincts.values():
            number = precinct.region
            if number is None:
                continue
            code, lists = precinct.id.municipality, reference.regions[number].lists
            if code not in self.municipality:
                self.municipality[code] = Tally(lists)
            if precinct.district not in self.district:
                self.district[precinct.district] = Tally(lists)
            self._district_of[code], self._region_of[precinct.district] = precinct.district, number
            district = self.district[precinct.district]
            areas = (self.municipality[code], district, self.region[number], self.country)
            self._place(precinct.id, areas, Touched(code, precinct.district, number, None))

    def _prepare_senate(self, reference: Reference) -> None:
        for district in reference.senate_districts.values():
            self.senate_district[district.number] = Tally(district.candidates)
        for precinct in reference.precincts.values():
            number = precinct.senate_district
            if number is None:
                continue
            code = precinct.id.municipality
            part = (number, code)
            if part not in self.municipality_part:
                self.municipality_part[part] = Tally(reference.senate_districts[number].candidates)
            areas = (self.municipality_part[part], self.senate_district[number], self.country)
            self._place(precinct.id, areas, Touched(code, precinct.district, None, number))

    def _place(self, precinct: PrecinctId, areas: tuple[Tally, ...], touched: Touched) -> None:
        for area in areas:
            area.precincts_expected += 1
        self._places[precinct] = areas, touched

    def apply(self, new: Protocol, previous: Protocol | None = None) -> Touched:
        """Count a protocol; `previous` is the revision it replaces, taken away in the same step.

        Raises `Inconsistent` and changes nothing when the precinct is unknown here, when it is
        counted already and no `previous` is given (or the other way round), or when the new
        revision is not flagged as a correction (AG-02).
        """
        self._refuse(new, previous)
        areas, touched = self._places[new.precinct]
        self.expect(new.precinct)
        if previous is not None:
            self._count(previous, areas, -1)
            for area in areas:
                area.corrected += 1
        self._count(new, areas, 1)
        self._counted.add(new.precinct)
        return touched

    def withdraw(self, protocol: Protocol) -> Touched:
        """Take a counted protocol away: its precinct has no result until another one comes.

        Raises `Inconsistent` and changes nothing when the precinct is not counted.
        """
        if protocol.contest is not self.contest or protocol.precinct not in self._counted:
            raise Inconsistent("AG-02", f"{protocol.key} is withdrawn and is not counted")
        areas, touched = self._places[protocol.precinct]
        self._count(protocol, areas, -1)
        for area in areas:
            area.withdrawn += 1
        self._counted.remove(protocol.precinct)
        return touched

    def give_up(self, precinct: PrecinctId) -> Touched:
        """Wait for this precinct no longer: it was declared as never delivered.

        Raises `Inconsistent` and changes nothing when it is not expected here or counted already.
        """
        if precinct not in self._places or precinct in self._counted:
            raise Inconsistent("AG-01", f"{self.contest} {precinct} cannot be declared as never delivered")
        areas, touched = self._places[precinct]
        if precinct not in self._never:
            self._never.add(precinct)
            for area in areas:
                area.never += 1
        return touched

    def expect(self, precinct: PrecinctId) -> None:
        """Wait for this precinct again, if it was given up: a protocol came, or the declaration fell."""
        if precinct in self._never:
            self._never.remove(precinct)
            for area in self._places[precinct][0]:
                area.never -= 1

    def is_counted(self, precinct: PrecinctId) -> bool:
        """Whether a protocol of this precinct is in the sums."""
        return precinct in self._counted

    @property
    def never(self) -> frozenset[PrecinctId]:
        """The precincts declared as never delivered from which nothing came since."""
        return frozenset(self._never)

    def area(self, kind: str, number: int) -> Tally | None:
        """One area by its kind ("region", "senate", "district" or "country") and number, if it votes here."""
        if kind == "country":
            return self.country
        if kind == "district":
            return self.district.get(number)
        return self.region.get(number) if kind == "region" else self.senate_district.get(number)

    def precincts_in(self, kind: str, number: int) -> Iterator[PrecinctId]:
        """The precincts of an area, as in `area`."""
        field = {"region": 2, "senate": 3, "district": 1, "country": None}[kind]
        for precinct, (_, touched) in self._places.items():
            if field is None or touched[field] == number:
                yield precinct

    def missing_in(self, kind: str, number: int) -> list[PrecinctId]:
        """The precincts of an area that are neither processed nor declared as never delivered, ascending."""
        done = self._counted | self._never
        return sorted(precinct for precinct in self.precincts_in(kind, number) if precinct not in done)

    def some_place(self, kind: str, number: int, precinct: PrecinctId | None = None) -> Touched:
        """What a precinct touches, or some precinct of an area: something there has to be published again."""
        return self._places[precinct or next(self.precincts_in(kind, number))][1]

    def _count(self, protocol: Protocol, areas: tuple[Tally, ...], sign: int) -> None:
        add(protocol, areas, sign)
        if isinstance(protocol, RegionalProtocol):
            add_preferences(protocol, cast(RegionTally, areas[2]).preferences, sign)

    def _refuse(self, new: Protocol, previous: Protocol | None) -> None:
        if new.contest is not self.contest or new.precinct not in self._places:
            raise Inconsistent("AG-01", f"{new.key} is not expected in {self.contest}")
        if (new.precinct in self._counted) is not (previous is not None):
            trouble = "counted already" if previous is None else "not counted yet"
            raise Inconsistent("AG-01", f"{new.key} is {trouble}")
        if previous is not None:
            if previous.key != new.key:
                raise Inconsistent("AG-02", f"{new.key} cannot replace {previous.key}")
            if not new.corrected:
                raise Inconsistent("AG-02", f"{new.key} replaces a revision and is no correction")
        if not self._registered(new):
            raise Inconsistent("AG-01", f"{new.key} has votes for a list or candidate that is not registered")

    def _registered(self, protocol: Protocol) -> bool:
        areas, _ = self._places[protocol.precinct]
        votes = areas[0].votes
        if not isinstance(protocol, RegionalProtocol):
            return all(candidate in votes for candidate, _ in protocol.votes)
        preferences = cast(RegionTally, areas[2]).preferences
        for number, _, preferred in protocol.sheets:
            if number not in votes:
                return False
            for candidate, _ in preferred:
                if (number, candidate) not in preferences:
                    return False
        return True

    def progress(self) -> Progress:
        country = self.country
        return Progress(
            country.precincts_processed, country.valid_votes, country.corrected, country.withdrawn
        )

    def assert_monotonic(self, published: Progress) -> None:
        """AG-02 against what was published before. Raises `Inconsistent`."""
        now = self.progress()
        withdrawn = now.withdrawals - published.withdrawals
        if now.precincts_processed < published.precincts_processed - withdrawn:
            trouble = f"{now.precincts_processed} precincts after {published.precincts_processed}"
            raise Inconsistent("AG-02", trouble)
        corrected = now.corrections > published.corrections
        if now.valid_votes < published.valid_votes and not (corrected or withdrawn > 0):
            raise Inconsistent("AG-02", f"{now.valid_votes} valid votes after {published.valid_votes}")

    def assert_consistent(self, protocols: Iterable[Protocol] | None = None) -> None:
        """AG-01: the areas of each level add up to the next. Raises `Inconsistent`.

        With `protocols` (the last revision of every counted precinct) everything is also counted
        again from the precincts and compared.
        """
        if self.contest.is_senate:
            add_up(self.municipality_part, lambda part: part[0], self.senate_district)
            add_up(self.senate_district, lambda _: 0, {0: self.country}, with_votes=False)
        else:
            add_up(self.municipality, self._district_of.__getitem__, self.district)
            add_up(self.district, self._region_of.__getitem__, self.region)
            add_up(self.region, lambda _: 0, {0: self.country})
        if protocols is not None:
            self._recount(protocols)

    def _recount(self, protocols: Iterable[Protocol]) -> None:
        again = {area: Tally(area.votes) for areas, _ in self._places.values() for area in areas}
        preferences = {region: dict.fromkeys(region.preferences, 0) for region in self.region.values()}
        counted = set()
        for protocol in protocols:
            areas, _ = self._places[protocol.precinct]
            add(protocol, [again[area] for area in areas], 1)
            if isinstance(protocol, RegionalProtocol):
                add_preferences(protocol, preferences[cast(RegionTally, areas[2])], 1)
            counted.add(protocol.precinct)
        if counted != self._counted:
            raise Inconsistent("AG-01", f"{len(counted)} precincts instead of {len(self._counted)}")
        for area, right in again.items():
            if area.sums()[1:] != right.sums()[1:] or area.votes != right.votes:
                raise Inconsistent("AG-01", f"an area of {area.precincts_expected} precincts differs")
        for region, preferred in preferences.items():
            if region.preferences != preferred:
                raise Inconsistent("AG-01", "preferential votes of a region differ")
