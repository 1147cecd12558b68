"""Where the parts of the main window stand: the bar on top, the list left, messages and pages right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

#: Pixels of list and page at a width of 1366.
_SHARES: Final = [628, 738]


def arranged(
    window: QWidget, header: QWidget, list_: QWidget, above: Sequence[QWidget], pages: QWidget
) -> QWidget:
    """The window's body, with `above` over the page; list and page may be resized, neither vanishes."""
    right = QWidget(window)
    right.setObjectName("right")
    column = QVBoxLayout(right)
    column.setContentsMargins(8, 10, 12, 10)
    column.setSpacing(8)
    for widget in above:
        column.addWidget(widget)
    column.addWidget(pages, 1)
    split = QSplitter(Qt.Orientation.Horizontal, window)
    split.setChildrenCollapsible(False)
    split.addWidget(list_)
    split.addWidget(right)
    split.setStretchFactor(0, 0)
    split.setStretchFactor(1, 1)
    split.setSizes(_SHARES)
    list_.setMinimumWidth(480)
    right.setMinimumWidth(560)
    body = QWidget(window)
    whole = QVBoxLayout(body)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addWidget(header)
    whole.addWidget(split, 1)
    return body
