"""What a typist has entered so far, as values: a draft, how far it is, and its running totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.election.model import ProtocolKey
from app.election.verdict import FieldRef


class DraftState(StrEnum):
    """OPEN is being typed; FINISHED waits (the first for a second entry, the second for its comparison);
    DISCARDED is kept and can be restored; CLOSED became an offer."""

    OPEN = "open"
    FINISHED = "finished"
    DISCARDED = "discarded"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a draft is. `filled` counts fields with a value; `missing` are those that no paper leaves
    blank (the four counts, the candidates of T/5, the votes of a list with a preference)."""

    filled: int
    missing: tuple[FieldRef, ...]

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Draft:
    """One reading of one paper. `values` has each field that was ever left; None is a blank."""

    id: int
    key: ProtocolKey
    number: int  # 1: the first reading, 2: the blind second one
    owner: str  # who types it now
    state: DraftState
    mended: bool  # the commission mended its paper meanwhile: OPRAVA=1
    values: Mapping[FieldRef, int | None]
    progress: Progress
    last_field: FieldRef | None  # left last; where to go on
    begun_at: datetime
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class ListTotals:
    """One list: its votes, the sum of its preferences, and the most that it may have (4 × votes)."""

    votes: int | None
    preferences: int
    most_preferences: int | None


@dataclass(frozen=True, slots=True)
class RunningTotals:
    """Sums as they grow. `votes` is the sum of all lists' (T/6) or candidates' (T/5) votes typed so far;
    `remaining` what valid votes still lack (negative: too many), None while valid votes are blank."""

    votes: int
    valid_votes: int | None
    remaining: int | None
    lists: Mapping[int, ListTotals]  # T/6 only
