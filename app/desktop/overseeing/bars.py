"""Progress bars as cells of a table: what is here of what is expected, what is confirmed of that, and the
words beside them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.desktop import theme
from app.desktop.cells import CellDelegate
from app.desktop.overseeing.tables import GROUP_ROLE, AnyGroup, GroupColumn

_WORDS: Final = 74
_HIGH: Final = 10


class BarDelegate(CellDelegate):
    """Paints the bar's column; the others as every table does."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if index.column() != GroupColumn.BAR:
            super().paint(painter, option, index)
            return
        group: AnyGroup = index.data(GROUP_ROLE)
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, theme.colour("select"))
        track = QRect(area.left() + 6, area.center().y() - _HIGH // 2, area.width() - _WORDS - 12, _HIGH)
        paint_bar(painter, QRectF(track), group.expected, group.here, group.confirmed)
        painter.setPen(theme.colour("on_select" if selected else "text"))
        words = QRect(area.right() - _WORDS, area.top(), _WORDS, area.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, index.data())


def paint_bar(painter: QPainter, track: QRectF, expected: int, here: int, confirmed: int) -> None:
    """A track with two lengths on it: here, and confirmed of those."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = track.height() / 2
    for ink, count in (("line", expected), ("accent", here), ("ok", confirmed)):
        if count:
            part = QRectF(track)
            part.setWidth(track.width() * count / expected)
            painter.setBrush(theme.colour(ink))
            painter.drawRoundedRect(part, min(radius, part.width() / 2), radius)
    painter.restore()
