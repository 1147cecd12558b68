"""The operating system's lock on an open file: whoever holds it is alone, and a killed process gives it up.

A file with a process number in it would outlive a crash and shut everybody out. It works on local disks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def take(path: Path) -> int | None:
    """Lock the file, made if need be; what `release` takes, or None when another opened file has the lock.
    Raises OSError when it cannot be opened."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(file)
    except OSError:
        os.close(file)
        return None
    return file


def release(file: int) -> None:
    """Let others have it."""
    os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
