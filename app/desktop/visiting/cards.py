"""Offers as cards of the page, judged with what the clerk answered. Part of the desk: called off the main
thread, and the only place besides it that asks the station about an offer. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.desktop.visit import Card
from app.election.model import Contest, Protocol
from app.election.verdict import FieldRef
from app.station.course import Course
from app.station.differences import FieldDifference
from app.station.figures import figures
from app.station.offers import Accepted, Offer, Standing
from app.station.retype import typed_figures
from app.station.states import User
from app.station.station import Station


class Cards:
    """Makes cards; everything here may be called from any thread."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def of(
        self,
        offer: Offer,
        missing: tuple[Contest, ...] = (),
        settled: frozenset[FieldRef] = frozenset(),
    ) -> Card:
        """An offer with all that the page has to know about it."""
        retype, different = self._station.retype, offer.standing is Standing.DIFFERENT
        return Card(
            offer,
            to_retype=retype.missing(offer),
            differing=retype.differing(offer),
            before=self._accepted(offer) if different else None,
            missing=missing,
            settled=settled,
            assigned=self._station.point.assigning.of_another(offer.key.precinct),
        )

    def _accepted(self, offer: Offer) -> tuple[Accepted, Protocol] | None:
        """What the offer differs from: taken in at another workstation of the point, or here."""
        if offer.elsewhere is not None:
            return self._station.point.conflicts.beside(offer)
        return self._station.intake.current(offer.key)

    def visits(self, offers: Sequence[Offer]) -> tuple[tuple[Card, ...], ...]:
        """Cards of one precinct each, judged with the contests that came together."""
        return tuple(
            tuple(self.of(offer, visit.missing) for offer in visit.offers)
            for visit in self._station.visits.of(offers)
        )

    def signed(self, cards: Sequence[Card], card: Card, course: Course) -> Card:
        """One card of a visit with the answers to rules FM-05 and FM-06."""
        answers = course.told_in(card.offer.answers)
        offers = [replace(card.offer, answers=answers) if one is card else one.offer for one in cards]
        (visit,) = self.visits(offers)
        return next(one for one in visit if _is_same(one.offer, card.offer))

    def retyped(
        self, card: Card, typed: Mapping[FieldRef, int | None], course: Course
    ) -> tuple[Card, tuple[FieldDifference, ...]]:
        """The card with the totals typed from its paper, and the totals in which paper and file differ."""
        offer = card.offer
        answered = replace(offer, answers=course.told_in(offer.answers))
        compared = self._station.retype.judged(answered, typed)
        after = self.of(compared, card.missing)
        paper, file = typed_figures(compared), figures(compared.reading)
        differing = tuple(FieldDifference(f, paper.get(f), file.get(f, 0)) for f in after.differing)
        return after, differing

    def settled(self, card: Card, values: Mapping[FieldRef, int | None], user: User, reason: str) -> Card:
        """The card after the clerk said for each differing field what the paper says."""
        offer = card.offer
        for field, value in values.items():
            offer = self._station.retype.settle(offer, field, value, user, reason)
        return self.of(offer, card.missing, card.settled | values.keys())


def _is_same(one: Offer, other: Offer) -> bool:
    return (one.original.sha256, one.position) == (other.original.sha256, other.position)
