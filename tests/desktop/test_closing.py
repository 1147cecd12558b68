"""Closing by keyboard: the checklist, explanations, backups, the supervisor's password, and what stays."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desktop.closing.dialogs import CloseDialog, RestoreDialog, Wanted
from app.desktop.closing.page import ClosingPage
from app.station.closing.checklist import Item
from app.station.config import KEY_FILE
from app.station.states import Role, User
from app.station.store import STORE_FILE
from tests.desktop.conftest import Driver
from tests.support.busy_station import offered
from tests.support.station_world import CLERK, protocols

CHIEF = User("Ivana Křížová", Role.SUPERVISOR)
TECHNICIAN = User("Igor Kábrt", Role.TECHNICIAN)
CONTROL = Qt.KeyboardModifier.ControlModifier
PASSWORD = "tichá pošta ráno"


def turn(driver: Driver, user: User = CHIEF) -> ClosingPage:
    """Signed in and turned to by its key."""
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_7, CONTROL)
    page = driver.window.sections.page("closing")
    assert isinstance(page, ClosingPage)
    driver.wait(lambda: page.look is not None)
    return page


def press(driver: Driver, key: Qt.Key) -> None:
    driver.qtbot.keyClick(QApplication.focusWidget() or driver.window, key)


def accept(driver: Driver, leave: int = 1) -> None:
    """All protocols but the last are accepted and confirmed."""
    made = list(protocols(driver.reference).values())
    for protocol in made[: len(made) - leave]:
        driver.station.intake.accept(offered(driver.station, driver.reference, protocol), CLERK)
    driver.wait(lambda: driver.station.progress().confirmed == len(made) - leave)


def state(page: ClosingPage, item: Item) -> bool:
    assert page.look is not None
    return page.look.checks.of(item).is_done


def give(driver: Driver, page: ClosingPage, reason: str) -> None:
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    assert page.dialog is not None
    box = page.dialog.reason  # type: ignore[union-attr]
    driver.type(box, reason)
    driver.qtbot.keyClick(box, Qt.Key.Key_Return, CONTROL)
    driver.wait(lambda: page.dialog is None)
    driver.activate()


def make_ready(driver: Driver, page: ClosingPage) -> None:
    """Everything on the list by the page's own acts."""
    accept(driver)
    driver.wait(lambda: page.look is not None and len(page.look.rows) == 1)
    page.checks.lines[Item.EXPECTED].button.setFocus()  # type: ignore[union-attr]
    press(driver, Qt.Key.Key_Space)
    assert page.tabs.currentWidget() is page.missing
    press(driver, Qt.Key.Key_F8)
    give(driver, page, "Komise nepřijela.")
    driver.wait(lambda: state(page, Item.EXPECTED))
    page.use_place(driver.stick)
    driver.wait(lambda: state(page, Item.BACKUP))
    page.tabs.setCurrentWidget(page.checks)
    page.checks.lines[Item.JOURNAL].button.setFocus()  # type: ignore[union-attr]
    press(driver, Qt.Key.Key_Space)
    driver.wait(lambda: page.close_button.isEnabled())


def test_the_point_is_closed_by_keyboard_with_the_supervisor_s_password(driver: Driver) -> None:
    driver.station.users.accounts.make_first("krizova", CHIEF.name, PASSWORD)
    page = turn(driver)
    assert "zbývají 3 body" in page.banner.title
    assert not page.close_button.isEnabled()
    make_ready(driver, page)
    assert page.banner.title == "Vše je hotovo, místo lze uzavřít"
    press(driver, Qt.Key.Key_F6)
    driver.wait(lambda: isinstance(page.dialog, CloseDialog) and page.dialog.isActiveWindow())
    dialog = page.dialog
    assert isinstance(dialog, CloseDialog)
    assert dialog.name.text() == CHIEF.name
    driver.type(dialog.password.line, "špatné heslo")
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: "USR-01" in dialog.hint.text())
    assert not driver.station.closing.is_closed
    driver.clock.advance(60)
    driver.type(dialog.password.line, PASSWORD)
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: page.dialog is None, 20_000)
    driver.activate()
    driver.wait(lambda: page.banner.title == "Přebírací místo je uzavřené")
    assert not page.close_button.isVisible()
    (paper,) = (driver.folder / "prints").glob("uzavreni-*.pdf")
    step = driver.station.closing.last_step()
    assert step is not None
    assert step.report_sha256 == sha256(paper.read_bytes()).hexdigest()
    assert paper.read_bytes().startswith(b"%PDF")
    assert page.report_button.isVisible()


