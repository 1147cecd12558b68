"""Any order of passwords, waits, lock-outs and releases, against a model that is obviously right."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.station.station import Station
from app.station.users.errors import LockedOut, TooSoon, WrongPassword
from tests.support import people, station_world
from tests.support.people import CLERK, OTHER, PASSWORDS, SUPERVISOR, Counting
from tests.support.station_world import Clock

NAMES = (CLERK, OTHER, SUPERVISOR, "nikdo")
WAITS = [0, 0, 0, 1, 2, 4, 8, 16, 32, 60]


@dataclass
class Person:
    """The model's memory of one name: wrong passwords in a row."""

    wrong: int = 0
    last: datetime | None = None


class SigningInMachine(RuleBasedStateMachine):
    """One station; the model keeps every failure in a list and counts anew each time."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="lockout-")
        self.clock = Clock()
        self.folder = station_world.make_station(Path(self._folder.name))
        self.station = Station.open(self.folder, self.clock, passwords=Counting())
        self.chief = people.usual(self.station)[SUPERVISOR].user
        self.people = {name: Person() for name in NAMES}
        self.failed: list[tuple[str, datetime]] = []

    # --- the model -----------------------------------------------------------------------------------

    def recent(self, name: str | None = None) -> list[datetime]:
        since = self.clock() - timedelta(minutes=10)
        return [at for who, at in self.failed if at > since and name in (None, who)]

    def expected(self, name: str) -> type[Exception] | None:
        person, now = self.people[name], self.clock()
        wrong, last = person.wrong, person.last
        if name == "nikdo":
            mine = self.recent(name)
            wrong, last = min(len(mine), 9), max(mine, default=None)
        elif wrong >= 10:
            return LockedOut
        if last is not None and now < last + timedelta(seconds=WAITS[wrong]):
            return TooSoon
        everybodys = self.recent()
        if len(everybodys) >= 12:
            wait = min(30, 2 ** (len(everybodys) - 12))
            if now < max(everybodys) + timedelta(seconds=wait):
                return TooSoon
        return None

    # --- what happens --------------------------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), right=st.booleans())
    def attempt(self, name: str, right: bool) -> None:
        expected = self.expected(name)
        given = PASSWORDS[name] if right and name in PASSWORDS else "úplně jiné heslo"
        right = right and name in PASSWORDS
        if expected is None and not right:
            expected = WrongPassword
        if expected is not None:
            with pytest.raises(expected):
                self.station.users.signing.sign_in(name, given)
        else:
            assert self.station.users.signing.sign_in(name, given).name == name
            self.people[name] = Person()
        if expected is WrongPassword:
            self.failed.append((name, self.clock()))
            self.people[name] = Person(self.people[name].wrong + 1, self.clock())

    @rule(name=st.sampled_from(NAMES), times=st.integers(2, 6))
    def guess(self, name: str, times: int) -> None:
        for _ in range(times):
            self.clock.advance(61)
            self.attempt(name, False)

    @rule(seconds=st.sampled_from([0.4, 1, 3, 20, 61, 700]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(name=st.sampled_from([CLERK, OTHER, SUPERVISOR]))
    def release(self, name: str) -> None:
        account = self.station.users.accounts.find(name)
        assert account is not None
        self.station.users.accounts.release(self.chief, account.id)
        self.people[name] = Person()

    @rule()
    def start_again(self) -> None:
        self.station.close()
        self.station = Station.open(self.folder, self.clock, passwords=Counting())

    @invariant()
    def the_list_shows_who_is_locked(self) -> None:
        shown = {account.name: account.locked for account in self.station.users.accounts.all()}
        assert all(shown[name] == (self.people[name].wrong >= 10) for name in NAMES if name in shown)

    def teardown(self) -> None:
        assert self.station.journal.first_broken() is None
        self.station.close()
        self._folder.cleanup()


TestSigningIn = SigningInMachine.TestCase
TestSigningIn.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
