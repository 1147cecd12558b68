"""`prebirka station`: a station without a window, as people type it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.station import app
from app.election.errors import KnownError
from app.election.model import Mode
from app.station.config import RetypeRule
from app.station.figures import figures
from app.station.station import Station
from app.station.users.errors import WrongPassword
from tests.support import invented_election, people
from tests.support.invented_election import stated
from tests.support.station_world import (
    Clock,
    FakeCentre,
    file_of,
    make_station,
    one_more_envelope,
    protocols,
)

NOW = "2024-09-21T12:45:00"
REFERENCE = invented_election.reference(mode=Mode.REHEARSAL)


def run(*arguments: object, status: int = 0, typed: str = "") -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], input=typed)
    if isinstance(result.exception, KnownError):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_station(tmp_path, REFERENCE)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """One right file, one with a passable error, one that is no protocol."""
    first, second, *_ = protocols(REFERENCE).values()
    paths = [tmp_path / name for name in ("spravny.xml", "obalka.xml", "foto.xml")]
    paths[0].write_bytes(file_of(stated(REFERENCE, first)))
    paths[1].write_bytes(file_of(stated(REFERENCE, one_more_envelope(second))))
    paths[2].write_bytes(b"\xff\xd8\xff\xe0")
    return paths


def test_where_people_have_accounts_a_name_alone_accepts_nothing(folder: Path, files: list[Path]) -> None:
    with Station.open(folder, Clock(), passwords=people.Counting()) as station:
        people.usual(station)
    wanted = ("take-in", folder, files[0], "--accept", "--user", people.CLERK, "--now", NOW)
    with pytest.raises(WrongPassword):
        run(*wanted, typed="úplně jiné heslo\n")
    with Station.open(folder, Clock()) as station:
        assert station.progress().accepted == 0
    assert "převzat" in run(*wanted, typed=f"{people.PASSWORDS[people.CLERK]}\n")


def init(parts: Path, folder: Path, **changed: object) -> str:
    told = {
        "ca": parts / "ca.pem", "key": parts / "station.key", "certificate": parts / "station.pem",
        "reference": parts / "reference.sqlite", "centre-url": "http://127.0.0.1:1", "mode": "ZKOUSKA",
    } | changed  # fmt: skip
    return run("init", folder, *(x for name, value in told.items() for x in (f"--{name}", value)))


def test_a_station_is_made_from_its_parts(tmp_path: Path, folder: Path) -> None:
    # the invented certificates are of 2024 and live for years, so that the real clock may look at them
    output = init(tmp_path / "parts-41-1", tmp_path / "nova")
    assert "41-1" in output
    assert "ZKOUSKA" in output
    with Station.open(tmp_path / "nova", Clock()) as station:
        assert len(station.expected) == 7


@pytest.mark.parametrize("change", [{"mode": "OSTRY"}, {"centre-url": "ústředí"}])
@pytest.mark.parametrize("was_there", [True, False])
def test_parts_that_do_not_fit_leave_nothing_behind(
    tmp_path: Path, folder: Path, change: dict[str, object], was_there: bool
) -> None:
    new = tmp_path / "nova"
    if was_there:
        new.mkdir()
    with pytest.raises(KnownError):
        init(tmp_path / "parts-41-1", new, **change)
    assert new.exists() == was_there
    assert not was_there or not list(new.iterdir())


def test_a_folder_in_use_is_not_touched_by_init(tmp_path: Path, folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(KnownError):
        init(tmp_path / "parts-41-1", folder)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_files_are_checked_without_storing_and_taken_in_when_told(folder: Path, files: list[Path]) -> None:
    output = run("take-in", folder, *files, "--now", NOW, "--user", "Jana", status=1)
    assert "v pořádku" in output
    assert "LG-02" in output
    assert "JPEG" in output
    assert "0/7" in run("status", folder, "--now", NOW)
    output = run("take-in", folder, files[0], "--accept", "--now", NOW, "--user", "Jana")
    assert "převzat" in output
    assert "stejným obsahem" in run("take-in", folder, files[0], "--accept", "--now", NOW)
    run("take-in", folder, files[1], "--accept", "--now", NOW, status=1)
    output = run("status", folder, "--now", NOW)
    assert "1/7" in output
    assert "čeká · queue: 1" in output


def test_the_totals_of_the_paper_are_asked_before_a_file_is_taken_in(
    tmp_path: Path, files: list[Path]
) -> None:
    folder = make_station(tmp_path / "vzdy", REFERENCE, retype=RetypeRule.ALWAYS)
    first = next(iter(protocols(REFERENCE).values()))
    paper = [str(value) for field, value in figures(first).items() if field.name != "HLASY"]
    command = ("take-in", folder, files[0], "--accept", "--now", NOW, "--user", "Jana")
    wrong = run(*command, typed="\n".join(["1", *paper[1:]]) + "\n", status=1)
    assert "VOL_SEZNAM: papír a soubor se liší" in wrong
    assert paper[0] not in wrong.split()
    run(*command, typed="\n" * len(paper), status=1)
    assert "převzat · accepted" in run(*command, typed="\n".join(paper) + "\n")


def test_sending_without_a_line_loses_nothing_and_says_so(folder: Path, files: list[Path]) -> None:
    run("take-in", folder, files[0], "--accept", "--now", NOW, "--user", "Jana")
    assert "Čeká · Queue: 1" in run("send", folder, "--once", "--now", NOW, status=1)
    assert "čeká · queue: 1" in run("status", folder, "--now", NOW)


def test_sending_once_ends_when_the_centre_has_confirmed_everything(
    folder: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = FakeCentre(REFERENCE, Clock())

    class Line:
        push = staticmethod(centre.push)

        @classmethod
        def of(cls, *_: object) -> Line:
            return cls()

        def close(self) -> None:
            pass

    monkeypatch.setattr("app.station.transport.HttpTransport", Line)
    run("take-in", folder, files[0], "--accept", "--now", NOW, "--user", "Jana")
    assert "Čeká · Queue: 0" in run("send", folder, "--once", "--now", NOW)
    assert "potvrzeno · confirmed: 1" in run("status", folder, "--now", NOW)


def test_a_live_station_knows_the_real_time_only(tmp_path: Path) -> None:
    live = make_station(tmp_path / "live", invented_election.reference(mode=Mode.LIVE))
    with pytest.raises(KnownError) as refused:
        run("status", live, "--now", NOW)
    assert refused.value.code == "STA-60"


def test_a_broken_journal_is_told(folder: Path, files: list[Path]) -> None:
    run("take-in", folder, files[0], "--accept", "--now", NOW, "--user", "Jana")
    with Station.open(folder, Clock()) as station:
        db = station._store.connection
        db.execute("DROP TRIGGER journal_keeps")
        db.execute("UPDATE journal SET user = 'nikdo'")
    assert "porušen" in run("status", folder, "--now", NOW, status=1)


@pytest.mark.parametrize("command", ["init", "status", "take-in", "send"])
def test_every_command_explains_itself_in_czech_and_english(command: str) -> None:
    output = run(command, "--help")
    assert any(letter in output for letter in "ěščřžýáíéů")
    assert " the " in output
