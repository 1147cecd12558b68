"""Signing in at the desk by keyboard: the first start, right and wrong passwords, lock, taking over."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.desktop.visiting.refusing import RefuseDialog
from app.election.reference import Reference
from app.station.states import Role, User
from app.trust.lockout import FREE, LOCK_AFTER
from tests.support import station_world
from tests.support.people import CLERK, OTHER, PASSWORDS, SUPERVISOR
from tests.support.signing_in import AtTheGate, OpenGate

KEY = (550002, 1)


def test_the_first_start_leads_through_the_supervisor_and_the_clerks_by_keyboard(open_gate: OpenGate) -> None:
    at = open_gate(with_people=False)
    at.wait_page("first")
    assert not at.gate.first.yes.isEnabled()
    at.type(SUPERVISOR)
    at.enter()
    assert at.focused is at.gate.first.names.login
    assert at.gate.first.names.login.text() == "stastna"
    at.enter()
    at.type("krátké")
    assert "Chybějí ještě 4 znaky." in at.gate.first.password.state.text()
    at.enter()
    at.type("krátké")
    assert not at.gate.first.yes.isEnabled()
    at.gate.first.password.first.line.setFocus()
    for line in (at.gate.first.password.first.line, at.gate.first.password.second.line):
        line.selectAll()
    at.type(PASSWORDS[SUPERVISOR])
    at.enter()
    assert "neshodují" in at.gate.first.password.state.text()
    at.type(PASSWORDS[SUPERVISOR])
    at.enter()
    at.wait_page("next-people")
    at.type(CLERK)
    at.enter()
    at.enter()
    at.wait(lambda: "Jana Nováková (obsluha)" in at.gate.next_people.added.text())
    assert at.focused is at.gate.next_people.form.names.name
    at.gate.next_people.done.setFocus()
    at.press(Qt.Key.Key_Space)
    at.wait_open()
    assert at.opened.desk.user == User(SUPERVISOR, Role.SUPERVISOR)
    accounts = at.station.users.accounts.all()
    assert [(one.name, one.role, one.temporary) for one in accounts] == [
        (SUPERVISOR, Role.SUPERVISOR, False),
        (CLERK, Role.CLERK, True),
    ]


def test_somebody_signs_in_by_a_few_letters_without_diacritics(at: AtTheGate) -> None:
    at.wait_page("login")
    assert not at.window.overview.isVisible()
    at.sign_in(CLERK, typed="nova")
    at.wait_open()
    assert at.opened.desk.user == User(CLERK)
    assert at.window.header.user.text() == CLERK
    assert at.window.overview.isVisible()
    assert at.acts()[-1] == f"{CLERK}: signed-in"


def test_the_arrows_choose_a_name_while_the_line_keeps_the_focus(at: AtTheGate) -> None:
    at.press(Qt.Key.Key_Down)
    first = at.gate.login.names.chosen
    at.press(Qt.Key.Key_Down)
    assert first != at.gate.login.names.chosen
    assert at.focused is at.gate.login.names.line
    at.enter()
    assert at.focused is at.gate.login.password.line


def test_the_names_are_sorted_as_czechs_sort_them(at: AtTheGate) -> None:
    names = [at.gate.login.names.list.item(row).text() for row in range(4)]
    assert names == ["Igor Kábrt, technik", "Jana Nováková, obsluha", "Petr Říha, obsluha",
                     "Věra Šťastná, vedoucí"]  # fmt: skip


def test_a_person_who_is_expected_types_the_password_only(open_gate: OpenGate) -> None:
    at = open_gate(chosen=OTHER)
    assert at.focused is at.gate.login.password.line
    at.type(PASSWORDS[OTHER])
    at.enter()
    at.wait_open()
    assert at.opened.desk.user == User(OTHER)


def test_a_wrong_password_says_what_to_do_and_is_typed_anew(at: AtTheGate) -> None:
    at.sign_in(CLERK, password="docela jiné heslo")
    assert at.wait_refused() == "Jméno nebo heslo nesouhlasí. Zkontrolujte Caps Lock a napište heslo znovu."
    assert at.focused is at.gate.login.password.line
    assert at.gate.login.password.text == ""
    at.type(PASSWORDS[CLERK])
    assert at.gate.login.hint.text() == ""
    at.enter()
    at.wait_open()


def test_a_name_that_nobody_has_is_told_while_it_is_typed(at: AtTheGate) -> None:
    at.type("Xaver")
    assert at.gate.login.hint.text().startswith("Takové jméno tu není.")


def test_caps_lock_is_told_and_the_password_can_be_shown(at: AtTheGate) -> None:
    at.type(CLERK)
    at.enter()
    box = at.gate.login.password
    QTest.keyClick(box.line, "A")  # a capital letter without Shift
    assert at.gate.login.hint.text() == "Je zapnutý Caps Lock."
    assert box.line.echoMode() is QLineEdit.EchoMode.Password
    at.press(Qt.Key.Key_Tab)
    at.press(Qt.Key.Key_Space)
    assert box.line.echoMode() is QLineEdit.EchoMode.Normal
    assert box.shown.accessibleName() == "Skrýt heslo"
    QTest.keyClick(box.line, "b")
    assert at.gate.login.hint.text() == ""


def test_a_password_may_be_pasted(at: AtTheGate) -> None:
    at.type(CLERK)
    at.enter()
    QApplication.clipboard().setText(PASSWORDS[CLERK])
    at.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    at.enter()
    at.wait_open()


def test_the_wait_after_wrong_passwords_counts_down_and_opens_by_itself(at: AtTheGate) -> None:
    for _ in range(FREE):
        at.sign_in(CLERK, password="docela jiné heslo")
        at.wait_refused()
    assert "Další pokus za 1 s." in at.gate.login.hint.text()
    assert not at.gate.login.yes.isEnabled()
    at.clock.advance(1)
    at.wait(at.gate.login.yes.isEnabled)
    at.type(PASSWORDS[CLERK])
    at.enter()
    at.wait_open()


def test_a_locked_account_is_told_whom_to_ask(at: AtTheGate) -> None:
    for _ in range(LOCK_AFTER):
        at.sign_in(CLERK, password="docela jiné heslo")
        at.wait_refused()
        at.clock.advance(61)
        at.wait(at.gate.login.yes.isEnabled)
    at.type(PASSWORDS[CLERK])
    at.enter()
    at.wait(lambda: "zablokovaný" in at.gate.login.hint.text())
    assert "Požádejte vedoucího" in at.gate.login.hint.text()


def test_a_temporary_password_is_replaced_before_anything_else(at: AtTheGate) -> None:
    chief = at.station.users.accounts.find(SUPERVISOR)
    clerk = at.station.users.accounts.find(CLERK)
    assert chief is not None
    assert clerk is not None
    at.station.users.accounts.new_password(chief.user, clerk.id, "dočasné heslo 2")
    at.sign_in(CLERK, password="dočasné heslo 2")
    at.wait_page("own-password")
    for _ in range(2):
        at.type("dočasné heslo 2")
        at.enter()
    at.wait(lambda: "stejné jako dosavadní" in at.gate.own_password.hint.text())
    for _ in range(2):
        at.type("jen moje heslo")
        at.enter()
    at.wait_open()
    assert not at.station.users.signing.sign_in(CLERK, "jen moje heslo").temporary


# --- the locked screen -----------------------------------------------------------------------------------


def begin_typing(at: AtTheGate, digits: str) -> None:
    """A whole first field and a part of the next one."""
    key = next(key for key in at.station.expected if key.precinct == KEY)
    at.window.entry.open(key)
    at.wait(lambda: at.window.page == "entry")
    at.wait(lambda: at.window.entry.page.box is not None and at.focused is at.window.entry.page.box)
    for letter in digits:
        if letter == "\n":
            at.press(Qt.Key.Key_Enter)
        else:
            QTest.keyClick(at.focused, letter)


def test_locking_hides_the_work_and_unlocking_brings_a_half_typed_entry_back(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    begin_typing(at, "812\n45")
    box = at.window.entry.page.box
    at.lock()
    assert not at.window.entry.page.isVisible()
    assert not at.window.header.isVisible()
    assert at.focused is at.gate.login.password.line
    at.type(PASSWORDS[CLERK])
    at.enter()
    at.wait_open()
    assert at.window.page == "entry"
    assert at.focused is box
    assert box is not None
    QTest.keyClick(box, "6")
    assert box.text() == "456"
    assert [act for act in at.acts() if "screen" in act] == [
        f"{CLERK}: screen-locked",
        f"{CLERK}: screen-unlocked",
    ]


def test_no_key_and_no_file_reaches_the_desk_behind_the_gate(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    begin_typing(at, "812\n")
    at.lock()
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F9, Qt.Key.Key_Escape):
        at.press(key)
    at.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert at.window.file_dialog is None
    assert at.window.page == "entry"
    assert at.focused is at.gate.login.password.line
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(at.folder / "zapis.xml"))])
    enter = QDragEnterEvent(
        QPointF(700, 400),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    QApplication.sendEvent(at.gate.login, enter)
    assert not enter.isAccepted()


def test_a_code_scanned_at_the_gate_opens_nothing_behind_it(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    at.lock()
    at.gate.login.names.list.setFocus()
    heard: list[str] = []
    at.window.visiting.scanner.scanned.connect(heard.append)
    for key in "550002/001":
        QTest.keyClick(at.focused, key)
    at.enter()
    assert heard == []
    at.gate.login.password.setFocus()
    at.type(PASSWORDS[CLERK])
    at.enter()
    at.wait_open()
    assert at.window.page == "welcome"


def test_another_person_takes_the_station_over_and_the_draft_stays_whose_it_was(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    begin_typing(at, "812\n45")
    at.lock()
    at.gate.login.names.line.setFocus()
    at.gate.login.names.line.selectAll()
    at.sign_in(OTHER, typed="Petr")
    at.wait_open()
    assert at.opened.desk.user == User(OTHER)
    assert at.window.page == "welcome"
    assert [m.sentence for m in at.window.messages.shown] == ["Rozepsaný opis zůstal uložený"]
    (draft,) = at.station.entries.drafts()
    assert draft.owner == CLERK
    assert sorted(value for value in draft.values.values() if value) == [45, 812]


def test_a_dialog_with_a_half_written_reason_is_put_away_and_comes_back(
    at: AtTheGate, reference: Reference
) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    key = next(key for key in at.station.expected if key.precinct == KEY)
    protocol = station_world.protocols(reference)[key]
    path = at.folder / "zapis.xml"
    path.write_bytes(station_world.file_of(station_world.stated(reference, protocol)))
    at.window.open_files([path])
    at.wait(lambda: at.window.page == "verdict")
    at.press(Qt.Key.Key_F8)
    at.wait(lambda: at.window.visiting.dialog is not None and at.window.visiting.dialog.isActiveWindow())
    dialog = at.window.visiting.dialog
    assert isinstance(dialog, RefuseDialog)
    dialog.reason.setFocus()
    at.type("komise počítala dvakr")
    at.clock.advance(11 * 60)
    at.gate.idle.look()
    at.wait_page("login")
    assert not dialog.isVisible()
    assert at.gate.login.text.text().startswith("Nikdo tu chvíli nepracoval")
    at.wait(lambda: QApplication.focusWidget() is at.gate.login.password.line)
    at.type(PASSWORDS[CLERK])
    at.enter()
    at.wait_open()
    assert dialog.isVisible()
    assert dialog.isModal()
    assert dialog.reason.toPlainText() == "komise počítala dvakr"
    dialog.reject()


def test_the_screen_locks_when_nobody_touches_the_desk_and_not_before(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    at.clock.advance(9 * 60)
    handle = at.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    at.clock.advance(9 * 60)
    at.gate.idle.look()
    assert not at.gate.is_closed
    at.clock.advance(60)
    at.gate.idle.look()
    assert at.gate.is_closed
    at.wait(lambda: at.acts()[-1] == f"{CLERK}: screen-locked")


def test_who_leaves_is_signed_out_and_the_next_person_gets_their_own_places(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    at.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    at.wait_page("login")
    assert at.gate.login.names.chosen == ""
    at.sign_in(SUPERVISOR, typed="sta")
    at.wait_open()
    assert at.window.sections.user == User(SUPERVISOR, Role.SUPERVISOR)
    assert at.acts()[-2:] == [f"{CLERK}: signed-out", f"{SUPERVISOR}: signed-in"]


def test_closing_the_window_signs_out(at: AtTheGate, open_gate: OpenGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    at.window.close()
    again = open_gate()
    assert again.acts()[-1] == f"{CLERK}: signed-out"


def test_a_rehearsal_begins_with_somebody_signed_in(open_gate: OpenGate) -> None:
    at = open_gate(chosen=CLERK, at_once=True)
    assert not at.gate.is_closed
    assert at.opened.desk.user == User(CLERK)
    at.lock()
    at.type(PASSWORDS[CLERK])
    at.enter()
    at.wait_open()


def test_an_own_password_page_that_was_left_alone_asks_for_the_password(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    at.gate.change_password()
    at.wait_page("own-password")
    at.clock.advance(11 * 60)
    at.gate.idle.look()
    at.wait_page("login")
