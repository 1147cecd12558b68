"""The version that is current in a public folder, read into a site: what a process serves that did not
publish it.

A version is whole once the link names it, and its unchanged files are hard links to the version before: only
what changed is read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from app.central.site import ENDINGS, Packed, Site, type_of
from app.central.versions import current_of

#: Documents by path (or, for errors, by name) that lie nowhere on the disk, for a version that was read.
Made = Callable[[int, Mapping[str, bytes], datetime], Mapping[str, bytes]]


class _File(NamedTuple):
    """A file that was read: which one it was, and its bytes."""

    mark: tuple[int, int, int]
    body: bytes


class VersionFolder:
    """Keeps a site at the version that is current on the disk. For one thread at a time."""

    def __init__(self, public: Path, site: Site, errors: Made, pages: Made | None = None) -> None:
        """`errors` gives a version's error documents, which are not on the disk; `pages` more documents that
        are served beside its files. Both hear the number, the plain files and the time of a version."""
        self._public = public
        self._site = site
        self._errors = errors
        self._pages = pages
        self._version: int | None = None
        self._files: dict[str, _File] = {}

    def look(self) -> bool:
        """Serve the version that is current now; whether it is another one than before. Raises OSError for
        one that is taken away while it is read: the next look finds a newer one."""
        version = current_of(self._public)
        if version is None or version == self._version:
            return False
        self._serve(version)
        return True

    def forget(self) -> None:
        """The next look reads everything again."""
        self._version = None
        self._files.clear()

    def _serve(self, version: int) -> None:
        folder = self._public / "versions" / str(version)
        modified = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        files = {path: self._read(path, entry) for path, entry in _below(folder)}
        plain = {path: file.body for path, file in files.items() if type_of(path) is not None}
        packed: dict[str, Packed] = {path: _forms(path, files) for path in plain}
        errors = self._errors(version, plain, modified)
        if self._pages is not None:
            made = self._pages(version, plain, modified)
            plain |= made
            packed = {path: forms for path, forms in packed.items() if path not in made}
        self._site.publish(version, plain, errors, modified, packed)
        self._files, self._version = files, version

    def _read(self, path: str, entry: os.DirEntry[str]) -> _File:
        found = entry.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        known = self._files.get(path)
        return known if known is not None and known.mark == mark else _File(mark, Path(entry).read_bytes())


def _forms(path: str, files: Mapping[str, _File]) -> Packed:
    return {coding: files[path + ending].body for coding, ending in ENDINGS.items() if path + ending in files}


def _below(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(folder / entry.name, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry
