"""Lessons of the training mode: what a clerk practises in which precinct, and how far it has got.

A lesson is done step by step when the protocol's own state says so: nobody ticks anything off. Which files
and papers belong to a lesson is made elsewhere; its words are the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.election.model import ProtocolKey
from app.station.completeness import Row
from app.station.states import State

Reached = Callable[[Row], bool]


def _in(*states: State) -> Reached:
    return lambda row: row.state in states


_TAKEN: Final = _in(State.ACCEPTED, State.SENT, State.CONFIRMED)
_CONFIRMED: Final = _in(State.CONFIRMED)


def _typed(row: Row) -> bool:
    return bool(row.typist) or _TAKEN(row)


#: What has to be reached, step by step; the words are `training.<lesson>.<step>`.
LESSONS: Final[Mapping[str, tuple[Reached, ...]]] = MappingProxyType(
    {
        "file": (_TAKEN, _CONFIRMED),
        "mend": (_TAKEN,),
        "paper": (_typed, _TAKEN),
        "passable": (lambda row: row.state is State.HELD or _TAKEN(row), _TAKEN),
        "refusal": (_in(State.REFUSED),),
    }
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: its name in `LESSONS`, its protocol, and what its words fill in."""

    name: str
    key: ProtocolKey
    values: Mapping[str, str]


class Course:
    """How far somebody has got; what was reached once stays reached. Use from one thread."""

    def __init__(self, lessons: tuple[Lesson, ...], row: Callable[[ProtocolKey], Row | None]) -> None:
        self.lessons = lessons
        self._row = row
        self._reached = dict.fromkeys((each.name for each in lessons), 0)

    def look(self) -> bool:
        """Look at the station again; whether anything more was reached."""
        before = dict(self._reached)
        for lesson in self.lessons:
            row = self._row(lesson.key)
            steps = LESSONS[lesson.name]
            while row is not None and self.reached(lesson) < len(steps) and steps[self.reached(lesson)](row):
                self._reached[lesson.name] += 1
        return self._reached != before

    def reached(self, lesson: Lesson) -> int:
        """How many steps are done."""
        return self._reached[lesson.name]

    def is_done(self, lesson: Lesson) -> bool:
        return self.reached(lesson) == len(LESSONS[lesson.name])

    @property
    def current(self) -> Lesson | None:
        """The first lesson that is not done; None when all are."""
        return next((each for each in self.lessons if not self.is_done(each)), None)
