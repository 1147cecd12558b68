"""The chain of one station's batches: numbered 1, 2, 3…, each naming the hash of the one before.

Pure: it says what the position of a batch means; whoever keeps the batches decides what to do.
A lost, doubled, forked or rolled-back batch shows itself without any clock or session.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum, auto

GENESIS = "0" * 64
"""What the first batch names as the one before it."""


def batch_hash(signed: bytes) -> str:
    """SHA-256, in lower-case hex, of the exact bytes of the signed file: of what travels and is kept,
    so that anybody checks the chain with `sha256sum` alone."""
    return hashlib.sha256(signed).hexdigest()


@dataclass(frozen=True, slots=True)
class Position:
    """Where a batch says it stands: its number from 1 and the hash of the batch before it."""

    number: int
    previous: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last batch of an unbroken chain that the reader holds: its number, and its own hash."""

    number: int
    hash: str


class Standing(Enum):
    """What a batch's position means for the reader's chain.

    FIRST, NEXT   it continues the chain: take it
    SAME          these very bytes are held already: answer as before
    GAP           batches before it are missing: keep it and ask for them
    FORK          it contradicts what is held: another past, or other bytes beyond a gap
    ROLLBACK      other bytes under a number that is settled: the station's store was restored from
                  an old copy or begun anew, or its key is used elsewhere
    """

    FIRST = auto()
    NEXT = auto()
    SAME = auto()
    GAP = auto()
    FORK = auto()
    ROLLBACK = auto()


def follows(position: Position, head: Head | None) -> bool:
    """Whether a batch at `position` continues a chain that ends with `head` (None: an empty chain)."""
    if head is None:
        return position == Position(1, GENESIS)
    return position == Position(head.number + 1, head.hash)


def standing(position: Position, own_hash: str, head: Head | None, held_hash: str | None = None) -> Standing:
    """What a batch at `position`, whose own bytes hash to `own_hash`, means after `head`.

    `held_hash` is the hash of the batch that the reader holds under the same number, in the chain
    or waiting beyond a gap; None when it holds none. A number below 1, or a first batch that names
    a past, or a later one that names none, contradicts the beginning itself: FORK.
    """
    if held_hash == own_hash:
        return Standing.SAME
    if position.number < 1 or (position.number == 1) != (position.previous == GENESIS):
        return Standing.FORK
    last = 0 if head is None else head.number
    if position.number <= last:
        return Standing.ROLLBACK
    if held_hash is not None:
        return Standing.FORK
    if position.number > last + 1:
        return Standing.GAP
    if not follows(position, head):
        return Standing.FORK
    return Standing.FIRST if head is None else Standing.NEXT
