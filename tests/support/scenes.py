"""Every page of the desk as a scene that can be looked at: what has to happen until it is on the screen.

A part of the desk adds its own in a module named in `_MODULES`. With `@scene("name")` the function is given
a `Stage` with a fresh window and leaves on the screen what is to be seen; with `@story` it drives one window
from scene to scene and yields each one's name, which is quicker by far. `python -m tests.support.scenes
WIDTHxHEIGHT… [--pictures FOLDER] [--only NAME]` shows them, prints what is wrong and which were shown as
JSON, and keeps pictures in light and dark where it is told to; the scale comes from QT_SCALE_FACTOR, so that
this is a program of its own. Sizes are those of the screen.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from app.desktop import application, theme
from app.election.model import Mode
from app.election.reference import Reference
from tests.support import invented_election, looks
from tests.support.stage import Stage

_MODULES: Final = (
    "scenes_of_visits",
    "scenes_of_typing",
    "scenes_of_approvals",
    "scenes_of_journal",
    "scenes_of_completeness",
    "scenes_of_point",
    "scenes_of_corrections",
    "scenes_of_closing",
    "scenes_of_people",
    "scenes_of_line",
    "scenes_of_setting_up",
    "scenes_of_readiness",
    "scenes_of_training",
)

Telling = Callable[[Stage], Iterator[str]]


def _small() -> Reference:
    return invented_election.reference(mode=Mode.REHEARSAL)


class Story(NamedTuple):
    """A way through several scenes, on a station of the election that `reference` invents."""

    tell: Telling
    reference: Callable[[], Reference]


STORIES: Final[dict[str, Story]] = {}


def story(reference: Callable[[], Reference] = _small) -> Callable[[Telling], Telling]:
    """Register a story under its function's name, told on a station of this election."""

    def register(tell: Telling) -> Telling:
        _keep(tell.__name__, Story(tell, reference))
        return tell

    return register


def _keep(name: str, told: Story) -> None:
    assert name not in STORIES
    STORIES[name] = told


def scene(name: str) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """Register a single scene under a name that is not there yet."""

    def register(function: Callable[[Stage], None]) -> Callable[[Stage], None]:
        def tell(stage: Stage) -> Iterator[str]:
            function(stage)
            yield name

        _keep(name, Story(tell, _small))
        return function

    return register


@dataclass(frozen=True)
class Fault:
    """What is wrong where."""

    scene: str
    screen: str
    fault: str


class Screen(NamedTuple):
    """The pixels of a screen, and those that a window has at the scale of this process."""

    width: int
    height: int
    room: QSize

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


def told(screens: list[Screen], pictures: Path | None, only: str = "") -> Iterator[tuple[str, list[Fault]]]:
    """Tell every story, or only one; each scene with what is wrong with it on the screens."""
    running = QApplication.instance() or QApplication([])
    assert isinstance(running, QApplication)
    application.prepare(running)
    gc.disable()  # as in the running desk, where a search on another thread could destroy widgets
    for name, one in STORIES.items():
        if only and only != name:
            continue
        theme.apply(running, False)
        with tempfile.TemporaryDirectory(prefix="scene-") as folder:
            stage = Stage(Path(folder), one.reference())
            try:
                for shown in one.tell(stage):
                    yield shown, [Fault(shown, str(at), what) for at in screens for what in _seen(stage, at)]
                    if pictures is not None:
                        _paint(stage, screens, pictures, shown)
            finally:
                stage.close()


def _fit(stage: Stage, screen: Screen) -> None:
    stage.window.resize(screen.room)
    stage.settle()
    for dialog in stage.seen()[1:]:
        dialog.resize(dialog.size().boundedTo(screen.room))
        stage.settle()


def _seen(stage: Stage, screen: Screen) -> Iterator[str]:
    """What is wrong on one screen."""
    _fit(stage, screen)
    for window in stage.seen():
        yield from looks.faults(window, screen.room.toTuple())


def _paint(stage: Stage, screens: list[Screen], pictures: Path, shown: str) -> None:
    """Pictures of a scene on every screen in light and dark, for people to look at."""
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        stage.window.change_scheme(scheme)
        for screen in screens:
            _fit(stage, screen)
            look = "dark" if scheme is Qt.ColorScheme.Dark else "light"
            scale = round(100 * screen.width / screen.room.width())
            stage.seen()[-1].grab().save(str(pictures / f"{shown}-{screen}-{scale}-{look}.png"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("screens", nargs="+")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--only", default="", help="one story")
    given = parser.parse_args()
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    for module in _MODULES:
        importlib.import_module(f"tests.support.{module}")
    scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    screens = []
    for size in given.screens:
        width, height = map(int, size.split("x"))
        screens.append(Screen(width, height, QSize(int(width / scale), int(height / scale))))
    shown = dict(told(screens, given.pictures, given.only))
    faults = [asdict(fault) for found in shown.values() for fault in found]
    print(json.dumps({"shown": list(shown), "faults": faults}, ensure_ascii=False), flush=True)
    os._exit(0)  # all that was shown still lies about; Qt's order of putting it away is not Python's


if __name__ == "__main__":
    from tests.support import scenes  # the registry that other modules fill, not this copy of it

    scenes.main()
