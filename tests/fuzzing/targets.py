"""The targets by name: where each one is made, and how long its inputs may be.

Nothing of the program is imported before a target is made, so that the fuzzer can watch it being imported.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
Run = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A target ready to run: what is run on bytes, inputs to begin with, and what has to be closed."""

    run: Run
    seeds: tuple[bytes, ...]
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Target:
    """`place` is the module below `tests.fuzzing` and the function in it that makes the target."""

    name: str
    place: str
    longest: int = 4_000
    #: mutations in the suite's short form
    mutations: int = 60

    def made(self) -> Made:
        module, _, function = self.place.partition(":")
        made: Made = getattr(importlib.import_module(f"tests.fuzzing.{module}"), function)()
        return made

    @property
    def stored(self) -> tuple[bytes, ...]:
        """The inputs of the corpus, by name."""
        return tuple(path.read_bytes() for path in sorted((CORPUS / self.name).glob("*")))


TARGETS = {
    target.name: target
    for target in (
        Target("protocol-file", "documents:protocol_files", 8_000),
        Target("batch", "documents:batches", 8_000),
        Target("receipt", "documents:receipts"),
        Target("inquiry", "documents:inquiries"),
        Target("point-state", "documents:point_states"),
        Target("own-batches", "documents:own_batches"),
        Target("permit", "documents:permits"),
        Target("act", "documents:acts"),
        Target("accounts", "documents:accounts"),
        Target("provisioning", "documents:provisionings"),
        Target("stored-protocol", "texts:stored_protocols", 2_000),
        Target("scanned-code", "texts:scanned_codes", 60, 200),
        Target("stick", "texts:sticks", 400, 30),
        Target("message", "signed:messages", 4_000, 150),
        Target("certificate", "signed:certificates", 2_000, 150),
        Target("reference", "references:reference_files", 200, 25),
        Target("http", "door:requests", 2_000, 40),
        Target("ingest", "ingesting:batches", 8_000, 60),
    )
}
#: A target that fails, so that a test sees what then happens.
BROKEN = Target("broken", "targets:broken", 10)


def named(name: str) -> Target:
    """The target of this name; raises KeyError."""
    return BROKEN if name == BROKEN.name else TARGETS[name]


def broken() -> Made:
    def run(data: bytes) -> None:
        if data[:1] == b"!":
            raise ZeroDivisionError

    return Made(run, (b"a", b"!"))
