"""Who signed and when voting ended, by the number pad: from the box of the totals and from the dialog."""

from PySide6.QtCore import Qt

from app.election.circumstances import Signatures
from tests.desktop.conftest import Driver
from tests.desktop.test_looks import without_name

LONE = (550002, 1)


def box_of(driver: Driver) -> object:
    driver.drop(driver.file(driver.readings[driver.keys_of(*LONE)[0]]))
    driver.wait_page("verdict")
    driver.press(Qt.Key.Key_F9)
    return driver.dialog().box


def keys(driver: Driver, text: str) -> None:
    for letter in text:
        widget = driver.dialog().focusWidget()
        driver.press(Qt.Key.Key_Enter if letter == "\n" else getattr(Qt.Key, f"Key_{letter}"), widget)


def test_an_extension_is_typed_with_the_number_pad_and_asks_for_its_reason(driver: Driver) -> None:
    key = driver.keys_of(*LONE)[0]
    box = box_of(driver)
    assert box.ended.text() == "14:00"
    assert not box.reason.isEnabled()
    assert without_name(driver.dialog()) == []
    keys(driver, "241430\n")
    assert box.reason.hasFocus()
    assert box.ended.text() == "14:30"
    driver.type(box.reason, "Fronta před místností.")
    keys(driver, "\n")
    driver.activate()
    driver.wait(lambda: driver.shown_state(key) == "confirmed")
    details = [e.details for e in driver.station.journal.entries() if e.act == "accept"]
    assert details[0]["signatures"] == Signatures.ANNEX.value
    assert details[0]["extension_reason"] == "Fronta před místností."


def test_an_extension_without_a_reason_goes_to_the_supervisor(driver: Driver) -> None:
    box = box_of(driver)
    keys(driver, "11")
    keys(driver, "41430\n")
    keys(driver, "\n")
    driver.activate()
    driver.wait(driver.window.verdict.buttons["hold"].isVisible)
    assert driver.window.verdict.card.offer.verdict.failed_ids == ("FM-06",)
    assert box is not None


def test_a_time_that_is_none_is_asked_again_and_minus_leads_back(driver: Driver) -> None:
    box = box_of(driver)
    keys(driver, "142561\n")
    assert box.ended.hasFocus()
    assert driver.dialog().yes.isEnabled() is False
    driver.press(Qt.Key.Key_Minus, box.ended)
    assert box.choices[Signatures.ALL].hasFocus()
    keys(driver, "\n")
    assert box.ended.hasFocus()
    keys(driver, "1400\n")
    driver.activate()
    driver.wait(lambda: driver.shown_state(driver.keys_of(*LONE)[0]) == "confirmed")


def test_who_signed_is_asked_before_a_protocol_is_held_as_well(driver: Driver) -> None:
    regional, _ = driver.keys_of(550001, 1)
    driver.drop(driver.file(driver.readings[regional]))  # the other protocol of the precinct is missing
    driver.wait_page("verdict")
    driver.press(Qt.Key.Key_F7)
    keys(driver, "2\n")
    driver.wait(lambda: driver.window.dialog is not None)
    driver.say("Druhý zápis komise doveze.")
    driver.wait(lambda: driver.shown_state(regional) == "held")
    (held,) = driver.station.intake.held(regional)
    assert held.offer.answers.signatures is Signatures.ANNEX
