"""One transfer point's workstation without a window: the facade that the desk, the command line and the
rehearsal drive. It opens a folder, proves everything in it, and offers the acts and the views.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING

from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.program import current
from app.station import proof, records
from app.station.anchors import read_anchors
from app.station.backup.centre_chain import CentreChain
from app.station.board import Board
from app.station.changes import Change, Changes, Listener
from app.station.completeness import Completeness, Overview, Progress, Row
from app.station.config import StationConfig, read_config
from app.station.confirmation import Prints
from app.station.connection import Connection
from app.station.entry.entries import Entries
from app.station.intake import Intake
from app.station.journal import Journal
from app.station.lock import FolderLock
from app.station.mending import Mending
from app.station.neighbours import Neighbours
from app.station.outbox import Outbox, Signer
from app.station.permits import Permits
from app.station.point.asking import Inquirer
from app.station.point.assigning import Assigning
from app.station.point.carried import Carried
from app.station.point.conflicts import Conflicts
from app.station.point.delivering import Deliveries
from app.station.point.exchange import Exchange
from app.station.point.memory import PointMemory
from app.station.point.point import Point
from app.station.point.pulling import Pull
from app.station.point.standing import effective, elsewhere_of
from app.station.point.went_back import WentBack
from app.station.reading import Reader
from app.station.reference_file import load_verified
from app.station.retype import Retype
from app.station.sending import Sender, Transport
from app.station.setting_up import INCOMING, TAKEN_FILE
from app.station.store import STORE_FILE, Store
from app.station.users.users import Users
from app.station.versions import Versions
from app.station.visit import Visits
from app.station.wire import Fetching
from app.trust.anchors import Anchors
from app.trust.passwords import Passwords

if TYPE_CHECKING:
    from app.station.approvals import Approvals
    from app.station.approved import Approved
    from app.station.backup.keeper import Backups
    from app.station.closing.closing import Closing
    from app.station.correcting import Correcting
    from app.station.history import History
    from app.station.journal_details import JournalDetails
    from app.station.journal_export import JournalExport
    from app.station.journal_search import JournalSearch
    from app.station.line.examination import Examination
    from app.station.readiness.checking import ReadinessCheck
    from app.station.readiness.hardware import Hardware


class Station:
    """An open station: `Station.open(folder, clock)`, then `close()`, or use it in a `with`.

    `config`, `reference`, `intake`, `entries`, `retype`, `mending`, `visits`, `prints`, `outbox` and
    `journal` may be used from any thread.
    """

    def __init__(
        self,
        folder: Path,
        config: StationConfig,
        anchors: Anchors,
        reference: Reference,
        signer: Signer,
        store: Store,
        lock: FolderLock,
        clock: Callable[[], datetime],
        passwords: Passwords | None = None,
    ) -> None:
        """For `open`, which proves what it passes here."""
        self.folder = folder
        self.config = config
        self.reference = reference
        self.clock = clock
        self.changes = Changes()
        self.journal = Journal(store)
        self.users = Users(folder, store, config, anchors, clock, passwords)
        self._anchors = anchors
        self._signer = signer
        self._store = store
        self._lock = lock
        self._at_close = ExitStack()
        versions = self._versions = Versions()
        self.outbox = Outbox(store, versions, config, signer, lambda: current().signature, clock)
        self.inquirer = Inquirer(config, signer, anchors)
        self.centre_chain = CentreChain(store, self.outbox, config, anchors, self.inquirer, clock)
        ends = reference.election.calendar.delivery_ends
        self._overview = Overview(store, reference, config.transfer_point, clock, config.station)
        expected = frozenset(self._overview.keys)
        self.permits = Permits(store, config, anchors, expected, ends, clock, self.changes)
        surroundings = self._surroundings = Neighbours(store, versions, reference).of
        reader = self._reader = Reader(
            reference,
            config.transfer_point,
            clock,
            lambda key: records.stands(store.connection, key),
            lambda key, revision: records.version(store.connection, key, revision),
            surroundings,
            lambda key: elsewhere_of(store.rows, config.station, key),
            self.permits.covers,
        )
        self.intake = Intake(store, versions, reader, ends, self.permits, config, clock, self.changes)
        self.entries = Entries(store, reader, reference, expected, clock, self.changes)
        self.retype = Retype(store, reader, config.retype, clock)
        self.mending = Mending(store, reader, reference, clock)
        self.visits = Visits(store, reader, reference, expected, config.station)
        self.prints = Prints(store, versions, reference, config, clock)
        self._board = Board(store, self.outbox.queue, self.changes, clock())
        self.point = self._point(versions, reader)
        self._making = RLock()
        self._backups: Backups | None = None
        self._closing: Closing | None = None

    # What only some pages ask for is made when it is first asked for: no start waits for it.

    @property
    def backups(self) -> Backups:
        with self._making:  # it remembers, so there is one; several threads may ask first
            if self._backups is None:
                from app.station.backup.keeper import Backups

                self._backups = Backups(self.folder, self._store, self.config, self.clock, self.changes)
            return self._backups

    @property
    def closing(self) -> Closing:
        with self._making:
            if self._closing is None:
                from app.station.closing.closing import Closing

                self._closing = Closing(
                    self.folder, self._store, self._overview, self.backups, self.outbox.queue,
                    self.reference, self.config, self.clock, self.changes,
                )  # fmt: skip
            return self._closing

    @cached_property
    def approved(self) -> Approved:
        from app.station.approved import Approved

        return Approved(self.folder, self.config, self._anchors)

    @cached_property
    def approvals(self) -> Approvals:
        from app.station.approvals import Approvals

        return Approvals(self._store, self.intake, self.reference, self._surroundings)

    @cached_property
    def correcting(self) -> Correcting:
        from app.station.correcting import Correcting

        db, own = self._store, self.config.station
        return Correcting(db, self._reader, self.mending, lambda key: effective(db.connection, own, key))

    @cached_property
    def history(self) -> History:
        from app.station.history import History

        return History(self._store, self._versions)

    @cached_property
    def journal_search(self) -> JournalSearch:
        from app.station.journal_search import JournalSearch

        return JournalSearch(self._store)

    @cached_property
    def journal_export(self) -> JournalExport:
        from app.station.journal_export import JournalExport

        return JournalExport(self._store, self.config, self.reference, self.clock)

    @cached_property
    def journal_details(self) -> JournalDetails:
        from app.station.journal_details import JournalDetails

        return JournalDetails(self._store, self._versions)

    def _point(self, versions: Versions, reader: Reader) -> Point:
        """What is known of the other workstations, and the acts about it."""
        store, config, anchors = self._store, self.config, self._anchors
        kept = PointMemory(store, config.station)
        conflicts = Conflicts(
            store, versions, reader, self.intake, kept, config.station, self.clock, self.changes
        )
        queue = self.outbox.queue
        went_back = WentBack(store, config.station, self.outbox.answered_above)
        pull = Pull(self.inquirer, kept, config, anchors, self.changes, queue, conflicts.wanted, went_back)
        carried = Carried(store)
        exchange = Exchange(store, self.outbox, kept, carried, config, anchors, self.clock, self.changes)
        assigning = Assigning(store, self._overview, config, self.clock, self.changes)
        return Point(config.station, kept, pull, conflicts, exchange, carried, queue, assigning)

    @classmethod
    def open(
        cls,
        folder: Path,
        clock: Callable[[], datetime],
        passphrase: str | None = None,
        passwords: Passwords | None = None,
    ) -> Station:
        """Open a station's folder; `clock` tells aware instants, `passphrase` opens the key, `passwords`
        checks those of the people (default: at the full cost).

        Raises a `KnownError` with a sentence: not a station's folder, in use by another program, the
        reference data altered or foreign, the key or certificate not its own, the store unusable.
        """
        config = read_config(folder)
        lock = FolderLock(folder)
        try:
            if (folder / INCOMING).is_dir():  # a newer package, whose taking was cut short
                from app.station.setting_up.newer import apply_incoming

                apply_incoming(folder)
                config = read_config(folder)
            anchors = read_anchors(folder)
            now = clock()
            reference = load_verified(folder, config, anchors, now)
            signer = Signer.load(folder, config, anchors, now, passphrase)
            store = Store(folder / STORE_FILE, config, clock)
            try:
                if (folder / TAKEN_FILE).exists():
                    from app.station.setting_up.newer import tell_journal

                    tell_journal(folder, store, now)
                return cls(folder, config, anchors, reference, signer, store, lock, clock, passwords)
            except BaseException:
                store.close()
                raise
        except BaseException:
            lock.release()
            raise

    def sender(self, transport: Transport | None = None, chance: random.Random | None = None) -> Sender:
        """The sender over `transport` (default: HTTP to the configured centre). One at a time; it wakes
        itself when something is accepted. `chance` draws the back-off's jitter."""
        if transport is None:
            from app.station.transport import HttpTransport

            transport = HttpTransport.of(self.config, self.folder, self._signer)
            self._at_close.callback(transport.close)
        sender = Sender(
            self._store,
            self.outbox,
            transport,
            self.config,
            self._anchors,
            self._board,
            self.changes,
            self.clock,
            chance or random.Random(),  # noqa: S311 - jitter is no secret
            self.point.pull,
            Deliveries(self.point.memory, self.point.carried, self.config, self._anchors, self.changes),
        )

        if isinstance(transport, Fetching):
            approved = self.approved
            sender.after_answer = lambda now: approved.refresh(transport, now)
        sender.agree = self.centre_chain.agree
        sender.proof = proof.of_folder(self.folder)

        def wake(change: Change) -> None:
            if change.keys:
                sender.wake()

        self.changes.subscribe(wake)
        return sender

    def examination(self) -> Examination:
        """Finds what is wrong with the line, step by step; beside the sender, from any thread."""
        from app.station.line.examination import Examination

        return Examination(
            self.folder, self.config, self._signer, self._anchors, self.clock, self.connection, self.approved
        )

    def readiness(
        self, hardware: Hardware | None = None, skipped: frozenset[str] = frozenset()
    ) -> ReadinessCheck:
        """Tries everything that the night needs; beside the sender, from any thread. `hardware` is what the
        desk sees of the machine, `skipped` the probes that nobody wants tried."""
        from app.station.readiness.checking import Parts, ReadinessCheck
        from app.station.readiness.hardware import NOBODY_LOOKED

        parts = Parts(
            self.folder, self.config, self.reference, self._signer, self._anchors, self.clock,
            self.examination(), self.approved,
        )  # fmt: skip
        return ReadinessCheck(parts, hardware or NOBODY_LOOKED, skipped)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` what changed, on the thread that changed it; the returned function ends it."""
        return self.changes.subscribe(listener)

    @property
    def expected(self) -> tuple[ProtocolKey, ...]:
        """Every protocol that has to come here, in the order of the overview."""
        return self._overview.keys

    def completeness(self) -> Completeness:
        """All rows with their counts, read from one state of the store."""
        return self._overview.completeness()

    def row(self, key: ProtocolKey) -> Row | None:
        """One row, for a view that was told its key changed; None when it is not expected here."""
        return self._overview.row(key)

    def progress(self) -> Progress:
        return self._overview.progress()

    def connection(self) -> Connection:
        """The line to the centre for the status bar."""
        return self._board.connection()

    def close(self) -> None:
        """Close the store and let others into the folder. Stop the sender's thread first."""
        self._at_close.close()
        self._store.close()
        self._lock.release()

    def __enter__(self) -> Station:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
