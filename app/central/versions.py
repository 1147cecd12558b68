"""The public folder: one folder for each published version, one link that says which is current, the changes.

    public/versions/17/appdata/kz2024/odata/vysledky.xml …
    public/changes/000017.xml …
    public/current -> versions/17

A version is made whole beside the others, flushed to the disk and renamed; then the link is switched in
one step. So a reader sees one version or the next, never a mixture, and a program that is killed anywhere
leaves at most a half-made folder, which is cleared away at the next start. A file that did not change is
a hard link to the version before. Changes files are outside the versions and stay for good.

Flushing each of some two hundred new files by itself waits for the disk two hundred times, a quarter of a
second here and many seconds on a slow disk; where the system can (Linux), the whole file system is flushed
once instead.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

_HALF = ".part"
_CURRENT = "current"
#: In a rush one version comes and one goes; two at once catch up after a change of the settings.
_PRUNED_AT_ONCE = 2
#: Linux's call that flushes one file system; None where there is none.
_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if sys.platform == "linux" else None


def current_of(public: Path) -> int | None:
    """The version that a public folder's link names; None before the first. For those who only read."""
    try:
        name = (public / _CURRENT).readlink().name
    except OSError:
        return None
    return int(name) if name.isascii() and name.isdigit() else None


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
        names = [each.name for each in self._folder.iterdir()]
        self._there = deque(sorted(int(name) for name in names if name.isascii() and name.isdigit()))

    @property
    def last(self) -> int:
        """The highest version on disk; 0 when there is none."""
        return self._there[-1] if self._there else 0

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
                _tell_apart(target, self._public / _CURRENT / path)
                written.append(target)
        _flush_all(half, written, folders)
        half.rename(self._folder / str(number))
        _flush(self._folder)
        self._there.append(number)
        self._switch(number)

    def prune(self) -> None:
        """Take away what is older than the versions that stay, a few at a time: it must not hold up a
        publication."""
        for _ in range(min(_PRUNED_AT_ONCE, len(self._there) - self._keep)):
            shutil.rmtree(self._folder / str(self._there.popleft()))

    def _switch(self, number: int) -> None:
        link = self._public / f"{_CURRENT}{_HALF}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("versions", str(number)), target_is_directory=True)
        link.replace(self._public / _CURRENT)
        _flush(self._public)


class ChangesFolder:
    """The changes files on disk, never written twice."""

    def __init__(self, public: Path) -> None:
        """Clears what a killed program left half-made."""
        self._folder = public / "changes"
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.glob(f"*{_HALF}"):
            left.unlink()
        self._there = {int(each.stem) for each in self._folder.glob("*.xml") if each.stem.isdigit()}
        self.whole_to = 0  # every file up to this version is there, as far as was looked

    def __contains__(self, version: int) -> bool:
        return version in self._there

    def write(self, version: int, files: Mapping[str, bytes]) -> None:
        """Write the file of a version, the first of `files` by name, with what lies beside it; whoever sees
        the file sees the rest. Raises OSError; then it is not there."""
        for name, data in reversed(list(files.items())):
            half = self._folder / f"{name}{_HALF}"
            with half.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            half.replace(self._folder / name)
        _flush(self._folder)
        self._there.add(version)


def _linked(source: Path, target: Path) -> bool:
    """Link where the file system can; where it cannot, the caller writes the file."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _tell_apart(new: Path, current: Path) -> None:
    """Give a file another second than the one that it replaces: a web server makes an entity tag of a
    file's size and of the second of its last change, and results often change without growing."""
    try:
        taken = int(current.stat().st_mtime)
    except OSError:
        return
    if int(new.stat().st_mtime) <= taken:
        os.utime(new, (taken + 1, taken + 1))


def _flush_all(root: Path, files: Iterable[Path], folders: Collection[Path]) -> None:
    """Flush new files and folders to the disk."""
    if _syncfs is not None:
        descriptor = os.open(root, os.O_RDONLY)
        try:
            if _syncfs(descriptor):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(root))
        finally:
            os.close(descriptor)
        return
    for file in files:  # all at once at the end: the first flush takes most of the others along
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        _flush(folder)


def _flush(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system knows how (Windows does not)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
