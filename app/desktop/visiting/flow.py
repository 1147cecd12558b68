"""The way of one commission through the desk: precinct or medium, verdict, paper, mending, refusal.

It stands between the window and the pages of this package. The window keeps the verdict page and the queue of
visits; this owns what happens between reading a file and the act on it. What may be done is decided on the
station; here it is only decided which page asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QWidget

from app.desktop import media
from app.desktop.desk import Desk
from app.desktop.later import later
from app.desktop.messages import MessageArea
from app.desktop.overview import Overview
from app.desktop.texts import t
from app.desktop.visit import Card
from app.desktop.visiting.arrivals import ArrivalStrip
from app.desktop.visiting.finding import find
from app.desktop.visiting.scanning import ScanCatcher
from app.desktop.visiting.watching import Arrival, Looker, MediaWatch
from app.election.model import PrecinctId, ProtocolKey
from app.station.completeness import Row
from app.station.course import Course
from app.station.differences import FieldDifference

if TYPE_CHECKING:
    from app.desktop.pages.verdict import VerdictPage
    from app.desktop.visiting.mending_page import Mend, MendingPage
    from app.desktop.visiting.precinct_page import PrecinctPage
    from app.desktop.visiting.retype_page import RetypePage, Typed
    from app.desktop.visiting.settlement import Settled, SettlementPage

#: Pages of this package on which something of the open visit is being done.
UNFINISHED = ("retype", "settlement", "mending")
#: Pages on which nothing unfinished is open, so that an offer of a medium may be shown.
_IDLE = ("welcome", "protocol", "result", "precinct")


class Window(Protocol):
    """What the flow needs of the main window."""

    desk: Desk
    messages: MessageArea
    overview: Overview

    @property
    def verdict(self) -> VerdictPage: ...
    @property
    def page(self) -> str: ...
    @property
    def page_changed(self) -> SignalInstance: ...
    def turn(self, page: QWidget) -> None: ...
    def add_page(self, page: QWidget) -> None: ...
    def open_files(self, paths: Sequence[Path]) -> None: ...
    def open_protocol(self, key: ProtocolKey) -> None: ...
    def choose_files(self) -> None: ...
    def act(self, name: str, reason: str = "", supervisor: str = "") -> None: ...


class VisitFlow(QObject):
    """Made once by the window `window`, which is also its parent; `inbox` is watched like a medium."""

    left = Signal()  # the precinct's page was put away
    type_wanted = Signal(object)  # ProtocolKey: its paper lies on the desk without a file

    def __init__(self, window: Window, parent: QWidget, inbox: Path | None) -> None:
        super().__init__(parent)
        self._window, self._parent, self._desk = window, parent, window.desk
        self._reference = reference = window.desk.station.reference
        self.strip = ArrivalStrip(reference, parent)
        self.scanner = ScanCatcher(parent)
        self.dialog: QDialog | None = None
        #: What was compared with the paper and is not shown as a verdict yet: (as shown, as compared).
        self._compared: tuple[Card, Card] | None = None
        #: The act that goes on, and its card, as soon as the signatures are answered.
        self._answering: tuple[str, Card] | None = None
        intake = window.desk.station.intake
        looker = Looker(
            lambda: [*media.removable(), *([inbox] if inbox else [])],
            lambda path: intake.read_file(path, passed_cases=False),
        )
        self.watch = MediaWatch(looker, self)
        self._connect()

    def close(self) -> bool:
        """True when nothing of it reads the station any more."""
        return self.watch.close()

    # --- the pages, each made when it is wanted ------------------------------------------------------

    @later
    def retype(self) -> RetypePage:
        from app.desktop.visiting.retype_page import RetypePage

        page = RetypePage(self._reference, self._parent)
        page.typed.connect(self._typed)
        page.left.connect(self._back)
        self._window.add_page(page)
        return page

    @later
    def settlement(self) -> SettlementPage:
        from app.desktop.visiting.settlement import SettlementPage

        page = SettlementPage(self._reference, self._parent)
        page.settled.connect(self._settled)
        page.refuse_wanted.connect(self._refuse_compared)
        page.left.connect(self._back)
        self._window.add_page(page)
        return page

    @later
    def mending(self) -> MendingPage:
        from app.desktop.visiting.mending_page import MendingPage

        page = MendingPage(self._reference, self._parent)
        page.mended.connect(self._mended)
        page.left.connect(self._back)
        self._window.add_page(page)
        return page

    @later
    def precinct(self) -> PrecinctPage:
        from app.desktop.visiting.precinct_page import PrecinctPage

        page = PrecinctPage(self._parent)
        page.open_wanted.connect(self._window.choose_files)
        page.show_wanted.connect(self._window.open_protocol)
        page.type_wanted.connect(self.type_wanted)
        page.left.connect(self.left)
        self._window.add_page(page)
        return page

    def parts(self) -> tuple[Callable[[], object], ...]:
        """What may be made ahead."""
        return (lambda: self.precinct, lambda: self.retype, lambda: self.mending, lambda: self.settlement)

    # --- from the window ---------------------------------------------------------------------------

    def take(self, name: str, card: Card) -> bool:
        """An act of the verdict page that this flow asks for; False for one that the window asks for."""
        match name:
            case "retype":
                self._ask_totals(card)
            case "mend":
                self._window.turn(self.mending)
                self.mending.show_card(card)
            case "refuse":
                self._ask_refusal(card)
            case "accept" | "hold" if card.offer.answers.signatures is None:
                self._ask_signatures(name, card)
            case _:
                return False
        return True

    def judged_again(self, before: Card, after: Card) -> None:
        """The verdict page shows `after` now; what was being asked about `before` is done."""
        self._compared = None
        if self._window.page in UNFINISHED:
            self._window.turn(self._window.verdict)
            self._window.verdict.rules.setFocus()
        (name, answered), self._answering = self._answering or ("", None), None
        if answered is before and name == "accept" and after.offer.can_accept:
            self._window.act("accept")
        elif answered is before and name == "hold" and after.offer.can_hold:
            self._window.verdict.act_wanted.emit("hold")

    def trouble(self) -> None:
        """Something was refused: let the clerk go on where it was asked."""
        self._answering = None
        flow = VisitFlow
        for page in (flow.retype.made_in(self), flow.settlement.made_in(self), flow.mending.made_in(self)):
            if page is not None and page.isVisible():
                page.set_busy(False)

    # --- the precinct ------------------------------------------------------------------------------

    @Slot(str)
    def scanned(self, code: str) -> None:
        """A scanner read a code: the precinct's page, whatever is shown, unless a visit is open."""
        found = find(code, self._reference, self._desk.station.config.transfer_point)
        if not found:
            self._window.messages.say("warning", t("precinct.unknown", code=code))
        elif found[0].transfer_point != self._desk.station.config.transfer_point:
            self._window.messages.say("warning", t("precinct.elsewhere", precinct=found[0].id))
        else:
            self.choose(found[0].id)

    def choose(self, precinct: PrecinctId) -> None:
        if self._window.page not in _IDLE:
            self._window.messages.say("info", t("visit.finish_entry"))
        else:
            self._desk.choose(precinct)

    def _chosen(self, rows: tuple[Row, ...]) -> None:
        if rows and self._window.page in _IDLE:
            self._window.overview.select(rows[0].key)
            self._window.turn(self.precinct)
            self.precinct.show_rows(rows)

    # --- media -------------------------------------------------------------------------------------

    def _arrived(self, arrivals: tuple[Arrival, ...]) -> None:
        self.strip.show_arrivals(arrivals)
        self._place_strip(self._window.page)
        typing = isinstance(self._parent.focusWidget(), QLineEdit | QPlainTextEdit)
        if self.strip.groups and self._window.page in ("welcome", "precinct") and not typing:
            self.strip.take_focus()

    @Slot(str)
    def _place_strip(self, page: str) -> None:
        """The offer of a medium waits while a protocol is open."""
        self.strip.setVisible(page in _IDLE and bool(self.strip.groups))

    def _taken(self, paths: tuple[Path, ...]) -> None:
        self.strip.hide()
        self._window.open_files(paths)

    # --- the paper ---------------------------------------------------------------------------------

    def _ask_totals(self, card: Card) -> None:
        fields = self._desk.station.retype.expected_fields(card.offer)
        self._compared = None
        self._window.turn(self.retype)
        self.retype.ask(card, fields)

    def _typed(self, typed: Typed) -> None:
        self._desk.retype(self._window.verdict.card, typed.values, typed.course)

    def _retyped(self, before: Card, after: Card, differing: tuple[FieldDifference, ...]) -> None:
        """Paper and file compared: done, asked again, or put side by side."""
        if not differing:
            self._window.messages.say("ok", t("retype.agreed"))
            self._desk.corrected.emit(before, after)
        elif not self.retype.asking_again:
            self.retype.ask_again([difference.field for difference in differing])
        else:
            self._compared = (before, after)
            self._window.turn(self.settlement)
            self.settlement.show_differences(after, differing)

    def _settled(self, settled: Settled) -> None:
        if self._compared is not None:
            before, after = self._compared
            self._desk.corrected.emit(before, after)
            self._compared = (after, after)  # if the station says no, the clerk tries again from here
            self._window.turn(self.settlement)
            self._desk.settle(after, settled.values, settled.reason)

    @Slot()
    def _refuse_compared(self) -> None:
        if self._compared is not None:
            self._desk.corrected.emit(*self._compared)
            self._ask_refusal(self._window.verdict.card)

    # --- signatures, mending, refusing ---------------------------------------------------------------

    def _ask_signatures(self, name: str, card: Card) -> None:
        from app.desktop.visiting.signatures import SignatureDialog

        dialog = SignatureDialog(
            self._window.verdict.title.text(), self._reference.election.calendar, self._parent
        )

        def given(course: Course) -> None:
            self._answering = (name, card)
            self._window.verdict.set_busy(True)
            self._desk.sign(self._window.verdict.cards, card, course)

        dialog.given.connect(given)
        self._show(dialog)

    def _mended(self, mend: Mend) -> None:
        self._desk.mend(self._window.verdict.card, mend.changes, mend.authorised, mend.reason)

    def _ask_refusal(self, card: Card) -> None:
        from app.desktop.visiting.refusing import RefuseDialog

        station = self._desk.station
        ends = station.reference.election.calendar.delivery_ends
        dialog = RefuseDialog(
            self._window.verdict.title.text(), card.offer.verdict, station.clock(), ends,
            station.config.refusal_minutes, self._parent,
        )  # fmt: skip

        def given(reason: str, deadline: object) -> None:
            self._window.verdict.set_busy(True)
            self._desk.refuse(card, reason, deadline)  # type: ignore[arg-type]

        dialog.given.connect(given)
        self._show(dialog)

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    @Slot()
    def _back(self) -> None:
        """From a page of this package to the verdict; what was typed there is dropped."""
        self._compared = None
        self._window.turn(self._window.verdict)
        self._window.verdict.rules.setFocus()

    # --- making ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk = self._desk
        self.scanner.scanned.connect(self.scanned)
        self.watch.changed.connect(self._arrived)
        self.watch.bug.connect(desk.bug)
        desk.rows.connect(self.watch.forget)
        desk.retyped.connect(self._retyped)
        desk.chosen.connect(self._chosen)
        self.strip.wanted.connect(self._taken)
        self._window.page_changed.connect(self._place_strip)
        QTimer.singleShot(0, self, self.watch.start)
