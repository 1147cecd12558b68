"""The sandbox of `prebirka demo`: a centre, one transfer point of some thirty precincts, a stick of files.

The whole fictional election lies in one district with a Senate contest, so that one person can bring a
region to its end in a few minutes and see seats appear on the results page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.election.reference import Reference
from app.rehearsal import generator, night, tour
from app.rehearsal.clerk import StationCrew, Work
from app.rehearsal.judgement import Outcome, Scene, judged
from app.rehearsal.sandbox import Sandbox
from app.rehearsal.worker import Line
from app.station.station import Station

#: Zlín: regional councils and Senate district 80.
HOME_DISTRICT = 7204


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its centre answers at `scene.centre.url`."""

    scene: Scene
    reference: Reference
    seed: int

    @property
    def sandbox(self) -> Sandbox:
        return self.scene.sandbox

    @property
    def point(self) -> int:
        return self.scene.points[0]

    @property
    def station(self) -> Path:
        """The station's folder, to open a desk on."""
        return self.sandbox.station(self.point)

    @property
    def stick(self) -> Path:
        """The folder of the commissions' files."""
        return self.sandbox.files(self.point)

    @property
    def guide(self) -> Path:
        """The page that says what to try, with the papers to type from."""
        return self.sandbox.folder / tour.GUIDE

    @property
    def results(self) -> str:
        """The address of the results page."""
        return f"{self.scene.centre.url}/"

    @property
    def stops(self) -> tuple[tour.Stop, ...]:
        """What to try, in order."""
        return tuple(tour.stops(self.reference, self.seed))


@contextmanager
def running(folder: Path, precincts: int, seed: int, now: datetime, told: night.Told) -> Iterator[Demo]:
    """Set a demo up in `folder` (empty), run its centre, and stop it at the end."""
    plan = generator.Plan(seed=seed, precincts=precincts, stations=1, home_district=HOME_DISTRICT)
    scene = night.invented_night(folder, plan, now, told, tour.mistakes)
    told("ústředí se spouští")
    scene.centre.start()
    try:
        demo = Demo(scene, generator.invent(plan), seed)
        tour.write_guide(folder, demo.reference, seed, demo.stick, demo.results)
        yield demo
    finally:
        scene.centre.stop()


def without_window(demo: Demo, told: Callable[[Work], None]) -> Outcome:
    """Take everything in as two people at the desk would, send it, and compare what is published."""
    clock = demo.sandbox.clock
    begun = clock()
    with Station.open(demo.station, clock) as station:
        crew = StationCrew(station, demo.stick, told)
        line = Line(station, clock)
        for visit in crew.visits:
            crew.take_in(visit)
            line.send()
        line.finish()
        for visit in crew.visits:
            crew.take_correction(visit)
        line.finish()
    night.wait_published(demo.scene.centre)
    return judged(demo.scene, (clock() - begun).total_seconds())
