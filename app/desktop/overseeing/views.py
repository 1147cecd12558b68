"""How every table of the supervisor's page is set up."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QTableView

from app.desktop.tables import whole_rows

ROW = 26
#: What the style sheet sets around a heading.
_AROUND = 14


def dress(
    view: QTableView,
    table: QAbstractItemModel,
    name: str,
    delegate: QStyledItemDelegate,
    stretched: int,
    widths: Mapping[int, int],
    sortable: bool = True,
) -> None:
    """Whole rows, one chosen, Tab leads out; `stretched` takes the room that the columns' `widths` leave;
    none is narrower than its heading."""
    view.setModel(table)
    view.setAccessibleName(name)
    view.setItemDelegate(delegate)
    header = whole_rows(view, ROW)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    if sortable:
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    header.setMinimumSectionSize(40)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    font = QFont(view.font())
    font.setBold(True)
    words = QFontMetrics(font)
    for column, width in widths.items():
        header.resizeSection(column, max(width, words.horizontalAdvance(_heading(table, column)) + _AROUND))


def _heading(table: QAbstractItemModel, column: int) -> str:
    return str(table.headerData(column, Qt.Orientation.Horizontal))
