"""People with accounts at a test's station, and passwords that cost next to nothing to check."""

from __future__ import annotations

from app.station.states import Role
from app.station.station import Station
from app.station.users.rows import Account
from app.trust.passwords import Cost, Passwords

CHEAP = Cost(passes=1, memory=8, lanes=1)
SUPERVISOR, CLERK, OTHER = "Věra Šťastná", "Jana Nováková", "Petr Říha"
TECHNICIAN = "Igor Kábrt"
LOGINS = {SUPERVISOR: "stastna", CLERK: "novakova", OTHER: "riha", TECHNICIAN: "kabrt"}
PASSWORDS = {
    SUPERVISOR: "tichá pošta ráno",
    CLERK: "modrý hrnek s uchem",
    OTHER: "vlak do Přerova",
    TECHNICIAN: "šroubovák číslo pět",
}


class Counting(Passwords):
    """Passwords that count what they had to hash, and whose."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.checked: list[str] = []

    def verify(self, kept: str, password: str) -> bool:
        self.checked.append(kept)
        return super().verify(kept, password)


def make(station: Station, *others: tuple[str, Role]) -> dict[str, Account]:
    """The supervisor, and others with passwords of their own choice."""
    accounts = station.users.accounts
    first = accounts.make_first(LOGINS[SUPERVISOR], SUPERVISOR, PASSWORDS[SUPERVISOR])
    made = {SUPERVISOR: first}
    for name, role in others:
        account = accounts.add(first.user, LOGINS[name], name, role, "dočasné heslo 1")
        made[name] = accounts.own_password(account.id, PASSWORDS[name])
    return made


def usual(station: Station) -> dict[str, Account]:
    """A supervisor, two clerks and a technician."""
    return make(station, (CLERK, Role.CLERK), (OTHER, Role.CLERK), (TECHNICIAN, Role.TECHNICIAN))
