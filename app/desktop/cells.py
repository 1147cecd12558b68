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

_MARGIN: Final = 5
_ICON: Final = 16
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter


class CellDelegate(QStyledItemDelegate):
    """Reads the roles that the table's model has and paints them."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        data, role = index.data, Qt.ItemDataRole
        area: QRect = option.rect
        ink = None
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("select"))
            ink = theme.colour("on_select")
        else:
            ground = data(role.BackgroundRole)
            if ground is not None:
                painter.fillRect(area, ground)
            ink = data(role.ForegroundRole) or theme.colour("text")
        left, width = area.left() + _MARGIN, area.width() - 2 * _MARGIN
        picture = data(role.DecorationRole)
        if picture is not None:
            painter.drawPixmap(left, area.top() + (area.height() - _ICON) // 2, picture)
            left, width = left + _ICON + 6, width - _ICON - 6
        text = data(role.DisplayRole)
        if text:
            metrics = option.fontMetrics
            if metrics.horizontalAdvance(text) > width:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.setPen(ink)
            painter.drawText(
                QRect(left, area.top(), width, area.height()), data(role.TextAlignmentRole) | _MIDDLE, text
            )
