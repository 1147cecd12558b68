"""Accounts at the station: who makes them, what is refused, and that nothing of it is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.station.errors import RoleRefused, TextRefused
from app.station.states import Role, User
from app.station.station import Station
from app.station.users.accounts import Accounts
from app.station.users.errors import (
    LastSupervisor,
    LoginRefused,
    NameTaken,
    NoSuchAccount,
    NotTheFirst,
)
from app.trust.passwords import LONGEST, SHORTEST, PasswordRefused, Passwords, is_hash
from tests.support import people
from tests.support.people import CHEAP, CLERK, OTHER, PASSWORDS, SUPERVISOR, TECHNICIAN
from tests.support.station_world import Clock, all_rows

PASSWORD = "dočasné heslo 1"


@pytest.fixture
def station(folder: Path, clock: Clock) -> Iterator[Station]:
    with Station.open(folder, clock, passwords=Passwords(CHEAP)) as opened:
        yield opened


@pytest.fixture
def accounts(station: Station) -> Accounts:
    return station.users.accounts


def test_a_station_without_users_asks_for_its_first_supervisor_and_for_no_second(accounts: Accounts) -> None:
    assert accounts.needs_first
    first = accounts.make_first("stastna", SUPERVISOR, PASSWORDS[SUPERVISOR])
    assert (first.role, first.temporary, first.active) == (Role.SUPERVISOR, False, True)
    assert not accounts.needs_first
    with pytest.raises(NotTheFirst):
        accounts.make_first("jiny", "Jiný Vedoucí", PASSWORD)


def test_a_supervisor_makes_accounts_whose_password_is_for_the_first_time_only(station: Station) -> None:
    made = people.make(station)
    account = station.users.accounts.add(made[SUPERVISOR].user, "novakova", CLERK, Role.CLERK, PASSWORD)
    assert account.temporary
    assert not station.users.accounts.own_password(account.id, PASSWORDS[CLERK]).temporary


@pytest.mark.parametrize("role", [Role.CLERK, Role.TECHNICIAN, Role.PROGRAM])
def test_nobody_else_manages_users(station: Station, role: Role) -> None:
    made = people.usual(station)
    other, before = User("Někdo", role), all_rows(station)
    accounts, target = station.users.accounts, made[CLERK].id
    for act in (
        lambda: accounts.add(other, "novy", "Nový", Role.SUPERVISOR, PASSWORD),
        lambda: accounts.change_role(other, target, Role.SUPERVISOR),
        lambda: accounts.deactivate(other, target),
        lambda: accounts.activate(other, target),
        lambda: accounts.new_password(other, target, PASSWORD),
        lambda: accounts.release(other, target),
    ):
        with pytest.raises(RoleRefused):
            act()
    assert all_rows(station) == before


@pytest.mark.parametrize("name", [CLERK, "jana  NOVÁKOVÁ", "Novakova", " novakova "])
def test_a_name_or_login_is_nobody_elses_even_when_its_account_is_closed(station: Station, name: str) -> None:
    made = people.usual(station)
    chief = made[SUPERVISOR].user
    station.users.accounts.deactivate(chief, made[CLERK].id)
    with pytest.raises(NameTaken):
        station.users.accounts.add(chief, "jiny", name, Role.CLERK, PASSWORD)
    if len(name.split()) == 1:
        with pytest.raises(NameTaken):
            station.users.accounts.add(chief, name, "Docela Jiná", Role.CLERK, PASSWORD)


def test_nobody_is_called_as_the_program_itself(station: Station) -> None:
    chief = people.make(station)[SUPERVISOR].user
    with pytest.raises(NameTaken):
        station.users.accounts.add(chief, "program", "Pan Program", Role.CLERK, PASSWORD)


@pytest.mark.parametrize("login", ["", "  ", "jana novakova", "x" * 41])
def test_a_login_that_nobody_could_type_is_refused(station: Station, login: str) -> None:
    with pytest.raises(LoginRefused):
        station.users.accounts.make_first(login, SUPERVISOR, PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "Jana\x00"])
def test_a_name_that_no_document_carries_is_refused(station: Station, name: str) -> None:
    with pytest.raises(TextRefused):
        station.users.accounts.make_first("jana", name, PASSWORD)


@pytest.mark.parametrize(
    ("password", "allowed"),
    [("x" * (SHORTEST - 1), False), ("x" * SHORTEST, True), ("ž" * LONGEST, True),
     ("x" * (LONGEST + 1), False), ("          ", True), ("čšřžýáíéúů", True),
     ("e\u0301" * SHORTEST, True), ("e\u0301" * 9, False)],
)  # fmt: skip
def test_length_is_the_only_rule_of_a_password(accounts: Accounts, password: str, allowed: bool) -> None:
    if allowed:
        assert accounts.make_first("stastna", SUPERVISOR, password).active
    else:
        with pytest.raises(PasswordRefused):
            accounts.make_first("stastna", SUPERVISOR, password)
        assert accounts.needs_first


def test_an_own_password_has_to_differ_from_the_one_it_replaces(station: Station) -> None:
    chief = people.make(station)[SUPERVISOR].user
    account = station.users.accounts.add(chief, "novakova", CLERK, Role.CLERK, PASSWORD)
    with pytest.raises(PasswordRefused) as refused:
        station.users.accounts.own_password(account.id, PASSWORD)
    assert refused.value.code == "USR-12"


def test_the_only_supervisor_stays_one(station: Station) -> None:
    made = people.usual(station)
    accounts, chief = station.users.accounts, made[SUPERVISOR]
    for act in (
        lambda: accounts.deactivate(chief.user, chief.id),
        lambda: accounts.change_role(chief.user, chief.id, Role.CLERK),
    ):
        with pytest.raises(LastSupervisor):
            act()
    accounts.change_role(chief.user, made[OTHER].id, Role.SUPERVISOR)
    assert accounts.change_role(chief.user, chief.id, Role.CLERK).role is Role.CLERK


def test_a_closed_account_can_only_be_opened_again(station: Station) -> None:
    made = people.usual(station)
    accounts, chief, clerk = station.users.accounts, made[SUPERVISOR].user, made[CLERK].id
    assert not accounts.deactivate(chief, clerk).active
    for act in (
        lambda: accounts.deactivate(chief, clerk),
        lambda: accounts.change_role(chief, clerk, Role.SUPERVISOR),
        lambda: accounts.new_password(chief, clerk, PASSWORD),
        lambda: accounts.own_password(clerk, PASSWORD),
    ):
        with pytest.raises(NoSuchAccount):
            act()
    assert accounts.activate(chief, clerk).active


def test_accounts_outlive_the_program_and_every_act_is_in_the_journal(folder: Path, clock: Clock) -> None:
    with Station.open(folder, clock, passwords=Passwords(CHEAP)) as station:
        made = people.usual(station)
        accounts, chief = station.users.accounts, made[SUPERVISOR].user
        accounts.change_role(chief, made[OTHER].id, Role.SUPERVISOR)
        accounts.new_password(chief, made[CLERK].id, PASSWORD)
        accounts.deactivate(chief, made[TECHNICIAN].id)
    with Station.open(folder, clock, passwords=Passwords(CHEAP)) as station:
        stands = {a.name: (a.role, a.active, a.temporary) for a in station.users.accounts.all()}
        assert stands == {
            SUPERVISOR: (Role.SUPERVISOR, True, False),
            CLERK: (Role.CLERK, True, True),
            OTHER: (Role.SUPERVISOR, True, False),
            TECHNICIAN: (Role.TECHNICIAN, False, False),
        }
        acts = [(entry.act, entry.details["account"]) for entry in station.journal.entries()]
        assert acts[0] == ("account-made", SUPERVISOR)
        assert acts[-3:] == [
            ("account-role", OTHER),
            ("account-new-password", CLERK),
            ("account-deactivated", TECHNICIAN),
        ]
        assert station.journal.first_broken() is None


def test_no_password_is_kept_or_journaled(station: Station) -> None:
    people.usual(station)
    stored = repr(all_rows(station))
    assert not [password for password in (*PASSWORDS.values(), PASSWORD) if password in stored]


def test_the_default_cost_is_what_the_standard_recommends() -> None:
    kept = Passwords().hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_hash(kept)
    assert Passwords().matches(kept, PASSWORD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "heslo",
        "$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHRzYWx0$" + "A" * 43,
        "$argon2id$v=19$m=4294967,t=3,p=4$c29tZXNhbHRzYWx0$" + "A" * 43,
        "$argon2id$v=19$m=65536,t=99,p=4$c29tZXNhbHRzYWx0$" + "A" * 43,
        "$argon2id$v=19$m=8,t=1,p=4$c29tZXNhbHRzYWx0$" + "A" * 43,
    ],
)
def test_a_hash_of_another_kind_or_without_measure_is_none(text: str) -> None:
    assert not is_hash(text)
    assert not Passwords(CHEAP).matches(text if text.startswith("$argon2i$") else "", PASSWORD)


def test_the_program_starts_without_the_library_of_passwords() -> None:
    import subprocess
    import sys

    code = "import sys, app.station.station, app.commands.station; print('argon2' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
