"""Opening the desk: the Qt application, its language and looks, the station, the window, and their end.

`run_desk` is what the command and the demo call; `open_desk` makes the window without running it, for
whoever drives it. This is an entry, so the clock of the world comes in here.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app import heap
from app.desktop import texts, theme
from app.desktop.sweeping import unswept
from app.desktop.texts import t
from app.election.errors import KnownError

if TYPE_CHECKING:
    from app.desktop.desk import Desk
    from app.desktop.window import MainWindow
    from app.station.sending import Transport

log = logging.getLogger(__name__)
_translators: list[QTranslator] = []


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk with its window; `close` ends both within a bounded time."""

    desk: Desk
    window: MainWindow

    def close(self) -> None:
        self.window.close()
        self.desk.close()


def system_clock() -> datetime:
    return datetime.now(UTC)


def prepare(application: QApplication, language: str = "cs") -> None:
    """Language, standard buttons, looks. Once per process before the first window."""
    texts.use(language)
    if language == "cs":
        QLocale.setDefault(QLocale(QLocale.Language.Czech, QLocale.Country.CzechRepublic))
        translator = QTranslator(application)
        if translator.load("qtbase_cs", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(translator)
            _translators.append(translator)
    application.setApplicationName("prebirka")
    application.setApplicationDisplayName("Přebírka")
    theme.apply(application, theme.system_is_dark())


def open_desk(
    folder: Path,
    user: str,
    inbox: Path | None = None,
    clock: Callable[[], datetime] = system_clock,
    transport: Transport | None = None,
    sending: bool = True,
) -> OpenDesk:
    """Open the station in `folder` and make its window, not shown yet. Raises KnownError.

    `inbox` is where choosing a file begins; `transport` replaces the HTTP line to the centre.
    """
    from app.desktop.desk import Desk
    from app.desktop.window import MainWindow
    from app.station.states import Role, User
    from app.station.station import Station

    station = Station.open(folder, clock)
    try:
        desk = Desk(station, User(user, Role.CLERK), transport)
        window = MainWindow(desk, clock, inbox)
        desk.start(sending)
    except BaseException:
        station.close()
        raise
    return OpenDesk(desk, window)


def run_desk(
    folder: Path,
    user: str,
    inbox: Path | None = None,
    language: str = "cs",
    clock: Callable[[], datetime] = system_clock,
    drive: Callable[[OpenDesk], None] | None = None,
) -> int:
    """Run the desk until its window is closed; the exit status. `drive` is called once it is shown."""
    with unswept() as started:
        return _run(folder, user, inbox, language, clock, drive, started)


def _run(
    folder: Path,
    user: str,
    inbox: Path | None,
    language: str,
    clock: Callable[[], datetime],
    drive: Callable[[OpenDesk], None] | None,
    started: Callable[[], None],
) -> int:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    prepare(application, language)
    try:
        opened = open_desk(folder, user, inbox, clock)
    except KnownError as error:
        log.info("the desk could not be opened: %s", error)
        QMessageBox.critical(
            None, t("window.cannot_open"), f"{error.cs if language == 'cs' else error.en}\n\n{error.code}"
        )
        return 2
    from app.desktop.crash import install_hook

    undo = install_hook(opened.window.show_bug)
    QGuiApplication.styleHints().colorSchemeChanged.connect(opened.window.change_scheme)
    forget_signals = _let_python_hear_signals(opened.window)
    opened.window.ahead.done.connect(started)
    opened.window.show()
    heap.keep_for_good()
    if drive is not None:
        QTimer.singleShot(0, opened.window, lambda: drive(opened))
    try:
        return application.exec()
    finally:
        forget_signals()
        undo()
        opened.close()


def _let_python_hear_signals(window: MainWindow) -> Callable[[], None]:
    """Ctrl+C and a polite kill close the window as its cross does; the returned function undoes it.

    Python must run now and then to hear them, hence the timer.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: window.close())
    timer = QTimer(window)
    timer.timeout.connect(lambda: None)
    timer.start(250)

    def undo() -> None:
        timer.stop()
        for number, handler in before.items():
            signal.signal(number, handler)

    return undo
