"""Where the menu entry of the desk looks for its workstation."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.commands import places


@pytest.fixture
def own_and_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    own, shared = tmp_path / "own" / "station", tmp_path / "shared" / "station"
    monkeypatch.delenv(places.VARIABLE, raising=False)
    monkeypatch.setattr(places, "candidates", lambda: (own, shared))
    return own, shared


def put_one(folder: Path, name: str = "station.toml") -> None:
    folder.mkdir(parents=True)
    (folder / name).write_text("")


def test_a_new_one_is_the_persons_own_where_the_machines_place_is_not_there(
    own_and_shared: tuple[Path, Path],
) -> None:
    assert places.station_folder() == own_and_shared[0]


def test_a_new_one_is_the_machines_where_that_may_be_written(own_and_shared: tuple[Path, Path]) -> None:
    own_and_shared[1].parent.mkdir()
    assert places.station_folder() == own_and_shared[1]


@pytest.mark.parametrize("file", ["station.toml", "package.p7m"])
@pytest.mark.parametrize("which", [0, 1])
def test_one_that_is_there_is_taken_wherever_it_is(
    own_and_shared: tuple[Path, Path], which: int, file: str
) -> None:
    own_and_shared[1].parent.mkdir()
    put_one(own_and_shared[which], file)
    assert places.station_folder() == own_and_shared[which]


def test_the_variable_has_the_first_word(
    own_and_shared: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_one(own_and_shared[0])
    monkeypatch.setenv(places.VARIABLE, str(tmp_path / "said"))
    assert places.station_folder() == tmp_path / "said"


def test_a_place_that_may_not_be_looked_at_is_somebody_elses(
    own_and_shared: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr("app.station.setting_up.waiting.is_station", refuse)
    assert places.station_folder() == own_and_shared[0]
