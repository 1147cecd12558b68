"""One visit of one commission: both protocols of a joint precinct belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Precinct, Reference
from app.station import records
from app.station.offers import Offer
from app.station.point.standing import effective
from app.station.reading import Reader
from app.station.states import State
from app.station.store import Store


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

    def __init__(
        self,
        store: Store,
        reader: Reader,
        reference: Reference,
        expected: frozenset[ProtocolKey],
        station: str = "",
    ) -> None:
        """`station` names this workstation."""
        self._store, self._reader, self._reference, self._expected = store, reader, reference, expected
        self._station = station

    def of(self, offers: Iterable[Offer]) -> tuple[Visit, ...]:
        """Offers of any files grouped by precinct, in the order in which they came, each judged again
        with the contests of its visit (`Answers.contests_in_visit`)."""
        by_precinct: dict[PrecinctId, list[Offer]] = {}
        for offer in offers:
            by_precinct.setdefault(offer.key.precinct, []).append(offer)
        return tuple(self._visit(precinct, found) for precinct, found in by_precinct.items())

    def empty(self, precinct: PrecinctId) -> Visit:
        """A visit without a file: the clerk chose the precinct and will type."""
        return self._visit(precinct, [])

    def _visit(self, number: PrecinctId, offers: list[Offer]) -> Visit:
        precinct = self._reference.precincts.get(number)
        contests = tuple(c for c in self._reference.election.contests if self._is_expected(number, c))
        offered = {offer.key.contest for offer in offers}
        present = frozenset(offered | {contest for contest in contests if self._is_here(number, contest)})
        counts = {offer.key.contest: offer.reading.counts for offer in offers}
        judged = [
            self._reader.retold(offer, replace(offer.answers, contests_in_visit=present), beside=counts)
            for offer in offers
        ]
        judged.sort(key=lambda offer: list(Contest).index(offer.key.contest))
        return Visit(precinct if contests else None, number, tuple(judged), contests, present)

    def _is_expected(self, precinct: PrecinctId, contest: Contest) -> bool:
        return ProtocolKey(precinct, contest) in self._expected

    def _is_here(self, precinct: PrecinctId, contest: Contest) -> bool:
        """Taken in before, waiting for approval, or being typed."""
        key = ProtocolKey(precinct, contest)
        stands = effective(self._store.connection, self._station, key)
        if stands.revision or stands.state.has_result or stands.state is State.HELD:
            return True
        sql = (
            "SELECT 1 FROM draft_stands WHERE whole = 'restored' AND municipality = ? AND precinct = ?"
            " AND contest = ?"
        )
        return bool(self._store.rows(sql, records.key_values(key)))
