"""A whole night of real processes: it ends right, and whatever goes wrong ends it with the right status."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import root
from app.rehearsal import night
from app.rehearsal.judgement import Outcome, Scene
from app.rehearsal.night import Night
from app.rehearsal.processes import CentreProcess, NightFailed, WorkerProcess
from tests.support.nights import TINY, figure, invented, prebirka

pytestmark = pytest.mark.slow

TINY_ARGUMENTS = ("--precincts", TINY.precincts, "--stations", TINY.stations, "--seed", TINY.seed)


def test_a_small_night_through_the_real_command_ends_right_and_keeps_its_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = prebirka("rehearse", "--precincts", 36, "--stations", 3, "--seed", 10, "--out", out)
    assert run.returncode == 0, run.stdout + run.stderr
    assert figure(run.stdout, "zápisů · protocols") == "51"
    assert figure(run.stdout, "odmítnuto · refused") == "1"
    assert int(figure(run.stdout, "schváleno vedoucím · approved")) >= 1
    assert figure(run.stdout, "opraveno (OPRAVA=1) · corrected") == "1"
    assert int(figure(run.stdout, "porovnáno hodnot · values compared")) > 1_000
    for row in ("rozdílů · differences", "wrong sums and batches", "protocols stored wrong"):
        assert figure(run.stdout, row) == "0"
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", figure(run.stdout, "ratio to the floor"))
    assert "Všechny zveřejněné hodnoty se shodují." in run.stdout
    published = out / "appdata" / "kz2024" / "odata"
    assert (published / "vysledky.xml").is_file()
    assert (published / "vysledky_kandid.xml").is_file()
    assert (published / "okrsky" / "vysledky_okrsky_00001.xml").is_file()
    assert list((published / "okresy").glob("vysledky_okres_CZ*.xml"))
    assert not list(out.rglob("*.key"))


BATCH = "okrsky/vysledky_okrsky_00001.xml"
ALTERATIONS = {
    "a list's votes": ("vysledky.xml", r'HODNOTY_STRANA HLASY="(\d)', r'HODNOTY_STRANA HLASY="1\1'),
    "a candidate's votes": ("vysledky_kandid.xml", r'PORCISLO="1" HLASY="(\d)', r'PORCISLO="1" HLASY="1\1'),
    "a precinct's record": (BATCH, r'VYDANE_OBALKY="(\d)', r'VYDANE_OBALKY="1\1'),
    "an order of processing": (BATCH, 'PORADI_ZPRAC="1"', 'PORADI_ZPRAC="2"'),
}


def test_a_published_file_that_was_altered_is_noticed_and_the_command_ends_with_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge, found = night.judged, {}

    def alter_each_then_judge(scene: Scene, *rest: object) -> Outcome:
        outcome = judge(scene, *rest)
        assert outcome.right
        for what, (document, old, new) in ALTERATIONS.items():
            path = next(scene.sandbox.published.glob(f"current/appdata/*/odata/{document}"))
            text = path.read_text("utf-8")
            altered = re.sub(old, new, text, count=1)
            assert altered != text
            path.write_text(altered, "utf-8")
            outcome = judge(scene, *rest)
            found[what] = outcome.right
            if what != list(ALTERATIONS)[-1]:
                path.write_text(text, "utf-8")
        return outcome

    monkeypatch.setattr(night, "judged", alter_each_then_judge)
    run = CliRunner().invoke(root, ["rehearse", *map(str, TINY_ARGUMENTS), "--no-floor"])
    assert found == dict.fromkeys(ALTERATIONS, False)
    assert run.exit_code == 1
    assert "Zveřejněné hodnoty se NESHODUJÍ." in run.output
    assert "PORADI_ZPRAC 2, má být · should be 1" in run.output


@pytest.mark.parametrize("who", [CentreProcess, WorkerProcess])
def test_a_process_that_falls_by_itself_ends_the_night_at_once_with_its_name(
    tmp_path: Path, who: type[CentreProcess | WorkerProcess]
) -> None:
    scene = invented(tmp_path, TINY)
    running = Night(scene)
    falling = scene.centre if who is CentreProcess else running._workers[0]

    def fell(_progress: object) -> None:
        if falling._process is not None:
            falling._process.kill()  # not by the night's own hand

    running._heard = fell
    with pytest.raises(NightFailed) as failed:
        running.run()
    assert failed.value.code == "REH-01"
    assert ("ústředí" if who is CentreProcess else "přebírací místa") in failed.value.cs


def test_stations_that_are_stuck_end_the_night_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(night, "_SILENCE_SECONDS", 0.5)
    scene = invented(tmp_path, TINY)
    running = Night(scene)

    def stuck(_progress: object) -> None:
        for worker in running._workers:
            if worker._process is not None:
                worker._process.send_signal(signal.SIGSTOP)

    running._heard = stuck
    with pytest.raises(NightFailed) as failed:
        running.run()
    assert "nic nehlásí" in failed.value.cs


def test_the_demo_without_a_window_ends_right_and_says_that_it_has_none() -> None:
    run = prebirka("demo", "--no-window", "--precincts", 12)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"http://127\.0\.0\.1:[0-9]+/", run.stdout)
    assert "běží bez okna" in run.stdout
    assert figure(run.stdout, "zápisů · protocols") == "24"
    assert figure(run.stdout, "rozdílů · differences") == "0"


def test_the_demo_without_a_display_chooses_by_itself_to_have_no_window(tmp_path: Path) -> None:
    run = prebirka("demo", "--precincts", 3, "--folder", tmp_path / "kept")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Není tu obrazovka, proto běží bez okna." in run.stdout
    assert len(list((tmp_path / "kept" / "files").rglob("zapis_*.xml"))) >= 3
