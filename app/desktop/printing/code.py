"""The QR code of a print: what it says comes from the station, here it becomes black squares.

One line of text, fields parted by semicolons, so that any telephone reads it and a machine takes it apart:

    PREBIRKA;1;<election>;<contest>;<municipality>/<precinct>;r<revision>;<SHA-256 of the content>

`1` is the version of this line. The squares are one filled path of whole device pixels each, so that no
printer blurs them; around them four squares' width stays white.
"""

from __future__ import annotations

from typing import Final

import segno
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

#: White squares around the code (ISO/IEC 18004).
QUIET: Final = 4


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The code's squares row by row, True for black, without the white border."""
    made = segno.make_qr(text, error="m")
    return tuple(tuple(bool(square) for square in row) for row in made.matrix)


def paint(painter: QPainter, text: str, right_top: QPointF, side: float, pixel: float) -> QRectF:
    """Paint the code with its right upper corner there, at most `side` wide; `pixel`: of the device, in the
    painter's units. Returns the black area."""
    rows = modules(text)
    module = max(1, int(side / pixel / len(rows))) * pixel
    size = module * len(rows)
    left = round((right_top.x() - size) / pixel) * pixel
    top = round(right_top.y() / pixel) * pixel
    area = QRectF(left, top, size, size)
    border = QUIET * module
    painter.fillRect(area.adjusted(-border, -border, border, border), QColor(Qt.GlobalColor.white))
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            end = x
            while end < len(row) and row[end]:
                end += 1
            path.addRect(QRectF(left + x * module, top + y * module, (end - x) * module, module))
            x = end
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillPath(path, QColor(Qt.GlobalColor.black))
    painter.restore()
    return area
