"""The people of the demo can sign in with the passwords that the demo says."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rehearsal import people
from app.station.station import Station
from app.trust import passwords
from tests.support.people import CHEAP
from tests.support.station_world import Clock, make_station


def test_the_people_of_the_demo_sign_in_with_the_passwords_that_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords.Passwords.__init__, "__defaults__", (CHEAP,))
    folder, clock = make_station(tmp_path), Clock()
    people.move_in(folder, clock)
    with Station.open(folder, clock) as station:
        for one in people.PEOPLE:
            account = station.users.signing.sign_in(one.login, one.password)
            assert (account.name, account.role, account.temporary) == (one.name, one.role, False)
        assert station.users.signing.begin_rehearsal(people.CLERK.name).name == people.CLERK.name
