"""Whatever is dropped: one clear Czech sentence with its code, and nothing stored by half."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.election.model import Mode
from tests.desktop.conftest import Driver
from tests.support import invented_election, station_world
from tests.support.sticks import WAYS, pull_while_reading

Maker = Callable[[Driver], Path]


def _written(name: str, data: Callable[[bytes], bytes]) -> Maker:
    def make(driver: Driver) -> Path:
        path = driver.joint_file(name=name)
        path.write_bytes(data(path.read_bytes()))
        return path

    return make


def _bomb(_: bytes) -> bytes:
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY l0 "ha">{levels}]><z>&l9;</z>'.encode()


def _sparse(driver: Driver) -> Path:
    path = driver.stick / "velky.xml"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    return path


def _vanished(driver: Driver) -> Path:
    path = driver.joint_file(name="zmizely.xml")
    path.unlink()
    return path


def _folder(driver: Driver) -> Path:
    path = driver.stick / "slozka"
    path.mkdir()
    return path


def _other_election(driver: Driver) -> Path:
    reading = replace(driver.readings[driver.keys_of(550002, 1)[0]], election="kz2028")
    return driver.file(reading, name="jine-volby.xml")


def _other_point(driver: Driver) -> Path:
    reading = station_world.readings(driver.reference, point=invented_election.OTHER_POINT)
    return driver.file(next(iter(reading.values())), name="jine-misto.xml")


CASES: dict[str, Maker] = {
    "truncated": _written("utrzeny.xml", lambda data: data[: len(data) // 2]),
    "wrong encoding": _written("kodovani.xml", lambda data: data.replace(b"<T6", b"<!-- \xe8\xff --><T6")),
    "entity bomb": _written("bomba.xml", _bomb),
    "200 MB": _sparse,
    "another transfer point": _other_point,
    "a folder": _folder,
    "a vanished file": _vanished,
    "an empty file": _written("prazdny.xml", lambda _: b""),
    "a picture": _written("obrazek.xml", lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_gives_one_czech_sentence_and_changes_nothing(driver: Driver, case: str) -> None:
    path = CASES[case](driver)
    before = station_world.all_rows(driver.station)
    driver.drop(path)
    driver.wait(lambda: bool(driver.messages()))
    driver.wait(lambda: not driver.window.desk.reading)
    message, *others = driver.window.messages.shown
    assert others == []
    assert message.code
    assert message.sentence.endswith(".")
    assert any(letter in message.sentence + message.what_to_do for letter in "ěščřžýáíéúůťďň")
    assert station_world.all_rows(driver.station) == before
    assert driver.window.page == "welcome"
    assert driver.window.crash is None


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (_other_election, "ID-03"),
        (lambda d: d.file(d.readings[d.keys_of(550002, 1)[0]], mode=Mode.LIVE), "PR-04"),
    ],
    ids=["another election", "live data in a rehearsal"],
)
def test_a_protocol_that_is_not_of_this_election_is_blocked_with_its_rule(
    driver: Driver, make: Maker, rule: str
) -> None:
    before = station_world.all_rows(driver.station)
    driver.drop(make(driver))
    driver.wait(lambda: driver.window.page == "verdict" or bool(driver.messages()))
    if driver.window.page == "verdict":
        page = driver.window.verdict
        assert rule in page.why_not.text()
        assert not page.buttons["accept"].isEnabled()
    assert station_world.all_rows(driver.station) == before


@pytest.mark.parametrize("way", [way for way in WAYS if way != "a file cut while it is read"])
def test_a_stick_pulled_in_the_middle_of_a_read_is_one_sentence_and_the_same_file_goes_on_later(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    path = driver.joint_file(name="vytazeny.xml")
    data = path.read_bytes()
    before = station_world.all_rows(driver.station)
    opened = pull_while_reading(monkeypatch, path, way)
    driver.drop(path)
    driver.wait(lambda: bool(driver.messages()))
    driver.wait(lambda: not driver.window.desk.reading)
    (message,) = driver.window.messages.shown
    assert opened
    assert message.code == "DOC-04"
    assert station_world.all_rows(driver.station) == before
    assert driver.window.page == "welcome"
    monkeypatch.undo()
    path.write_bytes(data)
    driver.drop(path)
    driver.wait_page("verdict")


def test_the_same_file_twice_is_recognised(driver: Driver) -> None:
    path = driver.file(driver.readings[driver.keys_of(550002, 1)[0]])
    driver.drop(path)
    driver.wait_page("verdict")
    driver.window.act("accept")
    driver.wait_page("result")
    driver.wait(lambda: driver.shown_state(driver.keys_of(550002, 1)[0]) == "confirmed")
    before = station_world.all_rows(driver.station)
    driver.drop(path)
    driver.wait(lambda: bool(driver.messages()))
    assert driver.window.messages.shown[0].code == "STA-24"
    assert "už byl převzat" in driver.messages()[0]
    assert station_world.all_rows(driver.station) == before


def test_a_bad_file_among_good_ones_hides_none_of_them(driver: Driver) -> None:
    driver.drop(_vanished(driver), driver.joint_file(1, "a.xml"), _folder(driver))
    driver.wait_page("verdict")
    assert {message.code for message in driver.window.messages.shown} != set()
    assert len(driver.window.messages.shown) == 2


def test_messages_go_one_by_one_with_escape(driver: Driver) -> None:
    driver.drop(_vanished(driver), _folder(driver))
    driver.wait(lambda: len(driver.messages()) == 2)
    driver.press(Qt.Key.Key_Escape)
    assert len(driver.messages()) == 1
    driver.press(Qt.Key.Key_Escape)
    assert not driver.window.messages.isVisible()
