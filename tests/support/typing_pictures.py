"""Paints the pages of typing from paper at one size and scale, light and dark, for people to look at.

Run in a process of its own, because the scale is told to Qt before it starts:
`QT_SCALE_FACTOR=1.5 python -m tests.support.typing_pictures FOLDER 1366 768`. What is cut is printed and
ends it with 1.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from app.desktop import application, theme
from app.desktop.window import MainWindow
from app.election.model import Contest, PrecinctId, ProtocolKey
from tests.support import station_world, typing_desk
from tests.support.station_world import Clock, FakeCentre
from tests.support.typing_desk import press

T6 = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
T5 = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)


def main(folder: Path, width: int, height: int) -> int:
    scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    running = QApplication([])
    application.prepare(running)
    reference, clock = typing_desk.reference(), Clock()
    cut: list[str] = []
    with tempfile.TemporaryDirectory() as base:
        station = station_world.make_station(Path(base), reference)
        opened = application.open_desk(
            station, "Jana Nováková", clock=clock, transport=FakeCentre(reference, clock), sending=False
        )
        window = opened.window
        window.resize(round(width / scale), round(height / scale))
        window.show()
        window.activateWindow()
        for name in _pages(window):
            for dark in (False, True):
                theme.apply(running, dark)
                QTest.qWait(60)
                look = "dark" if dark else "light"
                path = folder / f"entry-{name}-{width}x{height}-{scale:.0%}-{look}.png".replace("%", "")
                window.grab().save(str(path))
            theme.apply(running, False)
            cut += [f"{name}: {words}" for words in _cut(window, round(width / scale), round(height / scale))]
        opened.close()
    print("\n".join(cut))
    return 1 if cut else 0


def _pages(window: MainWindow):  # type: ignore[no-untyped-def]
    """Drives the desk; yields a name at each page worth a picture."""
    flow, page = window.entry, window.entry.page

    def begin(key: ProtocolKey, wanted: str) -> None:
        flow.open(key)
        _until(lambda: window.page == wanted)

    begin(T6, "entry")
    press("800\n400\n399\n395\n120\n3\n0\n\n5*121\n130\n*468\n")
    _until(lambda: any(box.fault for box in page.sheet.boxes))
    page.go(page.sheet.boxes[12].line.field)  # type: ignore[union-attr]
    yield "t6"
    page.go(page.sheet.boxes[46].line.field)  # type: ignore[union-attr]
    yield "t6-reverse"
    flow.show_drafts()
    _until(lambda: flow.drafts.current is not None)
    yield "drafts"
    begin(T5, "entry")
    press("800\n400\n399\n395\n120\n3\n0\n")
    yield "t5"
    press("50\n60\n70\n92\n\n")
    _until(lambda: window.page == "second")
    flow.second.name.setText("Petr Říha")
    yield "second"
    QTest.keyClick(flow.second.name, Qt.Key.Key_Return)
    _until(lambda: window.page == "entry")
    press("900\n400\n399\n395\n120\n3\n0\n50\n60\n70\n92\n\n")
    _until(lambda: window.page == "settle")
    yield "settle"
    flow.settle.left.emit()
    flow.change_user("Jana Nováková")
    window.desk.entry.list()
    _until(lambda: window.page == "welcome" and window.welcome.resume_button.isVisible())
    yield "resume"


def _until(condition) -> None:  # type: ignore[no-untyped-def]
    for _ in range(400):
        if condition():
            return
        QTest.qWait(20)
    raise AssertionError("the page did not come")


def _cut(window: MainWindow, width: int, height: int) -> list[str]:
    """Buttons and one-line labels that have less room than their words, and a window that does not fit."""
    found = []
    if window.width() > width or window.height() > height:
        found.append(f"window {window.width()}x{window.height()} > {width}x{height}")
    page = window.pages.currentWidget()
    for widget in page.findChildren(QAbstractButton) if page else ():
        if widget.isVisible() and widget.text() and widget.width() < widget.sizeHint().width():
            found.append(f"button {widget.text()}")
    for label in page.findChildren(QLabel) if page else ():
        if label.isVisible() and label.text():
            lines = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            if lines > label.height() or (
                not label.wordWrap() and label.sizeHint().width() > label.width() + 1
            ):
                found.append(f"label {label.text()}")
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
