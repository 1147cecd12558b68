"""Killed at any field exit, again and again: the draft is complete to the last field that was left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.election.verdict import FieldRef
from app.station.entry.drafts import DraftState
from app.station.station import Station
from tests.support.invented_election import regional_protocol
from tests.support.station_world import CLERK, Clock, make_station
from tests.support.typist import KEY, paper, twelve_lists

CHECKOUT = Path(__file__).resolve().parents[2]
KILLS = 60

Told = dict[FieldRef, int | None]


class Typist:
    """The process of `tests.support.typist`."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.typist", str(folder), "1"],
            cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, die_after: int, kill_when: int = 0) -> tuple[int, Told, bool]:
        """One run: exit status, the fields told before the end, whether it finished. `kill_when` kills
        from outside when so many fields were told, which is anywhere inside a later save."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{die_after}\n")
        self._process.stdin.flush()
        told: Told = {}
        pid, finished = 0, False
        while True:
            match self._process.stdout.readline().split():
                case ["pid", number]:
                    pid = int(number)
                case ["ended", status]:
                    return int(status), told, finished
                case ["finished"]:
                    finished = True
                case [name, number, candidate, value]:
                    field = FieldRef(name, int(number) or None, int(candidate) or None)
                    told[field] = None if value == "-" else int(value)
                    if len(told) == kill_when:
                        os.kill(pid, signal.SIGKILL)
                case _:
                    pass

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_station(tmp_path, twelve_lists())


@pytest.fixture
def typist(folder: Path) -> Iterator[Typist]:
    process = Typist(folder)
    yield process
    process.close()


def test_a_typist_killed_sixty_times_finds_every_field_that_was_left(folder: Path, typist: Typist) -> None:
    chance = random.Random(60)
    typed: Told = {}
    killed, finished = 0, False
    whole: Told = {}
    for turn in range(KILLS):
        after = chance.randint(1, 27)
        status, told, finished = typist.run(0 if turn % 2 else after, after if turn % 2 else 0)
        assert status in (0, -signal.SIGKILL)
        killed += status != 0
        typed |= told
        with Station.open(folder, Clock()) as station:
            assert station._store.rows("PRAGMA integrity_check")[0][0] == "ok"
            (draft,) = station.entries.drafts(KEY)
            # What was told is there; beyond it at most fields whose telling was cut.
            assert typed.items() <= draft.values.items()
            if not whole:
                whole = paper(station.reference, regional_protocol(station.reference, KEY.precinct, 1))
            assert dict(draft.values) == dict(list(whole.items())[: len(draft.values)])
            assert draft.last_field == list(draft.values)[-1]
            typed = dict(draft.values)
    if not finished:
        status, _, finished = typist.run(0)
    assert finished
    assert killed == KILLS
    with Station.open(folder, Clock()) as station:
        draft = station.entries.draft(draft.id)
        assert (draft.state, draft.owner, draft.progress.is_complete) == (
            DraftState.FINISHED, CLERK.name, True,
        )  # fmt: skip
        assert dict(draft.values) == whole
        assert len(station._store.rows("SELECT * FROM draft_fields")) == len(whole) == 4 + 12 * 71
        assert station.journal.first_broken() is None
