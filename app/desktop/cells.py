"""Paints the cells of the list: ground, icon, words.

Qt's own way through the style sheet takes three times as long, and a full list has to be painted within
one frame.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.desktop import theme
from app.desktop.row_table import CELL_ROLE, Painted

_MARGIN: Final = 5
_ICON: Final = 16


class CellDelegate(QStyledItemDelegate):
    """Asks the model once a cell and paints what it answers."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell: Painted = index.data(CELL_ROLE)
        area: QRect = option.rect
        ink = cell.ink
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("select"))
            ink = theme.colour("on_select")
        elif cell.ground is not None:
            painter.fillRect(area, cell.ground)
        left, width = area.left() + _MARGIN, area.width() - 2 * _MARGIN
        if cell.picture is not None:
            painter.drawPixmap(left, area.top() + (area.height() - _ICON) // 2, cell.picture)
            left, width = left + _ICON + 6, width - _ICON - 6
        if cell.text:
            text, metrics = cell.text, option.fontMetrics
            if metrics.horizontalAdvance(text) > width:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.setPen(ink)
            painter.drawText(QRect(left, area.top(), width, area.height()), cell.alignment, text)
