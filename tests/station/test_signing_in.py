"""Signing in: what is told, what is counted, who waits, who is locked out and what the journal keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.election.model import Mode
from app.station.errors import RoleRefused
from app.station.permissions import Permission
from app.station.states import Role
from app.station.station import Station
from app.station.users.errors import (
    LockedOut,
    NoSuchAccount,
    OwnPasswordFirst,
    RehearsalOnly,
    TooSoon,
    WrongPassword,
)
from app.station.users.rows import Account
from app.station.users.signing import SigningIn
from app.trust.lockout import (
    FREE,
    LOCK_AFTER,
    LONGEST,
    Failures,
    left,
    place_wait_after,
    wait_after,
)
from tests.support import people
from tests.support.people import CLERK, OTHER, PASSWORDS, SUPERVISOR, Counting
from tests.support.station_world import Clock

WRONG = "úplně jiné heslo"


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def station(folder: Path, clock: Clock, counting: Counting) -> Iterator[Station]:
    with Station.open(folder, clock, passwords=counting) as opened:
        yield opened


@pytest.fixture
def made(station: Station, counting: Counting) -> dict[str, Account]:
    accounts = people.usual(station)
    counting.checked.clear()
    return accounts


def fail(signing: SigningIn, text: str, clock: Clock, times: int = 1) -> None:
    """Wrong passwords, each after the wait that it needs."""
    for _ in range(times):
        clock.advance(LONGEST.total_seconds())
        with pytest.raises(WrongPassword):
            signing.sign_in(text, WRONG)


@pytest.mark.parametrize("text", ["novakova", "jana  NOVÁKOVÁ", "Jana Nováková", "Novakova "])
def test_people_sign_in_by_login_or_name_in_any_letter_case(
    station: Station, made: dict[str, Account], text: str
) -> None:
    assert station.users.signing.sign_in(text, PASSWORDS[CLERK]) == made[CLERK]


def test_a_password_typed_on_another_keyboard_is_the_same_password(
    station: Station, made: dict[str, Account]
) -> None:
    decomposed = "modry\u0301 hrnek s uchem"
    assert decomposed != PASSWORDS[CLERK]
    assert station.users.signing.sign_in("novakova", decomposed) == made[CLERK]


@pytest.mark.parametrize("name", ["nikdo", CLERK, "zavřený", SUPERVISOR])
def test_every_failure_costs_exactly_one_hash_and_says_the_same(
    station: Station, made: dict[str, Account], counting: Counting, name: str
) -> None:
    chief = made[SUPERVISOR].user
    closed = station.users.accounts.add(chief, "zavřený", "Kdo Odešel", Role.CLERK, PASSWORDS[OTHER])
    station.users.accounts.deactivate(chief, closed.id)
    counting.checked.clear()
    given = PASSWORDS[OTHER] if name == "zavřený" else WRONG
    with pytest.raises(WrongPassword) as refused:
        station.users.signing.sign_in(name, given)
    assert len(counting.checked) == 1
    assert str(refused.value) == str(WrongPassword())
    (kept,) = counting.checked
    assert kept.split("$")[:4] == ["", "argon2id", "v=19", "m=8,t=1,p=1"]


def test_a_right_password_costs_one_hash_too(
    station: Station, made: dict[str, Account], counting: Counting
) -> None:
    station.users.signing.sign_in(CLERK, PASSWORDS[CLERK])
    assert len(counting.checked) == 1


def test_the_waits_grow_to_their_longest() -> None:
    assert [wait_after(n).seconds for n in range(11)] == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert [place_wait_after(n).seconds for n in range(11, 19)] == [0, 1, 2, 4, 8, 16, 30, 30]


def test_whoever_waits_is_refused_without_a_hash_whatever_the_password(
    station: Station, made: dict[str, Account], counting: Counting, clock: Clock
) -> None:
    signing = station.users.signing
    for _ in range(FREE):
        with pytest.raises(WrongPassword):
            signing.sign_in(CLERK, WRONG)
    counting.checked.clear()
    with pytest.raises(TooSoon) as refused:
        signing.sign_in(CLERK, PASSWORDS[CLERK])
    assert refused.value.seconds == 1
    assert counting.checked == []
    signing.sign_in(OTHER, PASSWORDS[OTHER])  # the others work on
    clock.advance(1)
    assert signing.sign_in(CLERK, PASSWORDS[CLERK]) == made[CLERK]
    assert signing.wait(CLERK) == timedelta(0)


def test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_the_wait(clock: Clock) -> None:
    own = Failures(5, clock())
    assert left(own, Failures(), clock() - timedelta(hours=1)) == wait_after(5)


def test_guessing_at_many_names_slows_the_whole_station_for_a_while(
    station: Station, made: dict[str, Account], clock: Clock
) -> None:
    signing = station.users.signing
    for _ in range(6):
        for name in (CLERK, OTHER, "nikdo"):
            clock.advance(signing.wait(name).total_seconds())
            with pytest.raises(WrongPassword):
                signing.sign_in(name, WRONG)
    with pytest.raises(TooSoon):
        signing.sign_in(SUPERVISOR, PASSWORDS[SUPERVISOR])
    clock.advance(601)
    assert signing.sign_in(SUPERVISOR, PASSWORDS[SUPERVISOR]) == made[SUPERVISOR]


def test_a_locked_account_waits_for_a_supervisor_and_no_time_helps(
    station: Station, made: dict[str, Account], counting: Counting, clock: Clock
) -> None:
    users = station.users
    fail(users.signing, CLERK, clock, LOCK_AFTER)
    clock.advance(86400)
    counting.checked.clear()
    with pytest.raises(LockedOut):
        users.signing.sign_in(CLERK, PASSWORDS[CLERK])
    assert counting.checked == []
    locked = users.accounts.find(CLERK)
    assert locked is not None
    assert locked.locked
    assert not users.accounts.release(made[SUPERVISOR].user, made[CLERK].id).locked
    assert users.signing.sign_in(CLERK, PASSWORDS[CLERK]) == made[CLERK]
    acts = [(entry.user, entry.act) for entry in station.journal.entries(limit=1000)][-LOCK_AFTER - 3 :]
    assert acts == [(CLERK, "sign-in-failed")] * LOCK_AFTER + [
        (CLERK, "account-locked"),
        (SUPERVISOR, "account-released"),
        (CLERK, "signed-in"),
    ]


def test_a_new_password_ends_a_lock_out(station: Station, made: dict[str, Account], clock: Clock) -> None:
    fail(station.users.signing, CLERK, clock, LOCK_AFTER)
    station.users.accounts.new_password(made[SUPERVISOR].user, made[CLERK].id, "zase úplně nové")
    assert station.users.signing.sign_in(CLERK, "zase úplně nové").temporary


def test_a_lock_out_is_released_on_site_when_the_only_supervisor_is_locked(
    station: Station, made: dict[str, Account], clock: Clock
) -> None:
    fail(station.users.signing, SUPERVISOR, clock, LOCK_AFTER)
    with pytest.raises(NoSuchAccount):
        station.users.accounts.release_on_site("technik na místě", "nikdo")
    assert not station.users.accounts.release_on_site("technik na místě", "stastna").locked
    assert [entry.user for entry in station.journal.entries(limit=1000)][-1] == "technik na místě"


def test_waits_and_lock_outs_outlive_the_program(folder: Path, clock: Clock) -> None:
    with Station.open(folder, clock, passwords=Counting()) as station:
        people.usual(station)
        fail(station.users.signing, CLERK, clock, LOCK_AFTER)
    with Station.open(folder, clock, passwords=Counting()) as station, pytest.raises(LockedOut):
        station.users.signing.sign_in(CLERK, PASSWORDS[CLERK])


def test_a_password_typed_as_a_name_is_written_nowhere(station: Station, made: dict[str, Account]) -> None:
    with pytest.raises(WrongPassword):
        station.users.signing.sign_in(PASSWORDS[CLERK], CLERK)
    last = list(station.journal.entries(limit=1000))[-1]
    assert (last.user, last.act, dict(last.details)) == ("program", "sign-in-failed", {"known": False})


def test_another_person_vouches_only_for_what_their_role_may(
    station: Station, made: dict[str, Account]
) -> None:
    signing, desk = station.users.signing, made[CLERK].user
    supervisor = signing.vouch("stastna", PASSWORDS[SUPERVISOR], Permission.APPROVE, desk)
    assert supervisor == made[SUPERVISOR].user
    with pytest.raises(RoleRefused):
        signing.vouch(OTHER, PASSWORDS[OTHER], Permission.APPROVE, desk)
    with pytest.raises(WrongPassword):
        signing.vouch(SUPERVISOR, WRONG, Permission.APPROVE, desk)
    vouched = [entry for entry in station.journal.entries(limit=1000) if entry.act == "vouched"]
    assert dict(vouched[0].details) == {"permission": "approve", "at_desk_of": CLERK}


def test_signing_in_and_out_and_the_locked_screen_are_journaled(
    station: Station, made: dict[str, Account]
) -> None:
    signing = station.users.signing
    clerk = signing.sign_in(CLERK, PASSWORDS[CLERK]).user
    signing.lock_screen(clerk, idle=True)
    signing.unlock(OTHER, PASSWORDS[OTHER], clerk)
    signing.sign_out(made[OTHER].user)
    told = [(e.user, e.act, dict(e.details)) for e in station.journal.entries(limit=1000)][-4:]
    assert told == [
        (CLERK, "signed-in", {"before": ""}),
        (CLERK, "screen-locked", {"idle": True}),
        (OTHER, "screen-unlocked", {"locked_by": CLERK}),
        (OTHER, "signed-out", {}),
    ]


def test_only_a_rehearsal_begins_without_a_password(station: Station, made: dict[str, Account]) -> None:
    assert station.users.signing.begin_rehearsal(CLERK) == made[CLERK]
    with pytest.raises(NoSuchAccount):
        station.users.signing.begin_rehearsal("nikdo")
    live = SigningIn(station._store, Counting(), Mode.LIVE, station.clock)
    with pytest.raises(RehearsalOnly):
        live.begin_rehearsal(CLERK)


def test_a_temporary_password_vouches_for_nothing(station: Station, made: dict[str, Account]) -> None:
    users, desk = station.users, made[CLERK].user
    users.accounts.change_role(made[SUPERVISOR].user, made[OTHER].id, Role.SUPERVISOR)
    users.accounts.new_password(made[SUPERVISOR].user, made[OTHER].id, "zase jen dočasné")
    with pytest.raises(OwnPasswordFirst):
        users.signing.vouch(OTHER, "zase jen dočasné", Permission.APPROVE, desk)
    with pytest.raises(OwnPasswordFirst):
        users.signing.relieve(OTHER, "zase jen dočasné", desk)


def test_who_relieves_a_colleague_is_signed_in_from_then_on(
    station: Station, made: dict[str, Account]
) -> None:
    assert station.users.signing.relieve("riha", PASSWORDS[OTHER], made[CLERK].user) == made[OTHER].user
    last = list(station.journal.entries(limit=1000))[-1]
    assert (last.user, last.act, dict(last.details)) == (OTHER, "signed-in", {"before": CLERK})
