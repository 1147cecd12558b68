"""What people decided or declared about an election; the sums alone do not say it.

A lot between equal numbers of votes, a Senate finalist who left between the rounds, a precinct that will
never be delivered, an area declared complete. Each comes from an act that somebody signed; whoever
computes a result takes this value and guesses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.election.model import Contest, ProtocolKey


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force at one moment.

    `lots`: (contest, region KRZAST or Senate district OBVOD) → numbers in the order in which they were
    drawn. `left`: Senate district → candidates who withdrew, lost eligibility or died between the rounds.
    `never`: protocols declared as never delivered. `declared`: ("region" | "senate" | "district" |
    "country", its number; the country's is 0) declared complete. `seats`: region → list → seats, where
    the votes do not give them (fewer than two lists over the clause, more seats than candidates).
    """

    lots: Mapping[tuple[Contest, int], tuple[int, ...]] = field(default_factory=dict)
    left: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    never: frozenset[ProtocolKey] = frozenset()
    declared: frozenset[tuple[Contest, str, int]] = frozenset()
    seats: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def lot(self, contest: Contest, number: int) -> tuple[int, ...]:
        """The recorded lot of one region or Senate district; empty when none was drawn."""
        return self.lots.get((contest, number), ())


NO_DECISIONS = Decisions()
