"""The strip under the boxes: what is wrong with the field, or which keys lead on. Its size never changes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.desktop import texts, theme
from app.desktop.states import SEVERITIES
from app.desktop.texts import t
from app.election.errors import KnownError

_HEIGHT = 44


class HintStrip(QFrame):
    """One sentence of two lines at most; a longer one is whole in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self._icon, self._words = QLabel(self), QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 2)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self._shown = ("", "")

    @property
    def text(self) -> str:
        return self._words.text()

    @property
    def severity(self) -> str:
        """B, P, W, I; empty while it shows help."""
        return self._shown[0]

    def help(self, key: str, **values: object) -> None:
        self._show("", t(key, **values))

    def show_fault(self, severity: str, sentence: str) -> None:
        self._show(severity, sentence)

    def say(self, severity: str, error: KnownError) -> None:
        """A known trouble, beside the fields."""
        self._show(severity, error.cs if texts.language() == "cs" else error.en)

    def _show(self, severity: str, sentence: str) -> None:
        if (severity, sentence) == self._shown:
            return
        before, self._shown = self._shown[0], (severity, sentence)
        look = SEVERITIES.get(severity)
        if before != severity or not self.objectName():
            self.setObjectName(f"banner_{look.ink}" if look else "entryHelp")
            self._words.setObjectName("bannerText" if look else "muted")
            for part in (self, self._words):
                part.style().unpolish(part)
                part.style().polish(part)
            self._icon.setVisible(look is not None)
            if look:
                self._icon.setPixmap(theme.pixmap(look.icon, look.ink, 22))
        self._words.setText(sentence)
        self.setToolTip(sentence if severity else "")
        self.setAccessibleName(sentence)
