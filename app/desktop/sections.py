"""The places of the window beside the desk: one bar to turn between them, each made when first wanted.

A section is a page for the whole body of the window (completeness, approvals, journal…). Who may enter it
is a line of the permission table; a person with nothing but the desk sees no bar. A page lives as long as
the window and hears every change of the station on the main thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.background import Operations
from app.desktop.messages import MessageArea
from app.desktop.texts import t
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.changes import Change
from app.station.permissions import Permission, may
from app.station.states import User
from app.station.station import Station

if TYPE_CHECKING:
    from app.desktop.printing.documents import Documents

T = TypeVar("T")


class SectionHost(Protocol):
    """What a section's page may use of the window."""

    station: Station
    messages: MessageArea
    clock: Callable[[], datetime]

    @property
    def documents(self) -> Documents: ...

    @property
    def user(self) -> User:
        """Who is signed in now."""
        ...

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        context: QWidget,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run `work` off the main thread, then `done` on it while `context` lives. Without `failed` a
        trouble is told in the message area."""
        ...

    def open_protocol(self, key: ProtocolKey) -> None:
        """Turn to the desk and show one protocol."""
        ...

    def count(self, section: str, waiting: int) -> None:
        """Show beside a section's name how many things wait there; 0 shows none."""
        ...


@runtime_checkable
class Shown(Protocol):
    """A page that wants to know when it is turned to."""

    def shown(self) -> None: ...


@runtime_checkable
class Hearing(Protocol):
    """A page that wants to hear what changed at the station."""

    def changed(self, change: Change) -> None: ...


@runtime_checkable
class Searching(Protocol):
    """A page with a place to search from: Ctrl+F goes there."""

    def search_here(self) -> None: ...


@runtime_checkable
class Dressed(Protocol):
    """A page that keeps what it painted: told of a change from light to dark."""

    def forget_looks(self) -> None: ...


