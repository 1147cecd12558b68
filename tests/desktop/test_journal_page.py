"""The journal by keyboard: a page at a time, filters, what happens meanwhile, details, the way on, export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.help.subject import subject
from app.desktop.journal.page import JournalPage
from app.desktop.journal.table import Column
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.verdict import FieldRef
from app.station.journal_search import PAGE, Search
from app.station.states import Role, User
from tests.desktop.conftest import Driver
from tests.support import busy_journal, waiting
from tests.support.invented_election import stated
from tests.support.station_world import CLERK, SUPERVISOR, file_of, one_more_envelope, protocols

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
TECHNICIAN = User("Bořivoj Technický", Role.TECHNICIAN)
CONTROL = Qt.KeyboardModifier.ControlModifier


def turn(driver: Driver, user: User = SUPERVISOR) -> JournalPage:
    driver.window.desk.user = user
    driver.window.sections.user_changed()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_6, CONTROL)
    page = driver.window.sections.page("journal")
    assert isinstance(page, JournalPage)
    driver.wait(lambda: not page.busy and bool(page.count.text()))
    return page


def press(driver: Driver, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    target = QApplication.focusWidget() or driver.window
    driver.qtbot.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def cell(page: JournalPage, row: int, column: Column) -> str:
    return str(page.table.data(page.table.index(row, column)))


def test_an_empty_journal_says_so(driver: Driver) -> None:
    page = turn(driver)
    assert page.places.currentIndex() == 1
    assert page.empty.text() == "Deník je zatím prázdný."
    assert not page.export_button.isEnabled()


def test_a_long_night_is_read_a_page_at_a_time_as_one_goes_down(driver: Driver) -> None:
    busy_journal.fill(driver.station, 2 * PAGE + 50)
    page = turn(driver)
    assert page.count.text() == "450 řádků"
    assert (page.table.rowCount(), page.table.newest) == (PAGE, 450)
    press(driver, Qt.Key.Key_End, CONTROL)
    driver.wait(lambda: page.table.rowCount() > PAGE)
    press(driver, Qt.Key.Key_End, CONTROL)
    driver.wait(lambda: page.table.rowCount() == 450)
    press(driver, Qt.Key.Key_End, CONTROL)
    assert not page.table.canFetchMore(QModelIndex())
    assert [entry.seq for entry in page.table.rows] == list(range(450, 0, -1))
    assert page.view.currentIndex().row() == 449


def test_filters_are_chosen_by_keyboard_and_taken_together(driver: Driver) -> None:
    busy_journal.fill(driver.station, 300)
    page = turn(driver)
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_F, CONTROL)
    assert QApplication.focusWidget() is page.filters.precinct
    press(driver, Qt.Key.Key_Down)
    press(driver, Qt.Key.Key_Tab)
    press(driver, Qt.Key.Key_Down)
    press(driver, Qt.Key.Key_Tab)
    press(driver, Qt.Key.Key_Down)
    search = page.filters.search
    assert (search.precinct, search.user) == (PrecinctId(550001, 1), "Jana Nováková")
    assert len(search.acts) == 1
    driver.wait(lambda: not page.busy)
    found = driver.station.journal_search.page(search)
    driver.wait(lambda: page.table.rows == tuple(found))
    assert page.count.text() == f"Vybráno {len(found)} z 300 řádků"


def test_a_span_of_time_is_ticked_and_typed(driver: Driver) -> None:
    busy_journal.fill(driver.station, 300)
    driver.clock.advance(180)
    page = turn(driver)
    page.filters.since.tick.setFocus()
    press(driver, Qt.Key.Key_Space)
    press(driver, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.filters.since.edit
    page.filters.since.set(driver.clock.now)
    page.filters.until.set(driver.clock.now)
    page.filters.until.tick.setFocus()
    press(driver, Qt.Key.Key_Space)
    driver.wait(lambda: not page.busy and page.table.rowCount() == 60)
    assert {cell(page, row, Column.TIME)[-8:-3] for row in range(60)} == {"14:43"}
    page.filters.clear_button.setFocus()
    press(driver, Qt.Key.Key_Space)
    driver.wait(lambda: not page.busy and page.table.rowCount() == PAGE)
    assert page.filters.search == Search()


def test_nothing_found_says_what_to_do(driver: Driver) -> None:
    busy_journal.fill(driver.station, 20)
    page = turn(driver)
    page.filters.since.tick.setChecked(True)
    page.filters.since.set(driver.clock.advance(86400))
    page.look()
    driver.wait(lambda: not page.busy and page.places.currentIndex() == 1)
    assert "Zkuste jiný výběr" in page.empty.text()


def test_what_is_done_meanwhile_is_put_on_top_and_the_cursor_stays(driver: Driver) -> None:
    busy_journal.fill(driver.station, 30)
    page = turn(driver)
    page.view.selectRow(5)
    chosen = page.table.entry(5).seq
    waiting.held(driver.station, KEY)
    driver.wait(lambda: page.table.rowCount() == 31)
    assert cell(page, 0, Column.ACT) == "zápis předložen ke schválení"
    assert page.table.entry(page.view.currentIndex().row()).seq == chosen
    driver.wait(lambda: page.count.text() == "31 řádků")


def test_a_row_opens_its_details_and_leads_to_the_protocol(driver: Driver) -> None:
    waiting.accepted(driver.station, KEY)
    wrong = one_more_envelope(protocols(driver.reference)[KEY])
    issued = wrong.counts.envelopes_issued
    (again,) = driver.station.intake.read_bytes("jiny.xml", file_of(stated(driver.reference, wrong)))
    change = {FieldRef("VYD_OBALKY"): issued + 3}
    driver.station.mending.mend(again, change, CLERK, True, "Komise přepočítala obálky.")
    page = turn(driver)
    row = next(i for i, entry in enumerate(page.table.rows) if entry.act == "mend")
    page.view.selectRow(row)
    page.view.setFocus()
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    assert page.dialog is not None
    facts = dict(page.dialog.facts.facts)
    assert (facts["Důvod"], facts["Kdo"]) == ("Komise přepočítala obálky.", CLERK.name)
    assert facts["Zápis"] == "Horní Lhota, okrsek 1, volby do zastupitelstva kraje"
    (changed,) = page.dialog.changes.table.rows
    assert changed.cells == ("2", "Vydané obálky", str(issued), str(issued + 3))
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: driver.window.sections.current == "desk")
    driver.wait(lambda: driver.window.page in ("protocol", "verdict"))


def test_an_act_without_a_protocol_has_no_way_to_one(driver: Driver) -> None:
    busy_journal.fill(driver.station, 10)
    page = turn(driver)
    row = next(i for i, entry in enumerate(page.table.rows) if entry.key is None)
    page.open_row(row)
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    assert page.dialog is not None
    assert not page.dialog.open_button.isVisible()
    assert QApplication.focusWidget() is page.dialog.close_button
    press(driver, Qt.Key.Key_Escape)
    driver.wait(lambda: page.dialog is None)


@pytest.mark.parametrize("user", [SUPERVISOR, TECHNICIAN], ids=["supervisor", "technician"])
def test_the_chosen_rows_are_exported_and_that_is_a_row_itself(
    driver: Driver, tmp_path: Path, user: User
) -> None:
    busy_journal.fill(driver.station, 1500)
    page = turn(driver, user)
    page.filters.user.setCurrentText("Petr Říha")
    driver.wait(lambda: not page.busy and page.count.text().startswith("Vybráno"))
    steps: list[tuple[int, int]] = []
    page.progressed.connect(lambda done, total: steps.append((done, total)))
    path = tmp_path / "vyvoz.jsonl"
    with driver.qtbot.waitSignal(page.exported, timeout=10_000):
        page.export_to(path)
        assert page.progress.isVisible()
        assert not page.export_button.isEnabled()
    assert not page.progress.isVisible()
    assert steps[-1] == (300, 300)
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 301
    assert json.loads(lines[0])["exported_by"] == user.name
    assert any("vyvoz.jsonl" in sentence for sentence in driver.messages())
    assert driver.station.journal.entries(1500)[0].act == "journal-exported"


def test_ctrl_s_asks_for_the_file(driver: Driver) -> None:
    busy_journal.fill(driver.station, 5)
    page = turn(driver)
    driver.qtbot.keyClick(page.view, Qt.Key.Key_S, CONTROL)
    driver.wait(lambda: page.file_dialog is not None and page.file_dialog.isVisible())
    dialog = page.file_dialog
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith("denik_41-1_20240921_1440.csv")
    dialog.reject()
    driver.activate()


def test_a_file_that_cannot_be_written_is_told(driver: Driver, tmp_path: Path) -> None:
    busy_journal.fill(driver.station, 5)
    page = turn(driver)
    page.export_to(tmp_path / "neni" / "denik.csv")
    driver.wait(lambda: "STA-87" in driver.window.messages.codes())
    assert not page.progress.isVisible()
    assert page.export_button.isEnabled()


def test_a_clerk_has_no_journal(driver: Driver) -> None:
    driver.window.desk.user = CLERK
    driver.window.sections.user_changed()
    assert not driver.window.sections.bar.buttons["journal"].isVisible()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_6, CONTROL)
    assert driver.window.sections.current != "journal"


def test_tab_goes_through_the_page_as_one_reads(driver: Driver) -> None:
    busy_journal.fill(driver.station, 5)
    page = turn(driver)
    filters = page.filters
    filters.precinct.setFocus()
    walked: list[QWidget | None] = [filters.precinct]
    for _ in range(7):
        press(driver, Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    assert walked == [
        filters.precinct, filters.user, filters.act, filters.since.tick, filters.until.tick,
        filters.clear_button, page.view, page.export_button,
    ]  # fmt: skip


def test_f1_opens_the_handbook_at_the_journal(driver: Driver) -> None:
    page = turn(driver)
    assert subject(page.filters.user, (), "welcome") == "topic:denik"
