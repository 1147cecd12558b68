"""How the desk's tables behave: whole rows, one of them chosen, Tab leads out, nothing is edited in them."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView


class SteadyTable(QTableView):
    """A table whose cells look the same with the keyboard's focus and without: when it goes elsewhere only
    the frame is painted anew, not three hundred cells in the moment in which a page opens."""

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        frame = QRegion(self.rect()).subtracted(QRegion(self.viewport().geometry()))
        self.update(frame.subtracted(QRegion(self.horizontalHeader().geometry())))


def whole_rows(view: QTableView, row_height: int) -> QHeaderView:
    """Make `view` such a table with rows of `row_height` pixels; its header, for what is its own."""
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setShowGrid(False)
    view.setWordWrap(False)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(row_height)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    return header
