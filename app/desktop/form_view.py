"""A protocol as its form, read only: a tree of blocks and rows that leads to a field and marks faults.

The model paints straight from the immutable form; only what is visible costs anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from app.desktop import theme
from app.desktop.forms import Form, find
from app.desktop.states import SEVERITIES
from app.desktop.texts import number, t
from app.election.verdict import FieldRef

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_CODE, _TITLE, _VALUE = range(3)
#: internalId of a block; a row carries its block's number + 1.
_BLOCK: Final = 0


class FormModel(QAbstractItemModel):
    """Blocks on top, rows below. `faults` maps (block, line) to the gravest severity letter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form = Form("", ())
        self._faults: Mapping[tuple[int, int], str] = {}
        self._bold = QFont()
        self._bold.setBold(True)
        self._height = QFontMetrics(self._bold).height() + 7

    def show(self, form: Form, faults: Mapping[tuple[int, int], str]) -> None:
        self.beginResetModel()
        self._form, self._faults = form, faults
        self.endResetModel()

    @property
    def form(self) -> Form:
        return self._form

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _BLOCK)

    def parent(self, index: Index = _NOWHERE) -> Any:
        block = int(index.internalId()) if index.isValid() else _BLOCK
        return self.createIndex(block - 1, 0, _BLOCK) if block != _BLOCK else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        if not parent.isValid():
            return len(self._form.blocks)
        if parent.internalId() == _BLOCK and parent.column() == 0:
            return len(self._form.blocks[parent.row()].lines)
        return 0

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return t(("form.column.code", "form.column.title", "form.column.value")[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _VALUE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_block = index.internalId() == _BLOCK
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[index.column()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, self._height)
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if is_block else None
        if is_block:
            return self._block_data(index.row(), index.column(), role)
        return self._line_data(int(index.internalId()) - 1, index.row(), index.column(), role)

    def _block_data(self, row: int, column: int, role: int) -> Any:
        block = self._form.blocks[row]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            total = "" if block.total is None else number(block.total)
            return ("" if block.number is None else str(block.number), block.title, total)[column]
        if role == Qt.ItemDataRole.ToolTipRole and column == _TITLE:
            return block.title
        worst = min((severity for (b, _), severity in self._faults.items() if b == row), default=None)
        if role == Qt.ItemDataRole.DecorationRole and column == _VALUE and worst and block.number is not None:
            return theme.pixmap(SEVERITIES[worst].icon, SEVERITIES[worst].ink, 14)
        if role == Qt.ItemDataRole.BackgroundRole:
            return theme.colour("raised")
        return None

    def _line_data(self, block: int, row: int, column: int, role: int) -> Any:
        line = self._form.blocks[block].lines[row]
        fault = self._faults.get((block, row))
        if role == Qt.ItemDataRole.DisplayRole:
            value = t("form.blank") if line.value is None else number(line.value)
            return (line.code, line.title, value)[column]
        if role == Qt.ItemDataRole.ForegroundRole and (line.kind == "control" or line.value is None):
            return theme.colour("muted")
        if role == Qt.ItemDataRole.BackgroundRole and fault:
            return theme.colour(SEVERITIES[fault].ground or "surface")
        if role == Qt.ItemDataRole.DecorationRole and column == _VALUE and fault:
            return theme.pixmap(SEVERITIES[fault].icon, SEVERITIES[fault].ink, 14)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.title} ({line.field.name})"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            value = t("form.blank_name") if line.value is None else str(line.value)
            return f"{line.title}: {value}" if column == _VALUE else line.title
        return None


_ALIGNMENT: Final = (
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
)


class FormView(QTreeView):
    """The form on the screen: its head open, its lists opened by hand or by a message that leads there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form_model = FormModel(self)
        self.setModel(self.form_model)
        self.setAccessibleName(t("form.name"))
        self.setObjectName("form")
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTreePosition(_TITLE)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(34)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(_CODE, 40)
        header.resizeSection(_VALUE, 88)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The ground of a row goes on under its branch."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        selected = isinstance(index, QModelIndex) and self.selectionModel().isSelected(index)
        if isinstance(ground, QColor) and not selected:
            painter.fillRect(rect, ground)
        super().drawBranches(painter, rect, index)

    def show_form(self, form: Form, faults: Mapping[tuple[int, int], str] | None = None) -> None:
        """Show a form; blocks with a fault open at once, so that nothing marked is hidden."""
        faults = faults or {}
        self.form_model.show(form, faults)
        for row, block in enumerate(form.blocks):
            if block.number is None or any(b == row for b, _ in faults):
                self.expand(self.form_model.index(row, 0))
        self.scrollToTop()

    def lead_to(self, field: FieldRef) -> bool:
        """Put the cursor on a field and show it; False when the form has no such place."""
        place = find(self.form_model.form, field)
        if place is None:
            return False
        block = self.form_model.index(place[0], 0)
        self.expand(block)
        index = self.form_model.index(place[1], 0, block)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True
