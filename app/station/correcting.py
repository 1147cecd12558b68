"""Corrections after acceptance that are typed: the standing figures, changed where the new paper differs.

A corrected file needs nothing of this (`Intake.as_correction`), nor does a whole paper typed twice again.
Here the commission brings its mended and signed paper, and only what changed is typed over the figures
that stand. The result is the next revision, with OPRAVA=1 and its reason, judged and accepted like any
other; what stood before stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.documents.batch import Source
from app.election.model import ProtocolKey
from app.election.verdict import FieldRef
from app.station import records
from app.station.errors import AlreadyAccepted, ContentChanged, NothingToCorrect
from app.station.mending import Mending
from app.station.offers import Answers, Offer
from app.station.reading import Reader
from app.station.records import Stands
from app.station.states import State, Step, User, take
from app.station.store import Store
from app.station.texts import check_texts

_NOTHING_SAID = Answers()


class Correcting:
    """`station.correcting`. Safe from any thread."""

    def __init__(
        self, store: Store, reader: Reader, mending: Mending, standing: Callable[[ProtocolKey], Stands]
    ) -> None:
        """`standing` tells where a protocol stands in the whole point."""
        self._store, self._reader, self._mending, self._standing = store, reader, mending, standing

    def standing(self, key: ProtocolKey) -> Offer:
        """What stands, as an offer to be changed by `typed`; it can be accepted by nobody as it is.

        Raises `NothingToCorrect` before the first acceptance, and where another workstation's revision
        stands, whose bytes are not here.
        """
        db = self._store.connection
        version = records.version(db, key, self._standing(key).revision)
        if version is None:
            raise NothingToCorrect(key)
        source = Source(version.source)
        hands = records.hands_of(db, version) if source is Source.PAPER else ()
        original = records.original(db, version.original_sha256)
        return self._reader.again(original, version.position, _NOTHING_SAID, source, hands)

    def unchanged(self, key: ProtocolKey, user: User, reason: str) -> Offer:
        """What the centre returned, as the next revision with the same figures: where the reason was not in
        them, as with a permit that was not there in time. Raises `AlreadyAccepted` for any other state."""
        check_texts(user, reason)
        shown, stands = self.standing(key), self._standing(key)
        take(stands.state, Step.CORRECT, user, reason, key)
        if stands.state is not State.RETURNED:
            raise AlreadyAccepted(key, stands.revision)
        return self._reader.retold(shown, shown.answers, reason.strip(), user.name)

    def typed(
        self,
        shown: Offer,
        changes: Mapping[FieldRef, int | None],
        user: User,
        authorised: bool,
        reason: str,
    ) -> Offer:
        """The offer of `standing` with what the commission changed, as the next revision.

        Raises `ContentChanged` when another revision stands by now, what stands against a correction, and
        what `Mending.mend` raises (authorisation, reason, nothing changed).
        """
        check_texts(user, reason)
        stands = self._standing(shown.key)
        if stands.revision != shown.accepted_revision:
            raise ContentChanged(shown.key)
        take(stands.state, Step.CORRECT, user, reason, shown.key)
        base = self._reader.retold(shown, shown.answers, reason.strip(), user.name)
        return self._mending.mend(base, changes, user, authorised, reason)
