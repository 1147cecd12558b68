"""Counts of protocols for each municipality and each contest, with the worst that is in them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.election.model import Contest
from app.station.overseeing.conditions import Condition, Line, is_missing, worst
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


def by_municipality(lines: Sequence[Line]) -> tuple[Group[int], ...]:
    """In the order of the lines."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.row.key.precinct.municipality, []).append(line)
    return tuple(_group(code, held[0].row.municipality_name, held) for code, held in found.items())


def by_contest(lines: Sequence[Line]) -> tuple[Group[Contest], ...]:
    """In the order of the contests."""
    found: dict[Contest, list[Line]] = {}
    for line in lines:
        found.setdefault(line.row.key.contest, []).append(line)
    return tuple(_group(contest, "", found[contest]) for contest in Contest if contest in found)


def total(lines: Sequence[Line]) -> Group[None]:
    """All of them together."""
    return _group(None, "", lines)


_ATTENTION = frozenset({State.REFUSED, State.HELD, State.RETURNED})


def _group(id_: Id, name: str, lines: Sequence[Line]) -> Group[Id]:
    here = confirmed = gone = attention = 0
    for line in lines:
        row = line.row
        here += row.revision > 0
        confirmed += row.state is State.CONFIRMED
        gone += is_missing(row)
        attention += row.state in _ATTENTION
    found = worst({line.condition for line in lines})
    return Group(id_, name, len(lines), here, confirmed, gone, attention, found)
