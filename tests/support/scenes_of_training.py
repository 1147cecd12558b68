"""The scene of the training: its dock under the desk with the first lesson, a later one, all of them done."""

from __future__ import annotations

from collections.abc import Iterator

from app.desktop.training.dock import attach
from app.station.training import LESSONS, Lesson
from tests.support.scenes import story
from tests.support.stage import Stage

VALUES = {
    "place": "Mateřídoušky v Údolí 12",
    "file": "zapis_900001_00012.xml",
    "second": "Petr Říha",
    "second_password": "petr-opisuje",
    "supervisor": "Věra Šťastná",
    "supervisor_password": "vera-schvaluje",
}


@story()
def training(stage: Stage) -> Iterator[str]:
    keys = stage.window.desk.station.expected
    lessons = tuple(Lesson(name, key, VALUES) for name, key in zip(LESSONS, keys, strict=False))
    dock = attach(stage.window, lessons, ())
    yield "training-first"
    dock.course._reached.update(file=2, mend=1, paper=1)
    dock._show()
    yield "training-later"
    dock.course._reached.update({name: len(steps) for name, steps in LESSONS.items()})
    dock._show()
    yield "training-done"
