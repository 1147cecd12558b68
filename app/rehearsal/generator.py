"""A fictional election, made from a seed alone: the same seed gives the same election, to the byte.

The territory is the real one down to districts (13 regions, 27 Senate districts of 2024); everything
below and everybody in it is invented: municipalities, transfer points, precincts of realistic sizes
(a median of some 500 voters, transfer points of 1 to 177 precincts with a median of 21), lists and
candidates. What the commissions write is in `app.rehearsal.ballots`.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import resources
from app.election.errors import KnownError
from app.election.model import Contest, Mode, PrecinctId
from app.election.reference import (
    Calendar,
    Candidate,
    CandidateList,
    District,
    ElectionInfo,
    ElectionRules,
    Municipality,
    Precinct,
    Reference,
    Region,
    SenateDistrict,
)
from app.rehearsal import names

_PRAGUE_TIME = ZoneInfo("Europe/Prague")
#: Candidates on a list: at most seats + 5.
_LIST_RESERVE = 5
#: Invented municipalities are numbered from here, above every real one.
_FIRST_MUNICIPALITY = 900_001
_FIRST_POINT = 101


@dataclass(frozen=True, slots=True)
class Plan:
    """What to invent.

    `home_district` (OKRES) puts all precincts into one district. `stations` fixes the number of
    transfer points, which then may gather precincts of several districts; without it a transfer
    point stays in one district and the sizes follow the real distribution.
    """

    seed: int = 2024
    precincts: int = 13_600
    code: str = "kz2024"
    mode: Mode = Mode.REHEARSAL
    first_day: date = date(2024, 9, 20)
    contests: tuple[Contest, ...] = (Contest.REGIONAL, Contest.SENATE_ROUND_1)
    home_district: int | None = None  # all precincts in this district alone
    stations: int | None = None


def calendar(first_day: date) -> Calendar:
    """Friday 14:00–22:00 and Saturday 8:00–14:00, delivery for 24 hours after (Prague time)."""
    begins = datetime(first_day.year, first_day.month, first_day.day, 14, tzinfo=_PRAGUE_TIME)
    ends = begins + timedelta(days=1)
    return Calendar(begins, ends, ends + timedelta(hours=24))


def invent(plan: Plan) -> Reference:
    """The reference data of the planned election."""
    rng = random.Random(f"reference/{plan.seed}")
    districts = {d.code: d for d in _districts()}
    senate = {number: (name, district) for number, name, district in _senate_facts()}
    municipalities, precincts = _Territory(plan, rng, districts, senate).build()
    return Reference(
        election=ElectionInfo(
            code=plan.code,
            name="Volby do zastupitelstev krajů a Senátu (zkouška)",
            date=plan.first_day,
            mode=plan.mode,
            calendar=calendar(plan.first_day),
            contests=plan.contests,
            rules=ElectionRules(),
        ),
        regions={r.number: r for r in _regions(rng)},
        districts=districts,
        municipalities=municipalities,
        precincts=precincts,
        senate_districts=_senate_districts(rng, senate) if any(c.is_senate for c in plan.contests) else {},
    )


def _facts(name: str) -> Iterator[dict[str, str]]:
    with resources.path("facts", name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _districts() -> Iterator[District]:
    for row in _facts("districts.csv"):
        region = int(row["KRZAST"]) if row["KRZAST"] else None
        yield District(int(row["OKRES"]), row["NUTS"], row["NAZEVNUTS"], region)


def _senate_facts() -> Iterator[tuple[int, str, int]]:
    for row in _facts("senate_districts.csv"):
        yield int(row["OBVOD"]), row["NAZEV"], int(row["OKRES"])


def _regions(rng: random.Random) -> Iterator[Region]:
    for row in _facts("regions.csv"):
        seats = int(row["MANDATYKRZ"])
        yield Region(int(row["KRZAST"]), row["NAZEVKRZ"], seats, _lists(rng, seats))


def _lists(rng: random.Random, seats: int) -> dict[int, CandidateList]:
    chosen = rng.sample(range(len(names.LIST_NAMES)), rng.randint(10, len(names.LIST_NAMES)))
    numbers = sorted(rng.sample(range(1, 86), len(chosen)))
    lists = {}
    for number, index in zip(numbers, sorted(chosen), strict=True):
        whole, short = names.LIST_NAMES[index]
        length = rng.randint(max(5, seats // 3), seats + _LIST_RESERVE)
        candidates = {
            i: Candidate(i, *names.person(rng), valid=rng.random() > 0.004) for i in range(1, length + 1)
        }
        lists[number] = CandidateList(number, 2001 + index, whole, short, candidates)
    return lists


def _senate_districts(rng: random.Random, facts: dict[int, tuple[str, int]]) -> dict[int, SenateDistrict]:
    return {
        number: SenateDistrict(
            number,
            name,
            {i: Candidate(i, *names.person(rng), party_code=2001 + i) for i in range(1, rng.randint(5, 11))},
        )
        for number, (name, _district) in facts.items()
    }


class _Territory:
    """Municipalities and precincts, district by district, gathered into transfer points."""

    def __init__(
        self,
        plan: Plan,
        rng: random.Random,
        districts: dict[int, District],
        senate: dict[int, tuple[str, int]],
    ) -> None:
        self._plan = plan
        self._rng = rng
        self._districts = districts
        self._senate_of_district: dict[int, list[int]] = {}
        for number, (_name, district) in senate.items():
            self._senate_of_district.setdefault(district, []).append(number)
        self._next_municipality = _FIRST_MUNICIPALITY
        self._point = _FIRST_POINT - 1
        self._point_left = 0
        self._sizes = _partition(rng, plan.precincts, plan.stations) if plan.stations else []
        self._names: set[str] = set()
        self.municipalities: dict[int, Municipality] = {}
        self.precincts: dict[PrecinctId, Precinct] = {}

    def build(self) -> tuple[dict[int, Municipality], dict[PrecinctId, Precinct]]:
        for district, count in self._shares():
            self._fill(district, count)
        return self.municipalities, dict(sorted(self.precincts.items()))

    def _shares(self) -> Iterator[tuple[District, int]]:
        """How many precincts each district gets; the numbers add up to the plan's."""
        if self._plan.home_district is not None:
            yield self._districts[self._plan.home_district], self._plan.precincts
            return
        used = [d for d in self._districts.values() if d.region is not None or self._senate_votes_in(d)]
        weights = [self._rng.randint(60, 140) for _ in used]
        left, weight_left = self._plan.precincts, sum(weights)
        for district, weight in zip(used, weights, strict=True):
            count = left * weight // weight_left
            left, weight_left = left - count, weight_left - weight
            if count:
                yield district, count

    def _senate_votes_in(self, district: District) -> list[int]:
        if not any(c.is_senate for c in self._plan.contests):
            return []
        return self._senate_of_district.get(district.code, [])

    def _fill(self, district: District, count: int) -> None:
        if not self._plan.stations:
            self._point_left = 0
        while count:
            if self._point_left == 0:
                self._point += 1
                self._point_left = self._point_size()
            size = min(count, self._point_left, self._municipality_size())
            self._add_municipality(district, self._point, size)
            count, self._point_left = count - size, self._point_left - size

    def _point_size(self) -> int:
        if self._sizes:
            return self._sizes.pop()
        return max(1, min(177, round(self._rng.lognormvariate(3.15, 0.75))))

    def _municipality_size(self) -> int:
        return 1 if self._rng.random() < 0.75 else max(2, min(60, round(self._rng.paretovariate(0.9) + 1)))

    def _add_municipality(self, district: District, point: int, size: int) -> None:
        code = self._next_municipality
        self._next_municipality += 1
        name = names.municipality(self._rng)
        while name in self._names and len(self._names) < 900:
            name = names.municipality(self._rng)
        self._names.add(name)
        self.municipalities[code] = Municipality(code, name, district.code, point, code)
        for number in range(1, size + 1):
            identity = PrecinctId(code, number)
            senate = self._senate_votes_in(district)
            expected = max(30, min(2500, round(self._rng.lognormvariate(6.2, 0.75))))
            voters, issued = _before(self._plan.seed, identity, expected)
            self.precincts[identity] = Precinct(
                id=identity,
                district=district.code,
                transfer_point=point,
                region=district.region if Contest.REGIONAL in self._plan.contests else None,
                senate_district=senate[code % len(senate)] if senate else None,
                expected_voters=expected,
                previous_voters=voters,
                previous_issued=issued,
                seat=f"{name}, škola č. {number}",
                contact=_contact(self._plan.seed, identity),
            )


