"""What has to be true before the point is closed: each item with its state and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.election.model import ProtocolKey
from app.station.closing.explaining import Explanation
from app.station.completeness import Row
from app.station.states import State


class Item(StrEnum):
    """In the order in which they are worked off. The values are the keys of their words."""

    EXPECTED = "expected"  # every protocol confirmed, or explained
    HOLDS = "holds"
    DRAFTS = "drafts"
    CONFLICTS = "conflicts"
    OUTBOX = "outbox"
    JOURNAL = "journal"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Check:
    """One item. `waiting` counts what is not done, `keys` names it where it is protocols; `known` is False
    where nobody has looked yet."""

    item: Item
    waiting: int
    keys: tuple[ProtocolKey, ...] = ()
    known: bool = True

    @property
    def is_done(self) -> bool:
        return self.known and self.waiting == 0


@dataclass(frozen=True, slots=True)
class Checklist:
    """All items, and what the first one counts."""

    checks: tuple[Check, ...]
    expected: int
    confirmed: int
    explained: int

    @property
    def is_done(self) -> bool:
        return all(check.is_done for check in self.checks)

    @property
    def open_items(self) -> tuple[str, ...]:
        return tuple(check.item.value for check in self.checks if not check.is_done)

    def of(self, item: Item) -> Check:
        return next(check for check in self.checks if check.item is item)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checklist is made of. `broken` counts findings of the verification, None: not verified since
    the last change."""

    rows: Sequence[Row]
    explanations: Mapping[ProtocolKey, Explanation]
    holds: Sequence[ProtocolKey]
    drafts: Sequence[ProtocolKey]
    conflicts: Sequence[ProtocolKey]
    queue: int
    broken: int | None
    backed_up: bool


def checklist(facts: Facts) -> Checklist:
    confirmed = [row.key for row in facts.rows if row.state is State.CONFIRMED]
    explained = [row.key for row in facts.rows if is_explained(row, facts.explanations)]
    done = {*confirmed, *explained}
    missing = tuple(row.key for row in facts.rows if row.key not in done)
    checks = (
        Check(Item.EXPECTED, len(missing), missing),
        Check(Item.HOLDS, len(facts.holds), tuple(facts.holds)),
        Check(Item.DRAFTS, len(facts.drafts), tuple(facts.drafts)),
        Check(Item.CONFLICTS, len(facts.conflicts), tuple(facts.conflicts)),
        Check(Item.OUTBOX, facts.queue),
        Check(Item.JOURNAL, facts.broken or 0, known=facts.broken is not None),
        Check(Item.BACKUP, 0 if facts.backed_up else 1),
    )
    return Checklist(checks, len(facts.rows), len(confirmed), len(explained))


def is_explained(row: Row, explanations: Mapping[ProtocolKey, Explanation]) -> bool:
    given = explanations.get(row.key)
    return row.state is not State.CONFIRMED and given is not None and given.holds_for(row)
