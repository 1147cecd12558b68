"""The supervisor's page: what is here, what is missing, how it goes. F3 turns to it.

It reads the point when it is turned to and when something changed while it is seen, off the main thread and
once for many changes; each second it counts deadlines down. Nothing is worked out here: one `Oversight`
comes from the station, the widgets take their parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.cells import CellDelegate
from app.desktop.header import Shortened
from app.desktop.help.subject import PROPERTY
from app.desktop.overseeing.age_label import AgeLabel
from app.desktop.overseeing.chart import ArrivalsPane
from app.desktop.overseeing.filters import Filters
from app.desktop.overseeing.groups_pane import GroupsPane
from app.desktop.overseeing.missing_pane import MissingPane, written
from app.desktop.overseeing.tables import Column, ProtocolTable
from app.desktop.overseeing.tiles import TileMap
from app.desktop.overseeing.views import dress
from app.desktop.overseeing.wall_opener import WallOpener
from app.desktop.printing import missing as missing_paper
from app.desktop.printing.pieces import Where
from app.desktop.row_table import KEY_ROLE
from app.desktop.sections import SectionHost
from app.desktop.texts import number, plural, t
from app.station.changes import Change
from app.station.completeness import Row
from app.station.overseeing.age import Age, age
from app.station.overseeing.groups import Group
from app.station.overseeing.missing import as_csv, file_name
from app.station.overseeing.oversight import Oversight, oversight
from app.station.overseeing.wall import Wall, wall

#: Narrower than this the counts stand on a tab of their own.
_WIDE: Final = 1300
TABS: Final = ("table", "tiles", "groups", "arrivals", "missing")
_WIDTHS: Final[dict[int, int]] = {
    Column.PRECINCT: 66,
    Column.CONTEST: 56,
    Column.STATE: 150,
    Column.SINCE: 50,
    Column.CLERK: 106,
    Column.DEADLINE: 68,
    Column.WARNINGS: 62,
    Column.REVISION: 66,
    Column.WORKSTATION: 92,
}


class CompletenessPage(QWidget):
    """A section's page; `opened` tells a key that somebody chose (the host is told as well)."""

    updated = Signal()

    def __init__(self, host: SectionHost) -> None:
        super().__init__()
        self.setObjectName("completeness")
        self.setProperty(PROPERTY, "topic:uplnost")
        self._host, self._stale = host, False
        self.oversight: Oversight | None = None
        self.wall = WallOpener(self, host.clock, self._wall)
        self.file_dialog: QFileDialog | None = None
        self.table = ProtocolTable(self)
        self.view = QTableView(self)
        self.filters, self.map = Filters(self), TileMap(self)
        self.groups, self.arrivals, self.missing = GroupsPane(self), ArrivalsPane(self), MissingPane(self)
        self.tabs, self.stack = QTabBar(self), QStackedWidget(self)
        self.summary, self.age = Shortened("", self), AgeLabel(self)
        self.shown_count, self.empty = QLabel(self), QLabel(t("list.nothing_found"), self)
        self.wall_button = QPushButton(theme.icon("wall"), f" {t('oversee.wall')}  F11", self)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._own_tab, self._placed = QWidget(self), False
        self._own_room = QVBoxLayout(self._own_tab)
        self._dress_view()
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    # --- what the section is told ---------------------------------------------------------------------

    def shown(self) -> None:
        self._load()

    def changed(self, change: Change) -> None:
        if change.keys and (self.isVisible() or self.wall.is_open):
            self._load()

    def search_here(self) -> None:
        self.turn("table" if self.tab not in ("table", "tiles") else self.tab)
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    @property
    def tab(self) -> str:
        """Which tab is seen: table, tiles, groups, arrivals or missing."""
        return TABS[self.tabs.currentIndex()]

    # --- data ---------------------------------------------------------------------------------------

    def _load(self) -> None:
        if not self._stale:
            self._stale = True
            self._host.run(self._look, self._show, self)

    def _look(self) -> Oversight:
        self._stale = False  # a change from here on asks for another look
        return self._oversight(self._host.station.completeness().rows)

    def _oversight(self, rows: Sequence[Row]) -> Oversight:
        ends = self._host.station.reference.election.calendar.voting_ends
        return oversight(rows, ends, self._host.clock())

    def _show(self, found: Oversight) -> None:
        self.oversight = found
        self.table.set_rows(found.lines)
        self.filters.offer(found.municipalities, found.contests)
        self._show_tab()
        self._summarise(found.total)
        self._say_shown()
        self._show_age()
        self.wall.refresh()
        self.updated.emit()

    @property
    def _rows(self) -> tuple[Row, ...]:
        return self.oversight.rows if self.oversight else ()

    def _summarise(self, all_: Group[None]) -> None:
        counts = {
            name: number(getattr(all_, name))
            for name in ("here", "expected", "confirmed", "missing", "attention")
        }
        told = t("oversee.summary", **counts)
        self.summary.setText(told)
        self.summary.setToolTip(told)
        self.summary.setAccessibleName(told)

    def _show_tab(self) -> None:
        """What is seen; the other tabs get theirs when they are turned to."""
        found = self.oversight
        if found is None:
            return
        if self.groups.isVisible() or self.tab == "groups":
            self.groups.show_oversight(found)
        match self.tab:
            case "tiles":
                self.map.tiles.set_lines(self.table.by_place())
            case "arrivals":
                self.arrivals.show_arrivals(found.arrivals)
            case "missing":
                self.missing.show_missing(found.missing)

    @Slot()
    def _tick(self) -> None:
        """Deadlines and the age run on without anything happening."""
        if not self.isVisible() and not self.wall.is_open:
            return
        before = self.oversight
        if before is None:
            return
        now = self._host.clock()
        minute = now.replace(second=0, microsecond=0) != before.at.replace(second=0, microsecond=0)
        if minute or any(line.left is not None for line in before.lines):
            self._show(self._oversight(before.rows))
        else:
            self._show_age()

    def _age(self) -> Age:
        station = self._host.station
        return age(station.connection(), self._host.clock(), station.point.pull.news.heard)

    def _show_age(self) -> None:
        self.age.show_age(self._age())

    def _say_shown(self) -> None:
        shown = self.table.rowCount()
        self.shown_count.setText(plural("list.shown", shown, all=number(len(self.table.rows))))
        self.empty.setVisible(not shown)
        self.view.setVisible(bool(shown))

    # --- acts ---------------------------------------------------------------------------------------

    @Slot(object)
    def _narrow(self, narrowing: object) -> None:
        self.table.narrow(self.filters.narrowing)
        self._show_tab()
        self._say_shown()

    @Slot(int, object)
    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self.view.sortByColumn(column, order)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        self._host.open_protocol(index.data(KEY_ROLE))

    @Slot()
    def _entered(self) -> None:
        """Enter in the search: with one hit open it, with more go to them."""
        if self.table.rowCount() == 1:
            self._activated(self.table.index(0, 0))
        elif self.table.rowCount():
            if self.tab == "tiles":
                self.map.tiles.setFocus()
            else:
                self.view.setCurrentIndex(self.table.index(0, 0))
                self.view.setFocus()

    @Slot(object)
    def _municipality_chosen(self, code: int | None) -> None:
        self.filters.choose(code)
        self.turn("table")
        self.view.setFocus()

    @Slot()
    def save_missing(self) -> None:
        """Ask where the list of the missing goes and write it there."""
        dialog = QFileDialog(self, t("oversee.save_title"), str(Path.home() / file_name(self._host.clock())))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([t("oversee.csv")])
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.write_missing(Path(name)))
        self.file_dialog = dialog
        dialog.open()

    def write_missing(self, path: Path) -> None:
        """Write the list of the missing to a file."""
        data = as_csv(self._rows)
        messages = self._host.messages
        self._host.run(
            lambda: written(path, data), lambda _: messages.say("ok", t("oversee.saved", path=path)), self
        )

    @Slot()
    def print_missing(self) -> None:
        """Make the list of the missing as a PDF and open it."""
        found, station = self.oversight, self._host.station
        if found is not None:
            where = Where(t("header.point", point=self._point(), station=station.config.station))
            election, now = station.reference.election, self._host.clock()
            user = self._host.user.name
            self._host.documents.paper(
                lambda: missing_paper.made(found.missing, election, where, station.config.station, now, user)
            )

    # --- the wall -----------------------------------------------------------------------------------

    @Slot()
    def open_wall(self) -> None:
        """Show the wall on the whole screen; F11 or Escape there puts it away."""
        self._load()
        self.wall.open()

    def _wall(self) -> Wall:
        election = self._host.station.reference.election
        return wall(election, self._point(), self._rows, self._age().heard)

    def _point(self) -> str:
        station = self._host.station
        seat = station.reference.municipalities.get(station.config.transfer_point)
        return seat.name if seat else str(station.config.transfer_point)

    # --- making -------------------------------------------------------------------------------------

    @Slot(int)
    def _tab_changed(self, index: int) -> None:
        name = TABS[index]
        self.filters.setVisible(name in ("table", "tiles"))
        self.shown_count.setVisible(name in ("table", "tiles"))
        self.stack.setCurrentIndex(index)
        self._show_tab()

    def turn(self, name: str) -> None:
        """Show a tab by its name."""
        self.tabs.setCurrentIndex(TABS.index(name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_groups()

    def _place_groups(self) -> None:
        """The counts beside the list where there is room, else on their own tab."""
        wide = self.width() >= _WIDE
        if (self.groups.parentWidget() is self._split) == wide and self._placed:
            return
        self._placed = True
        if wide:
            self._split.addWidget(self.groups)
            self._split.setSizes([self.width() - 480, 470])
        else:
            self._own_room.addWidget(self.groups)
        self.groups.show()
        self._show_tab()
        self.tabs.setTabVisible(TABS.index("groups"), not wide)
        if wide and self.tab == "groups":
            self.turn("table")

    def _lay_out(self) -> None:
        listed = QWidget(self)
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self.empty, 1)
        self._own_room.setContentsMargins(0, 0, 0, 0)
        for page in (listed, self.map, self._own_tab, self.arrivals, self.missing):
            self.stack.addWidget(page)
        left = QWidget(self)
        body = QVBoxLayout(left)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        for name in TABS:
            self.tabs.addTab(t(f"oversee.tab.{name}"))
        self.tabs.setAccessibleName(t("oversee.tabs_name"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        body.addWidget(self.tabs)
        body.addWidget(self.filters)
        body.addWidget(self.stack, 1)
        body.addWidget(self.shown_count)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(12)
        self._split.addWidget(left)
        self._split.setStretchFactor(0, 1)
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.summary, 1)
        above.addWidget(self.age)
        above.addWidget(self.wall_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.setSpacing(8)
        whole.addLayout(above)
        whole.addWidget(self._split, 1)

    def _dress_view(self) -> None:
        self.summary.setObjectName("cardTitle")
        self.shown_count.setObjectName("muted")
        self.empty.setObjectName("empty")
        self.empty.hide()
        self.wall_button.setAccessibleName(t("oversee.wall_name"))
        self.wall_button.setToolTip(t("oversee.wall_help"))
        name, delegate = t("oversee.table_name"), CellDelegate(self.view)
        dress(self.view, self.table, name, delegate, Column.MUNICIPALITY, _WIDTHS)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._tab_changed)
        self.filters.changed.connect(self._narrow)
        self.filters.sorted.connect(self._sort)
        self.filters.entered.connect(self._entered)
        self.view.horizontalHeader().sortIndicatorChanged.connect(self.filters.show_sorted)
        self.view.activated.connect(self._activated)
        self.map.tiles.chosen.connect(self._host.open_protocol)
        self.groups.chosen.connect(self._municipality_chosen)
        self.missing.save_wanted.connect(self.save_missing)
        self.missing.print_wanted.connect(self.print_missing)
        self.wall_button.clicked.connect(self.open_wall)
        shortcut = QShortcut(QKeySequence("F11"), self, self.open_wall)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "missing"):
            with QSignalBlocker(self.tabs):
                for table in (self.table, self.groups, self.missing, self.filters):
                    table.forget_looks()
            self.wall_button.setIcon(theme.icon("wall"))
            if self.oversight is not None:
                self._show_age()
            self.update()
