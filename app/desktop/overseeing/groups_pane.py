"""The second pane: counts and bars of all protocols, of each contest and of each municipality."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from app.desktop.overseeing.bars import BarDelegate
from app.desktop.overseeing.tables import AnyGroup, GroupColumn, GroupTable
from app.desktop.overseeing.views import ROW, dress
from app.desktop.row_table import KEY_ROLE
from app.desktop.texts import t
from app.station.overseeing.oversight import Oversight

_WIDTHS: Final[dict[int, int]] = {
    GroupColumn.CONFIRMED: 90,
    GroupColumn.MISSING: 58,
    GroupColumn.ATTENTION: 60,
}


class GroupsPane(QWidget):
    """Emits `chosen` with a municipality's code (None: all) on Enter or double click."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.contests_table, self.table = GroupTable("contest", self), GroupTable("municipality", self)
        self.contests = _view(self.contests_table, t("oversee.group.contests_name"), self, False)
        self.municipalities = _view(self.table, t("oversee.group.municipalities_name"), self, True)
        self.municipalities.activated.connect(self._activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.contests)
        column.addWidget(self.municipalities, 1)

    def show_oversight(self, found: Oversight) -> None:
        above: list[AnyGroup] = [found.total]
        if len(found.contests) > 1:
            above += found.contests
        self.contests_table.set_rows(above)
        self.table.set_rows(found.municipalities)
        header = self.contests.horizontalHeader().sizeHint().height()
        self.contests.setFixedHeight(header + ROW * len(above) + 6)

    def forget_looks(self) -> None:
        self.contests_table.forget_looks()
        self.table.forget_looks()

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(KEY_ROLE))


def _view(table: GroupTable, name: str, parent: QWidget, sortable: bool) -> QTableView:
    view = QTableView(parent)
    widths: dict[int, int] = {GroupColumn.BAR: 136, **_WIDTHS}
    dress(view, table, name, BarDelegate(view), GroupColumn.NAME, widths, sortable)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view
