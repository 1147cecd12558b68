"""One process to a station's folder: the operating system's own lock, which a killed process gives up.

A file with a process number would outlive a crash and shut the clerk out; a lock held on an open file
does not. It works on local disks, which is where a station's folder has to be.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.station.errors import FolderInUse, FolderRefused

LOCK_FILE = "station.lock"


class FolderLock:
    """Held from construction to `release`. Raises `FolderInUse` when another process, or another
    station opened in this one, has it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file: int | None = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FolderRefused(
                "STA-02",
                f"Do složky {folder} nelze zapisovat: {error.strerror}. "
                "Zkontrolujte, že existuje a patří vám.",
                f"The folder {folder} cannot be written to: {error.strerror}. "
                "Check that it exists and is yours.",
            ) from error
        try:
            _lock(self._file)
        except OSError as error:
            os.close(self._file)
            self._file = None
            raise FolderInUse(folder) from error

    def release(self) -> None:
        """Let others in; twice is harmless."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
