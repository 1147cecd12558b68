"""The page of an idle desk: where to drop a protocol file, what was left half typed, and the keys."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.desktop import theme
from app.desktop.texts import t
from app.desktop.widgets import heading, labelled

#: Pixels of height from which on the page shows its picture, and the line of keys.
_WITH_PICTURE: Final = 430
_WITH_KEYS: Final = 340


class WelcomePage(QWidget):
    """Says what to do next: a file, typing from paper, or going on with what was left."""

    open_wanted = Signal()
    paper_wanted = Signal()
    drafts_wanted = Signal()
    resume_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zone = QFrame(self)
        self.zone.setObjectName("dropZone")
        self.zone.setProperty("hot", False)
        self._picture = picture = QLabel(self.zone)
        picture.setPixmap(theme.pixmap("drop", "accent", 64))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = heading(t("welcome.title"), self.zone, "welcomeTitle")
        self.text = heading(t("welcome.text"), self.zone, "welcomeText")
        self.keys = heading(t("welcome.keys"), self.zone, "muted")
        for label in (self.title, self.text, self.keys):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = QPushButton(
            theme.icon("open", "on_accent"), labelled(t("welcome.open")), self.zone
        )
        self.open_button.setObjectName("primaryButton")
        self.open_button.setAccessibleName(t("header.open_name"))
        self.open_button.clicked.connect(self.open_wanted)
        self.resume_button = self._button("entering", "primaryButton", "resume", self.resume_wanted)
        self.resume_button.hide()
        self.paper_button = self._button("entering", "plainButton", "paper", self.paper_wanted)
        self.drafts_button = self._button("document", "plainButton", "drafts", self.drafts_wanted)
        typing = QHBoxLayout()
        typing.addStretch(1)
        typing.addWidget(self.paper_button)
        typing.addWidget(self.drafts_button)
        typing.addStretch(1)
        column = QVBoxLayout(self.zone)
        column.setContentsMargins(20, 24, 20, 24)
        column.setSpacing(12)
        column.addWidget(self.resume_button)
        column.addStretch(1)
        for widget in (picture, self.title, self.text):
            column.addWidget(widget)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addLayout(typing)
        column.addStretch(1)
        column.addWidget(self.keys)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.zone)
        chain = (self.resume_button, self.open_button, self.paper_button, self.drafts_button)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _button(self, icon: str, look: str, key: str, pressed: SignalInstance) -> QPushButton:
        ink = "on_accent" if look == "primaryButton" else "text"
        button = QPushButton(theme.icon(icon, ink), "", self.zone)
        button.setObjectName(look)
        button.setAutoDefault(True)
        if key == "resume":
            button.setAccessibleName(t("welcome.drafts_name"))  # until `offer_resume` says which
        else:
            button.setText(labelled(t(f"welcome.{key}")))
            button.setAccessibleName(t(f"welcome.{key}_name"))
        button.clicked.connect(pressed)
        return button

    def offer_resume(self, words: str, focus: bool) -> None:
        """Say at the top what was left half typed; empty takes it away. With `focus` Enter goes on."""
        if words:
            self.resume_button.setText("\n".join(map(labelled, words.splitlines())))
            self.resume_button.setAccessibleName(words.replace("\n", ". "))
        self.resume_button.setVisible(bool(words))
        if words and focus:
            self.resume_button.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen, with an offer above, words and buttons go before the picture and the keys."""
        super().resizeEvent(event)
        self._picture.setVisible(event.size().height() >= _WITH_PICTURE)
        self.keys.setVisible(event.size().height() >= _WITH_KEYS)

    def set_hot(self, hot: bool) -> None:
        """Mark the zone while a file hangs over the window."""
        self.zone.setProperty("hot", hot)
        self.zone.style().unpolish(self.zone)
        self.zone.style().polish(self.zone)

    def set_busy(self, what: str) -> None:
        """Say what is being read; an empty text ends it."""
        self.title.setText(t("welcome.reading", name=what) if what else t("welcome.title"))
