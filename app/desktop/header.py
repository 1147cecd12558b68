"""The bar that is always on top: which election, which point, who works, which mode, is the line up.

The mode badge cannot be mistaken or hidden: a rehearsal is striped yellow with the word, live operation is
solid with the word. The connection is told by an icon and words, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.desktop import texts, theme
from app.desktop.texts import plural, t
from app.election.model import Mode
from app.station.connection import Connection, Line


class ModeBadge(QWidget):
    """The word of the mode on its own ground; stripes on both sides in a rehearsal."""

    _STRIPE: Final = 22

    def __init__(self, mode: Mode, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self._word = t(f"mode.{mode}")
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(13)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.2)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(t("header.mode_name", word=self._word))
        self.setToolTip(t(f"mode.help.{mode}"))

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().size(0, self._word)
        return QSize(text.width() + 2 * self._STRIPE + 28, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        rehearsal = self._mode is Mode.REHEARSAL
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.colour("on_header"), 1))
        painter.setBrush(theme.colour("rehearsal" if rehearsal else "live"))
        painter.drawRoundedRect(area, 5, 5)
        if rehearsal:
            self._paint_stripes(painter)
        painter.setPen(theme.colour("on_rehearsal" if rehearsal else "on_live"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._word)

    def _paint_stripes(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("rehearsal_stripe"))
        height, width = self.height() - 2.0, float(self.width())
        for left in (1.0, width - self._STRIPE - 1.0):
            painter.save()
            painter.setClipRect(QRectF(left, 1, self._STRIPE, height))
            x = left - height
            while x < left + self._STRIPE:
                painter.drawPolygon(_slanted(x, height))
                x += 16
            painter.restore()


def _slanted(x: float, height: float) -> QPolygonF:
    corners = ((x, height + 1), (x + height, 1), (x + height + 8, 1), (x + 8, height + 1))
    return QPolygonF([QPointF(*corner) for corner in corners])


class Shortened(QLabel):
    """A label that ends in an ellipsis where there is no room; the whole text is its name and tool tip."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class HeaderBar(QFrame):
    """All that is always visible. `show_connection` and `show_user` change it; the clock runs by itself.

    Narrower than `_COMPACT` pixels (a small screen at 150 %) the button keeps only its key, the clock its
    minutes and a person the beginning of a long name, so that election and point have room.
    """

    _COMPACT: Final = 1100

    def __init__(
        self, election: str, point: str, mode: Mode, user: str, clock: Callable[[], datetime], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self._clock = clock
        self.badge = ModeBadge(mode, self)
        self.open_button = QPushButton(theme.icon("open", "on_header"), " " + t("header.open"), self)
        self.open_button.setObjectName("headerButton")
        self.open_button.setAccessibleName(t("header.open_name"))
        self.open_button.setToolTip(t("header.open_help"))
        self.help_button = QPushButton(theme.icon("help", "on_header"), "", self)
        self.help_button.setObjectName("headerButton")
        self.help_button.setAccessibleName(t("help.button_name"))
        self.help_button.setToolTip(t("help.button_help"))
        self._line_icon, self.line = QLabel(self), QLabel(self)
        self.queue = QLabel(self)
        self.user = Shortened(user, self)
        self.user.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.user.setMinimumWidth(60)
        self.time = QLabel(self)
        self.time.setObjectName("headerClock")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(14)
        row.addWidget(self.badge)
        row.addLayout(self._two_lines(election, point), 1)
        row.addWidget(self.open_button)
        row.addWidget(self.help_button)
        row.addLayout(self._connection_box())
        row.addLayout(self._user_box())
        row.addWidget(self.time)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(1000)
        self._tick()

    def show_user(self, name: str) -> None:
        """Another person sits at the desk."""
        self.user.setText(name)
        self.user.setToolTip(name)
        self.user.setAccessibleName(t("header.user_name", name=name))

    def _two_lines(self, election: str, point: str) -> QVBoxLayout:
        upper, lower = Shortened(election, self), Shortened(point, self)
        upper.setObjectName("headerTitle")
        lower.setObjectName("headerMuted")
        box = QVBoxLayout()
        box.setSpacing(0)
        box.addWidget(upper)
        box.addWidget(lower)
        return box

    def _connection_box(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.line)
        self.queue.setObjectName("headerMuted")
        words.addWidget(self.queue)
        box = QHBoxLayout()
        box.setSpacing(8)
        box.addWidget(self._line_icon)
        box.addLayout(words)
        return box

    def _user_box(self) -> QHBoxLayout:
        picture = QLabel(self)
        picture.setPixmap(theme.pixmap("user", "on_header", 20))
        self.user.setAccessibleName(t("header.user_name", name=self.user.text()))
        box = QHBoxLayout()
        box.setSpacing(6)
        box.addWidget(picture)
        box.addWidget(self.user)
        return box

    def show_connection(self, state: Connection) -> None:
        """Say the line's state; waiting with nothing in the queue means that nothing was tried yet."""
        picture, ink, key = _LINES[state.line]
        if state.line is Line.WAITING and not state.queue:
            key = "connection.unknown"
        self._line_icon.setPixmap(theme.pixmap(picture, ink, 22))
        self.line.setText(t(key))
        self.queue.setText(plural("connection.queue", state.queue) if state.queue else t("connection.empty"))
        refusal = state.last_refusal
        told = f"{t(key)}. {self.queue.text()}."
        if state.last_receipt:
            told += " " + t("connection.last_receipt", time=texts.clock_time(state.last_receipt))
        if refusal:
            told += f" {refusal.cs if texts.language() == 'cs' else refusal.en} ({refusal.code})"
        self.line.setAccessibleName(told)
        for label in (self._line_icon, self.line, self.queue):
            label.setToolTip(told)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() < 0 or self._is_compact(event.oldSize().width()) != self._is_compact():
            self.open_button.setText(" F2" if self._is_compact() else " " + t("header.open"))
            self.user.setMaximumWidth(_NAME_COMPACT if self._is_compact() else _NAME)
            self._tick()

    def _is_compact(self, width: int | None = None) -> bool:
        return (self.width() if width is None else width) < self._COMPACT

    def _tick(self) -> None:
        form = "%H:%M" if self._is_compact() else "%H:%M:%S"
        shown = self._clock().astimezone(texts.PRAGUE).strftime(form)
        self.time.setText(shown)
        self.time.setAccessibleName(t("header.clock_name", time=shown))


#: The widest that a name may be before it is shortened, in pixels.
_NAME: Final = 280
_NAME_COMPACT: Final = 130
#: Icon, ink and words of each state of the line.
_LINES: Final = {
    Line.ONLINE: ("connected", "header_ok", "connection.online"),
    Line.WAITING: ("connecting", "header_warning", "connection.waiting"),
    Line.OFFLINE: ("offline", "header_error", "connection.offline"),
}
