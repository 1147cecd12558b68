"""Small pieces that several pages share: a banner with icon and words, a button with its key, a heading."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.desktop import theme
from app.desktop.texts import t


class Banner(QFrame):
    """One sentence that says how things stand, with an icon, on the ground of its kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner_info")  # a frame that comes only with the first words would move them
        self._icon, self._title, self._text = QLabel(self), QLabel(self), QLabel(self)
        self._title.setObjectName("bannerTitle")
        self._text.setObjectName("bannerText")
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, kind: str, icon: str, title: str, text: str = "") -> None:
        """`kind` is ok, info, warning or error."""
        if self.objectName() != f"banner_{kind}":
            self.setObjectName(f"banner_{kind}")
            for part in (self, self._title):  # the style sheet looks at names only when it is asked to
                part.style().unpolish(part)
                part.style().polish(part)
        self._icon.setPixmap(theme.pixmap(icon, kind, 28))
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title} {text}".strip())


class FittingDialog(QDialog):
    """A dialog that is never lower than its words need at its width. Qt asks a layout for that of the
    contents of a page only; a window it lets shrink until words lie over one another."""

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Resize):
            layout = self.layout()
            if layout is not None and layout.hasHeightForWidth():
                needed = layout.totalHeightForWidth(self.width())
                self.setMinimumHeight(needed)
                if event.type() is QEvent.Type.Show:
                    self.resize(self.width(), needed)
        return handled


def labelled_box(word: str, box: QWidget, parent: QWidget) -> QVBoxLayout:
    """A box of a form under its word."""
    label = QLabel(word, parent)
    label.setBuddy(box)
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(label)
    column.addWidget(box)
    return column


def heading(text: str, parent: QWidget, name: str = "heading") -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def labelled(word: str, shortcut: str = "") -> str:
    """A button's text beside its icon: the word, then its key."""
    return f" {word}  {shortcut}" if shortcut else f" {word}"


def act_button(key: str, shortcut: str, icon: str, parent: QWidget, kind: str = "plain") -> QPushButton:
    """A button with its icon, its word and its key; `kind` is primary, plain or grave."""
    word = t(f"act.{key}")
    button = QPushButton(labelled(word, shortcut), parent)
    button.setObjectName(f"{kind}Button")
    ink = {"primary": "on_accent", "grave": "error"}.get(kind, "text")
    button.setIcon(theme.icon(icon, ink))
    if shortcut:
        button.setShortcut(QKeySequence(shortcut))
    button.setAccessibleName(t("act.name", word=word, key=shortcut) if shortcut else word)
    button.setToolTip(t(f"act_help.{key}"))
    button.setAutoDefault(True)
    return button
