"""The way from a protocol's page to its next revision, and back to the revisions before.

It stands between the window and the pages; what a correction is, who may make one and what stands against
it is decided on the station.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from app.desktop.background import Operations
from app.desktop.desk import Desk
from app.desktop.later import later
from app.desktop.visit import Card
from app.desktop.visiting.cards import Cards
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.completeness import Row
from app.station.history import Past
from app.station.offers import Offer
from app.station.permissions import Permission, may
from app.station.states import STEPS, State, Step

if TYPE_CHECKING:
    from app.desktop.entry.flow import EntryFlow
    from app.desktop.pages.protocol import ProtocolPage
    from app.desktop.visiting.mending_page import Mend, MendingPage


class Window(Protocol):
    """What the flow needs of the main window."""

    desk: Desk
    entry: EntryFlow
    pages: QStackedWidget

    @property
    def protocol(self) -> ProtocolPage: ...
    @property
    def page(self) -> str: ...
    def add_page(self, page: QWidget, name: str = "") -> None: ...
    def turn(self, page: QWidget) -> None: ...
    def choose_files(self) -> None: ...
    def open_protocol(self, key: ProtocolKey) -> None: ...
    def show_trouble(self, error: KnownError, about: str = "") -> None: ...
    def show_bug(self, error: BaseException) -> None: ...


class CorrectionFlow(QObject):
    """Made once by the window `window`, which is also its parent."""

    def __init__(self, window: Window, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._parent = window, parent
        self._station = window.desk.station
        self._work = Operations("correcting", self)
        self._key: ProtocolKey | None = None
        self._returned = False
        self._shown: Offer | None = None
        self.dialog: QDialog | None = None

    def close(self, patience: float = 0.3) -> bool:
        return self._work.close(patience)

    @later
    def page(self) -> MendingPage:
        """Where what changed is typed over what stands."""
        from app.desktop.visiting.mending_page import MendingPage

        page = MendingPage(self._station.reference, self._parent, "correct")
        page.mended.connect(self._typed)
        page.left.connect(self._back)
        self._window.add_page(page)
        return page

    # --- from the window -----------------------------------------------------------------------------

    def show_row(self, row: Row) -> None:
        """The protocol's page shows a row: say what may be done about it, and look its revisions up."""
        self._key, self._returned = row.key, row.state is State.RETURNED
        key = row.key
        allowed = (row.state, Step.CORRECT) in STEPS and not row.is_elsewhere
        self._window.protocol.offer_correction(
            allowed and may(self._window.desk.user.role, Permission.CORRECT)
        )
        self._work.start(
            lambda: self._station.history.of(key), lambda past: self._found(key, past), self._failed, self
        )

    @Slot()
    def ask(self) -> None:
        """How does the correction come?"""
        from app.desktop.correcting.choosing import CorrectionDialog

        if self._key is None:
            return
        dialog = CorrectionDialog(self._window.protocol.title.text(), self._returned, self._parent)
        dialog.chosen.connect(self._chosen)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    # --- inside ----------------------------------------------------------------------------------------

    def _found(self, key: ProtocolKey, past: tuple[Past, ...]) -> None:
        if key == self._key:
            self._window.protocol.show_history(past)

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    @Slot(str)
    def _chosen(self, way: str) -> None:
        key = self._key
        if key is None:
            return
        match way:
            case "file":
                self._window.choose_files()
            case "paper":
                self._window.entry.open(key)
            case "again":
                self._ask_reason(key)
            case _:
                standing = self._station.correcting.standing
                self._work.start(lambda: standing(key), self._begin, self._failed, self)

    def _ask_reason(self, key: ProtocolKey) -> None:
        """Why the same figures go once more to the centre that returned them."""
        from app.desktop.reasons import ReasonDialog

        user, station = self._window.desk.user, self._station
        dialog = ReasonDialog("correct", self._window.protocol.title.text(), self._parent)

        def work(reason: str) -> Card:
            return Cards(station).of(station.correcting.unchanged(key, user, reason))

        dialog.given.connect(
            lambda reason, _: self._work.start(lambda: work(reason), self._made, self._failed, self)
        )
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    def _begin(self, shown: Offer) -> None:
        self._shown = shown
        self._window.turn(self.page)
        self.page.show_card(Card(shown))

    def _typed(self, mend: Mend) -> None:
        shown, user, station = self._shown, self._window.desk.user, self._station
        if shown is None:
            return

        def work() -> Card:
            offer = station.correcting.typed(shown, mend.changes, user, mend.authorised, mend.reason)
            return Cards(station).of(offer)

        self._work.start(work, self._made, self._failed, self)

    def _made(self, card: Card) -> None:
        self._shown = None
        self._window.desk.visits.emit([(card,)])

    @Slot()
    def _back(self) -> None:
        self._shown = None
        if self._key is not None:
            self._window.open_protocol(self._key)

    def _failed(self, error: BaseException) -> None:
        page = CorrectionFlow.page.made_in(self)
        if page is not None:
            page.set_busy(False)
        if isinstance(error, KnownError):
            self._window.show_trouble(error)
        else:
            self._window.show_bug(error)
