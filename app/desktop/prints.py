"""The transcript (opis) of an accepted protocol as a PDF for the commission to compare with its paper.

A page is made of blocks laid out one by one, so that a list's header never parts from its rows: a block that
does not fit goes to the next page whole. Written as PDF/A-1b with embedded fonts, under a name that no other
revision has; what is there already is never written again. Safe to call off the main thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextDocument,
)

from app.desktop.forms import Block, contest_name, laid_out, place
from app.desktop.texts import date_time, number, t
from app.election.model import Mode, Protocol
from app.election.reference import Reference
from app.station.errors import StationError
from app.station.offers import Accepted

#: Layout happens in units of 1/96 inch and is scaled to the writer's resolution.
_UNIT: Final = 96
_DPI: Final = 300
_WIDTH, _HEIGHT = 794.0, 1123.0  # A4
_LEFT, _TOP, _RIGHT, _BOTTOM = 68.0, 82.0, 57.0, 76.0
_GAP: Final = 11.0
_FAMILIES: Final = ["Source Sans 3", "Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"]
_COLUMNS: Final = 3
_STYLE: Final = (
    "* { color: #000; } td { padding: 1.5px 4px; } .t { font-size: 15pt; font-weight: 600; }"
    ".e { font-size: 10.5pt; } .k { color: #333; } .h td { border-bottom: 1px solid #000; font-weight: 600; }"
    ".n { text-align: right; } .small { font-size: 8pt; } p { margin-top: 2px; margin-bottom: 2px; }"
)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that a transcript says; `transfer_point` names the point and the station in words."""

    reference: Reference
    protocol: Protocol
    accepted: Accepted
    transfer_point: str


def file_name(accepted: Accepted) -> str:
    """The transcript's name: contest, precinct and revision, so that no two revisions share one."""
    key = accepted.key
    contest, (municipality, precinct) = key.contest.value.lower(), key.precinct
    return f"opis-{contest}-{municipality}-{precinct}-r{accepted.revision}.pdf"


def short_code(content_hash: str) -> str:
    """The first 64 bits of a content hash for people: 16 hexadecimal digits in fours."""
    digits = content_hash[:16].upper()
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4))


def write_transcript(transcript: Transcript, folder: Path) -> Path:
    """Write the PDF into `folder` unless this revision's is there; raises `StationError` when it cannot."""
    target = folder / file_name(transcript.accepted)
    if target.exists():
        return target
    draft = target.with_suffix(f".{os.getpid()}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _paint(transcript, draft)
        if not draft.is_file() or not draft.stat().st_size:
            raise OSError("nothing was written")
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StationError(
            "DSK-01",
            f"Opis se nepodařilo uložit do složky {folder}. Uvolněte místo na disku a otevřete opis znovu "
            "ze seznamu; zápis sám je převzatý.",
            f"The transcript could not be written to {folder} ({error}). Free space on the disk and open the "
            "transcript again from the list; the protocol itself is accepted.",
        ) from error
    return target


def _paint(transcript: Transcript, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_A1b)
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
        )
    )
    writer.setTitle(f"{t('print.title')} {place(transcript.protocol, transcript.reference)}")
    writer.setCreator("Přebírka")
    paint(transcript, writer)


def paint(transcript: Transcript, device: QPagedPaintDevice) -> None:
    """Paint all pages on a PDF writer or a printer, A4 without margins of its own. Raises OSError."""
    measure = QImage(1, 1, QImage.Format.Format_RGB32)
    measure.setDotsPerMeterX(round(_UNIT / 0.0254))
    measure.setDotsPerMeterY(round(_UNIT / 0.0254))
    documents = [_document(html, measure) for html in _blocks(transcript)]
    pages = paginate([document.size().height() for document in documents], _HEIGHT - _TOP - _BOTTOM, _GAP)
    painter = QPainter(device)
    if not painter.isActive():
        raise OSError("the device cannot be painted on")
    painter.scale(device.logicalDpiX() / _UNIT, device.logicalDpiY() / _UNIT)
    for page_number, page in enumerate(pages, 1):
        if page_number > 1:
            device.newPage()
        _furniture(painter, transcript, page_number, len(pages))
        y = _TOP
        for index in page:
            painter.save()
            painter.translate(QPointF(_LEFT, y))
            documents[index].drawContents(painter)
            painter.restore()
            y += documents[index].size().height() + _GAP
    if not painter.end():
        raise OSError("the print could not be finished")


def paginate(heights: Sequence[float], room: float, gap: float) -> list[list[int]]:
    """Indices of the blocks of each page: in order, each block whole, as many on a page as fit."""
    pages: list[list[int]] = [[]]
    used = 0.0
    for index, height in enumerate(heights):
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1].append(index)
        used += height + gap
    return pages


def _font(size: float, bold: bool = False) -> QFont:
    font = QFont(_FAMILIES)
    font.setPixelSize(round(size * _UNIT / 72))
    font.setBold(bold)
    return font


def _document(html: str, device: QImage) -> QTextDocument:
    document = QTextDocument()
    document.documentLayout().setPaintDevice(device)
    document.setUseDesignMetrics(True)
    font = QFont(_FAMILIES)
    font.setPointSizeF(9)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_STYLE)
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setTextWidth(_WIDTH - _LEFT - _RIGHT)
    return document


