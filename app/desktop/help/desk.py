"""Brings F1 and the handbook together: read in the background, opened beside the window that asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop import texts
from app.desktop.background import Operations
from app.desktop.texts import t
from app.election.reference import ElectionInfo

if TYPE_CHECKING:
    from app.desktop.help.window import HelpWindow
    from app.station.handbook import Handbook

#: Milliseconds after the start: the window is painted first, then the handbook is read.
_AFTER_START_MS: Final = 700
#: Property of a window in which F1 already works.
_LISTENS: Final = "listensToF1"


class HelpDesk(QObject):
    """One a main window. `codes` tells the codes of the shown messages, `page` the name of the page."""

    def __init__(
        self,
        election: ElectionInfo,
        window: QWidget,
        codes: Callable[[], Sequence[str]],
        page: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._election, self._window = election, window
        self._codes, self._page = codes, page
        self._work = Operations("handbook", self)
        self._handbook: Handbook | None = None
        self._asked: QWidget | None = None
        self.window: HelpWindow | None = None
        self.listen(window)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusWindowChanged.connect(self._window_came)
        QTimer.singleShot(_AFTER_START_MS, self, self.warm)

    def listen(self, window: QWidget) -> None:
        """Let F1 in this window (a dialog too) open the handbook."""
        window.setProperty(_LISTENS, True)
        QShortcut(QKeySequence("F1"), window, self.ask)

    @Slot()
    def warm(self) -> None:
        """Read the handbook and its index in the background."""
        if self._handbook is None:
            self._work.start(self._read, self._warmed, lambda _: None, self)

    @Slot()
    def ask(self) -> None:
        """F1: what the clerk is at."""
        from app.desktop.help.subject import subject

        focused = QApplication.focusWidget()
        self.show(subject(focused, self._codes(), self._page()))

    def show(self, about: str) -> None:
        """Open the handbook at a subject, such as `code:DOC-03`."""
        window = self._beside()
        window.show_subject(about)
        window.show()
        window.activateWindow()

    def forget_looks(self) -> None:
        if self.window is not None:
            self.window.forget_looks()

    def close(self, patience: float = 0.2) -> bool:
        if self.window is not None:
            self.window.close()
        return self._work.close(patience)

    @Slot()
    def _window_came(self) -> None:
        """A dialog of ours came up: F1 works there too, though the main window's keys do not."""
        active = QApplication.activeWindow()
        if active is None or active.property(_LISTENS) or active is self.window:
            return
        parent: QWidget | None = active
        while parent is not None and parent is not self._window:
            parent = parent.parentWidget()
        if parent is not None:
            self.listen(active)

    def _read(self) -> Handbook:
        from app.station.handbook import Handbook

        handbook = Handbook(self._election, texts.language())
        handbook.search("okrsek")  # the index is made by the first question
        return handbook

    def _warmed(self, handbook: Handbook) -> None:
        self._handbook = self._handbook or handbook

    def _beside(self) -> HelpWindow:
        """The handbook's window, a child of the window that asks: a modal dialog would shut it out else."""
        asking = QApplication.activeWindow() or self._window
        if self.window is not None and asking is self.window:
            return self.window
        self._asked = QApplication.focusWidget()
        if self.window is not None:
            if self.window.parentWidget() is asking:
                return self.window
            self.window.reject()
        if self._handbook is None:
            self._handbook = self._read()
        from app.desktop.help.window import HelpWindow

        mode = t(f"mode.{self._election.mode}")
        made = HelpWindow(self._handbook, mode, asking)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.finished.connect(self._closed)
        self.window = made
        return made

    @Slot()
    def _closed(self) -> None:
        """Whoever asked has the focus again."""
        self.window = None
        asked, self._asked = self._asked, None
        if asked is not None and shiboken6.isValid(asked) and asked.isVisible():
            asked.window().activateWindow()
            asked.setFocus(Qt.FocusReason.OtherFocusReason)