def test_a_closed_desk_refuses_and_says_so_and_opens_again_with_a_reason(driver: Driver) -> None:
    page = turn(driver)
    make_ready(driver, page)
    page.close_with()
    driver.wait(lambda: driver.station.closing.is_closed, 20_000)
    driver.wait(lambda: page.reopen_button.isVisible())
    last = list(driver.readings)[-1]
    driver.window.sections.turn("desk")
    driver.drop(driver.file(driver.readings[last]))
    driver.wait_page("verdict")
    driver.accept()
    driver.wait(lambda: "CLS-01" in driver.window.messages.codes())
    assert driver.state(last) == "awaited"
    driver.window.sections.turn("closing")
    press(driver, Qt.Key.Key_F7)
    give(driver, page, "Komise přece přijela.")
    driver.wait(lambda: page.close_button.isVisible())
    assert not driver.station.closing.is_closed


@pytest.mark.parametrize(
    ("user", "visible", "may_close"),
    [(CHIEF, True, True), (TECHNICIAN, True, False), (User("Jana Nováková"), False, False)],
)
def test_who_sees_what(driver: Driver, user: User, visible: bool, may_close: bool) -> None:
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    assert driver.window.sections.bar.buttons["closing"].isVisible() is visible
    if visible:
        page = turn(driver, user)
        assert page.backups.buttons["choose_place"].isEnabled()
        accept(driver)
        driver.wait(lambda: page.look is not None and len(page.look.rows) == 1)
        page.tabs.setCurrentWidget(page.missing)
        assert page.missing.explain_button.isEnabled() is may_close


def test_a_changed_row_is_named_on_the_page(driver: Driver) -> None:
    accept(driver)
    page = turn(driver)
    db = sqlite3.connect(driver.folder / STORE_FILE)
    db.execute("DROP TRIGGER versions_keep")
    db.execute("UPDATE versions SET accepted_by = 'Někdo Jiný' WHERE id = 3")
    db.commit()
    db.close()
    page.checks.lines[Item.JOURNAL].button.click()  # type: ignore[union-attr]
    driver.wait(lambda: "versions [3]" in page.checks.lines[Item.JOURNAL].state)
    assert not page.close_button.isEnabled()


def test_a_place_that_is_gone_calls_for_care(driver: Driver, tmp_path: Path) -> None:
    page = turn(driver)
    page.use_place(driver.stick)
    driver.wait(lambda: page.look is not None and page.look.backup.current)
    page.tabs.setCurrentWidget(page.backups)
    assert page.backups.banner.title == "Zálohy jsou v pořádku"
    page.backups.buttons["drill"].click()
    driver.wait(lambda: any("obnovy se zdařila" in said for said in driver.messages()))
    driver.stick.rename(tmp_path / "away")
    page.backups.buttons["back_up"].click()
    driver.wait(lambda: "BAK-02" in driver.window.messages.codes())
    driver.wait(lambda: page.backups.banner.title == "O zálohy je třeba se postarat")
    driver.wait(lambda: "(1)" in driver.window.sections.bar.buttons["closing"].text())
    (tmp_path / "away").rename(driver.stick)


def test_a_station_is_restored_from_the_page(driver: Driver, tmp_path: Path) -> None:
    accept(driver)
    page = turn(driver, TECHNICIAN)
    page.use_place(driver.stick)
    driver.wait(lambda: page.look is not None and page.look.backup.current)
    page.tabs.setCurrentWidget(page.backups)
    page.backups.buttons["restore"].click()
    driver.wait(lambda: isinstance(page.dialog, RestoreDialog))
    dialog = page.dialog
    assert isinstance(dialog, RestoreDialog)
    assert dialog.place.text() == str(driver.stick)
    dialog.target.setText(str(tmp_path / "new"))
    dialog.yes.click()
    driver.wait(lambda: "BAK-06" in dialog.hint.text())
    dialog.key.setText(str(driver.folder / KEY_FILE))
    dialog.yes.click()
    driver.wait(lambda: "BAK-07" in dialog.hint.text(), 20_000)
    page.restore_with(Wanted(driver.stick, tmp_path / "new", driver.folder / KEY_FILE, None, False))
    driver.wait(lambda: (tmp_path / "new" / STORE_FILE).is_file(), 20_000)
    driver.wait(lambda: page.dialog is None)
    assert any("je obnovená" in said for said in driver.messages())
