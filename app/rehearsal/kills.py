"""Killing the centre and the stations at random moments of a rehearsed night.

The moments are spread over the night by the number of protocols taken in, and then moved by a random
split of a second, so that they fall anywhere: into a transaction, a push, a publication, a start. What is
killed is started again on the same folder and the same port; the night then has to end as if nothing had
happened.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event

from app.rehearsal.judgement import Killed
from app.rehearsal.processes import CentreProcess, Killable, WorkerProcess

#: The longest time between the protocol that was waited for and the kill, in seconds.
_LONGEST_DELAY = 0.08
#: The longest time between a start and the kill that interrupts it.
_LONGEST_START = 0.8
#: How many are killed again while they start.
_AGAIN_AT_START = 0.2
#: How often the others are held still until the killed one is back: a start takes longer than a visit, and
#: a small night would be over after a few kills. Otherwise they go on and see that it is gone.
_HELD_STILL = 0.9


@dataclass(frozen=True, slots=True)
class Kills:
    """How many processes to kill in a night. The same seed gives the same plan, not the same instants."""

    number: int
    seed: int


class Reaper:
    """Kills and starts again, until the planned number is reached."""

    def __init__(
        self, plan: Kills, centre: CentreProcess, workers: Sequence[WorkerProcess], protocols: int
    ) -> None:
        """`protocols` of the night are expected to be taken in."""
        self._plan = plan
        self._centre = centre
        self._workers = workers
        self._protocols = protocols
        self._chance = random.Random(f"kills/{plan.seed}")
        self._of_centre = self._of_workers = self._at_work = 0

    def run(self, wait_taken_in: Callable[[int], None]) -> Killed:
        """Kill; `wait_taken_in` waits until that many protocols are taken in, or until no more will be."""
        moments = sorted(self._chance.randrange(self._protocols + 1) for _ in range(self._plan.number))
        for moment in moments:
            if self._done == self._plan.number:
                break
            wait_taken_in(moment)
            self._pause(_LONGEST_DELAY)
            self._strike(self._choose())
        return Killed(self._of_centre, self._of_workers, self._at_work, self._plan.seed)

    @property
    def _done(self) -> int:
        return self._of_centre + self._of_workers

    def _choose(self) -> Killable:
        return self._centre if self._chance.random() < 0.5 else self._chance.choice(self._workers)

    def _strike(self, target: Killable) -> None:
        self._kill(target)
        with ExitStack() as others:
            if self._chance.random() < _HELD_STILL:
                for worker in self._workers:
                    if worker is not target:
                        others.enter_context(worker.held_still())
            target.launch()
            if self._done < self._plan.number and self._chance.random() < _AGAIN_AT_START:
                self._pause(_LONGEST_START)
                self._kill(target)
                target.launch()
            target.go_on()

    def _kill(self, target: Killable) -> None:
        self._at_work += not all(worker.done for worker in self._workers)
        target.kill()
        if target is self._centre:
            self._of_centre += 1
        else:
            self._of_workers += 1

    def _pause(self, most: float) -> None:
        Event().wait(self._chance.uniform(0, most))
