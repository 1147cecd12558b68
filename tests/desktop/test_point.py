"""The point's page: workstations, a conflict settled by keyboard both ways, the stick, and who may what."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desktop.point.page import PointPage
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station.states import Role, User
from tests.desktop.conftest import Driver
from tests.support.neighbouring import NAME, Neighbour
from tests.support.station_world import CLERK, file_of, readings

MINE = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
THEIRS = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
CHIEF = User("Ivana Křížová", Role.SUPERVISOR)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def neighbour(driver: Driver) -> Neighbour:
    return Neighbour(driver.reference, driver.centre, driver.station)


def turn(driver: Driver, user: User = CHIEF) -> PointPage:
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_5, CONTROL)
    page = driver.window.sections.page("point")
    assert isinstance(page, PointPage)
    driver.wait(lambda: page.view is not None)
    return page


def conflict(driver: Driver, neighbour: Neighbour, user: User = CHIEF) -> PointPage:
    neighbour.pushes(MINE)
    (offer,) = driver.station.intake.read_bytes("z.xml", file_of(readings(driver.reference)[MINE]))
    driver.station.intake.accept(offer, CLERK)
    driver.wait(lambda: driver.state(MINE) == "returned")
    page = turn(driver, user)
    neighbour.is_heard()
    driver.wait(lambda: page.conflict is not None and page.conflict.theirs is not None)
    return page


def decide(driver: Driver, page: PointPage, key: Qt.Key, reason: str) -> None:
    driver.press(key, QApplication.focusWidget() or driver.window)
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    assert page.dialog is not None
    driver.type(page.dialog.reason, reason)
    driver.qtbot.keyClick(page.dialog.reason, Qt.Key.Key_Return, CONTROL)
    driver.wait(lambda: page.dialog is None)
    driver.activate()


def test_what_another_workstation_took_in_is_confirmed_in_the_list_and_named(
    driver: Driver, neighbour: Neighbour
) -> None:
    neighbour.takes_in(THEIRS)
    driver.wait(lambda: driver.shown_state(THEIRS) == "confirmed")
    (row,) = [row for row in driver.window.overview.table.rows if row.key == THEIRS]
    assert NAME in row.note
    driver.window.sections.open_protocol(THEIRS)
    driver.wait_page("protocol")
    page = driver.window.pages.currentWidget()
    assert NAME in page.nothing.text()  # type: ignore[attr-defined]
    assert not page.transcript_button.isVisible()  # type: ignore[attr-defined]


def test_the_same_file_is_told_to_be_taken_in_there(driver: Driver, neighbour: Neighbour) -> None:
    neighbour.takes_in(MINE, seed=1)
    driver.drop(driver.file(driver.readings[MINE]))
    driver.wait(lambda: any(NAME in sentence for sentence in driver.messages()))


def test_another_file_stands_beside_what_was_taken_in_there(driver: Driver, neighbour: Neighbour) -> None:
    neighbour.takes_in(MINE, seed=2)
    driver.drop(driver.file(driver.readings[MINE]))
    driver.wait_page("verdict")
    assert NAME in driver.window.verdict.banner.text
    assert driver.window.verdict.compare.pair_model.changes > 0


def test_workstations_are_listed_with_what_they_sent(driver: Driver, neighbour: Neighbour) -> None:
    neighbour.takes_in(THEIRS)
    page = turn(driver)
    driver.wait(lambda: len(page.places.table.rows) == 2)
    told = [row.cells for row in page.places.table.rows]
    assert [cells[0] for cells in told] == ["41-1", "41-2"]
    assert told[1][2] == "1"


def test_a_conflict_is_counted_in_the_bar_and_shown_side_by_side(
    driver: Driver, neighbour: Neighbour
) -> None:
    page = conflict(driver, neighbour)
    assert "(1)" in driver.window.sections.bar.buttons["point"].text()
    marked = [row for row in page.sides.table.rows if row.look is not None]
    assert len(marked) == len(page.conflict.differing)  # type: ignore[union-attr]
    before = len(page.sides.table.rows)
    page.all.click()
    assert len(page.sides.table.rows) > before


def test_the_other_stands_by_keyboard(driver: Driver, neighbour: Neighbour) -> None:
    page = conflict(driver, neighbour)
    decide(driver, page, Qt.Key.Key_F7, "Druhé pracoviště mělo celý zápis.")
    driver.wait(lambda: page.conflict is None)
    driver.wait(lambda: driver.shown_state(MINE) == "confirmed")
    row = driver.station.row(MINE)
    assert row is not None
    assert row.workstation == NAME
    assert any("stažený" in sentence for sentence in driver.messages())


def test_ours_is_right_by_keyboard(driver: Driver, neighbour: Neighbour) -> None:
    page = conflict(driver, neighbour)
    decide(driver, page, Qt.Key.Key_F6, "Číslo souhlasí s podepsaným zápisem.")
    driver.wait(lambda: page.conflict is None)
    driver.wait(lambda: driver.state(MINE) == "confirmed")
    row = driver.station.row(MINE)
    assert row is not None
    assert (row.revision, row.workstation, row.corrected) == (2, "41-1", True)


def test_a_clerk_sees_a_conflict_and_cannot_settle_it(driver: Driver, neighbour: Neighbour) -> None:
    page = conflict(driver, neighbour, CLERK)
    assert not page.insist_button.isEnabled()
    assert not page.withdraw_button.isEnabled()
    assert page.why_not.isVisible()
    assert page.read_button.isEnabled()


def test_files_go_by_a_stick_and_a_bad_one_is_told(
    driver: Driver, tmp_path: Path, neighbour: Neighbour
) -> None:
    (offer,) = driver.station.intake.read_bytes("z.xml", file_of(readings(driver.reference)[MINE]))
    driver.station.intake.accept(offer, CLERK)
    driver.wait(lambda: driver.state(MINE) == "confirmed")
    page = turn(driver)
    page.write_to(tmp_path)
    driver.wait(lambda: any("přečten" in sentence for sentence in driver.messages()))
    folder = tmp_path / "prebirka-zk2024"
    assert (folder / "41-1" / "davka-00001.p7m").is_file()
    neighbour.pushes(THEIRS)
    (folder / NAME).mkdir()
    (folder / NAME / "davka-00001.p7m").write_bytes(neighbour.sent[0])
    (folder / NAME / "davka-00002.p7m").write_bytes(b"nic")
    page.read_from(tmp_path)
    driver.wait(lambda: any("nepřijal" in sentence for sentence in driver.messages()))
    driver.wait(lambda: driver.shown_state(THEIRS) == "accepted")
