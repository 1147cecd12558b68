"""Two protocols of one precinct side by side: what is accepted, and what the commission brought now.

Only the differences are shown at first; all rows on demand. A changed row has an icon and a word beside its
colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.forms import Line, laid_out
from app.desktop.tables import whole_rows
from app.desktop.texts import number, plural, t
from app.election.model import Protocol, Reading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.differences import differences

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_CODE, _TITLE, _LEFT, _RIGHT, _MARK = range(5)
_COLUMNS: Final = ("form.column.code", "form.column.title", "compare.left", "compare.right", "compare.mark")


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: a heading (no field) or a field with both figures."""

    field: FieldRef | None
    code: str
    title: str
    left: int | None = None
    right: int | None = None
    changed: bool = False


def pairs(left: Reading | Protocol, right: Reading | Protocol, reference: Reference) -> tuple[Pair, ...]:
    """All fields of either in the order of the paper, each list under its heading; controls left out."""
    changed = {difference.field: difference for difference in differences(left, right)}
    forms = laid_out(left, reference), laid_out(right, reference)
    values = [{line.field: line.value for block in form.blocks for line in block.lines} for form in forms]
    blocks: dict[tuple[int | None, str], dict[FieldRef, Line]] = {}
    for block in (block for form in forms for block in form.blocks):
        lines = blocks.setdefault((block.number, block.title), {})
        lines.update({line.field: line for line in block.lines if line.kind != "control"})
    rows: list[Pair] = []
    for (number_, title), lines in sorted(blocks.items(), key=lambda item: item[0][0] or 0):
        rows.append(Pair(None, "" if number_ is None else str(number_), title))
        for line in sorted(lines.values(), key=lambda line: line.field.candidate or 0):
            field, differing = line.field, changed.get(line.field)
            sides = differing[1:] if differing else (values[0].get(field), values[1].get(field))
            rows.append(Pair(field, line.code, line.title, *sides, differing is not None))
    return tuple(rows)


class PairModel(QAbstractTableModel):
    """Rows as given by `show`; only changed ones (with their headings) unless all are asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Pair, ...] = ()
        self._shown: list[Pair] = []
        self._only = True
        self.names: tuple[str, ...] = ()  # of both sides, instead of the usual ones

    @property
    def shown(self) -> tuple[Pair, ...]:
        return tuple(self._shown)

    @property
    def changes(self) -> int:
        return sum(pair.changed for pair in self._all)

    def show(self, rows: tuple[Pair, ...], only_changes: bool) -> None:
        self.beginResetModel()
        self._all, self._only = rows, only_changes
        self._shown = list(rows)
        if only_changes:
            self._shown = []
            heading: Pair | None = None
            for pair in rows:
                if pair.field is None:
                    heading = pair
                elif pair.changed:
                    if heading:
                        self._shown.append(heading)
                        heading = None
                    self._shown.append(pair)
        self.endResetModel()

    def only_changes(self, only: bool) -> None:
        self.show(self._all, only)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            named = self.names and section in (_LEFT, _RIGHT)
            return self.names[section - _LEFT] if named else t(_COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        pair, column = self._shown[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(pair, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if column in (_CODE, _LEFT, _RIGHT)
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.BackgroundRole:
            return theme.colour(
                "raised" if pair.field is None else "warning_ground" if pair.changed else "surface"
            )
        if role == Qt.ItemDataRole.DecorationRole and column == _MARK and pair.changed:
            return theme.pixmap("correcting", "warning", 14)
        if role == Qt.ItemDataRole.ToolTipRole:
            return pair.title
        if role == Qt.ItemDataRole.AccessibleTextRole and pair.field is not None:
            mark = t("compare.changed") if pair.changed else t("compare.same")
            return f"{pair.title}: {self._text(pair, _LEFT)} | {self._text(pair, _RIGHT)}, {mark}"
        return None

    @staticmethod
    def _text(pair: Pair, column: int) -> str:
        if column in (_CODE, _TITLE):
            return pair.code if column == _CODE else pair.title
        if pair.field is None:
            return ""
        if column == _MARK:
            return t("compare.changed") if pair.changed else ""
        value = pair.left if column == _LEFT else pair.right
        return t("form.blank") if value is None else number(value)


class CompareView(QWidget):
    """The table with its switch between differences and all rows."""

    toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(self)
        self.words.setObjectName("cardTitle")
        self.words.setWordWrap(True)
        self.all = QCheckBox(t("compare.all"), self)
        self.all.setAccessibleName(t("compare.all"))
        self.pair_model = PairModel(self)
        self.view = QTableView(self)
        self._dress()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(self.all)
        column.addWidget(self.view, 1)
        self.all.toggled.connect(lambda all_: self.pair_model.only_changes(not all_))
        self.setFocusProxy(self.view)
        QWidget.setTabOrder(self.all, self.view)

    def show_pair(
        self,
        left: Reading | Protocol,
        right: Reading | Protocol,
        reference: Reference,
        names: tuple[str, ...] = (),
    ) -> None:
        """`names` of both sides, where they are not what is accepted and a new file."""
        self.all.setChecked(False)
        self.pair_model.names = names
        self.pair_model.show(pairs(left, right, reference), True)
        self.words.setText(plural("compare.count", self.pair_model.changes))

    def lead_to(self, field: FieldRef) -> bool:
        """Put the cursor on a field's row; all rows are shown when it is not among the differences."""
        for _ in range(2):
            for row, pair in enumerate(self.pair_model.shown):
                if pair.field == field:
                    self.view.setCurrentIndex(self.pair_model.index(row, _TITLE))
                    return True
            self.all.setChecked(True)
        return False

    def _dress(self) -> None:
        view = self.view
        view.setModel(self.pair_model)
        view.setAccessibleName(t("compare.name"))
        header = whole_rows(view, 26)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        for section, width in ((_CODE, 32), (_LEFT, 80), (_RIGHT, 64), (_MARK, 88)):
            view.setColumnWidth(section, width)
