"""The desk without its looks: files in, offers out, acts on the station, changes as signals.

Every call that touches a disk or a stick runs off the main thread in one of two queues: reading, which a
dying stick may block, and acts, which are short transactions. Their results arrive here on the main thread
and go on as signals; the window only shows them. Known troubles and bugs go two separate ways.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.desktop.background import Deadline, Operations
from app.desktop.precinct_table import Row
from app.desktop.sending import SenderThread
from app.desktop.visit import Card, Outcome
from app.election.errors import KnownError
from app.election.model import Protocol, ProtocolKey
from app.station import completeness
from app.station.changes import Change
from app.station.errors import AlreadyAccepted, NotExpected
from app.station.offers import Accepted, Offer, Standing
from app.station.sending import Transport
from app.station.states import Role, State, User
from app.station.station import Station

log = logging.getLogger(__name__)

#: Seconds that closing the window may take in all.
PATIENCE = 2.5


@dataclass(frozen=True, slots=True)
class _Read:
    """The offers of one file, or its trouble."""

    name: str
    offers: tuple[Offer, ...] = ()
    trouble: BaseException | None = None


class Desk(QObject):
    """One per window. All signals come on the main thread."""

    visits = Signal(list)  # list[tuple[Card, ...]]: one for each precinct that was read
    trouble = Signal(object, str)  # KnownError, the file that it is about or ""
    bug = Signal(object)  # an exception that nobody foresaw
    known = Signal(object)  # a protocol's key whose same content was accepted before
    held_before = Signal(object)  # an offer of a protocol that waits for approval
    done = Signal(object)  # Outcome
    corrected = Signal(object, object)  # Card before, Card judged as a correction
    opened = Signal(object, object)  # completeness.Row, (Accepted, Protocol) | None
    held_opened = Signal(object)  # Card
    rows = Signal(object)  # tuple[Row, ...]
    connection = Signal(object)
    busy = Signal(bool)
    _told = Signal()

    def __init__(self, station: Station, user: User, transport: Transport | None = None) -> None:
        super().__init__()
        self.station, self.user = station, user
        self._reading = Operations("reading", self)
        self._acts = Operations("acts", self)
        self._views = Operations("views", self)
        self._acts.busy_changed.connect(self.busy)
        self.sending = SenderThread(station, transport, self)
        self.sending.failed.connect(self.bug)
        self._stale = False
        # Changes come on whatever thread made them and often in bursts: one look at the store answers many.
        self._told.connect(self._change_came, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = station.subscribe(self._on_change)
        self._poll = QTimer(self)
        self._poll.setInterval(1000)
        self._poll.timeout.connect(self._show_connection)
        self._closed = False

    @property
    def reading(self) -> bool:
        return self._reading.busy

    def start(self, sending: bool = True) -> None:
        """Show the first state at once and begin to send."""
        self.rows.emit(shown_rows(self.station.completeness()))
        self._show_connection()
        self._poll.start()
        if sending:
            self.sending.start()

    def close(self) -> bool:
        """End all work within `PATIENCE` seconds. True when everything ended and the store was closed."""
        if self._closed:
            return True
        self._closed = True
        self._unsubscribe()
        self._poll.stop()
        deadline = Deadline(PATIENCE)
        # Acts first: a transaction under way is what people wait for; a stick may hang.
        ended = [self._acts.close(deadline.left()), self._views.close(deadline.left())]
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
        intake = self.station.intake

        def work() -> list[_Read]:
            found = []
            for path in chosen:
                try:
                    found.append(_Read(path.name, intake.read_file(path)))
                except Exception as error:  # one bad file does not hide the others
                    found.append(_Read(path.name, trouble=error))
            return found

        self._reading.start(work, self._files_read, self._failed, self)

    def _files_read(self, found: list[_Read]) -> None:
        cards: dict[object, list[Card]] = {}
        for one in found:
            if one.trouble is not None:
                self._failed(one.trouble, one.name)
            for offer in one.offers:
                if offer.standing is Standing.SAME:
                    self._failed(AlreadyAccepted(offer.key, offer.accepted_revision), one.name)
                    self.known.emit(offer.key)
                elif offer.state is State.HELD:
                    self.held_before.emit(offer)
                elif offer.standing is Standing.UNEXPECTED:
                    self._failed(NotExpected(offer.key), one.name)
                else:
                    cards.setdefault(offer.key.precinct, []).append(Card(offer))
        self.visits.emit([tuple(visit) for visit in cards.values()])

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

    def refuse(self, card: Card, reason: str) -> None:
        def work() -> Outcome:
            self.station.intake.refuse(card.offer, self.user, reason)
            return Outcome("refuse", card)

        self._act(work)

    def send_back(self, card: Card, reason: str) -> None:
        def work() -> Outcome:
            self.station.intake.send_back(card.offer.key, self.user, reason)
            return Outcome("send_back", card)

        self._act(work)

    def correct(self, card: Card, reason: str) -> None:
        """Judge a differing protocol as the next revision; nothing is accepted yet."""
        self._acts.start(
            lambda: self.station.intake.as_correction(card.offer, self.user, reason),
            lambda offer: self.corrected.emit(card, Card(offer)),
            self._failed,
            self,
        )

    def _act(self, work: Callable[[], Outcome]) -> None:
        self._acts.start(work, self.done.emit, self._failed, self)

    def _with_protocol(self, act: str, card: Card, accepted: Accepted) -> Outcome:
        current = self.station.intake.current(accepted.key)
        return Outcome(act, card, accepted, current[1] if current else None)

    # --- views -------------------------------------------------------------------------------------

    def open(self, key: ProtocolKey) -> None:
        """Look one protocol up: a held one comes by `held_opened`, any other by `opened`."""

        def work() -> tuple[completeness.Row | None, Card | None, tuple[Accepted, Protocol] | None]:
            row = self.station.row(key)
            if row is not None and row.state is State.HELD:
                waiting = self.station.intake.held(key)
                if waiting:
                    return row, Card(waiting[0].offer, waiting[0]), None
            return row, None, self.station.intake.current(key)

        self._views.start(work, self._looked_up, self._failed, self)

    def _looked_up(
        self, found: tuple[completeness.Row | None, Card | None, tuple[Accepted, Protocol] | None]
    ) -> None:
        row, card, current = found
        if card is not None:
            self.held_opened.emit(card)
        elif row is not None:
            self.opened.emit(row, current)

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
        return shown_rows(self.station.completeness())

    def _show_rows(self, rows: tuple[Row, ...]) -> None:
        self.rows.emit(rows)
        self._show_connection()

    @Slot()
    def _show_connection(self) -> None:
        if not self._closed:
            self.connection.emit(self.station.connection())

    def _failed(self, error: BaseException, about: str = "") -> None:
        if isinstance(error, KnownError):
            self.trouble.emit(error, "" if about and about in error.cs else about)
        else:
            self.bug.emit(error)


def shown_rows(found: completeness.Completeness) -> tuple[Row, ...]:
    """The station's rows as the list shows them."""
    return tuple(
        Row(row.key, row.municipality_name, row.state.value, row.since, row.revision, row.warnings, row.note)
        for row in found.rows
    )
