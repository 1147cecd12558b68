"""Signing in, out and for one act: one gate in front of the password, one journal row for what came of it.

An attempt asks three things in this order: is the account locked, has its wait passed, is the password
right. A name that nobody has, or whose account is closed, goes the same way at the same cost and ends in
the same sentence. Attempts run one after another, so that none slips past the count.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from app.election.model import Mode
from app.station import journal
from app.station.permissions import Permission, require
from app.station.states import PROGRAM, User
from app.station.store import Store
from app.station.users import rows
from app.station.users.errors import (
    LockedOut,
    NoSuchAccount,
    OwnPasswordFirst,
    RehearsalOnly,
    TooSoon,
    WrongPassword,
)
from app.station.users.rows import Account
from app.trust import lockout
from app.trust.passwords import Passwords


class SigningIn:
    """Who is who. Attempts block for one hash; call them off the main thread."""

    def __init__(self, store: Store, passwords: Passwords, mode: Mode, clock: Callable[[], datetime]) -> None:
        self._store, self._passwords, self._mode, self._clock = store, passwords, mode, clock
        self._one_at_a_time = Lock()

    def sign_in(self, text: str, password: str, before: User | None = None) -> Account:
        """Sign in by login or full name; `before` is who had the station, when somebody did.

        Raises `WrongPassword`, `TooSoon`, `LockedOut`.
        """
        return self._attempt(text, password, "signed-in", before="" if before is None else before.name)

    def unlock(self, text: str, password: str, locked_by: User) -> Account:
        """Open a locked screen: as whoever locked it, or as another who takes the station over."""
        return self._attempt(text, password, "screen-unlocked", locked_by=locked_by.name)

    def vouch(self, text: str, password: str, permission: Permission, at_desk_of: User) -> User:
        """Another person at somebody's desk proves who they are, for one act that needs `permission`.

        Raises what `sign_in` does, `RoleRefused`, and `OwnPasswordFirst` where another knows the password.
        """
        account = self._attempt(
            text, password, "vouched", permission=permission.value, at_desk_of=at_desk_of.name
        )
        if account.temporary:
            raise OwnPasswordFirst
        require(account.user, permission)
        return account.user

    def relieve(self, text: str, password: str, before: User) -> User:
        """Another person goes on at the open desk of `before`. Raises what `vouch` does but for the role."""
        account = self._attempt(text, password, "signed-in", before=before.name)
        if account.temporary:
            raise OwnPasswordFirst
        return account.user

    def begin_rehearsal(self, text: str) -> Account:
        """Sign somebody in without a password; in rehearsals only."""
        if self._mode is Mode.LIVE:
            raise RehearsalOnly
        account = rows.find(self._store, text)
        if account is None or not account.active:
            raise NoSuchAccount(text)
        with self._store.transaction() as connection:
            now = self._clock()
            journal.write(connection, now, account.name, "signed-in", before="", rehearsal=True)
        return account

    def sign_out(self, user: User) -> None:
        self._note(user, "signed-out")

    def lock_screen(self, user: User, idle: bool) -> None:
        """The screen was locked, by the person or (`idle`) because nobody touched it."""
        self._note(user, "screen-locked", idle=idle)

    def wait(self, text: str) -> timedelta:
        """How long the next attempt with this name has to wait; nothing when it may come now."""
        return self._left(rows.find(self._store, text))

    # --- inside --------------------------------------------------------------------------------------

    def _attempt(self, text: str, password: str, act: str, **details: str) -> Account:
        with self._one_at_a_time:
            account = rows.find(self._store, text)
            if account is not None and account.locked:
                raise LockedOut(lockout.LOCK_AFTER)
            left = self._left(account)
            if left > timedelta(0):
                raise TooSoon(-(-left // timedelta(seconds=1)))
            kept = None
            if account is not None and account.active:
                kept = rows.standing(self._store, account.id).password
            if self._passwords.matches(kept, password) and account is not None:
                self._succeeded(account, act, details)
                return account
            self._failed(account)
        raise WrongPassword

    def _succeeded(self, account: Account, act: str, details: dict[str, str]) -> None:
        now = self._clock()
        with self._store.transaction() as connection:
            rows.attempted(connection, account.id, "success", account.name, now)
            journal.write(connection, now, account.name, act, None, None, **details)

    def _failed(self, account: Account | None) -> None:
        """A name that nobody has is not written down: people type their password into the wrong field."""
        now = self._clock()
        with self._store.transaction() as connection:
            name = PROGRAM.name if account is None else account.name
            rows.attempted(connection, None if account is None else account.id, "failure", "", now)
            journal.write(connection, now, name, "sign-in-failed", known=account is not None)
            if account is not None and rows.failures(self._store, account.id).locked:
                journal.write(connection, now, name, "account-locked", failures=lockout.LOCK_AFTER)

    def _left(self, account: Account | None) -> timedelta:
        now = self._clock()
        if account is None:
            own = rows.strangers_failures(self._store, now)
        else:
            own = rows.failures(self._store, account.id)
        return lockout.left(own, rows.station_failures(self._store, now), now)

    def _note(self, user: User, act: str, **details: bool) -> None:
        with self._store.transaction() as connection:
            journal.write(connection, self._clock(), user.name, act, None, None, **details)
