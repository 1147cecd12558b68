"""What passes between the desk and its pages: a protocol as a card, and what an act made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.election.model import Contest, Protocol
from app.election.verdict import FieldRef
from app.station.offers import Accepted, Held, Offer
from app.station.retype import veiled


@dataclass(frozen=True, slots=True)
class Card:
    """One protocol on the page: an offer as read, and the hold that it waits in, if it does.

    `to_retype` are the totals still to be typed from the paper, `differing` those typed that differ from the
    file, `before` what is accepted when the offer's content is another; `missing` are the contests of the
    visit whose protocol did not come; `settled` are the fields that were looked at a second time.
    """

    offer: Offer
    held: Held | None = None
    to_retype: tuple[FieldRef, ...] = ()
    differing: tuple[FieldRef, ...] = ()
    before: tuple[Accepted, Protocol] | None = None
    missing: tuple[Contest, ...] = ()
    settled: frozenset[FieldRef] = frozenset()
    assigned: str = ""  # the other workstation that the precinct was assigned to

    @property
    def shown(self) -> Offer:
        """The offer as the clerk may see it: no figure of a field that differs and was not settled."""
        unsettled = [field for field in self.differing if field not in self.settled]
        if not unsettled:
            return self.offer
        return replace(self.offer, verdict=veiled(self.offer.verdict, unsettled))

    @property
    def has_paper_to_compare(self) -> bool:
        """Whether totals of the signed paper are still to be typed, or to be typed again."""
        return bool(self.to_retype or self.differing)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act made of one card: the act's name and, for an acceptance, what was accepted."""

    act: str
    card: Card
    accepted: Accepted | None = None
    protocol: Protocol | None = None
