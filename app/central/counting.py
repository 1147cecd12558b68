"""The count in memory (design D8): every contest's tallies, rebuilt from the store and moved by what is new.

Before voting ends (`app.central.embargo`) nothing is counted. A publication claims its number in the store
in the transaction that proves, while nobody else writes, that everything stored is counted, that the sums
agree (AG-01) and that nothing was lost (AG-02); what it brings is numbered in the same transaction
(`app.central.changes`).
"""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection

from app.central import journal, store
from app.central.changes import Changes
from app.central.count import Count
from app.central.database import Database
from app.central.embargo import Embargo
from app.central.ledger import Given, Ledger, in_order
from app.central.stored import Recent
from app.documents.act import Kind
from app.election.model import Contest, Protocol
from app.election.reference import Reference
from app.election.tally import Progress
from app.election.undecided import undecided


class Counting:
    """The counts of all contests; one thread at a time. `rebuild` comes first."""

    changes: Changes
    ledger: Ledger
    embargo: Embargo

    def __init__(self, database: Database, reference: Reference, grid_seconds: int) -> None:
        self.counts: dict[Contest, Count] = {}
        self.last_revision = 0  # everything up to this revision is counted
        self._database = database
        self._reference = reference
        self._grid_seconds = grid_seconds
        self._recent = Recent()
        #: Begins the transaction of a claim; a publisher that leads puts its own here.
        self.claiming = database.writing

    def notify(self, accepted: dict[int, Protocol]) -> None:
        """These protocols, by the number of their revision, are in the store now."""
        self._recent.add(accepted)

    def rebuild(self) -> None:
        """Begin again from nothing; the store is read at the next publication."""
        with self._database.reading() as connection:
            made = store.published_batches(connection)
            before = json.loads(store.last_publication(connection)[1])
            self.changes = Changes(connection)
        self.counts = {
            contest: Count(
                self._reference,
                contest,
                self._grid_seconds,
                [batch for batch in made if batch.contest == contest.value],
            )
            for contest in self._reference.election.contests
        }
        opened = self.changes.size > 0 or any(processed for processed, *_ in before.values())
        self.embargo = Embargo(self._reference.election.calendar.voting_ends, opened=opened)
        if opened:
            for contest, count in self.counts.items():
                if contest.value in before:
                    count.published = Progress(*before[contest.value])
        self.ledger = Ledger(self.counts)
        self.last_revision = 0

    @property
    def is_open(self) -> bool:
        """Whether results may be counted and published."""
        return self.embargo.is_open

    def count_new(self, now: datetime) -> None:
        """Count what is new in the store, unless the embargo holds. Raises Inconsistent (AG-01, AG-02)."""
        with self._database.reading() as connection:
            self.embargo.look(connection, now)
            if self.is_open:
                self._count_new(connection)

    def has_news(self, now: datetime, close: bool) -> bool:
        """Whether something changed since the last publication, or a batch has to be closed."""
        return any(
            count.touched or count.cuts or count.batch_due(now, close) for count in self.counts.values()
        )

    def claim(self, now: datetime, close: bool, last_version: int) -> int:
        """Put the next version's number into the store and return it; it is above `last_version`.

        Raises Inconsistent; then nothing is claimed.
        """
        with self.claiming() as connection:
            if self.is_open:
                self._count_new(connection)  # nobody else writes now: what follows is exact
                for count in self.counts.values():
                    count.check()
                self._close_batches(connection, now, close)
            return self._insert_publication(connection, now, last_version)

    def published(self) -> dict[str, dict[str, int]]:
        """Note that what is counted is published now; returns the figures by contest."""
        for count in self.counts.values():
            count.published = count.tally.progress()
        return {
            contest.value: {
                "expected": count.tally.country.precincts_expected,
                "processed": count.tally.country.precincts_processed,
                "never": count.tally.country.never,
                "declared": sum(of is contest for of, _, _ in count.decisions.declared),
                "batches": count.batches,
            }
            for contest, count in self.counts.items()
        }

    def undecided(self) -> list[dict[str, object]]:
        """What waits for people to decide, for the status."""
        return [
            {
                "contest": waiting.contest.value,
                "area": waiting.kind,
                "number": waiting.number,
                "name": waiting.name,
                "decision": waiting.decision.kind,
                "between": list(waiting.decision.lists),
                "places": waiting.decision.seats,
                "cs": waiting.cs,
                "en": waiting.en,
            }
            for count in self.counts.values()
            for waiting in undecided(self._reference, count.tally, count.decisions)
        ]

    def _count_new(self, connection: Connection) -> None:
        for each in in_order(connection, self.last_revision, self.ledger.last):
            if isinstance(each, Given):
                self._act(connection, each)
                continue
            self.counts[Contest(each.contest)].take(connection, each, self._recent)
            if each.processing_order is not None:
                self.changes.counted(each)
            self.last_revision = each.id
        self.ledger.settle()

    def _act(self, connection: Connection, given: Given) -> None:
        self.ledger.take(connection, given)
        act = given.act
        if act.kind is Kind.WITHDRAWAL:
            self.changes.withdrawn(act.number, act.key, act.revision, given.processed_at)

    def _close_batches(self, connection: Connection, now: datetime, close: bool) -> None:
        for contest, count in self.counts.items():
            for cut in count.close_batches(now, close):
                made = store.PublishedBatch(
                    contest.value,
                    cut.number,
                    journal.stamp(cut.generated_at),
                    cut.processed[0].order,
                    cut.processed[-1].order,
                    cut.precincts_processed,
                )
                store.insert_published_batch(connection, made)
                detail = {
                    "orders": [made.first_order, made.last_order],
                    "generated_at": made.generated_at,
                    "processed": made.precincts_processed,
                }
                head = journal.head(connection)
                journal.write(
                    connection, head, now, journal.Act.BATCH_PUBLISHED, f"{contest} {cut.number}", detail
                )

    def _insert_publication(self, connection: Connection, now: datetime, last_version: int) -> int:
        last, _ = store.last_publication(connection)
        version = max(last, last_version) + 1
        progress = {contest.value: count.tally.progress() for contest, count in self.counts.items()}
        at = self.changes.time_of(now)
        store.insert_publication(connection, version, at, self.last_revision, json.dumps(progress))
        before = self.changes.size
        self.changes.claim(connection, version, at)
        if self.changes.size > before:
            detail = {
                "changes": self.changes.size,
                "root": self.changes.root().hex(),
                "last_revision": self.last_revision,
                "at": journal.stamp(at),
            }
            journal.write(
                connection, journal.head(connection), now, journal.Act.CHANGES_PUBLISHED, str(version), detail
            )
        return version
