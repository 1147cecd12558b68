"""Transcripts as the window uses them: written off the main thread, then opened, printed or saved."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPagedPaintDevice, QPageLayout
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop.background import Operations
from app.desktop.prints import Transcript, file_name, paint, write_transcript
from app.desktop.texts import t
from app.election.errors import KnownError
from app.election.model import Protocol
from app.station.errors import StationError
from app.station.offers import Accepted
from app.station.station import Station

FOLDER = "prints"


class Transcripts(QObject):
    """Everything lands in the station folder's `prints/` first; troubles go to the message area."""

    trouble = Signal(object)
    bug = Signal(object)
    said = Signal(str, str)
    written = Signal(object)

    def __init__(self, station: Station, point: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._station, self._point, self._window = station, point, parent
        self._work = Operations("prints", self)
        self._sources: dict[str, Transcript] = {}
        self.folder = station.folder / FOLDER

    def path(self, accepted: Accepted) -> Path:
        """Where the transcript of an acceptance is, or will be in a moment."""
        return self.folder / file_name(accepted)

    def write(self, accepted: Accepted, protocol: Protocol, then_open: bool = False) -> None:
        transcript = Transcript(self._station.reference, protocol, accepted, self._point)
        self._sources[file_name(accepted)] = transcript

        def done(path: Path) -> None:
            self.written.emit(path)
            if then_open:
                self.open(path)

        self._work.start(lambda: write_transcript(transcript, self.folder), done, self._failed, self)

    def close(self, patience: float = 0.4) -> bool:
        return self._work.close(patience)

    def open(self, path: Path) -> None:
        """Show the PDF in the system's viewer."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.said.emit("info", t("transcript.no_viewer", path=path))

    def save_as(self, path: Path) -> None:
        """Copy the PDF to where the clerk says."""
        dialog = QFileDialog(self._window, t("transcript.save_title"), str(Path.home() / path.name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([t("transcript.pdf")])
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(path.name)
        dialog.fileSelected.connect(lambda name: self._copy(path, Path(name)))
        dialog.open()

    def _copy(self, source: Path, target: Path) -> None:
        try:
            shutil.copyfile(source, target)
        except OSError as error:
            self._failed(
                StationError(
                    "DSK-02",
                    f"Opis se nepodařilo uložit do {target}. Vyberte jiné místo; v programu je uložen dál.",
                    f"The transcript could not be copied to {target} ({error}). Choose another place.",
                )
            )
        else:
            self.said.emit("ok", t("transcript.saved", path=target))

    def send_to_printer(self, path: Path) -> None:
        """Print through the system's print window."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo  # slow to load, seldom needed

        if not QPrinterInfo.availablePrinterNames():
            self.said.emit("info", t("transcript.no_printer", path=path))
            return
        source = self._sources.get(path.name)
        if source is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
        printer.setDocName(path.stem)
        dialog = QPrintDialog(printer, self._window)
        if dialog.exec():
            self._paint_to(source, printer)

    def _paint_to(self, source: Transcript, printer: QPagedPaintDevice) -> None:
        try:
            paint(source, printer)
        except OSError:
            self.said.emit("error", t("transcript.print_failed"))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.trouble.emit(error)
        else:
            self.bug.emit(error)
