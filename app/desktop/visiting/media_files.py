"""Protocol files on a medium: which files to look at, and how to notice that one is new or has changed.

No Qt and no reading of content here. A stick holds anything: only names that a protocol file may have, of a
size that one may have, at most two folders deep, and no more of them than a point has precincts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

#: Endings of files that may hold a protocol.
ENDINGS: Final = (".xml",)
#: Bytes: the largest real protocol file has less than 100 kB.
LARGEST: Final = 4_000_000
DEEPEST: Final = 2
MOST: Final = 400


class Sighting(NamedTuple):
    """One file as it lies there; two sightings are equal as long as nobody wrote to it."""

    path: Path
    size: int
    changed: int  # nanoseconds


def sightings(root: Path) -> tuple[Sighting, ...]:
    """The candidates on a medium by path. Raises OSError when the medium is gone."""
    found: list[Sighting] = []
    for sighting in _walk(root, DEEPEST):
        found.append(sighting)
        if len(found) == MOST:
            break
    return tuple(sorted(found))


def _walk(folder: Path, deeper: int) -> Iterator[Sighting]:
    below: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~", "$")):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    below.append(Path(entry.path))
                elif entry.name.lower().endswith(ENDINGS) and entry.is_file(follow_symlinks=False):
                    seen = entry.stat()
                    if 0 < seen.st_size <= LARGEST:
                        yield Sighting(Path(entry.path), seen.st_size, seen.st_mtime_ns)
            except OSError:  # one entry that the medium cannot tell about does not hide the others
                continue
    if deeper:
        for name in sorted(below):
            try:
                yield from _walk(name, deeper - 1)
            except OSError:
                continue
