"""A workstation's package: what a new station makes of it, and what is refused, leaving nothing behind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import accounts as account_documents
from app.documents.accounts import AccountRole, DeliveredAccount, DeliveredAccounts
from app.documents.package import PackedReference
from app.election.errors import KnownError
from app.election.model import Mode
from app.station.config import read_config
from app.station.setting_up import INCOMING
from app.station.setting_up import newer as newer_module
from app.station.setting_up.newer import take_newer
from app.station.setting_up.opening import is_authority, open_new, open_trusted
from app.station.setting_up.waiting import begin, finish, is_station, is_waiting, request_of
from app.station.station import Station
from app.trust import authority, keys
from app.trust.anchors import Anchors
from app.trust.identity import Identity, Role
from tests.support.provisioned import POINT, House

WHOLE = Path.replace
PASSWORD = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House.build(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House.build(tmp_path_factory.mktemp("other"), code="jine2024")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House.build(tmp_path_factory.mktemp("live"), mode=Mode.LIVE)


def enrolled(house: House, folder: Path, serial: int = 1) -> Path:
    """A station in service at `folder`."""
    opened = open_new(house.package(serial), now())
    request = begin(folder, opened, now())
    finish(folder, house.issue(request.pem, opened.identity).to_pem(), now())
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """Names and contents below a folder's parent, locks left out."""
    return {
        str(file.relative_to(folder.parent)): file.read_bytes()
        for file in sorted(folder.parent.rglob("*"))
        if file.is_file() and not file.name.endswith(".lock")
    }


def refused(work: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        work()
    assert caught.value.cs.endswith((".", "]"))
    assert caught.value.en.endswith((".", "]"))
    return caught.value


def test_a_package_and_a_certificate_make_a_station(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "station"
    opened = open_new(house.package(lock_minutes="7"), now())
    assert is_authority(opened, house.ca.fingerprint[:24].upper())
    assert not is_authority(opened, house.ca.fingerprint[:12])
    assert not is_authority(opened, "0" * 64)
    request = begin(folder, opened, now())
    assert is_waiting(folder)
    assert not is_station(folder)
    with pytest.raises(KnownError, match="STA-03"):
        Station.open(folder, now)
    finish(folder, house.issue(request.pem, opened.identity).to_pem(), now())
    with Station.open(folder, now) as station:
        assert station.config.station == f"{POINT}-1"
        assert station.config.lock_minutes == 7
        assert station.config.mode is Mode.REHEARSAL
        assert station.expected


def test_only_the_owner_reads_what_is_made(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "station"
    begin(folder, open_new(house.package(), now()), now())
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "station.key").stat().st_mode) == 0o600


def test_the_key_may_have_a_passphrase_and_the_package_holds_no_key(house: House, tmp_path: Path) -> None:
    data = house.package()
    begin(tmp_path / "station", open_new(data, now()), now(), "dlouhé heslo z obálky")
    assert b"ENCRYPTED" in (tmp_path / "station" / "station.key").read_bytes()
    assert b"PRIVATE" not in data


def test_the_people_of_the_package_can_sign_in(house: House, tmp_path: Path) -> None:
    people = (DeliveredAccount("jana", "Jana Nová", AccountRole.SUPERVISOR, PASSWORD),)
    office = house.office()
    accounts = office.accounts(POINT, people)
    opened = open_new(office.package(POINT, 1, accounts), now())
    request = begin(tmp_path / "station", opened, now())
    finish(tmp_path / "station", house.issue(request.pem, opened.identity).to_pem(), now())
    with Station.open(tmp_path / "station", now) as station:
        assert [one.login for one in station.users.accounts.all()] == ["jana"]


def _truncated(house: House) -> bytes:
    return house.package()[:-100]


def _altered(house: House) -> bytes:
    data = bytearray(house.package())
    at = data.index(b"<CISELNIKY") + 300
    data[at] = ord("B") if data[at] == ord("A") else ord("A")
    return bytes(data)


def _unsigned(house: House) -> bytes:
    from app.trust import message

    return message.decode(house.package()).content or b""


def _other_document(house: House) -> bytes:
    election = house.reference.election
    people = DeliveredAccounts(election.code, election.mode, POINT, now(), ())
    return house.sign(account_documents.write(people))


def _by_the_centre(house: House) -> bytes:
    from app.trust import message

    return house.sign(message.decode(house.package()).content or b"", Role.CENTRE)


def _other_reference(house: House) -> bytes:
    packed = PackedReference.of(b"no reference at all", b"no signature")
    return house.forged(house.package(), reference=packed)


def _longer_reference(house: House) -> bytes:
    told = open_new(house.package(), now()).package.reference
    return house.forged(house.package(), reference=replace(told, length=told.length - 1))


def _accounts_of_another_point(house: House) -> bytes:
    office = house.office()
    return office.package(POINT, 1, office.accounts(POINT + 1, (
        DeliveredAccount("jana", "Jana Nová", AccountRole.SUPERVISOR, PASSWORD),)))  # fmt: skip


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("PRO-02", lambda house: b""),
        ("PRO-02", lambda house: b"PK\x03\x04 something else"),
        ("PRO-02", _truncated),
        ("PRO-02", _unsigned),
        ("PRO-02", _other_document),
        ("PRO-03", _altered),
        ("PRO-04", _by_the_centre),
        ("PRO-07", lambda house: house.package(colour="red")),
        ("PRO-07", lambda house: house.package(lock_minutes="0")),
        ("PRO-07", lambda house: house.package(proxy="ftp://x")),
        ("PRO-07", _other_reference),
        ("PRO-07", _longer_reference),
        ("PRO-07", _accounts_of_another_point),
        ("PRO-07", lambda house: house.forged(house.package(), station="99-1")),
        ("PRO-07", lambda house: house.forged(house.package(), centre=house.certificates["reference"].der)),
    ],
)
def test_a_bad_package_is_refused_with_a_sentence(
    house: House, code: str, make: Callable[[House], bytes]
) -> None:
    data = make(house)
    assert refused(lambda: open_new(data, now())).code == code


