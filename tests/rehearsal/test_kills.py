"""Killed at any moment and started again, the centre and the stations end with the same published files.

    PREBIRKA_KILLS=500 python -m pytest tests/rehearsal/test_kills.py      a long campaign
    PREBIRKA_KILLS_SEED=7 …                                                the plan of a run that failed

Twenty processes are killed in nights of some eighty protocols. The plan of a seed is the same each time,
the instants are not: they depend on the machine.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.documents.compare import compare
from app.documents.results.counts import batches
from app.election.model import PrecinctId
from app.rehearsal.judgement import Scene, standing
from app.rehearsal.kills import Kills
from app.rehearsal.night import Night
from app.rehearsal.processes import NightFailed
from app.station.states import State
from app.station.station import Station
from tests.support.nights import SMALL, figure, invented, prebirka

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PREBIRKA_KILLS", "20"))
SEED = int(os.environ.get("PREBIRKA_KILLS_SEED", secrets.randbelow(1_000_000)))
#: In one night; a campaign is made of many.
KILLS_A_NIGHT = 20


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The same night, in which nothing is killed."""
    scene = invented(tmp_path_factory.mktemp("undisturbed"), SMALL)
    outcome = Night(scene).run()
    assert outcome.right
    assert (outcome.work.accepted, outcome.work.refused) == (scene.protocols, 2)
    assert (outcome.work.corrected, outcome.corrected) == (1, 1)
    assert outcome.work.approved >= 1
    return scene


def published_precincts(scene: Scene) -> Mapping[PrecinctId, object]:
    """What the batches say of each precinct in the end."""
    return {
        record.precinct: (record.counts, record.votes)
        for batch in batches(scene.sandbox.published)
        for record in batch.records
    }


def test_killed_at_random_moments_the_night_ends_as_if_nothing_had_happened(
    tmp_path: Path, undisturbed: Scene
) -> None:
    for turn, first in enumerate(range(0, KILLS, KILLS_A_NIGHT)):
        kills = Kills(min(KILLS_A_NIGHT, KILLS - first), SEED + turn)
        told = f"to repeat: PREBIRKA_KILLS={kills.number} PREBIRKA_KILLS_SEED={kills.seed}"
        scene = invented(tmp_path / str(turn), SMALL)
        try:
            outcome = Night(scene, kills=kills).run()
        except NightFailed as failed:
            failed.add_note(told)
            raise
        assert outcome.killed is not None
        assert outcome.killed.all == kills.number, told
        if kills.number >= 20:
            assert outcome.killed.centre, told
            assert outcome.killed.stations, told
            assert outcome.killed.at_work >= 5, f"{outcome.killed}: the others hit nothing; {told}"
        assert outcome.right, f"{outcome}; {told}"
        compared = compare(
            scene.sandbox.published, undisturbed.sandbox.published / "current", scene.regions, districts=()
        )
        assert compared.equal, f"{compared.differences}; {told}"
        assert districts(scene) == districts(undisturbed), told
        assert published_precincts(scene) == published_precincts(undisturbed), told
        assert standing(scene.sandbox.centre) == standing(undisturbed.sandbox.centre), told
        assert not open_at_stations(scene), told


def districts(scene: Scene) -> Mapping[str, str]:
    """Every document of a district without the time at which it was made."""
    (folder,) = scene.sandbox.published.glob("current/appdata/*/odata/okresy")
    return {path.name: path.read_text("utf-8").split(">", 2)[2] for path in folder.glob("*.xml")}


def open_at_stations(scene: Scene) -> list[object]:
    """Protocols that are not confirmed, and journals that are broken; nothing may be left."""
    left: list[object] = []
    for point in scene.points:
        with Station.open(scene.sandbox.station(point), scene.sandbox.clock) as station:
            left += [row for row in station.completeness().rows if row.state is not State.CONFIRMED]
            if station.connection().queue or station.journal.first_broken() is not None:
                left.append(station.folder)
    return left


def test_the_command_kills_too_and_says_so() -> None:
    run = prebirka(
        "rehearse", "--precincts", 8, "--stations", 1, "--kills", 2, "--kills-seed", 5, "--no-floor"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert figure(run.stdout, "zabito procesů · processes killed").startswith("2 (ústředí ")
    assert "semínko 5)" in run.stdout
