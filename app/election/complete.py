"""From a reading to a complete protocol: the step after which no number may be missing.

A blank is not a zero, so a reading with a blank count does not become a protocol: it raises.
What the numbers say is not judged here; that is the checks' work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from app.election.errors import KnownError
from app.election.model import (
    Counts,
    CountsStated,
    Reading,
    RegionalProtocol,
    RegionalReading,
    SenateProtocol,
    SenateReading,
    Sheet,
    SheetStated,
    Votes,
    VotesStated,
)

#: VOL_SEZNAM has five digits.
MOST_VOTERS = 99_999
#: Envelopes and votes have four digits.
MOST_VOTES = 9_999
#: Official columns of the four counts with their highest value, in the order of `Counts`.
COUNT_COLUMNS = (
    ("VOL_SEZNAM", MOST_VOTERS),
    ("VYD_OBALKY", MOST_VOTES),
    ("ODEVZ_OBAL", MOST_VOTES),
    ("PL_HL_CELK", MOST_VOTES),
)

_P = TypeVar("_P", bound=RegionalProtocol | SenateProtocol)


class Incomplete(KnownError):
    """A number that a protocol must have is blank, negative or too long. `field` is its official column."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "ELE-INCOMPLETE",
            f"Zápis není úplný: položka {field} chybí, nebo v ní není číslo, které tam může být. "
            "Doplňte ji podle podepsaného zápisu.",
            f"The protocol is not complete: {field} is missing or is not a number that may stand there. "
            "Fill it in from the signed protocol.",
        )
        self.field = field


def complete(reading: Reading) -> RegionalProtocol | SenateProtocol:
    """The reading as a complete protocol: sorted, zeros left out, control numbers dropped.

    A sheet without votes and without preferences says nothing and is left out as well.
    Raises `Incomplete` when a count is blank, negative or wider than its column, and when a list
    or a candidate is there twice.
    """
    if isinstance(reading, RegionalReading):
        return _regional(reading)
    return _senate(reading)


def with_flags(protocol: _P, *, corrected: bool | None = None, passable_error: bool | None = None) -> _P:
    """The same protocol with OPRAVA or CHYBA set; `None` leaves a flag as it is."""
    return replace(
        protocol,
        corrected=protocol.corrected if corrected is None else corrected,
        passable_error=protocol.passable_error if passable_error is None else passable_error,
    )


def _regional(reading: RegionalReading) -> RegionalProtocol:
    sheets = [_sheet(sheet) for sheet in reading.sheets]
    kept = sorted(sheet for sheet in sheets if sheet.votes or sheet.preferences)
    if len({sheet.list_number for sheet in kept}) != len(kept):
        raise Incomplete("KSTRANA")
    return RegionalProtocol(
        precinct=reading.precinct,
        district=_within(reading.district, 9_999, "OKRES"),
        corrected=bool(_within(reading.corrected, 1, "OPRAVA")),
        passable_error=bool(_within(reading.passable_error, 1, "CHYBA")),
        counts=_counts(reading.counts),
        sheets=tuple(kept),
    )


def _senate(reading: SenateReading) -> SenateProtocol:
    if reading.round not in (1, 2):
        raise Incomplete("KOLO")
    return SenateProtocol(
        precinct=reading.precinct,
        district=_within(reading.district, 9_999, "OKRES"),
        corrected=bool(_within(reading.corrected, 1, "OPRAVA")),
        passable_error=bool(_within(reading.passable_error, 1, "CHYBA")),
        senate_district=_within(reading.senate_district, 99, "OBVOD"),
        round=reading.round,
        counts=_counts(reading.counts),
        votes=_votes(reading.votes),
    )


def _sheet(stated: SheetStated) -> Sheet:
    number = stated.list_number
    if number is None or not 1 <= number <= 99:
        raise Incomplete("KSTRANA")
    return Sheet(number, _within(stated.votes, MOST_VOTES, "POC_HLASU"), _votes(stated.preferences))


def _counts(stated: CountsStated) -> Counts:
    return Counts(
        *(_within(value, most, column) for value, (column, most) in zip(stated, COUNT_COLUMNS, strict=True))
    )


def _votes(stated: VotesStated) -> Votes:
    kept: list[tuple[int, int]] = []
    last, ascending = 0, True
    for number, votes in stated:
        if votes is None or votes < 0 or votes > MOST_VOTES:
            raise Incomplete(f"HLASY_{number:02d}")
        if number <= last:
            ascending = False
        last = number
        if votes:
            kept.append((number, votes))
    if not ascending:
        if len({number for number, _ in stated}) != len(stated):
            raise Incomplete(f"HLASY_{last:02d}")
        kept.sort()
    return tuple(kept)


def _within(value: int | None, most: int, field: str) -> int:
    if value is None or not 0 <= value <= most:
        raise Incomplete(field)
    return value
