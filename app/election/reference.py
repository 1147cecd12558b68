"""What is known before the first vote is counted: territory, lists, candidates, rules, calendar.

These are plain values. The signed SQLite file that carries them to every node is read and written
in `app.documents.reference`; the registers they come from in `app.documents.registers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from app.election.model import Contest, Counts, Mode, PrecinctId, ProtocolKey
from app.election.thresholds import DEFAULTS, Thresholds

#: A day; `ElectionInfo` has an attribute of that type's own name.
Day = date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A regional candidate (KZRK) or a Senate candidate (SERK)."""

    number: int  # PORCISLO, or CKAND
    first_name: str
    last_name: str
    title_before: str
    title_after: str
    valid: bool = True  # PLATNOST = A
    party_code: int | None = None  # VSTRANA, Senate only


@dataclass(frozen=True, slots=True)
class CandidateList:
    """A list of one region (KZRKL)."""

    number: int  # KSTRANA
    party_code: int  # VSTRANA
    name: str  # NAZEVCELK
    short_name: str  # ZKRATKAK30 with runs of spaces folded; NAZ_STR of the published documents
    candidates: Mapping[int, Candidate]


@dataclass(frozen=True, slots=True)
class Region:
    """A region that elects a council (KZCISKR)."""

    number: int  # KRZAST
    name: str
    seats: int  # MANDATYKRZ
    lists: Mapping[int, CandidateList]  # ascending


@dataclass(frozen=True, slots=True)
class District:
    """An administrative district (CNUMNUTS)."""

    code: int  # OKRES, four digits
    nuts: str  # such as CZ0201
    name: str
    region: int | None  # KRZAST; None for Prague


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality, or a borough of a statutory city where the register lists boroughs (KZCOCO)."""

    code: int  # OBEC
    name: str
    district: int
    transfer_point: int  # CPOU
    presented_under: int  # OBEC_PREZ
    presented_name: str = ""  # name of OBEC_PREZ, where it is another municipality than this


@dataclass(frozen=True, slots=True)
class Precinct:
    """One precinct with the contests held in it."""

    id: PrecinctId
    district: int
    transfer_point: int
    region: int | None  # None: no regional contest here
    senate_district: int | None  # None: no Senate contest here
    expected_voters: int | None = None  # registered voters expected, for PL-09
    seat: str = ""  # where the commission sits, for people
    contact: str = ""  # name and telephone of the commission, never published
    previous_voters: int | None = None  # registered voters in the previous election of this kind
    previous_issued: int | None = None  # envelopes issued in it, for PL-05


@dataclass(frozen=True, slots=True)
class Round1Area:
    """What round 1 of a Senate election came to in one area, as it was published."""

    precincts_expected: int
    precincts_processed: int
    counts: Counts
    votes: Mapping[int, int]  # by candidate (CKAND)


@dataclass(frozen=True, slots=True)
class Round1Result(Round1Area):
    """The same for a whole Senate district; its municipalities (OBEC) where they are known."""

    elected: int | None = None  # who was elected in round 1; None: nobody, there is a round 2
    municipalities: Mapping[int, Round1Area] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SenateDistrict:
    """A Senate district with its candidates; finalists and the result of round 1 are known before round 2.

    In the reference data of round 2 a district that elected in round 1 is there too, without finalists.
    """

    number: int  # OBVOD
    name: str
    candidates: Mapping[int, Candidate]
    finalists: tuple[int, ...] = ()
    round1: Round1Result | None = None  # only in the reference data of round 2


@dataclass(frozen=True, slots=True)
class Calendar:
    """Times of law as timezone-aware instants."""

    voting_begins: datetime
    voting_ends: datetime  # results may be published from here on (the embargo)
    delivery_ends: datetime  # 24 h after voting; later only with the centre's permission


@dataclass(frozen=True, slots=True)
class ElectionRules:
    """Numbers that the law or the form sets for this election, kept as data."""

    clause: Fraction = Fraction(5, 100)
    preference_threshold: Fraction = Fraction(5, 100)
    preferences_per_ballot: int = 4
    first_divisor: Fraction = Fraction(1)
    form_version: str = "1"


@dataclass(frozen=True, slots=True)
class ElectionInfo:
    """Which election this is."""

    code: str  # such as kz2024; also the published folder's name
    name: str
    date: Day  # the first voting day, DATUMVOLEB
    mode: Mode
    calendar: Calendar
    contests: tuple[Contest, ...]
    rules: ElectionRules = ElectionRules()
    #: rule id → severity letter (B, P, W, I) where this election differs from the catalogue's default
    severities: Mapping[str, str] = field(default_factory=dict)
    #: where the checks draw their lines in this election
    thresholds: Thresholds = DEFAULTS
    #: settings of the published documents, such as {"TYP_OBEC": "1"} where municipalities carry it
    feed: Mapping[str, str] = field(default_factory=dict)
    #: the first voting day of round 1 (its DATUMVOLEB), where this is a Senate's round 2
    round1_date: Day | None = None

    @property
    def senate_date(self) -> Day:
        """DATUMVOLEB under which the Senate election is published, the same for both rounds."""
        return self.round1_date or self.date


@dataclass(frozen=True)
class Reference:
    """All reference data of one election in memory."""

    election: ElectionInfo
    regions: Mapping[int, Region]
    districts: Mapping[int, District]
    municipalities: Mapping[int, Municipality]
    precincts: Mapping[PrecinctId, Precinct]
    senate_districts: Mapping[int, SenateDistrict]

    def contests_of(self, precinct: Precinct) -> tuple[Contest, ...]:
        """The contests held in one precinct, in the order in which its protocols are taken in."""
        return tuple(
            contest
            for contest in self.election.contests
            if (precinct.senate_district if contest.is_senate else precinct.region) is not None
        )

    @cached_property
    def expected(self) -> Mapping[ProtocolKey, Precinct]:
        """Every protocol that has to come: what is missing is a set difference."""
        return {
            ProtocolKey(precinct.id, contest): precinct
            for precinct in self.precincts.values()
            for contest in self.contests_of(precinct)
        }

    @cached_property
    def municipalities_of(self) -> Mapping[int, tuple[Municipality, ...]]:
        """Municipalities of each district (OKRES), ascending by code."""
        found: dict[int, list[Municipality]] = {}
        for _, municipality in sorted(self.municipalities.items()):
            found.setdefault(municipality.district, []).append(municipality)
        return {district: tuple(municipalities) for district, municipalities in found.items()}

    @cached_property
    def invalid_candidates(self) -> Mapping[int, Mapping[int, tuple[int, ...]]]:
        """Candidates whose candidacy ended: region (KRZAST) → list → numbers; only lists that have one."""
        return {
            region.number: {
                listed.number: gone
                for listed in region.lists.values()
                if (gone := tuple(n for n, candidate in listed.candidates.items() if not candidate.valid))
            }
            for region in self.regions.values()
        }

    @cached_property
    def district_by_nuts(self) -> Mapping[str, District]:
        return {district.nuts: district for district in self.districts.values()}

    def of_transfer_point(self, point: int) -> tuple[Precinct, ...]:
        return tuple(p for p in self.precincts.values() if p.transfer_point == point)
