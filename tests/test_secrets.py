"""No key, passphrase or token is in the repository or in anything that was built from it."""

from __future__ import annotations

import io
import tarfile
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.trust.keys import make_key
from tests.support.secrets import found_in, members, packages, written_in
from tests.test_house import CHECKOUT, sources

KEY = make_key()
PKCS8, SEC1 = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL
PLANTED = {
    "PEM": KEY.private_bytes(Encoding.PEM, PKCS8, NoEncryption()),
    "PEM, encrypted": KEY.private_bytes(Encoding.PEM, PKCS8, BestAvailableEncryption(b"twelve letters")),
    "PEM, SEC 1": KEY.private_bytes(Encoding.PEM, SEC1, NoEncryption()),
    "DER": KEY.private_bytes(Encoding.DER, PKCS8, NoEncryption()),
    "DER, SEC 1": KEY.private_bytes(Encoding.DER, SEC1, NoEncryption()),
    "Base64 without its frame": b'"'
    + b64encode(KEY.private_bytes(Encoding.DER, PKCS8, NoEncryption()))
    + b'"',
    "cloud": b"key = AKIA" + b"ABCDEFGHIJKLMNOP",
    "forge": b"token: gh" + b"p_" + b"a1" * 20,
    "JSON web token": b".".join((b"eyJ" + b"hbGciOiJIUzI1NiJ9", b"eyJ" + b"zdWIiOiIxMjM0NSJ9", b"a" * 20)),
    "header": b"Authorization: Bear" + b"er abcdefghijklmnop",
    "address": b"https://someone:" + b"something@registry.example/simple",
    "environment": b"PREBIRKA_PASS" + b"PHRASE=tajneheslo1 prebirka station send",
}


def test_nothing_tracked_holds_a_secret() -> None:
    assert {
        str(path.relative_to(CHECKOUT)): found for path in sources() if (found := found_in(path.read_bytes()))
    } == {}


def test_no_program_has_a_passphrase_written_into_it() -> None:
    """Tests may: their keys are made as they run and end with them."""
    programs = [
        path
        for path in sources()
        if path.suffix == ".py" and path.relative_to(CHECKOUT).parts[0] in ("app", "packaging")
    ]
    assert len(programs) > 100
    assert {
        str(path.relative_to(CHECKOUT)): found
        for path in programs
        if (found := written_in(path.read_text("utf-8")))
    } == {}


def test_nothing_built_holds_a_secret() -> None:
    assert {
        f"{package.name}: {name}": found
        for package in packages(CHECKOUT)
        for name, data in members(package)
        if (found := found_in(data)) or name.endswith((".key", ".p12", ".pfx"))
    } == {}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_secret_is_found(planted: bytes) -> None:
    assert found_in(b"before\n" + planted + b"\nafter")


def test_what_is_public_is_none() -> None:
    public = KEY.public_key()
    for encoding in (Encoding.PEM, Encoding.DER):
        assert found_in(public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)) == []
    assert found_in(b"https://ustredi.example:8443/v1/batches") == []


@pytest.mark.parametrize(
    "source",
    [
        'PASSPHRASE = "something long"',
        'unlock(path, passphrase="something long")',
        'def f(password: str = "something long"): ...',
        'self.api_key: str = "something long"',
    ],
)
def test_a_written_passphrase_is_found(source: str) -> None:
    assert written_in(source)


def test_packages_are_looked_into(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("app/station.pem", PLANTED["PEM"])
    with tarfile.open(tmp_path / "a-1.0.tar.gz", "w:gz") as archive:
        entry = tarfile.TarInfo("a/x")
        entry.size = len(PLANTED["DER"])
        archive.addfile(entry, io.BytesIO(PLANTED["DER"]))
    looked = packages(tmp_path)
    assert len(looked) == 2
    assert all(found_in(data) for package in looked for _, data in members(package))
