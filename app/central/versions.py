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
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

_HALF = ".part"
_CURRENT = "current"
#: In a rush one version comes and one goes; two at once catch up after a change of the settings.
_PRUNED_AT_ONCE = 2
#: Windows gives links to administrators only. A centre that is rehearsed there names its version in a file.
_NAMED = os.name == "nt"
#: Linux's call that flushes one file system; None where there is none.
_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if sys.platform == "linux" else None


def current_of(public: Path) -> int | None:
    """The version that a public folder's link names; None before the first. For those who only read."""
    try:
        name = (public / _CURRENT).readlink().name
    except OSError:
        if not _NAMED:
            return None
        try:
            name = Path((public / _CURRENT).read_text("ascii")).name
        except (OSError, ValueError):
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
        self,
        number: int,
        files: Mapping[str, bytes],
        changed: Collection[str],
        previous: int | None,
        finish: Callable[[], None] = lambda: None,
    ) -> None:
        """Write version `number` and make it current.

        `files` is everything by path (with `/`, relative); what is not in `changed` is linked to version
        `previous`, whose file is the same. `finish` is called when everything is on the disk, before the
        version can be seen. Raises OSError; then the current version is what it was.
        """
        half = self._folder / f"{number}{_HALF}"
        if half.exists():
            shutil.rmtree(half)
        source = None if previous is None else f"{self._folder / str(previous)}/"
        folders, written = _folders(half, files), []
        for path, data in files.items():  # plain strings: there are thousands of files, most of them linked
            target = f"{half}/{path}"
            if source is None or path in changed or not _linked(source + path, target):
                Path(target).write_bytes(data)
                _tell_apart(target, f"{self._public}/{_CURRENT}/{path}")
                written.append(target)
        _flush_all(half, written, folders)
        finish()
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
        if _NAMED:
            link.write_text(f"versions/{number}", "ascii")
        else:
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
        self._begun: dict[int, tuple[str, ...]] = {}

    def __contains__(self, version: int) -> bool:
        return version in self._there

    def begin(self, version: int, files: Mapping[str, bytes]) -> None:
        """Write the file of a version, the first of `files` by name, with what lies beside it; nobody sees
        it before `finish`. Raises OSError."""
        for name, data in files.items():
            half = self._folder / f"{name}{_HALF}"
            half.write_bytes(data)
            if _syncfs is None:
                _flush_file(half)
        self._begun[version] = tuple(files)

    def finish(self) -> None:
        """Let what was begun be seen, now that the disk has it; whoever sees a file sees what lies beside
        it. Raises OSError."""
        for version, names in list(self._begun.items()):
            for name in reversed(names):
                (self._folder / f"{name}{_HALF}").replace(self._folder / name)
            self._there.add(version)
            del self._begun[version]
        _flush(self._folder)


def _folders(root: Path, files: Iterable[str]) -> set[Path]:
    """Make the folders of these files, and return them all."""
    folders = {root}
    for parent in {path.rpartition("/")[0] for path in files}:
        folder = root / parent
        folder.mkdir(parents=True, exist_ok=True)
        folders.update(each for each in (folder, *folder.parents) if each.is_relative_to(root))
    return folders


def _linked(source: str, target: str) -> bool:
    """Link where the file system can; where it cannot, the caller writes the file."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _tell_apart(new: str, current: str) -> None:
    """Give a file another second than the one that it replaces: a web server makes an entity tag of a
    file's size and of the second of its last change, and results often change without growing."""
    try:
        taken = int(Path(current).stat().st_mtime)
    except OSError:
        return
    if int(Path(new).stat().st_mtime) <= taken:
        os.utime(new, (taken + 1, taken + 1))


def _flush_all(root: Path, files: Iterable[str], folders: Collection[Path]) -> None:
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
        _flush_file(Path(file))
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        _flush(folder)


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
