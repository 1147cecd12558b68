"""A folder that waits for its certificate: all of a station but that, made of a package in one step.

The folder is prepared beside its place and renamed into it, so that a program that is killed meanwhile
leaves nothing of a station behind. The key is made here and never leaves; what leaves is the request. Without
`station.toml`, which comes last with the certificate, nobody takes the folder for a station.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.documents import file_lock
from app.station.anchors import read_anchors
from app.station.config import (
    CA_FILE,
    CERTIFICATE_FILE,
    CONFIG_FILE,
    KEY_FILE,
    REFERENCE_FILE,
    REFERENCE_SIGNATURE_FILE,
    StationConfig,
    write_config,
)
from app.station.errors import FolderInUse, StationError
from app.station.reference_file import load_verified
from app.station.setting_up import BUILDS_FILE, PACKAGE_FILE, errors
from app.station.setting_up.errors import CertificateRefused, SettingUpRefused
from app.station.setting_up.opening import Opened, open_trusted, read_file
from app.station.setting_up.settings import configured
from app.station.users.delivery import ACCOUNTS_FILE
from app.trust.authority import make_request, read_request
from app.trust.certificate import Certificate, CertificateTrouble
from app.trust.keys import make_key, save_key
from app.trust.refusals import SignatureRefused

REQUEST_FILE = "station.csr"
CENTRE_FILE = "centre.pem"


@dataclass(frozen=True, slots=True)
class Request:
    """The station's request: `key_fingerprint` (SHA-256, hexadecimal) is what is compared by telephone."""

    pem: bytes
    key_fingerprint: str


def is_station(folder: Path) -> bool:
    """Whether the folder is a station in service (or was one: whether it is whole, opening it says)."""
    return (folder / CONFIG_FILE).exists()


def is_waiting(folder: Path) -> bool:
    """Whether the folder waits for a certificate."""
    return not is_station(folder) and (folder / PACKAGE_FILE).exists()


def begin(folder: Path, opened: Opened, at: datetime, passphrase: str | None = None) -> Request:
    """Make the folder of a package that is trusted, its key and its request. The folder must be empty or not
    exist. Raises `PackageRefused`, `SettingUpRefused` PRO-12, `FolderInUse`; nothing is there then."""
    folder = folder.absolute()
    with _alone(folder) as draft:
        try:
            if folder.exists() and any(folder.iterdir()):
                raise SettingUpRefused(
                    "PRO-12",
                    f"Složka {folder} není prázdná. Zvolte jinou, ať se nic nepřepíše.",
                    f"The folder {folder} is not empty. Choose another, so that nothing is overwritten.",
                )
            draft.mkdir(mode=0o700)
            write_parts(draft, opened)
            key = make_key()
            save_key(key, draft / KEY_FILE, passphrase)
            write_synced(draft / REQUEST_FILE, make_request(key, opened.identity))
            check_reference(draft, configured(opened.package), at)
            write_synced(draft / PACKAGE_FILE, opened.data)
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
        except OSError as error:
            raise errors.unwritable(folder, error) from error
    return request_of(folder)


def waiting_package(folder: Path, at: datetime) -> Opened:
    """The package that a folder was made of, proved again by the authority pinned there."""
    if not (folder / PACKAGE_FILE).exists():
        raise SettingUpRefused(
            "PRO-15",
            f"Složka {folder} nečeká na certifikát. Načtěte nejdřív balíček pracoviště.",
            f"The folder {folder} waits for no certificate. Take the workstation's package first.",
        )
    return open_trusted(read_file(folder / PACKAGE_FILE), read_anchors(folder), at)


def request_of(folder: Path) -> Request:
    """The request of a folder that waits. Raises `PackageRefused` PRO-01, `CertificateTrouble`."""
    try:
        pem = (folder / REQUEST_FILE).read_bytes()
    except OSError as error:
        raise errors.unreadable(folder / REQUEST_FILE, error) from error
    return Request(pem, read_request(pem).fingerprint)


def finish(folder: Path, pem: bytes, at: datetime) -> StationConfig:
    """Put the station into service with its certificate (PEM). Raises `CertificateRefused` PRO-14 for one
    that is not this key's and this workstation's, PRO-19 for one that is not to be trusted now."""
    opened = waiting_package(folder, at)
    certificate = _own(pem, opened, request_of(folder), folder, at)
    config = configured(opened.package)
    with _alone(folder.absolute()):
        try:
            draft = folder / f"{CERTIFICATE_FILE}.part"
            write_synced(draft, certificate.to_pem())
            draft.replace(folder / CERTIFICATE_FILE)
            write_config(folder, config)  # last: a folder without it is no station
        except OSError as error:
            raise errors.unwritable(folder, error) from error
    return config


def _own(pem: bytes, opened: Opened, request: Request, folder: Path, at: datetime) -> Certificate:
    try:
        certificate = read_anchors(folder).trust(Certificate.from_pem(pem).der, at)
    except (CertificateTrouble, SignatureRefused) as error:
        raise CertificateRefused(
            "PRO-19",
            f"Certifikát nelze uznat: {error.cs} Vyžádejte si ho znovu.",
            f"The certificate is not accepted: {error.en} Ask for it again.",
        ) from error
    asked = read_request(request.pem).public_key
    if certificate.identity != opened.identity or certificate.public_key != asked:
        raise CertificateRefused(
            "PRO-14",
            f"Certifikát patří „{certificate.identity.common_name}“ nebo jinému klíči, toto je stanice "
            f"{opened.package.station}. Vyžádejte si certifikát k žádosti z této stanice.",
            f"The certificate is of “{certificate.identity.common_name}” or of another key; this is the "
            f"station {opened.package.station}. Ask for the certificate of this station's request.",
        )
    return certificate


def write_parts(folder: Path, opened: Opened) -> None:
    """The package's files into a folder that is no station yet. Raises OSError."""
    package = opened.package
    write_synced(folder / CA_FILE, opened.authority.to_pem())
    write_synced(folder / CENTRE_FILE, opened.centre.to_pem())
    write_synced(folder / REFERENCE_FILE, opened.reference)
    write_synced(folder / REFERENCE_SIGNATURE_FILE, package.reference.signature)
    if package.accounts is not None:
        write_synced(folder / ACCOUNTS_FILE, package.accounts)
    if package.builds is not None:
        write_synced(folder / BUILDS_FILE, package.builds)


def check_reference(folder: Path, config: StationConfig, at: datetime) -> None:
    """The reference data as the station will open them. Raises `PackageRefused` PRO-07."""
    try:
        load_verified(folder, config, read_anchors(folder), at)
    except (StationError, SignatureRefused) as error:
        raise errors.does_not_fit(f"{error.cs} [{error.code}]", f"{error.en} [{error.code}]") from error


def write_synced(path: Path, data: bytes) -> None:
    """A new file, on the disk before the next step. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """One program at a time sets a folder up; gives the place of its draft, cleared of what a killed program
    left there. Raises `FolderInUse`, `SettingUpRefused`."""
    draft = folder.parent / f".{folder.name}.part"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        held = file_lock.take(folder.parent / f".{folder.name}.lock")
    except OSError as error:
        raise errors.unwritable(folder, error) from error
    if held is None:
        raise FolderInUse(folder)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        file_lock.release(held)