class Watch(Hearing, Protocol):
    """Hears of the station whatever place is shown, from when the window stands."""

    def user_changed(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Section:
    """One place. Its words are `section.<name>` and `section_help.<name>`; the desk has no `make`. A
    `watch` lives from the start, for a place that calls people to itself."""

    name: str
    icon: str
    keys: str
    permission: Permission | None = None
    make: Callable[[SectionHost], QWidget] | None = None
    watch: Callable[[SectionHost], Watch] | None = None


def _approvals(host: SectionHost) -> QWidget:
    from app.desktop.approving.page import ApprovalsPage

    return ApprovalsPage(host)


def _approvals_watch(host: SectionHost) -> Watch:
    from app.desktop.approving.watch import ApprovalsWatch

    return ApprovalsWatch(host)


def _completeness(host: SectionHost) -> QWidget:
    from app.desktop.overseeing.page import CompletenessPage

    return CompletenessPage(host)


def _point(host: SectionHost) -> QWidget:
    from app.desktop.point.page import PointPage

    return PointPage(host)


def _point_watch(host: SectionHost) -> Watch:
    from app.desktop.point.watch import PointWatch

    return PointWatch(host)


def _users(host: SectionHost) -> QWidget:
    from app.desktop.people.users_page import UsersPage

    return UsersPage(host)


def _journal(host: SectionHost) -> QWidget:
    from app.desktop.journal.page import JournalPage

    return JournalPage(host)


def _closing(host: SectionHost) -> QWidget:
    from app.desktop.closing.page import ClosingPage

    return ClosingPage(host)


def _closing_watch(host: SectionHost) -> Watch:
    from app.desktop.closing.watch import ClosingWatch

    return ClosingWatch(host)


def _connection(host: SectionHost) -> QWidget:
    from app.desktop.line.page import LinePage

    return LinePage(host)


def _readiness(host: SectionHost) -> QWidget:
    from app.desktop.readiness.page import ReadinessPage

    return ReadinessPage(host)


#: In the order of the bar. A `make` imports its page when it is called: the start does not wait for it.
SECTIONS: Final[tuple[Section, ...]] = (
    Section("desk", "drop", "Ctrl+1"),
    Section("completeness", "completeness", "Ctrl+2", Permission.SEE_POINT, _completeness),
    Section("approvals", "approved", "Ctrl+3", Permission.APPROVE, _approvals, _approvals_watch),
    Section("point", "point", "Ctrl+5", Permission.SEE_POINT, _point, _point_watch),
    Section("journal", "journal", "Ctrl+6", Permission.SEE_JOURNAL, _journal),
    Section("closing", "closing", "Ctrl+7", Permission.BACKUP, _closing, _closing_watch),
    Section("users", "users", "Ctrl+8", Permission.SEE_USERS, _users),
    Section("connection", "connected", "Ctrl+9", Permission.CHECK_LINE, _connection),
    Section("readiness", "checked", "Ctrl+0", Permission.CHECK_READINESS, _readiness),
)


#: Pixels: beside the bar's first and last button, between two, and what an icon with its gap takes.
_MARGIN, _GAP, _ICON = 12, 4, 20


class SectionBar(QFrame):
    """A button for each section that the person may enter; hidden when there is only one. Where the words
    and the icons have no room beside each other (a small screen at 150 %), the words stand alone."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sections")
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, QPushButton] = {}
        self._counts: dict[str, int] = {}
        self._with_icons = True
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 4, _MARGIN, 0)
        row.setSpacing(_GAP)
        for section in SECTIONS:
            button = QPushButton(self)
            button.setObjectName("sectionButton")
            button.setCheckable(True)
            button.setToolTip(f"{t(f'section_help.{section.name}')} ({section.keys})")
            button.clicked.connect(lambda _checked=False, name=section.name: self.wanted.emit(name))
            self._group.addButton(button)
            self.buttons[section.name] = button
            row.addWidget(button)
        row.addStretch(1)
        self._draw()
        for section in SECTIONS:
            self.count(section.name, 0)

    def allow(self, names: frozenset[str]) -> None:
        for name, button in self.buttons.items():
            button.setVisible(name in names)
        self.setVisible(len(names) > 1)
        self._fit()

    def mark(self, name: str) -> None:
        self.buttons[name].setChecked(True)

    def count(self, name: str, waiting: int) -> None:
        self._counts[name] = waiting
        words = t(f"section.{name}")
        self.buttons[name].setText(f" {words} ({waiting})" if waiting else f" {words}")
        self.buttons[name].setAccessibleName(
            t("section.waiting", name=words, count=waiting) if waiting else words
        )
        self._fit()

    def forget_looks(self) -> None:
        """After a change from light to dark."""
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Icons where there is room for them too."""
        shown = [button for button in self.buttons.values() if not button.isHidden()]
        room = self.width() - 2 * _MARGIN - _GAP * len(shown)
        words = sum(button.sizeHint().width() for button in shown)
        if self._with_icons:
            words -= _ICON * len(shown)
        fits = words + _ICON * len(shown) <= room
        if fits is not self._with_icons and self.width() > 0:
            self._with_icons = fits
            self._draw()

    def _draw(self) -> None:
        for section in SECTIONS:
            button = self.buttons[section.name]
            button.setIcon(theme.icon(section.icon) if self._with_icons else QIcon())


class Sections(QWidget):
    """The body of the window: the bar and one place at a time. Is the `SectionHost` of the pages."""

    turned = Signal(str)
    trouble = Signal(object, str)
    bug = Signal(object)
    protocol_wanted = Signal(object)
    _told = Signal(object)

    def __init__(
        self,
        station: Station,
        user: Callable[[], User],
        clock: Callable[[], datetime],
        messages: MessageArea,
        documents: Callable[[], Documents],
        desk: QWidget,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.station, self.clock, self.messages = station, clock, messages
        self._user, self._documents = user, documents
        self._work = Operations("sections", self)
        self.bar = SectionBar(self)
        self._places = QStackedWidget(self)
        self._pages: dict[str, QWidget] = {"desk": desk}
        self._places.addWidget(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(messages)
        column.addWidget(self._places, 1)
        self.current = "desk"
        self.bar.wanted.connect(self.turn)
        for section in SECTIONS:
            shortcut = QShortcut(QKeySequence(section.keys), parent)
            shortcut.activated.connect(lambda name=section.name: self.turn(name))
        # Changes come on whatever thread made them.
        self._told.connect(self._change_came, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = station.subscribe(self._told.emit)
        self._watches = [section.watch(self) for section in SECTIONS if section.watch is not None]
        self.user_changed()

    @property
    def user(self) -> User:
        return self._user()

    @property
    def documents(self) -> Documents:
        return self._documents()

    @property
    def busy(self) -> bool:
        """Whether a page waits for work that is done off the main thread."""
        return self._work.busy

    def page(self, name: str) -> QWidget | None:
        """A section's page; None while nobody has wanted it."""
        return self._pages.get(name)

    @Slot(str)
    def turn(self, name: str) -> None:
        """Show a section, if the person may enter it."""
        section = next(one for one in SECTIONS if one.name == name)
        if not self._open_to(section):
            return
        page = self._pages.get(name)
        if page is None:
            assert section.make is not None
            page = self._pages[name] = section.make(self)
            self._places.addWidget(page)
        self.current = name
        self._places.setCurrentWidget(page)
        self.bar.mark(name)
        if isinstance(page, Shown):
            page.shown()
        self.turned.emit(name)

    def user_changed(self) -> None:
        """Another person is signed in: show what is theirs; a place that is not is left for the desk."""
        allowed = frozenset(section.name for section in SECTIONS if self._open_to(section))
        self.bar.allow(allowed)
        self.turn(self.current if self.current in allowed else "desk")
        for watch in self._watches:
            watch.user_changed()

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        context: QWidget,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._work.start(work, done, failed or self._failed, context)

    def search(self) -> bool:
        """Go to where the shown place is searched; False on the desk, whose list is not of here."""
        page = self._pages[self.current]
        if self.current != "desk" and isinstance(page, Searching):
            page.search_here()
        return self.current != "desk"

    def open_protocol(self, key: ProtocolKey) -> None:
        self.turn("desk")
        self.protocol_wanted.emit(key)

    def count(self, section: str, waiting: int) -> None:
        self.bar.count(section, waiting)

    def forget_looks(self) -> None:
        self.bar.forget_looks()
        for page in self._pages.values():
            if isinstance(page, Dressed):
                page.forget_looks()

    def close_work(self, patience: float) -> bool:
        """End all work of the pages; True when it ended in time."""
        self._unsubscribe()
        return self._work.close(patience)

    def _open_to(self, section: Section) -> bool:
        return section.permission is None or may(self.user.role, section.permission)

    @Slot(object)
    def _change_came(self, change: Change) -> None:
        for listener in (*self._watches, *self._pages.values()):
            if isinstance(listener, Hearing):
                listener.changed(change)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.trouble.emit(error, "")
        else:
            self.bug.emit(error)
