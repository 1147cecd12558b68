"""Publishing (design D8): a thread that turns new revisions into versions of the public folder.

A publication lets `app.central.counting` count what is new, writes the documents that changed into a new
version and switches the link. Before voting ends every version is the one with zeros. If the sums do not
agree, publication stops, loudly, until somebody starts the centre again; taking batches in goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.central import changes as changes_list
from app.central import journal, progress_page
from app.central.counting import Counting
from app.central.database import Database
from app.central.editions import Editions, Standing
from app.central.feed import Feed
from app.central.senders import Seal
from app.central.settings import CentreSettings
from app.central.site import Site
from app.central.tables import tables_of
from app.central.versions import ChangesFolder, Versions
from app.documents.feed import changes as changes_file
from app.documents.feed.index import State
from app.election.errors import KnownError
from app.election.model import Protocol
from app.election.reference import Reference
from app.election.tally import Inconsistent

_log = logging.getLogger(__name__)
#: how often the thread looks at the clock when nothing arrives (a batch or the embargo's end may be due)
_LOOK_SECONDS = 0.5
#: so long after the last batch its publication need not wait for another one
_CALM_SECONDS = 0.1


class Stopped(KnownError):
    """Publication was stopped because the results contradict themselves."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "CEN-30",
            f"Zveřejňování je zastaveno ({reason}). Ústředí dál přijímá; po nápravě ho spusťte znovu.",
            f"Publication is stopped ({reason}). The centre still receives; start it again when mended.",
        )


