"""One run of each sort within one process: a night under faults, their end, a new start, a verdict.

with a centre that is started and stopped, stations that are, and a line between them:
    take papers in, send, publish, in an order drawn from the seed, while faults happen
no more faults; everything is closed and opened again
go on until all is confirmed, at most `_ROUNDS` times and `_PATIENCE` of the night's time
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from app.election.errors import KnownError
from app.rehearsal.faults.ends import Ends
from app.rehearsal.faults.kinds import ON_THE_LINE, Fault
from app.rehearsal.faults.line import Line
from app.rehearsal.faults.posts import CentrePost, Server, StationPost
from app.rehearsal.faults.scene import Clock, Held, SmallNight, seeded
from app.rehearsal.faults.verdict import Verdict, judge

#: Acts in the time of faults, for each station.
_ACTS = 28
_ROUNDS = 400
_PATIENCE = 2 * 3600.0
#: The night's seconds that pass between two acts.
_BETWEEN = 4.0


class Run:
    """A night in a folder of its own, copied from a small one. Use it in a `with`."""

    def __init__(
        self,
        night: SmallNight,
        folder: Path,
        server: Server,
        seed: str,
        faults: Sequence[Fault] = ON_THE_LINE,
        rate: float = 0.45,
        *,
        tls: bool = False,
    ) -> None:
        self.night = night.copied(folder)
        self.seed = seed
        self.chance = seeded(seed)
        self.verdict = Verdict(seed)
        self.in_order = False  # whether batches of one station never overtake one another
        self.clock = Clock(night.begins, Held())
        self.centre = CentrePost(self.night.sandbox.centre, server, self.clock)
        self._server = server
        self._wanted = (tuple(faults), rate)
        self._ends = Ends(folder / "tls") if tls else None
        self._stack = ExitStack()

    def __enter__(self) -> Run:
        self._stack.callback(self.close_all)
        self.stations: list[StationPost] = []
        self.centre.open()
        faults, rate = self._wanted
        self.line = Line(
            lambda: self._server.address, self.seed, faults, rate, self.night.forger, self.clock, self._ends
        )
        self._stack.enter_context(self.line)
        sandbox = self.night.sandbox
        self.stations = [
            StationPost(
                sandbox.station(point),
                sandbox.files(point),
                self.line.url,
                self.clock.of(0),
                seeded(self.seed, point),
                self._ends.authority if self._ends else None,
            )
            for point in self.night.points
        ]
        for station in self.stations:
            station.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def close_all(self) -> None:
        for station in self.stations:
            station.close()
        self.centre.close()

    @property
    def events(self) -> Counter[Fault]:
        return self.verdict.events

    def work(self, acts: int = _ACTS) -> None:
        """So many acts of each station, drawn at random, while the line has its faults."""
        for _ in range(acts * len(self.stations)):
            self.act(self.chance.choice(self.stations))

    def act(self, station: StationPost) -> None:
        """One act of one station: a paper, a step of its sender, rarely something else."""
        what, jumps, between = self.chance.random(), self.chance.random() < 0.5, self.chance.random()
        if what < 0.30 and station.has_papers:
            station.take_in()
        elif what < 0.90:
            due = station.step()
            if due is not None and jumps:
                self.clock.advance((due - station.clock()).total_seconds())
        elif what < 0.93 and not self.in_order:
            self.events[Fault.OUT_OF_ORDER] += station.out_of_order()
        elif what < 0.95:
            self.events[Fault.RESTART] += 1
            station.close()
            station.open()
        elif what < 0.97:
            self.events[Fault.RESTART] += 1
            self.centre.close()
            self.centre.open()
        else:
            self.centre.publish()
        self.clock.advance(between * _BETWEEN)

    def end(self) -> Verdict:
        """The faults end: everything starts again and has to come to its end."""
        self.line.calm()
        self.events.update(self.line.events)
        self.verdict.forged += [f"a station spoke to a server: {fault}" for fault in self.line.fooled]
        self.close_all()
        self.centre.open()
        for station in self.stations:
            station.open()
        self._finish()
        self._publish()
        self.close_all()
        judge(self.night, self.verdict)
        return self.verdict

    def judged_again(self) -> Verdict:
        """What the files say now, after an end."""
        verdict = Verdict(self.seed)
        judge(self.night, verdict)
        return verdict

    def _finish(self) -> None:
        deadline = self.clock().timestamp() + _PATIENCE
        for _ in range(_ROUNDS):
            waits = []
            for station in self.stations:
                while station.has_papers and not station.troubles_in_a_row():
                    station.take_in()
                due = station.step()
                if not station.is_done:
                    waits.append(1.0 if due is None else (due - station.clock()).total_seconds())
            if not waits:
                return
            self.clock.advance(min(waits))
            if self.clock().timestamp() > deadline:
                break
        for station in self.stations:
            if not station.is_done:
                told = f"{station.queue} wait, line {station.line}, {station.troubles[-3:]}"
                self.verdict.stuck.append(f"{station.folder.name}: {told}")

    def _publish(self) -> None:
        assert self.centre.centre is not None
        try:
            self.centre.centre.publisher.flush(close_batch=True)
        except KnownError as error:
            self.verdict.stuck.append(f"publication: {error.code}")
