"""The page of the readiness check by keyboard: each probe alone and all of them, its paper, its report."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desktop.printing.documents import Then
from app.desktop.readiness import seeing
from app.desktop.readiness.page import ReadinessPage
from app.station.readiness.checking import PROBES
from app.station.readiness.hardware import SCANNER_CODE
from app.station.readiness.outcomes import Outcome, State
from app.station.states import Role, User
from tests.desktop.conftest import Driver

TECHNICIAN = User("Igor Kábrt", Role.TECHNICIAN)
CONTROL = Qt.KeyboardModifier.ControlModifier


def turn(driver: Driver, user: User = TECHNICIAN) -> ReadinessPage:
    """Signed in and turned to by its key."""
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_0, CONTROL)
    page = driver.window.sections.page("readiness")
    assert isinstance(page, ReadinessPage)
    return page


def state_of(page: ReadinessPage, probe: str) -> Outcome:
    return next(each for each in page.outcomes if each.probe == probe)


def test_one_key_tries_everything_and_each_row_says_its_state_in_words(driver: Driver) -> None:
    page = turn(driver)
    assert not page.send_button.isEnabled(), "there is nothing to report yet"
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_F5)
    driver.wait(lambda: "připravena není" in page.banner.title)
    assert not page.under_way
    assert "chyba [LIN-21]" in page.rows["line"].words, "nobody listens at the tests' address"
    assert "v pořádku" in page.rows["certificate"].words
    assert "nezkoušeno" in page.rows["scanner"].words
    assert page.all_button.hasFocus()


def test_a_scanner_is_tried_where_it_types(driver: Driver) -> None:
    page = turn(driver)
    box = page.rows["scanner"].box
    assert box is not None
    box.setFocus()
    driver.qtbot.keyClicks(box, SCANNER_CODE)
    driver.qtbot.keyClick(box, Qt.Key.Key_Return)
    driver.wait(lambda: not page.under_way and state_of(page, "scanner").state is State.OK)
    assert {each.code for each in page.outcomes} == {"RDY-92", "RDY-15"}, "no other was tried"


def test_the_page_is_walked_by_the_tab_key_in_the_order_of_reading(driver: Driver) -> None:
    page = turn(driver)
    page.rows["screen"].button.setFocus()
    walked = []
    for _ in range(len(PROBES) + 1):
        widget = QApplication.focusWidget()
        assert widget is not None
        walked.append(widget.accessibleName())
        driver.qtbot.keyClick(widget, Qt.Key.Key_Tab)
    names = [f"Zkusit znovu: {probe.cs}" for probe in PROBES]
    names.insert(names.index("Zkusit znovu: Čtečka kódů"), "Sem načtěte čtečkou zkušební kód")
    assert walked == names


def test_its_report_goes_to_paper_and_says_when_the_centre_is_away(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeing, "seen", lambda scanned: seeing.Hardware(scanned=scanned))
    page = turn(driver)
    page.check_one("power")
    driver.wait(lambda: not page.under_way)
    written: list[Path] = []
    driver.window.documents.written.connect(written.append)
    page.paper(Then.NOTHING)
    driver.wait(lambda: bool(written))
    assert written[0].read_bytes().startswith(b"%PDF-")
    page.send_button.setFocus()
    driver.qtbot.keyClick(page.send_button, Qt.Key.Key_Space)
    driver.wait(lambda: any("neodešla" in each for each in driver.messages()))
    assert page.send_button.isEnabled()


def test_a_clerk_has_no_way_there(driver: Driver) -> None:
    driver.window.desk.user = User("Jana", Role.CLERK)
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_0, CONTROL)
    assert driver.window.sections.current == "desk"
