"""The window of a workstation that is not set up yet: takes a package and, some time later, a certificate.

It may be closed at any moment and opened again: what was reached lies in the folder. All work runs off the
main thread. Once the request was sent the centre is asked again by itself; emits `ready` when the station is
in service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from app import resources
from app.desktop import texts, theme
from app.desktop.background import Operations
from app.desktop.setting_up.page import SettingUpPage
from app.desktop.texts import t
from app.desktop.widgets import heading
from app.election.errors import KnownError
from app.station.setting_up import asking, newer, opening, waiting

if TYPE_CHECKING:
    from app.station.setting_up.opening import Opened
    from app.station.setting_up.waiting import Request

T = TypeVar("T")
#: Milliseconds between two questions for the certificate, after the request was sent.
AGAIN = 15_000
_CARD_WIDTH = 760


class SettingUpWindow(QMainWindow):
    """`folder` is empty, missing, or waits for its certificate."""

    ready = Signal()
    closed = Signal()

    def __init__(self, folder: Path, clock: Callable[[], datetime], package: Path | None = None) -> None:
        super().__init__()
        self._folder, self._clock = folder, clock
        self._opened: Opened | None = None
        self._work = Operations("setting-up", self)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self._ask)
        self.setWindowTitle(t("setting_up.window"))
        self.setWindowIcon(QIcon(str(resources.path("icons", "prebirka.svg"))))
        self.setAcceptDrops(True)
        self.page = SettingUpPage(str(folder), self)
        self._lay_out()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.change_scheme)
        page = self.page
        page.choose.connect(self._choose)
        page.found.connect(self._found)
        page.another.connect(page.show_empty)
        page.save.connect(self._save)
        page.send.connect(self._send)
        page.load.connect(self._load)
        if waiting.is_waiting(folder):
            self._show_waiting()
        if package is not None:
            self.take_file(package)

    # --- driving -------------------------------------------------------------------------------------

    def take_file(self, path: Path) -> None:
        """A package, or while a certificate is awaited also that certificate."""
        is_waiting = waiting.is_waiting(self._folder)
        if is_waiting and path.suffix.lower() in (".pem", ".crt", ".cer"):
            self.take_certificate(path)
        elif is_waiting:
            data = lambda: newer.take_newer(self._folder, opening.read_file(path), self._clock())  # noqa: E731
            self._run(data, lambda _: self._show_waiting())
        else:
            self._run(lambda: opening.open_new(opening.read_file(path), self._clock()), self._offer)

    def take_certificate(self, path: Path) -> None:
        """Put the station into service with the certificate of a file."""

        def work() -> object:
            from app.station.setting_up import errors

            try:
                pem = path.read_bytes()
            except OSError as error:
                raise errors.unreadable(path, error) from error
            return waiting.finish(self._folder, pem, self._clock())

        self._run(work, lambda _: self.ready.emit())

    def save_request(self, path: Path) -> None:
        """Write the request to a stick."""

        def work() -> object:
            from app.station.setting_up import errors

            try:
                return path.write_bytes(waiting.request_of(self._folder).pem)
            except OSError as error:
                raise errors.unwritable(path.parent, error) from error

        text = t("setting_up.saved_text", path=str(path))
        self._run(work, lambda _: self.page.say("ok", "passed", t("setting_up.saved"), text))

    @Slot(Qt.ColorScheme)
    def change_scheme(self, scheme: Qt.ColorScheme) -> None:
        """The system turned dark or light: dress anew."""
        running = QApplication.instance()
        assert isinstance(running, QApplication)
        theme.apply(running, scheme is Qt.ColorScheme.Dark)
        self.page.forget_looks()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._again.stop()
        self._work.close(1.0)
        super().closeEvent(event)
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                event.acceptProposedAction()
                self.take_file(Path(url.toLocalFile()))
                return

    # --- what the buttons do ---------------------------------------------------------------------------

    @Slot()
    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, t("setting_up.choose"), "", f"{t('setting_up.packages')} (*.p7m);;{t('setting_up.all')} (*)"
        )
        if name:
            self.take_file(Path(name))

    @Slot()
    def _found(self) -> None:
        opened = self._opened
        if opened is not None:
            self._run(
                lambda: waiting.begin(self._folder, opened, self._clock()), lambda _: self._show_waiting()
            )

    @Slot()
    def _save(self) -> None:
        station = self._opened.package.station if self._opened else "station"
        name, _ = QFileDialog.getSaveFileName(self, t("setting_up.save"), f"{station}.csr")
        if name:
            self.save_request(Path(name))

    @Slot()
    def _load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            t("setting_up.load"),
            "",
            f"{t('setting_up.certificates')} (*.pem);;{t('setting_up.all')} (*)",
        )
        if name:
            self.take_certificate(Path(name))

    @Slot()
    def _send(self) -> None:
        self._again.start()
        self._ask()

    @Slot()
    def _ask(self) -> None:
        def done(config: object) -> None:
            if config is not None:
                self.ready.emit()
            else:
                self.page.say("info", "connecting", t("setting_up.sent"), t("setting_up.sent_text"))

        self._run(lambda: asking.ask(self._folder, self._clock()), done)

    # --- inside --------------------------------------------------------------------------------------

    def _offer(self, opened: Opened) -> None:
        self._opened = opened
        self.page.show_offered(opened)

    def _show_waiting(self) -> None:
        def work() -> tuple[Opened, Request]:
            opened = waiting.waiting_package(self._folder, self._clock())
            return opened, waiting.request_of(self._folder)

        def done(told: tuple[Opened, Request]) -> None:
            self._opened = told[0]
            self.page.show_waiting(*told)

        self._run(work, done)

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        def finished(result: T) -> None:
            self.page.busy(False)
            done(result)

        def failed(error: BaseException) -> None:
            self.page.busy(False)
            if not isinstance(error, KnownError):
                raise error
            self._again.stop()
            text = error.cs if texts.language() == "cs" else error.en
            self.page.say("error", "blocking", t("setting_up.refused"), f"{text} [{error.code}]")

        self.page.busy(True)
        self._work.start(work, finished, failed, self)

    def _lay_out(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        card.setMaximumWidth(_CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 18, 24, 18)
        inside.addWidget(self.page)
        bar = QFrame(self)
        bar.setObjectName("header")
        names = QVBoxLayout(bar)
        names.setContentsMargins(14, 10, 14, 10)
        names.setSpacing(0)
        names.addWidget(heading(t("setting_up.window"), bar, "headerTitle"))
        names.addWidget(heading(t("setting_up.place"), bar, "headerMuted"))
        middle = QHBoxLayout()
        middle.setContentsMargins(16, 14, 16, 14)
        middle.addStretch(1)
        middle.addWidget(card, 20)
        middle.addStretch(1)
        body: Any = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addLayout(middle, 1)
        body.setObjectName("gate")
        self.setCentralWidget(body)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, True)
        self.resize(900, 620)
