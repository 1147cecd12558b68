"""Where the parts of the main window stand: the bars on top, messages below them, then a section.

The desk is the first section: the list left, the pages right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.entry.flow import PAGES as TYPING
from app.desktop.overview import Overview
from app.desktop.visiting.flow import UNFINISHED

#: Pixels of list and page at a width of 1366.
_SHARES: Final = [628, 738]
#: A screen that is narrower than this has no room for a whole list and a page.
_NARROW: Final = 1060
#: The least widths of list and page, and those on a narrow screen.
_LEAST: Final = (480, 545)
_LEAST_NARROW: Final = (404, 500)
#: Pages that have the whole width, and those that have it on a narrow screen: a visit looks nothing up.
_ALONE: Final = frozenset(TYPING)
_ALONE_NARROW: Final = frozenset({"verdict", "correcting", *UNFINISHED, *TYPING})


class _Sides(QSplitter):
    """List and page. On a screen too narrow for both the list shows only what finds a protocol, and gives
    way while a commission is at the desk."""

    def __init__(self, list_: Overview, right: QWidget, pages: QStackedWidget, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._list, self._right, self._pages = list_, right, pages
        self.setChildrenCollapsible(False)
        self.addWidget(list_)
        self.addWidget(right)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setSizes(_SHARES)
        self._share(False)
        pages.currentChanged.connect(self._place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share(self._is_narrow(event.size().width()))
        self._place()
        super().resizeEvent(event)

    def _is_narrow(self, width: int) -> bool:
        return width < _NARROW

    def _share(self, narrow: bool) -> None:
        self._list.set_narrow(narrow)
        for side, least in zip((self._list, self._right), _LEAST_NARROW if narrow else _LEAST, strict=True):
            side.setMinimumWidth(least)

    @Slot()
    def _place(self) -> None:
        page = self._pages.currentWidget()
        alone = _ALONE_NARROW if self._is_narrow(self.width()) else _ALONE
        self._list.setVisible(page is None or page.objectName() not in alone)


def desk(window: QWidget, list_: Overview, above: Sequence[QWidget], pages: QStackedWidget) -> QWidget:
    """The desk, with `above` over the page; list and page may be resized."""
    right = QWidget(window)
    right.setObjectName("right")
    column = QVBoxLayout(right)
    column.setContentsMargins(8, 10, 12, 10)
    column.setSpacing(8)
    for widget in above:
        column.addWidget(widget)
    column.addWidget(pages, 1)
    return _Sides(list_, right, pages, window)


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
