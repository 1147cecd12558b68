"""An application for prints that are made without a window: fonts need one that runs."""

from __future__ import annotations

import os

from PySide6.QtGui import QGuiApplication

#: The application lives as long as the process.
_kept: list[QGuiApplication] = []


def application() -> None:
    """Make sure that one runs; without a display an offscreen one will do."""
    if QGuiApplication.instance() is None:
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt"):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication([]))
