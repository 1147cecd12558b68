"""A whole election night on one machine: a centre, simulated stations, a verdict on what was published.

Every part is the real one: the stations' and the centre's programs run as processes of their own, with
files on the disk, signatures and HTTP between them. What is simulated is people and distance. Two
nights are known: an invented one (`invented_night`) and the replay of a real one (`replayed_night`);
both end with a comparison of every published value with the expected one.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Condition, Event
from time import perf_counter

from app.central.settings import CentreSettings
from app.documents import t6
from app.documents.registers import read_registers
from app.election.checks import judge
from app.election.circumstances import Circumstances, Signatures
from app.election.complete import complete, with_flags
from app.election.content import content_hash
from app.election.errors import KnownError
from app.election.model import PrecinctId, Protocol, ProtocolKey, Reading, RegionalReading
from app.election.reference import Precinct, Reference
from app.rehearsal import files, floor, generator
from app.rehearsal.ballots import Mistake
from app.rehearsal.clerk import Work
from app.rehearsal.expected import plain_sums, write_expected
from app.rehearsal.floor import Floor
from app.rehearsal.judgement import OfficialSenate, Outcome, Scene, judged, received_contents
from app.rehearsal.kills import Kills, Reaper
from app.rehearsal.processes import CentreProcess, NightFailed, WorkerProcess, free_port
from app.rehearsal.sandbox import Builder
from app.rehearsal.worker import Assignment, Post

#: Processes of stations: more than the two cores of the budget, because each waits most of its time for
#: its disk and for the centre's answer, and on a real night all stations wait at the same time.
WORKERS = 4
#: The centre has published everything this long after the last receipt, or something is wrong.
_PUBLISH_SECONDS = 60.0
#: How often to look whether a process has fallen.
_LOOK_SECONDS = 0.25
#: Stations that tell nothing for so long are stuck.
_SILENCE_SECONDS = 90.0

Told = Callable[[str], None]


#: Mistakes that shall be made for certain in an invented election of a seed.
Wished = Callable[[Reference, int], Mapping[ProtocolKey, Mistake]]


def invented_night(
    folder: Path,
    plan: generator.Plan,
    now: datetime,
    told: Told,
    wished: Wished = lambda _reference, _seed: {},
) -> Scene:
    """Set the scene of a fictional election."""
    told("vymýšlí se volby")
    reference = generator.invent(plan)
    stage = Stage(folder, reference, now, told)
    mistakes = wished(reference, plan.seed)
    truth: list[Protocol] = []
    for point, precincts in by_point(reference.precincts.values()).items():
        place = stage.sandbox.files(point)
        papers = files.write_invented(place, reference, precincts, plan.seed, mistakes)
        truth += [paper.truth for paper in papers.values()]
        stage.open_point(point)
    expected = folder / "expected"
    write_expected(expected, reference, truth, reference.election.calendar.voting_ends)
    return stage.scene(truth, expected, tuple(reference.regions))


def replayed_night(
    folder: Path, data: Path, regions: Collection[int] | None, now: datetime, told: Told
) -> Scene:
    """Set the scene of a real night: every T/6 row of these regions becomes a protocol file.

    `regions` None: all of which `data` has the sheets. Raises KnownError for data that are not there,
    are damaged or have no sheets of these regions.
    """
    told("čtou se číselníky")
    if not data.is_dir():
        raise KnownError(
            "REH-04",
            f"Složka {data} neexistuje. Zadejte složku otevřených dat jedné volby.",
            f"There is no folder {data}. Give a folder of open data of one election.",
        )
    reference = read_registers(data)
    regions = regions or t6.regions_with_sheets(data, reference)
    told("čtou se zápisy")
    readings = regional_readings(data, reference, regions)
    brought = {precinct: [reading] for precinct, reading in readings.items()}
    stage = Stage(folder, reference, now, told)
    stage.open_points(brought)
    truth = [truth_of(reading, reference) for reading in readings.values()]
    return stage.scene(truth, data, tuple(sorted(regions)))


def regional_readings(
    data: Path, reference: Reference, regions: Collection[int]
) -> dict[PrecinctId, RegionalReading]:
    """Every T/6 of these regions, in the table's order. Raises KnownError where some cannot be replayed."""
    readings = {reading.key.precinct: reading for reading in t6.read_t6(data, reference, regions)}
    _check_readings(data, reference, readings, regions)
    return readings


