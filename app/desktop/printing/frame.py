"""The frame of every print: A4 pages made of parts that are never split, and what stands on each page.

A part that does not fit goes to the next page whole, and a heading goes with what it heads, so that a
list's header never parts from its rows. Every page says which paper of which precinct it is, in which mode,
and which page of how many; a rehearsal's word lies across it. Safe off the main thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPagedPaintDevice,
    QPainter,
    QPen,
    QTextDocument,
)

from app.desktop.printing import code
from app.desktop.printing.typography import typeset
from app.desktop.texts import t
from app.election.model import Mode
from app.station.confirmation import PrintHead

#: Layout happens in units of 1/96 inch and is scaled to the device's resolution.
UNIT: Final = 96
WIDTH, HEIGHT = 794.0, 1123.0  # A4
LEFT, TOP, RIGHT, BOTTOM = 68.0, 82.0, 57.0, 88.0
ROOM: Final = HEIGHT - TOP - BOTTOM
GAP: Final = 11.0
#: The QR code's side and the room that it takes beside the first part.
CODE_SIDE: Final = 118.0
CODE_ROOM: Final = 150.0
FAMILIES: Final = ["Source Sans 3", "Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"]
_STYLE: Final = (
    "* { color: #000; } td { padding: 1.5px 4px; } .t { font-size: 15pt; font-weight: 600; }"
    ".e { font-size: 10.5pt; } .k { color: #333; } .h td { border-bottom: 1px solid #000; font-weight: 600; }"
    ".n { text-align: right; } .small { font-size: 8pt; } p { margin-top: 2px; margin-bottom: 2px; }"
    ".s { font-size: 11pt; font-weight: 600; } .line td { border-top: 1px solid #999; }"
    ".big { font-size: 12pt; font-weight: 600; } .box td { border: 1px solid #000; padding: 7px 10px; }"
)
_RIGHT_MIDDLE: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of markup that stays whole. `heads`: it may not be the last of its page."""

    markup: str
    heads: bool = False


