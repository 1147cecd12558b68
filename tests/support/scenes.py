"""Every page of the desk as a scene that can be looked at: what has to happen until it is on the screen.

A part of the desk adds its own with `@scene("name")`: the function is given a `Stage` with a fresh window and
leaves on the screen what is to be seen. `python -m tests.support.scenes WIDTHxHEIGHT… [--pictures FOLDER]`
shows all of them in light and dark, prints what is wrong as JSON, and keeps pictures where it is told to; the
scale comes from QT_SCALE_FACTOR, so that this is a program of its own. Sizes are those of the screen.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.desktop import application, theme
from app.desktop.window import MainWindow
from app.election.model import Mode, ProtocolKey, RegionalReading
from tests.support import invented_election, looks, station_world
from tests.support.invented_election import stated
from tests.support.mutations import restated
from tests.support.station_world import Clock, FakeCentre, one_more_envelope

CLERK = "Jana Nováková-Schwarzenbergová"


class Stage:
    """A window on a fresh station of the invented election, and hands to drive it."""

    def __init__(self, folder: Path) -> None:
        self.reference = invented_election.reference(mode=Mode.REHEARSAL)
        self.protocols = station_world.protocols(self.reference)
        self._folder = folder
        clock = Clock()
        station = station_world.make_station(folder, self.reference)
        centre = FakeCentre(self.reference, clock)
        self._desk = application.open_desk(station, CLERK, folder, clock, centre)
        self.window: MainWindow = self._desk.window
        self.window.show()
        self.window.activateWindow()
        self.settle()

    def key(self, municipality: int, number: int, place: int = 0) -> ProtocolKey:
        return [key for key in self.protocols if key.precinct == (municipality, number)][place]

    def open(self, *keys: ProtocolKey, faults: str = "") -> None:
        """Open a file with these protocols; `faults`: "passable" or "blocking" spoils the first."""
        readings = [stated(self.reference, self.protocols[key]) for key in keys]
        if faults == "passable":
            readings[0] = stated(self.reference, one_more_envelope(self.protocols[keys[0]]))
        elif faults == "blocking":
            first = readings[0]
            assert isinstance(first, RegionalReading)
            counts = first.counts._replace(valid_votes=(first.counts.valid_votes or 0) - 1)
            readings[0] = restated(replace(first, counts=counts))
        path = self._folder / "zapis_komise.xml"
        path.write_bytes(station_world.file_of(*readings))
        self.window.open_files([path])
        self.wait(lambda: self.window.page == "verdict")

    def act(self, name: str, reason: str = "") -> None:
        card = self.window.verdict.card
        self.window.act(name, reason)
        self.wait(lambda: self.window.page == "result" or self.window.verdict.card is not card)

    def wait(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the scene did not come about")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def settle(self) -> None:
        for _ in range(6):
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


Scene = Callable[[Stage], None]
SCENES: Final[dict[str, Scene]] = {}


def scene(name: str) -> Callable[[Scene], Scene]:
    """Register a scene under a name that is not there yet."""

    def register(function: Scene) -> Scene:
        assert name not in SCENES
        SCENES[name] = function
        return function

    return register


@scene("welcome")
def _(stage: Stage) -> None:
    pass


@scene("messages")
def _(stage: Stage) -> None:
    bad = stage._folder / "jiny_soubor.xml"
    bad.write_bytes(b"<jine/>")
    stage.window.open_files([bad])
    stage.wait(lambda: bool(stage.window.messages.shown))


@scene("verdict-joint")
def _(stage: Stage) -> None:
    stage.open(stage.key(550001, 1), stage.key(550001, 1, 1))


@scene("verdict-blocked")
def _(stage: Stage) -> None:
    stage.open(stage.key(550002, 1), faults="blocking")


@scene("verdict-passable")
def _(stage: Stage) -> None:
    stage.open(stage.key(550002, 1), faults="passable")


@scene("result-confirmed")
def _confirmed(stage: Stage) -> None:
    stage.open(stage.key(550001, 2), stage.key(550001, 2, 1))
    for _ in range(2):
        stage.act("accept")
    stage.wait(lambda: stage.window.result.banner.title == "Potvrzeno ústředím")


@scene("result-refused")
def _refused(stage: Stage) -> None:
    stage.open(stage.key(550002, 1), faults="blocking")
    stage.act("refuse", "Součet hlasů nesouhlasí, komise počítá znovu.")


@scene("protocol-accepted")
def _(stage: Stage) -> None:
    _confirmed(stage)
    stage.window.open_protocol(stage.key(550001, 2))
    stage.wait(lambda: stage.window.page == "protocol")


@scene("protocol-refused")
def _(stage: Stage) -> None:
    _refused(stage)
    stage.window.open_protocol(stage.key(550002, 1))
    stage.wait(lambda: stage.window.page == "protocol")


@scene("dialog-refuse")
def _(stage: Stage) -> None:
    stage.open(stage.key(550002, 1), faults="blocking")
    stage.window.verdict.buttons["refuse"].click()
    stage.wait(lambda: len(stage.seen()) == 2)


@scene("dialog-hold")
def _(stage: Stage) -> None:
    stage.open(stage.key(550002, 1), faults="passable")
    stage.window.verdict.buttons["hold"].click()
    stage.wait(lambda: len(stage.seen()) == 2)


@scene("help")
def _(stage: Stage) -> None:
    stage.window.help.show("rule:LG-02")
    opened = stage.window.help.window
    assert opened is not None
    opened.search.setText("obálky")


@scene("entry-regional")
def _(stage: Stage) -> None:
    stage.window.entry.open(stage.key(550002, 1))
    stage.wait(lambda: stage.window.page not in ("welcome", "protocol"))


@scene("entry-senate")
def _(stage: Stage) -> None:
    stage.window.entry.open(stage.key(550001, 1, 1))
    stage.wait(lambda: stage.window.page not in ("welcome", "protocol"))


@dataclass(frozen=True)
class Fault:
    """What is wrong where."""

    scene: str
    screen: str
    theme: str
    fault: str


def looked_at(screens: list[tuple[int, int]], pictures: Path | None) -> Iterator[Fault]:
    """Show every scene on every screen in light and dark; a screen's pixels are divided by the scale."""
    running = QApplication.instance() or QApplication([])
    assert isinstance(running, QApplication)
    application.prepare(running)
    scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    for name, made in SCENES.items():
        theme.apply(running, False)
        with tempfile.TemporaryDirectory(prefix="scene-") as folder:
            stage = Stage(Path(folder))
            try:
                made(stage)
                for dark in (False, True):
                    scheme = Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light
                    stage.window.change_scheme(scheme)
                    for width, height in screens:
                        room = int(width / scale), int(height / scale)
                        stage.window.resize(*room)
                        stage.settle()
                        for dialog in stage.seen()[1:]:
                            dialog.resize(dialog.size().boundedTo(QSize(*room)))
                        screen = f"{width}x{height} at {round(scale * 100)} %"
                        label = (name, screen, "dark" if dark else "light")
                        for window in stage.seen():
                            for fault in looks.faults(window, room):
                                yield Fault(*label, fault)
                        if pictures is not None:
                            file = f"{name}-{width}-{round(scale * 100)}-{label[2]}.png"
                            stage.seen()[-1].grab().save(str(pictures / file))
            finally:
                stage.close()


def main() -> None:
    arguments = sys.argv[1:]
    pictures = None
    if "--pictures" in arguments:
        at = arguments.index("--pictures")
        pictures = Path(arguments[at + 1])
        pictures.mkdir(parents=True, exist_ok=True)
        del arguments[at : at + 2]
    if "--only" in arguments:
        at = arguments.index("--only")
        for name in [name for name in SCENES if name != arguments[at + 1]]:
            del SCENES[name]
        del arguments[at : at + 2]
    screens = [(int(w), int(h)) for w, h in (size.split("x") for size in arguments)]
    print(json.dumps([asdict(fault) for fault in looked_at(screens, pictures)], ensure_ascii=False))


if __name__ == "__main__":
    from tests.support import scenes  # the registry that other modules fill, not this copy of it

    scenes.main()
