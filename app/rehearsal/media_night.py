"""A night of the media's line: a real night is published while newsrooms read, and the line goes live.

A centre, transfer points and the media server are processes of their own. Every organisation reads from its
night's and its test addresses (loopback addresses stand for them); strangers and liars ask too. In the middle
of the night a new list comes whose live moment is two seconds away. Then the readers' own log is the judge:
of each answer by the instant at which it was asked for, and of the server's counts, to the byte.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from app.central.settings import CentreFolder
from app.documents import media_list
from app.documents.media_list import MediaList, Organisation
from app.election.reference import ElectionInfo
from app.rehearsal import generator, media_judgement
from app.rehearsal.judgement import Outcome, Scene
from app.rehearsal.media_judgement import Heard, Verdict
from app.rehearsal.media_readers import Asked, Listened, Place, Reader
from app.rehearsal.night import Night, Told, invented_night, wait_published
from app.rehearsal.processes import NightFailed
from app.trust import cms, keys
from app.trust.certificate import Certificate

Clock = Callable[[], datetime]

#: From the list that says so to the live moment.
_NOTICE = timedelta(seconds=2)
#: How long the line is read after the live moment and after the night, at least. Seconds.
_AFTER = 3.0
_START_SECONDS = 30.0
_OTHERS = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How large a night is."""

    organisations: int = 40
    addresses: int = 5
    precincts: int = 400
    stations: int = 12
    seed: int = 2024
    pause: float = 1.0


def organisations(size: Size) -> tuple[Organisation, ...]:
    """Made up; the night's addresses are 127.10…, the test's 127.20…."""
    count = range(1, size.addresses + 1)
    return tuple(
        Organisation(
            f"m{number:03d}",
            f"Redakce {number}",
            tuple(f"127.10.{number}.{each}" for each in count),
            tuple(f"127.20.{number}.{each}" for each in count),
        )
        for number in range(1, size.organisations + 1)
    )


class Register:
    """Signs lists as the centre does, and puts them where the server looks."""

    def __init__(self, centre: Path, election: ElectionInfo, clock: Clock, size: Size) -> None:
        paths = CentreFolder(centre)
        self.path = paths.root / "media" / "allowed.p7m"
        self.path.parent.mkdir(exist_ok=True)
        self._key = keys.load_key(paths.key, None)
        self._certificate = Certificate.from_pem(paths.certificate.read_bytes())
        self._organisations = organisations(size)
        self._election = election
        self._clock = clock
        self._serial = 0

    def put(self, live_from: datetime) -> None:
        """The next list, with this live moment."""
        self._serial += 1
        election, now = self._election, self._clock()
        listed = MediaList(election.code, election.mode, self._serial, now, live_from, self._organisations)
        half = self.path.with_suffix(".part")
        half.write_bytes(cms.sign(media_list.encode(listed), self._key, self._certificate, now))
        half.replace(self.path)


@dataclass
class MediaProcess:
    """A running media server."""

    folder: Path
    rehearsal: Path
    offset: int
    log: Path
    port: int = 0
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start and wait until it can be asked. Raises NightFailed when it ends before."""
        command = [sys.executable, "-m", "app", "central", "media", "serve", str(self.folder), "--port", "0"]
        command += ["--rehearsal", str(self.rehearsal), "--clock-offset", str(self.offset), "--operator", ""]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        word, _, url = self.process.stdout.readline().strip().partition(" ")
        if word != "READY":
            raise NightFailed("linka pro média", self.log.read_text("utf-8")[-2000:])
        self.port = int(url.rpartition(":")[2])

    def stop(self) -> None:
        """In order; the statistics are on the disk then."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            if self.process.stdout is not None:
                self.process.stdout.close()


def rehearse(folder: Path, size: Size, now: datetime, told: Told) -> tuple[Verdict, Outcome]:
    """The whole night: the verdict about the line, and the night's own outcome. Raises NightFailed when a
    process falls."""
    plan = generator.Plan(precincts=size.precincts, stations=size.stations, seed=size.seed)
    scene = invented_night(folder, plan, now, told)
    rehearsal = _rehearsal_feed(scene, folder / "rehearsal")
    clock, election = scene.sandbox.clock, scene.sandbox.reference.election
    register = Register(scene.sandbox.centre, election, clock, size)
    register.put(clock() + timedelta(days=1))
    media = MediaProcess(
        scene.sandbox.centre, rehearsal, int(scene.sandbox.offset.total_seconds()), folder / "media.log"
    )
    media.start()
    told("redakce čtou")
    night = _Running(scene)
    try:
        readers = Readers(Place("127.0.0.1", media.port, clock), election.code, size)
        readers.start()
        night.start()
        night.wait_half()
        live_from = clock() + _NOTICE
        register.put(live_from)
        told("přechod na ostrý provoz")
        outcome = night.end()
        readers.end(_NOTICE.total_seconds() + _AFTER)
    finally:
        media.stop()
    return judged(scene.sandbox.centre, size, readers, live_from, rehearsal), outcome


