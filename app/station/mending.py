"""Mended on the spot: the commission corrects its own protocol at the desk, if it is authorised to.

The original and the mended protocol are both kept; the record gets OPRAVA=1; whoever typed the change
cannot approve the result.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.election.model import ProtocolKey
from app.election.verdict import FieldRef
from app.station.offers import Answers, Offer
from app.station.states import User


class Mending:
    """`station.mending`."""

    def mend(
        self,
        offer: Offer,
        changes: Mapping[FieldRef, int | None],
        user: User,
        authorised: bool,
        reason: str,
    ) -> Offer:
        """The offer with the changed figures, OPRAVA=1 and control numbers stated right, judged again and
        stored beside the original. A list whose votes become blank or 0 loses its sheet. Totals retyped
        before are kept, those that changed with their new value. Raises `NotAuthorised` unless the
        commission's authorisation is ticked, `FieldRefused`, `ReasonMissing`, `NothingMended`."""
        raise NotImplementedError

    def mended(self, key: ProtocolKey, answers: Answers = Answers()) -> Offer | None:  # noqa: B008
        """The mended offer that nobody has decided yet, as after a crash; None when there is none."""
        raise NotImplementedError
