"""Correcting what was accepted, by keyboard alone: by typing, by a file, late with the centre's permit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt

from app.election.model import ProtocolKey
from app.election.verdict import FieldRef
from tests.desktop.conftest import Driver
from tests.desktop.test_looks import without_name
from tests.desktop.test_visiting import accepted
from tests.support.invented_election import stated
from tests.support.permits import late_permit
from tests.support.station_world import protocols

VOTERS = FieldRef("VOL_SEZNAM")


def ask_for_correction(driver: Driver, key: ProtocolKey) -> None:
    """From the list by Enter to the protocol, F5."""
    driver.window.overview.view.setFocus()
    driver.window.overview.select(key)
    driver.press(Qt.Key.Key_Return, driver.window.overview.view)
    driver.wait_page("protocol")
    driver.wait(driver.window.protocol.correct_button.isVisible)
    driver.press(Qt.Key.Key_F5)
    driver.wait(lambda: driver.window.correcting.dialog is not None)
    driver.wait(driver.window.correcting.dialog.isActiveWindow)  # type: ignore[union-attr]


def type_correction(driver: Driver, key: ProtocolKey, voters: str) -> None:
    ask_for_correction(driver, key)
    dialog = driver.window.correcting.dialog
    assert dialog is not None
    assert without_name(dialog) == []
    driver.press(Qt.Key.Key_2, dialog)
    driver.wait_page("correcting")
    driver.activate()
    page = driver.window.correcting.page
    assert without_name(page) == []
    assert page.view.hasFocus()
    page.view.lead_to(VOTERS)
    for letter in voters:
        driver.press(getattr(Qt.Key, f"Key_{letter}"), page.view)
    driver.press(Qt.Key.Key_Space, page.authorised)
    driver.type(page.reason, "Komise opravila počet voličů.")
    driver.press(Qt.Key.Key_F9)


def test_a_typed_correction_is_compared_accepted_and_the_old_revision_stays(driver: Driver) -> None:
    key = accepted(driver)
    type_correction(driver, key, "999")
    driver.wait_page("verdict")
    verdict = driver.window.verdict
    assert verdict.compare.isVisible()
    shown = [pair.field for pair in verdict.compare.pair_model.shown if pair.field]
    assert shown == [VOTERS]
    assert verdict.card.offer.is_correction
    assert verdict.card.offer.reading.corrected == 1
    driver.accept()
    driver.wait_page("result")
    driver.wait(lambda: driver.shown_state(key) == "confirmed" and driver.station.row(key).revision == 2)  # type: ignore[union-attr]
    driver.window.open_protocol(key)
    driver.wait_page("protocol")
    page = driver.window.protocol
    driver.wait(page.history.isVisible)
    rows = page.history.history.rows
    assert [past.revision for past in rows] == [2, 1]
    assert rows[0].reason == "Komise opravila počet voličů."
    assert page.compare.isVisible()
    assert [pair.field for pair in page.compare.pair_model.shown if pair.field] == [VOTERS]
    assert without_name(page) == []
    page.history.setFocus()
    driver.press(Qt.Key.Key_Down)
    assert page.form.isVisible()
    assert not page.compare.isVisible()


def test_each_revision_prints_its_own_transcript(driver: Driver) -> None:
    key = accepted(driver)
    type_correction(driver, key, "999")
    driver.wait_page("verdict")
    driver.accept()
    driver.wait_page("result")
    written: list[Path] = []
    opened: list[Path] = []
    documents = driver.window.documents
    documents.written.connect(written.append)
    documents.open = opened.append  # type: ignore[method-assign]
    driver.window.open_protocol(key)
    driver.wait_page("protocol")
    driver.wait(driver.window.protocol.history.isVisible)
    driver.press(Qt.Key.Key_F4)
    driver.wait(lambda: len(written) == 1)
    driver.window.protocol.history.setFocus()
    driver.press(Qt.Key.Key_Down)
    driver.press(Qt.Key.Key_F4)
    driver.wait(lambda: len(written) == 2)
    assert written[0].name != written[1].name
    assert all(path.is_file() for path in written)


def test_leaving_the_correction_stores_nothing_and_comes_back_to_the_protocol(driver: Driver) -> None:
    key = accepted(driver)
    ask_for_correction(driver, key)
    driver.press(Qt.Key.Key_2, driver.window.correcting.dialog)
    driver.wait_page("correcting")
    before = len(driver.station.journal.entries())
    driver.window.correcting.page.leave_button.click()
    driver.wait_page("protocol")
    assert len(driver.station.journal.entries()) == before


def test_what_never_came_cannot_be_corrected(driver: Driver) -> None:
    driver.window.open_protocol(driver.keys_of(550002, 1)[0])
    driver.wait_page("protocol")
    assert not driver.window.protocol.correct_button.isVisible()
    assert not driver.window.protocol.history.isVisible()


def test_the_other_ways_lead_to_the_file_and_to_the_paper(driver: Driver) -> None:
    key = accepted(driver)
    ask_for_correction(driver, key)
    driver.press(Qt.Key.Key_1, driver.window.correcting.dialog)
    driver.wait(lambda: driver.window.file_dialog is not None)
    assert driver.window.file_dialog is not None
    driver.window.file_dialog.reject()
    driver.activate()
    ask_for_correction(driver, key)
    driver.press(Qt.Key.Key_3, driver.window.correcting.dialog)
    driver.wait_page("entry")


def test_a_late_correction_waits_for_the_permit_that_is_dropped_like_a_file(driver: Driver) -> None:
    key = accepted(driver)
    driver.clock.now = driver.reference.election.calendar.delivery_ends + timedelta(hours=1)
    right = protocols(driver.reference)[key]
    counts = right.counts._replace(registered_voters=right.counts.registered_voters + 1)
    driver.drop(driver.file(stated(driver.reference, replace(right, counts=counts)), name="oprava.xml"))
    driver.wait_page("verdict")
    driver.press(Qt.Key.Key_F5)
    driver.say("Komise opravila počet voličů.")
    driver.wait(lambda: driver.window.verdict.card.offer.is_correction)
    assert driver.window.verdict.card.offer.verdict.failed_ids == ("PR-02",)
    assert not driver.window.verdict.buttons["accept"].isEnabled()
    permit = driver.stick / "povoleni.p7m"
    permit.write_bytes(late_permit(driver.reference, key))
    driver.drop(permit)
    driver.wait(lambda: any("Povolení ústředí č. 1" in message for message in driver.messages()))
    driver.wait(driver.window.verdict.buttons["accept"].isEnabled)
    driver.accept()
    driver.wait(lambda: driver.shown_state(key) == "confirmed")
    assert driver.station.history.of(key)[0].revision == 2


def test_a_permit_of_another_precinct_is_one_sentence(driver: Driver) -> None:
    driver.clock.now = driver.reference.election.calendar.delivery_ends + timedelta(hours=1)
    data = late_permit(driver.reference, driver.keys_of(550002, 1)[0])
    permit = driver.stick / "povoleni.p7m"
    permit.write_bytes(data[:-3])
    driver.drop(permit)
    driver.wait(lambda: bool(driver.messages()))
    (message,) = driver.window.messages.shown
    assert message.code == "STA-90"


def test_what_the_centre_returned_is_sent_again_unchanged(driver: Driver) -> None:
    key = driver.keys_of(550002, 1)[0]
    driver.centre.refused = {key}
    driver.drop(driver.file(driver.readings[key]))
    driver.wait_page("verdict")
    driver.accept()
    driver.wait(lambda: driver.shown_state(key) == "returned")
    driver.centre.refused = set()
    driver.wait_page("result")
    ask_for_correction(driver, key)
    first = driver.window.correcting.dialog
    driver.press(Qt.Key.Key_4, first)
    driver.wait(lambda: driver.window.correcting.dialog not in (None, first))
    dialog = driver.window.correcting.dialog
    assert dialog is not None
    driver.wait(dialog.isActiveWindow)  # its keys are heard only then
    driver.type(dialog.reason, "Povolení přišlo později.")  # type: ignore[attr-defined]
    driver.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # type: ignore[attr-defined]
    driver.wait_page("verdict")
    driver.activate()
    driver.accept()
    driver.wait(lambda: driver.shown_state(key) == "confirmed")
    assert [past.revision for past in driver.station.history.of(key)] == [2, 1]
