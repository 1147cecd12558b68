"""Rehearsal rounds: what is prescribed is the same for the same seed, the verdict names what is not so."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.rehearse import app as command
from app.documents import tasks as documents
from app.documents.tasks import FILE, Task, Tasks, sheets
from app.election import controls
from app.election.errors import KnownError
from app.election.model import Mode, Protocol, RegionalProtocol
from app.election.reference import Reference
from app.rehearsal import files, generator, night, rounds
from app.rehearsal.clerk import StationCrew
from app.rehearsal.judgement import Scene
from app.rehearsal.rounds import Arrived, Fault
from app.rehearsal.worker import Line
from app.station.station import Station
from app.trust.refusals import SignatureRefused

PLAN = generator.Plan(seed=9, precincts=4, stations=2, home_district=7204)
AT = datetime(2024, 9, 18, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return generator.invent(PLAN)


def prescribed(reference: Reference, round_: int = 1) -> Tasks:
    return rounds.prescribe(reference, {101: ["101-1", "101-2"]}, round_, AT)


def as_it_came(tasks: Tasks) -> dict[object, Arrived]:
    return {task.protocol.key: Arrived(task.protocol, 1, AT) for task in tasks.tasks}


def other(protocol: Protocol) -> Protocol:
    """One registered voter more than prescribed: a slip of a hand that no check notices."""
    counts = protocol.counts._replace(registered_voters=protocol.counts.registered_voters + 1)
    return replace(protocol, counts=counts)


class TestPrescribing:
    def test_the_same_round_is_the_same_to_the_byte_and_another_is_not(self, reference: Reference) -> None:
        data = documents.write(prescribed(reference))
        assert documents.write(prescribed(reference)) == data
        assert documents.read(data) == prescribed(reference)
        assert documents.write(prescribed(reference, 2)) != data

    def test_a_round_gives_each_workstation_a_few_and_full_load_everything(
        self, reference: Reference
    ) -> None:
        few, all_of_them = prescribed(reference), prescribed(reference, 3)
        assert {sheet.station for sheet in sheets(few)} == {"101-1", "101-2", "102-1"}
        assert all(1 <= len(sheet.protocols) <= rounds.A_FEW for sheet in sheets(few))
        keys = [task.protocol.key for task in all_of_them.tasks]
        assert sorted(keys) == sorted(reference.expected)

    def test_the_control_totals_are_those_of_the_sheet(self, reference: Reference) -> None:
        for sheet in sheets(prescribed(reference)):
            valid = sum(each.counts.valid_votes for each in sheet.protocols)
            assert sheet.totals.valid_votes == valid

    def test_a_live_election_and_a_strange_point_get_none(self, reference: Reference) -> None:
        with pytest.raises(KnownError, match="REH-41"):
            rounds.prescribe(reference, {}, 1, AT, frozenset({9}))
        live = replace(reference, election=replace(reference.election, mode=Mode.LIVE))
        with pytest.raises(KnownError, match="REH-40"):
            rounds.prescribe(live, {}, 1, AT)


class TestJudging:
    def judged(self, tasks: Tasks, held: dict[object, Arrived]) -> list[tuple[Fault, str]]:
        verdicts = rounds.judge(tasks, held, AT + timedelta(hours=1))  # type: ignore[arg-type]
        return [(finding.fault, finding.detail) for each in verdicts for finding in each.findings]

    def test_all_as_prescribed_passes(self, reference: Reference) -> None:
        tasks = prescribed(reference)
        assert self.judged(tasks, as_it_came(tasks)) == []

    def test_each_fault_is_named(self, reference: Reference) -> None:
        tasks = prescribed(reference)
        held = as_it_came(tasks)
        one, two, three, four = (task.protocol for task in tasks.tasks[:4])
        del held[one.key]
        held[two.key] = Arrived(other(two), 1, AT)
        held[three.key] = Arrived(replace(three, corrected=True), 2, AT)
        held[four.key] = Arrived(four, 1, AT + timedelta(hours=2))
        was = two.counts.registered_voters
        assert self.judged(tasks, held) == [
            (Fault.MISSING, ""),
            (Fault.OTHER_NUMBERS, f"VOL_SEZNAM: {was} → {was + 1}"),
            (Fault.WITH_ERROR, "revize · revision 2"),
            (Fault.LATE, "2024-09-18 10:00:00+00:00"),
        ]

    def test_a_list_s_votes_and_preferences_are_compared_to_the_digit(self, reference: Reference) -> None:
        wanted = next(
            t.protocol for t in prescribed(reference).tasks if isinstance(t.protocol, RegionalProtocol)
        )
        first, *rest = wanted.sheets
        got = replace(wanted, sheets=(first._replace(votes=first.votes + 2), *rest[:-1]))
        told = list(rounds.differences(wanted, got))
        assert told[0] == f"listina {first.list_number}: {first.votes} → {first.votes + 2}"
        assert any(each.endswith("→ 0") for each in told[1:]), "a list that was left out"


@contextmanager
def held_night(folder: Path) -> Iterator[Scene]:
    """Two transfer points and the real process of a centre."""
    scene = night.invented_night(folder, PLAN, datetime.now(UTC), lambda _: None)
    scene.centre.start()
    try:
        yield scene
    finally:
        scene.centre.stop()


def typed(scene: Scene, reference: Reference, tasks: list[Task], folder: Path) -> None:
    """The clerks of one point take in what is on their sheet and send it until all is confirmed."""
    by_precinct: dict[object, list[Protocol]] = {}
    for task in tasks:
        by_precinct.setdefault(task.protocol.key.precinct, []).append(task.protocol)
    folder.mkdir()
    info = reference.election
    for precinct, protocols in by_precinct.items():
        readings = [controls.state(each, info.code, info.rules.form_version) for each in protocols]
        files.write_readings(folder, reference, reference.precincts[precinct], readings)  # type: ignore[index]
    clock = scene.sandbox.clock
    with Station.open(scene.sandbox.station(tasks[0].transfer_point), clock) as station:
        crew = StationCrew(station, folder)
        for visit in crew.visits:
            crew.take_in(visit)
        Line(station, clock).finish()


def test_a_round_of_two_points_is_judged_and_the_one_wrong_number_is_named(tmp_path: Path) -> None:
    runner = CliRunner()
    with held_night(tmp_path / "night") as scene:
        reference, centre = generator.invent(PLAN), scene.sandbox.centre
        made = runner.invoke(
            command, ["tasks", str(centre), "--all", "--round", "1", "--out", str(tmp_path / "round")]
        )
        assert made.exit_code == 0, made.output
        papers = sorted((tmp_path / "round").glob("*.pdf"))
        assert [each.name for each in papers] == ["ukoly-kolo1-101-1.pdf", "ukoly-kolo1-102-1.pdf"]
        tasks = documents.read((tmp_path / "round" / FILE).read_bytes())
        judged = runner.invoke(command, ["judge", str(centre), str(tmp_path / "round")])
        assert judged.exit_code == 1
        assert "0/2" in judged.output, "nothing has come yet"
        first = [task for task in tasks.tasks if task.transfer_point == 101]
        second = [task for task in tasks.tasks if task.transfer_point == 102]
        typed(scene, reference, first, tmp_path / "first")
        slip = replace(second[0], protocol=other(second[0].protocol))
        typed(scene, reference, [slip, *second[1:]], tmp_path / "second")
        table = tmp_path / "verdict.csv"
        judged = runner.invoke(command, ["judge", str(centre), str(tmp_path / "round"), "--csv", str(table)])
    assert judged.exit_code == 1
    assert "1/2" in judged.output
    was = second[0].protocol.counts.registered_voters
    assert (
        f"{second[0].protocol.key}  jiná čísla · other numbers  VOL_SEZNAM: {was} → {was + 1}"
        in judged.output
    )
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines(), delimiter=";"))
    assert [(row["CPOU"], row["VYSLEDEK"]) for row in rows] == [("101", "passed"), ("102", "other numbers")]


def test_tasks_that_somebody_changed_judge_nobody(tmp_path: Path) -> None:
    scene = night.invented_night(tmp_path / "night", PLAN, datetime.now(UTC), lambda _: None)
    centre, reference = scene.sandbox.centre, generator.invent(PLAN)
    path = rounds.write(tmp_path, prescribed(reference), centre, None, scene.sandbox.clock())
    at = scene.sandbox.clock()
    assert rounds.read(tmp_path, centre, None, at) == prescribed(reference)
    path.write_bytes(path.read_bytes().replace(b'"round": 1', b'"round": 2'))
    with pytest.raises(SignatureRefused):
        rounds.read(tmp_path, centre, None, at)
    path.unlink()
    with pytest.raises(KnownError, match="REH-42"):
        rounds.read(tmp_path, centre, None, at)
