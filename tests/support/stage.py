"""A window on a fresh station of the invented election, and hands to drive it to what is to be looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.desktop import application
from app.desktop.window import MainWindow
from app.election.model import ProtocolKey, Reading, RegionalReading
from app.election.reference import Reference
from app.election.verdict import FieldRef
from app.station.figures import figures
from tests.support import station_world
from tests.support.invented_election import stated
from tests.support.mutations import restated
from tests.support.station_world import Clock, FakeCentre, one_more_envelope

CLERK = "Jana Nováková-Schwarzenbergová"


class Stage:
    """What a scene drives. Waits are for events; none is for a time."""

    def __init__(self, folder: Path, reference: Reference) -> None:
        self.reference = reference
        self.protocols = station_world.protocols(reference)
        self.files, self.stick = folder / "files", folder / "stick"
        self.files.mkdir()
        self.stick.mkdir()
        self.clock = Clock()
        station = station_world.make_station(folder, reference)
        self.centre = FakeCentre(reference, self.clock)
        self._desk = application.open_desk(station, CLERK, self.stick, self.clock, self.centre)
        self.window: MainWindow = self._desk.window
        self.window.show()
        self.window.activateWindow()
        self.wait(lambda: bool(self.window.overview.table.rows))

    # --- protocols ---------------------------------------------------------------------------------

    def key(self, municipality: int, number: int, place: int = 0) -> ProtocolKey:
        return [key for key in self.protocols if key.precinct == (municipality, number)][place]

    def reading(self, key: ProtocolKey, faults: str = "") -> Reading:
        """What a right file says; `faults` is "passable", "blocking", or "other" for other right figures."""
        right = stated(self.reference, self.protocols[key])
        if faults == "passable":
            return stated(self.reference, one_more_envelope(self.protocols[key]))
        if not faults:
            return right
        assert isinstance(right, RegionalReading)
        name, by = {"blocking": ("valid_votes", -1), "other": ("registered_voters", 3)}[faults]
        return _changed(right, name, by)

    def file(self, *readings: Reading, name: str = "zapis_komise.xml", folder: Path | None = None) -> Path:
        path = (folder or self.files) / name
        path.write_bytes(station_world.file_of(*readings))
        return path

    def open(self, *keys: ProtocolKey, faults: str = "") -> None:
        """Open a file with these protocols; `faults` spoils the first."""
        first, *others = keys
        path = self.file(self.reading(first, faults), *(self.reading(key) for key in others))
        before = self.window.verdict.cards
        self.window.open_files([path])
        self.wait(lambda: self.window.page == "verdict" and self.window.verdict.cards is not before)

    # --- acts --------------------------------------------------------------------------------------

    def act(self, name: str, reason: str = "", supervisor: str = "") -> None:
        """Take an act and wait until the next card or the result is shown."""
        card = self.window.verdict.card
        self.window.act(name, reason, supervisor)
        self.wait(lambda: self.window.page == "result" or self.window.verdict.card is not card)

    def leave(self) -> None:
        """From any page back to the idle desk."""
        while self.window.page != "welcome":
            page = self.window.pages.currentWidget()
            if self.window.page == "result":  # leaving it asks for the next file
                self.window.turn(self.window.welcome)
            else:
                page.left.emit()  # type: ignore[union-attr]

    def dialog(self) -> QDialog:
        """The dialog that is before the window."""
        self.wait(lambda: len(self.seen()) == 2)
        shown = self.seen()[1]
        assert isinstance(shown, QDialog)
        return shown

    def put_away(self) -> None:
        """Close the dialog that is before the window."""
        self.dialog().reject()
        self.wait(lambda: len(self.seen()) == 1)

    def told(self, **wrong: int) -> Mapping[FieldRef, int]:
        """The totals of the shown card's paper; `wrong` ones differ from its file."""
        offer = self.window.verdict.card.offer
        said = figures(offer.reading)
        fields = self.window.desk.station.retype.expected_fields(offer)
        return {field: wrong.get(field.name, said.get(field) or 0) for field in fields}

    def wait(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        waking = QTimer()  # what another thread has done is looked for now and then, not all the time
        waking.start(5)
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the scene did not come about")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def settle(self) -> None:
        for _ in range(4):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            QApplication.sendPostedEvents()

    def seen(self) -> list[QWidget]:
        """The windows on the screen: the main one, and a dialog before it."""
        dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        return [self.window, *dialogs]

    def close(self) -> None:
        for dialog in self.seen()[1:]:
            dialog.close()
        self._desk.close()
        self.window.deleteLater()  # a window that stays would be dressed again at each change of theme
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _changed(reading: RegionalReading, name: str, by: int) -> RegionalReading:
    value = getattr(reading.counts, name) or 0
    return restated(replace(reading, counts=reading.counts._replace(**{name: value + by})))
