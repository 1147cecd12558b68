"""What another process published, read from the public folder and served from memory here.

Of several processes of a centre one publishes; the others answer with the same documents and tell the same
status. Beside the public folder the leader leaves a note for the status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from app.central import store
from app.central.count import Count
from app.central.database import Database
from app.central.feed import Feed
from app.central.site import Site
from app.central.version_folder import VersionFolder
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


class Following:
    """Keeps a site at the version that is current on the disk. For one thread at a time."""

    def __init__(self, public: Path, site: Site, reference: Reference, database: Database) -> None:
        self._note = public.with_name(NOTE)
        self._folder = VersionFolder(public, site, self._errors)
        self._reference = reference
        self._database = database
        self._feeds: list[Feed] = []

    def look(self) -> Note:
        """Serve the version that is current now. One that is taken away while it is read is left to the
        next look."""
        try:
            self._folder.look()
            return Note(**json.loads(self._note.read_bytes()))
        except (OSError, ValueError, TypeError):
            return Note()

    def forget(self) -> None:
        """This process publishes itself from now on."""
        self._folder.forget()

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

    def _errors(self, _version: int, _files: Mapping[str, bytes], now: datetime) -> Mapping[str, bytes]:
        """The error documents are not on the disk; nothing that was counted is in them."""
        if not self._feeds:
            contests = self._reference.election.contests
            self._feeds = [
                Feed(self._reference, Count(self._reference, contest, 0, [])) for contest in contests
            ]
        return {name: body for feed in self._feeds for name, body in feed.errors(now).items()}
