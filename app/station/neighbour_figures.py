"""A protocol beside its surroundings, in numbers: what the plausibility rules compared, for a person.

Shares are hundredths of a per cent, cut off as published. What is not known is None, which is no zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.election import percent
from app.election.model import CountsStated, Reading, RegionalReading
from app.election.reference import Precinct, Reference
from app.election.surroundings import NO_VOTES, Area, Surroundings
from app.election.verdict import FieldRef
from app.station.figures import box, votes_field


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One list (T/6) or candidate (T/5) here and in the accepted protocols around."""

    field: FieldRef
    votes: int | None
    share: int | None
    votes_around: int
    share_around: int | None  # None: nothing is known around
    preferred: int | None = None  # preferential votes; None on T/5
    preferred_around: int | None = None


@dataclass(frozen=True, slots=True)
class CountFigures:
    """One count of the form beside what is known of it from elsewhere."""

    field: FieldRef
    here: int | None
    expected: int | None = None  # by the reference data
    previous: int | None = None  # in the previous election of this kind
    other: int | None = None  # in the precinct's other protocol


@dataclass(frozen=True, slots=True)
class NeighbourFigures:
    """All figures around one protocol. `protocols` is how many accepted ones the sums hold."""

    protocols: int
    counts: tuple[CountFigures, ...]
    turnout: int | None
    turnout_previous: int | None
    lines: tuple[LineFigures, ...]


def neighbour_figures(reading: Reading, around: Surroundings, reference: Reference) -> NeighbourFigures:
    """The figures around a protocol as stated; a list or candidate nobody voted for anywhere is left out."""
    precinct = reference.precincts.get(reading.key.precinct)
    voters, issued = reading.counts[:2]
    before = (precinct.previous_issued, precinct.previous_voters) if precinct else (None, None)
    return NeighbourFigures(
        protocols=around.around.protocols,
        counts=_counts(reading, around, precinct),
        turnout=_share(issued, voters),
        turnout_previous=_share(*before),
        lines=tuple(_lines(reading, around.around)),
    )


def _counts(reading: Reading, around: Surroundings, precinct: Precinct | None) -> tuple[CountFigures, ...]:
    other = next((CountsStated(*counts) for counts in around.beside.values()), None)
    fields = [FieldRef(name) for name in ("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK")]
    expected = (precinct.expected_voters if precinct else None, None, None, None)
    voters, issued = (precinct.previous_voters, precinct.previous_issued) if precinct else (None, None)
    previous = (voters, issued, None, None)
    beside = other or CountsStated(None, None, None, None)
    known = zip(fields, reading.counts, expected, previous, beside, strict=True)
    return tuple(CountFigures(*figures) for figures in known)


def _lines(reading: Reading, area: Area) -> Iterator[LineFigures]:
    stated = _stated(reading)
    total = sum(votes or 0 for votes, _ in stated.values())
    senate = reading.key.contest.is_senate
    for number in sorted(stated.keys() | area.lists.keys()):
        votes, preferred = stated.get(number, (0, None if senate else 0))
        around = area.lists.get(number, NO_VOTES)
        if votes or votes is None or around.votes or preferred:
            yield LineFigures(
                field=box(None, number) if senate else votes_field(number),
                votes=votes,
                share=_share(votes, total),
                votes_around=around.votes,
                share_around=_share(around.votes, area.votes) if area.votes else None,
                preferred=preferred,
                preferred_around=None if senate else around.preferred,
            )


def _stated(reading: Reading) -> dict[int, tuple[int | None, int | None]]:
    """List or candidate → its votes and preferential votes."""
    if isinstance(reading, RegionalReading):
        return {
            sheet.list_number or 0: (sheet.votes, sum(given or 0 for _, given in sheet.preferences))
            for sheet in reading.sheets
        }
    return {number: (votes, None) for number, votes in reading.votes}


def _share(part: int | None, whole: int | None) -> int | None:
    return None if part is None or not whole else percent.truncated(part, whole)
