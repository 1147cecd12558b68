"""A protocol as its form, read only: a tree of blocks and rows that leads to a field and marks faults.

The model paints straight from the immutable form; only what is visible costs anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.desktop import theme
from app.desktop.cells import CellDelegate
from app.desktop.forms import Form, find
from app.desktop.row_table import CELL_ROLE, Painted
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
        if role == CELL_ROLE:
            return self.cell(index)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[index.column()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, self._height)
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if index.internalId() == _BLOCK else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._help(index)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._read_out(index)
        place = _PAINTED.get(role)
        return None if place is None else self.cell(index)[place]

    def cell(self, index: Index) -> Painted:
        """Everything that a cell is painted with."""
        block, row, column = int(index.internalId()), index.row(), index.column()
        return self._block_cell(row, column) if block == _BLOCK else self._line_cell(block - 1, row, column)

    def _block_cell(self, row: int, column: int) -> Painted:
        block, picture = self._form.blocks[row], None
        if column == _VALUE and self._faults and block.number is not None:
            worst = min((severity for (b, _), severity in self._faults.items() if b == row), default=None)
            picture = _sign(worst) if worst else None
        total = "" if block.total is None else number(block.total)
        text = ("" if block.number is None else str(block.number), block.title, total)[column]
        return Painted(text, picture, theme.colour("raised"), theme.colour("text"), _ALIGNMENT[column])

    def _line_cell(self, block: int, row: int, column: int) -> Painted:
        line, fault = self._form.blocks[block].lines[row], self._faults.get((block, row))
        if column == _VALUE:
            text = t("form.blank") if line.value is None else number(line.value)
        else:
            text = line.code if column == _CODE else line.title
        return Painted(
            text,
            _sign(fault) if fault and column == _VALUE else None,
            theme.colour(SEVERITIES[fault].ground or "surface") if fault else None,
            theme.colour("muted" if line.kind == "control" or line.value is None else "text"),
            _ALIGNMENT[column],
        )

    def _help(self, index: Index) -> str | None:
        if index.internalId() == _BLOCK:
            return self._form.blocks[index.row()].title if index.column() == _TITLE else None
        line = self._form.blocks[int(index.internalId()) - 1].lines[index.row()]
        return f"{line.title} ({line.field.name})"

    def _read_out(self, index: Index) -> str:
        if index.internalId() == _BLOCK:
            return self.cell(index).text
        line = self._form.blocks[int(index.internalId()) - 1].lines[index.row()]
        value = t("form.blank_name") if line.value is None else str(line.value)
        return f"{line.title}: {value}" if index.column() == _VALUE else line.title


def _sign(severity: str) -> QPixmap:
    return theme.pixmap(SEVERITIES[severity].icon, SEVERITIES[severity].ink, 14)


#: What Qt asks for by itself, and where it stands in a `Painted`.
_PAINTED: Final[dict[int, int]] = {
    Qt.ItemDataRole.DisplayRole: 0,
    Qt.ItemDataRole.DecorationRole: 1,
    Qt.ItemDataRole.BackgroundRole: 2,
    Qt.ItemDataRole.ForegroundRole: 3,
}
_ALIGNMENT: Final = (
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
)


class FormDelegate(CellDelegate):
    """Paints cells as the list does, the titles of blocks in bold."""

    margin = 3

    def __init__(self, model: FormModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._bold: tuple[QFont, QFontMetrics] | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.internalId() != _BLOCK:
            self.paint_cell(painter, option, self._model.cell(index), option.fontMetrics)
            return
        font, metrics = self._of_titles(option.font)
        painter.setFont(font)
        self.paint_cell(painter, option, self._model.cell(index), metrics)
        painter.setFont(option.font)

    def _of_titles(self, font: QFont) -> tuple[QFont, QFontMetrics]:
        if self._bold is None or self._bold[0].pointSizeF() != font.pointSizeF():
            bold = QFont(font)
            bold.setBold(True)
            self._bold = bold, QFontMetrics(bold)
        return self._bold


class FormView(QTreeView):
    """The form on the screen: its head open, its lists opened by hand or by a message that leads there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form_model = FormModel(self)
        self.setModel(self.form_model)
        self.setItemDelegate(FormDelegate(self.form_model, self))
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
        ground = self.form_model.cell(index).ground
        selected = isinstance(index, QModelIndex) and self.selectionModel().isSelected(index)
        if ground is not None and not selected:
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
