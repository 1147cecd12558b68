"""Where a batch stands in its station's chain, given what the store holds around its number."""

from __future__ import annotations

from app.central import refusals
from app.central.answers import SetAside
from app.central.store import ChainView
from app.documents.batch import Batch
from app.trust import chain
from app.trust.chain import Standing


def check_chain(batch: Batch, digest: str, view: ChainView) -> bool:
    """Whether the batch continues an unbroken chain (else it came over a gap). Raises SetAside."""
    before = view.neighbours.get(batch.number - 1)
    same = view.neighbours.get(batch.number)
    after = view.neighbours.get(batch.number + 1)
    if same is not None:
        raise SetAside(refusals.OTHER_BYTES)  # the same bytes were answered before anything else
    if after is not None and after[1] != digest:
        raise SetAside(refusals.FORK)
    if before is not None and before[0] != batch.previous_hash:
        raise SetAside(refusals.FORK)
    unbroken = view.before == batch.number - 1
    head = chain.Head(batch.number - 1, before[0]) if before is not None else None
    standing = chain.standing(chain.Position(batch.number, batch.previous_hash), digest, head)
    if standing in (Standing.FORK, Standing.ROLLBACK):
        raise SetAside(refusals.FORK)
    return unbroken


def missing(numbers: list[int], number: int) -> tuple[tuple[int, int], ...]:
    """The runs of batch numbers before `number` that are not in `numbers` (ascending)."""
    runs, expected = [], 1
    for held in [*(each for each in numbers if each < number), number]:
        if held > expected:
            runs.append((expected, held - 1))
        expected = held + 1
    return tuple(runs)
