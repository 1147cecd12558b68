"""The form that is mended: every field of the precinct's form, what the protocol states, what it becomes.

The model takes digits from the number pad for the row under the cursor; nothing is changed elsewhere. A list
that the protocol has no sheet for is there too, because a forgotten sheet is a thing to mend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from app.desktop import theme
from app.desktop.form_view import FormModel
from app.desktop.forms import Block, Form, Line, find, laid_out, person
from app.desktop.texts import number, t
from app.desktop.visiting.fields import width_of
from app.election.model import Reading, RegionalReading
from app.election.reference import CandidateList, Reference
from app.election.verdict import FieldRef

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_TITLE, _VALUE, _NEW = 1, 2, 3


def whole_form(reading: Reading, reference: Reference) -> Form:
    """The reading's form with all registered lists and candidates, without control numbers."""
    form = laid_out(reading, reference)
    blocks = [replace(b, lines=tuple(x for x in b.lines if x.kind != "control")) for b in form.blocks]
    if not isinstance(reading, RegionalReading):
        return replace(form, blocks=tuple(blocks))
    precinct = reference.precincts.get(reading.precinct)
    region = reference.regions.get(precinct.region or 0) if precinct else None
    lists = region.lists if region else {}
    present = {block.number: block for block in blocks[1:]}
    numbers = sorted({*lists, *(n for n in present if n is not None)})
    whole = [_whole(number_, present.get(number_), lists.get(number_)) for number_ in numbers]
    return replace(form, blocks=(blocks[0], *whole))


def _whole(number_: int, block: Block | None, listed: CandidateList | None) -> Block:
    have = {line.field: line for line in block.lines} if block else {}
    votes = FieldRef("POC_HLASU", number_)
    lines = [have.get(votes) or Line(votes, "", t("form.row.POC_HLASU"), None, "votes")]
    candidates = listed.candidates if listed else {}
    stated = {field.candidate for field in have if field.candidate is not None}
    for candidate in sorted({*candidates, *stated}):
        field = FieldRef("HLASY", number_, candidate)
        name = person(candidates[candidate]) if candidate in candidates else t("form.unknown_candidate")
        lines.append(have.get(field) or Line(field, str(candidate), name, None, "preference"))
    title = block.title if block else listed.name if listed else t("form.unknown_list")
    return Block(title, tuple(lines), number_, block.total if block else None)


class MendModel(FormModel):
    """The form with a fourth column: what the field becomes. `changed` after each key."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed: dict[FieldRef, str] = {}

    def begin(self, form: Form, faults: Mapping[tuple[int, int], str]) -> None:
        self._typed = {}
        self.show(form, faults)

    @property
    def changes(self) -> dict[FieldRef, int | None]:
        """Fields that become another figure."""
        stated = {line.field: line.value for block in self.form.blocks for line in block.lines}
        typed = {field: int(text) for field, text in self._typed.items() if text}
        return {field: value for field, value in typed.items() if stated.get(field) != value}

    def line_at(self, index: Index) -> Line | None:
        """The row's field; None on a heading."""
        if not index.isValid() or not index.parent().isValid():
            return None
        return self.form.blocks[index.parent().row()].lines[index.row()]

    def type(self, index: Index, text: str | None) -> None:
        """Add a digit to the row's new figure; None takes the last one away."""
        line = self.line_at(index)
        if line is None:
            return
        before = self._typed.get(line.field, "")
        self._typed[line.field] = before[:-1] if text is None else (before + text)[: width_of(line.field)]
        self._tell(index)

    def forget(self, index: Index) -> None:
        """Leave the field as it is stated."""
        line = self.line_at(index)
        if line is not None and self._typed.pop(line.field, None) is not None:
            self._tell(index)

    def _tell(self, index: Index) -> None:
        first = self.index(index.row(), 0, index.parent())
        self.dataChanged.emit(first, self.index(index.row(), _NEW, index.parent()))
        self.changed.emit()

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if section != _NEW:
            return super().headerData(section, orientation, role)
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return t("mend.new")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line_at(index)
        if index.column() != _NEW:
            if line is not None and line.field in self.changes and role == Qt.ItemDataRole.BackgroundRole:
                return theme.colour("info_ground")
            return super().data(index, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if line is None:
            return theme.colour("raised") if role == Qt.ItemDataRole.BackgroundRole else None
        text, changes = self._typed.get(line.field, ""), self.changes
        if role == Qt.ItemDataRole.DisplayRole:
            return number(int(text)) if text else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return t("mend.cell", title=line.title, new=text or t("mend.unchanged"))
        if line.field in changes and role == Qt.ItemDataRole.BackgroundRole:
            return theme.colour("info_ground")
        if line.field in changes and role == Qt.ItemDataRole.DecorationRole:
            return theme.pixmap("correcting", "info", 14)
        return None


_WIDTHS: Final = {0: 40, _VALUE: 84, _NEW: 96}


class MendView(QTreeView):
    """Digits change the row under the cursor, Backspace takes one back, Delete leaves the field as it was,
    Enter goes to the next field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mend_model = MendModel(self)
        self.setModel(self.mend_model)
        self.setObjectName("form")
        self.setAccessibleName(t("mend.name"))
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setTreePosition(_TITLE)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(34)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        for section, width in _WIDTHS.items():
            header.resizeSection(section, width)

    def begin(self, form: Form, faults: Mapping[tuple[int, int], str], first: FieldRef | None) -> None:
        """Show the form; the cursor on `first`, or on the first field."""
        self.mend_model.begin(form, faults)
        for row, block in enumerate(form.blocks):
            if block.number is None or any(b == row for b, _ in faults):
                self.expand(self.mend_model.index(row, 0))
        if not (first and self.lead_to(first)):
            self.setCurrentIndex(self.mend_model.index(0, 0, self.mend_model.index(0, 0)))

    def lead_to(self, field: FieldRef) -> bool:
        """Put the cursor on a field; False when the form has no such place."""
        place = find(self.mend_model.form, field)
        if place is None:
            return False
        block = self.mend_model.index(place[0], 0)
        self.expand(block)
        index = self.mend_model.index(place[1], 0, block)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, text = self.currentIndex(), event.text()
        if len(text) == 1 and text.isascii() and text.isdigit():
            self.mend_model.type(index, text)
        elif event.key() == Qt.Key.Key_Backspace:
            self.mend_model.type(index, None)
        elif event.key() == Qt.Key.Key_Delete:
            self.mend_model.forget(index)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            below = self.indexBelow(index)
            if below.isValid():
                self.setCurrentIndex(below.siblingAtColumn(0))
        else:
            super().keyPressEvent(event)
            return
        event.accept()
