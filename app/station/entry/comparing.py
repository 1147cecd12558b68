"""Two readings of one paper: where they differ, and what a third look at a field means."""

from __future__ import annotations

from collections.abc import Iterable

from app.election.errors import KnownError
from app.election.verdict import FieldRef
from app.station.entry.closing import CLOSINGS, Situation
from app.station.entry.errors import NotDiffering, SettlementRefused
from app.station.entry.rows import Stored
from app.station.errors import ReasonMissing
from app.station.figures import normal
from app.station.states import User


def differing(first: Stored, second: Stored, form: Iterable[FieldRef]) -> tuple[FieldRef, ...]:
    """Fields of the form in which the readings differ, in the order of the paper."""
    return tuple(field for field in form if _meant(first, field) != _meant(second, field))


def situation(first: Stored, second: Stored, field: FieldRef, value: int | None, user: User) -> Situation:
    """What the value of a third look agrees with. Raises `NotDiffering`."""
    if _meant(first, field) == _meant(second, field):
        raise NotDiffering(field)
    for reading in (first, second):
        if normal(first.key, field, value) == _meant(reading, field):
            return Situation.OWN_READING if reading.has_hand(user.name) else Situation.OTHERS_READING
    return Situation.THIRD_VALUE


def trouble(
    found: Situation, first: Stored, second: Stored, field: FieldRef, user: User, reason: str
) -> KnownError | None:
    """What the table of closing says against this person settling the field."""
    rule = CLOSINGS[found]
    is_typist = first.has_hand(user.name) or second.has_hand(user.name)
    if user.role not in rule.roles or (is_typist and not rule.typist_may):
        return SettlementRefused(field)
    if rule.needs_reason and not reason.strip():
        return ReasonMissing("settle")
    return None


def _meant(reading: Stored, field: FieldRef) -> int | None:
    return normal(reading.key, field, reading.values.get(field))
