"""How the correction comes: a file, what changed typed over what stands, or the whole paper once more."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from app.desktop.texts import t
from app.desktop.widgets import act_button, heading

WAYS: Final = {"file": ("open", Qt.Key.Key_1), "changes": ("correcting", Qt.Key.Key_2),
               "paper": ("entering", Qt.Key.Key_3), "again": ("back", Qt.Key.Key_4)}  # fmt: skip


class CorrectionDialog(QDialog):
    """Emits `chosen(way)`: one of `WAYS`, the last only for what the centre returned. Digits choose on the
    number pad, Enter takes the one in focus."""

    chosen = Signal(str)

    def __init__(self, about: str, returned: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("correct.dialog"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(about, self, "pageTitle"))
        column.addWidget(heading(t("correct.question"), self, "plain"))
        self.buttons: dict[str, QPushButton] = {}
        for number, (way, (icon, _)) in enumerate(WAYS.items(), 1):
            button = act_button(f"correct_{way}", str(number), icon, self)
            button.clicked.connect(lambda _=False, one=way: self._take(one))
            if way == "again" and not returned:
                button.hide()
                continue
            self.buttons[way] = button
            column.addWidget(button)
        self.no = act_button("cancel", "", "back", self)
        self.no.clicked.connect(self.reject)
        column.addWidget(self.no, 0, Qt.AlignmentFlag.AlignRight)
        self.buttons["file"].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = next((way for way, (_, key) in WAYS.items() if key == event.key()), None)
        if way not in self.buttons:
            super().keyPressEvent(event)
        else:
            self._take(str(way))

    def _take(self, way: str) -> None:
        self.accept()
        self.chosen.emit(way)