def test_a_package_outlives_its_signers_certificate_for_nobody(house: House) -> None:
    data = house.package()
    assert refused(lambda: open_new(data, now() + timedelta(days=60))).code == "PRO-04"
    assert refused(lambda: open_new(data, now() - timedelta(days=60))).code == "PRO-04"


def test_a_package_that_says_live_over_rehearsal_data_makes_no_station(house: House, tmp_path: Path) -> None:
    opened = open_new(house.forged(house.package(), mode=Mode.LIVE), now())
    folder = tmp_path / "place" / "station"
    assert refused(lambda: begin(folder, opened, now())).code == "PRO-07"
    assert everything(folder) == {}


def test_a_folder_with_something_in_it_is_left_alone(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "station"
    folder.mkdir()
    (folder / "diary.txt").write_text("mine")
    before = everything(folder)
    opened = open_new(house.package(), now())
    assert refused(lambda: begin(folder, opened, now())).code == "PRO-12"
    assert everything(folder) == before


def test_what_a_killed_program_left_is_no_station_and_in_nobodys_way(house: House, tmp_path: Path) -> None:
    draft = tmp_path / ".station.part"
    draft.mkdir()
    (draft / "station.key").write_text("half a key")
    begin(tmp_path / "station", open_new(house.package(), now()), now())
    assert not draft.exists()
    assert request_of(tmp_path / "station").pem.startswith(b"-----BEGIN CERTIFICATE REQUEST")


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("PRO-19", lambda house, other, request, whose: b"no certificate"),
        ("PRO-19", lambda house, other, request, whose: house.certificates["centre"].to_pem()[:-200]),
        ("PRO-14", lambda house, other, request, whose: house.certificates["centre"].to_pem()),
        ("PRO-14", lambda house, other, request, whose: house.issue(
            authority.make_request(keys.make_key(), whose), whose).to_pem()),
        ("PRO-19", lambda house, other, request, whose: other.issue(
            authority.make_request(keys.make_key(), theirs := Identity(
                Role.STATION, "jine2024", POINT, f"{POINT}-1")), theirs).to_pem()),
    ],
)  # fmt: skip
def test_a_certificate_that_is_not_this_stations_leaves_it_waiting(
    house: House, other: House, tmp_path: Path, code: str, made: Callable[..., bytes]
) -> None:
    folder = tmp_path / "station"
    opened = open_new(house.package(), now())
    request = begin(folder, opened, now())
    before = everything(folder)
    pem = made(house, other, request, opened.identity)
    assert refused(lambda: finish(folder, pem, now())).code == code
    assert everything(folder) == before
    assert is_waiting(folder)


def test_a_newer_package_brings_settings_and_people_and_the_journal_tells_of_it(
    house: House, tmp_path: Path
) -> None:
    folder = enrolled(house, tmp_path / "station")
    key = (folder / "station.key").read_bytes()
    office = house.office(5, lock_minutes="3")
    people = (DeliveredAccount("karel", "Karel Dvořák", AccountRole.CLERK, PASSWORD),)
    data = office.package(POINT, 1, office.accounts(POINT, people))
    taken = take_newer(folder, data, now())
    assert taken is not None
    assert taken.package.serial == 5
    assert (folder / "station.key").read_bytes() == key
    with Station.open(folder, now) as station:
        assert station.config.lock_minutes == 3
        assert [one.login for one in station.users.accounts.all()] == ["karel"]
        acts = [entry.act for entry in station.journal.entries()]
        assert acts.count("package-taken") == 1
    with Station.open(folder, now) as station:
        assert [entry.act for entry in station.journal.entries()].count("package-taken") == 1
    assert take_newer(folder, data, now()) is None, "the very same package again changes nothing"


