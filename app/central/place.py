"""Where a batch stands in its station's chain, given what the store holds around its number."""

from __future__ import annotations

from dataclasses import dataclass

from app.central import refusals
from app.central.answers import SetAside
from app.central.store import ChainView
from app.documents.batch import Batch
from app.trust import chain
from app.trust.chain import Standing


class Raced(Exception):
    """Another writer changed the station's chain in between: begin again."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the chain that is free, and what it was found by; not `unbroken`: it came over a gap."""

    view: ChainView
    unbroken: bool


def find_place(batch: Batch, digest: str, view: ChainView) -> Place:
    """The place that the batch takes. Raises SetAside when its number is taken or its past is another's.

    Raises Raced when these very bytes were taken since the caller looked for an earlier answer.
    """
    before = view.neighbours.get(batch.number - 1)
    same = view.neighbours.get(batch.number)
    after = view.neighbours.get(batch.number + 1)
    if same is not None:
        if same.own == digest:
            raise Raced
        raise SetAside(refusals.OTHER_BYTES, batch.number)
    position = chain.Position(batch.number, batch.previous_hash)
    head = None if before is None else chain.Head(batch.number - 1, before.own)
    if chain.standing(position, digest, head) in (Standing.FORK, Standing.ROLLBACK):
        raise SetAside(refusals.FORK, batch.number)
    if after is not None and after.previous != digest:
        raise SetAside(refusals.FORK, batch.number)
    return Place(view, unbroken=view.before == batch.number - 1)


def missing_before(numbers: list[int], number: int) -> tuple[tuple[int, int], ...]:
    """The closed ranges of batch numbers before `number` that are not in `numbers` (ascending)."""
    runs, expected = [], 1
    for held in [*(each for each in numbers if each < number), number]:
        if held > expected:
            runs.append((expected, held - 1))
        expected = held + 1
    return tuple(runs)
