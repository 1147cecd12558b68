"""The chart of arrivals beside their usual course, and the words below it. Painted by hand: what is painted
comes as instants and counts from `app.station.overseeing.arrivals`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.desktop import texts, theme
from app.desktop.texts import number, t
from app.station.overseeing.arrivals import Arrivals, Outlook, usual

_LEFT, _TOP, _RIGHT, _BOTTOM = 56.0, 14.0, 20.0, 26.0
_MINUTE: Final = timedelta(minutes=1)


class Plot(QWidget):
    """The picture; `show_arrivals` paints it anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Arrivals | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setObjectName("plot")

    def sizeHint(self) -> QSize:
        return QSize(640, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 120)

    def show_arrivals(self, found: Arrivals) -> None:
        if found != self._shown:
            self._shown = found
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        found = self._shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        if found is None or area.width() <= 0 or area.height() <= 0:
            return
        scale = _Scale(area, found)
        self._axes(painter, area, scale, found)
        if found.has_usual:
            self._usual(painter, scale, found)
        self._actual(painter, scale, found)
        self._end(painter, area, scale, found)

    def _axes(self, painter: QPainter, area: QRectF, scale: _Scale, found: Arrivals) -> None:
        line, ink = theme.colour("line"), theme.colour("muted")
        for share in (0, 25, 50, 75, 100):
            y = scale.y(share)
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(ink)
            words = QRectF(0, y - 9, _LEFT - 8, 18)
            painter.drawText(words, _RIGHT_MIDDLE, f"{share}{texts.NBSP}%")
        at, hours = found.begins, (found.horizon - found.begins) // timedelta(hours=1)
        every = max(1, -(-hours * 52 // max(1, int(area.width()))))
        while at <= found.horizon:
            x = scale.x(at)
            painter.setPen(QPen(line, 1))
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4))
            painter.setPen(ink)
            painter.drawText(
                QRectF(x - 30, area.bottom() + 5, 60, 18), Qt.AlignmentFlag.AlignCenter, texts.clock_time(at)
            )
            at += every * timedelta(hours=1)

    def _usual(self, painter: QPainter, scale: _Scale, found: Arrivals) -> None:
        """The middle half of the usual points as a band, the middle one as a dashed line."""

        def points(which: int) -> list[QPointF]:
            return [
                QPointF(scale.x(found.begins + row.after[which] * _MINUTE), scale.y(row.share))
                for row in usual()
            ]

        band = QColor(theme.colour("line"))
        band.setAlpha(110)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        painter.drawPolygon(QPolygonF(points(1) + points(3)[::-1]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("muted"), 2, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(points(2)))

    def _actual(self, painter: QPainter, scale: _Scale, found: Arrivals) -> None:
        if not found.expected:
            return
        steps = [QPointF(scale.x(found.begins), scale.y(0))]
        for count, at in enumerate(found.arrived, 1):
            x = scale.x(at)
            steps += [QPointF(x, steps[-1].y()), QPointF(x, scale.y(100 * count / found.expected))]
        steps.append(QPointF(max(scale.x(found.now), steps[-1].x()), steps[-1].y()))
        painter.setPen(QPen(theme.colour("accent"), 3))
        painter.drawPolyline(QPolygonF(steps))

    def _end(self, painter: QPainter, area: QRectF, scale: _Scale, found: Arrivals) -> None:
        """Now as a line, the estimated end as a bracket on the line of all."""
        x = scale.x(found.now)
        painter.setPen(QPen(theme.colour("text"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        told = found.estimate
        if told.outlook is not Outlook.GIVEN or not (told.earliest and told.likely and told.latest):
            return
        y = scale.y(100)
        painter.setPen(QPen(theme.colour("warning"), 3))
        painter.drawLine(QPointF(scale.x(told.earliest), y), QPointF(scale.x(told.latest), y))
        for at, high in ((told.earliest, 5), (told.latest, 5), (told.likely, 9)):
            painter.drawLine(QPointF(scale.x(at), y - high), QPointF(scale.x(at), y + high))


class _Scale:
    """From instants and per cents to pixels."""

    def __init__(self, area: QRectF, found: Arrivals) -> None:
        self._area, self._begins = area, found.begins
        self._length = max((found.horizon - found.begins).total_seconds(), 1.0)

    def x(self, at: datetime) -> float:
        share = (at - self._begins).total_seconds() / self._length
        return self._area.left() + min(max(share, 0.0), 1.0) * self._area.width()

    def y(self, share: float) -> float:
        return self._area.bottom() - share / 100 * self._area.height()


_RIGHT_MIDDLE: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ArrivalsPane(QWidget):
    """The chart with what it says in words: the end, how we stand, what the curves are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = Plot(self)
        self.end, self.stand, self.source = (QLabel(self) for _ in range(3))
        self.end.setObjectName("cardTitle")
        self.source.setObjectName("muted")
        self.source.setText(t("oversee.chart.source"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for label in (self.end, self.stand):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addWidget(self.plot, 1)
        self.source.setWordWrap(True)
        column.addWidget(self.source)

    def show_arrivals(self, found: Arrivals) -> None:
        self.plot.show_arrivals(found)
        self.end.setText(told_end(found))
        here, expected = number(len(found.arrived)), number(found.expected)
        if found.has_usual:
            usual_ = number(found.usual_by_now())
            self.stand.setText(t("oversee.chart.stand", here=here, expected=expected, usual=usual_))
        else:
            self.stand.setText(t("oversee.chart.alone", here=here, expected=expected))
        self.source.setVisible(found.has_usual)
        self.plot.setAccessibleName(f"{t('oversee.chart.name')} {self.end.text()} {self.stand.text()}")


def told_end(found: Arrivals) -> str:
    """What can be said of the end, in a sentence."""
    told = found.estimate
    times = {
        name: texts.clock_time(at) if at else ""
        for name, at in (("earliest", told.earliest), ("likely", told.likely), ("latest", told.latest))
    }
    return t(f"oversee.end.{told.outlook}", share=told.share, **times)
