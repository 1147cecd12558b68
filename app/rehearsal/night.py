"""A whole election night on one machine: a centre, simulated stations, a verdict on what was published.

Every part is the real one: the stations' and the centre's programs run as processes of their own, with
files on the disk, signatures and HTTP between them. What is simulated is people and distance. Two
nights are known: an invented one (`invented_night`) and the replay of a real one (`replayed_night`);
both end with a comparison of every published value with the expected one.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Condition, Event
from time import perf_counter

from app.central import compact
from app.central.settings import CentreSettings
from app.documents import t6
from app.documents.compare import Comparison, compare
from app.documents.registers import read_registers
from app.election.complete import complete
from app.election.content import content_hash
from app.election.model import Protocol, ProtocolKey, Reading
from app.election.reference import Precinct, Reference
from app.rehearsal import files, floor, generator
from app.rehearsal.clerk import Work
from app.rehearsal.expected import write_expected
from app.rehearsal.floor import Floor
from app.rehearsal.processes import CentreProcess, NightFailed, WorkerProcess, free_port
from app.rehearsal.sandbox import Builder, Sandbox
from app.rehearsal.worker import Assignment, Post
from app.trust import message

#: One process for the centre, these for the stations: the machine of the budget has two cores.
WORKERS = 2
#: The centre has published everything this long after the last receipt, or something is wrong.
_PUBLISH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A night before it begins: a sandbox with stations and files, and what must come out."""

    sandbox: Sandbox
    centre: CentreProcess
    points: tuple[int, ...]
    truth: Mapping[ProtocolKey, str]  # content hash of every protocol that has to stand in the end
    expected: Path  # official documents, laid out as the office's open data
    regions: tuple[int, ...]  # that are compared

    @property
    def protocols(self) -> int:
        return len(self.truth)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a night. `seconds` from the first file taken in to everything published."""

    protocols: int
    work: Work
    corrected: int  # protocols that stand at the centre with OPRAVA=1
    stored_wrong: tuple[ProtocolKey, ...]  # missing at the centre, or there with another content
    seconds: float
    comparison: Comparison

    @property
    def right(self) -> bool:
        """Whether every protocol stands at the centre as it should and every published value is right."""
        return self.comparison.equal and not self.stored_wrong

    @property
    def per_minute(self) -> int:
        return round(self.protocols * 60 / self.seconds)


Told = Callable[[str], None]


def invented_night(folder: Path, plan: generator.Plan, now: datetime, told: Told) -> Scene:
    """Set the scene of a fictional election."""
    told("vymýšlí se volby")
    reference = generator.invent(plan)
    stage = _Stage(folder, reference, now, told)
    truth: list[Protocol] = []
    for point, precincts in _by_point(reference.precincts.values()).items():
        papers = files.write_invented(stage.sandbox.files(point), reference, precincts, plan.seed)
        truth += [paper.truth for paper in papers.values()]
        stage.open_point(point)
    expected = folder / "expected"
    write_expected(expected, reference, truth, reference.election.calendar.voting_ends)
    return stage.scene(truth, expected, tuple(reference.regions))


def replayed_night(
    folder: Path, data: Path, regions: Collection[int] | None, now: datetime, told: Told
) -> Scene:
    """Set the scene of a real night: every T/6 row of these regions becomes a protocol file.

    `regions` None: all of which `data` has the sheets.
    """
    told("čtou se číselníky")
    reference = read_registers(data)
    regions = regions or t6.regions_with_sheets(data, reference)
    stage = _Stage(folder, reference, now, told)
    told("čtou se zápisy")
    readings: dict[ProtocolKey, Reading] = {
        reading.key: reading for reading in t6.read_t6(data, reference, regions)
    }
    told("píšou se soubory komisí")
    precincts = [reference.precincts[key.precinct] for key in readings]
    for point, of_point in _by_point(precincts).items():
        place = stage.sandbox.files(point)
        place.mkdir(parents=True)
        for precinct in of_point:
            key = next(key for key in reference.contests_of(precinct))
            files.write_readings(place, reference, precinct, [readings[ProtocolKey(precinct.id, key)]])
        stage.open_point(point)
    return stage.scene(map(complete, readings.values()), data, tuple(regions))


class _Stage:
    """Builds a sandbox whose stations know the centre's address before it runs."""

    def __init__(self, folder: Path, reference: Reference, now: datetime, told: Told) -> None:
        self._folder = folder
        self._reference = reference
        self._builder = Builder(folder, reference, now)
        offset = self._builder.offset
        info = reference.election
        settings = CentreSettings(
            election=info.code,
            mode=info.mode,
            publish_interval_seconds=1.0,
            batch_grid_seconds=0,
            keep_versions=3,
            clock_offset_seconds=int(offset.total_seconds()),
        )
        self.sandbox = self._builder.build(settings, told)
        self._centre = CentreProcess(self.sandbox.centre, free_port(), folder / "centre.log")
        self._points: list[int] = []

    def open_point(self, point: int) -> None:
        self._builder.add_station(point, self._centre.url)
        self._points.append(point)

    def scene(self, truth: Iterable[Protocol], expected: Path, regions: tuple[int, ...]) -> Scene:
        self._builder.enrol()
        hashes = {protocol.key: content_hash(protocol) for protocol in truth}
        return Scene(self.sandbox, self._centre, tuple(self._points), hashes, expected, regions)


