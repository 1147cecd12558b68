"""Making and changing accounts: who may is a line of the permission table, what was done is a row.

An account is never deleted and its name never given to anybody else: four eyes are counted by names, also
of people who left. A password that another person set has to be replaced at the first signing in, so that
nobody can sign in as somebody else and approve their own work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.documents.document_errors import DocumentError
from app.documents.xml_text import SHORT_TEXT, free_text
from app.station import journal
from app.station.errors import TextRefused
from app.station.permissions import Permission, require
from app.station.states import PROGRAM, Role, User, identity
from app.station.store import Store
from app.station.users import rows
from app.station.users.errors import (
    LastSupervisor,
    LoginRefused,
    NameTaken,
    NoSuchAccount,
    NotTheFirst,
)
from app.station.users.rows import Account, Standing
from app.trust.passwords import PasswordRefused, Passwords

LONGEST_LOGIN = 40

#: Roles that an account may have.
ROLES = (Role.CLERK, Role.SUPERVISOR, Role.TECHNICIAN)


class Accounts:
    """The station's accounts. Every act may block for one hash; call it off the main thread."""

    def __init__(self, store: Store, passwords: Passwords, clock: Callable[[], datetime]) -> None:
        self._store, self._passwords, self._clock = store, passwords, clock

    def all(self) -> tuple[Account, ...]:
        """All accounts, closed ones too, in the order in which they were made."""
        return rows.all_accounts(self._store)

    @property
    def any(self) -> bool:
        """Whether there is an account at all."""
        return rows.has_any(self._store)

    def find(self, text: str) -> Account | None:
        """The account with this login or full name, in any letter case; also a closed one."""
        return rows.find(self._store, text)

    @property
    def needs_first(self) -> bool:
        """Whether nobody can manage the users yet, so that the first supervisor has to be made."""
        return not rows.has_supervisor(self._store)

    def make_first(self, login: str, name: str, password: str) -> Account:
        """The first supervisor, who makes all the others. Raises `NotTheFirst` when there is one."""
        login, name = checked(login, name)
        kept = self._passwords.hashed(password)
        with self._store.transaction() as connection:
            if not self.needs_first:
                raise NotTheFirst
            return self.make(connection, login, name, Standing(Role.SUPERVISOR, True, kept, False), name)

    def add(self, by: User, login: str, name: str, role: Role, password: str) -> Account:
        """A new account, whose password its owner replaces at the first signing in."""
        require(by, Permission.MANAGE_USERS)
        login, name = checked(login, name)
        kept = self._passwords.hashed(password)
        with self._store.transaction() as connection:
            return self.make(connection, login, name, Standing(role, True, kept, True), by.name)

    def change_role(self, by: User, account_id: int, role: Role) -> Account:
        require(by, Permission.MANAGE_USERS)
        with self._store.transaction() as connection:
            account, now = self._open(account_id)
            if role is not Role.SUPERVISOR:
                self._keep_a_supervisor(account)
            return self._changed(connection, account, "role", replace(now, role=role), by, role=role.value)

    def deactivate(self, by: User, account_id: int) -> Account:
        """Close an account: it stays in the list and in the journal, and nobody signs in with it."""
        require(by, Permission.MANAGE_USERS)
        with self._store.transaction() as connection:
            account, now = self._open(account_id)
            self._keep_a_supervisor(account)
            return self._changed(connection, account, "deactivated", replace(now, active=False), by)

    def activate(self, by: User, account_id: int) -> Account:
        """Open a closed account again, with its old password."""
        require(by, Permission.MANAGE_USERS)
        with self._store.transaction() as connection:
            account = self._known(account_id)
            now = rows.standing(self._store, account_id)
            return self._changed(connection, account, "activated", replace(now, active=True), by)

    def new_password(self, by: User, account_id: int, password: str) -> Account:
        """A password for somebody who forgot theirs; a lock-out ends with it."""
        require(by, Permission.MANAGE_USERS)
        kept = self._passwords.hashed(password)
        with self._store.transaction() as connection:
            account, now = self._open(account_id)
            if account.locked:
                self._released(connection, account, by)
            to = replace(now, password=kept, temporary=True)
            return self._changed(connection, account, "new-password", to, by)

    def own_password(self, account_id: int, password: str) -> Account:
        """The password that its owner chose after signing in. Raises `PasswordRefused` for the old one."""
        account, now = self._open(account_id)
        if self._passwords.matches(now.password, password):
            raise PasswordRefused(
                "USR-12",
                "Nové heslo je stejné jako dosavadní. Zvolte jiné, které znáte jen vy.",
                "The new password is the present one. Choose another that only you know.",
            )
        kept = self._passwords.hashed(password)
        with self._store.transaction() as connection:
            to = replace(now, password=kept, temporary=False)
            return self._changed(connection, account, "own-password", to, account.user)

    def release(self, by: User, account_id: int) -> Account:
        """End a lock-out; the password stays."""
        require(by, Permission.RELEASE_LOCKOUT)
        return self._release(by, account_id)

    def release_on_site(self, operator: str, text: str) -> Account:
        """End a lock-out from the command line, for when the only supervisor is locked out. It gives no
        access, so whoever may run commands on the station's folder may do it; `operator` is journaled."""
        account = rows.find(self._store, text)
        if account is None:
            raise NoSuchAccount(text)
        return self._release(User(operator, Role.TECHNICIAN), account.id)

    def make(self, connection: sqlite3.Connection, login: str, name: str, to: Standing, by: str) -> Account:
        """A new account inside an act's transaction, with texts that were `checked`."""
        for text in (login, name):
            if rows.find(self._store, text) is not None or identity(text) == PROGRAM.identity:
                raise NameTaken(text)
        now = self._clock()
        account_id = rows.add(connection, login, name, by, now)
        rows.change(connection, account_id, "made", to, by, now)
        journal.write(connection, now, by, "account-made", account=name, login=login, role=to.role.value)
        return self._known(account_id)

    # --- inside --------------------------------------------------------------------------------------

    def _release(self, by: User, account_id: int) -> Account:
        with self._store.transaction() as connection:
            account = self._known(account_id)
            self._released(connection, account, by)
            return self._known(account_id)

    def _released(self, connection: sqlite3.Connection, account: Account, by: User) -> None:
        now = self._clock()
        rows.attempted(connection, account.id, "released", by.name, now)
        journal.write(connection, now, by.name, "account-released", account=account.name)

    def _changed(
        self,
        connection: sqlite3.Connection,
        account: Account,
        kind: str,
        to: Standing,
        by: User,
        **details: str,
    ) -> Account:
        now = self._clock()
        rows.change(connection, account.id, kind, to, by.name, now)
        told = {"account": account.name, **details}
        journal.write(connection, now, by.name, f"account-{kind}", None, None, **told)
        return self._known(account.id)

    def _known(self, account_id: int) -> Account:
        account = rows.by_id(self._store, account_id)
        if account is None:
            raise NoSuchAccount(str(account_id))
        return account

    def _open(self, account_id: int) -> tuple[Account, Standing]:
        account = self._known(account_id)
        if not account.active:
            raise NoSuchAccount(account.name)
        return account, rows.standing(self._store, account_id)

    def _keep_a_supervisor(self, account: Account) -> None:
        if account.role is Role.SUPERVISOR and not rows.has_supervisor(self._store, but=account.id):
            raise LastSupervisor(account.name)


def checked(login: str, name: str) -> tuple[str, str]:
    """Login and name as they are kept: one space between words, no characters that documents refuse."""
    login, name = login.strip(), " ".join(name.split())
    if not login or len(login) > LONGEST_LOGIN or len(login.split()) != 1:
        raise LoginRefused(LONGEST_LOGIN)
    try:
        free_text(name, "PREVZAL", SHORT_TEXT)
        free_text(login, "PRIHLASENI", LONGEST_LOGIN)
    except DocumentError as error:
        raise TextRefused(SHORT_TEXT) from error
    return login, name