def _check_readings(
    data: Path,
    reference: Reference,
    readings: Mapping[PrecinctId, RegionalReading],
    regions: Collection[int],
) -> None:
    """Raises KnownError where there is nothing to replay, or where no transfer point could take it in."""
    districts = {reading.district for reading in readings.values()}
    found = {district.region for district in reference.districts.values() if district.code in districts}
    empty = set(regions) - found
    if empty or not readings:
        named = ", ".join(map(str, sorted(empty))) or "–"
        raise KnownError(
            "REH-05",
            f"Ve složce {data} nejsou zápisy z krajů: {named}. Zadejte kraje, které v ní jsou.",
            f"The folder {data} has no protocols of the regions: {named}. Give regions that it has.",
        )
    strange = [identity for identity in readings if identity not in reference.precincts]
    if strange:
        raise KnownError(
            "REH-06",
            f"Okrsek {strange[0]} z tabulky T6 není v číselnících ve složce {data}. "
            "Patří tabulka a číselníky k týmž volbám?",
            f"The precinct {strange[0]} of the table T6 is not in the registers in {data}. "
            "Do the table and the registers belong to the same election?",
        )


def truth_of(reading: Reading, reference: Reference) -> Protocol:
    """What has to stand when a real protocol is in: itself, with CHYBA=1 where it is let pass."""
    verdict = judge(reading, Circumstances(reference, signatures=Signatures.ALL))
    protocol = complete(reading)
    return with_flags(protocol, passable_error=True) if verdict.passable else protocol


class Stage:
    """Builds a sandbox whose stations know the centre's address before it runs."""

    def __init__(self, folder: Path, reference: Reference, now: datetime, told: Told) -> None:
        self._folder = folder
        self._reference = reference
        self._told = told
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

    def open_points(self, brought: Mapping[PrecinctId, Sequence[Reading]]) -> None:
        """Write what each precinct's commission brings, all in one file, and open its transfer point."""
        self._told("píšou se soubory komisí")
        precincts = self._reference.precincts
        for point, of_point in by_point(precincts[identity] for identity in brought).items():
            place = self.sandbox.files(point)
            place.mkdir(parents=True)
            for precinct in of_point:
                files.write_readings(place, self._reference, precinct, brought[precinct.id])
            self.open_point(point)

    def scene(
        self,
        truth: Collection[Protocol],
        expected: Path,
        regions: tuple[int, ...],
        senate: OfficialSenate | None = None,
    ) -> Scene:
        """The scene with all points opened so far; `expected` and `senate` is what has to come out."""
        self._builder.enrol()
        return Scene(
            sandbox=self.sandbox,
            centre=self._centre,
            points=tuple(self._points),
            truth={protocol.key: content_hash(protocol) for protocol in truth},
            sums=plain_sums(self._reference, truth),
            expected=expected,
            regions=regions,
            senate=senate,
        )


def by_point(precincts: Iterable[Precinct]) -> Mapping[int, list[Precinct]]:
    points: dict[int, list[Precinct]] = {}
    for precinct in precincts:
        points.setdefault(precinct.transfer_point, []).append(precinct)
    return points


