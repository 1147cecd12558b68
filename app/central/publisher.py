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
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.central import changes as changes_list
from app.central import journal, progress_page
from app.central.counting import Counting
from app.central.database import Database
from app.central.editions import Editions, Standing
from app.central.feed import Feed
from app.central.following import Following, Note
from app.central.leadership import Leadership, NotLeading
from app.central.senders import Seal
from app.central.settings import CentreSettings
from app.central.site import Site
from app.central.tables import Tables
from app.central.versions import ChangesFolder, Versions
from app.documents.feed import changes as changes_file
from app.documents.feed.index import State
from app.election.errors import KnownError
from app.election.model import Protocol
from app.election.reference import Reference
from app.election.tally import Inconsistent

_log = logging.getLogger(__name__)
#: how often the thread looks at the clock and at the store when nothing arrives here: a batch or the
#: embargo's end may be due, or another process took something in
_LOOK_SECONDS = 0.25
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
        leadership: Leadership,
    ) -> None:
        """`public` is the folder that is published; `clock` tells the time with its zone; `seal` signs;
        `leadership` says whether this process publishes, or follows another one that does."""
        self.stopped = ""  # why publication was stopped, or empty
        self.stopped_elsewhere = ""  # the same of the process that publishes, where it is another one
        self.published_at: datetime | None = None
        self.last_revision = 0  # everything up to this revision is published
        self._database = database
        self._reference = reference
        self._settings = settings
        self._site = site
        self._clock = clock
        self._seal = seal
        self._public = public
        self._leadership = leadership
        self._led = False
        self._note = Note()  # what the process that publishes told last
        self._versions: Versions
        self._changes_folder: ChangesFolder
        self._following = Following(public, site, reference, database)
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._version: int | None = None  # the version on disk that the edition was last written as
        self._edition = Editions(reference, seal)
        self._counting = Counting(database, reference, settings.batch_grid_seconds)
        self._counting.claiming = leadership.claiming
        self._feeds: list[Feed] = []
        self._tables: Tables | None = None
        self._progress: dict[str, dict[str, int]] = {}
        self._undecided: list[dict[str, object]] = []
        self._stale = True  # what is in memory has to be built from the store

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        """Publish what is in the store, or stand by while another process does; then go on in a thread.
        Raises KnownError CEN-16 when the folder cannot be written."""
        try:
            self._step()
        except OSError as error:
            raise KnownError(
                "CEN-16",
                f"Do složky {self._public} nelze zveřejnit ({error.strerror}). Uvolněte místo na disku, "
                "zkontrolujte práva a spusťte ústředí znovu.",
                f"Nothing can be published into {self._public} ({error.strerror}). Free space on the disk, "
                "check the permissions and start the centre again.",
            ) from error
        self._thread = threading.Thread(target=self._follow, name="publisher", daemon=True)
        self._thread.start()

    def notify(self, accepted: dict[int, Protocol]) -> None:
        """These protocols, by the number of their revision, are in the store now."""
        if self._leadership.leads:
            self._counting.notify(accepted)
            self._wake.set()

    def flush(self, *, close_batch: bool = False) -> int:
        """Publish now, from any thread; returns the version that holds everything stored before the call.

        `close_batch` ends the `vysledky_okrsky` batch without waiting for the grid. Raises Stopped, and
        NotLeading where another process publishes.
        """
        with self._lock:
            if not self._leads():
                raise NotLeading
            return self._publish(close=close_batch, whole=True)

    def stop(self) -> None:
        """End the thread after what it is doing, publish what is left, and let another process lead."""
        self._ending.set()
        self._wake.set()
        try:
            if self._thread is not None:
                self._thread.join()
                self._thread = None
                if not self.stopped and self._leads(only_for_news=True):
                    self._publish(whole=True)
        except DBAPIError as error:
            _log.error("what is left could not be published: %s", type(error).__name__, exc_info=error)
        finally:
            if self._tables is not None:
                self._tables.close()
            self._leadership.release()

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
        return not self._stale and self._counting.is_open if self._led else self._note.is_open

    @property
    def clock_trouble(self) -> str:
        """What is wrong with the clocks while nothing may be published; empty when nothing is."""
        if not self._led:
            return self._note.clock_trouble
        return "" if self._stale else self._counting.embargo.trouble.value

    # --- the thread ---------------------------------------------------------------------------------

    def _step(self) -> None:
        """Publish, or stand by: serve what another process published."""
        with self._lock:
            if self._leads():
                self._publish()
                return
            self._note = note = self._following.look()
            self.published_at = None if note.at is None else datetime.fromisoformat(note.at)
            self.last_revision, self.stopped_elsewhere = note.last_revision, note.stopped
            self._progress, self._undecided = note.progress, note.undecided

    def _leads(self, *, only_for_news: bool = False) -> bool:
        """Whether this process publishes. One that takes over begins with nothing in memory: it counts
        what is in the store, and writes a version whole. `only_for_news`: it does so only for revisions
        that nobody published."""
        if not self._leadership.take():
            self._led = False
            return False
        if not self._led:
            if only_for_news and not self._following.is_behind():
                return False
            self._versions = Versions(self._public, self._settings.keep_versions)
            self._changes_folder = ChangesFolder(self._public)
            self._edition = Editions(self._reference, self._seal)
            self._version, self._stale, self._led = None, True, True
            self._following.forget()
        return True

    def _follow(self) -> None:
        interval = self._settings.publish_interval_seconds
        while not self._ending.is_set():
            self._wake.wait(_LOOK_SECONDS)
            self._wake.clear()
            if self._ending.is_set():
                return
            started = time.monotonic()
            try:
                self._step()
            except Stopped:
                self._hold()
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
            # Who comes when this began to be made waits for the next, which may take half as long again;
            # between the two, batches are taken in.
            self._rest(took, max(took / 2, interval - 2.5 * took))

    def _rest(self, least: float, most: float) -> None:
        """Wait `most` seconds, or only `least` and until nothing has come for a moment: in the rush many
        batches share one publication, a lonely one need not wait for others."""
        if self._ending.wait(min(least, max(0.0, most))):
            return
        end = time.monotonic() + most - least
        while (left := end - time.monotonic()) > 0 and not self._ending.is_set():
            if not self._wake.wait(min(_LOOK_SECONDS, left)):
                if self._led and self._following.is_behind(self._counting.last_revision):
                    return  # another process took it in, and it has waited
                continue
            self._wake.clear()
            if not self._wake.wait(min(_CALM_SECONDS, left)):
                self._wake.set()  # it came, and is not published yet
                return

    def _hold(self) -> None:
        """Stay the leader who publishes nothing, so that nobody else does until people have looked."""
        while not self._ending.wait(_LOOK_SECONDS):
            self._leadership.take()

    # --- one publication ----------------------------------------------------------------------------

    def _publish(self, *, close: bool = False, whole: bool = False) -> int:
        """`close` ends the batch; `whole` waits for its tables, which otherwise come with a later version."""
        with self._lock:
            if self.stopped:
                raise Stopped(self.stopped)
            now = self._clock()
            if self._stale:
                self._rebuild()
            try:
                version = self._claim(now, close, whole)
            except Inconsistent as error:
                self._stop_loudly(error, now)
                raise Stopped(error.code) from error
            except DBAPIError:
                self._stale = True  # what was counted in memory may not be what was committed
                raise
            if version is None:
                self.last_revision = self._counting.last_revision  # nothing that it brought is visible
                self._tell()
                return self._site.edition.version
            self._write(version, now, whole)
            return version

    def _claim(self, now: datetime, close: bool, whole: bool) -> int | None:
        """Count what is new and put the version's number into the store; None when nothing changed."""
        first = self._version is None
        self._counting.count_new(now)
        wanted = self._counting.is_open and self._counting.has_news(now, close)
        made = self._tables is not None and self._tables.waits(whole)
        if not (first or self._edition.unwritten or wanted or made):
            return None
        return self._counting.claim(now, close, self._versions.last)

    def _write(self, version: int, now: datetime, whole: bool) -> None:
        edition = self._edition
        self._gather(version, now, whole)
        self._make_changes(now)
        new, finish = edition.on_disk_new(), self._changes_folder.finish
        self._versions.write(version, edition.on_disk(), new, self._version, finish)
        self._version = version
        errors = {name: body for feed in self._feeds for name, body in feed.errors(now).items()}
        plain, packed = edition.served()
        edition.unwritten.clear()
        self._site.publish(version, plain, errors, now, packed)
        self.published_at = now
        self.last_revision = self._counting.last_revision
        self._progress = self._counting.published()
        self._undecided = self._counting.undecided()
        self._tell()
        self._versions.prune()

    def _tell(self) -> None:
        """Leave a note for the processes that follow this one, where it says something new."""
        at = None if self.published_at is None else self.published_at.isoformat()
        progress = {contest: dict(figures) for contest, figures in self._progress.items()}
        note = Note(
            at, self.last_revision, progress, self._undecided, self.stopped, self.is_open, self.clock_trouble
        )
        if note != self._note:
            self._following.tell(note)
            self._note = note

    def _gather(self, version: int, now: datetime, whole: bool) -> None:
        """Everything that changed, in the order in which one document may speak of another."""
        edition, counting = self._edition, self._counting
        if self._version is None:
            edition.put_fixed(now)
        cuts = [(contest, cut) for contest, count in counting.counts.items() for cut in count.cuts]
        for feed in self._feeds:
            edition.put(feed.documents(now), now)
        assert self._tables is not None  # made when everything was rebuilt
        for contest, cut in cuts:
            self._tables.begin(contest, cut, self._wake.set)
        for files in self._tables.take(wait=whole):
            edition.adopt(files)
        pages = progress_page.pages(self._reference, counting.counts, now, version, counting.is_open)
        edition.put(pages, now)
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

    def _make_changes(self, now: datetime) -> None:
        """The changes files that the store has and the disk has not: that of this version, and those of
        versions that were claimed and never written."""
        folder = self._changes_folder
        with self._database.reading() as connection:
            for version in changes_list.versions(connection, folder.whole_to):
                if version not in folder:
                    file = changes_list.file_of(connection, self._edition.issue, version)
                    assert file is not None
                    name = f"{version:06d}.xml"
                    folder.begin(version, self._edition.made(changes_file.write(file), now).written(name))
        folder.whole_to = self._counting.changes.last_version

    def _rebuild(self) -> None:
        self._counting.rebuild()
        if self._tables is not None:
            self._tables.close()
        edition, clock = self._edition, self._clock
        self._tables = Tables(self._database, lambda number, made: edition.tables(number, made, clock()))
        self._feeds = [Feed(self._reference, count) for count in self._counting.counts.values()]
        self._stale = False

    def _stop_loudly(self, error: Inconsistent, now: datetime) -> None:
        self.stopped = error.code
        _log.critical("publication stopped: %s %s", error.code, error.detail)
        with suppress(OSError):  # it is a note: the journal and the log have it
            self._tell()
        with self._database.writing() as connection:
            detail = {"code": error.code, "detail": error.detail}
            journal.write(connection, journal.head(connection), now, journal.Act.ALARM, "publication", detail)
