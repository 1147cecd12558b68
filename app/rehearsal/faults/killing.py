"""A run in which centre and stations are processes, each killed several times and started again."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any

from app.rehearsal.faults import victims
from app.rehearsal.faults.kinds import ON_THE_LINE, Fault
from app.rehearsal.faults.line import Line
from app.rehearsal.faults.posts import CentrePost, Server
from app.rehearsal.faults.scene import Clock, SmallNight, seeded
from app.rehearsal.faults.verdict import Verdict, judge
from app.rehearsal.faults.victims import Death, Point
from app.rehearsal.processes import free_port

#: The real seconds after which a run of processes is stuck.
_SECONDS = 90.0
_KILLED = -9
#: How often each process is killed, at most.
_DEATHS = 4
_FAULT_OF = {
    Point.COMMIT: Fault.KILL_COMMIT,
    Point.FSYNC: Fault.KILL_FSYNC,
    Point.SEND: Fault.KILL_SEND,
    Point.RECEIVE: Fault.KILL_ANSWER,
    Point.ANYWHERE: Fault.KILL_ANYWHERE,
}
#: How many points of a kind a life may have before its last one.
_NTH = {Point.COMMIT: 25, Point.FSYNC: 15, Point.SEND: 12, Point.RECEIVE: 16}
_RATE = 0.15
_LONGEST_LIFE = 0.6


def _context() -> Any:
    """A server that has imported everything and forks each victim, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([victims.__name__])
    return context


@dataclass
class _Mortal:
    """One of the processes: how it is started, and the ends of its lives that are still to come."""

    name: str
    start: Callable[[Death | None], BaseProcess]
    deaths: list[Death]
    process: BaseProcess | None = None
    death: Death | None = None
    done: bool = False

    def live(self) -> None:
        self.death = self.deaths.pop() if self.deaths else None
        self.process = self.start(self.death)


def deaths(chance: random.Random) -> list[Death]:
    """The ends of one process's lives."""
    drawn = []
    for _ in range(chance.randint(1, _DEATHS)):
        point = chance.choice(list(Point))
        nth = 1 if point is Point.ANYWHERE else 1 + int(_NTH[point] * chance.random() ** 2)
        drawn.append(Death(point, chance.random() < 0.5, nth, chance.uniform(0.0, _LONGEST_LIFE)))
    return drawn


def kill_run(
    night: SmallNight,
    folder: Path,
    server: Server,
    seed: str,
    drawn: Callable[[random.Random], list[Death]] = deaths,
) -> Verdict:
    """Everybody is killed at points of the code and at random, and the line has faults too; `drawn` gives
    the ends of each one's lives, the last one first."""
    copied = night.copied(folder)
    context, verdict = _context(), Verdict(seed)
    seconds = context.Value("d", 0.0, lock=False)  # a lock would stay with whoever is killed in it
    port = free_port()
    chance = seeded(seed)
    clock = Clock(copied.begins, seconds)
    with Line(lambda: ("127.0.0.1", port), seed, ON_THE_LINE, _RATE, copied.forger, clock) as line:
        mortals = _mortals(copied, context, port, seconds, line.url, chance, drawn)
        try:
            _live(mortals, verdict, line)
        finally:
            for mortal in mortals:
                if mortal.process is not None:
                    mortal.process.kill()
                    mortal.process.join()
        verdict.events.update(line.events)
    if verdict.stuck:
        verdict.stuck.append((folder / "victims.log").read_text("utf-8", "replace")[-600:])
    centre = CentrePost(copied.sandbox.centre, server, clock)
    centre.open()
    centre.publish()
    centre.close()
    judge(copied, verdict)
    return verdict


def _mortals(
    night: SmallNight,
    context: BaseContext,
    port: int,
    seconds: Any,
    url: str,
    chance: random.Random,
    drawn: Callable[[random.Random], list[Death]],
) -> list[_Mortal]:
    sandbox = night.sandbox
    log = sandbox.folder / "victims.log"
    log.touch()

    def started(work: Callable[..., None], *given: object) -> BaseProcess:
        process = context.Process(target=work, args=given, daemon=True)  # type: ignore[attr-defined]
        process.start()
        return process  # type: ignore[no-any-return]

    def centre(death: Death | None) -> BaseProcess:
        return started(victims.centre, sandbox.centre, port, night.begins, seconds, log, death)

    def station(point: int) -> Callable[[Death | None], BaseProcess]:
        folder, files, seed = sandbox.station(point), sandbox.files(point), f"{chance.random()}"
        return lambda death: started(
            victims.station, folder, files, url, night.begins, seconds, log, death, seed
        )

    return [
        _Mortal("centre", centre, drawn(chance)),
        *(_Mortal(f"{point}-1", station(point), drawn(chance)) for point in night.points),
    ]


def _live(mortals: list[_Mortal], verdict: Verdict, line: Line) -> None:
    """Start everybody again until all stations have come to their end."""
    centre, *stations = mortals
    deadline = monotonic() + _SECONDS
    for mortal in mortals:
        mortal.live()
    while not all(station.done for station in stations):
        alive = {mortal.process.sentinel: mortal for mortal in mortals if mortal.process and not mortal.done}
        ended = wait(list(alive), timeout=0.5)
        for sentinel in ended:
            mortal = alive[sentinel]  # type: ignore[index]
            assert mortal.process is not None
            mortal.process.join()
            code = mortal.process.exitcode
            if code == _KILLED and mortal.death is not None:
                verdict.events[_FAULT_OF[mortal.death.point]] += 1
                mortal.live()
            elif code == 0 and mortal is not centre:
                mortal.done = True
            else:
                verdict.stuck.append(f"{mortal.name} ended with {code} after {mortal.death}")
                return
        if monotonic() > deadline - _SECONDS / 2:
            line.calm()
        if monotonic() > deadline:
            verdict.stuck += [f"{each.name} has not come to its end" for each in stations if not each.done]
            return
