"""What Qt knows of the machine, as plain values for the probes. Call it on the main thread."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QPageSize

from app.desktop.media import removable
from app.desktop.qt_without_a_window import start
from app.station.readiness.hardware import Hardware, Printers, Screen


def seen(scanned: str = "") -> Hardware:
    """The screen, the printers and the sticks of now; `scanned` is what a scanner typed."""
    return Hardware(_screen(), _printers(), tuple(removable()), scanned)


def seen_without_a_window() -> Hardware:
    """The same for a command, which has no application of Qt yet; without a display no screen is seen."""
    start()
    return seen()


def _screen() -> Screen | None:
    """The screen that people see; a window drawn into memory has none."""
    if not QGuiApplication.screens() or QGuiApplication.platformName() in ("offscreen", "minimal"):
        return None
    shown = QGuiApplication.primaryScreen()
    ratio, size = shown.devicePixelRatio(), shown.size()
    return Screen(round(size.width() * ratio), round(size.height() * ratio), round(ratio * 100))


def _printers() -> Printers:
    from PySide6.QtPrintSupport import QPrinterInfo  # slow to load, seldom needed

    default = QPrinterInfo.defaultPrinter()
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    has_a4 = not default.isNull() and default.defaultPageSize().isEquivalentTo(a4)
    return Printers(tuple(QPrinterInfo.availablePrinterNames()), default.printerName(), has_a4)
