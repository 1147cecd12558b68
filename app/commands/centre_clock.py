"""The time at a centre for a command: the machine's, shifted where a rehearsal's settings say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


def clock_of(folder: Path) -> Callable[[], datetime]:
    """The clock of the centre in a folder. Raises KnownError where there is none."""
    from app.central.settings import CentreFolder, load

    offset = timedelta(seconds=load(CentreFolder(folder)).clock_offset_seconds)
    return lambda: datetime.now(UTC) + offset
