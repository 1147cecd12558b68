"""One visit of one commission: both protocols of a joint precinct belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.election.model import Contest, PrecinctId
from app.election.reference import Precinct
from app.station.offers import Offer


@dataclass(frozen=True, slots=True)
class Visit:
    """What a commission brought. `offers` in the order of the election's contests; `contests` are all
    that the precinct holds; `present` those offered, being typed or taken in before; `missing` the rest,
    about which rule ID-05 warns."""

    precinct: Precinct | None  # None: no such precinct here
    id: PrecinctId
    offers: tuple[Offer, ...]
    contests: tuple[Contest, ...]
    present: frozenset[Contest]

    @property
    def missing(self) -> tuple[Contest, ...]:
        return tuple(contest for contest in self.contests if contest not in self.present)

    @property
    def is_complete(self) -> bool:
        return not self.missing


class Visits:
    """`station.visits`."""

    def of(self, offers: Iterable[Offer]) -> tuple[Visit, ...]:
        """Offers of any files grouped by precinct, in the order in which they came, each judged again
        with the contests of its visit (`Answers.contests_in_visit`)."""
        raise NotImplementedError

    def empty(self, precinct: PrecinctId) -> Visit:
        """A visit without a file: the clerk chose the precinct and will type."""
        raise NotImplementedError
