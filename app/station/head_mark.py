"""The head mark: a small file beside the database that remembers how far it had come.

A database that was replaced by an older copy of itself is whole in itself; only something outside it can
tell. After a commit the mark is written by a thread of its own, whole and flushed to the disk, so that no
act waits for it. It lags behind the database by half a second, and by more when the program was killed
between the two, but it never leads: it only ever holds a head that was read after its commit. At the next
opening the database has to contain that head.

Whoever puts back an old copy of the whole folder puts back the mark too: then the centre tells, which has
the station's batches (`app.station.recovery`).
"""

from __future__ import annotations

import json
import logging
import os
import queue
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

MARK_FILE = "store.head"
#: How far the mark may lag behind the commits of a busy desk.
_REST_SECONDS = 0.5
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """The last seal and the last row of the journal at one moment: numbers from 0, SHA-256 in hex."""

    seal: int
    seal_hash: str
    journal: int
    journal_hash: str


class HeadMark:
    """The mark of one store. `note` is quick and may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._newest: Mark | None = None
        self._waits = False

    def read(self) -> Mark | None:
        """None when there is none, or none that can be read: then nothing is known."""
        try:
            said = json.loads(self._path.read_text("utf-8"))
            return Mark(int(said["seal"]), str(said["seal_hash"]), int(said["journal"]),
                        str(said["journal_hash"]))  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, mark: Mark) -> None:
        """A commit was made: write it soon. Marks that come before that are joined."""
        with self._guard:
            if self._newest is not None and mark.seal <= self._newest.seal:
                return
            self._newest = mark
            asked, self._waits = self._waits, True
        if not asked:
            _writer().put(self)

    def write(self, mark: Mark) -> None:
        """Write it now, whole or not at all. Raises OSError."""
        draft = self._path.with_suffix(".part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(mark), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        _flush_folder(self._path.parent)

    def flush(self) -> bool:
        """Write what was noted now, on this thread; whether it is written."""
        with self._writing:
            with self._guard:
                mark, waits, self._waits = self._newest, self._waits, False
            if mark is None or not waits:
                return True
            try:
                self.write(mark)
            except FileNotFoundError:
                return False  # the folder is gone, and the store with it
            except OSError as error:
                # A mark that lags is allowed; a disk that is full shows itself at the next act.
                log.warning("the head mark was not written: %s", error)
                return False
            return True


def _flush_folder(folder: Path) -> None:
    """Make a rename durable. Windows has no such thing and needs none."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_start = threading.Lock()
_work: queue.SimpleQueue[HeadMark] | None = None


def _writer() -> queue.SimpleQueue[HeadMark]:
    """The queue of the one thread that writes all marks of this process."""
    global _work
    with _start:
        if _work is None:
            _work = queue.SimpleQueue()
            threading.Thread(target=_write_all, args=(_work,), name="head marks", daemon=True).start()
        return _work


def _write_all(work: queue.SimpleQueue[HeadMark]) -> None:
    resting = threading.Event()
    while True:
        first = work.get()
        # Each mark costs the disk as much as a commit, so that commits of a moment share one.
        resting.wait(_REST_SECONDS)
        marks = [first]
        with suppress(queue.Empty):
            while True:
                marks.append(work.get_nowait())
        for mark in marks:
            mark.flush()