def _contact(seed: int, precinct: PrecinctId) -> str:
    """An invented person with a telephone that cannot exist: no Czech number begins with 0."""
    rng = random.Random(f"contact/{seed}/{precinct.municipality}/{precinct.number}")
    first, last, _before_name, _after_name = names.person(rng)
    return f"{first} {last}, 000 {rng.randint(100, 999)} {rng.randint(100, 999)}"


def _before(seed: int, precinct: PrecinctId, expected: int) -> tuple[int | None, int | None]:
    """Registered voters and envelopes issued in the previous election; nothing for the few precincts that
    are new. Drawn apart from everything else, so that it changes no other invention of the same seed."""
    rng = random.Random(f"before/{seed}/{precinct}")
    if rng.random() < 0.02:
        return None, None
    voters = max(10, round(expected * rng.gauss(1.0, 0.03)))
    return voters, max(2, min(voters, round(voters * rng.gauss(0.36, 0.06))))


def _partition(rng: random.Random, total: int, parts: int) -> list[int]:
    """`total` as `parts` positive numbers of realistic unevenness. Raises KnownError if there are too few."""
    if not 1 <= parts <= total:
        raise KnownError(
            "REH-07",
            f"Okrsků je {total}, nelze je rozdělit na {parts} přebíracích míst. Zvolte více okrsků, "
            "nebo méně míst.",
            f"{total} precincts cannot be divided among {parts} transfer points. Choose more precincts or "
            "fewer points.",
        )
    sizes: list[int] = []
    left, weights = total - parts, [rng.lognormvariate(0, 0.75) for _ in range(parts)]
    weight_left = sum(weights)
    for weight in weights:
        extra = min(left, round(left * weight / weight_left)) if len(sizes) < parts - 1 else left
        sizes.append(1 + extra)
        left, weight_left = left - extra, weight_left - weight
    return sizes
