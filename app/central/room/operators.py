"""Operators' accounts: rows of acts, the last of which says what holds (see 0009_room.sql).

An account is never deleted and its login and name are never given to anybody else: four eyes are counted by
logins, also of people who left. A password that another person set has to be replaced at the first signing
in, so that nobody can sign in as somebody else and approve their own proposal.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.central import journal, recorded
from app.central.database import Database
from app.central.room.errors import AccountRefused
from app.central.room.permissions import Role
from app.central.schema import operator_act
from app.trust.lockout import LOCK_AFTER, Failures
from app.trust.passwords import PasswordRefused, Passwords

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?", re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’-]){1,58}\Z")
_STATE = ("login", "name", "role", "active", "password", "temporary", "failures")
_LATEST = select(func.max(operator_act.c.id)).group_by(operator_act.c.login)


@dataclass(frozen=True, slots=True)
class Operator:
    """An account as it stands; `failures` are wrong passwords in a row, `at` the time of the last row."""

    login: str
    name: str
    role: Role
    active: bool
    password: str
    temporary: bool
    failures: int
    act: str
    at: datetime

    @property
    def locked(self) -> bool:
        return self.failures >= LOCK_AFTER

    def failed(self) -> Failures:
        """The failures in a row; the last row is the last of them, if there is any."""
        return Failures(self.failures, self.at if self.failures else None)


def find(connection: Connection, login: str) -> Operator | None:
    """The account with this login, closed ones too."""
    query = select(operator_act).where(operator_act.c.login == login)
    row = connection.execute(query.order_by(operator_act.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else _operator(dict(row))


def listed(connection: Connection) -> list[Operator]:
    """All accounts by login, closed ones too."""
    query = select(operator_act).where(operator_act.c.id.in_(_LATEST)).order_by(operator_act.c.login)
    return [_operator(dict(row)) for row in connection.execute(query).mappings()]


def names(connection: Connection) -> dict[str, str]:
    """The names of people by login."""
    return {each.login: each.name for each in listed(connection)}


def failures_since(connection: Connection, since: datetime) -> Failures:
    """All wrong passwords of known names since then."""
    query = select(func.count(), func.max(operator_act.c.at)).where(
        operator_act.c.act == "FAILED", operator_act.c.at > journal.stamp(since)
    )
    count, last = connection.execute(query).one()
    return Failures(count, datetime.fromisoformat(last) if last else None)


def write(connection: Connection, to: Operator, act: str, by: str, at: datetime) -> Operator:
    """One more row of an account, in the caller's transaction."""
    row = {
        **{name: value for name, value in asdict(to).items() if name in _STATE},
        "id": recorded.next_number(connection, operator_act),
        "role": to.role.value, "active": int(to.active), "temporary": int(to.temporary),
        "act": act, "done_by": by,
    }  # fmt: skip
    recorded.write(connection, operator_act, row, journal.Act.OPERATOR_ACT, f"{to.login} {act}", at)
    return replace(to, act=act, at=at)


