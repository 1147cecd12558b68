"""The page of users, and another person's password at an open desk: approval and second entry."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desktop.people.account_dialogs import AddDialog, PasswordDialog, RoleDialog
from app.desktop.people.users_page import UsersPage
from app.desktop.people.vouching import VouchDialog
from app.desktop.reasons import ReasonDialog
from app.election.reference import Reference
from app.station.states import Role, State, User
from tests.support import station_world
from tests.support.people import CLERK, OTHER, PASSWORDS, SUPERVISOR, TECHNICIAN
from tests.support.signing_in import AtTheGate
from tests.support.station_world import one_more_envelope, stated
from tests.support.typing_desk import press


def users_page(at: AtTheGate, name: str) -> UsersPage:
    at.sign_in(name)
    at.wait_open()
    at.window.sections.turn("users")
    page = at.window.sections.page("users")
    assert isinstance(page, UsersPage)
    return page


def choose(page: UsersPage, name: str) -> None:
    place = next(place for place, one in enumerate(page.table.shown) if one.name == name)
    page.view.setCurrentIndex(page.table.index(place, 0))


def open_dialog(at: AtTheGate, page: UsersPage, button: str) -> object:
    at_button = page.add if button == "add" else page.buttons[button]
    at.window.activateWindow()  # what a window manager does when a dialog closes
    at_button.setFocus()
    at.wait(lambda: QApplication.focusWidget() is at_button)
    at.press(Qt.Key.Key_Space)
    at.wait(lambda: page.dialog is not None and page.dialog.isActiveWindow())
    return page.dialog


def states(page: UsersPage) -> dict[str, str]:
    return {one.name: page.table.index(place, 3).data() for place, one in enumerate(page.table.shown)}


def test_a_supervisor_adds_a_clerk_by_keyboard_and_reads_the_temporary_password(at: AtTheGate) -> None:
    page = users_page(at, SUPERVISOR)
    dialog = open_dialog(at, page, "add")
    assert isinstance(dialog, AddDialog)
    password = dialog.form.password.text
    at.type("Božena Němcová")
    assert dialog.form.names.login.text() == "nemcova"
    at.enter()
    at.wait(lambda: page.dialog is None)
    assert states(page)["Božena Němcová"] == "čeká na vlastní heslo"
    (message,) = at.window.messages.shown
    assert password in message.sentence
    assert at.station.users.signing.sign_in("nemcova", password).role is Role.CLERK


def test_a_name_that_is_taken_is_told_in_the_dialog_which_stays(at: AtTheGate) -> None:
    page = users_page(at, SUPERVISOR)
    dialog = open_dialog(at, page, "add")
    assert isinstance(dialog, AddDialog)
    at.type(CLERK)
    at.enter()
    at.wait(lambda: "už má jiný účet" in dialog.hint.text())
    assert dialog.isVisible()
    assert dialog.yes.isEnabled()
    at.press(Qt.Key.Key_Escape)


def test_role_password_closing_and_opening_are_acts_of_the_page(at: AtTheGate) -> None:
    page = users_page(at, SUPERVISOR)
    choose(page, OTHER)
    dialog = open_dialog(at, page, "change_role")
    assert isinstance(dialog, RoleDialog)
    at.press(Qt.Key.Key_Down)
    at.qtbot.keyClick(dialog.yes, Qt.Key.Key_Space)
    at.wait(lambda: page.dialog is None)
    accounts = at.station.users.accounts
    assert (found := accounts.find(OTHER)) is not None
    assert found.role is Role.SUPERVISOR

    choose(page, CLERK)
    dialog = open_dialog(at, page, "new_password")
    assert isinstance(dialog, PasswordDialog)
    password = dialog.password.text
    at.enter()
    at.wait(lambda: page.dialog is None)
    assert at.station.users.signing.sign_in(CLERK, password).temporary

    for button, state in (("close_account", "zrušený"), ("open_account", "čeká na vlastní heslo")):
        at.window.activateWindow()
        page.buttons[button].setFocus()
        at.wait(lambda pressed=page.buttons[button]: QApplication.focusWidget() is pressed)  # type: ignore[misc]
        at.press(Qt.Key.Key_Space)
        at.wait(lambda expected=state: states(page)[CLERK] == expected)  # type: ignore[misc]


def test_the_only_supervisor_cannot_be_closed_and_the_page_says_why(at: AtTheGate) -> None:
    page = users_page(at, SUPERVISOR)
    choose(page, SUPERVISOR)
    page.buttons["close_account"].click()
    at.wait(lambda: bool(at.window.messages.shown))
    assert at.window.messages.codes() == ("USR-08",)


def test_a_locked_account_is_released_on_the_page(at: AtTheGate) -> None:
    for _ in range(10):
        with pytest.raises(Exception, match="USR-01"):
            at.station.users.signing.sign_in(CLERK, "úplně jiné heslo")
        at.clock.advance(61)
    page = users_page(at, SUPERVISOR)
    assert states(page)[CLERK] == "zablokovaný"
    choose(page, OTHER)
    assert not page.buttons["release_account"].isEnabled()
    choose(page, CLERK)
    page.buttons["release_account"].click()
    at.wait(lambda: states(page)[CLERK] == "aktivní")


def test_a_technician_sees_the_users_and_no_button_and_a_clerk_not_even_the_page(at: AtTheGate) -> None:
    page = users_page(at, TECHNICIAN)
    assert not page.add.isVisible()
    assert [name for name, button in page.buttons.items() if button.isVisible()] == []
    at.gate.switch()
    at.wait_page("login")
    at.sign_in(CLERK)
    at.wait_open()
    assert at.window.sections.current == "desk"
    assert not at.window.sections.bar.buttons["users"].isVisible()


# --- another person at an open desk ----------------------------------------------------------------------


def hold_one(at: AtTheGate, reference: Reference) -> ReasonDialog:
    """A clerk holds a protocol, opens it again and begins its approval."""
    key = next(key for key in at.station.expected if key.precinct == (550002, 1))
    protocol = one_more_envelope(station_world.protocols(reference)[key])
    path = at.folder / "zapis.xml"
    path.write_bytes(station_world.file_of(stated(reference, protocol)))
    (offer,) = at.station.intake.read_file(path)
    at.station.intake.hold(offer, User(CLERK), "Je to tak i na papíře.")
    at.window.open_protocol(key)
    at.wait(lambda: at.window.page == "verdict")
    at.press(Qt.Key.Key_F6)
    at.wait(lambda: at.window.dialog is not None and at.window.dialog.isActiveWindow())
    assert at.window.dialog is not None
    return at.window.dialog


def test_an_approval_takes_the_supervisors_password_and_not_the_name_alone(
    at: AtTheGate, reference: Reference
) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    dialog = hold_one(at, reference)
    assert dialog.name.text() == SUPERVISOR
    assert QApplication.focusWidget() is dialog.password.line
    dialog.reason.setPlainText("Viděla jsem papír.")
    assert not dialog.yes.isEnabled()
    at.type("úplně jiné heslo")
    at.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.wait(lambda: "nesouhlasí" in dialog.hint.text())
    assert dialog.isVisible()
    at.wait(lambda: QApplication.focusWidget() is dialog.password.line)
    at.type(PASSWORDS[SUPERVISOR])
    at.qtbot.keyClick(dialog.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.wait(lambda: at.window.page == "result")
    key = next(key for key in at.station.expected if key.precinct == (550002, 1))
    row = at.station.row(key)
    assert row is not None
    assert row.state is State.ACCEPTED
    assert at.opened.desk.user == User(CLERK)
    acts = at.acts()
    assert f"{SUPERVISOR}: vouched" in acts
    assert f"{SUPERVISOR}: approve" in acts


def test_neither_a_clerk_nor_ones_own_second_name_approves(at: AtTheGate, reference: Reference) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    dialog = hold_one(at, reference)
    for login, name, sentence in (("riha", OTHER, "udělat nesmí"), ("novakova", CLERK, "udělat nesmí")):
        dialog.name.setText(login)
        dialog.reason.setPlainText("Viděl jsem papír.")
        dialog.password.line.setText(PASSWORDS[name])
        dialog.yes.click()
        at.wait(lambda told=sentence: told in dialog.hint.text())  # type: ignore[misc]
    dialog.reject()


def test_a_supervisor_who_held_it_cannot_approve_it_under_the_login(
    at: AtTheGate, reference: Reference
) -> None:
    clerk = at.station.users.accounts.find(CLERK)
    chief = at.station.users.accounts.find(SUPERVISOR)
    assert clerk is not None
    assert chief is not None
    at.station.users.accounts.change_role(chief.user, clerk.id, Role.SUPERVISOR)
    at.sign_in(CLERK)
    at.wait_open()
    dialog = hold_one(at, reference)
    dialog.name.setText("novakova")
    dialog.password.line.setText(PASSWORDS[CLERK])
    dialog.reason.setPlainText("Viděla jsem papír.")
    dialog.yes.click()
    at.wait(lambda: "sám schválit nemůže" in dialog.hint.text())
    dialog.reject()


def test_the_second_entry_begins_with_the_second_persons_password(at: AtTheGate) -> None:
    at.sign_in(CLERK)
    at.wait_open()
    key = next(key for key in at.station.expected if key.precinct == (550001, 1) and key.contest.is_senate)
    entries = at.station.entries
    draft = entries.begin(key, User(CLERK))
    for field in entries.fields(key):
        draft = entries.save(draft.id, field, 0, User(CLERK))
    entries.finish(draft.id, User(CLERK))
    at.window.entry.open(key)
    at.wait(lambda: at.window.page == "second")
    at.wait(lambda: at.focused is at.window.entry.second.name)
    at.type(OTHER)
    at.enter()
    flow = at.window.entry
    at.wait(lambda: isinstance(flow.dialog, VouchDialog) and flow.dialog.isActiveWindow())
    dialog = flow.dialog
    assert isinstance(dialog, VouchDialog)
    at.type(PASSWORDS[OTHER])
    at.enter()
    at.wait(lambda: at.window.page == "entry")
    assert at.opened.desk.user == User(OTHER)
    assert at.window.header.user.text() == OTHER
    assert f"{OTHER}: signed-in" in at.acts()
    at.window.activateWindow()
    at.wait(lambda: at.focused is at.window.entry.page.box)
    press("7\n")
    at.wait(lambda: 7 in entries.drafts(key)[-1].values.values())
    assert entries.drafts(key)[-1].owner == OTHER
