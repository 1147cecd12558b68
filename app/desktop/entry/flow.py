"""The way of one protocol through typing: from the list to the page, the second entry, the verdict.

It stands between the window and the pages of this package: what the station answers decides which page is
shown. The window keeps its own pages and only asks here for the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.desktop.desk import Desk
from app.desktop.entry.acts import Drafts, Opening, Stage
from app.desktop.forms import precinct_place
from app.desktop.header import HeaderBar
from app.desktop.later import later
from app.desktop.messages import MessageArea
from app.desktop.overview import Overview
from app.desktop.pages.welcome import WelcomePage
from app.desktop.texts import clock_time, t
from app.desktop.visit import Card
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.entry.drafts import Draft, DraftState
from app.station.entry.errors import EntryIncomplete
from app.station.permissions import Permission
from app.station.states import Role, User, identity

if TYPE_CHECKING:
    from app.desktop.entry.draft_list import DraftsPage
    from app.desktop.entry.page import EntryPage
    from app.desktop.entry.person import PersonDialog
    from app.desktop.entry.second import SecondPage
    from app.desktop.entry.settle import SettlePage
    from app.desktop.people.vouching import Check, VouchDialog
    from app.desktop.reasons import ReasonDialog
    from app.desktop.sections import Sections

#: Names of the pages of typing, which take the whole width.
PAGES: Final = ("entry", "settle", "second", "drafts")


class Window(Protocol):
    """What the flow needs of the main window."""

    desk: Desk
    header: HeaderBar
    messages: MessageArea
    overview: Overview
    sections: Sections
    welcome: WelcomePage

    @property
    def page(self) -> str: ...
    @property
    def page_changed(self) -> SignalInstance: ...
    def turn(self, page: QWidget) -> None: ...
    def add_page(self, page: QWidget) -> None: ...


class EntryFlow(QObject):
    """Owns the pages of typing; made once by the window `window`, which is also its parent."""

    def __init__(self, window: Window, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._parent = window, parent
        self.desk = window.desk.entry
        reference = window.desk.station.reference
        self._reference = reference
        self.dialog: ReasonDialog | PersonDialog | VouchDialog | None = None
        self._resume: Draft | None = None
        self._drafts: Drafts | None = None
        self._connect()
        self.desk.list()

    # --- the pages, each made when it is wanted ------------------------------------------------------

    @later
    def page(self) -> EntryPage:
        from app.desktop.entry.page import EntryPage

        page = EntryPage(self._reference, self.desk, self._parent)
        page.finish_wanted.connect(self._finish)
        page.discard_wanted.connect(self._discard)
        page.left.connect(self._leave)
        self._window.add_page(page)
        return page

    @later
    def settle(self) -> SettlePage:
        from app.desktop.entry.settle import SettlePage

        page = SettlePage(self._reference, self.desk, self._parent)
        page.other_wanted.connect(self._ask_other)
        page.supervisor_wanted.connect(self._ask_supervisor)
        page.left.connect(self._leave)
        self._window.add_page(page)
        return page

    @later
    def second(self) -> SecondPage:
        from app.desktop.entry.second import SecondPage

        page = SecondPage(self._reference, self._parent)
        page.second_wanted.connect(self._begin_second)
        page.again_wanted.connect(self._first_again)
        page.verdict_wanted.connect(self._first_verdict)
        page.left.connect(self._leave)
        self._window.add_page(page)
        return page

    @later
    def drafts(self) -> DraftsPage:
        from app.desktop.entry.draft_list import DraftsPage

        page = DraftsPage(self._reference, self._parent)
        page.chosen.connect(lambda draft: self.open(draft.key))
        page.discard_wanted.connect(self._ask_discard)
        page.restore_wanted.connect(self.desk.restore)
        page.left.connect(self._leave)
        self._window.add_page(page)
        if self._drafts is not None:
            page.show_drafts(self._drafts)
        return page

    def parts(self) -> tuple[Callable[[], object], ...]:
        """What may be made ahead."""
        return (lambda: self.page, lambda: self.second, lambda: self.settle, lambda: self.drafts)

    # --- from the window ---------------------------------------------------------------------------

    def open(self, key: ProtocolKey) -> None:
        """Type this protocol from its paper, or go on where its typing stands."""
        self._commit()
        self.desk.open(key)

    @Slot()
    def open_chosen(self) -> None:
        """Type the protocol on which the list's cursor stands."""
        key = self._window.overview.current_key
        if key is None:
            self._window.messages.say("info", t("entry.choose_first"))
            self._window.overview.search.setFocus()
        else:
            self.open(key)

    @Slot()
    def show_drafts(self) -> None:
        self._commit()
        self.desk.list()
        self._turn(self.drafts)
        self.drafts.list.setFocus()

    def close(self) -> None:
        """The window closes: the box under the cursor counts as left."""
        self._commit()

    def _commit(self) -> None:
        if page := EntryFlow.page.made_in(self):
            page.commit()

    def change_user(self, name: str, role: Role = Role.CLERK) -> None:
        """Another person sits down at the desk."""
        self._window.desk.user = User(name, role)
        self._window.header.show_user(name)
        self._window.sections.user_changed()

    # --- from the desk -----------------------------------------------------------------------------

    def _opened(self, opening: Opening) -> None:
        self._window.overview.select(opening.key)
        match opening.stage:
            case Stage.TYPING:
                assert opening.draft is not None
                assert opening.totals is not None
                self._turn(self.page)
                self.page.show_draft(opening.draft, opening.totals)
            case Stage.TAKEN:
                assert opening.draft is not None
                self._ask_take_over(opening.draft)
            case Stage.SECOND:
                self._turn(self.second)
                self.second.show_first(opening, self.desk.user)
            case Stage.DIFFERING:
                self._turn(self.settle)
                self.settle.show_fields(opening)
            case Stage.CLOSED:
                assert opening.offer is not None
                self._window.turn(self._window.welcome)
                self._window.desk.visits.emit([(Card(opening.offer),)])

    def _listed(self, drafts: Drafts) -> None:
        self._drafts = drafts
        if page := EntryFlow.drafts.made_in(self):
            page.show_drafts(drafts)
        mine = [d for d in drafts.living
                if d.state is DraftState.OPEN and identity(d.owner) == self.desk.user.identity]  # fmt: skip
        self._resume = max(mine, key=lambda draft: draft.saved_at, default=None)
        words = ""
        if self._resume is not None:
            place = precinct_place(self._resume.key.precinct, self._reference)
            words = t("welcome.resume", place=place)
        self._window.welcome.offer_resume(words, focus=self._window.page == "welcome")

    def _trouble(self, error: KnownError, about: str) -> None:
        if isinstance(error, EntryIncomplete) and self._window.page == "entry":
            self.page.lead_to_blank(error)
        else:
            self._window.desk.trouble.emit(error, about)

    # --- asking ------------------------------------------------------------------------------------

    def _ask_take_over(self, draft: Draft) -> None:
        place = precinct_place(draft.key.precinct, self._reference)
        about = t("entry.typed_by", place=place, user=draft.owner, time=clock_time(draft.saved_at))
        self._ask("take_over", about).given.connect(lambda reason, _: self.desk.take_over(draft, reason))

    def _ask_discard(self, draft: Draft) -> None:
        about = precinct_place(draft.key.precinct, self._reference)

        def discard(reason: str, _: str) -> None:
            self.desk.discard(draft, reason)
            self._window.messages.say("ok", t("entry.discarded", place=about))
            self.show_drafts()

        self._ask("discard_entry", about).given.connect(discard)

    @Slot()
    def _ask_supervisor(self) -> None:
        dialog = self._ask("supervisor_settles", self.settle.question.text(), self.settle.reader_name)
        dialog.given.connect(lambda reason, name: self.settle.let_read(User(name, Role.SUPERVISOR), reason))

    @Slot()
    def _ask_other(self) -> None:
        about, before = self.settle.question.text(), self.settle.reader_name
        vouching = self._window.desk.vouching
        if vouching is not None:
            check = vouching.for_act(Permission.TAKE_IN)
            self._vouch(about, before, check, lambda user: self.settle.let_read(User(user.name)))
            return
        from app.desktop.entry.person import PersonDialog

        dialog = PersonDialog(about, before, self._parent)
        dialog.given.connect(lambda name: self.settle.let_read(User(name)))
        self._show_dialog(dialog)

    def _vouch(
        self, about: str, not_this: str, check: Check, then: Callable[[User], None], name: str = ""
    ) -> None:
        from app.desktop.people.vouching import VouchDialog

        assert self._window.desk.vouching is not None
        dialog = VouchDialog(about, not_this, self._window.desk.vouching, check, self._parent, name)
        dialog.given.connect(then)
        self._show_dialog(dialog)

    def _ask(self, act: str, about: str, clerk: str | None = None) -> ReasonDialog:
        from app.desktop.reasons import ReasonDialog

        vouching = self._window.desk.vouching if clerk is not None else None
        dialog = ReasonDialog(act, about, self._parent, clerk, vouching)
        self._show_dialog(dialog)
        return dialog

    def _show_dialog(self, dialog: ReasonDialog | PersonDialog | VouchDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._dialog_closed)
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    # --- acts of the pages -------------------------------------------------------------------------

    @Slot()
    def _finish(self) -> None:
        if self.page.draft is not None:
            self.desk.finish(self.page.draft)

    @Slot()
    def _discard(self) -> None:
        if self.page.draft is not None:
            self._ask_discard(self.page.draft)

    @Slot(str)
    def _begin_second(self, name: str) -> None:
        draft, vouching = self.second.draft, self._window.desk.vouching
        if draft is None:
            return
        if vouching is None:
            self._second_by(User(name), draft)
        elif identity(name) == self.desk.user.identity:
            self.desk.begin_second(draft.key)  # whoever is signed in has proved it already
        else:
            check, about = vouching.for_desk(), self.second.title.text()
            self._vouch(about, draft.owner, check, lambda user: self._second_by(user, draft), name)

    def _second_by(self, user: User, draft: Draft) -> None:
        self.change_user(user.name, user.role)
        self.desk.begin_second(draft.key)

    @Slot()
    def _first_again(self) -> None:
        if self.second.draft is not None:
            self.desk.reopen(self.second.draft.key)

    @Slot()
    def _first_verdict(self) -> None:
        if self.second.draft is not None:
            self.desk.reading_as_offer(
                self.second.draft, lambda offer: self._window.desk.visits.emit([(Card(offer),)])
            )

    @Slot()
    def _resume_draft(self) -> None:
        if self._resume is not None:
            self.open(self._resume.key)

    @Slot()
    def _leave(self) -> None:
        self._commit()
        self.desk.list()
        self._window.turn(self._window.welcome)
        self._window.overview.view.setFocus()

    @Slot(str)
    def _page_changed(self, page: str) -> None:
        for shortcut in self._shortcuts:  # other pages have these keys for their own acts
            shortcut.setEnabled(page in ("welcome", "result"))

    # --- making ------------------------------------------------------------------------------------

    def _turn(self, page: QWidget) -> None:
        self._window.turn(page)

    def _connect(self) -> None:
        desk, window = self.desk, self._window
        desk.opened.connect(self._opened)
        desk.listed.connect(self._listed)
        desk.trouble.connect(self._trouble)
        desk.bug.connect(window.desk.bug)
        window.welcome.paper_wanted.connect(self.open_chosen)
        window.welcome.drafts_wanted.connect(self.show_drafts)
        window.welcome.resume_wanted.connect(self._resume_draft)
        self._shortcuts = (
            QShortcut(QKeySequence("F4"), self._parent, self.open_chosen),
            QShortcut(QKeySequence("F3"), self._parent, self.show_drafts),
        )
        window.page_changed.connect(self._page_changed)
