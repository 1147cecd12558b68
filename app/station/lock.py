"""One process to a station's folder: the operating system's own lock, which a killed process gives up.

It works on local disks, which is where a station's folder has to be.
"""

from __future__ import annotations

from pathlib import Path

from app.documents import file_lock
from app.station.errors import FolderInUse, FolderRefused

LOCK_FILE = "station.lock"


class FolderLock:
    """Held from construction to `release`. Raises `FolderInUse` when another process, or another
    station opened in this one, has it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file = file_lock.take(folder / LOCK_FILE)
        except OSError as error:
            raise FolderRefused(
                "STA-02",
                f"Do složky {folder} nelze zapisovat: {error.strerror}. "
                "Zkontrolujte, že existuje a patří vám.",
                f"The folder {folder} cannot be written to: {error.strerror}. "
                "Check that it exists and is yours.",
            ) from error
        if self._file is None:
            raise FolderInUse(folder)

    def release(self) -> None:
        """Let others in; twice is harmless."""
        if self._file is not None:
            file_lock.release(self._file)
            self._file = None
