"""The gate before the desk: closed until somebody signs in, closed again by a key, by leaving, by idleness.

Behind the closed gate the desk stays exactly as it was: its widgets are hidden, not changed, its dialogs are
put away and come back, no key and no dropped file reaches it, and sending goes on. Whoever closed it finds
the cursor where it was; another person takes the station over with their own hands, so an open dialog of
the one before is dropped and a draft that is being typed stays stored as that person's, to be taken over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import shiboken6
from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget

from app.desktop.background import Operations
from app.desktop.later import later
from app.desktop.people.gate_frame import GateFrame
from app.desktop.people.hand_over import hand_over
from app.desktop.people.idle import Idle
from app.desktop.people.login_page import LoginPage
from app.desktop.people.place import Place
from app.desktop.people.user_menu import UserMenu
from app.desktop.texts import t
from app.election.errors import KnownError
from app.station.states import Role, User
from app.station.users.rows import Account

if TYPE_CHECKING:
    from app.desktop.people.first_page import FirstPage, NextPeoplePage, OwnPasswordPage
    from app.desktop.window import MainWindow

T = TypeVar("T")


class Gate(QObject):
    """One for a window that is opened for people. Emits `passed(user)` when somebody may work."""

    passed = Signal(object)
    closed = Signal()

    def __init__(self, window: MainWindow, clock: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._window, self._station = window, window.desk.station
        self._users = self._station.users
        self._work = Operations("people", self)
        self._shut, self._out = False, True
        self._before: User | None = None
        self._entering: Account | None = None
        self._focused: Place | None = None
        self._put_away: list[QDialog] = []
        election = self._station.reference.election
        self.frame = GateFrame(election.name, window.point_name(), election.mode, window)
        self.login = LoginPage(self._users.signing.wait, self.frame)
        self.frame.pages.addWidget(self.login)
        self._stack = QStackedWidget(window)
        body = window.takeCentralWidget()
        assert body is not None
        self._stack.addWidget(body)
        self._stack.addWidget(self.frame)
        window.setCentralWidget(self._stack)
        self.menu = UserMenu(window.header, self.lock, self.switch, self.change_password)
        self.idle = Idle(timedelta(minutes=self._station.config.lock_minutes), clock, self)
        self._connect()
        self._close_gate()

    # --- pages that few people see, each made when it is wanted ----------------------------------------

    @later
    def first(self) -> FirstPage:
        from app.desktop.people.first_page import FirstPage

        page = FirstPage(self.frame)
        page.given.connect(self._first_given)
        self.frame.pages.addWidget(page)
        return page

    @later
    def next_people(self) -> NextPeoplePage:
        from app.desktop.people.first_page import NextPeoplePage

        page = NextPeoplePage(self.frame)
        page.given.connect(self._next_given)
        page.finished.connect(self._people_made)
        self.frame.pages.addWidget(page)
        return page

    @later
    def own_password(self) -> OwnPasswordPage:
        from app.desktop.people.first_page import OwnPasswordPage

        page = OwnPasswordPage(self.frame)
        page.given.connect(self._own_password_given)
        page.left.connect(self._own_password_left)
        self.frame.pages.addWidget(page)
        return page

    # --- driving -------------------------------------------------------------------------------------

    @property
    def is_closed(self) -> bool:
        return self._shut

    @property
    def page(self) -> str:
        """login, first, next-people or own-password."""
        shown = self.frame.pages.currentWidget()
        return shown.objectName() if shown else ""

    def begin(self, chosen: str = "") -> None:
        """The program starts: the first supervisor is made, or somebody signs in."""
        trouble = self._users.delivery.trouble
        self.frame.banner.setVisible(trouble is not None)
        if trouble is not None:
            from app.desktop.people.first_page import told

            self.frame.banner.say("warning", "warning", t("login.delivery"), told(trouble))
        if self._users.accounts.needs_first:
            self._turn(self.first)
        else:
            self._ask(chosen, locked=False, text=t("login.text"))

    def enter(self, account: Account) -> None:
        """Let somebody in who has proved who they are."""
        self._came_in(account)

    @Slot()
    def lock(self) -> None:
        """Close the gate and keep the work; the same person or another opens it."""
        self._lock(idle=False)

    @Slot()
    def switch(self) -> None:
        """Whoever works leaves; the next person signs in."""
        if self._shut:
            return
        user = self._leave_work()
        self._out = True
        self._run(lambda: self._users.signing.sign_out(user), lambda _: None)
        self._ask("", locked=False, text=t("login.switched", name=user.name))

    @Slot()
    def change_password(self) -> None:
        """Whoever works chooses another password."""
        account = self._users.accounts.find(self._window.desk.user.name)
        if not self._shut and account is not None:
            self._leave_work()
            self._entering = account
            self.idle.begin()
            self._turn(self.own_password)
            self.own_password.ask(account)

    def close(self) -> bool:
        """The program ends: nobody is signed in any more."""
        user = self._window.desk.user
        if user.identity and not self._out:
            self._out = True
            self._users.signing.sign_out(user)
        self.idle.end()
        self._listen(False)
        return self._work.close(1.0)

    # --- closing -------------------------------------------------------------------------------------

    @Slot()
    def _nobody_here(self) -> None:
        """Nobody touched the desk, or left a page of the gate on which they had already signed in."""
        if not self._shut:
            self._lock(idle=True)
        elif self._entering is not None:
            name, self._entering = self._entering.name, None
            self.own_password.password.clear()
            self._ask(name, locked=False, text=t("login.text"))

    def _lock(self, idle: bool) -> None:
        if self._shut:
            return
        user = self._leave_work()
        self._run(lambda: self._users.signing.lock_screen(user, idle), lambda _: None)
        text = t("login.locked_idle" if idle else "login.locked", name=user.name)
        self._ask(user.name, locked=True, text=text)

    def _leave_work(self) -> User:
        """Remember where the person was, and close the gate."""
        self._before = self._window.desk.user
        focused = QApplication.focusWidget()
        self._focused = None if focused is None else Place.of(focused)
        self._put_away = [
            one
            for one in QApplication.topLevelWidgets()
            if isinstance(one, QDialog) and one.isVisible() and self._belongs(one)
        ]
        for dialog in self._put_away:
            dialog.hide()
        if self._put_away:
            self._window.activateWindow()
        self._window.entry.close()  # what stands under the cursor is stored under the right name
        self._close_gate()
        return self._before

    def _close_gate(self) -> None:
        self._shut = True
        self.idle.end()
        self._window.setAcceptDrops(False)
        self._window.visiting.scanner.blockSignals(True)
        self._stack.setCurrentWidget(self.frame)
        self._listen(True)
        self.closed.emit()

    def _ask(self, chosen: str, locked: bool, text: str) -> None:
        self._turn(self.login)
        self.login.ask(self._users.accounts.all(), chosen, locked, text)

    def _turn(self, page: QWidget) -> None:
        self.frame.pages.setCurrentWidget(page)
        page.setFocus()

    # --- opening -------------------------------------------------------------------------------------

    @Slot(str, str)
    def _attempt(self, login: str, password: str) -> None:
        signing, before = self._users.signing, self._before
        if before is not None and not self._out:
            self._run(lambda: signing.unlock(login, password, before), self._proved, self.login.refuse)
        else:
            self._run(lambda: signing.sign_in(login, password, before), self._proved, self.login.refuse)

    def _proved(self, account: Account) -> None:
        self.login.done()
        if account.temporary:
            self._entering = account
            self._turn(self.own_password)
            self.own_password.ask(account)
        else:
            self._came_in(account)

    @Slot(str)
    def _own_password_given(self, password: str) -> None:
        account = self._entering
        assert account is not None
        accounts = self._users.accounts

        def done(changed: Account) -> None:
            self.own_password.password.clear()
            self._came_in(changed)
            self._window.messages.say("ok", t("own_password.changed"))

        self._run(lambda: accounts.own_password(account.id, password), done, self.own_password.refuse)

    @Slot()
    def _own_password_left(self) -> None:
        """Without an own password nobody comes in; whoever was in goes back to work."""
        account, self._entering = self._entering, None
        self.own_password.password.clear()
        if account is not None and not account.temporary:
            self._came_in(account)
        else:
            self._ask("", locked=False, text=t("login.text"))

    @Slot(str, str, str)
    def _first_given(self, login: str, name: str, password: str) -> None:
        accounts, signing = self._users.accounts, self._users.signing

        def work() -> Account:
            accounts.make_first(login, name, password)
            return signing.sign_in(login, password)

        def done(account: Account) -> None:
            self.first.password.clear()
            self._entering = account
            self.next_people.begin(account.name)
            self._turn(self.next_people)
            self.idle.begin()

        self._run(work, done, self.first.refuse)

    @Slot(str, str, object, str)
    def _next_given(self, login: str, name: str, role: Role, password: str) -> None:
        assert self._entering is not None
        by, accounts = self._entering.user, self._users.accounts
        self._run(
            lambda: accounts.add(by, login, name, role, password),
            lambda account: self.next_people.took(account, password),
            self.next_people.refuse,
        )

    @Slot()
    def _people_made(self) -> None:
        if self._entering is not None:
            self._came_in(self._entering)

    def _came_in(self, account: Account) -> None:
        """Open the gate: for whoever closed it as it was, for another person with the hands changed."""
        before, self._before, self._entering = self._before, None, None
        same = before is not None and before.identity == account.user.identity
        self._shut, self._out = False, False
        self._listen(False)
        self._window.setAcceptDrops(True)
        self._window.visiting.scanner.blockSignals(False)
        self._stack.setCurrentIndex(0)
        dialogs, self._put_away = self._put_away, []
        if not same:
            for dialog in dialogs:
                dialog.reject()
        hand_over(self._window, account.user, before)
        if same:
            self._restore(dialogs)
        self.idle.begin()
        self.passed.emit(account.user)

    def _restore(self, dialogs: list[QDialog]) -> None:
        for dialog in dialogs:
            if shiboken6.isValid(dialog):
                dialog.open()
                dialog.activateWindow()
        if self._focused is not None:
            self._focused.restore()
        self._focused = None

    # --- inside --------------------------------------------------------------------------------------

    def _run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        refused: Callable[[KnownError], None] | None = None,
    ) -> None:
        def failed(error: BaseException) -> None:
            if isinstance(error, KnownError) and refused is not None:
                refused(error)
            elif isinstance(error, KnownError):
                self._window.show_trouble(error)
            else:
                self._window.show_bug(error)

        self._work.start(work, done, failed, self)

    def _connect(self) -> None:
        self.login.given.connect(self._attempt)
        self.idle.passed.connect(self._nobody_here)
        for keys, slot in (("Ctrl+L", self.lock), ("Ctrl+Shift+L", self.switch)):
            QShortcut(QKeySequence(keys), self._window, slot)
        self._window.installEventFilter(self)

    def _listen(self, closed: bool) -> None:
        """Stand before every shortcut of the application, only while the gate is closed."""
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        if closed:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Close and watched is self._window:
            self.close()
        elif kind is QEvent.Type.Shortcut and self._shut:
            owner = watched if isinstance(watched, QWidget) else watched.parent()
            return isinstance(owner, QWidget) and self._of_the_desk(owner)
        return False

    def _belongs(self, widget: QWidget | None) -> bool:
        """Whether a window was opened by the desk, however many others stand between."""
        while widget is not None and widget is not self._window:
            widget = widget.parentWidget()
        return widget is not None

    def _of_the_desk(self, owner: QWidget) -> bool:
        if owner is self._window:
            return True
        return owner.window() is self._window and not self.frame.isAncestorOf(owner)
