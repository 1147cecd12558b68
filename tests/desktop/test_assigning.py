"""Assigning precincts by keyboard: chosen ones, all evenly; the list on paper; a warning at reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.desktop.overseeing.page import CompletenessPage
from app.desktop.overseeing.tables import workstation
from app.desktop.point.assign_dialog import AssignDialog
from app.desktop.point.page import PointPage
from app.desktop.printing import assigned
from app.desktop.printing.pieces import Where
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station.states import Role, User
from tests.desktop.conftest import Driver
from tests.support.neighbouring import NAME, Neighbour
from tests.support.station_world import CLERK, NIGHT

MINE = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
THEIRS = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
CHIEF = User("Ivana Křížová", Role.SUPERVISOR)
CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(driver: Driver, user: User = CHIEF) -> AssignDialog:
    """The window of assignments, reached by keys."""
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_5, CONTROL)
    page = driver.window.sections.page("point")
    assert isinstance(page, PointPage)
    driver.wait(lambda: page.view is not None)
    driver.qtbot.keyClick(QApplication.focusWidget() or driver.window, Qt.Key.Key_U, CONTROL)
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    dialog = page.dialog
    assert isinstance(dialog, AssignDialog)
    driver.wait(lambda: bool(dialog.plan))
    return dialog


def given_up(driver: Driver) -> bool:
    """Whether the window is put away."""
    page = driver.window.sections.page("point")
    return isinstance(page, PointPage) and page.dialog is None


def given(dialog: AssignDialog) -> dict[PrecinctId, str]:
    return {one.precinct: one.station for one in dialog.plan if one.station}


def test_chosen_precincts_are_given_to_a_workstation_and_taken_back_by_keyboard(driver: Driver) -> None:
    dialog = opened(driver)
    driver.press(Qt.Key.Key_Backtab, dialog.view)
    assert dialog.filter.hasFocus()
    driver.press(Qt.Key.Key_Down, dialog.filter)  # the first municipality alone
    driver.press(Qt.Key.Key_Tab, dialog.filter)
    driver.qtbot.keyClick(dialog.view, Qt.Key.Key_A, CONTROL)
    chosen = dialog.chosen
    assert 0 < len(chosen) < len(dialog.plan)
    driver.press(Qt.Key.Key_Tab, dialog.view)
    assert dialog.station.hasFocus()
    dialog.station.lineEdit().selectAll()  # type: ignore[union-attr]
    driver.type(dialog.station.lineEdit(), NAME)  # type: ignore[arg-type]
    driver.press(Qt.Key.Key_F6, dialog.station)
    driver.wait(lambda: given(dialog) == dict.fromkeys(chosen, NAME))
    assert dialog.chosen == chosen
    assert dialog.told.text()
    driver.press(Qt.Key.Key_F7, dialog.station)
    driver.wait(lambda: given(dialog) == {})
    driver.press(Qt.Key.Key_Escape, dialog)
    driver.wait(lambda: given_up(driver))


def test_all_are_dealt_out_evenly_among_the_workstations_that_are_known(
    driver: Driver, neighbour: Neighbour
) -> None:
    neighbour.takes_in(THEIRS)
    driver.wait(lambda: driver.shown_state(THEIRS) == "confirmed")
    dialog = opened(driver)
    assert dialog.among.text() == f"41-1, {NAME}"
    driver.press(Qt.Key.Key_F8, dialog.view)
    driver.wait(lambda: bool(given(dialog)))
    shares = given(dialog)
    assert THEIRS.precinct not in shares  # it was taken in already
    assert set(shares) == {one.precinct for one in dialog.plan} - {THEIRS.precinct}
    assert abs(list(shares.values()).count(NAME) * 2 - len(shares)) <= 1
    dialog.reject()
    driver.activate()
    ours = next(one for one, station in shares.items() if station == NAME)
    (row, *_) = [row for row in driver.window.overview.table.rows if row.key.precinct == ours]
    driver.wait(lambda: NAME in next(r for r in driver.window.overview.table.rows if r.key == row.key).note)
    driver.window.sections.turn("completeness")
    page = driver.window.sections.page("completeness")
    assert isinstance(page, CompletenessPage)
    driver.wait(lambda: bool(page.table.rows))
    told = {workstation(line) for line in page.table.rows if line.row.key.precinct == ours}
    assert told == {f"určeno {NAME}"}


def test_what_is_no_workstation_of_the_point_is_told_in_the_window(driver: Driver) -> None:
    dialog = opened(driver)
    dialog.station.setEditText("42-1")
    driver.press(Qt.Key.Key_F6, dialog.view)
    driver.wait(lambda: "42-1" in dialog.told.text())
    assert given(dialog) == {}
    assert dialog.give_button.isEnabled()


def test_a_clerk_sees_the_plan_and_cannot_change_it(driver: Driver) -> None:
    dialog = opened(driver, CLERK)
    assert not any(
        button.isEnabled() for button in (dialog.give_button, dialog.end_button, dialog.deal_button)
    )
    assert "vedoucí" in dialog.told.text()


@pytest.mark.parametrize(("station", "warned"), [(NAME, True), ("41-1", False)])
def test_reading_a_precinct_of_another_workstation_warns_and_does_not_block(
    driver: Driver, station: str, warned: bool
) -> None:
    driver.station.point.assigning.assign([MINE.precinct], station, CHIEF)
    driver.drop(driver.joint_file())
    driver.wait_page("verdict")
    page = driver.window.verdict
    assert (f"určen pracovišti {NAME}" in page.banner.text) == warned
    driver.accept()
    driver.wait(lambda: any(driver.state(key) == "confirmed" for key in driver.keys_of(550001, 1)))


def test_the_page_of_an_awaited_protocol_says_whose_it_should_be(driver: Driver) -> None:
    driver.station.point.assigning.assign([MINE.precinct], NAME, CHIEF)
    driver.window.sections.open_protocol(MINE)
    driver.wait_page("protocol")
    words = {label.text() for label in driver.window.pages.currentWidget().findChildren(QLabel)}
    assert any(f"Určeno pracovišti {NAME}" in text for text in words)


def test_the_list_on_paper_has_each_workstation_with_its_precincts(driver: Driver) -> None:
    assigning = driver.station.point.assigning
    assigning.assign([MINE.precinct], NAME, CHIEF)
    election = driver.station.reference.election
    paper = assigned.made(assigning.plan(), election, Where("místo"), "41-1", NIGHT, CHIEF.name)
    whole = "".join(part.markup for part in paper.parts)
    assert whole.index(f"Pracoviště {NAME}") < whole.index("Neurčeno")
    assert "ostatním pracovištím se neposílá" in whole
    made: list[Path] = []
    driver.window.documents.open = made.append  # type: ignore[method-assign]
    driver.qtbot.keyClick(opened(driver).view, Qt.Key.Key_F9)
    driver.wait(lambda: bool(made))
    assert made[0].read_bytes().startswith(b"%PDF")


@pytest.fixture
def neighbour(driver: Driver) -> Neighbour:
    return Neighbour(driver.reference, driver.centre, driver.station)
