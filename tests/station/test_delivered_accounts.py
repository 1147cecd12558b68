"""Accounts that come prepared: taken once, only from whoever may sign them, never backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import accounts as documents
from app.documents.accounts import AccountRole, DeliveredAccount, DeliveredAccounts
from app.documents.document_errors import DocumentError
from app.election.model import Mode
from app.station.states import Role as StaffRole
from app.station.station import Station
from app.station.users.delivery import ACCOUNTS_FILE
from app.station.users.errors import DeliveryRefused, NameTaken
from app.trust import cms
from app.trust.identity import Identity, Role
from app.trust.passwords import Passwords
from tests.support import people, station_world
from tests.support.invented_election import POINT
from tests.support.people import CHEAP, CLERK, LOGINS, PASSWORDS, SUPERVISOR
from tests.support.station_world import NIGHT, Clock, all_rows

CHEAPLY = Passwords(CHEAP)
TEMPORARY = "dočasné heslo 1"
PREPARED = DeliveredAccounts(
    "zk2024",
    Mode.REHEARSAL,
    POINT,
    NIGHT - timedelta(days=1),
    (
        DeliveredAccount("stastna", SUPERVISOR, AccountRole.SUPERVISOR, CHEAPLY.hashed(TEMPORARY)),
        DeliveredAccount("novakova", CLERK, AccountRole.CLERK, CHEAPLY.hashed(TEMPORARY)),
    ),
)


@pytest.fixture
def station(folder: Path, clock: Clock) -> Iterator[Station]:
    with Station.open(folder, clock, passwords=Passwords(CHEAP)) as opened:
        yield opened


def prepared(station: Station, **changes: object) -> DeliveredAccounts:
    return replace(PREPARED, election=station.config.election, **changes)  # type: ignore[arg-type]


def signed(content: DeliveredAccounts | bytes, role: Role = Role.REFERENCE, election: str = "") -> bytes:
    data = content if isinstance(content, bytes) else documents.write(content)
    code = election or (content.election if isinstance(content, DeliveredAccounts) else "")
    signer = station_world.authority(code).of_role(role)
    return cms.sign(data, signer.key, signer.certificate, NIGHT)


@pytest.mark.parametrize("role", [Role.REFERENCE, Role.CENTRE])
def test_prepared_people_sign_in_with_their_temporary_password(station: Station, role: Role) -> None:
    data = signed(prepared(station), role)
    assert station.users.delivery.take(data) == 2
    assert not station.users.accounts.needs_first
    account = station.users.signing.sign_in("novakova", TEMPORARY)
    assert (account.name, account.role, account.temporary) == (CLERK, StaffRole.CLERK, True)
    assert station.users.delivery.take(data) == 0
    last = list(station.journal.entries(limit=100))[-2]
    assert (last.act, last.details["accounts"]) == ("accounts-delivered", [SUPERVISOR, CLERK])


def test_the_file_in_the_folder_is_taken_at_opening_and_its_second_reading_changes_nothing(
    folder: Path, clock: Clock
) -> None:
    with Station.open(folder, clock) as station:
        (folder / ACCOUNTS_FILE).write_bytes(signed(prepared(station)))
    with Station.open(folder, clock, passwords=Passwords(CHEAP)) as station:
        assert station.users.delivery.trouble is None
        account = station.users.signing.sign_in("novakova", TEMPORARY)
        station.users.accounts.own_password(account.id, PASSWORDS[CLERK])
    with Station.open(folder, clock, passwords=Passwords(CHEAP)) as station:
        assert not station.users.signing.sign_in("novakova", PASSWORDS[CLERK]).temporary


def test_a_bad_file_in_the_folder_stops_nobody_from_working(folder: Path, clock: Clock) -> None:
    (folder / ACCOUNTS_FILE).write_bytes(b"nonsense")
    with Station.open(folder, clock) as station:
        assert station.users.delivery.trouble is not None
        assert station.users.delivery.trouble.code == "USR-21"
        assert station.users.accounts.needs_first


def test_a_later_file_brings_a_new_password_and_ends_a_lock_out(station: Station, clock: Clock) -> None:
    station.users.delivery.take(signed(prepared(station)))
    forgotten = replace(PREPARED.accounts[0], password=CHEAPLY.hashed("zapomenuté heslo"))
    later = prepared(station, made_at=NIGHT, accounts=(forgotten,))
    station.users.delivery.take(signed(later))
    assert station.users.signing.sign_in("stastna", "zapomenuté heslo").temporary
    with pytest.raises(DeliveryRefused) as refused:
        station.users.delivery.take(signed(prepared(station, made_at=NIGHT - timedelta(hours=1))))
    assert refused.value.code == "USR-24"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode": Mode.LIVE}, "USR-22"),
        ({"transfer_point": POINT + 1}, "USR-22"),
        ({"accounts": (replace(PREPARED.accounts[0], password="$argon2id$" + "x" * 30),)}, "USR-23"),
    ],
)
def test_a_file_for_somewhere_else_or_without_hashes_is_refused(
    station: Station, changes: dict[str, object], code: str
) -> None:
    before = all_rows(station)
    with pytest.raises(DeliveryRefused) as refused:
        station.users.delivery.take(signed(prepared(station, **changes)))
    assert refused.value.code == code
    assert all_rows(station) == before


def test_only_whoever_prepares_the_election_may_sign_accounts(station: Station) -> None:
    election = station.config.election
    content = documents.write(prepared(station))
    own = station_world.authority(election).signer(Identity(Role.STATION, election, POINT, f"{POINT}-1"))
    publisher = station_world.authority(election).of_role(Role.PUBLISHER)
    stranger = station_world.authority("jine2024").of_role(Role.REFERENCE)
    for signer in (own, publisher, stranger):
        with pytest.raises(DeliveryRefused) as refused:
            station.users.delivery.take(cms.sign(content, signer.key, signer.certificate, NIGHT))
        assert refused.value.code == "USR-21"
    data = bytearray(signed(prepared(station)))
    data[len(data) // 3] ^= 1
    with pytest.raises(DeliveryRefused):
        station.users.delivery.take(bytes(data))
    assert station.users.accounts.needs_first


def test_a_file_that_would_give_one_persons_login_to_another_is_refused_whole(station: Station) -> None:
    made = people.make(station)
    before = all_rows(station)
    other = replace(PREPARED.accounts[1], login=LOGINS[SUPERVISOR])
    with pytest.raises(NameTaken):
        station.users.delivery.take(signed(prepared(station, accounts=(PREPARED.accounts[1], other))))
    assert all_rows(station) == before
    assert station.users.signing.sign_in("stastna", PASSWORDS[SUPERVISOR]) == made[SUPERVISOR]


text = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x24F), min_size=1, max_size=40).filter(
    lambda written: len(written.split()) == 1 and written.strip() == written
)


@given(
    st.lists(
        st.builds(
            DeliveredAccount, text, text, st.sampled_from(AccountRole), st.just(PREPARED.accounts[0].password)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_document_is_read_back_as_it_was(accounts: list[DeliveredAccount]) -> None:
    told = replace(PREPARED, accounts=tuple(accounts))
    data = documents.write(told)
    assert documents.read(data) == told
    assert documents.write(documents.read(data)) == data


def test_a_document_without_accounts_or_with_a_plain_password_is_refused() -> None:
    with pytest.raises(DocumentError):
        documents.read(documents.write(replace(PREPARED, accounts=())))
    plain = replace(PREPARED.accounts[0], password="heslo")
    with pytest.raises(DocumentError):
        documents.read(documents.write(replace(PREPARED, accounts=(plain,))))
