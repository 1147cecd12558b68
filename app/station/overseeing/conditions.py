"""How bad a protocol stands, in one order: the one that needs people soonest is the worst.

A condition is the protocol's state, made sharper by a refusal's deadline (rule PR-06) or by a conflict with
another workstation. A row, a tile, a
municipality and a contest all show the worst condition among what they hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.station.completeness import NEAR, Row
from app.station.states import State


class Condition(StrEnum):
    """The worst first. Values are those of `State` where the state alone says it."""

    CONFLICT = "conflict"  # two workstations took in different content
    DEADLINE_OVER = "deadline-over"
    RETURNED = "returned"
    DEADLINE_NEAR = "deadline-near"
    REFUSED = "refused"
    HELD = "held"
    CORRECTING = "correcting"
    CHECKED = "checked"
    AWAITED = "awaited"
    ACCEPTED = "accepted"
    SENT = "sent"
    CONFIRMED = "confirmed"


_OF_STATE = {state.value: Condition(state.value) for state in State}
_RANKS = {condition: rank for rank, condition in enumerate(Condition)}
#: Minutes before a deadline from which on it is near.
NEAR_MINUTES = NEAR // timedelta(minutes=1)


def minutes_left(deadline: datetime | None, now: datetime) -> int | None:
    """Minutes to a deadline, a begun one counted; 0 or less: over; None without a deadline."""
    return None if deadline is None else -((now - deadline) // timedelta(minutes=1))


def condition(state: str, left: int | None) -> Condition:
    """The condition of a protocol in `state` whose deadline is `left` minutes away, if it has one."""
    if left is None or left > NEAR_MINUTES:
        return _OF_STATE[state]
    return Condition.DEADLINE_NEAR if left > 0 else Condition.DEADLINE_OVER


def condition_of(row: Row, now: datetime) -> Condition:
    if row.in_conflict:
        return Condition.CONFLICT
    return condition(row.state, minutes_left(row.deadline, now))


def rank(found: Condition) -> int:
    """0 is the worst."""
    return _RANKS[found]


def worst(found: Iterable[Condition]) -> Condition:
    """The worst of some conditions; CONFIRMED when there is none: nothing waits there."""
    return min(found, key=rank, default=Condition.CONFIRMED)


#: States of which the commission still has to come, or to come again.
MISSING = frozenset({State.AWAITED, State.REFUSED})


def is_missing(row: Row) -> bool:
    """Whether nothing of this protocol was ever accepted and its commission still has to come."""
    return row.revision == 0 and row.state in MISSING


@dataclass(frozen=True, slots=True)
class Line:
    """One protocol as it stands at an instant; `left`: whole minutes to the deadline, a begun one counted."""

    row: Row
    left: int | None
    condition: Condition


def lines_at(rows: Iterable[Row], now: datetime) -> tuple[Line, ...]:
    """The rows at an instant, in their order."""
    return tuple(Line(row, minutes_left(row.deadline, now), condition_of(row, now)) for row in rows)
