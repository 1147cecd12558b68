"""Signing in to the operations room: one at a time, at the same cost for every name, slower after failures.

A name that nobody has fails as one that somebody has: the same hash, the same waits, the same lock-out; only
its failures are kept in this process and not in the database. Callers add what is left of `FAILURE_SECONDS`,
so that no answer tells by its time what was written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.central.database import Database
from app.central.room import operators
from app.central.room.errors import LockedOut, TooSoon, WrongPassword
from app.central.room.operators import Operator
from app.trust import lockout
from app.trust.lockout import PLACE_WINDOW, Failures
from app.trust.passwords import LONGEST, Passwords

#: A refused signing in takes at least so long.
FAILURE_SECONDS = 0.5
#: How many names that nobody has are remembered.
_STRANGERS = 1000


class SigningIn:
    """Used by one thread at a time."""

    def __init__(self, database: Database, passwords: Passwords, clock: Callable[[], datetime]) -> None:
        self._database, self._passwords, self._clock = database, passwords, clock
        self._strangers: OrderedDict[str, Failures] = OrderedDict()
        self._strange: list[datetime] = []  # failures of names that nobody has, within the window

    def sign_in(self, login: str, password: str) -> Operator:
        """The account of whoever knows its password. Raises WrongPassword, TooSoon, LockedOut."""
        now, login = self._clock(), login.strip().lower()[:100]
        with self._database.reading() as connection:
            found = operators.find(connection, login)
            place = operators.failures_since(connection, now - PLACE_WINDOW)
        if found is not None and not found.active:
            found = None
        own = found.failed() if found else self._strangers.get(login, Failures())
        if own.locked:
            raise LockedOut
        left = lockout.left(own, self._of_place(place, now), now)
        if left:
            raise TooSoon(max(1, -int(-left.total_seconds() // 1)))
        kept = found.password if found else None
        if not self._passwords.matches(kept, password[: LONGEST + 1]) or found is None:
            self._failed(found, login, now)
            raise WrongPassword
        with self._database.writing() as connection:
            return operators.write(connection, replace(found, failures=0), "SIGNED_IN", login, now)

    def _failed(self, found: Operator | None, login: str, now: datetime) -> None:
        if found is not None:
            with self._database.writing() as connection:
                to = replace(found, failures=found.failures + 1)
                operators.write(connection, to, "FAILED", found.login, now)
            return
        self._strange = [*self._strange[-_STRANGERS:], now]
        own = self._strangers.pop(login, Failures())
        self._strangers[login] = Failures(own.count + 1, now)
        if len(self._strangers) > _STRANGERS:
            self._strangers.popitem(last=False)

    def _of_place(self, known: Failures, now: datetime) -> Failures:
        self._strange = [at for at in self._strange if at > now - PLACE_WINDOW]
        last = max([*self._strange[-1:], *([known.last] if known.last else [])], default=None)
        return Failures(known.count + len(self._strange), last)
