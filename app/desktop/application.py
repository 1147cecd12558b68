"""Opening the desk: the Qt application, its language and looks, the station, the window, and their end.

`run_desk` is what the command and the demo call: people sign in there. `open_desk` makes the window without
running it, for a program that drives it and says itself who it is; `open_for_people` makes it with its gate.
This is an entry, so the clock of the world comes in here.
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

from PySide6.QtCore import QEventLoop, QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.desktop import texts, theme
from app.desktop.sweeping import unswept
from app.desktop.texts import t
from app.election.errors import KnownError
from app.station.config import CONFIG_FILE
from app.station.setting_up import PACKAGE_FILE

if TYPE_CHECKING:
    from app.desktop.desk import Desk
    from app.desktop.people.gate import Gate
    from app.desktop.window import MainWindow
    from app.station.sending import Transport
    from app.trust.passwords import Passwords

log = logging.getLogger(__name__)
_translators: list[QTranslator] = []


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk with its window, and the gate before it where people sign in; `close` ends all within a
    bounded time."""

    desk: Desk
    window: MainWindow
    gate: Gate | None = None

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
    passwords: Passwords | None = None,
) -> OpenDesk:
    """Open the station in `folder` and make its window, not shown yet. Raises KnownError.

    `inbox` is where choosing a file begins; `transport` replaces the HTTP line to the centre, `passwords`
    the cost of checking one. Nobody signs in: the caller's word is taken for `user`.
    """
    from app.desktop.desk import Desk
    from app.desktop.window import MainWindow
    from app.station.states import Role, User
    from app.station.station import Station

    station = Station.open(folder, clock, passwords=passwords)
    try:
        desk = Desk(station, User(user, Role.CLERK), transport)
        window = MainWindow(desk, clock, inbox)
        desk.start(sending)
    except BaseException:
        station.close()
        raise
    return OpenDesk(desk, window)


def open_for_people(
    folder: Path,
    chosen: str = "",
    inbox: Path | None = None,
    clock: Callable[[], datetime] = system_clock,
    transport: Transport | None = None,
    sending: bool = True,
    passwords: Passwords | None = None,
    at_once: bool = False,
) -> OpenDesk:
    """As `open_desk`, with the gate closed before the window until somebody signs in: the person `chosen`
    only types the password, and with `at_once` (in rehearsals only) not even that."""
    from app.desktop.people.gate import Gate

    opened = open_desk(folder, "", inbox, clock, transport, sending, passwords)
    gate = Gate(opened.window, clock)
    try:
        if at_once:
            gate.enter(opened.desk.station.users.signing.begin_rehearsal(chosen))
        else:
            gate.begin(chosen)
    except BaseException:
        opened.close()
        raise
    return OpenDesk(opened.desk, opened.window, gate)


def run_desk(
    folder: Path,
    user: str,
    inbox: Path | None = None,
    language: str = "cs",
    clock: Callable[[], datetime] = system_clock,
    drive: Callable[[OpenDesk], None] | None = None,
    at_once: bool = False,
    package: Path | None = None,
    transport: Transport | None = None,
) -> int:
    """Run the desk until its window is closed; the exit status. `user` is who is expected to sign in, and
    with `at_once` (in rehearsals only) is signed in already. `drive` is called once it is shown.
    A folder that is no station yet is set up first; `package` is a workstation's package to take. `transport`
    replaces the line to the centre."""
    with unswept() as started:
        application = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(application, QApplication)
        prepare(application, language)
        if not _set_up(folder, clock, package):
            return 0
        return _run(application, folder, user, inbox, language, clock, drive, at_once, started, transport)


def _set_up(folder: Path, clock: Callable[[], datetime], package: Path | None) -> bool:
    """Lead a new workstation to its certificate, and give a newer package to one in service; whether the
    desk can be opened now."""
    if (folder / CONFIG_FILE).exists():
        if package is not None:
            _take_newer(folder, clock, package)
        return True
    if folder.is_dir() and any(folder.iterdir()) and not (folder / PACKAGE_FILE).exists():
        return True  # something else is there: opening it says what is wrong
    from app.desktop.setting_up.window import SettingUpWindow

    window, loop, ready = SettingUpWindow(folder, clock, package), QEventLoop(), list[bool]()

    def begin() -> None:
        ready.append(True)
        window.close()

    window.ready.connect(begin)
    window.closed.connect(loop.quit)
    window.show()
    loop.exec()
    return bool(ready)


def _take_newer(folder: Path, clock: Callable[[], datetime], package: Path) -> None:
    from app.station.setting_up import newer, opening

    try:
        newer.take_newer(folder, opening.read_file(package), clock())
    except KnownError as error:
        told = error.cs if texts.language() == "cs" else error.en
        QMessageBox.warning(None, t("setting_up.newer_refused"), f"{told}\n\n{error.code}")


def _run(
    application: QApplication,
    folder: Path,
    user: str,
    inbox: Path | None,
    language: str,
    clock: Callable[[], datetime],
    drive: Callable[[OpenDesk], None] | None,
    at_once: bool,
    started: Callable[[], None],
    transport: Transport | None,
) -> int:
    try:
        opened = open_for_people(folder, user, inbox, clock, transport, at_once=at_once)
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
