"""When each station was heard last, its clock and its queue: left in the centre's folder for who watches.

A station asks every few seconds, so this is no matter for the database: each process of the centre writes one
small file, at most once a second, whole or not at all; the operations room reads them all. What is lost with
a process comes again with the next question.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from app.documents.inquiry import Inquiry

_log = logging.getLogger(__name__)
_EVERY = timedelta(seconds=1)
#: Bytes of one file; a nation's 2 600 stations take a tenth.
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LastWord:
    """`at` by the centre's clock; `ahead` is how many milliseconds the station's clock is before it (the way
    included); `waiting` protocols have no answer yet; `program` is how its program names itself, or empty."""

    at: str
    ahead: int
    waiting: int
    program: str = ""


class Heard:
    """What one process heard; safe from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{os.getpid()}.json"
        self._words: dict[str, LastWord] = {}
        self._written: datetime | None = None
        self._guard = Lock()

    def note(self, inquiry: Inquiry, at: datetime) -> None:
        """A station asked at the instant `at`. Never raises: watching must not stop what is watched."""
        ahead = round((inquiry.asked_at - at) / timedelta(milliseconds=1))
        with self._guard:
            self._words[inquiry.station] = LastWord(at.isoformat(), ahead, inquiry.waiting, inquiry.program)
            if self._written is not None and self._written <= at < self._written + _EVERY:
                return
            self._written = at
            text = json.dumps({station: asdict(word) for station, word in self._words.items()})
            try:
                self._path.parent.mkdir(exist_ok=True)
                whole = self._path.with_suffix(".part")
                whole.write_text(text, "ascii")
                whole.replace(self._path)
            except OSError as error:
                _log.info("cannot write %s: %s", self._path.name, error.strerror)


def read(folder: Path) -> Mapping[str, LastWord]:
    """The last word of each station, over all processes; a file that cannot be read says nothing."""
    found: dict[str, LastWord] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            if path.stat().st_size > _LARGEST:
                continue
            told = {name: LastWord(**word) for name, word in json.loads(path.read_text("ascii")).items()}
            for word in told.values():
                datetime.fromisoformat(word.at)
                if (type(word.ahead), type(word.waiting), type(word.program)) != (int, int, str):
                    raise TypeError
        except (OSError, ValueError, TypeError, AttributeError):
            continue
        for station, word in told.items():
            if station not in found or found[station].at < word.at:
                found[station] = word
    return found
