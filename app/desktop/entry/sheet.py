"""The boxes of one block on the screen: a list's sheet in two pages, or a column of rows.

Both place their boxes and paint the words around them by themselves: a layout of two hundred labels would be
laid out anew at each list. Beside every box stays room for the sign of a fault, so nothing ever moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.desktop import theme
from app.desktop.entry.box import Box
from app.desktop.entry.pad import Act
from app.desktop.forms import PAGES, Block, Line
from app.desktop.states import SEVERITIES
from app.desktop.texts import t
from app.election.verdict import FieldRef

Values = Mapping[FieldRef, int | None]
#: Gravest severity and sentence of each field that has a fault.
Faults = Mapping[FieldRef, tuple[str, str]]

_BOX: Final = 48
_SIGN: Final = 16  # room for the sign of a fault, left of the box
_NUMBER: Final = 26
_GAP: Final = 10
_HEAD: Final = 40
_CAPTION: Final = 20
#: Columns of the front and of the reverse page, and rows of each.
_COLUMNS: Final = (3, 2)
_ROWS: Final = (15, 13)
#: Below this width only one page is shown at a time.
_BOTH_PAGES: Final = 860
_HIGHEST, _LOWEST = 34, 19
#: Candidates of T/5 that stand in one column before a second is begun.
_CANDIDATES: Final = 11


class Fields(QWidget):
    """Boxes for the lines of one block. Subclasses place them."""

    def __init__(
        self, acted: Callable[[Box, Act, int], None], left: Callable[[Box], None],
        came: Callable[[Box], None], count: int, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.boxes = [Box(acted, left, came, self) for _ in range(count)]
        self.block = Block("", ())
        self.setAutoFillBackground(False)
        for box in self.boxes:
            box.hide()

    def show_block(self, block: Block, values: Values, faults: Faults) -> None:
        """Show a block with what was typed; boxes are used again for the next one."""
        same_shape = len(block.lines) == len(self.block.lines)
        self.block = block
        of_list = "" if block.number is None else t("entry.of_list", number=block.number)
        for box, line in zip(self.boxes, block.lines, strict=False):
            severity, sentence = faults.get(line.field, ("", ""))
            name = t("entry.box_name", list=of_list, code=line.code, title=line.title).strip()
            box.show_line(line, values.get(line.field), name, severity)
            box.show_fault(severity, sentence)
        for box in self.boxes[len(block.lines) :]:
            box.line = None
        if not same_shape:
            self._place()
        self.update()

    def show_faults(self, faults: Faults) -> None:
        for box in self.boxes:
            if box.line is not None:
                box.show_fault(*faults.get(box.line.field, ("", "")))
        self.update()

    def box_of(self, field: FieldRef) -> Box | None:
        return next((box for box in self.boxes if box.line is not None and box.line.field == field), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        raise NotImplementedError

    def _paint_row(self, painter: QPainter, line: Line, row: QRect, fault: str) -> None:
        """Number, name and the sign of a fault, left of the box that ends the row."""
        metrics = self.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.colour("muted"))
        code = QRect(row.left(), row.top(), _NUMBER - 6, row.height())
        painter.drawText(code, middle | Qt.AlignmentFlag.AlignRight, line.code)
        sign = _SIGN if fault else 0
        title = QRect(row.left() + _NUMBER, row.top(), row.width() - _NUMBER - _BOX - sign - 2, row.height())
        painter.setPen(theme.colour("text" if line.known else "muted"))
        words = line.title if line.known else t("form.blank")
        if metrics.horizontalAdvance(words) > title.width():
            words = words.partition(",")[0]  # the name goes before titles of a person
        elided = metrics.elidedText(words, Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, middle | Qt.AlignmentFlag.AlignLeft, elided)
        if fault:
            look = SEVERITIES[fault]
            at = title.right() + 3, row.top() + (row.height() - 14) // 2
            painter.drawPixmap(*at, theme.pixmap(look.icon, look.ink, 14))


class Rows(Fields):
    """One field under the other: the counts of both forms, the candidates of T/5 in one or two columns."""

    def __init__(
        self, acted: Callable[[Box, Act, int], None], left: Callable[[Box], None],
        came: Callable[[Box], None], count: int, parent: QWidget | None = None, columns: int = 1,
    ) -> None:  # fmt: skip
        super().__init__(acted, left, came, count, parent)
        self._columns = columns
        self._rows: list[QRect] = []

    def sizeHint(self) -> QSize:
        return QSize(250, _CAPTION + 4 + 28 * len(self.boxes) // self._columns)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, _CAPTION + 4 + (_LOWEST + 3) * (len(self.boxes) // self._columns))

    def _place(self) -> None:
        lines = self.block.lines
        per_column = max(1 if self._columns == 1 else _CANDIDATES, -(-len(lines) // self._columns))
        height = max(_LOWEST + 3, min(30, (self.height() - _CAPTION - 4) // per_column))
        width = min(420, (self.width() - _GAP * (self._columns - 1)) // self._columns)
        self._rows = [
            QRect(i // per_column * (width + _GAP), _CAPTION + 4 + i % per_column * height, width, height)
            for i in range(len(lines))
        ]
        for i, box in enumerate(self.boxes):
            box.setVisible(i < len(lines))
            if i < len(lines):
                row = self._rows[i]
                box.setGeometry(row.right() - _BOX - 5, row.top() + 1, _BOX + 6, row.height() - 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRect(0, 0, self.width(), _CAPTION), Qt.AlignmentFlag.AlignVCenter, self.block.title)
        for row, line, box in zip(self._rows, self.block.lines, self.boxes, strict=False):
            if row.intersects(event.rect()):
                self._paint_row(painter, line, row.adjusted(0, 0, -6, 0), box.fault)


class Sheet(Fields):
    """Part 2 of T/6: a list's votes and its seventy boxes, front and reverse side by side where they fit."""

    def __init__(
        self, acted: Callable[[Box, Act, int], None], left: Callable[[Box], None],
        came: Callable[[Box], None], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(acted, left, came, 1 + PAGES[-1].stop - 1, parent)
        self._page = 1
        self._rows: dict[int, QRect] = {}  # box number → row
        self._captions: list[tuple[QRect, int]] = []

    def minimumSizeHint(self) -> QSize:
        return QSize(560, _HEAD + _CAPTION + _LOWEST * _ROWS[0])

    @property
    def shows_both(self) -> bool:
        return self.width() >= _BOTH_PAGES

    def turn_to(self, page: int) -> None:
        """Show a page of the sheet, where only one fits."""
        if page != self._page:
            self._page = page
            if not self.shows_both:
                self._place()
                self.update()

    def _place(self) -> None:
        both = self.shows_both
        pages = (1, 2) if both else (self._page,)
        columns = sum(_COLUMNS[page - 1] for page in pages)
        spare = _GAP * (columns - 1) + (_GAP if both else 0)
        width = min(300, (self.width() - spare) // columns)
        height = max(_LOWEST, min(_HIGHEST, (self.height() - _HEAD - _CAPTION) // _ROWS[0]))
        self._rows, self._captions = {}, []
        left = 0
        for page in pages:
            across = _COLUMNS[page - 1] * (width + _GAP)
            self._captions.append((QRect(left, _HEAD, across - _GAP, _CAPTION), page))
            for i, number in enumerate(PAGES[page - 1]):
                column, row = divmod(i, _ROWS[page - 1])
                self._rows[number] = QRect(
                    left + column * (width + _GAP), _HEAD + _CAPTION + row * height, width, height
                )
            left += across + _GAP
        self.boxes[0].setGeometry(self._votes_left(), 3, 72, _HEAD - 8)
        self.boxes[0].setVisible(bool(self.block.lines))
        for number, box in enumerate(self.boxes[1:], 1):
            shown = self._rows.get(number)
            if shown is not None and self.block.lines:
                box.setGeometry(shown.right() - _BOX + 1, shown.top() + 1, _BOX, shown.height() - 2)
                box.show()
            elif not box.hasFocus():
                box.hide()

    def tidy(self) -> None:
        """Hide what the shown page does not have; the box with the cursor had to wait until it moved."""
        for number, box in enumerate(self.boxes[1:], 1):
            if number not in self._rows and box.isVisible():
                box.hide()

    def _votes_left(self) -> int:
        return min(self.width() - 78, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        lines = self.block.lines
        if not lines:
            return
        if event.rect().top() < _HEAD:
            self._paint_head(painter)
        for area, page in self._captions:
            if area.intersects(event.rect()):
                painter.setPen(theme.colour("muted"))
                painter.drawText(area, middle, t(f"entry.page_{page}"))
                painter.setPen(theme.colour("line"))
                painter.drawLine(area.left(), area.bottom() - 1, area.right(), area.bottom() - 1)
        for number, row in self._rows.items():
            if row.intersects(event.rect()):
                self._paint_row(painter, lines[number], row, self.boxes[number].fault)

    def _paint_head(self, painter: QPainter) -> None:
        votes = self.boxes[0]
        end = self._votes_left() - _SIGN - 4
        font = painter.font()
        large = painter.font()
        large.setPointSizeF(font.pointSizeF() * 1.3)
        large.setBold(True)
        painter.setFont(large)
        painter.setPen(theme.colour("text"))
        words = t("entry.votes")
        painter.setFont(font)
        label = painter.fontMetrics().horizontalAdvance(words)
        painter.drawText(QRect(end - label, 0, label, _HEAD - 2), Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(large)
        room = end - label - 12
        title = t("entry.list", number=self.block.number, name=self.block.title)
        elided = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(0, 0, room, _HEAD - 2), Qt.AlignmentFlag.AlignVCenter, elided)
        painter.setFont(font)
        if votes.fault:
            look = SEVERITIES[votes.fault]
            painter.drawPixmap(end + 4, (_HEAD - 16) // 2, theme.pixmap(look.icon, look.ink, 14))
