"""The Senate's documents read: candidates of each district in one or both rounds, and its municipalities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents import xml
from app.documents.published.parts import (
    Attributes,
    Given,
    Person,
    Turnout,
    all_of,
    generated_at,
    given,
    person,
    root,
    turnouts,
)
from app.documents.results.parts import SENATE_OBCE_OBVOD, SENATE_VYSLEDKY

ELECTED, TO_ROUND_2, NOT_ELECTED = "ZVOLEN", "2.KOLO", "NEZVOLEN"
_ROUNDS = (1, 2)


@dataclass(frozen=True, slots=True)
class SenateCandidate:
    """KANDIDAT: votes by round, and by round what came of it (ZVOLEN_nKOLO) once that is known."""

    number: int
    person: Person
    votes: dict[int, Given]
    outcome: dict[int, str]


@dataclass(frozen=True, slots=True)
class SenateResult:
    """OBVOD: candidates ascending by number, turnout by round."""

    number: int
    name: str
    candidates: tuple[SenateCandidate, ...]
    turnout: dict[int, Turnout]

    def known(self, round_: int) -> bool:
        """Whether the document says how this round ended."""
        return any(round_ in each.outcome for each in self.candidates)


@dataclass(frozen=True, slots=True)
class SenateResults:
    """`vysledky` of the Senate, with turnout of all districts by round."""

    generated_at: datetime
    districts: dict[int, SenateResult]
    turnout: dict[int, Turnout]


@dataclass(frozen=True, slots=True)
class SenateRow:
    """OBEC: turnout by round; votes by candidate and round, those without a vote left out."""

    code: int
    name: str
    turnout: dict[int, Turnout]
    votes: dict[int, dict[int, Given]]


@dataclass(frozen=True, slots=True)
class SenateMunicipalities:
    """`vysledky_obce_obvod`: the municipalities (or parts of cities) of one district."""

    generated_at: datetime
    rows: tuple[SenateRow, ...]


def read_senate(data: bytes) -> SenateResults:
    """The content of `vysledky`. Raises `DocumentError`."""
    document = root(data, SENATE_VYSLEDKY)
    [whole] = all_of(document, "CELKEM")
    districts = {each.number: each for each in map(_district, all_of(document, "OBVOD"))}
    return SenateResults(generated_at(document), districts, turnouts(whole))


def read_municipalities(data: bytes) -> SenateMunicipalities:
    """The content of `vysledky_obce_obvod`. Raises `DocumentError`."""
    document = root(data, SENATE_OBCE_OBVOD)
    return SenateMunicipalities(generated_at(document), tuple(map(_row, all_of(document, "OBEC"))))


def _district(element: xml.Element) -> SenateResult:
    said = xml.attributes_of(element)
    candidates = tuple(map(_candidate, map(xml.attributes_of, all_of(element, "KANDIDAT"))))
    return SenateResult(int(said["CISLO"]), said["NAZEV"], candidates, turnouts(element))


def _candidate(said: dict[str, str]) -> SenateCandidate:
    outcome = {round_: said[f"ZVOLEN_{round_}KOLO"] for round_ in _ROUNDS if f"ZVOLEN_{round_}KOLO" in said}
    return SenateCandidate(int(said["PORADOVE_CISLO"]), person(said), _votes(said), outcome)


def _row(element: xml.Element) -> SenateRow:
    said = xml.attributes_of(element)
    votes = {
        int(each["PORADOVE_CISLO"]): _votes(each) for each in map(xml.attributes_of, all_of(element, "HLASY"))
    }
    return SenateRow(int(said["CIS_OBEC"]), said["NAZ_OBEC"], turnouts(element), votes)


def _votes(said: Attributes) -> dict[int, Given]:
    return {
        round_: given(said, f"HLASY_{round_}KOLO", f"HLASY_PROC_{round_}KOLO")
        for round_ in _ROUNDS
        if f"HLASY_{round_}KOLO" in said
    }
