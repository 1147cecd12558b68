"""The desk without its looks: files in, offers out, acts on the station, changes as signals.

Every call that touches a disk or a stick runs off the main thread in one of two queues: reading, which a
dying stick may block, and acts, which are short transactions. Their results arrive here on the main thread
and go on as signals; the window only shows them. Known troubles and bugs go two separate ways.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.desktop.background import Deadline, Operations
from app.desktop.backing_up import BackupThread
from app.desktop.entry.acts import EntryDesk
from app.desktop.precinct_table import Row, hint
from app.desktop.sending import SenderThread
from app.desktop.visit import Card, Outcome
from app.desktop.visiting.cards import Cards
from app.documents.document_errors import DocumentError
from app.documents.permit import Permit
from app.election.errors import KnownError
from app.election.model import PrecinctId, Protocol, ProtocolKey
from app.election.verdict import FieldRef
from app.station import completeness
from app.station.changes import Change
from app.station.course import Course
from app.station.errors import NotExpected
from app.station.intake import already_accepted
from app.station.offers import Accepted, Offer, Standing
from app.station.overseeing.conditions import minutes_left
from app.station.sending import Transport
from app.station.states import Role, State, User
from app.station.station import Station

if TYPE_CHECKING:
    from app.desktop.people.vouching import Vouching

log = logging.getLogger(__name__)

#: Seconds that closing the window may take in all.
PATIENCE = 2.5


@dataclass(frozen=True, slots=True)
class _Read:
    """The offers of one file, or its trouble."""

    name: str
    offers: tuple[Offer, ...] = ()
    trouble: BaseException | None = None
    permit: Permit | None = None


@dataclass(frozen=True, slots=True)
class _AllRead:
    """All files that were chosen together, and the visits that their protocols make."""

    files: tuple[_Read, ...]
    visits: tuple[tuple[Card, ...], ...]


class Desk(QObject):
    """One per window. All signals come on the main thread."""

    visits = Signal(list)  # list[tuple[Card, ...]]: one for each precinct that was read
    trouble = Signal(object, str)  # KnownError, the file that it is about or ""
    bug = Signal(object)  # an exception that nobody foresaw
    known = Signal(object)  # a protocol's key whose same content was accepted before
    held_before = Signal(object)  # an offer of a protocol that waits for approval
    done = Signal(object)  # Outcome
    corrected = Signal(object, object)  # Card before, Card judged again: answered, mended, as a correction
    permitted = Signal(object)  # Permit that was taken
    joined = Signal(object)  # tuple[Card, ...]: a visit to which files came
    retyped = Signal(object, object, object)  # Card before, Card compared, tuple[FieldDifference, ...]
    chosen = Signal(object)  # tuple[completeness.Row, ...] of one precinct
    opened = Signal(object, object)  # completeness.Row, (Accepted, Protocol) | None
    held_opened = Signal(object)  # Card
    rows = Signal(object)  # tuple[Row, ...]
    connection = Signal(object)
    busy = Signal(bool)
    _told = Signal()

    def __init__(self, station: Station, user: User, transport: Transport | None = None) -> None:
        super().__init__()
        self.station, self.user = station, user
        self._cards = Cards(station)
        self._reading = Operations("reading", self)
        self._acts = Operations("acts", self)
        self._views = Operations("views", self)
        self.entry = EntryDesk(station, lambda: self.user, self)
        self._acts.busy_changed.connect(self.busy)
        self.sending = SenderThread(station, transport, self)
        self.sending.failed.connect(self.bug)
        self.backing_up = BackupThread(station, self)
        self.backing_up.failed.connect(self.bug)
        self._stale = False
        # Changes come on whatever thread made them and often in bursts: one look at the store answers many.
        self._told.connect(self._change_came, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = station.subscribe(self._on_change)
        self._poll = QTimer(self)
        self._poll.setInterval(1000)
        self._poll.timeout.connect(self._show_connection)
        self._poll.timeout.connect(self._count_down)
        self._rows: tuple[Row, ...] = ()
        self._closed = False
        self._vouching: Vouching | None = None

    @property
    def vouching(self) -> Vouching | None:
        """How another person proves who they are; None where nobody has an account: a program drives."""
        if self._vouching is None and self.station.users.known:
            from app.desktop.people.vouching import Vouching

            self._vouching = Vouching(self.station, lambda: self.user, self)
            self._vouching.bug.connect(self.bug)
        return self._vouching

    @property
    def reading(self) -> bool:
        return self._reading.busy

    def start(self, sending: bool = True) -> None:
        """Show the first state at once and begin to send."""
        self._show_rows(shown_rows(self.station.completeness(), self.station.clock()))
        self._poll.start()
        self.backing_up.start()
        if sending:
            self.sending.start()

    def close(self, others_ended: bool = True) -> bool:
        """End all work within `PATIENCE` seconds. True when everything ended and the store was closed: it is
        left open while a thread may still read it, here or (`others_ended`) elsewhere in the window."""
        if self._closed:
            return True
        self._closed = True
        self._unsubscribe()
        self._poll.stop()
        deadline = Deadline(PATIENCE)
        # Acts first: a transaction under way is what people wait for; a stick may hang.
        ended = [others_ended, self.entry.close(deadline), self._acts.close(deadline.left())]
        ended += [self._views.close(deadline.left())]
        ended += [self._vouching is None or self._vouching.close(deadline.left())]
        ended += [self.backing_up.close(min(0.5, deadline.left()))]
        ended += [self.sending.close(deadline.left()), self._reading.close(min(0.2, deadline.left()))]
        if all(ended):
            self.station.close()
        else:
            log.info("closed with a thread still at work; what it had not committed was never stored")
        return all(ended)

    # --- reading -----------------------------------------------------------------------------------

    def read(self, paths: Sequence[Path]) -> None:
        """Read and judge files; the visits come by `visits`, each bad file by `trouble`."""
        chosen = tuple(paths)
        intake, user = self.station.intake, self.user

        def work() -> _AllRead:
            found = []
            for path in chosen:
                try:
                    found.append(_Read(path.name, intake.read_file(path)))
                except DocumentError as error:  # no protocol: the centre's permit, perhaps
                    found.append(self._as_permit(path, user, error))
                except Exception as error:  # one bad file does not hide the others
                    found.append(_Read(path.name, trouble=error))
            offers = [offer for one in found for offer in one.offers if _is_takeable(offer)]
            return _AllRead(tuple(found), self._cards.visits(offers))

        self._reading.start(work, self._files_read, self._failed, self)

    def _as_permit(self, path: Path, user: User, otherwise: DocumentError) -> _Read:
        """Take a permit that was dropped like any file; `otherwise` is what the file is told to be else."""
        try:
            permit = self.station.permits.take_file(path, user)
        except DocumentError:
            return _Read(path.name, trouble=otherwise)
        except KnownError as error:
            return _Read(path.name, trouble=error)
        return _Read(path.name, permit=permit, trouble=None if permit else otherwise)

    def _files_read(self, read: _AllRead) -> None:
        for one in read.files:
            if one.trouble is not None:
                self._failed(one.trouble, one.name)
            if one.permit is not None:
                self.permitted.emit(one.permit)
            for offer in one.offers:
                if offer.standing is Standing.SAME:
                    self._failed(already_accepted(offer), one.name)
                    self.known.emit(offer.key)
                elif offer.state is State.HELD:
                    self.held_before.emit(offer)
                elif offer.standing is Standing.UNEXPECTED:
                    self._failed(NotExpected(offer.key), one.name)
        self.visits.emit(list(read.visits))

    def join(self, shown: Sequence[Card], came: Sequence[Card]) -> None:
        """Make one visit of the cards on the page and those that came for the same precinct."""
        offers = [card.offer for card in (*shown, *came)]
        self._reading.start(lambda: self._cards.visits(offers)[0], self.joined.emit, self._failed, self)

    # --- the paper and the mended protocol -----------------------------------------------------------

    def sign(self, cards: Sequence[Card], card: Card, course: Course) -> None:
        """Answer FM-05 and FM-06 for one card; the others of its visit are needed to judge it (ID-05)."""
        self._judge_again(card, lambda: self._cards.signed(cards, card, course))

    def retype(self, card: Card, typed: Mapping[FieldRef, int | None], course: Course) -> None:
        """Compare totals typed from the paper with the file; the answer comes by `retyped`."""
        self._acts.start(
            lambda: self._cards.retyped(card, typed, course),
            lambda found: self.retyped.emit(card, *found),
            self._failed,
            self,
        )

    def settle(self, card: Card, values: Mapping[FieldRef, int | None], reason: str) -> None:
        """Keep what the paper says in fields that differ from the file."""
        self._judge_again(card, lambda: self._cards.settled(card, values, self.user, reason))

    def mend(self, card: Card, changes: Mapping[FieldRef, int | None], authorised: bool, reason: str) -> None:
        mending, user = self.station.mending, self.user

        def work() -> Card:
            mended = mending.mend(card.offer, changes, user, authorised, reason)
            return self._cards.of(mended, card.missing, card.settled)

        self._judge_again(card, work)

    def _judge_again(self, card: Card, work: Callable[[], Card]) -> None:
        self._acts.start(work, lambda after: self.corrected.emit(card, after), self._failed, self)

    # --- acts --------------------------------------------------------------------------------------

    def accept(self, card: Card) -> None:
        def work() -> Outcome:
            return self._with_protocol("accept", card, self.station.intake.accept(card.offer, self.user))

        self._act(work)

    def approve(self, card: Card, supervisor: str, reason: str) -> None:
        assert card.held
        key, shown = card.held.key, card.held.content_hash
        who = User(supervisor, Role.SUPERVISOR)

        def work() -> Outcome:
            return self._with_protocol("approve", card, self.station.intake.approve(key, who, shown, reason))

        self._act(work)

    def hold(self, card: Card, reason: str) -> None:
        def work() -> Outcome:
            self.station.intake.hold(card.offer, self.user, reason)
            return Outcome("hold", card)

        self._act(work)

    def refuse(self, card: Card, reason: str, deadline: datetime | None = None) -> None:
        def work() -> Outcome:
            self.station.intake.refuse(card.offer, self.user, reason, deadline)
            return Outcome("refuse", card)

        self._act(work)

    def send_back(self, card: Card, reason: str) -> None:
        def work() -> Outcome:
            self.station.intake.send_back(card.offer.key, self.user, reason)
            return Outcome("send_back", card)

        self._act(work)

    def correct(self, card: Card, reason: str) -> None:
        """Judge a differing protocol as the next revision; nothing is accepted yet."""
        intake = self.station.intake
        self._judge_again(
            card, lambda: self._cards.of(intake.as_correction(card.offer, self.user, reason), card.missing)
        )

    def _act(self, work: Callable[[], Outcome]) -> None:
        self._acts.start(work, self.done.emit, self._failed, self)

    def _with_protocol(self, act: str, card: Card, accepted: Accepted) -> Outcome:
        current = self.station.intake.current(accepted.key)
        return Outcome(act, card, accepted, current[1] if current else None)

    # --- views -------------------------------------------------------------------------------------

    def open(self, key: ProtocolKey) -> None:
        """Look one protocol up: a held one and one that was mended and not decided come by `held_opened`,
        any other by `opened`."""

        def work() -> tuple[completeness.Row | None, Card | None, tuple[Accepted, Protocol] | None]:
            row = self.station.row(key)
            if row is not None and row.state is State.HELD:
                waiting = self.station.intake.held(key)
                if waiting:
                    return row, Card(waiting[0].offer, waiting[0]), None
            mended = self.station.mending.mended(key)
            if mended is not None:
                return row, self._cards.of(mended), None
            taken = row is not None and row.is_elsewhere  # its figures are at another workstation
            return row, None, None if taken else self.station.intake.current(key)

        self._views.start(work, self._looked_up, self._failed, self)

    def _looked_up(
        self, found: tuple[completeness.Row | None, Card | None, tuple[Accepted, Protocol] | None]
    ) -> None:
        row, card, current = found
        if card is not None:
            self.held_opened.emit(card)
        elif row is not None:
            self.opened.emit(row, current)

    def choose(self, precinct: PrecinctId) -> None:
        """Look up all protocols of a precinct of this point; they come by `chosen`."""
        keys = [key for key in self.station.expected if key.precinct == precinct]

        def work() -> tuple[completeness.Row, ...]:
            return tuple(row for key in keys if (row := self.station.row(key)) is not None)

        self._views.start(work, self.chosen.emit, self._failed, self)

    def _on_change(self, change: Change) -> None:
        """Called on any thread: only tell the main one."""
        try:
            self._told.emit()
        except RuntimeError:  # the QObject is gone: the program is ending
            return

    @Slot()
    def _change_came(self) -> None:
        if self._stale or self._closed:
            return
        self._stale = True
        self._views.start(self._look, self._show_rows, self._failed, self)

    def _look(self) -> tuple[Row, ...]:
        self._stale = False  # a change from here on asks for another look
        return shown_rows(self.station.completeness(), self.station.clock())

    def _show_rows(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self.rows.emit(rows)
        self._show_connection()

    @Slot()
    def _count_down(self) -> None:
        """Deadlines of refused protocols run on without anything happening to them."""
        if not self._closed and any(row.deadline for row in self._rows):
            rows = counted_down(self._rows, self.station.clock())
            if rows != self._rows:
                self._rows = rows
                self.rows.emit(rows)

    @Slot()
    def _show_connection(self) -> None:
        if not self._closed:
            self.connection.emit(self.station.connection())

    def _failed(self, error: BaseException, about: str = "") -> None:
        if isinstance(error, KnownError):
            self.trouble.emit(error, "" if about and about in error.cs else about)
        else:
            self.bug.emit(error)


def shown_rows(found: completeness.Completeness, now: datetime) -> tuple[Row, ...]:
    """The station's rows as the list shows them at an instant."""
    rows = tuple(
        Row(row.key, row.municipality_name, row.state.value, row.since, row.revision, row.warnings,
            hint(row), row.deadline)
        for row in found.rows
    )  # fmt: skip
    return counted_down(rows, now)


def counted_down(rows: tuple[Row, ...], now: datetime) -> tuple[Row, ...]:
    """The same rows with the minutes that are left to their deadlines, a begun one counted."""
    return tuple(
        replace(row, minutes_left=minutes_left(row.deadline, now)) if row.deadline else row for row in rows
    )


def _is_takeable(offer: Offer) -> bool:
    """Whether an offer goes to the page; the others are only told about."""
    return offer.standing in (Standing.NEW, Standing.DIFFERENT) and offer.state is not State.HELD
