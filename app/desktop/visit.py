"""What passes between the desk and its pages: a protocol as a card, and what an act made of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.election.model import Protocol
from app.station.offers import Accepted, Held, Offer


@dataclass(frozen=True, slots=True)
class Card:
    """One protocol on the page: an offer as read, and the hold that it waits in, if it does."""

    offer: Offer
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act made of one card: the act's name and, for an acceptance, what was accepted."""

    act: str
    card: Card
    accepted: Accepted | None = None
    protocol: Protocol | None = None
