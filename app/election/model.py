"""The protocols of a precinct commission, as stated and as complete.

A *reading* is what a file states or a typist has entered so far: any number may be missing
(`None`; a blank is not a zero) and the control numbers are those stated, right or wrong. The
checks judge readings. A *protocol* is complete: every count is there, zeros among the
preferential votes are left out, control numbers are not kept because they follow from the rest.
Only a protocol is stored as a result, tallied and published.

Sources: forms T/6 (regional councils) and T/5 (Senate); the columns of the open-data files T6,
T6p and T1 of the Czech Statistical Office are named in the fields' comments.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

#: Highest number that a list may have (ZAKRSTRANA has 99 characters).
MAX_LISTS = 99
#: Preference boxes on one sheet of T/6 (HLASY_01…HLASY_70).
MAX_PREFERENCES = 70
#: Vote columns of T/5 (HLASY_01…HLASY_22).
MAX_SENATE_CANDIDATES = 22


class Contest(StrEnum):
    """What is being elected in one vote of one round; with a precinct it names one protocol."""

    REGIONAL = "KZ"
    SENATE_ROUND_1 = "SE1"
    SENATE_ROUND_2 = "SE2"

    @property
    def is_senate(self) -> bool:
        return self is not Contest.REGIONAL

    @property
    def form(self) -> str:
        """The paper form's name."""
        return "T/5" if self.is_senate else "T/6"

    @property
    def round(self) -> int:
        """KOLO; regional councils have one round only."""
        return 2 if self is Contest.SENATE_ROUND_2 else 1

    @classmethod
    def senate(cls, round_: int) -> Contest:
        return {1: cls.SENATE_ROUND_1, 2: cls.SENATE_ROUND_2}[round_]


class Mode(StrEnum):
    """Live and rehearsal data never mix: the mode is in every document, print and window."""

    LIVE = "OSTRY"
    REHEARSAL = "ZKOUSKA"


class PrecinctId(NamedTuple):
    """A precinct is numbered within its municipality (or city borough)."""

    municipality: int  # OBEC, 6 digits
    number: int  # OKRSEK, up to 5 digits

    def __str__(self) -> str:
        return f"{self.municipality}/{self.number}"


class ProtocolKey(NamedTuple):
    """The unit of truth: one precinct in one contest. A revision number makes it complete."""

    precinct: PrecinctId
    contest: Contest

    def __str__(self) -> str:
        return f"{self.contest} {self.precinct}"


#: (number on the list or ballot, votes) in ascending order of the number.
Votes = tuple[tuple[int, int], ...]
#: The same while some votes may still be blank.
VotesStated = tuple[tuple[int, int | None], ...]


class CountsStated(NamedTuple):
    """The four counts of every form, as stated; a missing one is `None`."""

    registered_voters: int | None  # VOL_SEZNAM
    envelopes_issued: int | None  # VYD_OBALKY
    envelopes_returned: int | None  # ODEVZ_OBAL
    valid_votes: int | None  # PL_HL_CELK


class Counts(NamedTuple):
    """The four counts of a complete protocol."""

    registered_voters: int
    envelopes_issued: int
    envelopes_returned: int
    valid_votes: int


class SheetStated(NamedTuple):
    """T/6 part 2 as stated: one list's votes, preferences and control numbers.

    `preferences` holds the boxes that were filled in, zeros included; a box that is not there is
    an empty box, which on this form means no preferential vote.
    """

    list_number: int | None  # KSTRANA
    votes: int | None  # POC_HLASU
    preferences: VotesStated  # HLASY_01…HLASY_70
    kc_2: int | None
    kc_3: int | None
    kc_4: int | None
    kc_5: int | None
    last_candidate: int | None  # POSL_KAND
    kc_sum: int | None


@dataclass(frozen=True, slots=True)
class RegionalReading:
    """T/6 as stated. `lists_mark` is ZAKRSTRANA: position k is 1 when list k has a sheet."""

    election: str  # the election's code, such as kz2024
    precinct: PrecinctId
    district: int | None  # OKRES, four digits
    form_type: int | None  # TYP_FORM of part 1
    form_version: str
    corrected: int | None  # OPRAVA
    passable_error: int | None  # CHYBA
    kc_1: int | None
    counts: CountsStated
    kc_2: int | None
    lists_mark: str
    sheets: tuple[SheetStated, ...]

    @property
    def contest(self) -> Contest:
        return Contest.REGIONAL

    @property
    def key(self) -> ProtocolKey:
        return ProtocolKey(self.precinct, Contest.REGIONAL)


@dataclass(frozen=True, slots=True)
class SenateReading:
    """T/5 as stated, one per precinct and round. Control numbers follow the pattern of form T/1."""

    election: str
    precinct: PrecinctId
    district: int | None  # OKRES; not part of KC_SUM on this form
    form_type: int | None
    form_version: str
    corrected: int | None
    passable_error: int | None
    kc_1: int | None
    senate_district: int | None  # OBVOD
    round: int  # KOLO, 1 or 2
    counts: CountsStated
    votes: VotesStated  # HLASY_01…HLASY_22
    kc_2: int | None
    kc_3: int | None
    kc_4: int | None
    last_candidate: int | None
    kc_sum: int | None

    @property
    def contest(self) -> Contest:
        return Contest.senate(self.round)

    @property
    def key(self) -> ProtocolKey:
        return ProtocolKey(self.precinct, self.contest)


Reading = RegionalReading | SenateReading


class Sheet(NamedTuple):
    """One list's result in one precinct: `preferences` are the non-zero ones."""

    list_number: int
    votes: int
    preferences: Votes


@dataclass(frozen=True, slots=True)
class RegionalProtocol:
    """A complete T/6. Sheets in ascending order of the list's number."""

    precinct: PrecinctId
    district: int
    corrected: bool
    passable_error: bool
    counts: Counts
    sheets: tuple[Sheet, ...]

    @property
    def contest(self) -> Contest:
        return Contest.REGIONAL

    @property
    def key(self) -> ProtocolKey:
        return ProtocolKey(self.precinct, Contest.REGIONAL)


@dataclass(frozen=True, slots=True)
class SenateProtocol:
    """A complete T/5. `votes` are the non-zero ones."""

    precinct: PrecinctId
    district: int
    corrected: bool
    passable_error: bool
    senate_district: int
    round: int
    counts: Counts
    votes: Votes

    @property
    def contest(self) -> Contest:
        return Contest.senate(self.round)

    @property
    def key(self) -> ProtocolKey:
        return ProtocolKey(self.precinct, self.contest)


Protocol = RegionalProtocol | SenateProtocol
