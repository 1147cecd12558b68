"""When a copy is due, what the last one is worth, and the drill: `station.backups`.

    keeper.step(now)            make a copy or run a drill if one is due, and tell when to look again
    keeper.run_forever(stop)    that in a loop, for a worker thread

A copy is due so many acts or minutes after the last one (`station.toml`), and at once when somebody asks.
A place that is not there is looked for again; nothing of it ever stops an act.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from app.election.errors import KnownError
from app.station import journal, seals
from app.station.backup import errors
from app.station.backup.making import make_copy
from app.station.backup.place import Copy, copies, folder_of
from app.station.changes import Change, Changes
from app.station.config import StationConfig, write_config
from app.station.permissions import Permission, require
from app.station.states import User
from app.station.store import Store

if TYPE_CHECKING:
    from app.station.backup.drill import Drilled

log = logging.getLogger(__name__)

#: How often the loop looks; a copy that failed is tried again after `_AGAIN`.
_TICK = timedelta(seconds=5)
_AGAIN = timedelta(seconds=30)


#: Tables without which a result, or the way to it, would be lost.
RESULTS = frozenset(
    {
        "originals", "versions", "protocols", "holds", "hold_ends", "refusals", "mends", "withdrawals",
        "drafts", "draft_fields", "draft_steps", "settlements", "closings",
        "outbox", "batches", "receipts", "outcomes", "explanations", "point_steps", "permits",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BackupState:
    """What is known of the backups now. `behind` counts acts that the last copy does not have; `current`:
    it has every result, also where somebody has signed in since; `old`: it is older than it should be, or
    there is none; `gone`: the place is not there."""

    place: Path | None
    gone: bool
    last: datetime | None
    behind: int
    current: bool
    old: bool
    trouble: KnownError | None
    drilled: Drilled | None

    @property
    def needs_care(self) -> bool:
        """Whether somebody has to do something about it."""
        return (
            self.place is None
            or self.gone
            or self.old
            or self.trouble is not None
            or (self.drilled is not None and not self.drilled.passed)
        )


class Backups:
    """Keeps one station's copies. `step` from one thread; the rest from any."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        config: StationConfig,
        clock: Callable[[], datetime],
        changes: Changes,
    ) -> None:
        self._folder, self._store, self._config = folder, store, config
        self._clock, self._changes = clock, changes
        self._guard, self._making = Lock(), Lock()
        self._last: Copy | None = None
        self._trouble: KnownError | None = None
        self._drilled: Drilled | None = None
        self._failed_at: datetime | None = None
        self._looked = False
        self._wanted = Event()
        self._since = clock()

    @property
    def place(self) -> Path | None:
        """Where copies go; None while nothing is chosen."""
        chosen = self._config.backup_place
        return Path(chosen) if chosen else None

    def choose(self, place: Path, user: User) -> None:
        """Copies go there from now on; written into `station.toml` and the journal. Raises `RoleRefused`,
        `BackupTrouble`."""
        require(user, Permission.BACKUP)
        if place.absolute().is_relative_to(self._folder.absolute()):
            raise errors.inside(place)
        if not place.is_dir():
            raise errors.not_written(place, "no such folder")
        with self._guard:
            changed = replace(self._config, backup_place=str(place.absolute()))
            try:
                write_config(self._folder, changed)
            except OSError as error:
                raise errors.not_written(self._folder, str(error)) from error
            with self._store.transaction() as db:
                journal.write(db, self._clock(), user.name, "backup-place", place=changed.backup_place)
            self._config = changed
            self._last, self._trouble, self._looked, self._failed_at = None, None, False, None
        self.want()
        self._changes.tell(Change())

    def state(self) -> BackupState:
        """For the page and the header; reads the store, and the place once."""
        place, now = self.place, self._clock()
        last = self._newest()
        told = journal.head(self._store.connection)
        made = None if last is None else last.manifest
        current = made is not None and not self._results_since(made.seal)
        behind = told[0] - (0 if made is None else made.journal)
        allowed = timedelta(minutes=2 * self._config.backup_minutes)
        waits = self._since if made is None else made.made_at
        with self._guard:
            trouble, drilled = self._trouble, self._drilled
        return BackupState(
            place=place,
            gone=place is not None and not place.is_dir(),
            last=None if made is None else made.made_at,
            behind=max(0, behind),
            current=current,
            old=not current and now - waits > allowed,
            trouble=trouble,
            drilled=drilled,
        )

    def make(self, now: datetime | None = None) -> Copy:
        """Make a copy now, on the calling thread. Raises `BackupTrouble`."""
        place = self.place
        if place is None:
            raise errors.no_place()
        with self._making:
            try:
                copy = make_copy(self._folder, place, self._config, now or self._clock())
            except KnownError as error:
                with self._guard:
                    self._trouble, self._failed_at = error, now or self._clock()
                self._changes.tell(Change())
                raise
            with self._guard:
                self._last, self._trouble, self._failed_at, self._looked = copy, None, None, True
        self._changes.tell(Change())
        return copy

    def drill(self, now: datetime | None = None) -> Drilled:
        """Try rebuilding from the newest copy, on the calling thread."""
        from app.station.backup.drill import Drilled, drill  # and the whole audit; no start waits for it

        place = self.place
        at = now or self._clock()
        found = (
            Drilled(at, None, 0, 0, errors.no_place())
            if place is None
            else drill(place, self._config.station, at)
        )
        with self._guard:
            self._drilled = found
        self._changes.tell(Change())
        return found

    def want(self) -> None:
        """Make the next copy as soon as possible."""
        self._wanted.set()

    def step(self, now: datetime) -> datetime:
        """Do what is due at `now`; tells when to look again."""
        if self.place is None:
            return now + _TICK
        if self._is_due(now):
            self._wanted.clear()
            try:
                self.make(now)
            except KnownError as error:
                log.info("backup: %s", error)  # the page and the header show it
                return now + _AGAIN
        with self._guard:
            drilled, last = self._drilled, self._last
        hours = timedelta(hours=self._config.drill_hours)
        if last is not None and (drilled is None or now - drilled.at >= hours):
            self.drill(now)
        return now + _TICK

    def run_forever(self, stop: Event) -> None:
        """Step until `stop` is set."""
        cared: bool | None = None
        while not stop.is_set():
            self.step(self._clock())
            care = self.state().needs_care
            if care != cared:
                cared = care
                self._changes.tell(Change())
            stop.wait(_TICK.total_seconds() if not self._wanted.is_set() else 0.2)

    def _is_due(self, now: datetime) -> bool:
        with self._guard:
            failed_at = self._failed_at
        if failed_at is not None and failed_at <= now < failed_at + _AGAIN:
            return False
        last = self._newest()
        if last is None or self._wanted.is_set():
            return True
        head, made = seals.head(self._store.connection), last.manifest
        if (made.seal, made.seal_hash) == tuple(head):
            return False
        acts = journal.head(self._store.connection)[0] - made.journal
        old = now - made.made_at >= timedelta(minutes=self._config.backup_minutes)
        return old or acts >= self._config.backup_acts or made.made_at > now

    def _results_since(self, seal: int) -> bool:
        rows = self._store.rows("SELECT entries FROM seals WHERE seq > ?", (seal,))
        return any(entry.table in RESULTS for row in rows for entry in seals.entries_of(row["entries"]))

    def _newest(self) -> Copy | None:
        """The newest copy that goes on into this store's history, looked for once."""
        place = self.place
        with self._guard:
            if self._looked or place is None:
                return self._last
            self._looked = place.is_dir()
        found = [copy for copy in copies(folder_of(place, self._config.station)) if self._is_ours(copy)]
        with self._guard:
            self._last = self._last or (found[0] if found else None)
            return self._last

    def _is_ours(self, copy: Copy) -> bool:
        made = copy.manifest
        row = self._store.rows("SELECT hash FROM seals WHERE seq = ?", (made.seal,))
        return bool(row) and row[0]["hash"] == made.seal_hash
