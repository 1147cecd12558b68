"""What the changes files tell: each precinct's protocol in force, corrections, and when protocols arrived.

The files are append-only, so a history only ever grows: a new version reads the files that it brought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.documents.feed import changes, checkpoint
from app.documents.feed.changes import ChangeKind, ChangesFile
from app.election.content import protocol_of
from app.election.model import Contest, PrecinctId, Protocol, ProtocolKey


@dataclass(frozen=True, slots=True)
class Entry:
    """A precinct's last change in one contest. `text` is empty once the result was withdrawn."""

    number: int  # of the change
    kind: ChangeKind
    revision: int
    taken_at: datetime
    published_at: datetime
    text: str

    @property
    def protocol(self) -> Protocol | None:
        """The protocol in force; None after a withdrawal."""
        return protocol_of(self.text) if self.text else None


@dataclass(frozen=True)
class History:
    """Everything up to the file of version `last`; never changed once it is made."""

    last: int = 0
    entries: Mapping[ProtocolKey, Entry] = field(default_factory=dict)
    arrivals: Mapping[Contest, Mapping[datetime, int]] = field(default_factory=dict)  # first ones, by minute
    corrected: Mapping[PrecinctId, frozenset[Contest]] = field(default_factory=dict)

    def and_then(self, files: Iterable[ChangesFile]) -> History:
        """The history with more files, in order."""
        entries, last = dict(self.entries), self.last
        arrivals = {contest: Counter(minutes) for contest, minutes in self.arrivals.items()}
        corrected = dict(self.corrected)
        for file in files:
            last = file.published.version
            for change, text in file.items:
                if change.key not in entries:
                    minute = change.taken_at.replace(second=0, microsecond=0)
                    arrivals.setdefault(change.key.contest, Counter())[minute] += 1
                entries[change.key] = Entry(
                    change.number, change.kind, change.revision, change.taken_at, file.published.at, text
                )
                if change.kind is not ChangeKind.FIRST:
                    before = corrected.get(change.key.precinct, frozenset())
                    corrected[change.key.precinct] = before | {change.key.contest}
        return History(last, entries, arrivals, corrected)


class Changes:
    """Reads the files of a folder of changes, each once. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._history = History()

    def up_to(self, files: Mapping[str, bytes]) -> History:
        """The history of a version with these documents, as its checkpoint bounds it. Raises OSError,
        `DocumentError`."""
        last = next(
            (checkpoint.read_last_changes(body) for path, body in files.items() if _is_checkpoint(path)), 0
        )
        if last != self._history.last:
            before = self._history
            new = self._back_to(before.last, last)
            if (
                new[-1].previous if new else last
            ) != before.last:  # another chain: read it from its beginning
                before, new = History(), self._back_to(0, last)
            self._history = before.and_then(reversed(new))
        return self._history

    def _back_to(self, known: int, last: int) -> list[ChangesFile]:
        """The files after the one of version `known`, the last first."""
        found = []
        while last > known:
            found.append(changes.read((self._folder / f"{last:06d}.xml").read_bytes()))
            last = found[-1].previous
        return found


def _is_checkpoint(path: str) -> bool:
    return path.startswith("feed/") and path.endswith("/checkpoint.xml")
