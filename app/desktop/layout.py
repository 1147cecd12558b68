"""Where the parts of the main window stand: the bars on top, messages below them, then a section.

The desk is the first section: the list left, the pages right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.desktop.overview import Overview

#: Pixels of list and page at a width of 1366.
_SHARES: Final = [628, 738]
#: The list's least width, and that on a screen narrower than the list and the page need together.
_LIST, _LIST_NARROW, _NARROW = 480, 355, 1060


class _Sides(QSplitter):
    """List and page; on a screen too narrow for both the list shows only what finds a protocol."""

    def __init__(self, list_: Overview, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._list = list_

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        self._list.set_narrow(narrow)
        self._list.setMinimumWidth(_LIST_NARROW if narrow else _LIST)
        super().resizeEvent(event)


def desk(window: QWidget, list_: Overview, above: Sequence[QWidget], pages: QWidget) -> QWidget:
    """The desk, with `above` over the page; list and page may be resized, neither vanishes."""
    right = QWidget(window)
    right.setObjectName("right")
    column = QVBoxLayout(right)
    column.setContentsMargins(8, 10, 12, 10)
    column.setSpacing(8)
    for widget in above:
        column.addWidget(widget)
    column.addWidget(pages, 1)
    split = _Sides(list_, window)
    split.setChildrenCollapsible(False)
    split.addWidget(list_)
    split.addWidget(right)
    split.setStretchFactor(0, 0)
    split.setStretchFactor(1, 1)
    split.setSizes(_SHARES)
    list_.setMinimumWidth(_LIST)
    right.setMinimumWidth(545)
    return split


def stacked(window: QWidget, *parts: QWidget) -> QWidget:
    """The window's body: its parts one under another, the last one with all the room that is left."""
    body = QWidget(window)
    whole = QVBoxLayout(body)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    for part in parts[:-1]:
        whole.addWidget(part)
    whole.addWidget(parts[-1], 1)
    return body
