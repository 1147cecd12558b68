"""A walk through the desk that nobody has to watch: every page is opened, one protocol goes to the centre.

It tries an installation as a whole, with the window that people get: fonts, pictures, plug-ins, the store
and the line. Each step is an act and a sign that it is done, looked for while the window lives on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

from app.desktop.application import OpenDesk

_LOOK_MS: Final = 20
#: Seconds that one step may take; a page takes tenths of one.
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """`act` begins it, `reached` tells that it is done."""

    name: str
    act: Callable[[], None]
    reached: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was tried: how long it took in seconds, or that it never ended."""

    name: str
    seconds: float
    done: bool


class Walk(QObject):
    """Takes the steps one after the other and closes the window after the last, or after one that failed."""

    def __init__(self, opened: OpenDesk, steps: list[Step], told: Callable[[Taken], None]) -> None:
        super().__init__(opened.window)
        self._window, self._told = opened.window, told
        self._steps = iter(steps)
        self._step: Step | None = None
        self._began = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._next()
        self._timer.start()

    def _next(self) -> None:
        self._step = next(self._steps, None)
        if self._step is None:
            self._end()
            return
        self._began = time.monotonic()
        self._step.act()

    @Slot()
    def _look(self) -> None:
        step = self._step
        if step is None:
            QCoreApplication.exit()
            return
        seconds, done = time.monotonic() - self._began, step.reached()
        if done or seconds > _PATIENCE:
            self._told(Taken(step.name, seconds, done))
            if done:
                self._next()
            else:
                self._end()

    def _end(self) -> None:
        """The timer goes on: where the window is not closed at once, the next tick ends the program."""
        self._window.close()


def pages(opened: OpenDesk) -> list[Step]:
    """A step for every section that the person who is signed in may enter."""
    sections = opened.window.sections

    def step(name: str) -> Step:
        return Step(
            name, lambda: sections.turn(name), lambda: sections.current == name and _painted(opened, name)
        )

    buttons = sections.bar.buttons
    return [step(name) for name, button in buttons.items() if not button.isHidden()]


def _painted(opened: OpenDesk, name: str) -> bool:
    page = opened.window.sections.page(name)
    return page is not None and page.isVisible() and not opened.window.sections.busy
