"""Accounts and attempts as rows of the store: the only place that knows their tables."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from app.station.states import Role, User, identity
from app.station.store import Store, from_instant, instant
from app.trust.lockout import PLACE_WINDOW, Failures


@dataclass(frozen=True, slots=True)
class Account:
    """One person as the account stands now. `name` is the full name, which acts and prints carry."""

    id: int
    login: str
    name: str
    role: Role
    active: bool
    temporary: bool  # the password was set by another person and has to be replaced
    locked: bool  # after too many wrong passwords

    @property
    def user(self) -> User:
        return User(self.name, self.role)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account's next change begins from."""

    role: Role
    active: bool
    password: str
    temporary: bool


def all_accounts(store: Store) -> tuple[Account, ...]:
    """All accounts, closed ones too, in the order in which they were made."""
    return tuple(_account(store, row) for row in store.rows("SELECT * FROM account_stands ORDER BY id"))


def find(store: Store, text: str) -> Account | None:
    """The account with this login or full name."""
    sought = identity(text)
    rows = store.rows(
        "SELECT * FROM account_stands WHERE login_identity = ? OR name_identity = ?", (sought, sought)
    )
    return _account(store, rows[0]) if rows else None


def by_id(store: Store, account_id: int) -> Account | None:
    rows = store.rows("SELECT * FROM account_stands WHERE id = ?", (account_id,))
    return _account(store, rows[0]) if rows else None


def standing(store: Store, account_id: int) -> Standing:
    (row,) = store.rows("SELECT * FROM account_stands WHERE id = ?", (account_id,))
    return Standing(Role(row["role"]), bool(row["active"]), row["password"], bool(row["temporary"]))


def has_supervisor(store: Store, but: int = 0) -> bool:
    """Whether somebody may manage the users, without counting the account `but`."""
    sql = "SELECT 1 FROM account_stands WHERE role = 'supervisor' AND active = 1 AND id <> ? LIMIT 1"
    return bool(store.rows(sql, (but,)))


def has_any(store: Store) -> bool:
    return bool(store.rows("SELECT 1 FROM accounts LIMIT 1"))


def add(connection: sqlite3.Connection, login: str, name: str, made_by: str, at: datetime) -> int:
    made = connection.execute(
        "INSERT INTO accounts (login, login_identity, name, name_identity, made_by, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (login, identity(login), name, identity(name), made_by, instant(at)),
    )
    assert made.lastrowid is not None
    return made.lastrowid


def change(
    connection: sqlite3.Connection, account_id: int, kind: str, to: Standing, user: str, at: datetime
) -> None:
    connection.execute(
        "INSERT INTO account_changes (account_id, kind, role, active, password, temporary, user, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (account_id, kind, to.role.value, to.active, to.password, to.temporary, user, instant(at)),
    )


def attempted(
    connection: sqlite3.Connection, account_id: int | None, kind: str, user: str, at: datetime
) -> None:
    """A row of an attempt: success, failure, or released by `user`."""
    connection.execute(
        "INSERT INTO sign_ins (account_id, kind, user, at) VALUES (?, ?, ?, ?)",
        (account_id, kind, user, instant(at)),
    )


def failures(store: Store, account_id: int) -> Failures:
    """Wrong passwords of one account since the last right one or its release."""
    return _counted(
        store,
        "account_id = ? AND id > coalesce((SELECT max(id) FROM sign_ins WHERE account_id = ?"
        " AND kind <> 'failure'), 0)",
        (account_id, account_id),
    )


def strangers_failures(store: Store, now: datetime) -> Failures:
    """Attempts with names that nobody has, as far back as the station remembers."""
    return _counted(store, "account_id IS NULL AND at > ?", (instant(now - PLACE_WINDOW),))


def station_failures(store: Store, now: datetime) -> Failures:
    """Wrong passwords of all names, as far back as the station remembers."""
    return _counted(store, "at > ?", (instant(now - PLACE_WINDOW),))


def _counted(store: Store, where: str, parameters: tuple[object, ...]) -> Failures:
    sql = f"SELECT count(*), max(at) FROM sign_ins WHERE kind = 'failure' AND {where}"  # noqa: S608 - ours
    (row,) = store.rows(sql, parameters)
    return Failures(row[0], from_instant(row[1]) if row[1] else None)


def _account(store: Store, row: sqlite3.Row) -> Account:
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        active=bool(row["active"]),
        temporary=bool(row["temporary"]),
        locked=failures(store, row["id"]).locked,
    )
