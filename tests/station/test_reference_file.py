"""Reference data are proved before they are read; a folder is proved before it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.election.errors import KnownError
from app.election.model import Mode
from app.election.reference import Reference
from app.station.config import StationConfig
from app.station.station import Station
from app.trust import cms
from app.trust.identity import Role
from app.trust.keys import make_key, save_key
from tests.support import invented_election
from tests.support.station_world import NIGHT, Clock, authority, make_station


def refused(folder: Path, clock: Clock | None = None) -> KnownError:
    files = {path.name for path in folder.iterdir()}
    with pytest.raises(KnownError) as error:
        Station.open(folder, clock or Clock())
    assert {path.name for path in folder.iterdir()} - files <= {"station.lock", "store.sqlite"}
    assert error.value.cs.strip().endswith(".")
    return error.value


@pytest.mark.parametrize("role", [Role.REFERENCE, Role.CENTRE])
def test_reference_data_signed_by_either_role_are_opened(tmp_path: Path, role: Role) -> None:
    with Station.open(make_station(tmp_path, signer_role=role), Clock()) as station:
        assert len(station.expected) == 7
        assert station.reference.election.mode is Mode.REHEARSAL


@pytest.mark.parametrize("role", [Role.PUBLISHER])
def test_reference_data_signed_by_another_role_are_refused(tmp_path: Path, role: Role) -> None:
    error = refused(make_station(tmp_path, signer_role=role))
    assert (error.code, "oprávnění" in error.cs) == ("STA-32", True)


@pytest.mark.parametrize("place", [100, 5000, -1])
def test_one_changed_byte_of_the_reference_data_is_refused(folder: Path, place: int) -> None:
    path = folder / "reference.sqlite"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))
    error = refused(folder)
    assert error.code == "STA-31"
    assert "změněny" in error.cs


@pytest.mark.parametrize("name", ["reference.sqlite", "reference.sqlite.p7s"])
def test_missing_reference_data_or_signature_are_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert refused(folder).code == "STA-30"


def test_reference_data_signed_under_a_foreign_authority_are_refused(folder: Path) -> None:
    stranger = authority("kz2020").of_role(Role.REFERENCE)
    content = (folder / "reference.sqlite").read_bytes()
    signature = cms.sign_detached(content, stranger.key, stranger.certificate, NIGHT)
    (folder / "reference.sqlite.p7s").write_bytes(signature)
    assert refused(folder).code == "STA-32"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda config: replace(config, mode=Mode.LIVE), "STA-34"),
        (lambda config: replace(config, transfer_point=77, station="77-1"), "REF-05"),
        (lambda config: replace(config, election="kz2020"), "STA-32"),
        (lambda config: replace(config, transfer_point=42, station="42-1"), "STA-08"),
        (lambda config: replace(config, station="41-2"), "STA-08"),
    ],
)
def test_a_folder_whose_parts_disagree_is_refused(
    tmp_path: Path, change: Callable[[StationConfig], StationConfig], code: str
) -> None:
    assert refused(make_station(tmp_path, config=change)).code == code


def test_reference_data_of_another_election_under_the_same_authority_are_refused(tmp_path: Path) -> None:
    # The signature is right and the signer is ours, yet the content names another election.
    known = invented_election.reference(mode=Mode.REHEARSAL)
    other = replace(known, election=replace(known.election, code="zk2025"))
    folder = make_station(tmp_path / "one", known)
    content = (make_station(tmp_path / "two", other) / "reference.sqlite").read_bytes()
    signer = authority("zk2024").of_role(Role.REFERENCE)
    (folder / "reference.sqlite").write_bytes(content)
    signature = cms.sign_detached(content, signer.key, signer.certificate, NIGHT)
    (folder / "reference.sqlite.p7s").write_bytes(signature)
    assert refused(folder).code == "STA-33"


def test_a_signed_file_that_is_no_reference_is_refused(folder: Path) -> None:
    signer = authority("zk2024").of_role(Role.REFERENCE)
    content = b"not a database"
    (folder / "reference.sqlite").write_bytes(content)
    signature = cms.sign_detached(content, signer.key, signer.certificate, NIGHT)
    (folder / "reference.sqlite.p7s").write_bytes(signature)
    assert refused(folder).code.startswith("REF-")


def test_a_foreign_key_is_refused(folder: Path) -> None:
    (folder / "station.key").unlink()
    save_key(make_key(), folder / "station.key", None)
    assert refused(folder).code == "STA-09"


@pytest.mark.parametrize(
    ("name", "code"),
    [("station.toml", "STA-03"), ("station.pem", "STA-07"), ("ca.pem", "STA-38"), ("station.key", "KEY-06")],
)
def test_a_folder_without_one_of_its_files_is_refused(folder: Path, name: str, code: str) -> None:
    (folder / name).unlink()
    assert refused(folder).code == code


@pytest.mark.parametrize("url", ["", "ústředí", "ftp://127.0.0.1", "http://", "http://[::bad", "http://a:x"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    folder = make_station(tmp_path, config=lambda config: replace(config, centre_url=url))
    assert refused(folder).code == "STA-04"


@pytest.mark.parametrize("text", ["", "election = 1", "election = ", "mode = 'VALKA'", "\0"])
def test_a_damaged_configuration_is_refused(folder: Path, text: str) -> None:
    (folder / "station.toml").write_text(text)
    assert refused(folder).code == "STA-04"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as error:
        Station.open(tmp_path / "nikde", Clock())
    assert error.value.code == "STA-03"


def test_a_point_sees_its_own_part_of_the_reference_data_only(station: Station, reference: Reference) -> None:
    assert {p.transfer_point for p in station.reference.precincts.values()} == {41}
    assert len(reference.precincts) > len(station.reference.precincts)


def test_a_refused_folder_can_be_opened_once_it_is_mended(folder: Path, clock: Clock) -> None:
    path = folder / "reference.sqlite"
    good = path.read_bytes()
    path.write_bytes(good[:-1] + b"x")
    refused(folder)
    path.write_bytes(good)
    Station.open(folder, clock).close()
