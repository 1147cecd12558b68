"""The people of the demo: two clerks and a supervisor, with passwords that everybody may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app.station.states import Role
from app.station.station import Station
from app.trust.passwords import Passwords


@dataclass(frozen=True, slots=True)
class Person:
    """One of them; the password is no secret."""

    login: str
    name: str
    role: Role
    password: str


SUPERVISOR: Final = Person("vera", "Věra Šťastná", Role.SUPERVISOR, "vera-schvaluje")
CLERK: Final = Person("jana", "Jana Nováková", Role.CLERK, "jana-prebira")
SECOND_CLERK: Final = Person("petr", "Petr Říha", Role.CLERK, "petr-opisuje")
PEOPLE: Final = (CLERK, SECOND_CLERK, SUPERVISOR)


def move_in(folder: Path, clock: Callable[[], datetime], passwords: Passwords | None = None) -> None:
    """Give a new station its people, each with the own password already; `passwords` checks them (default:
    at the full cost)."""
    with Station.open(folder, clock, passwords=passwords) as station:
        accounts = station.users.accounts
        chief = accounts.make_first(SUPERVISOR.login, SUPERVISOR.name, SUPERVISOR.password)
        for one in (CLERK, SECOND_CLERK):
            made = accounts.add(chief.user, one.login, one.name, one.role, f"docasne-{one.password}")
            accounts.own_password(made.id, one.password)