def judged(centre: Path, size: Size, readers: Readers, live_from: datetime, rehearsal: Path) -> Verdict:
    """The verdict about a line that has ended; `rehearsal` is the published folder of the test phase."""
    counted = json.loads((centre / "media" / "statistics.json").read_bytes())
    version = int((rehearsal / "current").readlink().name)
    heard = Heard(organisations(size), readers.log(), readers.streams(), live_from, version)
    return media_judgement.judged(heard, counted)


class Readers:
    """All readers, on a loop of their own in a thread."""

    def __init__(self, place: Place, code: str, size: Size) -> None:
        """`code` is the election's."""
        pages = [f"/feed/{code}/index.xml", f"/appdata/{code}/odata/vysledky.xml"]
        listed = organisations(size)
        pause = size.pause
        self._polling = [
            Reader(place, address, pages, pause) for one in listed for address in one.night + one.test
        ]
        self._polling += [Reader(place, f"127.30.0.{each}", pages[:1], pause) for each in range(1, _OTHERS)]
        liar = listed[0].night[0]  # whom a stranger and a test address claim to be
        self._polling.append(Reader(place, "127.30.1.1", pages[:1], pause, spoofed=liar))
        self._listening = [
            Reader(place, address, (), pause) for one in listed for address in (one.night[0], one.test[0])
        ]
        self._events = f"/feed/{code}/events"
        self._ended = asyncio.Event()
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="readers", daemon=True)

    def start(self) -> None:
        """Begin to read; returns when everybody was answered once."""
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise NightFailed("redakce", "nikdo neodpovídá · nobody answers")

    def end(self, after: float) -> None:
        """Read for so many seconds more, then end. Raises NightFailed when a reader fell."""
        self._loop.call_soon_threadsafe(self._loop.call_later, after, self._ended.set)
        self._thread.join()
        if self._failed is not None:
            raise NightFailed("redakce", repr(self._failed)) from self._failed

    def log(self) -> list[Asked]:
        """Everything asked, in the order of the readers."""
        return [each for reader in (*self._polling, *self._listening) for each in reader.log]

    def streams(self) -> list[Listened]:
        """Every stream that was open."""
        return [each for reader in self._listening for each in reader.streams]

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._all())
        except BaseException as error:
            self._failed = error
        finally:
            self._ready.set()
            self._loop.close()

    async def _all(self) -> None:
        self._loop.call_later(0.05, self._see_whether_all_were_answered)
        polling = (reader.poll(self._ended) for reader in self._polling)
        listening = (reader.listen(self._events, self._ended) for reader in self._listening)
        await asyncio.gather(*polling, *listening)

    def _see_whether_all_were_answered(self) -> None:
        if all(reader.log for reader in self._polling):
            self._ready.set()
        else:
            self._loop.call_later(0.05, self._see_whether_all_were_answered)


class _Running:
    """The night beside the readers."""

    def __init__(self, scene: Scene) -> None:
        self._half = Event()
        self._scene = scene
        self._night = Night(scene, self._hear)
        self._outcome: list[Outcome] = []
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="night", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait_half(self) -> None:
        self._half.wait()

    def end(self) -> Outcome:
        """Raises what the night raised."""
        self._thread.join()
        if self._failed is not None:
            raise self._failed
        return self._outcome[0]

    def _hear(self, work: object) -> None:
        if getattr(work, "accepted", 0) * 2 >= self._scene.protocols:
            self._half.set()

    def _run(self) -> None:
        try:
            self._outcome.append(self._night.run())
        except BaseException as error:
            self._failed = error
        finally:
            self._half.set()


def _rehearsal_feed(scene: Scene, folder: Path) -> Path:
    """What the centre publishes before anything came in, as the feed of an earlier rehearsal."""
    scene.centre.start()
    try:
        wait_published(scene.centre)
    finally:
        scene.centre.stop()
    shutil.copytree(scene.sandbox.published, folder, symlinks=True)
    return folder
