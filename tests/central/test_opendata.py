"""The open-data package of a centre: what was published last of each precinct, nothing that was withdrawn."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.central.centre import Centre
from app.central.opendata import write_package
from app.commands.central import app as command
from app.documents.feed.tables import tables
from app.election.errors import KnownError
from app.election.model import Contest
from tests.support import acting
from tests.support.central_driver import corrected, of_point
from tests.support.house import House, SendingStation
from tests.support.invented_election import POINT


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter=";"))


def test_holds_the_last_of_each_precinct_and_nothing_withdrawn(
    house: House, centre: Centre, station: SendingStation, tmp_path: Path
) -> None:
    mine, senate = of_point(house, POINT), of_point(house, POINT, Contest.SENATE_ROUND_1)
    second = corrected(mine[0], 3)
    for items in (station.items([*mine, *senate]), [station.item(second, 2)]):
        assert centre.ingest.receive(station.batch(*items), house.clock.now).code == ""
        centre.publisher.flush()
    acting.withdraw(house, mine[1].key)
    centre.publisher.flush()
    out = tmp_path / "data"
    told = CliRunner().invoke(command, ["opendata", str(house.centre_folder), str(out)])
    assert told.exit_code == 0, told.output
    assert "kzt6.csv: 3" in told.output
    assert {path.name for path in out.iterdir()} == {"kzt6.csv", "kzt6p.csv", "set5_1.csv"}
    heads = rows(out / "kzt6.csv")
    assert [head["ID_OKRSKY"] for head in heads] == ["1", "2", "3"]
    mended = {(h["OBEC"], h["OKRSEK"]): h for h in heads}[tuple(map(str, second.precinct))]  # type: ignore[index]
    assert (mended["OPRAVA"], mended["VOL_SEZNAM"]) == ("1", str(second.counts.registered_voters))
    assert len(rows(out / "set5_1.csv")) == len(senate)
    with pytest.raises(KnownError, match="CEN-32"):
        write_package(house.centre_folder, out)


def test_before_the_first_result_there_is_none(house: House, centre: Centre, tmp_path: Path) -> None:
    centre.publisher.flush()
    with pytest.raises(KnownError, match="CEN-31"):
        write_package(house.centre_folder, tmp_path)


def test_a_contest_without_rows_has_a_header_all_the_same() -> None:
    made = tables(Contest.SENATE_ROUND_2, [])
    assert list(made) == ["t5_2"]
    assert made["t5_2"].startswith(b"ID_OKRSKY;TYP_FORM;")
