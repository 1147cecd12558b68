"""Sentences for the clerk above the page: never a modal box, never in the way of the work.

A known trouble shows its one sentence, what to do, and its code. The newest is on top; Escape or the
cross puts one away. What the program did well is said in the same place and goes by itself.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.desktop import texts, theme
from app.desktop.texts import t
from app.election.errors import KnownError

log = logging.getLogger(__name__)

#: Icon and ink by kind.
_KINDS: Final = {"error": ("refused", "error"), "warning": ("warning", "warning"), "info": ("info", "info"),
                 "ok": ("accepted", "ok")}  # fmt: skip
#: Where the first sentence ends: what follows says what to do. A date or an abbreviation does not end it.
_SENTENCES_END: Final = re.compile(r"(?<=[\w)“]{2}[.!?])\s+(?=[^\W\d_a-záčďéěíňóřšťúůýž]|„)")
_MOST: Final = 3
_LONG_ENOUGH_MS: Final = 8000


class Message(QFrame):
    """One message: icon, sentence, what to do, code, and a button that puts it away."""

    def __init__(self, kind: str, sentence: str, what_to_do: str, code: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"message_{kind}")
        self.sentence, self.what_to_do, self.code = sentence, what_to_do, code
        picture, ink = _KINDS[kind]
        icon = QLabel(self)
        icon.setPixmap(theme.pixmap(picture, ink, 22))
        icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        for text, name in ((sentence, "messageText"), (what_to_do, "messageHelp")):
            if text:
                words.addWidget(self._label(text, name))
        self.help_button = QToolButton(self)
        self.help_button.setIcon(theme.icon("help", "text", 16))
        self.help_button.setAutoRaise(True)
        self.help_button.setAccessibleName(t("help.about_code", code=code))
        self.help_button.setToolTip(t("help.about_code", code=code))
        self.help_button.setVisible(bool(code))
        self.close_button = QToolButton(self)
        self.close_button.setIcon(theme.icon("close", "text", 16))
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(t("message.close"))
        self.close_button.setToolTip(t("message.close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(icon)
        row.addLayout(words, 1)
        if code:
            label = self._label(code, "messageCode")
            label.setWordWrap(False)
            label.setToolTip(t("message.code"))
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.help_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(" ".join(part for part in (sentence, what_to_do, code) if part))

    def _label(self, text: str, name: str) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
        return label


class MessageArea(QWidget):
    """The newest few messages, one under the other. Emits `help_wanted(code)`."""

    help_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 0)
        self._column.setSpacing(6)
        self._shown: list[Message] = []
        self.hide()

    @property
    def shown(self) -> tuple[Message, ...]:
        """Newest first."""
        return tuple(self._shown)

    def codes(self) -> tuple[str, ...]:
        """Codes of the shown messages, newest first."""
        return tuple(message.code for message in self._shown if message.code)

    def show_error(self, error: KnownError, about: str = "") -> None:
        """One known trouble; `about` names the file that it is about."""
        log.info("told the user %s: %s", error.code, error.en)
        sentence = error.cs if texts.language() == "cs" else error.en
        told, _, to_do = _SENTENCES_END.sub("\n", sentence, count=1).partition("\n")
        what_to_do = t("message.to_do", text=to_do) if to_do else ""
        self._add("error", f"{about}: {told}" if about else told, what_to_do, error.code)

    def told(self, error: BaseException) -> None:
        """What became of work that failed: a known trouble is shown, a bug goes on as one."""
        if not isinstance(error, KnownError):
            raise error
        self.show_error(error)

    def say(self, kind: str, sentence: str, what_to_do: str = "", code: str = "") -> None:
        """A sentence of the program's own; good news goes by itself after a while."""
        message = self._add(kind, sentence, what_to_do, code)
        if kind == "ok":
            QTimer.singleShot(_LONG_ENOUGH_MS, message, lambda: self.dismiss(message))

    def dismiss(self, message: Message) -> None:
        if message in self._shown:
            self._shown.remove(message)
            self._column.removeWidget(message)
            message.hide()
            message.deleteLater()
            self.setVisible(bool(self._shown))

    def dismiss_newest(self) -> bool:
        """Put the newest away; False when there was none."""
        if not self._shown:
            return False
        self.dismiss(self._shown[0])
        return True

    def clear(self) -> None:
        for message in self.shown:
            self.dismiss(message)

    def _add(self, kind: str, sentence: str, what_to_do: str, code: str) -> Message:
        message = Message(kind, sentence, what_to_do, code, self)
        message.help_button.clicked.connect(lambda: self.help_wanted.emit(code))
        message.close_button.clicked.connect(lambda: self.dismiss(message))
        self._shown.insert(0, message)
        self._column.insertWidget(0, message)
        for old in self._shown[_MOST:]:
            self.dismiss(old)
        self.show()
        return message
