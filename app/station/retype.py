"""Rule KC-05 at the desk: the binding totals that the clerk types from the signed paper.

They prove that the file and the paper are the same protocol, so they are typed without seeing what the
file says. A mismatch names the fields; what the file says is shown only after the clerk looked again.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.election.verdict import FieldRef
from app.station.offers import Offer
from app.station.states import User


class Retype:
    """`station.retype`. `required`: whether this point takes no file in without it."""

    required: bool

    def expected_fields(self, offer: Offer) -> tuple[FieldRef, ...]:
        """What to type, in the order of the paper: the four counts, then the votes of each list of the
        file (T/6) or of each candidate (T/5). No values. Empty for a protocol typed from paper."""
        raise NotImplementedError

    def missing(self, offer: Offer) -> tuple[FieldRef, ...]:
        """Fields that have to be typed before this offer can be accepted or held; empty where it is not
        required here."""
        raise NotImplementedError

    def judged(self, offer: Offer, typed: Mapping[FieldRef, int | None]) -> Offer:
        """The offer judged again with what was typed (`Answers.retyped`)."""
        raise NotImplementedError

    def differing(self, offer: Offer) -> tuple[FieldRef, ...]:
        """Typed fields in which paper and file differ; empty also when nothing was typed."""
        raise NotImplementedError

    def settle(self, offer: Offer, field: FieldRef, value: int | None, user: User, reason: str) -> Offer:
        """A second look at the paper for a differing field, with the reason; written to the journal.
        When the paper supports the file, the field differs no more. When it does not, it still does
        (`differing`), and the commission mends it, or the protocol is refused."""
        raise NotImplementedError
