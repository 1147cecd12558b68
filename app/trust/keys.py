"""Private keys: made on the machine that uses them, kept in a file that only its owner may read.

One kind of key for everybody: elliptic curve P-256 (FIPS 186-5), in PKCS #8 (RFC 5958) and PEM.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.election.errors import KnownError

PrivateKey = ec.EllipticCurvePrivateKey
"""What the rest of the program holds and passes on; it looks inside no key."""

SHORTEST_PASSPHRASE = 12
"""Characters. The file's key derivation is a light one (PBKDF2, 2 048 rounds), so length must do the work."""

_LARGEST_FILE = 64 * 1024


class KeyTrouble(KnownError):
    """A key file that cannot be written or used."""


def make_key() -> PrivateKey:
    """A new P-256 key from the operating system's random source."""
    return ec.generate_private_key(ec.SECP256R1())


def is_p256(key: object) -> bool:
    """Whether a private or public key is of the one kind that this program uses."""
    kinds = (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey)
    return isinstance(key, kinds) and isinstance(key.curve, ec.SECP256R1)


def save_key(key: PrivateKey, path: Path, passphrase: str | None) -> None:
    """Write the key as PKCS #8 PEM, encrypted unless `passphrase` is None, and flush it to the disk.

    The file is created with permissions 0600 in the same step, so there is no instant in which
    somebody else could open it (Windows: the folder's permissions apply). A file that is already
    there is never overwritten, for it may hold the only copy of a key. Raises `KeyTrouble`.
    """
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase is not None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise KeyTrouble(
                code="KEY-05",
                cs=f"Heslo ke klíči musí mít alespoň {SHORTEST_PASSPHRASE} znaků.",
                en=f"The key's passphrase must have at least {SHORTEST_PASSPHRASE} characters.",
            )
        encryption = BestAvailableEncryption(passphrase.encode())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyTrouble(
            code="KEY-04",
            cs=f"Soubor {path} už existuje a klíč v něm se nepřepisuje. Zvolte jiné jméno nebo složku.",
            en=f"The file {path} exists and a key is never overwritten. Choose another name or folder.",
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)  # half a key is no key, and it would be in the way of the next try
        raise _unwritable(path, error) from error


def load_key(path: Path, passphrase: str | None) -> PrivateKey:
    """Read a P-256 key that `save_key` or `openssl` wrote. Raises `KeyTrouble`.

    A passphrase given for a file that has none is refused: whoever typed it believes that the key
    is protected, and it is not.
    """
    try:
        with path.open("rb") as file:
            pem = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise KeyTrouble(
            code="KEY-06",
            cs=f"Soubor s klíčem {path} nelze přečíst: {error.strerror}.",
            en=f"The key file {path} cannot be read: {error.strerror}.",
        ) from error
    encrypted = b"ENCRYPTED" in pem
    if encrypted and passphrase is None:
        raise KeyTrouble(
            code="KEY-02",
            cs=f"Klíč v souboru {path} je chráněn heslem. Zadejte ho.",
            en=f"The key in {path} is protected by a passphrase. Enter it.",
        )
    if not encrypted and passphrase is not None and b"PRIVATE KEY" in pem:
        raise KeyTrouble(
            code="KEY-07",
            cs=f"Klíč v souboru {path} není chráněn heslem, ačkoli bylo zadáno. Ověřte, že je to váš soubor.",
            en=f"The key in {path} has no passphrase although one was given. Check that it is your file.",
        )
    try:
        if len(pem) > _LARGEST_FILE:
            raise ValueError("too large for a key")
        key = load_pem_private_key(pem, passphrase.encode() if passphrase is not None else None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not is_p256(key):
            raise ValueError("another kind of key")
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if encrypted:
            # OpenSSL cannot tell a wrong passphrase from a damaged file, so neither does the sentence.
            raise KeyTrouble(
                code="KEY-01",
                cs=f"Heslo ke klíči v souboru {path} nesouhlasí (nebo je soubor poškozen). Zadejte ho znovu.",
                en=f"The passphrase of the key in {path} is wrong (or the file is damaged). Enter it again.",
            ) from error
        raise KeyTrouble(
            code="KEY-03",
            cs=f"V souboru {path} není klíč, který program umí použít (P-256, PKCS #8, PEM).",
            en=f"The file {path} holds no key that the program can use (P-256, PKCS #8, PEM).",
        ) from error
    return key


def _unwritable(path: Path, error: OSError) -> KeyTrouble:
    return KeyTrouble(
        code="KEY-08",
        cs=f"Soubor s klíčem {path} nelze zapsat: {error.strerror}.",
        en=f"The key file {path} cannot be written: {error.strerror}.",
    )
