"""Private keys in files: who may read them, and what is said when they cannot be used."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.trust.keys import KeyTrouble, is_p256, load_key, make_key, save_key

PASSPHRASE = "žluťoučký kůň úpěl"


def code_of(path: Path, passphrase: str | None) -> str:
    with pytest.raises(KeyTrouble) as caught:
        load_key(path, passphrase)
    assert str(path) in caught.value.cs
    assert str(path) in caught.value.en
    return caught.value.code


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_key_comes_back_from_its_file(tmp_path: Path, passphrase: str | None) -> None:
    key, path = make_key(), tmp_path / "station.key"
    save_key(key, path, passphrase)
    assert load_key(path, passphrase).private_numbers() == key.private_numbers()
    assert (b"ENCRYPTED" in path.read_bytes()) is (passphrase is not None)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of the folder apply there")
def test_a_key_file_is_its_owner_s_alone_from_the_first_instant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    original = os.fdopen

    def watched(descriptor: int, *args: str) -> object:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        return original(descriptor, *args)

    monkeypatch.setattr(os, "fdopen", watched)
    before = os.umask(0)  # the loosest that a careless administrator can set
    try:
        save_key(make_key(), tmp_path / "station.key", None)
    finally:
        os.umask(before)
    assert seen == [0o600]
    assert stat.S_IMODE((tmp_path / "station.key").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    save_key(make_key(), path, None)
    before = path.read_bytes()
    with pytest.raises(KeyTrouble) as caught:
        save_key(make_key(), path, None)
    assert caught.value.code == "KEY-04"
    assert path.read_bytes() == before


def test_a_full_disk_leaves_no_half_of_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeyTrouble) as caught:
        save_key(make_key(), tmp_path / "station.key", None)
    assert caught.value.code == "KEY-08"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble) as caught:
        save_key(make_key(), tmp_path / "nowhere" / "station.key", None)
    assert caught.value.code == "KEY-08"


def test_a_short_passphrase_is_refused_before_a_file_is_made(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble) as caught:
        save_key(make_key(), tmp_path / "station.key", "kratkeheslo")
    assert caught.value.code == "KEY-05"
    assert list(tmp_path.iterdir()) == []


def test_each_trouble_with_a_passphrase_has_its_code(tmp_path: Path) -> None:
    locked, unlocked = tmp_path / "locked.key", tmp_path / "open.key"
    save_key(make_key(), locked, PASSPHRASE)
    save_key(make_key(), unlocked, None)
    assert code_of(locked, PASSPHRASE + "!") == "KEY-01"
    assert code_of(locked, "") == "KEY-01"
    assert code_of(locked, None) == "KEY-02"
    assert code_of(unlocked, PASSPHRASE) == "KEY-07"


def test_what_is_no_key_of_ours_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "strange.key"
    assert code_of(path, None) == "KEY-06"
    assert code_of(tmp_path, None) == "KEY-06"
    pkcs8 = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (
        b"",
        b"Dobry den",
        ec.generate_private_key(ec.SECP384R1()).private_bytes(*pkcs8),
        rsa.generate_private_key(65537, 2048).private_bytes(*pkcs8),
        b"\xff" * 200_000,
    ):
        path.write_bytes(content)
        assert code_of(path, None) == "KEY-03"
    save_key(make_key(), tmp_path / "good.key", None)
    path.write_bytes((tmp_path / "good.key").read_bytes()[:120])
    assert code_of(path, None) == "KEY-03"


def test_a_key_that_openssl_made_can_be_used(tmp_path: Path) -> None:
    command = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out made.key"
    subprocess.run(command.split(" "), cwd=tmp_path, check=True, capture_output=True)
    assert is_p256(load_key(tmp_path / "made.key", None))
