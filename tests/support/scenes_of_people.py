"""Scenes of the gate before the desk, the page of users and the dialogs that take a password."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from app.desktop.people.gate import Gate
from app.desktop.people.users_page import UsersPage
from app.desktop.people.vouching import VouchDialog
from app.desktop.reasons import ReasonDialog
from app.station.states import Role
from app.station.users.rows import Account
from tests.support.people import CLERK, LOGINS, OTHER, PASSWORDS, SUPERVISOR, TECHNICIAN
from tests.support.scenes import story
from tests.support.stage import Stage


@story()
def people(stage: Stage) -> Iterator[str]:
    """From the first start over the locked screen to the page of users."""
    gate = Gate(stage.window, stage.clock)
    gate.begin()
    yield "first-start"
    page = gate.first
    page.names.name.setText(SUPERVISOR)
    page.names.login.setText(LOGINS[SUPERVISOR])
    page.password.first.line.setText(PASSWORDS[SUPERVISOR])
    page.password.second.line.setText("tichá pošta")
    yield "first-start-differs"
    page.password.second.line.setText(PASSWORDS[SUPERVISOR])
    page.yes.click()
    stage.wait(lambda: gate.page == "next-people")
    form = gate.next_people.form
    for name in (CLERK, OTHER):
        before = gate.next_people.added.text()
        form.names.name.setText(name)
        form.names.login.setText(LOGINS[name])
        temporary = form.password.text
        gate.next_people.add.click()
        stage.wait(lambda shown=before: gate.next_people.added.text() != shown)  # type: ignore[misc]
    yield "first-start-clerks"
    gate.next_people.done.click()
    stage.wait(lambda: not gate.is_closed)
    yield "signed-in"
    gate.switch()
    yield "sign-in"
    gate.login.names.line.setText(OTHER)
    gate.login.names.line.textEdited.emit(OTHER)
    gate.login.password.line.setText("úplně jiné heslo")
    gate.login.yes.click()
    stage.wait(lambda: "nesouhlasí" in gate.login.hint.text())
    yield "sign-in-wrong"
    gate.login.password.line.setText(temporary)
    gate.login.yes.click()
    stage.wait(lambda: gate.page == "own-password")
    yield "own-password"
    gate.own_password.no.click()
    gate.enter(_account(stage, SUPERVISOR))
    gate.lock()
    yield "locked"
    gate.enter(_account(stage, SUPERVISOR))
    yield from _users(stage)


def _users(stage: Stage) -> Iterator[str]:
    chief = _account(stage, SUPERVISOR)
    accounts = stage.window.desk.station.users.accounts
    gone = accounts.add(chief.user, LOGINS[TECHNICIAN], TECHNICIAN, Role.TECHNICIAN, "dočasné heslo 1")
    accounts.deactivate(chief.user, gone.id)
    stage.window.sections.turn("users")
    page = stage.window.sections.page("users")
    assert isinstance(page, UsersPage)
    page.view.setCurrentIndex(page.table.index(page.table.place_of(_account(stage, CLERK).id) or 0, 0))
    yield "users"
    for name, button in (("users-add", page.add), ("users-password", page.buttons["new_password"]),
                         ("users-role", page.buttons["change_role"])):  # fmt: skip
        button.click()
        stage.wait(lambda: page.dialog is not None)
        yield name
        assert page.dialog is not None
        page.dialog.reject()
    vouching = stage.window.desk.vouching
    assert vouching is not None
    about = "Dolní Lhota, okrsek 1"
    dialogs: dict[str, QWidget] = {
        "dialog-approve-password": ReasonDialog("approve", about, stage.window, CLERK, vouching),
        "dialog-second-password": VouchDialog(
            about, CLERK, vouching, vouching.for_desk(), stage.window, OTHER
        ),
    }
    for name, dialog in dialogs.items():
        assert isinstance(dialog, ReasonDialog | VouchDialog)
        dialog.open()
        yield name
        dialog.reject()
    stage.window.sections.turn("desk")


def _account(stage: Stage, name: str) -> Account:
    found = stage.window.desk.station.users.accounts.find(name)
    assert found is not None
    return found
