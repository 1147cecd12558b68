"""What waits for a supervisor: the queue of held protocols, and everything to know before approving one.

Looking is here; approving and sending back are acts of `app.station.intake`, which bind to the content
that was shown and refuse whoever had a hand in it. The queue reads rows only; a case is judged as of now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.documents.batch import Source
from app.election.errors import KnownError
from app.election.model import Protocol, ProtocolKey
from app.election.reference import Reference
from app.election.surroundings import Surroundings
from app.station import journal, paper_trail, records
from app.station.differences import FieldDifference, differences
from app.station.errors import OwnWork
from app.station.intake import Intake
from app.station.neighbour_figures import NeighbourFigures, neighbour_figures
from app.station.offers import Accepted, Held
from app.station.paper_trail import Mend, Readings
from app.station.permissions import Permission, require
from app.station.states import Step, User
from app.station.store import Store, from_instant


@dataclass(frozen=True, slots=True)
class Waiting:
    """One held protocol in the queue."""

    id: int
    key: ProtocolKey
    held_at: datetime
    entered_by: str
    reason: str
    source: Source
    is_correction: bool
    own: bool  # of the person who looks: somebody else has to approve it


@dataclass(frozen=True, slots=True)
class Case:
    """Everything about one held protocol. `failed_at_hold` are the rules that failed when it was held, None
    where that is not known; `current` is the accepted revision that it would correct."""

    held: Held
    received_at: datetime
    received_by: str
    failed_at_hold: tuple[str, ...] | None
    readings: Readings | None
    mends: tuple[Mend, ...]
    neighbours: NeighbourFigures
    current: tuple[Accepted, Protocol] | None

    @property
    def key(self) -> ProtocolKey:
        return self.held.key

    @property
    def failed(self) -> tuple[str, ...]:
        """Rules that fail now."""
        return self.held.offer.verdict.failed_ids

    @property
    def newly_failed(self) -> tuple[str, ...]:
        """Rules that fail now and did not when it was held: the neighbours came meanwhile."""
        before = self.failed if self.failed_at_hold is None else self.failed_at_hold
        return tuple(rule for rule in self.failed if rule not in before)


@dataclass(frozen=True, slots=True)
class Changed:
    """What differs between a case that was shown and the one that waits now."""

    figures: tuple[FieldDifference, ...]
    rules: tuple[str, ...]  # that fail now and did not on the screen

    @property
    def anything(self) -> bool:
        return bool(self.figures or self.rules)


class Approvals:
    """`station.approvals`. Safe from any thread."""

    def __init__(
        self,
        store: Store,
        intake: Intake,
        reference: Reference,
        surroundings: Callable[[ProtocolKey], Surroundings],
    ) -> None:
        self._store, self._intake, self._reference = store, intake, reference
        self._surroundings = surroundings

    def count(self) -> int:
        """How many protocols wait."""
        return len(records.open_holds(self._store.connection))

    def queue(self, user: User) -> tuple[Waiting, ...]:
        """All that waits, oldest first, as this person sees it."""
        return tuple(
            Waiting(
                hold.id,
                hold.key,
                hold.held_at,
                hold.entered_by,
                hold.reason,
                hold.source,
                bool(hold.correction_reason),
                hold.is_work_of(user.name),
            )
            for hold in records.open_holds(self._store.connection)
        )

    def case(self, key: ProtocolKey) -> Case | None:
        """What waits under a key with all that is known about it; None when nothing waits there any more."""
        waiting = self._intake.held(key)
        if not waiting:
            return None
        held, db = waiting[0], self._store.connection
        sha256 = held.offer.original.sha256
        received = db.execute(
            "SELECT received_at, user FROM originals WHERE sha256 = ?", (sha256,)
        ).fetchone()
        mends = paper_trail.mends(db, key, sha256)
        stated = mends[0].before_sha256 if mends else sha256
        return Case(
            held=held,
            received_at=from_instant(received["received_at"]),
            received_by=received["user"],
            failed_at_hold=self._failed_at_hold(held),
            readings=paper_trail.readings(db, key, stated, self._reference),
            mends=mends,
            neighbours=neighbour_figures(held.offer.reading, self._surroundings(key), self._reference),
            current=self._intake.current(key),
        )

    def trouble(self, case: Case, user: User) -> KnownError | None:
        """Why this person cannot approve the case; None when nothing stands against it. The act itself asks
        again: this is for the button."""
        try:
            require(user, Permission.APPROVE)
        except KnownError as error:
            return error
        holds = records.open_holds(self._store.connection, case.key)
        own = any(hold.is_work_of(user.name) for hold in holds if hold.id == case.held.id)
        return OwnWork(case.key, user.name) if own else None

    @staticmethod
    def changed(shown: Case, now: Case) -> Changed:
        """What an approver has not seen yet."""
        rules = tuple(rule for rule in now.failed if rule not in shown.failed)
        return Changed(differences(shown.held.offer, now.held.offer), rules)

    def _failed_at_hold(self, held: Held) -> tuple[str, ...] | None:
        """From the journal's row of the act itself."""
        return journal.failed_in(self._store.connection, held.key, Step.HOLD, held.held_at)
