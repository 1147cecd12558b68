"""Acts: what people decide or declare about results, judged against what is counted, signed and kept.

Whoever gives one works at a centre that runs or does not; the publisher finds it at its next look. The
store is counted first, then once more within the writing transaction, when only what came meanwhile is
left: so an act is judged on exactly what it comes after. Nothing that a lot decides is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.central import journal, judging, schema, store
from app.central.count import Count
from app.central.database import Database, Within, nothing_more
from app.central.judging import Wanted
from app.central.ledger import Given, Ledger, in_order
from app.central.prepared import Prepared
from app.central.senders import Seal
from app.central.stored import Recent
from app.documents import act as documents
from app.documents.act import Act, Kind
from app.election.errors import KnownError
from app.election.model import Contest
from app.election.reference import Reference
from app.election.undecided import Undecided, undecided
from app.trust import cms
from app.trust.chain import batch_hash

_INSERT = Prepared(schema.act.insert())
#: How often giving an act may lose the race against another writer.
_ATTEMPTS = 8
#: What the journal says of each kind.
JOURNALLED = {
    Kind.LOT: journal.Act.LOT_DRAWN,
    Kind.SEATS: journal.Act.SEATS_DECIDED,
    Kind.LEFT: journal.Act.FINALIST_LEFT,
    Kind.NEVER: journal.Act.NEVER_DELIVERED,
    Kind.COMPLETE: journal.Act.COMPLETENESS_DECLARED,
    Kind.WITHDRAWAL: journal.Act.RESULT_WITHDRAWN,
    Kind.CANCEL: journal.Act.ACT_UNDONE,
}


@dataclass(frozen=True, slots=True)
class People:
    """Who decides, who is present, and why: each act names them."""

    decided_by: tuple[str, ...]
    witnesses: tuple[str, ...]
    reason: str


class Books:
    """The whole store counted anew, by itself: what an act is judged on."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.counts = {contest: Count(reference, contest, 0, []) for contest in reference.election.contests}
        self.ledger = Ledger(self.counts)
        self.acts: list[Given] = []
        self._last_revision = 0
        self._recent = Recent(0)

    def read(self, connection: Connection) -> None:
        """Count what is new in the store. Raises Inconsistent."""
        for each in in_order(connection, self._last_revision, self.ledger.last):
            if isinstance(each, Given):
                self.ledger.take(connection, each)
                self.acts.append(each)
            else:
                self.counts[Contest(each.contest)].take(connection, each, self._recent)
                self._last_revision = each.id
        self.ledger.settle()

    def undecided(self) -> list[Undecided]:
        """What waits for people, contest by contest."""
        return [
            waiting
            for count in self.counts.values()
            for waiting in undecided(self.reference, count.tally, count.decisions)
        ]


def opened(database: Database, reference: Reference) -> Books:
    """The books of a store as it is now. Raises Inconsistent."""
    books = Books(reference)
    with database.reading() as connection:
        books.read(connection)
    return books


def give(
    database: Database,
    reference: Reference,
    seal: Seal,
    wanted: Wanted,
    people: People,
    clock: Callable[[], datetime],
    within: Within = nothing_more,
) -> Given:
    """Give one act; `within` is called first in its transaction, and stops it by raising.

    Raises KnownError: CEN-40 and CEN-45 for what the election does not have, CEN-46 to CEN-49 for what the
    results do not allow now, CEN-42 when others write all the time; `DocumentError` for the reason and the
    names."""
    books = Books(reference)
    _writable(reference, wanted, people, clock())
    with database.reading() as connection:
        books.read(connection)
    for _ in range(_ATTEMPTS):
        try:
            with database.writing() as connection:
                books.read(connection)
                within(connection)
                judging.judge(wanted, books.reference, books.counts, books.ledger, clock())
                return _give(connection, books, seal, wanted, people, clock())
        except IntegrityError:
            continue  # another writer was given this number, order or row of the journal first
    raise KnownError(
        "CEN-42",
        "Databázi ústředí používá někdo jiný. Zkuste to znovu.",
        "Somebody else uses the centre's database. Try it again.",
    )


def _give(
    connection: Connection, books: Books, seal: Seal, wanted: Wanted, people: People, at: datetime
) -> Given:
    heads = store.heads(connection, "")
    act = replace(_draft(books.reference, wanted, people, at), number=books.ledger.last + 1)
    undone = books.ledger.find(act.cancels)
    if undone is not None:
        act = replace(act, contest=undone.contest)
    if act.kind is Kind.WITHDRAWAL:
        order = heads.orders[act.contest] + 1
        found = store.protocol_before(connection, act.key, order)
        assert found is not None  # it is counted
        act = replace(act, order=order, revision=found[1])
    processed_at = max(journal.stamp(at), heads.not_before)
    signed = cms.sign(documents.write(act), seal.key, seal.certificate, at)
    given = Given(act, heads.revision, processed_at, signed)
    _INSERT.each(connection, [_row(given)])
    journal.write(connection, heads.journal, at, JOURNALLED[act.kind], *_told(given))
    return given


def _draft(reference: Reference, wanted: Wanted, people: People, at: datetime) -> Act:
    election = reference.election
    return Act(
        election=election.code,
        mode=election.mode,
        number=1,
        kind=wanted.kind,
        contest=wanted.contest,
        decided_by=_names(people.decided_by),
        witnesses=_names(people.witnesses),
        reason=people.reason.strip(),
        at=at,
        area=wanted.area,
        area_number=wanted.area_number,
        precinct=wanted.precinct,
        numbers=wanted.numbers,
        seats=wanted.seats,
        cancels=wanted.cancels,
    )


def _writable(reference: Reference, wanted: Wanted, people: People, at: datetime) -> None:
    """Raises `DocumentError` for a reason or a name that no act could carry, before the store is counted."""
    documents.write(_draft(reference, wanted, people, at))


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in names)


def _row(given: Given) -> dict[str, object]:
    act = given.act
    return {
        "number": act.number,
        "after_revision": given.after_revision,
        "kind": act.kind.value,
        "contest": act.contest.value,
        "municipality": None if act.precinct is None else act.precinct.municipality,
        "precinct": None if act.precinct is None else act.precinct.number,
        "processing_order": act.order or None,
        "processed_at": given.processed_at,
        "cancels": act.cancels or None,
        "raw": given.signed,
    }


def _told(given: Given) -> tuple[str, dict[str, object]]:
    """The journal's subject and detail."""
    act = given.act
    place = f"{act.contest} {act.precinct}" if act.precinct is not None else f"{act.contest} {act.area}"
    if act.precinct is None and act.area_number:
        place += f" {act.area_number}"
    detail: dict[str, object] = {
        "number": act.number,
        "after_revision": given.after_revision,
        "processed_at": given.processed_at,
        "order": act.order or None,
        "sha256": batch_hash(given.signed),
        "reason": act.reason,
    }
    if act.cancels:
        detail["cancels"] = act.cancels
    return place, detail
