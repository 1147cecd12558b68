"""What is seen while the desk is closed: which election and point this is, its mode, and one small card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.header import ModeBadge, Shortened
from app.desktop.widgets import Banner
from app.election.model import Mode

_CARD_WIDTH = 660


class GateFrame(QWidget):
    """`pages` are the cards: signing in, the first start, an own password. `banner` stands over them."""

    def __init__(self, election: str, point: str, mode: Mode, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gate")
        self.pages = QStackedWidget(self)
        self.banner = Banner(self)
        self.banner.hide()
        card = QFrame(self)
        card.setObjectName("card")
        card.setMaximumWidth(_CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 16, 24, 16)
        inside.addWidget(self.pages)
        middle = QHBoxLayout()
        middle.setContentsMargins(16, 12, 16, 12)
        middle.addStretch(1)
        middle.addWidget(card, 20)
        middle.addStretch(1)
        above = QHBoxLayout()
        above.setContentsMargins(16, 12, 16, 0)
        above.addWidget(self.banner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar(election, point, mode))
        column.addLayout(above)
        column.addLayout(middle, 1)

    def _bar(self, election: str, point: str, mode: Mode) -> QWidget:
        bar = QFrame(self)
        bar.setObjectName("header")
        names = QVBoxLayout()
        names.setSpacing(0)
        for text, name in ((election, "headerTitle"), (point, "headerMuted")):
            label = Shortened(text, bar)
            label.setObjectName(name)
            names.addWidget(label)
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(14)
        row.addWidget(ModeBadge(mode, bar), 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(names, 1)
        return bar
