"""`prebirka desk --training`: a desk on an invented transfer point, with lessons."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.desktop.application import OpenDesk


def run_training(folder: Path | None, language: str) -> int:
    """Prepare a training in `folder` (empty; default: a temporary one) and run its desk; the exit status.
    Raises KnownError where the folder is not empty."""
    from app.desktop import texts
    from app.desktop.application import run_desk
    from app.desktop.training import WORDS
    from app.desktop.training.dock import attach
    from app.rehearsal import training
    from app.rehearsal.night import check_empty

    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prebirka-vycvik-")))
        else:
            check_empty(folder)
        prepared = training.prepare(folder, datetime.now(UTC))
        line = stack.enter_context(training.centre_of(prepared))
        texts.instead(WORDS)
        stack.callback(texts.instead, {})

        def drive(opened: OpenDesk) -> None:
            attach(opened.window, prepared.lessons, prepared.papers)

        return run_desk(
            prepared.station, prepared.clerk, prepared.stick, language, prepared.sandbox.clock,
            drive, at_once=True, transport=line,
        )  # fmt: skip