def _signed_by_a_namesake(house: House, other: House, live: House) -> bytes:
    return live.package(9)


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("PRO-11", lambda house, other, live: house.package(2)),
        ("PRO-11", lambda house, other, live: house.package(3)),
        ("PRO-09", lambda house, other, live: house.package(9, number=2)),
        ("PRO-09", lambda house, other, live: house.package(9, point=POINT + 1)),
        ("PRO-08", lambda house, other, live: other.package(9)),
        ("PRO-06", _signed_by_a_namesake),
        ("PRO-10", lambda house, other, live: house.forged(house.package(9), mode=Mode.LIVE)),
        ("PRO-03", lambda house, other, live: _altered(house)),
        ("PRO-02", lambda house, other, live: _truncated(house)),
        ("PRO-07", lambda house, other, live: house.package(9, lock_minutes="x")),
    ],
)
def test_an_old_foreign_or_altered_package_changes_nothing_at_a_station(
    house: House, other: House, live: House, tmp_path: Path, code: str, make: Callable[..., bytes]
) -> None:
    folder = enrolled(house, tmp_path / "station", serial=3)
    before = everything(folder)
    data = make(house, other, live)
    assert refused(lambda: take_newer(folder, data, now())).code == code
    assert everything(folder) == before


def test_a_package_taken_half_way_is_finished_by_whoever_opens_the_folder(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = enrolled(house, tmp_path / "station")
    data = house.package(2, lock_minutes="4")

    class Killed(BaseException):
        pass

    for moved in (0, 1, 3, 6):
        (folder / "package.p7m").write_bytes(house.package(1))
        left = moved

        def replace_some(self: Path, target: Path) -> Path:
            nonlocal left
            if self.parent.name == INCOMING:
                if not left:
                    raise Killed
                left -= 1
            return WHOLE(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace_some)
            try:
                take_newer(folder, data, now())
            except Killed:
                assert (folder / INCOMING).is_dir()
        with Station.open(folder, now) as station:
            assert station.config.lock_minutes == 4
            assert not (folder / INCOMING).exists()
        assert (folder / "package.p7m").read_bytes() == data


def test_a_program_killed_before_the_new_files_are_ready_leaves_the_old_ones(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = enrolled(house, tmp_path / "station")
    before = read_config(folder)

    class Killed(BaseException):
        pass

    written = newer_module.write_synced

    def write_until_the_package(path: Path, data: bytes) -> None:
        if path.name == "package.p7m":
            raise Killed
        written(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(newer_module, "write_synced", write_until_the_package)
        with pytest.raises(Killed):
            take_newer(folder, house.package(2, lock_minutes="4"), now())
    with Station.open(folder, now) as station:
        assert station.config == before


def test_a_waiting_folder_takes_a_newer_package_and_keeps_its_request(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "station"
    request = begin(folder, open_new(house.package(), now()), now())
    assert take_newer(folder, house.package(2, lock_minutes="9"), now()) is not None
    assert request_of(folder) == request
    finish(
        folder,
        house.issue(request.pem, Identity(Role.STATION, "zk2024", POINT, f"{POINT}-1")).to_pem(),
        now(),
    )
    assert read_config(folder).lock_minutes == 9


def test_an_open_station_takes_no_package_under_its_hands(house: House, tmp_path: Path) -> None:
    folder = enrolled(house, tmp_path / "station")
    with Station.open(folder, now):
        assert refused(lambda: take_newer(folder, house.package(2), now())).code == "STA-01"


@settings(max_examples=6)
@given(serials=st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_the_serial_never_goes_back(
    house: House, tmp_path_factory: pytest.TempPathFactory, serials: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("serials") / "station"
    begin(folder, open_new(house.package(1), now()), now())
    highest = 1
    for serial in serials:
        data = house.package(serial)
        if serial > highest:
            assert take_newer(folder, data, now()) is not None
            highest = serial
        else:
            assert refused(lambda data=data: take_newer(folder, data, now())).code == "PRO-11"
    has = open_trusted((folder / "package.p7m").read_bytes(), Anchors((house.ca,)), now())
    assert has.package.serial == highest
