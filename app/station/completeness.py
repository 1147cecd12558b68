"""What is here and what is missing: the expected set of the reference data against the store's states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.election.model import Contest, ProtocolKey
from app.election.reference import Precinct
from app.station.states import State


@dataclass(frozen=True, slots=True)
class Row:
    """One expected protocol. `since` is None while nothing has happened; `revision` 0 while none was accepted."""

    key: ProtocolKey
    precinct: Precinct
    municipality_name: str
    state: State
    since: datetime | None
    revision: int
    corrected: bool  # OPRAVA of the latest revision
    passable_error: bool  # CHYBA of the latest revision
    warnings: int  # failed rules of severity W when it was accepted or held
    user: str  # who acted last
    note: str  # the reason of a refusal, hold or return


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of protocols. `accepted` counts all with an accepted revision, `confirmed` those of them that
    the centre confirmed, `returned` those that it sent back; the rest of `expected` is missing."""

    expected: int
    accepted: int
    confirmed: int
    held: int
    refused: int
    returned: int

    @property
    def missing(self) -> int:
        return self.expected - self.accepted - self.held - self.refused


@dataclass(frozen=True, slots=True)
class Completeness:
    """All rows of the point in the order municipality, precinct, contest, and their counts."""

    rows: tuple[Row, ...]
    progress: Progress

    def of(self, contest: Contest) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.key.contest is contest)
