"""The main window: header, list of the point's protocols, and the page for what is being done.

It assembles widgets, routes signals between them and the desk, and keeps the queue of visits that were
dropped together. Whatever decides about a protocol is on the station.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QStackedWidget,
    QWidget,
)

from app.desktop import media, theme
from app.desktop.correcting.flow import CorrectionFlow
from app.desktop.desk import Desk
from app.desktop.entry.flow import EntryFlow
from app.desktop.forms import contest_name, place, precinct_place
from app.desktop.header import HeaderBar
from app.desktop.help.desk import HelpDesk
from app.desktop.later import Ahead
from app.desktop.layout import desk as desk_layout
from app.desktop.layout import stacked
from app.desktop.messages import MessageArea
from app.desktop.overview import Overview
from app.desktop.pages.welcome import WelcomePage
from app.desktop.quarantine_notice import QuarantineNotice
from app.desktop.sections import Sections
from app.desktop.states import STATES
from app.desktop.texts import date_time, t
from app.desktop.visit import Card, Outcome
from app.desktop.visiting.flow import UNFINISHED, VisitFlow
from app.desktop.window_pages import WindowPages
from app.election.errors import KnownError
from app.election.model import Protocol, ProtocolKey
from app.station.completeness import Row
from app.station.offers import Accepted, Offer

if TYPE_CHECKING:
    from app.desktop.crash import CrashDialog
    from app.desktop.reasons import ReasonDialog
    from app.documents.permit import Permit

#: State that the result page shows after each act.
_AFTER: Final = {"accept": "accepted", "approve": "accepted", "hold": "held", "refuse": "refused",
                 "send_back": "awaited"}  # fmt: skip


class MainWindow(WindowPages):
    """Drive it by `open_files`, `act` and `open_protocol`; `idle` comes when nothing is under way."""

    page_changed = Signal(str)

    def __init__(self, desk: Desk, clock: Callable[[], datetime], inbox: Path | None = None) -> None:
        super().__init__()
        self.desk, self._inbox = desk, inbox
        reference = desk.station.reference
        self._visits: list[tuple[Card, ...]] = []
        self._outcomes: dict[ProtocolKey, Outcome] = {}
        self.dialog: ReasonDialog | None = None
        self.file_dialog: QFileDialog | None = None
        self.crash: CrashDialog | None = None
        mode = t(f"mode.{reference.election.mode}")
        self.setWindowTitle(t("window.title", election=reference.election.name, mode=mode))
        self.setWindowIcon(theme.icon("prebirka", size=64))
        self.setAcceptDrops(True)
        self.setMinimumSize(880, 500)
        self.header = HeaderBar(
            reference.election.name, self.point_name(), reference.election.mode, desk.user.name, clock, self
        )
        self.overview = Overview(self)
        self.messages = MessageArea(self)
        self.welcome = WelcomePage(self)
        self.pages = QStackedWidget(self)
        self.help = HelpDesk(reference.election, self, self.messages.codes, lambda: self.page)
        self.add_page(self.welcome, "welcome")
        self.visiting = VisitFlow(self, self, inbox)
        self.sections = self._lay_out(clock)
        self._connect()
        self.entry = EntryFlow(self, self)
        self.visiting.type_wanted.connect(self.entry.open)
        self.correcting = CorrectionFlow(self, self)
        self.ahead = Ahead(self.parts(), self)

    # --- driving -----------------------------------------------------------------------------------

    def open_files(self, paths: Sequence[Path]) -> None:
        """Read files as if they had been dropped."""
        if paths:
            self.welcome.set_busy(", ".join(path.name for path in paths[:2]))
            self.desk.read(paths)

    def open_protocol(self, key: ProtocolKey) -> None:
        self.desk.open(key)

    def act(self, name: str, reason: str = "", supervisor: str = "") -> None:
        """Take an act on the shown card with the reason already given."""
        card = self.verdict.card
        self.verdict.set_busy(True)
        match name:
            case "accept":
                self.desk.accept(card)
            case "approve":
                self.desk.approve(card, supervisor, reason)
            case "hold":
                self.desk.hold(card, reason)
            case "refuse":
                self.desk.refuse(card, reason)
            case "send_back":
                self.desk.send_back(card, reason)
            case "correct":
                self.desk.correct(card, reason)

    @property
    def page(self) -> str:
        """welcome, verdict, protocol, result, or the name of a page that a part of the desk added."""
        shown = self.pages.currentWidget()
        return shown.objectName() if shown else ""

    # --- reading -----------------------------------------------------------------------------------

    @Slot()
    def choose_files(self) -> None:
        """Ask for files, beginning where a stick is or where files are waiting."""
        dialog = QFileDialog(self, t("open.title"), str(media.start_folder(self._inbox)))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([t("open.protocols"), t("open.all")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.open_files([Path(name) for name in names]))
        self.file_dialog = dialog
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.welcome.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.welcome.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.welcome.set_hot(False)
        event.acceptProposedAction()
        self.open_files([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _visits_read(self, visits: list[tuple[Card, ...]]) -> None:
        self.welcome.set_busy("")
        busy, new = self._is_busy, []
        for visit in visits:
            if busy and visit[0].offer.key.precinct == self.verdict.card.offer.key.precinct:
                self.desk.join(self.verdict.cards, visit)
            else:
                new.append(visit)
        self._visits.extend(new)
        visits = new
        if visits and not busy:
            self._show_visit()
        elif visits:
            shown = self.verdict.tabs.currentIndex()
            self.verdict.show_cards(self.verdict.cards, shown, len(self._visits) - 1, self._done)

    def _joined(self, cards: tuple[Card, ...]) -> None:
        """The commission's other protocol came: it becomes a tab of the visit that is open."""
        if self._is_busy and cards[0].offer.key.precinct == self.verdict.card.offer.key.precinct:
            self._visits[0] = cards
            done = self._done
            current = next((i for i, card in enumerate(cards) if card.offer.key not in done), 0)
            self.verdict.show_cards(cards, current, len(self._visits) - 1, done)

    def _permitted(self, permit: Permit) -> None:
        """The centre permits a late acceptance: told, and an open visit is judged again by it."""
        until, reference = date_time(permit.valid_until), self.desk.station.reference
        where = f"{precinct_place(permit.key.precinct, reference)} · {contest_name(permit.key.contest)}"
        self.welcome.set_busy("")
        self.messages.say("ok", t("permit.taken", number=permit.number, place=where, time=until))
        if self._is_busy and permit.key in [card.offer.key for card in self.verdict.cards]:
            self.desk.join(self.verdict.cards, ())

    @property
    def _is_busy(self) -> bool:
        """Whether a visit is open that was not finished."""
        return bool(self._visits) and self.page in ("verdict", *UNFINISHED)

    @property
    def _done(self) -> dict[ProtocolKey, str]:
        """Protocols of the open visit that were acted on, and the states that they reached."""
        return {key: _AFTER[one.act] for key, one in self._outcomes.items()}

    def _show_visit(self) -> None:
        self._outcomes = {}
        self.verdict.show_cards(self._visits[0], waiting=len(self._visits) - 1)
        self._turn(self.verdict)
        self.overview.select(self._visits[0][0].offer.key)

    # --- acts --------------------------------------------------------------------------------------

    @Slot(str)
    def _act_wanted(self, name: str) -> None:
        """A button of the verdict page: at once, or after the reason that it needs."""
        card = self.verdict.card
        if self.visiting.take(name, card):
            return
        if name == "accept":
            self.act(name)
            return
        clerk = (card.held.entered_by if card.held else self.desk.user.name) if name == "approve" else None
        from app.desktop.reasons import ReasonDialog

        vouching = self.desk.vouching if clerk is not None else None
        dialog = ReasonDialog(name, self.verdict.title.text(), self, clerk, vouching)
        dialog.given.connect(lambda reason, who: self.act(name, reason, who))
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    def _acted(self, outcome: Outcome) -> None:
        self._outcomes[outcome.card.offer.key] = outcome
        if outcome.accepted and outcome.protocol:
            self.documents.transcript(outcome.accepted.key, outcome.accepted.revision)
        cards = self.verdict.cards
        left = [i for i, card in enumerate(cards) if card.offer.key not in self._outcomes]
        if left:
            self.verdict.show_cards(cards, left[0], max(0, len(self._visits) - 1), self._done)
            self._turn(self.verdict)
            return
        if self._visits and self._visits[0][0].offer.key.precinct == cards[0].offer.key.precinct:
            self._visits.pop(0)
        self._show_result()

    def _show_result(self) -> None:
        from app.desktop.pages.result import Done

        outcomes = list(self._outcomes.values())
        reading = outcomes[0].card.offer.reading
        done = []
        for outcome in outcomes:
            look = STATES[_AFTER[outcome.act]]
            paper = "transcript" if outcome.accepted else "refusal" if outcome.act == "refuse" else ""
            key = outcome.card.offer.key
            done.append(Done(key, contest_name(key.contest), look.icon, look.ink, self._told(outcome), paper))
        self.result.show_done(place(reading, self.desk.station.reference), done, len(self._visits))
        self.result.show_states(self.overview.table.rows)
        self._turn(self.result)
        self.result.next_button.setFocus()

    @staticmethod
    def _told(outcome: Outcome) -> str:
        if outcome.accepted:
            return t("result.one_accepted", revision=outcome.accepted.revision)
        return t(f"result.one_{outcome.act}")

    def _corrected(self, before: Card, after: Card) -> None:
        cards = tuple(after if card is before else card for card in self.verdict.cards)
        if self._visits:
            self._visits[0] = cards
        self.verdict.show_cards(cards, cards.index(after), max(0, len(self._visits) - 1), self._done)
        self.visiting.judged_again(before, after)

    @Slot()
    def _next(self) -> None:
        """From the result: the next visit that waits, or choose a file."""
        if self._visits:
            self._show_visit()
        else:
            self._turn(self.welcome)
            self.choose_files()

    @Slot()
    def _leave(self) -> None:
        """Put the page away; nothing that was read is stored by that."""
        if self.page == "verdict" and self._visits:
            self._visits.pop(0)
        if self._visits:
            self._show_visit()
        else:
            self._turn(self.welcome)
            self.overview.view.setFocus()

    # --- looking up --------------------------------------------------------------------------------

    def _opened(self, row: Row, current: tuple[Accepted, Protocol] | None) -> None:
        if self._is_busy:
            self.messages.say("info", t("protocol.finish_first"))
            return
        self.overview.select(row.key)
        self.protocol.show_row(row, current)
        self.correcting.show_row(row)
        self._turn(self.protocol)

    def _held_opened(self, card: Card) -> None:
        if self._is_busy:
            self.messages.say("info", t("protocol.finish_first"))
            return
        self._outcomes = {}
        self.overview.select(card.offer.key)
        self.verdict.show_cards((card,))
        self._turn(self.verdict)

    def _known(self, key: ProtocolKey) -> None:
        """The very protocol is accepted: show it, unless another is open."""
        self.overview.select(key)
        if self.page in ("welcome", "protocol", "result", "precinct"):
            self.open_protocol(key)

    def _held_before(self, offer: Offer) -> None:
        told = t("verdict.is_held", place=place(offer.reading, self.desk.station.reference))
        self.messages.say("warning", told, t("message.to_do", text=t("verdict.is_held_to_do")))

    # --- troubles ----------------------------------------------------------------------------------

    def show_trouble(self, error: KnownError, about: str = "") -> None:
        """A known trouble, in the message area."""
        self.visiting.trouble()
        self.welcome.set_busy("")
        self.messages.show_error(error, about)
        self._let_act_again()

    def show_bug(self, error: BaseException) -> None:
        """A bug: one dialog with details to copy; the program goes on."""
        self.visiting.trouble()
        self.welcome.set_busy("")
        self._let_act_again()
        from app.desktop.crash import CrashDialog

        if self.crash is None:
            self.crash = CrashDialog(error, self)
            self.crash.finished.connect(self._crash_closed)
            self.crash.open()
        else:
            self.crash.also(error)

    def _let_act_again(self) -> None:
        """An act came to nothing: the page that it was taken on, if there is one, offers it anew."""
        if verdict := MainWindow.verdict.made_in(self):
            verdict.set_busy(False)

    @Slot()
    def _crash_closed(self) -> None:
        self.crash = None

    @Slot(Qt.ColorScheme)
    def change_scheme(self, scheme: Qt.ColorScheme) -> None:
        """Follow the system from light to dark and back."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, scheme is Qt.ColorScheme.Dark)
            self.help.forget_looks()
            self.overview.table.forget_looks()
            self.sections.forget_looks()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Bounded; a transaction under way is waited for, anything else was not stored and is not lost."""
        self.ahead.stop()
        self.help.close()
        self.entry.close()
        documents = MainWindow.documents.made_in(self)
        ended = [self.visiting.close(), self.correcting.close(), self.sections.close_work(1.0)]
        ended += [not documents or documents.close()]
        self.desk.close(all(ended))
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ahead.start()

    # --- making ------------------------------------------------------------------------------------

    def turn(self, page: QWidget) -> None:
        """Show a page; also one that a part of the desk added."""
        self._turn(page)

    def _turn(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self.page_changed.emit(self.page)

    def _lay_out(self, clock: Callable[[], datetime]) -> Sections:
        desk = desk_layout(self, self.overview, (self.visiting.strip,), self.pages)
        sections = Sections(
            self.desk.station,
            lambda: self.desk.user,
            clock,
            self.messages,
            lambda: self.documents,
            desk,
            self,
        )
        self.setCentralWidget(stacked(self, self.header, sections))
        self.resize(1366, 768)
        return sections

    def _connect(self) -> None:
        desk = self.desk
        desk.visits.connect(self._visits_read)
        desk.trouble.connect(self.show_trouble)
        desk.bug.connect(self.show_bug)
        desk.known.connect(self._known)
        desk.joined.connect(self._joined)
        desk.permitted.connect(self._permitted)
        self.visiting.left.connect(self._leave)
        self.act_wanted.connect(self._act_wanted)
        self.put_away.connect(self._leave)
        self.next_wanted.connect(self._next)
        self.overview.precinct_chosen.connect(self.visiting.choose)
        desk.held_before.connect(self._held_before)
        desk.done.connect(self._acted)
        desk.corrected.connect(self._corrected)
        desk.opened.connect(self._opened)
        desk.held_opened.connect(self._held_opened)
        desk.rows.connect(self.overview.set_rows)
        desk.connection.connect(self.header.show_connection)
        desk.connection.connect(QuarantineNotice(self.messages, self).show)
        self.header.help_button.clicked.connect(self.help.ask)
        self.messages.help_wanted.connect(lambda code: self.help.show(f"code:{code}"))
        self.sections.trouble.connect(self.show_trouble)
        self.sections.bug.connect(self.show_bug)
        self.sections.protocol_wanted.connect(self.open_protocol)
        self.header.open_button.clicked.connect(self.choose_files)
        self.welcome.open_wanted.connect(self.choose_files)
        self.overview.chosen.connect(self.open_protocol)
        for keys, slot in (
            ("F2", self._open_key),
            ("Ctrl+F", self._search_key),
            ("Escape", self._escape_key),
        ):
            QShortcut(QKeySequence(keys), self, slot)

    @Slot()
    def _open_key(self) -> None:
        self.sections.turn("desk")
        if self.page == "result":
            self._next()
        else:
            self.choose_files()

    @Slot()
    def _search_key(self) -> None:
        if self.sections.search():
            return
        self.overview.search.setFocus()
        self.overview.search.selectAll()

    @Slot()
    def _escape_key(self) -> None:
        """Put the newest message away, then the page that holds nothing unfinished."""
        if self.messages.dismiss_newest() or self.sections.current != "desk":
            return
        if self.page in ("protocol", "result", "precinct"):
            self._turn(self.welcome)
