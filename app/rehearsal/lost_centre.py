"""The worst day, rehearsed: after a night that ended right the centre's database is gone, twice.

Once there is a copy that was made in the middle of the rush: one process of stations is through with half of
its visits and begins the others only when the copy stands, so the copy has some protocols and lacks some. The
centre is put together from it and stations send again what it lacks. Then there is nothing but keys,
reference data and the register of stations: an empty centre, and everything comes again from the stations'
outboxes. Each time the night has to be what it was: what was published (`app.documents.same_results` says
what has to be the same), and every value against the expected one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from app.central import centre
from app.central import settings as settings_file
from app.central.backup.making import make
from app.central.backup.restoring import restore
from app.central.settings import CentreFolder
from app.documents.same_results import Results, differences, results_of
from app.rehearsal.clerk import Work
from app.rehearsal.judgement import Outcome, Scene, judged
from app.rehearsal.night import Night, Told, wait_published
from app.rehearsal.processes import WorkerProcess
from app.rehearsal.worker import Assignment
from app.trust.certificate import Certificate

#: Stations that one process sends for where there are no more.
_OF_ONE = 4


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One rebuilding. `held` protocols were in the copy, `seconds` from the loss until everything was
    published again; `different` is what is not as it was before."""

    way: str
    held: int
    seconds: float
    different: tuple[str, ...]
    outcome: Outcome

    @property
    def right(self) -> bool:
        return not self.different and self.outcome.right


class LostCentre:
    """Runs a scene, then loses its centre. `heard` and `told` are for people who watch."""

    def __init__(
        self, scene: Scene, heard: Callable[[Work], None] = lambda _: None, told: Told = lambda _: None
    ) -> None:
        self._scene, self._told = scene, told
        self._sandbox = scene.sandbox
        self._copy: Path | None = None
        self._night = Night(scene, heard, halfway=self._copied)

    def run(self) -> tuple[Outcome, list[Rebuilt]]:
        """The night, and the two rebuildings. Raises NightFailed."""
        outcome = self._night.run()
        if not outcome.right or self._copy is None:
            return outcome, []
        before = results_of(self._sandbox.published)
        return outcome, [
            self._rebuilt("backup", before, self._from_copy),
            self._rebuilt("stations", before, self._from_nothing),
        ]

    def _copied(self) -> None:
        """A copy of the running centre, in the middle of the rush."""
        sandbox = self._sandbox
        seal = centre.seal_of(sandbox.centre)
        self._copy = make(sandbox.centre, sandbox.folder / "copies", seal, sandbox.clock()).folder

    def _rebuilt(self, way: str, before: Results, put_back: Callable[[Path], int]) -> Rebuilt:
        self._told(way)
        lost = self._sandbox.folder / f"lost-{way}"
        self._sandbox.centre.rename(lost)
        for each in lost.glob("centre.sqlite*"):
            each.unlink()  # lost entirely
        started = perf_counter()
        held = put_back(lost)
        self._deliver()
        seconds = perf_counter() - started
        different = differences(before, results_of(self._sandbox.published))
        return Rebuilt(way, held, seconds, tuple(different), judged(self._scene, seconds))

    def _from_copy(self, lost: Path) -> int:
        assert self._copy is not None
        sandbox = self._sandbox
        restored = restore(
            self._copy,
            sandbox.centre,
            (sandbox.folder / "authority" / "ca.pem").read_bytes(),
            sandbox.clock(),
            key=lost / "centre.key",
            public=lost / "public",
        )
        return restored.manifest.counts.revisions

    def _from_nothing(self, lost: Path) -> int:
        """Keys, reference data and the register: what the ceremony's folder has anyway."""
        sandbox, old = self._sandbox, CentreFolder(lost)
        centre.init(
            sandbox.centre,
            replace(settings_file.load(old), database=""),
            authority=old.authority.read_bytes(),
            key=old.key,
            certificate=Certificate.from_pem(old.certificate.read_bytes()),
            reference=old.reference,
            reference_signature=old.reference_signature,
        )
        certificates = [
            Certificate.from_pem((sandbox.station(point) / "station.pem").read_bytes())
            for point in self._scene.points
        ]
        centre.add_stations(sandbox.centre, certificates, sandbox.clock())
        return 0

    def _deliver(self) -> None:
        """The rebuilt centre runs, the stations are opened as on any day, and do the rest by themselves."""
        scene = self._scene
        workers = [
            WorkerProcess(path, self._sandbox.folder / "stations.log", lambda: None)
            for path in self._assignments()
        ]
        try:
            scene.centre.start()
            for worker in workers:
                worker.launch()
            for worker in workers:
                worker.go_on()
            for worker in workers:
                worker.wait()
            wait_published(scene.centre)
        finally:
            for worker in workers:
                worker.kill()
            scene.centre.stop()

    def _assignments(self) -> list[Path]:
        """Who had the stations in the night has them again; a few stations need only one process."""
        given = [Assignment.read(path) for path in sorted(self._sandbox.folder.glob("worker-*.json"))]
        if len(self._scene.points) <= _OF_ONE:
            given = [replace(given[0], posts=tuple(post for each in given for post in each.posts))]
        paths = []
        for number, each in enumerate(given):
            path = self._sandbox.folder / f"again-{number}.json"
            replace(each, only_send=True).write(path)
            paths.append(path)
        return paths
