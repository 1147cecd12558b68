"""What people decided, as far as it is counted: acts in their order among the revisions, and what follows.

An act comes after the revision that was the last when it was given, so a count that begins again from
nothing meets revisions and acts in the very order of the running one. A ledger moves the counts by one act
at a time and makes of all acts in force the decisions that every document is made with.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from app.central import schema, store
from app.central.count import Count
from app.central.store import StoredRevision
from app.documents import act as documents
from app.documents.act import Act, Kind
from app.election.decisions import NO_DECISIONS, Decisions
from app.election.model import Contest, ProtocolKey
from app.trust import message

_AFTER = (
    select(schema.act.c.after_revision, schema.act.c.processed_at, schema.act.c.raw)
    .where(schema.act.c.number > bindparam("after"))
    .order_by(schema.act.c.number)
)


class Given(NamedTuple):
    """An act in the store. `processed_at` never lies before that of the act or the revision before it."""

    act: Act
    after_revision: int
    processed_at: str
    signed: bytes


def after(connection: Connection, number: int) -> list[Given]:
    """The acts given after the one with this number, in their order."""
    return [
        Given(documents.read(message.decode(bytes(raw)).content or b""), after_revision, at, bytes(raw))
        for after_revision, at, raw in connection.execute(_AFTER, {"after": number})
    ]


def in_order(connection: Connection, last_revision: int, last_act: int) -> Iterator[StoredRevision | Given]:
    """The revisions and acts stored after these, in the order in which they count.

    Acts are read after the revisions: whoever sees a revision sees every act that comes before it. An act
    that comes after a revision which is not seen yet waits for it.
    """
    rows = store.revisions_after(connection, last_revision)
    given = deque(after(connection, last_act))
    for row in rows:
        while given and given[0].after_revision < row.id:
            yield given.popleft()
        yield row
        last_revision = row.id
    while given and given[0].after_revision <= last_revision:
        yield given.popleft()


class Ledger:
    """The acts of all contests; `take` moves the counts, `settle` gives them the decisions."""

    def __init__(self, counts: Mapping[Contest, Count]) -> None:
        self.last = 0  # everything up to this act is taken
        self._counts = counts
        self._acts: dict[int, Act] = {}  # not undone, by number
        self._decisions = NO_DECISIONS

    def take(self, connection: Connection, given: Given) -> None:
        """Let one act come into force. Raises Inconsistent (AG-01, AG-02)."""
        act = given.act
        self.last = act.number
        subject = self._acts.pop(act.cancels, act) if act.kind is Kind.CANCEL else act
        count = self._counts[subject.contest]
        if act.kind is Kind.WITHDRAWAL:
            at = datetime.fromisoformat(given.processed_at)
            count.withdraw(connection, act.key, act.order, at)
        elif act.kind is Kind.NEVER:
            count.tally.give_up(act.key.precinct)
        elif subject.kind is Kind.NEVER:
            count.tally.expect(subject.key.precinct)
        if act.kind is not Kind.CANCEL:
            self._acts[act.number] = act
        count.touched.add(count.tally.some_place(subject.area, subject.area_number, subject.precinct))

    def settle(self) -> None:
        """Give the counts the decisions in force; call it when everything new is taken."""
        if not self._acts and self._decisions == NO_DECISIONS:
            return
        decisions = self._decided()
        if decisions != self._decisions:
            self._decisions = decisions
            for count in self._counts.values():
                count.decisions = decisions

    def in_force(self) -> list[Act]:
        """The acts in force, ascending: not undone, not overtaken by a protocol that came after all, and
        declared complete only while nothing is missing."""
        return [act for _, act in sorted(self._acts.items()) if self._holds(act)]

    def find(self, number: int) -> Act | None:
        """An act that was not undone."""
        return self._acts.get(number)

    def _holds(self, act: Act) -> bool:
        tally = self._counts[act.contest].tally
        if act.kind is Kind.NEVER:
            return act.key.precinct in tally.never
        area = tally.area(act.area, act.area_number) if act.kind is Kind.COMPLETE else None
        return area is None or area.settled

    def _decided(self) -> Decisions:
        lots: dict[tuple[Contest, int], tuple[int, ...]] = {}
        left: dict[int, tuple[int, ...]] = {}
        seats: dict[int, dict[int, int]] = {}
        declared = set()
        for act in self.in_force():
            place = act.area_number
            if act.kind is Kind.LOT:  # a later lot stands for whom it drew again
                before = lots.get((act.contest, place), ())
                kept = tuple(number for number in before if number not in act.numbers)
                lots[act.contest, place] = kept + act.numbers
            elif act.kind is Kind.LEFT:
                left[place] = left.get(place, ()) + act.numbers
            elif act.kind is Kind.SEATS:
                seats[place] = dict(act.seats)
            elif act.kind is Kind.COMPLETE:
                declared.add((act.contest, act.area, place))
        never = frozenset(
            ProtocolKey(precinct, contest)
            for contest, count in self._counts.items()
            for precinct in count.tally.never
        )
        return Decisions(lots, left, never, frozenset(declared), seats)
