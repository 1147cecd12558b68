"""A short night of the media's line: the real server as a process, newsrooms from addresses of their own, a
centre that publishes, the switch to live; and what a judge would say of a line that is wrong.

The long form is a command: `prebirka central media rehearse`.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.documents.media_list import Organisation
from app.election.model import Contest, Mode
from app.rehearsal import media_judgement
from app.rehearsal.media_judgement import Heard
from app.rehearsal.media_night import MediaProcess, Readers, Register, Size, judged, organisations
from app.rehearsal.media_readers import Asked, Listened, Place
from tests.support.house import Clock, House
from tests.support.invented_election import POINT, VOTING_ENDS, protocols, reference

SIZE = Size(organisations=6, addresses=5, pause=0.25)


def test_every_test_address_is_refused_from_the_live_moment_and_no_night_address_ever(tmp_path: Path) -> None:
    known = reference(Contest.REGIONAL, mode=Mode.REHEARSAL)
    house = House(tmp_path, known, Clock(VOTING_ENDS + timedelta(hours=1)), batch_grid_seconds=0)
    offset = round((house.clock() - datetime.now(UTC)).total_seconds())

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=offset)

    station = house.station(f"{POINT}-1")
    register = Register(house.centre_folder, known.election, clock, SIZE)
    register.put(clock() + timedelta(hours=1))
    rehearsal = tmp_path / "rehearsal"
    centre = house.open()
    media = MediaProcess(house.centre_folder, rehearsal, offset, tmp_path / "media.log")
    try:
        centre.publisher.flush()
        shutil.copytree(house.centre_folder / "public", rehearsal, symlinks=True)
        media.start()
        readers = Readers(Place("127.0.0.1", media.port, clock), known.election.code, SIZE)
        readers.start()
        live_from = clock() + timedelta(seconds=1)
        register.put(live_from)
        for each in protocols(known, Contest.REGIONAL)[:3]:
            centre.ingest.receive(station.batch(station.item(each)), house.clock())
            house.clock.move(minutes=1)
            centre.publisher.flush(close_batch=True)
        readers.end(2.5)
    finally:
        media.stop()
        centre.close()
    verdict = judged(house.centre_folder, SIZE, readers, live_from, rehearsal)
    assert verdict.deviations == ()
    assert verdict.figures["night addresses refused"] == 0
    assert verdict.figures["test addresses answered live"] == 0
    assert verdict.figures["test addresses refused live"] >= SIZE.organisations * SIZE.addresses


# --- a judge that finds nothing wrong has to be able to ----------------------------------------------

LIVE = VOTING_ENDS
BEFORE, AFTER = LIVE - timedelta(seconds=1), LIVE + timedelta(seconds=2)
ONE = organisations(Size(1, 1))
NIGHT, TEST = ONE[0].night[0], ONE[0].test[0]


def asked(address: str, at: datetime, status: int = 200, version: int = 1, code: str = "") -> Asked:
    return Asked(address, "/x", at, at + timedelta(milliseconds=5), status, 10, version, code)


LOG = (
    asked(NIGHT, BEFORE),
    asked(TEST, BEFORE),
    asked(NIGHT, AFTER, version=7),
    asked(TEST, AFTER, 403, 0, "MED-41"),
    asked("127.30.0.1", BEFORE, 403, 0, "MED-40"),
)
STREAM = Listened(TEST, BEFORE, LIVE + timedelta(milliseconds=100), 40, by_server=True)


def counted(**changes: int) -> dict[str, Any]:
    night = {"requests": 2, "answered": 2, "unchanged": 0, "bytes": 20, "refused": {}}
    test = {"requests": 3, "answered": 2, "unchanged": 0, "bytes": 50, "refused": {"MED-41": 1}}
    whole = {"requests": 5, "answered": 4, "unchanged": 0, "bytes": 70, "refused": {"MED-41": 1}, **changes}
    other = {"requests": 1, "answered": 0, "unchanged": 0, "bytes": 0, "refused": {"MED-40": 1}}
    return {
        "organisations": {ONE[0].id: whole},
        "addresses": {NIGHT: night, TEST: test},
        "strangers": other,
        "stranger_addresses": {"127.30.0.1": other},
    }


def deviations(*log: Asked, stream: Listened = STREAM, counts: dict[str, Any] | None = None) -> str:
    listed: tuple[Organisation, ...] = ONE
    heard = Heard(listed, log or LOG, [stream], LIVE, 1)
    return "\n".join(media_judgement.judged(heard, counts or counted()).deviations)


def test_nothing_is_said_of_a_right_night() -> None:
    assert deviations() == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (asked(TEST, AFTER), "not {'MED-41'}"),
        (asked(NIGHT, AFTER, 403, 0, "MED-41"), "MED-41, not {''}"),
        (asked(NIGHT, BEFORE, 429, 0, "MED-43"), "MED-43, not {''}"),
        (asked(NIGHT, BEFORE, 500, 0), "500, not {''}"),
        (asked("127.30.0.1", AFTER), "not {'MED-40'}"),
        (asked(NIGHT, AFTER, version=1), "the rehearsal's version in live operation"),
        (asked(NIGHT, BEFORE, version=7), "the live version 7 in the test phase"),
    ],
)
def test_a_wrong_answer_is_a_deviation(wrong: Asked, said: str) -> None:
    assert said in deviations(*LOG, wrong)


def test_a_stream_that_goes_on_a_count_that_differs_and_silence_are_deviations() -> None:
    assert "went on until" in deviations(stream=replace(STREAM, ended=AFTER + timedelta(seconds=9)))
    assert "cut in the test phase" in deviations(stream=replace(STREAM, ended=BEFORE))
    assert "m001: counted" in deviations(counts=counted(requests=6))
    assert "m001: counted" in deviations(counts=counted(bytes=71))
    assert "did not ask on both sides" in deviations(*LOG[:2])
    assert "not counted at all" in deviations(*LOG, asked("127.30.0.2", BEFORE, 403, 0, "MED-40"))