class Publisher:
    """Publishes at an interval when something is new, or at once by `flush`."""

    def __init__(
        self,
        database: Database,
        reference: Reference,
        public: Path,
        site: Site,
        settings: CentreSettings,
        clock: Callable[[], datetime],
        seal: Seal,
    ) -> None:
        """`public` is the folder that is published; `clock` tells the time with its zone; `seal` signs."""
        self.stopped = ""  # why publication was stopped, or empty
        self.published_at: datetime | None = None
        self.last_revision = 0  # everything up to this revision is published
        self._database = database
        self._reference = reference
        self._settings = settings
        self._site = site
        self._clock = clock
        self._versions = Versions(public, settings.keep_versions)
        self._changes_folder = ChangesFolder(public)
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._version: int | None = None  # the version on disk that the edition was last written as
        self._edition = Editions(reference, seal)
        self._counting = Counting(database, reference, settings.batch_grid_seconds)
        self._feeds: list[Feed] = []
        self._progress: dict[str, dict[str, int]] = {}
        self._undecided: list[dict[str, object]] = []
        self._stale = True  # what is in memory has to be built from the store

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        """Publish what is in the store, then follow it in a thread of its own."""
        self._publish()
        self._thread = threading.Thread(target=self._follow, name="publisher", daemon=True)
        self._thread.start()

    def notify(self, accepted: dict[int, Protocol]) -> None:
        """These protocols, by the number of their revision, are in the store now."""
        self._counting.notify(accepted)
        self._wake.set()

    def flush(self, *, close_batch: bool = False) -> int:
        """Publish now, from any thread; returns the version that holds everything stored before the call.

        `close_batch` ends the `vysledky_okrsky` batch without waiting for the grid. Raises Stopped.
        """
        return self._publish(close=close_batch)

    def stop(self) -> None:
        """End the thread after what it is doing, then publish what is left."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            if not self.stopped:
                self._publish()

    @property
    def progress(self) -> Mapping[str, Mapping[str, int]]:
        """Expected and processed precincts by contest, as published."""
        return self._progress

    @property
    def undecided(self) -> list[dict[str, object]]:
        """The regions and Senate districts that wait for people to decide, as published."""
        return self._undecided

    @property
    def is_open(self) -> bool:
        """Whether the embargo is over: both clocks said so."""
        return not self._stale and self._counting.is_open

    @property
    def clock_trouble(self) -> str:
        """What is wrong with the clocks while nothing may be published; empty when nothing is."""
        return "" if self._stale else self._counting.embargo.trouble.value

    # --- the thread ---------------------------------------------------------------------------------

    def _follow(self) -> None:
        interval = self._settings.publish_interval_seconds
        while not self._ending.is_set():
            self._wake.wait(_LOOK_SECONDS)
            self._wake.clear()
            if self._ending.is_set():
                return
            started = time.monotonic()
            try:
                self._publish()
            except Stopped:
                return
            except (OSError, DBAPIError) as error:
                _log.error(
                    "publication failed and will be tried again: %s", type(error).__name__, exc_info=error
                )
                self._ending.wait(_LOOK_SECONDS)
            except Exception:
                self.stopped = "BUG"
                _log.critical("publication stopped by a bug", exc_info=True)
                raise
            took = time.monotonic() - started
            self._rest(took, interval - took)

    def _rest(self, least: float, most: float) -> None:
        """Wait `most` seconds, or only `least` and until nothing has come for a moment: in the rush many
        batches share one publication, a lonely one need not wait for others."""
        if self._ending.wait(min(least, max(0.0, most))):
            return
        end = time.monotonic() + most - least
        while (left := end - time.monotonic()) > 0 and self._wake.wait(left) and not self._ending.is_set():
            self._wake.clear()
            if not self._wake.wait(min(_CALM_SECONDS, left)):
                self._wake.set()  # it came, and is not published yet
                return

    # --- one publication ----------------------------------------------------------------------------

    def _publish(self, *, close: bool = False) -> int:
        with self._lock:
            if self.stopped:
                raise Stopped(self.stopped)
            now = self._clock()
            if self._stale:
                self._rebuild()
            try:
                version = self._claim(now, close)
            except Inconsistent as error:
                self._stop_loudly(error, now)
                raise Stopped(error.code) from error
            except DBAPIError:
                self._stale = True  # what was counted in memory may not be what was committed
                raise
            if version is None:
                self.last_revision = self._counting.last_revision  # nothing that it brought is visible
                return self._site.edition.version
            self._write(version, now)
            return version

    def _claim(self, now: datetime, close: bool) -> int | None:
        """Count what is new and put the version's number into the store; None when nothing changed."""
        first = self._version is None
        self._counting.count_new(now)
        wanted = self._counting.is_open and self._counting.has_news(now, close)
        if not (first or self._edition.unwritten or wanted):
            return None
        return self._counting.claim(now, close, self._versions.last)

    def _write(self, version: int, now: datetime) -> None:
        edition = self._edition
        self._gather(version, now)
        self._write_changes(now)
        self._versions.write(version, edition.on_disk(), edition.on_disk_new(), self._version)
        self._version = version
        errors = {name: body for feed in self._feeds for name, body in feed.errors(now).items()}
        plain, packed = edition.served()
        edition.unwritten.clear()
        self._site.publish(version, plain, errors, now, packed)
        self.published_at = now
        self.last_revision = self._counting.last_revision
        self._progress = self._counting.published()
        self._undecided = self._counting.undecided()
        self._versions.prune()

    def _gather(self, version: int, now: datetime) -> None:
        """Everything that changed, in the order in which one document may speak of another."""
        edition, counting = self._edition, self._counting
        if self._version is None:
            edition.put_fixed(now)
        cuts = [(contest, cut) for contest, count in counting.counts.items() for cut in count.cuts]
        for feed in self._feeds:
            edition.put(feed.documents(now), now)
        for contest, cut in cuts:
            edition.put_tables(cut.number, tables_of(self._database, contest, cut), now)
        edition.put(progress_page.pages(self._reference, counting.counts, now, version), now)
        edition.close(version, self._standing(), now)

    def _standing(self) -> Standing:
        counting = self._counting
        settled = all(count.tally.country.settled for count in counting.counts.values())
        state = State.COMPLETE if settled else State.RUNNING
        return Standing(
            state if counting.is_open else State.BEFORE_THE_END,
            counting.changes.size,
            counting.changes.root(),
            counting.changes.last_version,
            tuple(counting.ledger.in_force()),
        )

    def _write_changes(self, now: datetime) -> None:
        """The changes files that the store has and the disk has not: that of this version, and those of
        versions that were claimed and never written."""
        folder = self._changes_folder
        with self._database.reading() as connection:
            for version in changes_list.versions(connection, folder.whole_to):
                if version not in folder:
                    file = changes_list.file_of(connection, self._edition.issue, version)
                    assert file is not None
                    name = f"{version:06d}.xml"
                    folder.write(version, self._edition.made(changes_file.write(file), now).written(name))
        folder.whole_to = self._counting.changes.last_version

    def _rebuild(self) -> None:
        self._counting.rebuild()
        self._feeds = [Feed(self._reference, count) for count in self._counting.counts.values()]
        self._stale = False

    def _stop_loudly(self, error: Inconsistent, now: datetime) -> None:
        self.stopped = error.code
        _log.critical("publication stopped: %s %s", error.code, error.detail)
        with self._database.writing() as connection:
            detail = {"code": error.code, "detail": error.detail}
            journal.write(connection, journal.head(connection), now, journal.Act.ALARM, "publication", detail)
