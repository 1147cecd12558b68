"""What stands beside the boxes: sums as they grow, and which lists have been typed.

Both are painted in place, so that no digit moves the layout.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.entry.sheet import Faults
from app.desktop.forms import Form
from app.desktop.states import SEVERITIES
from app.desktop.texts import number, t
from app.station.entry.drafts import RunningTotals

_CHIP: Final = 34
_CHIP_HEIGHT: Final = 24


class TotalsView(QWidget):
    """Votes of lists or candidates against valid votes; preferences of the shown list against four times
    its votes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.votes, self.rest, self.preferences = QLabel(self), QLabel(self), QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(0)
        for label in (self.votes, self.rest, self.preferences):
            label.setFixedHeight(21)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)

    def show_totals(self, totals: RunningTotals, list_number: int | None, form: str) -> None:
        valid = t("entry.blank_word") if totals.valid_votes is None else number(totals.valid_votes)
        what = "lists" if form == "T/6" else "candidates"
        self.votes.setText(t(f"entry.sum_{what}", votes=number(totals.votes), valid=valid))
        rest = totals.remaining
        if rest is None:
            self._say(self.rest, "", "muted")
        elif rest < 0:
            self._say(self.rest, t("entry.too_many", count=number(-rest)), "error")
        else:
            key = "entry.rest" if rest else "entry.no_rest"
            self._say(self.rest, t(key, count=number(rest)), "muted" if rest else "ok")
        one = totals.lists.get(list_number or 0)
        if list_number is None:
            self._say(self.preferences, "", "muted")
            return
        given = one.preferences if one else 0
        most = one.most_preferences if one else None
        told = t("entry.sum_preferences", count=number(given),
                 most=t("entry.blank_word") if most is None else number(most))  # fmt: skip
        self._say(self.preferences, told, "error" if most is not None and given > most else "text")

    @staticmethod
    def _say(label: QLabel, text: str, ink: str) -> None:
        if label.objectName() != f"total_{ink}":
            label.setObjectName(f"total_{ink}")
            label.style().unpolish(label)
            label.style().polish(label)
        label.setText(text)


class ListStrip(QWidget):
    """The registered lists by number: which have votes, which have a fault, where the cursor is."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: tuple[int, ...] = ()
        self._names: dict[int, str] = {}
        self._votes: dict[int, int | None] = {}
        self._faults: dict[int, str] = {}
        self._current: int | None = None
        self.setAccessibleName(t("entry.strip_name"))
        self.setMouseTracking(True)

    def show_form(self, form: Form) -> None:
        self._names = {block.number: block.title for block in form.blocks if block.number is not None}
        self._numbers = tuple(self._names)
        self.setVisible(bool(self._numbers))
        self.updateGeometry()

    def show_state(self, totals: RunningTotals, faults: Faults, current: int | None) -> None:
        self._votes = {n: one.votes for n, one in totals.lists.items() if one.votes or one.preferences}
        self._faults = {}
        for field, (severity, _) in faults.items():
            if field.list_number is not None:
                gravest = min(self._faults.get(field.list_number, "I"), severity, key="BPWI".index)
                self._faults[field.list_number] = gravest
        self._current = current
        typed = ", ".join(map(str, self._votes)) or t("entry.none")
        self.setAccessibleDescription(t("entry.strip_text", typed=typed))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(250, self.heightForWidth(250))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(250))

    def heightForWidth(self, width: int) -> int:
        across = max(1, width // _CHIP)
        return 20 + -(-len(self._numbers) // across) * _CHIP_HEIGHT

    def _chip(self, place: int) -> QRect:
        row, column = divmod(place, max(1, self.width() // _CHIP))
        return QRect(column * _CHIP, 20 + row * _CHIP_HEIGHT, _CHIP - 4, _CHIP_HEIGHT - 4)

    def _at(self, event: QMouseEvent) -> int | None:
        spot = event.position().toPoint()
        return next((n for i, n in enumerate(self._numbers) if self._chip(i).contains(spot)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event)
        if found is not None:
            self.chosen.emit(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event)
        self.setToolTip("" if found is None else f"{found} {self._names[found]}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRect(0, 0, self.width(), 20), Qt.AlignmentFlag.AlignVCenter, t("entry.strip"))
        for place, list_number in enumerate(self._numbers):
            chip, fault = self._chip(place), self._faults.get(list_number)
            typed = list_number in self._votes
            if fault:
                painter.fillRect(chip, theme.colour(SEVERITIES[fault].ground or "surface"))
            elif typed:
                painter.fillRect(chip, theme.colour("ok_ground"))
            here = list_number == self._current
            ink = "accent" if here else SEVERITIES[fault].ink if fault else "ok" if typed else "line"
            thick = 2 if here else 1
            style = Qt.PenStyle.SolidLine if typed or here else Qt.PenStyle.DotLine
            painter.setPen(QPen(theme.colour(ink), thick, style))
            painter.drawRect(QRectF(chip).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2))
            words = SEVERITIES[fault].ink if fault else "ok" if typed else "muted"
            painter.setPen(theme.colour(words))
            painter.drawText(
                chip, Qt.AlignmentFlag.AlignCenter, f"{list_number}!" if fault else str(list_number)
            )
