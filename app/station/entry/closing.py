"""Who may settle a field on which two readings differ, and how: a table.

A settled value is one that two people have read, unless a supervisor answers for it with a reason. The
one who settles sees neither reading; which row applies follows from what the typed value agrees with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.station.states import Role


class Situation(StrEnum):
    """What a third look at the paper agrees with; the values are stored."""

    AGREED = "agreed"  # both readings are the same: nothing to settle
    OTHERS_READING = "others-reading"  # a value that somebody else read: now two people did
    OWN_READING = "own-reading"  # only the one who settles has read it, now twice
    THIRD_VALUE = "third-value"  # neither reading has it


@dataclass(frozen=True, slots=True)
class Closing:
    """Who may close or settle in a situation: roles, whether with a reason, and whether a typist of
    either reading may be the one."""

    roles: frozenset[Role]
    needs_reason: bool
    typist_may: bool


_DESK = frozenset({Role.CLERK, Role.SUPERVISOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})

CLOSINGS: Mapping[Situation, Closing] = MappingProxyType(
    {
        Situation.AGREED: Closing(_DESK, needs_reason=False, typist_may=True),
        Situation.OTHERS_READING: Closing(_DESK, needs_reason=False, typist_may=True),
        Situation.OWN_READING: Closing(_SUPERVISOR, needs_reason=True, typist_may=True),
        Situation.THIRD_VALUE: Closing(_SUPERVISOR, needs_reason=True, typist_may=False),
    }
)