def _by_point(precincts: Iterable[Precinct]) -> Mapping[int, list[Precinct]]:
    points: dict[int, list[Precinct]] = {}
    for precinct in precincts:
        points.setdefault(precinct.transfer_point, []).append(precinct)
    return points


class Night:
    """Runs a scene. `heard` is called with the stations' progress whenever it changes."""

    def __init__(self, scene: Scene, heard: Callable[[Work], None] = lambda _: None) -> None:
        self._scene = scene
        self._heard = heard
        self._news = Condition()
        self._workers = [
            WorkerProcess(assignment, scene.sandbox.folder / "stations.log", self._tell)
            for assignment in self._assignments()
        ]

    def run(self) -> Outcome:
        """The night from start to end. Raises NightFailed when a process falls."""
        self._scene.centre.start()
        try:
            for worker in self._workers:
                worker.open()
            for worker in self._workers:
                worker.wait_ready()
            started = perf_counter()
            for worker in self._workers:
                worker.begin()
            for worker in self._workers:
                worker.wait()
            wait_published(self._scene.centre)
            seconds = perf_counter() - started
        finally:
            for worker in self._workers:
                worker.kill()
            self._scene.centre.stop()
        return judged(self._scene, self.progress, seconds)

    @property
    def progress(self) -> Work:
        sums = dict.fromkeys(("accepted", "refused", "approved", "corrected"), 0)
        for worker in self._workers:
            for name in sums:
                sums[name] += int(worker.latest.get(name, 0))
        return Work(**sums)

    def _tell(self) -> None:
        self._heard(self.progress)

    def _assignments(self) -> list[Path]:
        """The points dealt out so that each worker has about as many files."""
        sandbox = self._scene.sandbox
        sizes = {point: sum(1 for _ in sandbox.files(point).iterdir()) for point in self._scene.points}
        hands: list[tuple[int, list[int]]] = [(0, []) for _ in range(WORKERS)]
        for point in sorted(sizes, key=lambda each: -sizes[each]):
            smallest = min(range(WORKERS), key=lambda index: hands[index][0])
            hands[smallest] = (hands[smallest][0] + sizes[point], [*hands[smallest][1], point])
        paths = []
        for index, (_size, points) in enumerate(hands):
            if points:
                posts = tuple(Post(str(sandbox.station(p)), str(sandbox.files(p))) for p in sorted(points))
                path = sandbox.folder / f"worker-{index}.json"
                Assignment(posts, int(sandbox.offset.total_seconds())).write(path)
                paths.append(path)
        return paths


def wait_published(centre: CentreProcess) -> None:
    """Wait until the newest publication holds all that was received."""
    waiting = Event()
    deadline = perf_counter() + _PUBLISH_SECONDS
    while perf_counter() < deadline:
        status = centre.status()
        if status["published"]["last_revision"] >= status["received"]["revisions"]:
            return
        waiting.wait(0.05)
    raise NightFailed("zveřejňování", "výsledky nebyly zveřejněny včas · results were not published in time")


def judged(scene: Scene, work: Work, seconds: float) -> Outcome:
    """The outcome of a night that has been published."""
    stored = _standing(scene.sandbox.centre)
    hashes = {key: content_hash(protocol) for key, protocol in stored.items()}
    wrong = tuple(key for key in {*scene.truth, *hashes} if scene.truth.get(key) != hashes.get(key))
    return Outcome(
        protocols=scene.protocols,
        work=work,
        corrected=sum(protocol.corrected for protocol in stored.values()),
        stored_wrong=wrong,
        seconds=seconds,
        comparison=compare(scene.sandbox.published, scene.expected, scene.regions),
    )


def _standing(centre: Path) -> dict[ProtocolKey, Protocol]:
    """The protocols that stand at the centre: the last revision of each."""
    rows = _rows(centre, "SELECT protocol FROM revision ORDER BY revision")
    protocols = (compact.decode(data) for data in rows)
    return {protocol.key: protocol for protocol in protocols}


def _rows(centre: Path, query: str) -> list[bytes]:
    """The only column of all rows of a centre's store, opened to be read."""
    database = sqlite3.connect(f"{(centre / 'centre.sqlite').as_uri()}?mode=ro", uri=True)
    with closing(database):
        return [value for (value,) in database.execute(query)]


def keep_published(scene: Scene, out: Path) -> None:
    """Copy the documents of the current version to `out` (made when it is not there)."""
    shutil.copytree(scene.sandbox.published / "current", out, dirs_exist_ok=True)


def measured_floor(scene: Scene) -> Floor:
    """The floor for the night's own files: the files of the first visits and the batches received."""
    stick = [
        visit.mended.read_bytes() if visit.mended else visit.first.read_bytes()
        for point in scene.points
        for visit in files.visits(scene.sandbox.files(point))
    ]
    return floor.measure(stick, _received_contents(scene.sandbox.centre), scene.sandbox.folder)


def _received_contents(centre: Path) -> list[bytes]:
    """The XML inside every batch that the centre stored."""
    contents = (message.decode(raw).content for raw in _rows(centre, "SELECT raw FROM batch ORDER BY id"))
    return [content for content in contents if content is not None]
