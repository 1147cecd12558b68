"""What a refusal has to be, whoever says it."""

from __future__ import annotations

from app.election.errors import KnownError


def check(refused: KnownError, *codes: str) -> None:
    """Fails for a refusal without a code and a sentence in both languages, or with a code that does not begin
    with one of `codes`."""
    if not (refused.code and refused.cs and refused.en):
        raise AssertionError(f"a refusal that says too little: {refused.code!r}")
    if codes and not refused.code.startswith(codes):
        raise AssertionError(f"another code: {refused.code}")
