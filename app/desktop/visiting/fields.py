"""Fields by their names on the paper, and the box for one number that the number pad alone can fill."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from app.desktop.forms import COUNTS, person
from app.desktop.texts import t
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.election.verdict import FieldRef

_WIDTHS: Final = {row.column: row.width for row in COUNTS}
_FORWARD: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Plus})
_BACK: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Minus})


class FieldName(NamedTuple):
    """The number that the paper has beside a field, and its words."""

    code: str
    title: str

    @property
    def whole(self) -> str:
        return f"{self.code} {self.title}".strip()


def name_of(field: FieldRef, key: ProtocolKey, reference: Reference) -> FieldName:
    """What people call a field of a precinct's form."""
    for number, row in enumerate(COUNTS, 1):
        if row.column == field.name:
            return FieldName(str(number), t(f"form.row.{row.column}"))
    precinct = reference.precincts.get(key.precinct)
    if field.list_number is None:
        district = reference.senate_districts.get(precinct.senate_district or 0) if precinct else None
        somebody = district.candidates.get(field.candidate or 0) if district else None
        title = person(somebody) if somebody else t("form.unknown_candidate")
        return FieldName(str(field.candidate or ""), title)
    region = reference.regions.get(precinct.region or 0) if precinct else None
    listed = region.lists.get(field.list_number) if region else None
    name = listed.name if listed else t("form.unknown_list")
    if field.candidate is None:
        return FieldName(str(field.list_number), name)
    candidate = listed.candidates.get(field.candidate) if listed else None
    title = person(candidate) if candidate else t("form.unknown_candidate")
    return FieldName(f"{field.list_number}/{field.candidate}", f"{title} ({name})")


def width_of(field: FieldRef) -> int:
    """Digits that the field's boxes on the paper hold."""
    return _WIDTHS.get(field.name, 4)


class NumberField(QLineEdit):
    """Takes digits only. `forward` on Enter, `+` or down; `back` on `-` or up."""

    forward = Signal()
    back = Signal()

    def __init__(self, digits: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("number")
        self.setAccessibleName(name)
        self.setMaxLength(digits)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        self.setFixedWidth(96)

    @property
    def value(self) -> int | None:
        """None for a blank, which is no zero."""
        return int(self.text()) if self.text() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _FORWARD:
            self.forward.emit()
        elif event.key() in _BACK:
            self.back.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()