def _furniture(painter: QPainter, transcript: Transcript, page: int, pages: int) -> None:
    """What stands on every page: the mode, what the document is, page x of y; the word of a rehearsal."""
    election, accepted = transcript.reference.election, transcript.accepted
    right = _WIDTH - _RIGHT
    if election.mode is Mode.REHEARSAL:
        painter.save()
        painter.setPen(QColor("#E4E4E4"))
        painter.setFont(_font(96, bold=True))
        painter.translate(_WIDTH / 2, _HEIGHT / 2)
        painter.rotate(-52)
        painter.drawText(QRectF(-600, -120, 1200, 240), Qt.AlignmentFlag.AlignCenter, t("mode.ZKOUSKA"))
        painter.restore()
    painter.setPen(QPen(QColor("#000000"), 0.8))
    left_text = f"{t('print.program')} · {t('print.title')} {accepted.key.contest.form}"
    painter.setFont(_font(8.5))
    painter.drawText(QRectF(_LEFT, 36, 420, 22), Qt.AlignmentFlag.AlignVCenter, left_text)
    painter.setFont(_font(10, bold=True))
    painter.drawText(QRectF(right - 260, 36, 260, 22), _RIGHT_MIDDLE, t(f"mode.{election.mode}"))
    painter.drawLine(QPointF(_LEFT, 62), QPointF(right, 62))
    foot = _HEIGHT - 56
    painter.drawLine(QPointF(_LEFT, foot), QPointF(right, foot))
    painter.setFont(_font(8))
    told = t("print.footer", place=place(transcript.protocol, transcript.reference),
             revision=accepted.revision, code=short_code(accepted.content_hash))  # fmt: skip
    painter.drawText(QRectF(_LEFT, foot + 4, 520, 20), Qt.AlignmentFlag.AlignVCenter, told)
    numbered = t("print.page", page=page, pages=pages)
    painter.drawText(QRectF(right - 150, foot + 4, 150, 20), _RIGHT_MIDDLE, numbered)


_RIGHT_MIDDLE: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _blocks(transcript: Transcript) -> Iterator[str]:
    form = laid_out(transcript.protocol, transcript.reference)
    yield _head(transcript)
    for block in form.blocks:
        yield _list(block) if block.number is not None else _counts(block)
    if form.lists_without_votes:
        numbers = ", ".join(str(one) for one in form.lists_without_votes)
        yield f"<p>{escape(t('print.without_votes', numbers=numbers))}</p>"
    yield _closing(transcript)


def _head(transcript: Transcript) -> str:
    accepted, protocol, reference = transcript.accepted, transcript.protocol, transcript.reference
    district = reference.districts.get(protocol.district)
    corrected = t("print.corrected") if protocol.corrected else ""
    passable = t("print.passable") if protocol.passable_error else ""
    rows = (
        ("precinct", place(protocol, reference)),
        ("district", district.name if district else str(protocol.district)),
        ("contest", contest_name(protocol.contest)),
        ("point", transcript.transfer_point),
        ("accepted", date_time(accepted.accepted_at)),
        ("user", accepted.accepted_by),
        ("approved", accepted.approved_by or ""),
        ("revision", " ".join(part for part in (str(accepted.revision), corrected, passable) if part)),
        ("code", short_code(accepted.content_hash)),
    )
    cells = "".join(
        f'<tr><td width="30%" class="k">{escape(t(f"print.label.{name}"))}</td>'
        f"<td><b>{escape(value)}</b></td></tr>"
        for name, value in rows
        if value
    )
    return (
        f'<p class="t">{escape(t("print.heading", form=accepted.key.contest.form))}</p>'
        f'<p class="e">{escape(reference.election.name)}</p>'
        f'<table width="100%" cellspacing="0" cellpadding="1">{cells}</table>'
    )


def _counts(block: Block) -> str:
    rows = "".join(
        f'<tr><td width="6%" class="n">{line.code}</td><td>{escape(line.title)}</td>'
        f'<td width="14%" class="n"><b>{number(line.value or 0)}</b></td></tr>'
        for line in block.lines
        if line.kind != "control"
    )
    return (
        '<table width="100%" cellspacing="0" cellpadding="1"><tr class="h">'
        f'<td colspan="2">{escape(block.title)}</td>'
        f'<td class="n">{escape(t("print.votes"))}</td></tr>{rows}</table>'
    )


def _list(block: Block) -> str:
    """A list's header with its votes, and its preferential votes in columns read downwards."""
    lines = [line for line in block.lines if line.kind == "preference" and line.value]
    depth = -(-len(lines) // _COLUMNS)
    rows = ""
    for row in range(depth):
        rows += "<tr>"
        for column in range(_COLUMNS):
            index = column * depth + row
            if index < len(lines):
                line = lines[index]
                name = escape(line.title.partition(",")[0])
                rows += (
                    f'<td width="4%" class="n small">{line.code}</td>'
                    f'<td width="23%" class="small">{name}</td>'
                    f'<td width="6%" class="n small"><b>{number(line.value or 0)}</b></td>'
                )
            else:
                rows += "<td></td><td></td><td></td>"
        rows += "</tr>"
    preferences = (
        f'<table width="100%" cellspacing="0" cellpadding="0">{rows}</table>'
        if lines
        else f'<p class="small">{escape(t("print.no_preferences"))}</p>'
    )
    return (
        '<table width="100%" cellspacing="0" cellpadding="1"><tr class="h">'
        f'<td width="4%" class="n">{block.number}</td><td>{escape(block.title)}</td>'
        f'<td width="14%" class="n">{number(block.total or 0)}</td></tr></table>{preferences}'
    )


def _closing(transcript: Transcript) -> str:
    line = "." * 46
    return (
        f"<p>{escape(t('print.compare'))}</p>"
        '<table width="100%" cellspacing="0"><tr>'
        f'<td width="50%"><br><br>{line}<br>{escape(t("print.sign_commission"))}</td>'
        f"<td><br><br>{line}<br>{escape(t('print.sign_clerk'))}</td></tr></table>"
        f'<br><p class="small k">{escape(t("print.hash"))} {transcript.accepted.content_hash}<br>'
        f"{escape(t('print.original'))} {transcript.accepted.original_sha256}</p>"
    )
