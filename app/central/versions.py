"""The public folder: one folder for each published version, one link that says which is current.

    public/versions/17/appdata/kz2024/odata/vysledky.xml …
    public/current -> versions/17

A version is made whole beside the others, flushed to the disk and renamed; then the link is switched in
one step. So a reader sees one version or the next, never a mixture, and a program that is killed anywhere
leaves at most a half-made folder, which is cleared away at the next start. A file that did not change is
a hard link to the version before.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

_HALF = ".part"
_CURRENT = "current"


class Versions:
    """The versions on disk. One publisher at a time."""

    def __init__(self, public: Path, keep: int) -> None:
        """`keep` versions stay, the current one included (at least 1). Clears what a killed program left."""
        self._public = public
        self._folder = public / "versions"
        self._keep = max(1, keep)
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.glob(f"*{_HALF}"):
            shutil.rmtree(left)
        (public / f"{_CURRENT}{_HALF}").unlink(missing_ok=True)

    @property
    def last(self) -> int:
        """The highest version on disk; 0 when there is none."""
        return max(self._numbers(), default=0)

    def write(
        self, number: int, files: Mapping[str, bytes], changed: Iterable[str], previous: int | None
    ) -> None:
        """Write version `number` and make it current.

        `files` is everything by path (with `/`, relative); what is not in `changed` is linked to version
        `previous`, whose file is the same. Raises OSError; then the current version is what it was.
        """
        half = self._folder / f"{number}{_HALF}"
        if half.exists():
            shutil.rmtree(half)
        new = set(changed)
        source = None if previous is None else self._folder / str(previous)
        folders, written = {half}, list[Path]()
        for path, data in files.items():
            target = half / path
            if target.parent not in folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.update(parent for parent in target.parents if parent.is_relative_to(half))
            if source is None or path in new or not _linked(source / path, target):
                target.write_bytes(data)
                written.append(target)
        for file in written:  # all at once at the end: the first flush takes most of the others along
            _flush_file(file)
        for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
            _flush(folder)
        half.rename(self._folder / str(number))
        _flush(self._folder)
        self._switch(number)
        self._prune(number)

    def _switch(self, number: int) -> None:
        link = self._public / f"{_CURRENT}{_HALF}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("versions", str(number)), target_is_directory=True)
        link.replace(self._public / _CURRENT)
        _flush(self._public)

    def _prune(self, current: int) -> None:
        older = sorted((number for number in self._numbers() if number != current), reverse=True)
        for number in older[self._keep - 1 :]:
            shutil.rmtree(self._folder / str(number))

    def _numbers(self) -> list[int]:
        return [
            int(each.name) for each in self._folder.iterdir() if each.name.isascii() and each.name.isdigit()
        ]


def _linked(source: Path, target: Path) -> bool:
    """Link where the file system can; where it cannot, the caller writes the file."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _flush_file(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system knows how (Windows does not)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
