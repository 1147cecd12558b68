"""Bugs: a dialog that says so once, with details to copy, and the hook that leads every bug to it.

A bug never ends the program: what was committed is on the disk, what was not never half is. Further bugs
while the dialog is open are added to its details instead of opening more windows.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.desktop.texts import t
from app.desktop.widgets import act_button, heading

log = logging.getLogger(__name__)


class CrashDialog(QDialog):
    """One dialog for one or more bugs."""

    def __init__(self, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("crash.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.resize(680, 380)
        self.details = QPlainTextEdit(self)
        self.details.setReadOnly(True)
        self.details.setAccessibleName(t("crash.details"))
        self.details.setTabChangesFocus(True)
        self.copy_button = act_button("copy_details", "", "document", self)
        self.go_on_button = act_button("go_on", "", "passed", self, "primary")
        self.copy_button.clicked.connect(self._copy)
        self.go_on_button.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.go_on_button)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(t("crash.heading"), self, "pageTitle"))
        column.addWidget(heading(t("crash.text"), self, "plain"))
        column.addWidget(self.details, 1)
        column.addLayout(buttons)
        self.go_on_button.setFocus()
        self.also(error)

    def also(self, error: BaseException) -> None:
        """Add a bug to the details."""
        log.error("a bug: %r", error, exc_info=error)
        self.details.appendPlainText("".join(traceback.format_exception(error)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())


def install_hook(show: Callable[[BaseException], None]) -> Callable[[], None]:
    """Lead uncaught exceptions of slots and of threads to `show`; the returned function undoes it."""
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)
            return
        show(error.with_traceback(trace))

    sys.excepthook = hook

    def undo() -> None:
        sys.excepthook = before

    return undo
