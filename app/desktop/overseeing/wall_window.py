"""The wall: one large picture of how far the point is, to be read from five metres.

It shows a `Wall` and the time, and takes nothing but the keys that put it away: there is nothing on it to
press, nobody is signed in, and what a `Wall` cannot hold it cannot show. Letters are at least a thirtieth of
the screen's height: on a screen of a metre's width 2 cm, which is read from five metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.desktop import texts, theme
from app.desktop.header import ModeBadge
from app.desktop.precinct_table import czech_order
from app.desktop.states import Look
from app.desktop.texts import number, plural, t
from app.station.overseeing.wall import Public, Wall, WallRow

#: Municipalities in one column and in all on a page; seconds that a page stays.
DOWN, PAGE, SECONDS = 8, 16, 12
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter
LOOKS: Final[dict[Public, Look]] = {
    Public.SETTLING: Look("held", "warning", None, "oversee.public.settling"),
    Public.MISSING: Look("awaited", "muted", None, "oversee.public.missing"),
    Public.TAKEN: Look("accepted", "accent", None, "oversee.public.taken"),
    Public.CONFIRMED: Look("confirmed", "ok", None, "oversee.public.confirmed"),
}


class WallWindow(QWidget):
    """`show_wall` shows another state; the clock and the pages run by themselves."""

    closed = Signal()

    def __init__(self, clock: Callable[[], datetime], *, stays: bool = False) -> None:
        """With `stays` F11 and Escape only leave and take the whole screen; Ctrl+Q or the cross close it."""
        super().__init__(None, Qt.WindowType.Window)
        self._stays = stays
        self.setObjectName("wall")
        self._clock, self._page, self._seconds = clock, 0, 0
        self._wall: Wall | None = None
        self._badge: ModeBadge | None = None
        self.setMinimumSize(640, 360)
        self.resize(1280, 720)
        self.setWindowIcon(theme.icon("prebirka", size=64))
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @property
    def page(self) -> int:
        """Which page of municipalities is seen, from 0."""
        return self._page

    def show_wall(self, wall: Wall) -> None:
        """Show another state; municipalities in Czech order."""
        order = czech_order(row.name for row in wall.municipalities)
        ordered = sorted(wall.municipalities, key=lambda row: order[row.name])
        wall = replace(wall, municipalities=tuple(ordered))
        if wall == self._wall:
            return
        if self._badge is None:
            self._badge = ModeBadge(wall.mode, self)
            self._badge.show()
        self._wall = wall
        self._page = min(self._page, len(wall.pages(PAGE)) - 1)
        mode = t(f"mode.{wall.mode}")
        self.setWindowTitle(t("oversee.on_wall.title", point=wall.point, mode=mode))
        self.setAccessibleName(said(wall))
        self.update()

    @Slot()
    def tick(self) -> None:
        """A second went by."""
        self._seconds += 1
        if self._wall is not None and self._seconds % SECONDS == 0:
            self._page = (self._page + 1) % len(self._wall.pages(PAGE))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_quit(event):
            self.close()
        elif event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_F11 and self.isFullScreen()):
            self.showNormal() if self._stays else self.close()
        elif event.key() == Qt.Key.Key_F11:
            self.showFullScreen() if self._stays else self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self.closed.emit()
        super().closeEvent(event)

    # --- painting -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("ground"))
        wall = self._wall
        if wall is None:
            return
        unit = min(self.height() / 100, self.width() / 150)
        whole = QRectF(self.rect())
        self._head(painter, QRectF(0, 0, whole.width(), 15 * unit), wall, unit)
        self._total(
            painter, QRectF(4 * unit, 17 * unit, whole.width() - 8 * unit, 19 * unit), wall.total, unit
        )
        foot = QRectF(4 * unit, whole.height() - 6 * unit, whole.width() - 8 * unit, 5 * unit)
        body = QRectF(4 * unit, 38 * unit, whole.width() - 8 * unit, foot.top() - 39 * unit)
        pages = wall.pages(PAGE)
        self._rows(painter, body, pages[self._page], unit)
        self._foot(painter, foot, wall, len(pages), unit)

    def _head(self, painter: QPainter, area: QRectF, wall: Wall, unit: float) -> None:
        painter.fillRect(area, theme.colour("header"))
        inside = area.adjusted(4 * unit, 1.5 * unit, -4 * unit, -1.5 * unit)
        clock = QRectF(inside.right() - 41 * unit, inside.top(), 41 * unit, inside.height())
        painter.setPen(theme.colour("on_header"))
        shown = self._clock().astimezone(texts.PRAGUE).strftime("%H:%M:%S")
        _line(painter, clock, shown, 7.6 * unit, _RIGHT, bold=True)
        badge = QRectF(clock.left() - 42 * unit, inside.top() + 1.5 * unit, 42 * unit, 9 * unit)
        self._show_badge(wall, badge, round(3.8 * unit))
        names = QRectF(inside.left(), inside.top(), badge.left() - inside.left() - 3 * unit, inside.height())
        upper, lower = QRectF(names), QRectF(names)
        upper.setHeight(7 * unit)
        lower.setTop(names.top() + 7 * unit)
        _line(painter, upper, t("oversee.on_wall.point", point=wall.point), 5.4 * unit, _LEFT, bold=True)
        painter.setPen(theme.colour("header_muted"))
        _line(painter, lower, wall.election, 3.4 * unit, _LEFT)

    def _show_badge(self, wall: Wall, area: QRectF, size: int) -> None:
        """The window's own badge, as large as the wall needs it."""
        badge = self._badge
        if badge is None:
            return
        font = QFont(badge.font())
        font.setPixelSize(max(6, size))
        if font != badge.font() or badge.geometry() != area.toRect():
            badge.setFont(font)
            badge.setGeometry(area.toRect())

    def _total(self, painter: QPainter, area: QRectF, row: WallRow, unit: float) -> None:
        painter.setPen(theme.colour("text"))
        words = QRectF(area.left(), area.top(), area.width(), 9 * unit)
        told = t("oversee.on_wall.total", here=number(row.here), precincts=number(row.precincts))
        _line(painter, words, told, 7.4 * unit, _LEFT, bold=True)
        self._bar(painter, QRectF(area.left(), words.bottom(), area.width(), 4 * unit), row)
        below = QRectF(area.left(), area.bottom() - 5.4 * unit, area.width(), 5.4 * unit)
        counts = (
            (Public.CONFIRMED, row.confirmed), (Public.TAKEN, row.taken), (Public.SETTLING, row.settling),
            (Public.MISSING, row.missing),
        )  # fmt: skip
        width = area.width() / len(counts)
        for place, (standing, count) in enumerate(counts):
            cell = QRectF(area.left() + place * width, below.top(), width, below.height())
            self._marked(painter, cell, standing, f"{t(LOOKS[standing].text)} {number(count)}", 3.6 * unit)

    def _rows(self, painter: QPainter, area: QRectF, rows: tuple[WallRow, ...], unit: float) -> None:
        across = 1 if len(rows) <= DOWN else 2
        gap = 6 * unit
        width = (area.width() - gap * (across - 1)) / across
        high = min(area.height() / DOWN, 8 * unit)
        each = -(-len(rows) // across)
        for place, row in enumerate(rows):
            column, down = divmod(place, each)
            cell = QRectF(area.left() + column * (width + gap), area.top() + down * high, width, high)
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(cell.bottomLeft(), cell.bottomRight())
            self._row(painter, cell, row, unit)

    def _row(self, painter: QPainter, cell: QRectF, row: WallRow, unit: float) -> None:
        name, bar, done = 0.40 * cell.width(), 0.14 * cell.width(), 0.18 * cell.width()
        painter.setPen(theme.colour("text"))
        area = QRectF(cell.left(), cell.top(), name - 2 * unit, cell.height())
        _line(painter, area, row.name, 3.8 * unit, _LEFT, bold=True)
        track = QRectF(cell.left() + name, cell.center().y() - unit, bar, 2 * unit)
        self._bar(painter, track, row)
        painter.setPen(theme.colour("text"))
        words = QRectF(track.right(), cell.top(), done, cell.height())
        told = t("oversee.on_wall.row", here=number(row.here), precincts=number(row.precincts))
        _line(painter, words, told, 3.6 * unit, _CENTRE)
        rest = QRectF(words.right() + unit, cell.top(), cell.right() - words.right() - unit, cell.height())
        counts = {Public.SETTLING: row.settling, Public.MISSING: row.missing}
        word = t(LOOKS[row.worst].text)
        count = counts.get(row.worst)
        self._marked(painter, rest, row.worst, f"{word} {number(count)}" if count else word, 3.4 * unit)

    def _marked(self, painter: QPainter, area: QRectF, standing: Public, words: str, size: float) -> None:
        """A standing's picture and words: never a colour alone."""
        look = LOOKS[standing]
        side = 1.2 * size
        picture = theme.pixmap(look.icon, look.ink, max(8, round(side)))
        painter.drawPixmap(
            QRectF(area.left(), area.center().y() - side / 2, side, side), picture, QRectF(picture.rect())
        )
        painter.setPen(theme.colour("text"))
        _line(painter, area.adjusted(side + 0.4 * size, 0, 0, 0), words, size, _LEFT)

    def _bar(self, painter: QPainter, track: QRectF, row: WallRow) -> None:
        """Confirmed, taken over and being settled one after another on a track of all."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line"))
        painter.drawRect(track)
        left = track.left()
        for standing, count in (
            (Public.CONFIRMED, row.confirmed), (Public.TAKEN, row.taken), (Public.SETTLING, row.settling),
        ):  # fmt: skip
            if count and row.precincts:
                width = track.width() * count / row.precincts
                painter.setBrush(theme.colour(LOOKS[standing].ink))
                painter.drawRect(QRectF(left, track.top(), width, track.height()))
                left += width

    def _foot(self, painter: QPainter, area: QRectF, wall: Wall, pages: int, unit: float) -> None:
        painter.setPen(theme.colour("text"))
        heard = t("oversee.on_wall.heard", time=texts.clock_time(wall.heard)) if wall.heard else ""
        _line(painter, area, heard or t("oversee.on_wall.not_heard"), 3.3 * unit, _LEFT)
        if pages > 1:
            told = t("oversee.on_wall.page", page=self._page + 1, pages=pages)
            _line(painter, area, told, 3.3 * unit, _RIGHT)


def _is_quit(event: QKeyEvent) -> bool:
    """Ctrl+Q."""
    return event.key() == Qt.Key.Key_Q and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def said(wall: Wall) -> str:
    """The wall in words, for whoever cannot see it."""
    all_ = wall.total
    first = t("oversee.on_wall.point", point=wall.point) + f". {t(f'mode.{wall.mode}')}."
    total = t("oversee.on_wall.total", here=number(all_.here), precincts=number(all_.precincts))
    rows = "; ".join(
        f"{row.name} {t('oversee.on_wall.row', here=number(row.here), precincts=number(row.precincts))}"
        for row in wall.municipalities
    )
    return f"{first} {total}. {plural('oversee.on_wall.missing', all_.missing)} {rows}"


def _line(
    painter: QPainter, area: QRectF, text: str, size: float, align: Qt.AlignmentFlag, *, bold: bool = False
) -> None:
    """One line of text `size` pixels high; a long one is set smaller, down to three quarters, then cut."""
    font = QFont(painter.font())
    font.setBold(bold)
    for share in (1.0, 0.92, 0.84, 0.75):
        font.setPixelSize(max(6, round(size * share)))
        if QFontMetricsF(font).horizontalAdvance(text) <= area.width():
            break
    painter.setFont(font)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, align | Qt.TextFlag.TextSingleLine, shown)
