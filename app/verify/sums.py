"""Sums of the precincts in force, added up one by one, each into every area that it lies in.

No tally is carried over, nothing is taken away: every area of every level is a plain sum over its precincts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from app.verify.changes import Change, Key
from app.verify.differences import Difference, other_value
from app.verify.protocols import Result
from app.verify.zero import Precinct, Zero

#: Level and number: ("obec", 550001), ("okres", 4101), ("kraj", 1), ("cr", 0); for the Senate
#: ("obvod", 2), ("obec obvodu", 2, 550001), ("cr", 0).
Area = tuple[str | int, ...]
COUNTRY: Area = ("cr", 0)


class Sum:
    """One area: expected and processed precincts, the four counts, votes, preferential votes."""

    __slots__ = ("counts", "expected", "never", "preferences", "processed", "votes")

    def __init__(self) -> None:
        self.expected = 0
        self.processed = 0
        self.never = 0  # declared as never delivered, and not delivered
        self.counts = [0, 0, 0, 0]  # registered, issued, returned, valid
        self.votes: Counter[int] = Counter()
        self.preferences: Counter[tuple[int, int]] = Counter()

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come."""
        return self.processed + self.never == self.expected

    @property
    def valid(self) -> int:
        return self.counts[3]

    def add(self, result: Result) -> None:
        self.processed += 1
        for at, count in enumerate(result.counts):
            self.counts[at] += count
        sums = self.votes
        for number, votes in result.votes.items():
            sums[number] = sums.get(number, 0) + votes
        preferences = self.preferences
        for candidate, votes in result.preferences.items():
            preferences[candidate] = preferences.get(candidate, 0) + votes

    def __add__(self, other: Sum) -> Sum:
        both = Sum()
        for each in (self, other):
            both.expected += each.expected
            both.processed += each.processed
            both.never += each.never
            both.counts = [a + b for a, b in zip(both.counts, each.counts, strict=True)]
            both.votes.update(each.votes)
            both.preferences.update(each.preferences)
        return both


def add_up(
    zero: Zero, contest: str, in_force: Mapping[Key, Change], never: Iterable[Key] = ()
) -> dict[Area, Sum]:
    """Every area of one contest. Raises Difference VER-24 for a result that the election does not expect."""
    sums: dict[Area, Sum] = {COUNTRY: Sum()}
    places: dict[Key, tuple[Area, ...]] = {}
    for precinct in zero.precincts.values():
        areas = areas_of(precinct, contest)
        if areas:
            places[contest, precinct.municipality, precinct.number] = areas
            for area in areas:
                sums.setdefault(area, Sum()).expected += 1
    for key in never:
        if key in places and key not in in_force:
            for area in places[key]:
                sums[area].never += 1
    for key, change in in_force.items():
        if key[0] != contest or change.result is None:
            continue
        _check(zero, change, places)
        for area in places[key]:
            sums[area].add(change.result)
    return sums


def areas_of(precinct: Precinct, contest: str) -> tuple[Area, ...]:
    """The areas that a precinct's votes count in; none where the contest is not held."""
    if contest == "KZ":
        if precinct.region is None:
            return ()
        return (
            ("obec", precinct.municipality), ("okres", precinct.district), ("kraj", precinct.region), COUNTRY
        )  # fmt: skip
    if precinct.senate_district is None:
        return ()
    return (
        ("obec obvodu", precinct.senate_district, precinct.municipality),
        ("obvod", precinct.senate_district),
        COUNTRY,
    )


def _check(zero: Zero, change: Change, places: Mapping[Key, tuple[Area, ...]]) -> None:
    """The precinct is expected in this contest, and lists and candidates are registered where it lies."""
    file, _, place = change.place.partition("/ZMENY")
    result = change.result
    assert result is not None
    if change.key not in places:
        cs, en = "takový zápis se ve volbách nečeká.", "the election expects no such protocol."
        raise Difference("VER-24", file, cs, en, place="/ZMENY" + place)
    precinct = zero.precincts[change.key[1:]]
    where = (precinct.district, precinct.senate_district if result.contest != "KZ" else None)
    said = (result.district, result.senate_district)
    if said != where:
        raise other_value("VER-24", file, "/ZMENY" + place, said, where)
    if result.contest == "KZ":
        assert precinct.region is not None
        lists = zero.regions[precinct.region].lists
        strange = [str(each) for each in result.votes if each not in lists]
        strange += [
            f"{listed}/{each}"
            for listed, each in result.preferences
            if listed not in lists or each not in lists[listed].candidates
        ]
    else:
        assert precinct.senate_district is not None
        candidates = zero.senate_districts[precinct.senate_district].candidates
        strange = [str(each) for each in result.votes if each not in candidates]
    if strange:
        raise Difference("VER-24", file, f"hlasy pro neregistrované {strange[0]}.",
                         f"votes for {strange[0]}, not registered.",
                         place="/ZMENY" + place)  # fmt: skip
