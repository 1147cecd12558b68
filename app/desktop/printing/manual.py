"""A page of the manual as PDF: A4, embedded fonts, the page's number and source at the foot.

Qt's text document knows a part of HTML and of CSS; the style below is that part. Pictures become as wide as
the text at most.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from app.desktop.printing.offscreen import application
from app.resources import path as resource
from app.station.errors import StationError
from app.station.manual.pages import ManualPage
from app.station.manual.site import SOURCE, not_written, render

_DPI: Final = 96
_MARGIN_MM: Final = 15.0
#: The foot's height, in the document's own points.
_FOOT: Final = 26.0
_IMAGE: Final = re.compile(r'<img src="([^"]+)"[^>]*>')
#: A rule across the page is where a sheet of paper ends.
_RULE: Final = re.compile(r"<hr */?>")
_STYLE: Final = """
h1 { font-size: 17pt; margin-bottom: 6px; }
h2 { font-size: 12pt; margin-top: 12px; margin-bottom: 4px; }
h3 { font-size: 10.5pt; margin-top: 8px; margin-bottom: 3px; }
p, li { margin-top: 2px; margin-bottom: 3px; }
th { background-color: #eeeeee; text-align: left; }
code, pre { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 8pt; }
pre { background-color: #f2f2f2; }
a { color: #0b4f9e; text-decoration: none; }
"""
_BODY: Final = 9.2  # points: the clerk's manual has to fit on two sheets


def write(page: ManualPage, folder: Path) -> Path:
    """Write one page into `folder` (made when missing) as PDF; its path. Raises `StationError` STA-70."""
    application()
    target = folder / f"{page.name}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error
    writer = QPdfWriter(str(target))
    writer.setTitle(page.title)
    writer.setCreator("Přebírka")
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    painted = _paint(page, writer)
    del writer  # which writes the end of the file
    if not painted or not target.is_file():
        raise StationError(
            "STA-70",
            f"Příručku nelze zapsat do složky {folder}. Zvolte jinou složku, do které smíte zapisovat.",
            f"The manual cannot be written to {folder}. Choose another folder.",
        )
    return target


def _paint(page: ManualPage, writer: QPdfWriter) -> bool:
    width, height = writer.width(), writer.height() - _FOOT
    document = _document(page, width)
    document.setPageSize(QSizeF(width, height))
    painter = QPainter()
    if not painter.begin(writer):
        return False
    try:
        count = document.pageCount()
        for number in range(count):
            if number:
                writer.newPage()
            painter.save()
            painter.translate(0, -number * height)
            document.drawContents(painter, QRectF(0, number * height, width, height))
            painter.restore()
            _foot(painter, page, f"{number + 1} / {count}", QRectF(0, height, width, _FOOT))
    finally:
        painter.end()
    return True


def _document(page: ManualPage, width: float) -> QTextDocument:
    document = QTextDocument()
    font = QFont("DejaVu Sans")
    font.setPointSizeF(_BODY)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(_STYLE)
    body = _IMAGE.sub(lambda found: _picture(document, found[1], width), render(page).html)
    body = _RULE.sub('<p style="page-break-before: always"></p>', body)
    table = (
        '<table border="1" cellspacing="0" cellpadding="3" width="100%" style="border-collapse: collapse">'
    )
    document.setHtml(f'<html lang="{page.language}"><body>{body.replace("<table>", table)}</body></html>')
    return document


def _picture(document: QTextDocument, source: str, width: float) -> str:
    """A picture of the manual's own folder, at most so wide; one that is not there is left out."""
    image = QImage(str(resource("manual", *source.split("/"))))
    if image.isNull():
        return ""
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(source), image)
    wide = min(width * 0.62, image.width())
    return f'<img src="{source}" width="{wide:.0f}">'


def _foot(painter: QPainter, page: ManualPage, number: str, where: QRectF) -> None:
    painter.save()
    font = QFont("DejaVu Sans")
    font.setPointSizeF(7.5)
    painter.setFont(font)
    painter.setPen(QColor("#444444"))
    bottom = Qt.AlignmentFlag.AlignBottom
    painter.drawText(where, Qt.AlignmentFlag.AlignLeft | bottom, f"{page.title} · {SOURCE[page.language]}")
    painter.drawText(where, Qt.AlignmentFlag.AlignRight | bottom, number)
    painter.restore()