@dataclass(frozen=True, slots=True)
class PointHead:
    """What identifies a paper about the whole point, where a paper about a protocol has its `PrintHead`."""

    election_name: str
    mode: Mode
    short_code: str
    qr_text: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A print ready to be laid out. The first part stands beside the QR code."""

    name: str  # of the file
    title: str
    head: PrintHead | PointHead
    place: str  # municipality and precinct in words
    taken: bool  # whether it is about an accepted revision
    parts: tuple[Part, ...]


def paint(paper: Paper, device: QPagedPaintDevice | QImage) -> None:
    """Paint all pages on a PDF writer or a printer without margins of its own. Raises OSError."""
    measure = QImage(1, 1, QImage.Format.Format_RGB32)
    measure.setDotsPerMeterX(round(UNIT / 0.0254))
    measure.setDotsPerMeterY(round(UNIT / 0.0254))
    documents = [
        _document(part.markup, WIDTH - LEFT - RIGHT - (0 if index else CODE_ROOM), measure)
        for index, part in enumerate(paper.parts)
    ]
    heights = [document.size().height() for document in documents]
    # A part that is taller than a page would be cut: it is set smaller instead.
    scales = [min(1.0, ROOM / height) if height else 1.0 for height in heights]
    heights = [height * scale for height, scale in zip(heights, scales, strict=True)]
    heights[0] = max(heights[0], CODE_SIDE + 14)
    pages = paginate(heights, [part.heads for part in paper.parts], ROOM, GAP)
    painter = QPainter(device)
    if not painter.isActive():
        raise OSError("the device cannot be painted on")
    painter.scale(device.logicalDpiX() / UNIT, device.logicalDpiY() / UNIT)
    for page_number, page in enumerate(pages, 1):
        if page_number > 1:
            assert isinstance(device, QPagedPaintDevice)
            device.newPage()
        _furniture(painter, paper, page_number, len(pages))
        if page_number == 1:
            pixel = UNIT / device.logicalDpiX()
            if paper.head.qr_text:
                code.paint(painter, paper.head.qr_text, QPointF(WIDTH - RIGHT, TOP), CODE_SIDE, pixel)
            _short_code(painter, paper.head)
        y = TOP
        for index in page:
            painter.save()
            painter.translate(QPointF(LEFT, y))
            painter.scale(scales[index], scales[index])
            documents[index].drawContents(painter)
            painter.restore()
            y += heights[index] + GAP
    if not painter.end():
        raise OSError("the print could not be finished")


def paginate(heights: Sequence[float], heads: Sequence[bool], room: float, gap: float) -> list[list[int]]:
    """Indices of the parts of each page: in order, each whole, a heading with what follows it, as many
    on a page as fit."""
    pages: list[list[int]] = [[]]
    used = 0.0
    for group in _groups(heads):
        height = sum(heights[index] for index in group) + gap * (len(group) - 1)
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1] += group
        used += height + gap
    return pages


def _groups(heads: Sequence[bool]) -> list[list[int]]:
    """Runs of headings together with the part that they head."""
    groups: list[list[int]] = []
    begun = False
    for index, heading in enumerate(heads):
        if begun:
            groups[-1].append(index)
        else:
            groups.append([index])
        begun = heading
    return groups


def font(size: float, bold: bool = False) -> QFont:
    made = QFont(FAMILIES)
    made.setPixelSize(round(size * UNIT / 72))
    made.setBold(bold)
    return made


def _document(markup: str, width: float, device: QImage) -> QTextDocument:
    """One part, measured with `device`, which has to live as long."""
    document = QTextDocument()
    document.documentLayout().setPaintDevice(device)
    document.setUseDesignMetrics(True)
    text_font = QFont(FAMILIES)
    text_font.setPointSizeF(9)
    document.setDefaultFont(text_font)
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    document.setHtml(markup)
    document.setTextWidth(width)
    return document


def _furniture(painter: QPainter, paper: Paper, page: int, pages: int) -> None:
    """What stands on every page: which paper it is, the mode, the precinct, page x of y."""
    head, right = paper.head, WIDTH - RIGHT
    if head.mode is Mode.REHEARSAL:
        _watermark(painter, t("mode.ZKOUSKA"))
    painter.setPen(QPen(QColor(Qt.GlobalColor.black), 0.8))
    mode = t(f"mode.{head.mode}")
    form = f" {head.key.contest.form}" if isinstance(head, PrintHead) else ""
    above = f"{t('print.program')} · {paper.title}{form}"
    _line(painter, QRectF(LEFT, 36, 450, 22), above, 8.5)
    _line(painter, QRectF(right - 200, 36, 200, 22), mode, 10, bold=True, align=_RIGHT_MIDDLE)
    painter.drawLine(QPointF(LEFT, 62), QPointF(right, 62))
    foot = HEIGHT - 66
    painter.drawLine(QPointF(LEFT, foot), QPointF(right, foot))
    width = right - LEFT
    _line(painter, QRectF(LEFT, foot + 4, width, 16), f"{paper.place} · {head.election_name}", 8)
    if isinstance(head, PointHead):
        told = t("print.footer_point", code=head.short_code) if head.short_code else ""
    elif paper.taken:
        told = t("print.footer", revision=head.revision, code=head.short_code)
    else:
        told = t("print.footer_code", code=head.short_code) if head.short_code else t("print.footer_bare")
    _line(painter, QRectF(LEFT, foot + 20, width - 160, 16), told, 8)
    numbered = t("print.page", page=page, pages=pages)
    _line(painter, QRectF(right - 150, foot + 20, 150, 16), numbered, 8, align=_RIGHT_MIDDLE)


def _line(
    painter: QPainter,
    area: QRectF,
    text: str,
    size: float,
    *,
    bold: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    """One line of text; one that is too long is set smaller, never cut."""
    text = typeset(text)
    while size > 4 and QFontMetricsF(font(size, bold)).horizontalAdvance(text) > area.width():
        size -= 0.5
    painter.setFont(font(size, bold))
    painter.drawText(area, align | Qt.TextFlag.TextSingleLine, text)


def _short_code(painter: QPainter, head: PrintHead | PointHead) -> None:
    if head.short_code:
        area = QRectF(WIDTH - RIGHT - CODE_SIDE, TOP + CODE_SIDE + 1, CODE_SIDE, 13)
        _line(painter, area, head.short_code, 7.5, align=_RIGHT_MIDDLE)


def _watermark(painter: QPainter, word: str) -> None:
    painter.save()
    painter.setPen(QColor("#E4E4E4"))
    painter.setFont(font(96, bold=True))
    painter.translate(WIDTH / 2, HEIGHT / 2)
    painter.rotate(-52)
    painter.drawText(QRectF(-600, -120, 1200, 240), Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()
