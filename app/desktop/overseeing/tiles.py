"""The map of the point: each protocol a tile with its state's picture and its contest's letter, grouped by
municipality. Arrow keys go from tile to tile, Enter opens the protocol; the tile under the cursor is said
in words as the widget's name, so that whoever cannot see hears it change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from app.desktop import theme
from app.desktop.overseeing.tables import said
from app.desktop.states import CONDITIONS
from app.desktop.texts import t
from app.election.model import ProtocolKey
from app.station.overseeing.conditions import Line

WIDE, HIGH = 46, 40
_GAP, _BETWEEN, _HEAD, _EDGE = 4, 14, 20, 2
_NARROWEST = 104  # of a group, so that its name can be read


@dataclass(frozen=True, slots=True)
class Heading:
    """A municipality's name above its tiles."""

    area: QRect
    text: str


def laid_out(lines: Sequence[Line], width: int) -> tuple[list[QRect], list[Heading], int]:
    """Where each tile and each heading goes in so many pixels, and the height of it all. Groups flow as words
    do; one wider than the page breaks its tiles into rows."""
    tiles: list[QRect] = []
    headings: list[Heading] = []
    x, y, low = _EDGE, 0, 0
    width -= _EDGE
    for name, group in groupby(lines, key=lambda line: line.row.municipality_name):
        count = len(list(group))
        fit = max(1, (width - _EDGE + _GAP) // (WIDE + _GAP))
        across = min(count, fit)
        wide = max(across * (WIDE + _GAP) - _GAP, min(_NARROWEST, width))
        if x > _EDGE and x + wide > width:
            x, y = _EDGE, low + _BETWEEN
        headings.append(Heading(QRect(x, y, wide, _HEAD), name))
        for place in range(count):
            left, top = x + place % across * (WIDE + _GAP), y + _HEAD + place // across * (HIGH + _GAP)
            tiles.append(QRect(left, top, WIDE, HIGH))
        low = max(low, tiles[-1].bottom() + 1)
        x += wide + _BETWEEN
    return tiles, headings, low + _EDGE


class Tiles(QWidget):
    """Emits `chosen` with a protocol's key on Enter or double click."""

    chosen = Signal(object)
    moved = Signal(QRect)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self._tiles: list[QRect] = []
        self._headings: list[Heading] = []
        self._high, self._laid = 0, -1
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._say()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these tiles; only those that differ are painted again."""
        new, old = tuple(lines), self._lines
        kept = old[self.current].row.key if old else None
        self._lines = new
        if [line.row.key for line in new] == [line.row.key for line in old]:
            for place, (before, now) in enumerate(zip(old, new, strict=True)):
                if before != now:
                    self.update(self._tiles[place])
        else:
            places = {line.row.key: place for place, line in enumerate(new)}
            self.current = places.get(kept, 0) if kept else 0
            self._laid = -1
            self._lay_out(self.width())
            self.updateGeometry()
            self.update()
        self._say()

    def area(self, place: int) -> QRect:
        """Where a tile is."""
        return self._tiles[place]

    # --- geometry -----------------------------------------------------------------------------------

    def _lay_out(self, width: int) -> None:
        if width != self._laid:
            self._tiles, self._headings, self._high = laid_out(self._lines, width)
            self._laid = width

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(laid_out(self._lines, width)[2], HIGH)

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(WIDE + _GAP, HIGH)

    # --- painting -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lay_out(self.width())
        painter = QPainter(self)
        asked = event.region()
        for heading in self._headings:
            if asked.intersects(heading.area):
                painter.setPen(theme.colour("text"))
                text = self.fontMetrics().elidedText(
                    heading.text, Qt.TextElideMode.ElideRight, heading.area.width()
                )
                painter.drawText(
                    heading.area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text
                )
        for place, area in enumerate(self._tiles):
            if asked.intersects(area):
                self._paint_tile(painter, area, self._lines[place], place == self.current and self.hasFocus())

    def _paint_tile(self, painter: QPainter, area: QRect, line: Line, current: bool) -> None:
        look = CONDITIONS[line.condition]
        painter.fillRect(area, theme.colour(look.ground or "surface"))
        painter.setPen(QPen(theme.colour("accent" if current else look.ink), 3 if current else 1))
        inset = 1 if current else 0
        painter.drawRect(area.adjusted(inset, inset, -1 - inset, -1 - inset))
        painter.drawPixmap(area.left() + 5, area.top() + 4, theme.pixmap(look.icon, look.ink))
        painter.setPen(theme.colour(look.ink if look.ground else "text"))
        letter = QRect(area.left() + 22, area.top() + 2, area.width() - 26, 19)
        painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, t(f"contest.letter.{line.row.key.contest}"))
        number = QRect(area.left() + 2, area.top() + 20, area.width() - 4, 18)
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(line.row.key.precinct.number))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._repaint_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._repaint_current()

    def _repaint_current(self) -> None:
        if self._tiles:
            self.update(self._tiles[self.current])

    # --- keys and pointer ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._lay_out(self.width())
        if not self._tiles:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._lines[self.current].row.key)
        elif (to := self._neighbour(Qt.Key(event.key()))) is not None:
            self.go(to)
        else:
            super().keyPressEvent(event)

    def go(self, place: int) -> None:
        """Put the cursor on a tile."""
        self._repaint_current()
        self.current = place
        self._repaint_current()
        self._say()
        self.moved.emit(self._tiles[place])

    def _neighbour(self, key: Qt.Key) -> int | None:
        """The tile that a key leads to; None for any other key."""
        last = len(self._tiles) - 1
        match key:
            case Qt.Key.Key_Right:
                return min(self.current + 1, last)
            case Qt.Key.Key_Left:
                return max(self.current - 1, 0)
            case Qt.Key.Key_Home:
                return 0
            case Qt.Key.Key_End:
                return last
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                return self._above_or_below(down=key == Qt.Key.Key_Down)
        return None

    def _above_or_below(self, down: bool) -> int:
        """The nearest tile of the nearest row."""
        here = self._tiles[self.current]
        beyond = [
            (abs(area.top() - here.top()), abs(area.left() - here.left()), place)
            for place, area in enumerate(self._tiles)
            if (area.top() > here.top() if down else area.top() < here.top())
        ]
        return min(beyond)[2] if beyond else self.current

    def _at(self, point: QPoint) -> int | None:
        return next((place for place, area in enumerate(self._tiles) if area.contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found is not None:
            self.go(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found is not None:
            self.chosen.emit(self._lines[found].row.key)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._at(event.pos())
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), said(self._lines[found]), self, self._tiles[found])
            return True
        return super().event(event)

    def _say(self) -> None:
        told = said(self._lines[self.current]) if self._lines else t("list.nothing_found")
        self.setAccessibleName(t("oversee.tiles_name", tile=told))

    @property
    def current_key(self) -> ProtocolKey | None:
        return self._lines[self.current].row.key if self._lines else None


class TileMap(QScrollArea):
    """The map in what it scrolls in; the cursor is always in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tileMap")
        self.tiles = Tiles()
        self.tiles.moved.connect(self._keep_in_sight)
        self.setWidget(self.tiles)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _keep_in_sight(self, area: QRect) -> None:
        if area.bottom() > self.tiles.height():  # new tiles, and the layout has not been asked yet
            self.tiles.resize(self.tiles.width(), self.tiles.heightForWidth(self.tiles.width()))
        self.ensureVisible(area.center().x(), area.center().y(), WIDE, HIGH)


#: Tiles are for points of more protocols than a screen has lines.
LARGE: Final = 40
