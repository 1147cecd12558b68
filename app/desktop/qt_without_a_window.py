"""Qt for a command that prints or looks at printers and shows nothing: its application, once a process."""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication

#: Qt's application has to live as long as something is printed.
_kept: list[QApplication] = []


def start() -> None:
    """Make the application unless there is one; without a display it draws into memory."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if QApplication.instance() is None:
        _kept.append(QApplication(sys.argv[:1]))
