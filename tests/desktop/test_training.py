"""Training mode: its lessons tick themselves off, its word is everywhere, nothing leaves the computer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop import application, texts
from app.desktop.application import OpenDesk
from app.desktop.printing import practice_papers, task_sheet
from app.desktop.printing.documents import write
from app.desktop.texts import catalogue
from app.desktop.training import WORDS
from app.desktop.training.dock import TrainingDock, attach
from app.election import controls
from app.election.model import ProtocolKey
from app.rehearsal import files, training
from app.rehearsal.clerk import StationCrew
from app.rehearsal.training import Training
from app.station.states import State
from app.station.training import LESSONS
from app.trust.passwords import Passwords
from tests.support.people import CHEAP

pytestmark = pytest.mark.usefixtures("prepared")


@pytest.fixture(scope="module")
def prepared_training(tmp_path_factory: pytest.TempPathFactory) -> Training:
    return training.prepare(tmp_path_factory.mktemp("training") / "t", datetime.now(UTC), Passwords(CHEAP))


@pytest.fixture
def at_work(
    prepared_training: Training, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[OpenDesk, TrainingDock]]:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a training never touches the network")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    made = prepared_training
    texts.instead(WORDS)
    try:
        with training.centre_of(made) as line:
            opened = application.open_for_people(
                made.station, made.clerk, made.stick, made.sandbox.clock, line, at_once=True
            )
            try:
                dock = attach(opened.window, made.lessons, made.papers)
                opened.window.show()
                yield opened, dock
            finally:
                opened.close()
    finally:
        texts.instead({})


def bring(training_: Training, opened: OpenDesk, key: ProtocolKey, folder: Path) -> None:
    """A commission brings a right file of one precinct, and it is taken in."""
    reference = training_.sandbox.reference
    info = reference.election
    truth = next(each for each in training_.papers if each.key == key)
    reading = controls.state(truth, info.code, info.rules.form_version)
    folder.mkdir()
    files.write_readings(folder, reference, reference.precincts[key.precinct], [reading])
    crew = StationCrew(opened.desk.station, folder)
    crew.take_in(crew.visits[0])


def test_all_lessons_are_ticked_off_as_the_station_gets_there(
    prepared_training: Training, at_work: tuple[OpenDesk, TrainingDock], qtbot: QtBot, tmp_path: Path
) -> None:
    opened, dock = at_work
    station, made = opened.desk.station, prepared_training
    assert "VÝCVIK" in opened.window.windowTitle()
    assert dock.ticks == "Hotovo 0/5"
    assert "Lekce 1" in dock.title
    assert made.lessons[0].values["file"] in dock.hint
    crew = StationCrew(station, made.stick)
    by_file = {visit.first.name: visit for visit in crew.visits}
    by_name = {lesson.name: lesson for lesson in made.lessons}
    assert set(by_name) == set(LESSONS)

    crew.take_in(by_file[by_name["file"].values["file"]])
    qtbot.waitUntil(lambda: "1/5" in dock.ticks, timeout=30_000)  # confirmed by the centre inside
    assert "Lekce 2" in dock.title

    crew.take_in(by_file[by_name["mend"].values["file"]])
    row = station.row(by_name["mend"].key)
    assert row is not None
    assert row.state is State.REFUSED, "its file has an error that blocks"
    bring(made, opened, by_name["mend"].key, tmp_path / "mended")
    qtbot.waitUntil(lambda: "Lekce 3" in dock.title, timeout=30_000)
    assert by_name["paper"].values["place"] in dock.hint
    bring(made, opened, by_name["paper"].key, tmp_path / "paper")
    qtbot.waitUntil(lambda: "Lekce 4" in dock.title, timeout=30_000)

    crew.take_in(by_file[by_name["passable"].values["file"]])
    assert crew.work.approved == 1, "its error may pass with a reason and a supervisor"
    qtbot.waitUntil(lambda: "Lekce 5" in dock.title, timeout=30_000)
    crew.take_in(by_file[by_name["refusal"].values["file"]])
    qtbot.waitUntil(lambda: "hotov" in dock.title, timeout=30_000)
    assert dock.ticks == "Hotovo 5/5"
    paper = write(practice_papers.made(made.papers, station), tmp_path / "prints")
    assert paper.read_bytes().startswith(b"%PDF-")


def test_every_step_has_its_words_in_both_languages() -> None:
    for language in texts.LANGUAGES:
        known = catalogue(language)
        for name, steps in LESSONS.items():
            assert f"training.{name}.title" in known
            numbers = {key.rpartition(".")[2] for key in known if key.startswith(f"training.{name}.")}
            assert numbers == {"title", *map(str, range(1, len(steps) + 1))}
        for round_, count in task_sheet.STEPS.items():
            numbers = {key.rpartition(".")[2] for key in known if key.startswith(f"rounds.{round_}.")}
            assert numbers == {"title", *map(str, range(1, count + 1))}


def test_the_training_s_word_stands_for_the_rehearsal_s_and_leaves_with_it() -> None:
    before = texts.t("mode.ZKOUSKA")
    texts.instead(WORDS)
    try:
        assert texts.t("mode.ZKOUSKA") == texts.t("mode.training") != before
    finally:
        texts.instead({})
    assert texts.t("mode.ZKOUSKA") == before
