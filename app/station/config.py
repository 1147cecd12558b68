"""The folder of one station: which files make it, who it is, and putting it together from parts.

    station.toml              election, mode, station, transfer point, the centre's address, settings
    ca.pem                    the election authorities that are trusted
    station.key, station.pem  the station's key, which never leaves it, and its certificate
    reference.sqlite(.p7s)    the election's reference data and their signature
    store.sqlite              what was taken in (made at the first start)

Only the configuration is read here; what the other files are worth is proved where they are used.
"""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.election.model import Mode
from app.station.errors import FolderRefused
from app.trust.identity import Identity, Role

CONFIG_FILE = "station.toml"
CA_FILE = "ca.pem"
KEY_FILE = "station.key"
CERTIFICATE_FILE = "station.pem"
REFERENCE_FILE = "reference.sqlite"
REFERENCE_SIGNATURE_FILE = "reference.sqlite.p7s"


class RetypeRule(StrEnum):
    """Whether the binding totals are typed from the signed paper before a file is taken in (KC-05)."""

    ALWAYS = "always"
    OFF = "off"


class Trust(StrEnum):
    """Whom TLS to the centre trusts: the pinned election authority alone, or the system's list beside it."""

    ELECTION = "election"
    SYSTEM = "system"


#: The value of `proxy` that takes the proxy from the system's settings and the environment.
SYSTEM_PROXY = "system"


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What `station.toml` says; the certificate and the reference data have to say the same of who it is."""

    election: str
    mode: Mode
    station: str  # such as 662-1
    transfer_point: int
    centre_url: str
    retype: RetypeRule = RetypeRule.ALWAYS
    refusal_minutes: int = 120  # how long a commission has after a refusal, unless the clerk says else
    backup_place: str = ""  # a folder on another disk, a stick or a share; empty: none is chosen
    backup_minutes: int = 5  # a copy is made so long after a change at the latest,
    backup_acts: int = 20  # or after so many acts
    backup_keep: int = 5  # so many copies are kept
    drill_hours: int = 6  # how often restoring is tried
    lock_minutes: int = 10  # how long nobody touches the desk until its screen locks
    proxy: str = ""  # "" none, "system", or http://[name:password@]host:port
    trust: Trust = Trust.ELECTION
    show_certificate: bool = False  # to a front proxy that asks for one in TLS

    @property
    def identity(self) -> Identity:
        return Identity(Role.STATION, self.election, self.transfer_point, self.station)

    def to_toml(self) -> str:
        # JSON's strings are TOML's basic strings.
        return (
            f"election = {json.dumps(self.election)}\n"
            f"mode = {json.dumps(self.mode.value)}\n"
            f"station = {json.dumps(self.station)}\n"
            f"transfer_point = {self.transfer_point}\n"
            f"centre_url = {json.dumps(self.centre_url)}\n"
            f"retype = {json.dumps(self.retype.value)}\n"
            f"refusal_minutes = {self.refusal_minutes}\n"
            f"backup_place = {json.dumps(self.backup_place)}\n"
            f"backup_minutes = {self.backup_minutes}\n"
            f"backup_acts = {self.backup_acts}\n"
            f"backup_keep = {self.backup_keep}\n"
            f"drill_hours = {self.drill_hours}\n"
            f"lock_minutes = {self.lock_minutes}\n"
            f"proxy = {json.dumps(self.proxy)}\n"
            f"trust = {json.dumps(self.trust.value)}\n"
            f"show_certificate = {json.dumps(self.show_certificate)}\n"
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """Files to make a station from."""

    ca: Path
    key: Path
    certificate: Path
    reference: Path
    reference_signature: Path


def read_config(folder: Path) -> StationConfig:
    """Read `station.toml`. Raises `FolderRefused` when it is missing or does not name a station."""
    try:
        config = config_of(tomllib.loads((folder / CONFIG_FILE).read_text("utf-8")))
    except OSError as error:
        raise FolderRefused(
            "STA-03",
            f"Složka {folder} není složkou přebíracího místa: soubor {CONFIG_FILE} nelze přečíst.",
            f"The folder {folder} is no station's folder: {CONFIG_FILE} cannot be read ({error.strerror}).",
        ) from error
    except (KeyError, ValueError, TypeError) as error:
        raise FolderRefused(
            "STA-04",
            f"Soubor {folder / CONFIG_FILE} je neúplný nebo poškozený. Vyžádejte si ho znovu od ústředí.",
            f"The file {folder / CONFIG_FILE} is incomplete or damaged ({error}). "
            "Ask the centre for it again.",
        ) from error
    _ = config.identity  # a station that cannot exist raises NotAnIdentity with its own sentence
    return config


def config_of(table: dict[str, Any]) -> StationConfig:
    """What a table of `station.toml` says. Raises KeyError, ValueError or TypeError for one that says less or
    other than it may."""
    return StationConfig(
        election=str(table["election"]),
        mode=Mode(table["mode"]),
        station=str(table["station"]),
        transfer_point=int(table["transfer_point"]),
        centre_url=_address(str(table["centre_url"])),
        retype=RetypeRule(table.get("retype", RetypeRule.ALWAYS)),
        refusal_minutes=_between(table, "refusal_minutes", 120, 24 * 60),
        backup_place=str(table.get("backup_place", "")),
        backup_minutes=_between(table, "backup_minutes", 5, 24 * 60),
        backup_acts=_between(table, "backup_acts", 20, 1_000_000),
        backup_keep=_between(table, "backup_keep", 5, 1000),
        drill_hours=_between(table, "drill_hours", 6, 24 * 365),
        lock_minutes=_between(table, "lock_minutes", 10, 24 * 60),
        proxy=_proxy(str(table.get("proxy", ""))),
        trust=Trust(table.get("trust", Trust.ELECTION)),
        show_certificate=bool(table.get("show_certificate", False)),
    )


def assemble(folder: Path, config: StationConfig, parts: Parts, *, link_reference: bool = False) -> None:
    """Make a station's folder; `folder` must be empty or not exist. `link_reference` makes hard links
    instead of copies, for hundreds of simulated stations on one disk. Raises `FolderRefused`."""
    _ = config.identity
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderRefused(
                "STA-05",
                f"Složka {folder} není prázdná. Zvolte jinou, ať se nic nepřepíše.",
                f"The folder {folder} is not empty. Choose another, so that nothing is overwritten.",
            )
        shutil.copyfile(parts.ca, folder / CA_FILE)
        shutil.copyfile(parts.certificate, folder / CERTIFICATE_FILE)
        _copy_secret(parts.key, folder / KEY_FILE)
        for source, name in (
            (parts.reference, REFERENCE_FILE),
            (parts.reference_signature, REFERENCE_SIGNATURE_FILE),
        ):
            if link_reference:
                os.link(source, folder / name)
            else:
                shutil.copyfile(source, folder / name)
        # Last: a folder without it is no station, so a half-made one is never opened.
        (folder / CONFIG_FILE).write_text(config.to_toml(), "utf-8")
    except OSError as error:
        raise FolderRefused(
            "STA-06",
            f"Složku {folder} se nepodařilo připravit: {error.strerror} ({error.filename}).",
            f"The folder {folder} could not be prepared: {error.strerror} ({error.filename}).",
        ) from error


def write_config(folder: Path, config: StationConfig) -> None:
    """Write `station.toml` anew, whole or not at all. Raises OSError."""
    draft = folder / f"{CONFIG_FILE}.part"
    with draft.open("w", encoding="utf-8") as file:
        file.write(config.to_toml())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / CONFIG_FILE)


def _between(table: dict[str, object], name: str, default: int, most: int) -> int:
    value = table.get(name, default)
    if not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(name)
    return value


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or (parts.port or 1) < 1:
        raise ValueError("centre_url")
    return url.rstrip("/")


def _proxy(told: str) -> str:
    if told not in ("", SYSTEM_PROXY):
        parts = urlsplit(told)
        if parts.scheme != "http" or not parts.hostname or (parts.port or 1) < 1:
            raise ValueError("proxy")
    return told


def _copy_secret(source: Path, target: Path) -> None:
    data = source.read_bytes()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
