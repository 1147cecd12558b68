"""A disk that is full and one that can only be read.

Where the system allows it (root on Linux), a small file system in memory is laid over the folder of a
run, filled with ballast, and mounted read-only. Elsewhere the process may make no file longer than the
longest it has, which SQLite meets in the same place: a write that fails in the middle of an act.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SIZE = "48m"
_BLOCK = 4096
#: At most so many bytes stay free on a full disk: an act may fail at its first write or at a later one.
_LEFT = 24 * 1024


def can_mount() -> bool:
    """Whether this process may lay a file system over a folder."""
    return sys.platform == "linux" and os.geteuid() == 0


class Disk:
    """The disk under one folder. Use it in a `with`; nothing of it stays behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mounted = False

    def __enter__(self) -> Disk:
        self.folder.mkdir(parents=True, exist_ok=True)
        if can_mount():
            options = ("-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs")
            self.mounted = _mount(*options, str(self.folder))
        return self

    def __exit__(self, *_: object) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)

    @contextmanager
    def full(self, chance: random.Random) -> Iterator[None]:
        """Nothing more fits meanwhile, or only very little."""
        if not self.mounted:
            with _no_longer_files(self.folder):
                yield
            return
        ballast = self.folder / "ballast"
        self._fill(ballast, chance.randrange(_LEFT))
        try:
            yield
        finally:
            ballast.unlink()

    @contextmanager
    def read_only(self) -> Iterator[bool]:
        """Nothing can be written meanwhile, and no file may be open for writing; False: impossible here."""
        if not (self.mounted and _mount("-o", "remount,ro", str(self.folder))):
            yield False
            return
        try:
            yield True
        finally:
            _mount("-o", "remount,rw", str(self.folder))

    def _fill(self, ballast: Path, left: int) -> None:
        with ballast.open("wb", buffering=0) as file:
            stat = os.statvfs(self.folder)
            with suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, max(_BLOCK, stat.f_bavail * stat.f_frsize))
            with suppress(OSError):
                while True:
                    file.write(bytes(_BLOCK))
            os.ftruncate(file.fileno(), max(0, os.fstat(file.fileno()).st_size - left))


def _mount(*arguments: str) -> bool:
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True)
    return done.returncode == 0


@contextmanager
def _no_longer_files(folder: Path) -> Iterator[None]:
    """No file of this process may become longer than the shortest store in the folder is now."""
    if sys.platform == "win32":
        yield
        return
    import resource

    sizes = [path.stat().st_size for path in folder.rglob("*.sqlite") if path.name != "reference.sqlite"]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(sizes, default=_BLOCK), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
