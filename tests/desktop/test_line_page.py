"""The page of the line by keyboard: who sees it, what it says, the copied report, and that nothing waits."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desktop.line.page import LinePage
from app.station.line.examination import Examination
from app.station.line.findings import Diagnosis
from app.station.line.steps import State, Step
from app.station.states import Role, User
from tests.desktop.conftest import Driver

TECHNICIAN = User("Igor Kábrt", Role.TECHNICIAN)
CONTROL = Qt.KeyboardModifier.ControlModifier


def turn(driver: Driver, user: User = TECHNICIAN) -> LinePage:
    """Signed in and turned to by its key; it looks at once."""
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_9, CONTROL)
    page = driver.window.sections.page("connection")
    assert isinstance(page, LinePage)
    return page


def ready(driver: Driver, page: LinePage) -> Diagnosis:
    driver.wait(lambda: page.found is not None and not page.under_way)
    assert page.found is not None
    return page.found


def test_the_first_fault_stands_on_top_and_each_step_says_its_state(driver: Driver) -> None:
    page = turn(driver)
    found = ready(driver, page)
    assert found.of(Step.ROUTE).state is State.FAULT, "nobody listens at the tests' address"
    assert "Spojení" in page.banner.title
    assert "LIN-21" in page.lines[Step.ROUTE].words
    assert "v pořádku" in page.lines[Step.CERTIFICATE].words
    assert "nezkoušeno" in page.lines[Step.CENTRE].words


def test_it_is_tried_again_and_copied_by_keyboard(driver: Driver) -> None:
    page = turn(driver)
    first = ready(driver, page)
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_F5)
    driver.wait(lambda: page.found is not first and not page.under_way)
    page.copy_button.setFocus()
    driver.qtbot.keyClick(page.copy_button, Qt.Key.Key_Space)
    copied = QApplication.clipboard().text()
    assert "[LIN-21]" in copied
    assert copied.count("\n") > 9


def test_the_desk_goes_on_while_a_line_is_being_tried(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, begun, examine = threading.Event(), threading.Event(), Examination.examine

    def slow(self: Examination) -> Diagnosis:
        begun.set()
        assert gate.wait(20)
        return examine(self)

    monkeypatch.setattr(Examination, "examine", slow)
    page = turn(driver)
    try:
        driver.wait(begun.is_set)
        assert not page.again_button.isEnabled()
        driver.qtbot.keyClick(driver.window, Qt.Key.Key_1, CONTROL)
        assert driver.window.sections.current == "desk"
    finally:
        gate.set()
    ready(driver, page)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.CLERK, False), (Role.SUPERVISOR, True), (Role.TECHNICIAN, True)]
)
def test_clerks_do_not_see_it(driver: Driver, role: Role, may: bool) -> None:
    driver.window.desk.user = User("Kdokoli", role)
    driver.window.sections.user_changed()
    assert driver.window.sections.bar.buttons["connection"].isVisibleTo(driver.window.sections.bar) is may
