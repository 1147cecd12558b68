"""The same precinct taken in twice with different content: shown side by side, and settled by a supervisor.

The first at the centre stands; ours came back. Two ways: the other stands, and ours is withdrawn with a
reason (nothing of it was ever counted); or ours is right, and goes as the next revision, with the reason
and OPRAVA=1, over the one that stands. Both bind to what was shown: if anything changed in between, they
are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.documents.batch import Source
from app.election.circumstances import Totals
from app.election.complete import complete
from app.election.model import CountsStated, Protocol, ProtocolKey, Reading, RegionalReading
from app.station import journal, records
from app.station.changes import Change, Changes
from app.station.differences import FieldDifference, differences
from app.station.errors import ContentChanged
from app.station.intake import Intake
from app.station.offers import Accepted, Answers, Offer
from app.station.permissions import Permission, require
from app.station.point.elsewhere import Elsewhere
from app.station.point.errors import NoConflict
from app.station.point.memory import PointMemory, Taken
from app.station.point.standing import elsewhere, elsewhere_of
from app.station.reading import Reader
from app.station.states import State, Step, User, take
from app.station.store import Store, instant
from app.station.texts import check_texts
from app.station.versions import Versions


@dataclass(frozen=True, slots=True)
class Conflict:
    """One protocol of which two workstations took in different content. `theirs` is None until the other
    one's batch is here. Nothing `differing` then means the same figures, numbered differently among the
    corrections: there is nothing to insist on."""

    key: ProtocolKey
    ours: records.Version
    our_protocol: Protocol
    standing: Elsewhere
    theirs: Taken | None
    differing: tuple[FieldDifference, ...]


class Conflicts:
    """`station.point.conflicts`. Safe from any thread."""

    def __init__(
        self,
        store: Store,
        versions: Versions,
        reader: Reader,
        intake: Intake,
        kept: PointMemory,
        own: str,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        self._store, self._versions, self._reader, self._intake = store, versions, reader, intake
        self._memory, self._own, self._clock, self._changes = kept, own, clock, changes
        self._looked_for: set[tuple[str, int]] = set()  # batches that somebody wanted to see figures of

    def waiting(self) -> tuple[ProtocolKey, ...]:
        """Protocols of which somebody has to decide which content is right."""
        returned = self._store.rows("SELECT * FROM protocols WHERE state = ?", (State.RETURNED.value,))
        if not returned:
            return ()
        others = elsewhere(self._store, self._own)
        found = []
        for row in returned:
            key = records.key_of(row)
            version = records.version(self._store.connection, key, row["revision"])
            if _differ(version, others.get(key)):
                found.append(key)
        return tuple(sorted(found))

    def wanted(self) -> tuple[str, int] | None:
        """The batch of another workstation whose figures are needed for a conflict, or were looked for, and
        that is not here yet."""
        others = elsewhere(self._store, self._own)
        for key in self.waiting():
            other = others[key]
            if self._memory.taken(key, other.station, other.revision, other.content_hash) is None:
                return other.station, other.batch_number
        # Handed out once: whoever still misses it looks again.
        return self._looked_for.pop() if self._looked_for else None

    def beside(self, offer: Offer) -> tuple[Accepted, Protocol] | None:
        """What another workstation took in, to stand beside an offer that differs from it. While its batch
        is not here it is looked for: the next look may find it."""
        other = offer.elsewhere
        if other is None:
            return None
        taken = self._memory.taken(offer.key, other.station, other.revision, other.content_hash)
        if taken is None:
            self._looked_for.add((other.station, other.batch_number))
            return None
        told = Accepted(
            offer.key, other.revision, other.content_hash, taken.accepted_at, taken.accepted_by, None, ""
        )
        return told, taken.protocol

    def of(self, key: ProtocolKey) -> Conflict | None:
        """One conflict with both contents; None when there is none."""
        db = self._store.connection
        version = self._returned(key)
        other = elsewhere_of(self._store.rows, self._own, key)
        if version is None or other is None or not _differ(version, other):
            return None
        ours = complete(self._versions.reading(db, version))
        theirs = self._memory.taken(key, other.station, other.revision, other.content_hash)
        differing = () if theirs is None else differences(ours, theirs.protocol)
        return Conflict(key, version, ours, other, theirs, differing)

    def withdraw(self, key: ProtocolKey, shown: Conflict, user: User, reason: str) -> None:
        """The other stands: ours gives way, with a reason. Raises `RoleRefused`, `ReasonMissing`,
        `NoConflict`, `ContentChanged`."""
        require(user, Permission.SETTLE_CONFLICT)
        check_texts(user, reason)
        at = self._clock()
        with self._store.transaction() as db:
            self._check(shown)
            after = take(records.stands(db, key).state, Step.WITHDRAW, user, reason, key)
            db.execute(
                "INSERT INTO withdrawals VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    shown.ours.id, shown.standing.station, shown.standing.revision,
                    shown.standing.content_hash, reason, user.name, instant(at),
                ),
            )  # fmt: skip
            records.move(db, key, after, at, user.name, reason)
            journal.write(
                db, at, user.name, Step.WITHDRAW, key, shown.ours.revision,
                content_hash=shown.ours.content_hash, station=shown.standing.station,
                other_revision=shown.standing.revision, other_hash=shown.standing.content_hash, reason=reason,
            )  # fmt: skip
        self._changes.tell(Change(frozenset({key})))

    def insist(self, key: ProtocolKey, shown: Conflict, user: User, reason: str) -> Offer:
        """Ours is right: it goes as the next revision over the one that stands. What a rule asks approval
        for is held for another person, as any other; the answer says which (`needs_approval`).

        Raises `RoleRefused`, `ReasonMissing`, `NoConflict`, `ContentChanged`, or what stands against it.
        """
        require(user, Permission.SETTLE_CONFLICT)
        check_texts(user, reason)
        self._check(shown)
        offer = self._intake.as_correction(self._our_offer(shown), user, reason)
        if offer.needs_approval:
            self._intake.hold(offer, user, reason)
        else:
            self._intake.accept(offer, user)
        return offer

    def _our_offer(self, shown: Conflict) -> Offer:
        """Our accepted revision as an offer again. Its totals were proved when it was accepted."""
        db, version = self._store.connection, shown.ours
        reading = self._versions.reading(db, version)
        answers = Answers(retyped=_totals(reading), handed_over=version.accepted_at)
        return self._reader.again(
            records.original(db, version.original_sha256), version.position, answers,
            Source(version.source), records.hands_of(db, version),
        )  # fmt: skip

    def _check(self, shown: Conflict) -> None:
        """What was shown is what is there."""
        version = self._returned(shown.key)
        other = elsewhere_of(self._store.rows, self._own, shown.key)
        if version is None or other is None or not _differ(version, other):
            raise NoConflict(shown.key)
        now = (version.id, other.station, other.revision, other.content_hash)
        then = (
            shown.ours.id, shown.standing.station, shown.standing.revision, shown.standing.content_hash
        )  # fmt: skip
        if now != then:
            raise ContentChanged(shown.key)

    def _returned(self, key: ProtocolKey) -> records.Version | None:
        db = self._store.connection
        stands = records.stands(db, key)
        return records.version(db, key, stands.revision) if stands.state is State.RETURNED else None


def _differ(version: records.Version | None, other: Elsewhere | None) -> bool:
    return (
        version is not None
        and other is not None
        and other.confirmed
        and other.revision >= version.revision
        and other.content_hash != version.content_hash
    )


def _totals(reading: Reading) -> Totals:
    votes = (
        tuple((sheet.list_number or 0, sheet.votes) for sheet in reading.sheets)
        if isinstance(reading, RegionalReading)
        else reading.votes
    )
    return Totals(CountsStated(*reading.counts), votes)
