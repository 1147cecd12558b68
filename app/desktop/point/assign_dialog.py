"""The window in which a supervisor gives precincts to workstations: choose them, name one, or deal all out.

Everybody may look and print; the acts are the supervisor's. What was refused is told here, because the
window's messages lie behind.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.desktop.figure_table import Column, FigureRow, FigureView
from app.desktop.flow import FlowLayout
from app.desktop.precinct_table import czech_order
from app.desktop.printing import assigned as assigned_paper
from app.desktop.printing.pieces import Where
from app.desktop.sections import SectionHost
from app.desktop.texts import language, number, plural, t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled_box
from app.election.errors import KnownError
from app.election.model import PrecinctId
from app.station.permissions import Permission, may
from app.station.point.assigning import Planned

COLUMNS = (
    Column("assign.column.municipality"),
    Column("assign.column.precinct", 70, numeric=True),
    Column("assign.column.here", 90, numeric=True),
    Column("assign.column.station", 120),
)


class AssignDialog(FittingDialog):
    """`changed` tells that an act was done."""

    changed = Signal()

    def __init__(self, host: SectionHost, stations: tuple[str, ...], parent: QWidget) -> None:
        """`stations` are the workstations known by name, offered to choose from."""
        super().__init__(parent)
        self._host = host
        self.plan: tuple[Planned, ...] = ()
        self.shown_plan: tuple[Planned, ...] = ()
        self.setWindowTitle(t("assign.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(640)
        self.only_here = heading(t("assign.only_here"), self, "plain")
        self.filter = QComboBox(self)
        self.filter.setAccessibleName(t("assign.filter"))
        self.view = FigureView(COLUMNS, t("assign.list"), self)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setMinimumHeight(150)
        self.station = QComboBox(self)
        self.station.setEditable(True)
        self.station.addItems(list(stations))
        self.station.setAccessibleName(t("assign.station"))
        self.among = QLineEdit(", ".join(stations), self)
        self.among.setAccessibleName(t("assign.among"))
        self.told = heading("", self, "whyNot")
        self.give_button = act_button("assign", "F6", "point", self, "primary")
        self.end_button = act_button("assign_end", "F7", "back", self)
        self.deal_button = act_button("assign_deal", "F8", "users", self)
        self.print_button = act_button("assign_print", "F9", "print", self)
        self.close_button = act_button("assign_close", "", "close", self)
        self._lay_out()
        self.filter.currentIndexChanged.connect(lambda _place: self._show())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._judge())
        self.give_button.clicked.connect(self._give)
        self.end_button.clicked.connect(self._end)
        self.deal_button.clicked.connect(self._deal)
        self.print_button.clicked.connect(self._print)
        self.close_button.clicked.connect(self.reject)
        self._judge()
        self._load()
        self.view.setFocus()

    @property
    def chosen(self) -> tuple[PrecinctId, ...]:
        """The precincts marked in the list."""
        places = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        return tuple(self.shown_plan[place].precinct for place in places)

    # --- looking -----------------------------------------------------------------------------------

    def _load(self) -> None:
        self._host.run(self._host.station.point.assigning.plan, self._loaded, self, self._refused)

    def _loaded(self, plan: tuple[Planned, ...]) -> None:
        order = czech_order(one.municipality_name for one in plan)
        self.plan = tuple(sorted(plan, key=lambda one: (order[one.municipality_name], one.precinct)))
        if not self.filter.count():
            self.filter.addItem(t("assign.all"), None)
            for code, name in {one.precinct.municipality: one.municipality_name for one in self.plan}.items():
                self.filter.addItem(name, code)
        self._show()

    def _show(self) -> None:
        code = self.filter.currentData()
        self.shown_plan = tuple(one for one in self.plan if code in (None, one.precinct.municipality))
        self.view.show_rows(tuple(_row(one) for one in self.shown_plan))
        if self.shown_plan and not self.view.selectionModel().hasSelection():
            self.view.selectRow(0)
        self._judge()

    def _judge(self, *, busy: bool = False) -> None:
        allowed = may(self._host.user.role, Permission.ASSIGN) and not busy
        chosen = bool(self.view.selectionModel().selectedRows())
        self.give_button.setEnabled(allowed and chosen)
        self.end_button.setEnabled(allowed and chosen)
        self.deal_button.setEnabled(allowed)
        self.print_button.setEnabled(any(one.station for one in self.plan))
        if not may(self._host.user.role, Permission.ASSIGN):
            self._tell(t("assign.not_allowed"))

    def _tell(self, words: str) -> None:
        self.told.setText(words)

    # --- acts --------------------------------------------------------------------------------------

    @Slot()
    def _give(self) -> None:
        chosen, station, user = self.chosen, self.station.currentText(), self._host.user
        self._act(lambda: self._host.station.point.assigning.assign(chosen, station, user))

    @Slot()
    def _end(self) -> None:
        chosen, user = self.chosen, self._host.user
        self._act(lambda: self._host.station.point.assigning.end(chosen, user))

    @Slot()
    def _deal(self) -> None:
        names = [name for name in self.among.text().replace(";", ",").split(",") if name.strip()]
        user = self._host.user
        self._act(lambda: self._host.station.point.assigning.deal_out(names, user))

    def _act(self, work: Callable[[], int]) -> None:
        self._judge(busy=True)
        self._host.run(work, self._done, self, self._refused)

    def _done(self, count: int) -> None:
        self._tell(plural("assign.done", count))
        self.changed.emit()
        self._load()

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self._tell(error.cs if language() == "cs" else error.en)
        self._judge()

    @Slot()
    def _print(self) -> None:
        station, plan = self._host.station, self.plan
        seat = station.reference.municipalities.get(station.config.transfer_point)
        point = seat.name if seat else str(station.config.transfer_point)
        where = Where(t("header.point", point=point, station=station.config.station))
        election, now, user = station.reference.election, self._host.clock(), self._host.user.name
        name = station.config.station
        self._host.documents.paper(lambda: assigned_paper.made(plan, election, where, name, now, user))

    # --- looks -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        giving = QHBoxLayout()
        giving.setSpacing(12)
        giving.addLayout(labelled_box(t("assign.station"), self.station, self), 1)
        giving.addLayout(labelled_box(t("assign.among"), self.among, self), 2)
        acts = FlowLayout()
        buttons = (
            self.give_button, self.end_button, self.deal_button, self.print_button, self.close_button
        )  # fmt: skip
        for button in buttons:
            acts.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self.only_here)
        column.addLayout(labelled_box(t("assign.filter"), self.filter, self))
        column.addWidget(self.view, 1)
        column.addLayout(giving)
        column.addWidget(self.told)
        column.addLayout(acts)
        for before, after in pairwise((self.filter, self.view, self.station, self.among, *buttons)):
            QWidget.setTabOrder(before, after)


def _row(one: Planned) -> FigureRow:
    here = f"{number(one.here)} / {number(one.expected)}"
    return FigureRow((one.municipality_name, str(one.precinct.number), here, one.station or "–"))
