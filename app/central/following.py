"""What another process published, read from the public folder and served from memory here.

Of several processes of a centre one publishes; the others answer with the same documents and tell the same
status. A version is whole once the link names it, and its unchanged files are hard links to the version
before: only what changed is read. Beside the public folder the leader leaves a note for the status.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from app.central import store
from app.central.count import Count
from app.central.database import Database
from app.central.editions import ENDINGS
from app.central.feed import Feed
from app.central.site import Packed, Site, type_of
from app.central.versions import current_of
from app.election.reference import Reference

NOTE = "published.json"


@dataclass(frozen=True, slots=True)
class Note:
    """What the status tells of publishing: when, everything up to which revision, expected and processed
    precincts by contest, what waits for people to decide, why publication was stopped, whether the embargo
    is over, and what is wrong with the clocks."""

    at: str | None = None
    last_revision: int = 0
    progress: dict[str, dict[str, int]] = field(default_factory=dict)
    undecided: list[dict[str, object]] = field(default_factory=list)
    stopped: str = ""
    is_open: bool = False
    clock_trouble: str = ""


class _File(NamedTuple):
    """A file that was read: which one it was, and its bytes."""

    mark: tuple[int, int, int]
    body: bytes


class Following:
    """Keeps a site at the version that is current on the disk. For one thread at a time."""

    def __init__(self, public: Path, site: Site, reference: Reference, database: Database) -> None:
        self._public = public
        self._note = public.with_name(NOTE)
        self._site = site
        self._reference = reference
        self._database = database
        self._version: int | None = None
        self._files: dict[str, _File] = {}
        self._feeds: list[Feed] = []

    def look(self) -> Note:
        """Serve the version that is current now. One that is taken away while it is read is left to the
        next look."""
        try:
            version = current_of(self._public)
            if version is not None and version != self._version:
                self._serve(version)
            return Note(**json.loads(self._note.read_bytes()))
        except (OSError, ValueError, TypeError):
            return Note()

    def forget(self) -> None:
        """This process publishes itself from now on."""
        self._version = None
        self._files.clear()

    def tell(self, note: Note) -> None:
        """Leave the note for those who follow. Raises OSError."""
        half = self._note.with_suffix(".part")
        half.write_text(json.dumps(asdict(note)), "utf-8")
        half.replace(self._note)

    def is_behind(self, counted: int | None = None) -> bool:
        """Whether the store has revisions after this one, or after the last that was published."""
        with self._database.reading() as connection:
            if counted is None:
                counted = store.last_published_revision(connection)
            return store.counts(connection).revisions > counted

    def _serve(self, version: int) -> None:
        folder = self._public / "versions" / str(version)
        modified = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        files = {path: self._read(path, entry) for path, entry in _below(folder)}
        plain = {path: file.body for path, file in files.items() if type_of(path) is not None}
        packed: dict[str, Packed] = {path: _forms(path, files) for path in plain}
        self._site.publish(version, plain, self._errors(modified), modified, packed)
        self._files, self._version = files, version

    def _read(self, path: str, entry: os.DirEntry[str]) -> _File:
        found = entry.stat()
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        known = self._files.get(path)
        return known if known is not None and known.mark == mark else _File(mark, Path(entry).read_bytes())

    def _errors(self, now: datetime) -> Mapping[str, bytes]:
        """The error documents are not on the disk; nothing that was counted is in them."""
        if not self._feeds:
            contests = self._reference.election.contests
            self._feeds = [
                Feed(self._reference, Count(self._reference, contest, 0, [])) for contest in contests
            ]
        return {name: body for feed in self._feeds for name, body in feed.errors(now).items()}


def _forms(path: str, files: Mapping[str, _File]) -> Packed:
    return {coding: files[path + ending].body for coding, ending in ENDINGS.items() if path + ending in files}


def _below(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(folder / entry.name, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry
