"""Approvals by keyboard: the queue, the evidence, four eyes, content that changed, and who sees what."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop.approving.page import ApprovalsPage
from app.desktop.help.subject import subject
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.verdict import FieldRef
from app.station.states import Role, State, User
from tests.desktop.conftest import Driver
from tests.support import waiting
from tests.support.station_world import CLERK, SUPERVISOR, all_rows

FIRST = ProtocolKey(PrecinctId(550002, 1), Contest.REGIONAL)
SECOND = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE = ProtocolKey(PrecinctId(550001, 2), Contest.SENATE_ROUND_1)
CHIEF = User("Ivana Křížová", Role.SUPERVISOR)
CONTROL = Qt.KeyboardModifier.ControlModifier


def sign_in(driver: Driver, user: User) -> None:
    driver.window.desk.user = user
    driver.window.sections.user_changed()


def turn(driver: Driver) -> ApprovalsPage:
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_3, CONTROL)
    page = driver.window.sections.page("approvals")
    assert isinstance(page, ApprovalsPage)
    return page


def opened(driver: Driver, key: ProtocolKey, user: User = CHIEF) -> ApprovalsPage:
    """Signed in and turned to, with this case on the screen."""
    sign_in(driver, user)
    page = turn(driver)
    driver.wait(lambda: page.case is not None and page.case.key == key)
    return page


def give(driver: Driver, page: ApprovalsPage, reason: str) -> None:
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    assert page.dialog is not None
    box = page.dialog.reason
    driver.type(box, reason)
    driver.qtbot.keyClick(box, Qt.Key.Key_Return, CONTROL)
    driver.wait(lambda: page.dialog is None)
    driver.activate()


def press(driver: Driver, key: Qt.Key) -> None:
    driver.qtbot.keyClick(QApplication.focusWidget() or driver.window, key)


def test_the_oldest_is_approved_by_keyboard_alone(driver: Driver) -> None:
    waiting.held(driver.station, FIRST)
    driver.clock.advance(65 * 60)
    waiting.held(driver.station, SECOND)
    page = opened(driver, FIRST)
    assert [row.waiting.key for row in page.queue.rows] == [FIRST, SECOND]
    assert page.queue.data(page.queue.index(0, 4)) == "1:05"
    assert page.details.rules.rules.entries[1].numbers == "140 | 139"
    press(driver, Qt.Key.Key_F6)
    give(driver, page, "Příloha zápisu to vysvětluje.")
    driver.wait(lambda: page.case is not None and page.case.key == SECOND)
    row = driver.station.row(FIRST)
    assert row is not None
    assert row.state in (State.ACCEPTED, State.SENT, State.CONFIRMED)
    version = driver.station.intake.current(FIRST)
    assert version is not None
    assert (version[0].accepted_by, version[0].approved_by) == (CLERK.name, CHIEF.name)
    assert any("schváleno" in sentence for sentence in driver.messages())
    assert QApplication.focusWidget() is page.view


def test_one_is_chosen_with_the_arrows_and_sent_back_with_a_reason(driver: Driver) -> None:
    waiting.held(driver.station, FIRST)
    waiting.held(driver.station, SECOND)
    page = opened(driver, FIRST)
    assert QApplication.focusWidget() is page.view
    press(driver, Qt.Key.Key_Down)
    driver.wait(lambda: page.case is not None and page.case.key == SECOND)
    press(driver, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.details.rules
    press(driver, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.details.form
    press(driver, Qt.Key.Key_F7)
    give(driver, page, "Komise přepočítá obálky.")
    driver.wait(lambda: len(page.queue.rows) == 1)
    assert driver.state(SECOND) == "awaited"
    row = driver.station.row(SECOND)
    assert row is not None
    assert row.note == "Komise přepočítá obálky."


def test_nothing_waiting_is_said_in_words(driver: Driver) -> None:
    sign_in(driver, CHIEF)
    page = turn(driver)
    driver.wait(lambda: page.places.currentIndex() == 0)
    assert "Nic nečeká" in page.empty.text()
    waiting.held(driver.station, FIRST)
    driver.wait(lambda: page.case is not None)
    assert page.places.currentIndex() == 1


@pytest.mark.parametrize("spelling", ["Věra Šťastná", "věra  ŠŤASTNÁ"])
def test_one_s_own_work_cannot_be_approved_and_the_button_says_why(driver: Driver, spelling: str) -> None:
    waiting.held(driver.station, FIRST, SUPERVISOR)
    page = opened(driver, FIRST, User(spelling, Role.SUPERVISOR))
    assert not page.approve_button.isEnabled()
    assert spelling in page.why_not.text()
    assert page.approve_button.accessibleDescription() == page.why_not.text()
    assert page.queue.data(page.queue.index(0, 3)) == "vaše práce"
    before = all_rows(driver.station)
    press(driver, Qt.Key.Key_F6)
    assert page.dialog is None
    assert page.case is not None
    page.approve_with(page.case, "přesto")  # as if the button had been open
    driver.wait(lambda: any("STA-26" in code for code in driver.window.messages.codes()))
    assert all_rows(driver.station) == before


def test_content_that_changed_before_the_act_is_refused_and_shown_with_its_differences(
    driver: Driver,
) -> None:
    waiting.held(driver.station, FIRST)
    page = opened(driver, FIRST)
    press(driver, Qt.Key.Key_F6)
    driver.wait(lambda: page.dialog is not None)  # a key presses its button for a moment before it acts
    driver.station.intake.send_back(FIRST, CLERK, "přepočet")
    again = waiting.held(driver.station, FIRST, more=4)
    give(driver, page, "Viděl jsem to.")
    driver.wait(lambda: "STA-27" in driver.window.messages.codes())
    driver.wait(lambda: page.case is not None and page.case.held.id == again.id)
    assert driver.state(FIRST) == "held"
    assert page.banner.title.startswith("Mezitím se změnilo")
    heading, changed = page.details.changes.table.rows
    assert heading.heading
    assert (changed.cells[1], changed.look is not None) == ("Zapsaní voliči", True)
    assert page.details.tabs.currentIndex() == 3
    voters = FieldRef("VOL_SEZNAM")
    marks = page.details.form.form_model
    spot = next(i for i, line in enumerate(marks.form.blocks[0].lines) if line.field == voters)
    assert marks._faults[0, spot] == "I"
    press(driver, Qt.Key.Key_F6)
    give(driver, page, "Teď už ano.")
    driver.wait(lambda: driver.state(FIRST) != "held")


def test_what_somebody_else_decided_meanwhile_is_said(driver: Driver) -> None:
    held = waiting.held(driver.station, FIRST)
    page = opened(driver, FIRST)
    driver.station.intake.approve(FIRST, SUPERVISOR, held.content_hash)
    driver.wait(lambda: page.places.currentIndex() == 0)
    assert any("rozhodl o něm někdo jiný" in sentence for sentence in driver.messages())


def test_both_readings_of_a_paper_and_how_each_difference_was_closed(driver: Driver) -> None:
    waiting.held_paper(driver.station, SENATE)
    page = opened(driver, SENATE)
    tabs = page.details.tabs
    tabs.setFocus()
    press(driver, Qt.Key.Key_Right)
    press(driver, Qt.Key.Key_Right)
    assert tabs.tabText(tabs.currentIndex()) == "Dvě čtení"
    voters, returned = page.details.readings.table.rows
    assert voters.cells[1] == "Zapsaní voliči"
    assert int(voters.cells[3]) == int(voters.cells[2]) + 9
    assert returned.cells[4].endswith("Devítka je na papíře čitelná.")
    page.details.all_fields.setFocus()
    press(driver, Qt.Key.Key_Space)
    assert len(page.details.readings.table.rows) > 8
    assert "Petr Říha" in page.details.reading_words.text()


def test_the_neighbours_and_the_origin_have_their_tabs(driver: Driver) -> None:
    others = [key for key in driver.readings if key.contest is Contest.REGIONAL and key != FIRST]
    waiting.accepted(driver.station, *others)
    waiting.held(driver.station, FIRST)
    page = opened(driver, FIRST)
    around = page.details.around.table.rows
    assert len(around) >= 4
    assert all(row.cells[5].endswith("%") for row in around)
    assert "3 už převzatých zápisů" in page.details.around_words.text()
    facts = dict(page.details.origin.facts)
    assert facts["Soubor"] == "zapis_komise.xml"
    assert len(facts["Otisk souboru (SHA-256)"]) == 64


def test_a_correction_is_shown_against_what_it_corrects(driver: Driver) -> None:
    waiting.corrected(driver.station, FIRST)
    page = opened(driver, FIRST)
    heading, issued = page.details.changes.table.rows
    assert heading.cells[1] == "Proti převzaté revizi 1"
    assert issued.cells[1] == "Vydané obálky"


@pytest.mark.parametrize("role", [Role.CLERK, Role.TECHNICIAN])
def test_who_may_not_approve_sees_no_queue_and_hears_nothing(driver: Driver, role: Role) -> None:
    sign_in(driver, User("Karel Malý", role))
    waiting.held(driver.station, FIRST)
    driver.wait(lambda: driver.shown_state(FIRST) == "held")
    assert not driver.window.sections.bar.buttons["approvals"].isVisible()
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_3, CONTROL)
    assert driver.window.sections.current == "desk"
    assert driver.messages() == []


def test_a_new_one_is_told_to_a_supervisor_wherever_they_are(driver: Driver) -> None:
    sign_in(driver, CHIEF)
    button = driver.window.sections.bar.buttons["approvals"]
    waiting.held(driver.station, FIRST)
    driver.wait(lambda: "(1)" in button.text())
    assert driver.window.sections.current == "desk"
    assert driver.messages() == [
        "Ke schválení přibyl zápis: Dolní Lhota 1 · kraj. Předložil(a) Jana Nováková."
    ]
    assert "1" in button.accessibleName()
    waiting.held(driver.station, SECOND, CHIEF)  # one's own is counted, and needs no word
    driver.wait(lambda: "(2)" in button.text())
    assert len(driver.messages()) == 1
    driver.window.messages.clear()
    sign_in(driver, SUPERVISOR)
    driver.wait(lambda: driver.messages() == ["Na schválení čekají 2 zápisy."])


def test_a_person_who_signs_in_later_is_not_shown_the_other_one_s_rights(driver: Driver) -> None:
    waiting.held(driver.station, FIRST)
    opened(driver, FIRST)
    sign_in(driver, CLERK)
    assert driver.window.sections.current == "desk"


def test_tab_goes_through_the_page_as_one_reads(driver: Driver) -> None:
    waiting.held(driver.station, FIRST)
    page = opened(driver, FIRST)
    walked: list[QWidget | None] = [page.view]
    for _ in range(5):
        press(driver, Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    details = page.details
    assert walked == [
        page.view, details.tabs, details.form, details.rules, page.approve_button, page.back_button,
    ]  # fmt: skip


def test_a_dialog_that_one_person_opened_is_not_answered_by_another(driver: Driver) -> None:
    waiting.held(driver.station, FIRST)
    page = opened(driver, FIRST)
    press(driver, Qt.Key.Key_F6)
    driver.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    dialog = page.dialog
    assert dialog is not None
    driver.window.desk.user = SUPERVISOR
    dialog.given.emit("souhlasím", "")
    sign_in(driver, SUPERVISOR)
    driver.wait(lambda: page.dialog is None)
    driver.wait(lambda: page.case is not None and page.approve_button.isEnabled())
    assert driver.state(FIRST) == "held"


def test_f1_opens_the_handbook_at_approvals_and_at_the_rule(driver: Driver) -> None:
    waiting.held(driver.station, FIRST)
    page = opened(driver, FIRST)
    assert subject(page.view, (), "welcome") == "topic:schvalovani"
    assert subject(page.details.rules, (), "welcome") == "rule:LG-02"
