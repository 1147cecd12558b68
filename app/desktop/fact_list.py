"""Facts to read one under the other: a name in muted ink and its text beside it; long ones wrap."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget


class FactList(QScrollArea):
    """Scrolls by keyboard; its words can be marked and copied."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setObjectName("facts")
        self._name = name
        self._facts: tuple[tuple[str, str], ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        return self._facts

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show (name, text) pairs; the same ones again change nothing."""
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        inside = QWidget(self)
        inside.setObjectName("factsInside")
        grid = QGridLayout(inside)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(self._facts):
            grid.addWidget(_label(name, "muted", inside), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(text, "factText", inside), row, 1, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(len(self._facts), 1)
        self.setWidget(inside)
        self.setAccessibleDescription("; ".join(f"{name}: {text}" for name, text in self._facts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        steps = {Qt.Key.Key_Down: bar.singleStep(), Qt.Key.Key_Up: -bar.singleStep(),
                 Qt.Key.Key_PageDown: bar.pageStep(), Qt.Key.Key_PageUp: -bar.pageStep()}  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        bar.setValue(bar.value() + step)
        event.accept()


def _label(text: str, name: str, parent: QWidget) -> QLabel:
    # A hash has no place to break by itself.
    label = QLabel("\n".join(_broken(line) for line in text.split("\n")), parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMaximumWidth(190 if name == "muted" else 16_777_215)
    return label


def _broken(line: str) -> str:
    """A long word without blanks in two halves."""
    half = len(line) // 2
    return f"{line[:half]}\n{line[half:]}" if " " not in line and len(line) > 48 else line
