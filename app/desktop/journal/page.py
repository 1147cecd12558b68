"""The page of the journal: filter on top, the rows below, a row opens its details, the chosen rows export.

Every look at the store is made off the main thread; an answer to a search that was changed meanwhile is
thrown away. While the page is shown, what is done at the station is put on top as it happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.desktop import texts
from app.desktop.cells import CellDelegate
from app.desktop.journal.details import DetailsDialog
from app.desktop.journal.filters import FilterBar
from app.desktop.journal.table import Column, JournalTable
from app.desktop.looking import Looks
from app.desktop.sections import SectionHost
from app.desktop.tables import whole_rows
from app.desktop.texts import language, number, plural, t
from app.desktop.widgets import act_button
from app.station.changes import Change
from app.station.journal import Entry
from app.station.journal_details import Details
from app.station.journal_export import Exported, Format
from app.station.journal_search import PAGE, Extent, Search
from app.station.permissions import Permission, may

#: Widths of the columns on a page of at most `_NARROW` pixels, and on a wider one.
_WIDTHS: Final = {
    Column.NUMBER: (46, 62),
    Column.TIME: (116, 118),
    Column.USER: (108, 160),
    Column.ACT: (176, 264),
    Column.PROTOCOL: (166, 210),
}
_NARROW: Final = 1000


@dataclass(frozen=True, slots=True)
class _First:
    """The first page of a search, how much there is, and what can be chosen."""

    search: Search
    entries: list[Entry]
    extent: Extent
    users: tuple[str, ...]
    acts: tuple[str, ...]


class JournalPage(QWidget):
    """Drive it by `filters`, `open_row` and `export_to`."""

    progressed = Signal(int, int)
    exported = Signal(object)  # Exported

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self.setProperty("help", "topic:denik")
        self._host = host
        reference, config = host.station.reference, host.station.config
        self._search = Search()
        self._looks, self._loaded = Looks(), False
        self.dialog: DetailsDialog | None = None
        self.file_dialog: QFileDialog | None = None
        self.filters = FilterBar(reference, config.transfer_point, self)
        self.table = JournalTable(reference, self)
        self.view = QTableView(self)
        self.empty = QLabel(self)
        self.empty.setObjectName("empty")
        self.empty.setWordWrap(True)
        self.places = QStackedWidget(self)
        self.count = QLabel(self)
        self.count.setObjectName("muted")
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(t("journal.progress"))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(10)
        self.progress.hide()
        self.export_button = act_button("export_journal", "Ctrl+S", "save", self)
        self._dress()
        self._lay_out()
        self.filters.changed.connect(self._filtered)
        self.table.wanted.connect(self._read_on)
        self.view.activated.connect(lambda index: self.open_row(index.row()))
        self.export_button.clicked.connect(self.ask_for_file)
        self.progressed.connect(self._show_progress)

    # --- driving -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """It was turned to."""
        now = self._host.clock()
        self.filters.since.offer(now - timedelta(hours=1))
        self.filters.until.offer(now)
        self.export_button.setVisible(may(self._host.user.role, Permission.EXPORT_JOURNAL))
        self.look()
        self.view.setFocus()

    def changed(self, change: Change) -> None:
        if self._loaded and self.isVisible():
            self._look_on()

    def search_here(self) -> None:
        self.filters.precinct.setFocus()

    def forget_looks(self) -> None:
        """After a change from light to dark."""
        self.table.forget_looks()

    @property
    def busy(self) -> bool:
        """Whether a look at the store is under way."""
        return self._looks.under_way

    @Slot()
    def look(self) -> None:
        """Read the first page of what is chosen."""
        if not self._looks.begin():
            return
        search, journal = self.filters.search, self._host.station.journal_search

        def work() -> _First:
            return _First(
                search, journal.page(search), journal.extent(search), journal.users(), journal.acts()
            )

        self._host.run(work, self._first_came, self, self._not_read)

    def open_row(self, row: int) -> None:
        """Open the details of a row on the screen."""
        entry, station = self.table.entry(row), self._host.station
        self._host.run(lambda: station.journal_details.of(entry), self._open_details, self)

    @Slot()
    def ask_for_file(self) -> None:
        """Ask where to write the chosen rows."""
        station, now = self._host.station, self._host.clock().astimezone(texts.PRAGUE)
        name = t("journal.file_name", station=station.config.station, time=f"{now:%Y%m%d_%H%M}")
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, t("journal.export_title"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([t("journal.csv"), t("journal.jsonl")])
        dialog.setDefaultSuffix(Format.CSV.value)
        dialog.selectFile(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        endings = {t("journal.csv"): Format.CSV, t("journal.jsonl"): Format.JSON_LINES}
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(endings[chosen].value))
        dialog.fileSelected.connect(lambda chosen: self.export_to(Path(chosen)))
        self.file_dialog = dialog
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the chosen rows; the file's ending says in which format."""
        endings = {f".{one.value}": one for one in Format}
        format_ = endings.get(path.suffix.lower(), Format.CSV)
        export, user, search = self._host.station.journal_export, self._host.user, self.filters.search
        words, told = language(), self.progressed.emit
        self.export_button.setEnabled(False)
        self.progress.setRange(0, 0)
        self.progress.show()
        self._host.run(
            lambda: export.write(path, search, format_, user, words, told),
            self._export_done, self, self._export_failed,
        )  # fmt: skip

    # --- answers ---------------------------------------------------------------------------------------

    @Slot()
    def _filtered(self) -> None:
        self.look()

    def _first_came(self, first: _First) -> None:
        if self._looks.end():
            self.look()
            return
        self._search, self._loaded = first.search, True
        self.filters.offer(first.users, first.acts)
        self.table.restart(first.entries, more=len(first.entries) == PAGE)
        self._say(first.extent)
        if first.entries:
            self.view.selectRow(0)
            self.view.scrollToTop()

    @Slot()
    def _read_on(self) -> None:
        """The view came to the end of what was read."""
        search, before, journal = self._search, self.table.oldest, self._host.station.journal_search

        def came(entries: list[Entry]) -> None:
            if (search, before) == (self._search, self.table.oldest):
                self.table.append(entries, more=len(entries) == PAGE)

        def failed(error: BaseException) -> None:
            self.table.not_read()
            self._host.messages.told(error)

        self._host.run(lambda: journal.page(search, before), came, self, failed)

    def _look_on(self) -> None:
        """Something was done at the station: put its rows on top."""
        if not self._looks.begin():
            return
        search, newest, journal = self._search, self.table.newest, self._host.station.journal_search
        self._host.run(
            lambda: (search, journal.newer(search, newest, PAGE), journal.extent(search)),
            self._newer_came, self, self._not_read,
        )  # fmt: skip

    def _newer_came(self, found: tuple[Search, list[Entry], Extent]) -> None:
        search, entries, extent = found
        again = self._looks.end()
        if search != self._search or self.filters.search != search or len(entries) == PAGE:
            self.look()
            return
        self._put_on_top(entries, extent)
        if again:
            self._look_on()

    def _put_on_top(self, entries: list[Entry], extent: Extent) -> None:
        at_top = self.view.verticalScrollBar().value() == 0
        self.table.prepend(entries)
        self._say(extent)
        if at_top:
            self.view.scrollToTop()

    def _say(self, extent: Extent) -> None:
        self.count.setText(
            plural("journal.rows", extent.rows)
            if self._search.takes_all
            else t("journal.found", found=number(extent.found), rows=number(extent.rows))
        )
        self.empty.setText(t("journal.empty") if self._search.takes_all else t("journal.nothing_found"))
        self.places.setCurrentIndex(0 if self.table.rowCount() else 1)
        self.export_button.setEnabled(extent.found > 0 and self.progress.isHidden())

    def _not_read(self, error: BaseException) -> None:
        self._looks.end()
        self._host.messages.told(error)

    def _open_details(self, details: Details) -> None:
        dialog = DetailsDialog(details, self._host.station.reference, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.protocol_wanted.connect(self._host.open_protocol)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.open()

    @Slot()
    def _dialog_closed(self) -> None:
        self.dialog = None

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)

    def _export_done(self, exported: Exported) -> None:
        self._export_ended()
        told = t("journal.exported", name=exported.path.name, rows=number(exported.rows))
        self._host.messages.say("ok", told)
        self.exported.emit(exported)
        if self._loaded:
            self._look_on()

    def _export_failed(self, error: BaseException) -> None:
        self._export_ended()
        self._host.messages.told(error)

    def _export_ended(self) -> None:
        self.progress.hide()
        self.export_button.setEnabled(True)

    # --- looks ---------------------------------------------------------------------------------------

    def _dress(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setItemDelegate(CellDelegate(view))
        view.setAccessibleName(t("journal.name"))
        header = whole_rows(view, 26)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.DETAILS, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The details have what is left; on a small screen the other columns leave them more."""
        super().resizeEvent(event)
        for column, widths in _WIDTHS.items():
            self.view.setColumnWidth(column, widths[self.width() > _NARROW])

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.count)
        below.addWidget(self.progress, 1)
        below.addStretch(1)
        below.addWidget(self.export_button)
        self.places.addWidget(self.view)
        self.places.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.filters)
        column.addWidget(self.places, 1)
        column.addLayout(below)
        chain = (self.filters.clear_button, self.view, self.export_button)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)
