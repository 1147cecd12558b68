"""Publishing (design D8): a thread that turns new revisions into versions of the public folder.

The tallies are kept in memory and rebuilt from the store at start. A publication reads what is new in the
order of processing, checks that the sums agree (AG-01) and that nothing was lost (AG-02), writes the
documents that changed into a new version and switches the link. Before voting ends, nothing is counted:
every version is the one with zeros. If the sums do not agree, publication stops, loudly, until somebody
starts the centre again; taking batches in goes on.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.central import journal, progress_page, store
from app.central.count import Count
from app.central.database import Database
from app.central.feed import Feed
from app.central.settings import CentreSettings
from app.central.site import Site
from app.central.stored import Recent
from app.central.versions import Versions
from app.election.errors import KnownError
from app.election.model import Contest, Protocol
from app.election.reference import Reference
from app.election.tally import Inconsistent, Progress

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
    ) -> None:
        """`public` is the folder that is published; `clock` tells the time with its zone."""
        self.stopped = ""  # why publication was stopped, or empty
        self.published_at: datetime | None = None
        self.last_revision = 0  # everything up to this revision is published
        self._database = database
        self._reference = reference
        self._settings = settings
        self._site = site
        self._clock = clock
        self._versions = Versions(public, settings.keep_versions)
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._version: int | None = None  # the version on disk that `_files` was last written as
        self._files: dict[str, bytes] = {}
        self._unwritten: set[str] = set()
        self._counts: dict[Contest, Count] = {}
        self._feeds: list[Feed] = []
        self._last_revision = 0
        self._recent = Recent()
        self._progress: dict[str, dict[str, int]] = {}
        self._stale = True  # what is in memory has to be built from the store

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        """Publish what is in the store, then follow it in a thread of its own."""
        self._publish()
        self._thread = threading.Thread(target=self._follow, name="publisher", daemon=True)
        self._thread.start()

    def notify(self, accepted: dict[int, Protocol]) -> None:
        """These protocols, by the number of their revision, are in the store now."""
        self._recent.add(accepted)
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
                self.last_revision = self._last_revision  # nothing that it brought is visible
                return self._site.edition.version
            self._write(version, now)
            return version

    def _claim(self, now: datetime, close: bool) -> int | None:
        """Count what is new and put the version's number into the store; None when nothing changed."""
        first = self._version is None
        if now >= self._reference.election.calendar.voting_ends:
            with self._database.reading() as connection:
                self._count_new(connection)
            if not (first or self._unwritten or self._has_news(now, close)):
                return None
            with self._database.writing() as connection:
                self._count_new(connection)  # nobody else writes now: what follows is exact
                for count in self._counts.values():
                    count.check()
                self._close_batches(connection, now, close)
                return self._insert_publication(connection, now)
        if not (first or self._unwritten):
            return None
        with self._database.writing() as connection:
            return self._insert_publication(connection, now)

    def _count_new(self, connection: Connection) -> None:
        for row in store.revisions_after(connection, self._last_revision):
            self._counts[Contest(row.contest)].take(connection, row, self._recent)
            self._last_revision = row.id

    def _has_news(self, now: datetime, close: bool) -> bool:
        return any(
            count.touched or count.cuts or count.batch_due(now, close) for count in self._counts.values()
        )

    def _close_batches(self, connection: Connection, now: datetime, close: bool) -> None:
        for contest, count in self._counts.items():
            for cut in count.close_batches(now, close):
                made = store.PublishedBatch(
                    contest.value,
                    cut.number,
                    journal.stamp(cut.generated_at),
                    cut.processed[0].order,
                    cut.processed[-1].order,
                    cut.precincts_processed,
                )
                store.insert_published_batch(connection, made)
                detail = {"orders": [made.first_order, made.last_order]}
                head = journal.head(connection)
                journal.write(
                    connection, head, now, journal.Act.BATCH_PUBLISHED, f"{contest} {cut.number}", detail
                )

    def _insert_publication(self, connection: Connection, now: datetime) -> int:
        last, _ = store.last_publication(connection)
        version = max(last, self._versions.last) + 1
        progress = {contest.value: count.tally.progress() for contest, count in self._counts.items()}
        store.insert_publication(connection, version, now, self._last_revision, json.dumps(progress))
        return version

    def _write(self, version: int, now: datetime) -> None:
        for feed in self._feeds:
            new = feed.documents(now)
            self._files.update(new)
            self._unwritten.update(new)
        pages = progress_page.pages(self._reference, self._counts, now, version)
        new = {path: body for path, body in pages.items() if self._files.get(path) != body}
        self._files.update(new)
        self._unwritten.update(new)
        self._versions.write(version, self._files, self._unwritten, self._version)
        self._version = version
        self._unwritten.clear()
        self._site.publish(version, self._files, self._feeds[0].errors(now), now)
        self.published_at = now
        for count in self._counts.values():
            count.published = count.tally.progress()
        self.last_revision = self._last_revision
        self._progress = {
            contest.value: {
                "expected": count.tally.country.precincts_expected,
                "processed": count.tally.country.precincts_processed,
                "batches": count.batches,
            }
            for contest, count in self._counts.items()
        }

    # --- the count in memory ------------------------------------------------------------------------

    def _rebuild(self) -> None:
        """Begin the count again from nothing; the store is read at the next publication."""
        reference = self._reference
        with self._database.reading() as connection:
            made = store.published_batches(connection)
            before = json.loads(store.last_publication(connection)[1])
        self._counts = {
            contest: Count(
                reference,
                contest,
                self._settings.batch_grid_seconds,
                [batch for batch in made if batch.contest == contest.value],
            )
            for contest in reference.election.contests
        }
        for contest, count in self._counts.items():
            if contest.value in before and self._clock() >= reference.election.calendar.voting_ends:
                count.published = Progress(*before[contest.value])
        self._feeds = [Feed(reference, count) for count in self._counts.values()]
        self._last_revision = 0
        self._stale = False

    def _stop_loudly(self, error: Inconsistent, now: datetime) -> None:
        self.stopped = error.code
        _log.critical("publication stopped: %s %s", error.code, error.detail)
        with self._database.writing() as connection:
            detail = {"code": error.code, "detail": error.detail}
            journal.write(connection, journal.head(connection), now, journal.Act.ALARM, "publication", detail)
