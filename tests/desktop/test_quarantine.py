"""The window of a station in quarantine says what happened and what to do, and when it is over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel

from app.station import quarantine
from app.station.connection import Connection, Line, Sentence
from tests.desktop.conftest import Driver

AT = datetime(2024, 9, 21, 13, 0, tzinfo=UTC)


def tell(driver: Driver, code: str = "") -> None:
    driver.window.desk.connection.emit(
        Connection(Line.ONLINE, AT, 1, None, quarantine.sentence(code) if code else None)
    )


@pytest.mark.parametrize(("code", "words"), [
    ("ING-10", "Druhý počítač vypněte a zavolejte vedoucího"),
    ("ING-11", "Nic se neztratilo"),
    ("ING-15", "ten zavolá ústředí, které rozhodne"),
    ("ING-16", "Na tomto počítači už nepřebírejte"),
])  # fmt: skip
def test_a_message_says_what_happened_and_what_to_do_once(driver: Driver, code: str, words: str) -> None:
    driver.window.messages.clear()
    tell(driver, code)
    tell(driver, code)
    (message,) = driver.window.messages.shown
    assert message.code == code
    assert words in f"{message.sentence} {message.what_to_do}"


def test_the_message_goes_when_the_centre_has_decided(driver: Driver) -> None:
    driver.window.messages.clear()
    tell(driver, "ING-10")
    tell(driver)
    (message,) = driver.window.messages.shown
    assert message.sentence.startswith("Karanténa skončila")


def test_other_refusals_are_not_its_business(driver: Driver) -> None:
    driver.window.messages.clear()
    driver.window.desk.connection.emit(Connection(Line.ONLINE, AT, 1, None, Sentence("ING-21", "a", "b")))
    assert driver.window.messages.shown == ()


def test_a_quarantine_is_shown_whole_on_a_small_screen(driver: Driver) -> None:
    driver.window.messages.clear()
    driver.window.resize(911, 512)
    tell(driver, "ING-10")
    (message,) = driver.window.messages.shown
    for label in message.findChildren(QLabel):
        if label.text() and label.objectName() in ("messageText", "messageHelp"):
            driver.wait(lambda label=label: label.height() >= label.heightForWidth(label.width()))
