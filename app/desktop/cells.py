"""Paints the cells of lists and forms: ground, icon, words.

Qt's own way through the style sheet takes three times as long, and a full list has to be painted within
one frame.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop import theme
from app.desktop.row_table import CELL_ROLE, Painted

_ICON: Final = 16
#: As a number: a thousand cells are asked for one picture, and Python's flags take longer than the painting.
_SELECTED: Final = QStyle.StateFlag.State_Selected.value


class CellDelegate(QStyledItemDelegate):
    """Asks the model once a cell and paints what it answers."""

    #: Pixels left and right of a cell's words.
    margin = 5

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.paint_cell(painter, option, index.data(CELL_ROLE), option.fontMetrics)

    def paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, cell: Painted, metrics: QFontMetrics
    ) -> None:
        """`metrics` are those of the painter's font."""
        area: QRect = option.rect
        ink = cell.ink
        if option.state.value & _SELECTED:
            painter.fillRect(area, theme.colour("select"))
            ink = theme.colour("on_select")
        elif cell.ground is not None:
            painter.fillRect(area, cell.ground)
        left, width = area.left() + self.margin, area.width() - 2 * self.margin
        if cell.picture is not None:
            painter.drawPixmap(left, area.top() + (area.height() - _ICON) // 2, cell.picture)
            left, width = left + _ICON + 6, width - _ICON - 6
        if cell.text:
            text = cell.text
            if metrics.horizontalAdvance(text) > width:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.setPen(ink)
            painter.drawText(QRect(left, area.top(), width, area.height()), cell.alignment, text)
