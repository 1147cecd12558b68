"""The commands for acts: what they record, what they show, and how they refuse."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import resources
from app.central import acts, judging
from app.central import centre as centres
from app.central.centre import Centre
from app.commands import central_act
from app.commands.central import app
from app.commands.central_act import app as commands
from app.documents.act import Kind
from app.election.model import Contest, Mode, PrecinctId
from tests.support.central_driver import of_point, outcomes, receipt
from tests.support.house import Clock, House
from tests.support.invented_election import OTHER_POINT, POINT, VOTING_ENDS, reference

BY = ("--by", "Jana Nová", "--by", "Petr Starý", "--witness", "Eva Malá", "--reason", "rozhodnutí komise")


class Said:
    """What a command printed, its status, and the code of its refusal."""

    def __init__(self, house: House, *command: str) -> None:
        name, *rest = command
        result = CliRunner().invoke(app, ["act", name, str(house.centre_folder), *rest])
        self.text, self.status = result.output, result.exit_code
        self.code = getattr(result.exception, "code", "")


@pytest.fixture
def house(tmp_path: Path) -> House:
    known = reference(Contest.REGIONAL, Contest.SENATE_ROUND_1, mode=Mode.REHEARSAL)
    shift = VOTING_ENDS - datetime.now(VOTING_ENDS.tzinfo)
    made = House(tmp_path, known, Clock(VOTING_ENDS), clock_offset_seconds=int(shift.total_seconds()) + 3600)
    made.clock.move(hours=1)
    return made


@pytest.fixture
def centre(house: House) -> Iterator[Centre]:
    """All protocols of the regional councils but one are there."""
    opened = house.open()
    for point in (POINT, OTHER_POINT):
        station = house.station(f"{point}-1")
        made = [p for p in of_point(house, point) if p.precinct != PrecinctId(550003, 4)]
        assert set(outcomes(receipt(opened, house, station.batch(*station.items(made))))) == {"PRIJATO"}
    yield opened
    opened.database.close()


def test_acts_are_given_listed_and_undone_at_a_running_centre(house: House, centre: Centre) -> None:
    assert "Žádný úkon" in Said(house, "list").text
    assert Said(house, "declare", "KZ", "--country", *BY).code == "CEN-47"
    assert "č. 1" in Said(house, "never", "550003/4", "KZ", *BY).text
    assert Said(house, "declare", "KZ", "--region", "1", *BY).status == 0
    assert Said(house, "declare", "KZ", "--district", "CZ0411", *BY).status == 0
    assert Said(house, "withdraw", "550001/1", "KZ", *BY).status == 0
    assert Said(house, "cancel", "4", *BY).code == "CEN-49"
    assert Said(house, "cancel", "1", *BY).status == 0
    listed = [line.split("\t") for line in Said(house, "list").text.splitlines()]
    assert [(line[0], line[3].partition(" ")[0]) for line in listed] == [
        ("1", "neplatí"),
        ("2", "neplatí"),
        ("3", "neplatí"),
        ("4", "platí"),
        ("5", "zrušen"),
    ]
    assert listed[3][1:3] == ["odvolání · withdrawn", "KZ 550001/1"]
    assert listed[3][5:] == ["Jana Nová; Petr Starý", "rozhodnutí komise"]
    kinds = [given.act.kind for given in centres.books_of(house.centre_folder, house.clock).acts]
    assert kinds == [Kind.NEVER, Kind.COMPLETE, Kind.COMPLETE, Kind.WITHDRAWAL, Kind.CANCEL]


def test_the_status_tells_what_is_missing_and_what_waits_for_people(house: House, centre: Centre) -> None:
    before = Said(house, "status")
    assert "KZ: 9 / 10 okrsků" in before.text
    assert "kraj · region 1 Severní: chybí · missing: 1 (550003/4)" in before.text
    assert "obvod · district 2 Lhotsko: chybí · missing: 6 (550001/1, 550001/2, 550001/3," in before.text
    Said(house, "never", "550003/4", "KZ", *BY)
    Said(house, "declare", "KZ", "--country", *BY)
    after = Said(house, "status")
    assert "nebude dodáno · never delivered: 1, chybí · missing: 0" in after.text
    assert "declared complete: country" in after.text
    assert after.status == 1, "the first region has more seats for a list than candidates"
    assert "manual decision required" in after.text


REFUSED = {
    ("lot", "KZ", "1", "--order", "2;5"): "CEN-45",
    ("lot", "KZ", "1", "--order", "2,5"): "CEN-46",
    ("seats", "1", "--seats", "2=40"): "CEN-45",
    ("seats", "1", "--seats", "2:40"): "CEN-46",
    ("replace", "2", "3"): "CEN-46",
    ("declare", "KZ"): "CEN-45",
    ("declare", "KZ", "--region", "1", "--country"): "CEN-45",
    ("declare", "KZ", "--district", "CZ9999"): "CEN-45",
    ("never", "Lhota", "KZ"): "CEN-44",
    ("withdraw", "550003/4", "KZ"): "CEN-48",
}


def test_what_cannot_be_recorded_is_refused_by_its_code(house: House, centre: Centre) -> None:
    assert {command: Said(house, *command, *BY).code for command in REFUSED} == REFUSED
    assert "Žádný úkon" in Said(house, "list").text


PAGE = resources.path("manual", "decisions.md").read_text("utf-8")
#: What else than success the invented election makes of the manual's examples.
NOT_HERE = {
    "lot": {"CEN-45"},
    "seats": {"CEN-45"},
    "replace": {"CEN-45"},
    "never": {"CEN-40", "CEN-48"},
    "withdraw": {"CEN-40"},
    "declare": {"CEN-45", "CEN-47"},
    "cancel": {"CEN-49"},
}


def test_each_command_of_the_manual_s_page_is_understood(house: House, centre: Centre) -> None:
    lines = [line.strip() for line in PAGE.splitlines() if line.strip().startswith("prebirka central act")]
    names = set()
    for line in lines:
        _, _, _, name, folder, *rest = shlex.split(line)
        assert folder == "centrum"
        names.add(name)
        said = Said(house, name, *rest)
        assert not said.status or said.code in NOT_HERE[name], f"{line}\n{said.text} {said.code}"
    assert names == {command.name or command.callback.__name__ for command in commands.registered_commands}


def test_the_page_names_every_code_of_the_acts() -> None:
    written = set(re.findall(r"^\| ([A-Z]+-\d+) \|", PAGE, re.MULTILINE))
    source = "".join(
        Path(module.__file__).read_text("utf-8")
        for module in (acts, judging, central_act)  # type: ignore[arg-type]
    )
    assert set(re.findall(r"CEN-4\d", source)) - written == set()
    assert written - set(re.findall(r"CEN-4\d", source)) == {"CEN-44", "DOC-40"}
