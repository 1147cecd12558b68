"""Killed at any field exit of an entry, the draft is whole to the last field that was left."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from app.desktop.forms import paper
from app.station.figures import figures
from app.station.station import Station
from tests.support import station_world, typing_desk
from tests.support.desk_typist import T5
from tests.support.forked import Mother, mother_of
from tests.support.invented_election import senate_protocol, stated
from tests.support.station_world import Clock
from tests.support.typing import keys_of


@pytest.mark.slow
def test_a_kill_at_every_field_exit_loses_nothing_that_was_left(tmp_path: Path) -> None:
    """One entry: killed after each field, begun again, the next field typed, killed again."""
    reference = typing_desk.reference()
    folder = station_world.make_station(tmp_path, reference)
    reading = stated(reference, senate_protocol(reference, T5.precinct, 1, 4))
    fields = keys_of(reading, paper(T5, reference)).rstrip("\n").split("\n")
    with mother_of("tests.support.desk_typist") as typists:
        for left in range(len(fields)):
            # The cursor is where the last field was left; it is typed again as a clerk would, then the next.
            keys = "E".join(fields[max(0, left - 1) : left + 1]) + "E"
            _type_and_kill(typists, folder, keys, enters=1 if left == 0 else 2)
            with Station.open(folder, Clock()) as station:
                (draft,) = station.entries.drafts(T5)
                expected = [int(value) for value in fields[: left + 1]]
                assert list(draft.values.values()) == expected
    with Station.open(folder, Clock()) as station:
        (draft,) = station.entries.drafts(T5)
        assert {f: v or 0 for f, v in figures(reading).items()}.items() <= draft.values.items()


def _type_and_kill(typists: Mother, folder: Path, keys: str, enters: int) -> None:
    typist = typists.bear(str(folder), keys)
    for _ in range(enters):
        assert typist.output.readline() == "left\n"
    typist.kill()
    assert typist.end() == -signal.SIGKILL