class Operators:
    """Makes and changes accounts; each act may block for one hash."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database, self._passwords = database, passwords

    def all(self) -> list[Operator]:
        with self._database.reading() as connection:
            return listed(connection)

    def add(self, login: str, name: str, role: Role, password: str, by: str, at: datetime) -> Operator:
        """A new account, whose password its owner replaces. Raises AccountRefused ROM-10 to ROM-12,
        PasswordRefused."""
        login, name = _checked(login, name)
        kept = self._passwords.hashed(password)
        with self._database.writing() as connection:
            for each in listed(connection):
                if each.login == login or each.name.casefold() == name.casefold():
                    raise AccountRefused(
                        "ROM-12",
                        f"Přihlašovací jméno {login} nebo jméno {name} už má jiný účet, třeba zrušený. "
                        "Zvolte jiné.",
                        f"Another account, perhaps a closed one, has the login {login} or the name {name}. "
                        "Choose another.",
                    )
            made = Operator(login, name, role, True, kept, True, 0, "ADDED", at)
            return write(connection, made, "ADDED", by, at)

    def disable(self, login: str, by: str, at: datetime) -> Operator:
        """Close an account: its sessions end with it. Raises AccountRefused."""
        with self._database.writing() as connection:
            return write(connection, replace(_open(connection, login), active=False), "DISABLED", by, at)

    def enable(self, login: str, by: str, at: datetime) -> Operator:
        """Open a closed account again, with its old password. Raises AccountRefused."""
        with self._database.writing() as connection:
            found = _known(connection, login)
            return write(connection, replace(found, active=True, failures=0), "ENABLED", by, at)

    def release(self, login: str, by: str, at: datetime) -> Operator:
        """End a lock-out; the password stays. Raises AccountRefused."""
        with self._database.writing() as connection:
            return write(connection, replace(_open(connection, login), failures=0), "RELEASED", by, at)

    def new_password(self, login: str, password: str, by: str, at: datetime) -> Operator:
        """A temporary password set by somebody else; a lock-out ends with it. Raises AccountRefused,
        PasswordRefused."""
        kept = self._passwords.hashed(password)
        with self._database.writing() as connection:
            to = replace(_open(connection, login), password=kept, temporary=True, failures=0)
            return write(connection, to, "PASSWORD", by, at)

    def signed_out(self, login: str, at: datetime) -> None:
        """Note that somebody left."""
        with self._database.writing() as connection:
            write(connection, _known(connection, login), "SIGNED_OUT", login, at)

    def own_password(self, login: str, old: str, new: str, at: datetime) -> Operator:
        """The password that its owner chose. Raises AccountRefused ROM-13 for a wrong old one,
        PasswordRefused."""
        with self._database.reading() as connection:
            found = _open(connection, login)
        if not self._passwords.matches(found.password, old):
            raise AccountRefused(
                "ROM-13",
                "Dosavadní heslo nesouhlasí. Napište ho znovu.",
                "The present password is wrong. Type it again.",
            )
        if old == new:
            raise PasswordRefused(
                "ROM-14",
                "Nové heslo je stejné jako dosavadní. Zvolte jiné, které znáte jen vy.",
                "The new password is the present one. Choose another that only you know.",
            )
        kept = self._passwords.hashed(new)
        with self._database.writing() as connection:
            to = replace(_open(connection, login), password=kept, temporary=False, failures=0)
            return write(connection, to, "PASSWORD", login, at)


def _known(connection: Connection, login: str) -> Operator:
    found = find(connection, login)
    if found is None:
        raise AccountRefused(
            "ROM-11",
            f"Účet {login} není, nebo je zrušený. Vypište účty.",
            f"There is no account {login}, or it is closed. List the accounts.",
        )
    return found


def _open(connection: Connection, login: str) -> Operator:
    found = _known(connection, login)
    return found if found.active else _known(connection, "")  # told as one that is not there


def _checked(login: str, name: str) -> tuple[str, str]:
    login, name = login.strip(), " ".join(name.split())
    if not _LOGIN.fullmatch(login) or not _NAME.match(name):
        raise AccountRefused(
            "ROM-10",
            "Přihlašovací jméno má 1 až 40 malých písmen bez háčků, číslic, teček a pomlček; jméno a "
            "příjmení 2 až 60 písmen. Opravte je.",
            "A login has 1 to 40 small letters, digits, dots and hyphens; a name 2 to 60 letters. Mend them.",
        )
    return login, name


def _operator(row: dict[str, object]) -> Operator:
    return Operator(
        str(row["login"]), str(row["name"]), Role(str(row["role"])), bool(row["active"]),
        str(row["password"]), bool(row["temporary"]), int(str(row["failures"])), str(row["act"]),
        datetime.fromisoformat(str(row["at"])),
    )  # fmt: skip