class Night:
    """Runs a scene. `heard` is called with the stations' progress whenever it changes; with `kills`,
    processes are killed on the way and started again. `halfway` is called once, while one process of stations
    waits in the middle of its work and the others go on; not together with `kills`."""

    def __init__(
        self,
        scene: Scene,
        heard: Callable[[Work], None] = lambda _: None,
        kills: Kills | None = None,
        halfway: Callable[[], None] | None = None,
    ) -> None:
        self._scene = scene
        self._heard = heard
        self._kills = kills
        self._halfway = halfway
        self._news = Condition()
        self._last_news = perf_counter()
        self._workers = [
            WorkerProcess(assignment, scene.sandbox.folder / "stations.log", self._tell)
            for assignment in self._assignments()
        ]

    def run(self) -> Outcome:
        """The night from start to end. Raises NightFailed when a process falls that nobody killed."""
        killed = None
        try:
            self._scene.centre.start()
            for worker in self._workers:
                worker.launch()
            for worker in self._workers:
                worker.wait_ready()
            started = self._last_news = perf_counter()
            for worker in self._workers:
                worker.begin()
            if self._kills is not None:
                reaper = Reaper(self._kills, self._scene.centre, self._workers, self._scene.protocols)
                killed = reaper.run(self._wait_taken_in)
            if self._halfway is not None:
                first = self._workers[0]
                self._wait(lambda: first.waits)
                self._halfway()
                first.let_go()
            self._wait(self._all_done)
            wait_published(self._scene.centre)
            seconds = perf_counter() - started
            for worker in self._workers:
                worker.wait()
        finally:
            for worker in self._workers:
                worker.kill()
            self._scene.centre.stop()
        return judged(self._scene, seconds, killed)

    @property
    def progress(self) -> Work:
        sums: Counter[str] = sum((worker.work for worker in self._workers), Counter())
        return Work(**sums)

    def _tell(self) -> None:
        self._heard(self.progress)
        with self._news:
            self._last_news = perf_counter()
            self._news.notify_all()

    def _wait_taken_in(self, protocols: int) -> None:
        self._wait(lambda: self.progress.accepted >= protocols or self._all_done())

    def _all_done(self) -> bool:
        return all(worker.done for worker in self._workers)

    def _wait(self, enough: Callable[[], bool]) -> None:
        """Wait for news until there is enough of them, and see that no process falls or is stuck."""
        processes: list[CentreProcess | WorkerProcess] = [self._scene.centre, *self._workers]
        while True:
            with self._news:
                if self._news.wait_for(enough, _LOOK_SECONDS):
                    return
            for process in processes:
                process.check()
            if perf_counter() - self._last_news > _SILENCE_SECONDS:
                words = f"{_SILENCE_SECONDS:.0f} s nic nehlásí · silent for so many seconds"
                raise NightFailed("přebírací místa", words)

    def _assignments(self) -> list[Path]:
        """The points dealt out so that each worker has about as many files."""
        sandbox = self._scene.sandbox
        sizes = {point: sum(1 for _ in sandbox.files(point).iterdir()) for point in self._scene.points}
        hands: list[tuple[int, list[int]]] = [(0, []) for _ in range(WORKERS)]
        for point in sorted(sizes, key=lambda each: -sizes[each]):
            smallest = min(range(WORKERS), key=lambda index: hands[index][0])
            hands[smallest] = (hands[smallest][0] + sizes[point], [*hands[smallest][1], point])
        paths: list[Path] = []
        for index, (_size, points) in enumerate(hands):
            if points:
                posts = tuple(Post(str(sandbox.station(p)), str(sandbox.files(p))) for p in sorted(points))
                path = sandbox.folder / f"worker-{index}.json"
                waits = self._halfway is not None and not paths
                replace(self._assignment(posts), waits_halfway=waits).write(path)
                paths.append(path)
        return paths

    def _assignment(self, posts: tuple[Post, ...]) -> Assignment:
        offset = int(self._scene.sandbox.offset.total_seconds())
        if self._kills is None:
            return Assignment(posts, offset)
        # A line after each visit, because moments are counted by lines; many batches, to be killed in.
        return Assignment(posts, offset, visits_a_batch=3, visits_a_line=1)


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


def keep_published(scene: Scene, out: Path) -> None:
    """Copy the documents of the current version to `out`, which is empty or not there."""
    shutil.copytree(scene.sandbox.published / "current", out, dirs_exist_ok=True)


def check_empty(folder: Path) -> None:
    """Raises KnownError unless `folder` can be filled without overwriting anything."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KnownError(
            "REH-03",
            f"Složka {folder} není prázdná. Zvolte jinou, ať se nic nepřepíše.",
            f"The folder {folder} is not empty. Choose another, so that nothing is overwritten.",
        )


def measured_floor(scene: Scene) -> Floor:
    """The floor for the night's own files: the files of the first visits and the batches received."""
    stick = [
        visit.mended.read_bytes() if visit.mended else visit.first.read_bytes()
        for point in scene.points
        for visit in files.visits(scene.sandbox.files(point))
    ]
    return floor.measure(stick, list(received_contents(scene.sandbox.centre)), scene.sandbox.folder)
