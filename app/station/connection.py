"""The line to the centre as the status bar shows it.

A push that was not answered is no failure: the batch may have arrived. So there are three states, and
none of them is called failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Line(StrEnum):
    """OFFLINE: the centre cannot be reached; ONLINE: it answered last; WAITING: nothing is known yet, or
    a batch went out and its answer has not come (sent, waiting for confirmation)."""

    OFFLINE = "offline"
    ONLINE = "online"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A refusal told to people: stable code, Czech and English."""

    code: str
    cs: str
    en: str


@dataclass(frozen=True, slots=True)
class Connection:
    """`queue` counts accepted protocols that the centre has not answered yet; times are aware."""

    line: Line
    since: datetime
    queue: int = 0
    last_receipt: datetime | None = None
    last_refusal: Sentence | None = None
    next_attempt: datetime | None = None
