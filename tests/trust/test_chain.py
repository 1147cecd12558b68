"""The chain of batches: what a batch's position means to whoever receives it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.trust.chain import GENESIS, Head, Position, Standing, batch_hash, follows, standing

A, B, C, X = (batch_hash(letter.encode()) for letter in "ABCX")


def test_a_batch_is_hashed_as_its_file_lies_on_the_disk() -> None:
    assert batch_hash(b"anything\x00") == hashlib.sha256(b"anything\x00").hexdigest()
    assert len(GENESIS) == len(A) == 64
    assert batch_hash(b"") != GENESIS


@pytest.mark.parametrize(
    ("position", "own", "head", "held", "expected"),
    [
        (Position(1, GENESIS), A, None, None, Standing.FIRST),
        (Position(2, A), B, Head(1, A), None, Standing.NEXT),
        (Position(3, B), C, Head(2, B), None, Standing.NEXT),
        (Position(1, GENESIS), A, Head(3, C), A, Standing.SAME),
        (Position(3, B), C, Head(3, C), C, Standing.SAME),
        (Position(3, B), C, Head(1, A), None, Standing.GAP),
        (Position(2, A), B, None, None, Standing.GAP),
        (Position(3, B), C, Head(1, A), C, Standing.SAME),
        (Position(3, B), X, Head(1, A), C, Standing.FORK),
        (Position(3, X), C, Head(2, B), None, Standing.FORK),
        (Position(1, A), B, None, None, Standing.FORK),
        (Position(2, GENESIS), B, Head(1, A), None, Standing.FORK),
        (Position(0, GENESIS), A, None, None, Standing.FORK),
        (Position(-1, X), A, None, None, Standing.FORK),
        (Position(1, GENESIS), X, Head(3, C), A, Standing.ROLLBACK),
        (Position(2, A), X, Head(3, C), B, Standing.ROLLBACK),
        (Position(2, X), X, Head(3, C), None, Standing.ROLLBACK),
    ],
)
def test_a_position_means_one_thing(
    position: Position, own: str, head: Head | None, held: str | None, expected: Standing
) -> None:
    assert standing(position, own, head, held) is expected


@given(st.permutations(range(6)))
def test_batches_in_any_order_end_in_one_chain_without_a_fork(order: list[int]) -> None:
    """A receiver that keeps what lies beyond a gap takes each batch exactly once."""
    files, previous = [], GENESIS
    for number in range(1, 7):
        data = f"{number} {previous}".encode()
        files.append((Position(number, previous), batch_hash(data)))
        previous = batch_hash(data)
    head: Head | None = None
    waiting: dict[int, tuple[Position, str]] = {}
    for index in order:
        position, own = files[index]
        meaning = standing(position, own, head)
        assert meaning in (Standing.FIRST, Standing.NEXT, Standing.GAP)
        waiting[position.number] = (position, own)
        while (following := waiting.get(1 if head is None else head.number + 1)) is not None:
            assert follows(following[0], head)
            head = Head(following[0].number, following[1])
    assert head == Head(6, previous)
