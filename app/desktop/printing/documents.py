"""The four prints as the window uses them: written off the main thread, then opened, printed or saved.

`transcript`, `error_report`, `refusal` and `confirmation` make a PDF from the station's data on any thread
and return its path. `Documents` asks the station for the data in a thread of its own and does with the paper
what the clerk wanted. Everything lands in the station folder's `prints/`, as PDF/A-1b with embedded fonts,
under a name that no other revision has; what is there already is never written again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop.background import Operations
from app.desktop.printing import confirmation as confirmation_paper
from app.desktop.printing import error_report as error_report_paper
from app.desktop.printing import refusal as refusal_paper
from app.desktop.printing import transcript as transcript_paper
from app.desktop.printing.frame import Paper, paint
from app.desktop.printing.pieces import Where
from app.desktop.texts import t
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.confirmation import ConfirmationData, ErrorReportData, RefusalData, TranscriptData
from app.station.errors import StationError
from app.station.offers import Offer
from app.station.states import User
from app.station.station import Station

FOLDER: Final = "prints"
_DPI: Final = 300


class Then(Enum):
    """What to do with a paper once it is written."""

    NOTHING = "nothing"
    OPEN = "open"
    PRINT = "print"
    SAVE = "save"


def transcript(data: TranscriptData, reference: Reference, where: Where, folder: Path) -> Path:
    """Write the transcript. Raises `StationError` when it cannot be written; so do the other three."""
    return write(transcript_paper.made(data, reference, where), folder)


def error_report(data: ErrorReportData, reference: Reference, where: Where, folder: Path) -> Path:
    """Write the error report."""
    return write(error_report_paper.made(data, reference, where), folder)


def refusal(data: RefusalData, where: Where, folder: Path) -> Path:
    """Write the refusal."""
    return write(refusal_paper.made(data, where), folder)


def confirmation(data: ConfirmationData, reference: Reference, where: Where, folder: Path) -> Path:
    """Write the confirmation of faultless take-over."""
    return write(confirmation_paper.made(data, reference, where), folder)


def write(paper: Paper, folder: Path) -> Path:
    """Write a paper into `folder` unless it is there; whole or not at all. Raises `StationError`."""
    target = folder / paper.name
    if target.exists():
        return target
    draft = target.with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_pdf(paper, draft)
        if not draft.is_file() or not draft.stat().st_size:
            raise OSError("nothing was written")
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StationError(
            "DSK-01",
            f"Tiskopis „{paper.title}“ se nepodařilo uložit do složky {folder}. Uvolněte místo na disku "
            "a otevřete ho znovu; zápis sám zůstal uložený.",
            f"The print “{paper.title}” could not be written to {folder} ({error}). Free space on the disk "
            "and open it again; the protocol itself is stored.",
        ) from error
    return target


def _write_pdf(paper: Paper, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)
    writer.setResolution(_DPI)
    no_margins = QMarginsF(0, 0, 0, 0)
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(a4, QPageLayout.Orientation.Portrait, no_margins))
    writer.setTitle(f"{paper.title} {paper.place}")
    writer.setCreator("Přebírka")
    paint(paper, writer)


class Documents(QObject):
    """Make it on the main thread; `user` tells who works. Troubles go to the message area by `trouble`,
    `bug` and `said`."""

    trouble = Signal(object)
    bug = Signal(object)
    said = Signal(str, str)
    written = Signal(object)  # Path

    def __init__(self, station: Station, user: Callable[[], User], point: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._station, self._who, self._window = station, user, parent
        self._where = Where(point)
        self._work = Operations("prints", self)
        self._papers: dict[str, Paper] = {}
        self.folder = station.folder / FOLDER

    def transcript(self, key: ProtocolKey, revision: int | None = None, then: Then = Then.NOTHING) -> None:
        """The transcript of an accepted revision, of the latest when none is given."""
        station, user, where = self._station, self._who(), self._where

        def made() -> Paper:
            data = station.prints.transcript_data(key, user, revision)
            return transcript_paper.made(data, station.reference, where)

        self._make(made, then)

    def make(self, kind: str, key: ProtocolKey, then: Then) -> None:
        """Make the transcript, the refusal or the confirmation of what stands now, by its name."""
        match kind:
            case "transcript":
                self.transcript(key, None, then)
            case "refusal":
                self.refusal(key, then)
            case "confirmation":
                self.confirmation(key, then)

    def error_report(self, offer: Offer, then: Then = Then.OPEN) -> None:
        """Everything that is wrong with an offer."""
        station, user, where = self._station, self._who(), self._where

        def made() -> Paper:
            data = station.prints.error_report_data(offer, user)
            return error_report_paper.made(data, station.reference, where)

        self._make(made, then)

    def refusal(self, key: ProtocolKey, then: Then = Then.OPEN) -> None:
        """The refusal of a protocol that is refused now."""
        station, user, where = self._station, self._who(), self._where
        self._make(lambda: refusal_paper.made(station.prints.refusal_data(key, user), where), then)

    def confirmation(self, key: ProtocolKey, then: Then = Then.OPEN) -> None:
        """The confirmation; the station refuses it until the centre's receipt is in (PR-03)."""
        station, user, where = self._station, self._who(), self._where

        def made() -> Paper:
            data = station.prints.confirmation_data(key, user)
            return confirmation_paper.made(data, station.reference, where)

        self._make(made, then)

    def paper(self, made: Callable[[], Paper], then: Then = Then.OPEN) -> None:
        """Any other paper, made in the thread of the prints."""
        self._make(made, then)

    def close(self, patience: float = 0.4) -> bool:
        return self._work.close(patience)

    def _make(self, made: Callable[[], Paper], then: Then) -> None:
        def work() -> tuple[Paper, Path]:
            paper = made()
            return paper, write(paper, self.folder)

        def done(found: tuple[Paper, Path]) -> None:
            paper, path = found
            self._papers[path.name] = paper
            self.written.emit(path)
            self.use(path, then)

        self._work.start(work, done, self._failed, self)

    # --- what to do with a written paper -----------------------------------------------------------

    def use(self, path: Path, then: Then) -> None:
        match then:
            case Then.OPEN:
                self.open(path)
            case Then.PRINT:
                self.send_to_printer(path)
            case Then.SAVE:
                self.save_as(path)

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
                    f"Tiskopis se nepodařilo uložit do {target}. Vyberte jiné místo; v programu je dál.",
                    f"The print could not be copied to {target} ({error}). Choose another place.",
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
        paper = self._papers.get(path.name)
        if paper is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
        printer.setDocName(path.stem)
        dialog = QPrintDialog(printer, self._window)
        if dialog.exec():
            self._paint_to(paper, printer)

    def _paint_to(self, paper: Paper, printer: QPagedPaintDevice) -> None:
        try:
            paint(paper, printer)
        except OSError:
            self.said.emit("error", t("transcript.print_failed"))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.trouble.emit(error)
        else:
            self.bug.emit(error)
