"""Taking protocols in (skeleton: the signatures are final, the bodies follow)."""

from __future__ import annotations

from pathlib import Path

from app.election.model import Protocol, ProtocolKey
from app.station.offers import Accepted, Answers, Held, Offer
from app.station.states import User


class Intake:
    """The acts on protocols; every one is one transaction or raises a KnownError and changes nothing."""

    def read_file(self, path: Path, answers: Answers = Answers()) -> tuple[Offer, ...]:
        """Offers of all protocols in a file; stores nothing."""
        raise NotImplementedError

    def read_bytes(self, name: str, data: bytes, answers: Answers = Answers()) -> tuple[Offer, ...]:
        raise NotImplementedError

    def accept(self, offer: Offer, user: User, reason: str = "") -> Accepted:
        raise NotImplementedError

    def hold(self, offer: Offer, user: User, reason: str) -> Held:
        """Put an offer with a passable error before another person."""
        raise NotImplementedError

    def held(self, key: ProtocolKey | None = None) -> tuple[Held, ...]:
        """The queue of what waits for approval (of one key), oldest first."""
        raise NotImplementedError

    def approve(self, key: ProtocolKey, user: User, shown_hash: str, reason: str = "") -> Accepted:
        """`shown_hash` is the `content_hash` that the approver saw."""
        raise NotImplementedError

    def send_back(self, key: ProtocolKey, user: User, reason: str) -> None:
        """End a hold without approval."""
        raise NotImplementedError

    def refuse(self, offer: Offer, user: User, reason: str) -> None:
        raise NotImplementedError

    def as_correction(self, offer: Offer, user: User, reason: str) -> Offer:
        """The same figures judged as the next revision with OPRAVA=1; then accept or hold it."""
        raise NotImplementedError

    def correct(self, offer: Offer, user: User, reason: str) -> Accepted:
        """`as_correction` and `accept` in one."""
        raise NotImplementedError

    def current(self, key: ProtocolKey) -> tuple[Accepted, Protocol] | None:
        """The latest accepted revision with its figures, for the read-only view and the transcript."""
        raise NotImplementedError
