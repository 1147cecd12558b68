"""Counts of protocols for each municipality and each contest, with the worst that is in them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from app.election.model import Contest
from app.station.completeness import Row
from app.station.overseeing.conditions import Condition, condition_of, is_missing, worst
from app.station.states import State

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group(Generic[Id]):
    """Protocols of one municipality (`id` its code) or contest. `here` counts those with an accepted
    revision, `confirmed` those of them that the centre confirmed, `missing` those whose commission has to
    come, `attention` those that wait for people here."""

    id: Id
    name: str  # of the municipality; "" for a contest
    expected: int
    here: int
    confirmed: int
    missing: int
    attention: int
    worst: Condition

    @property
    def is_complete(self) -> bool:
        return self.here == self.expected


def by_municipality(rows: Sequence[Row], now: datetime) -> tuple[Group[int], ...]:
    """In the order of the rows."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.key.precinct.municipality, []).append(row)
    return tuple(_group(code, held[0].municipality_name, held, now) for code, held in found.items())


def by_contest(rows: Sequence[Row], now: datetime) -> tuple[Group[Contest], ...]:
    """In the order of the contests."""
    return tuple(
        _group(contest, "", held, now)
        for contest in Contest
        if (held := [row for row in rows if row.key.contest is contest])
    )


def total(rows: Sequence[Row], now: datetime) -> Group[None]:
    """All of them together."""
    return _group(None, "", rows, now)


_ATTENTION = frozenset({State.REFUSED, State.HELD, State.RETURNED})


def _group(id_: Id, name: str, rows: Sequence[Row], now: datetime) -> Group[Id]:
    return Group(
        id_,
        name,
        expected=len(rows),
        here=sum(row.revision > 0 for row in rows),
        confirmed=sum(row.state is State.CONFIRMED for row in rows),
        missing=sum(is_missing(row) for row in rows),
        attention=sum(row.state in _ATTENTION for row in rows),
        worst=worst(condition_of(row, now) for row in rows),
    )
