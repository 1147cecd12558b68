"""A newer package for a workstation that has one: users, reference data, settings and the list of programs.

The key, the certificate and everything that was taken in stay. The new files are prepared beside the folder's
own, made to count by one renaming, and then moved in; a program that is killed on the way is finished by the
next one that opens the folder. So the station has all of the old package or all of the new one.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.station.anchors import read_anchors
from app.station.config import CA_FILE, CONFIG_FILE, read_config
from app.station.journal import write as write_journal
from app.station.lock import FolderLock
from app.station.setting_up import INCOMING, PACKAGE_FILE, TAKEN_FILE, errors
from app.station.setting_up.errors import PackageRefused, SettingUpRefused
from app.station.setting_up.opening import Opened, open_new, open_trusted, read_file
from app.station.setting_up.settings import configured
from app.station.setting_up.waiting import (
    check_reference,
    is_station,
    is_waiting,
    write_parts,
    write_synced,
)
from app.station.states import PROGRAM
from app.station.store import Store
from app.trust.anchors import Anchors


def take_newer(folder: Path, data: bytes, at: datetime) -> Opened | None:
    """Take a newer package of the same workstation; None when it is the one that the folder has. Raises
    `PackageRefused`, `SettingUpRefused`, `FolderInUse`; nothing changes then."""
    if not (is_station(folder) or is_waiting(folder)):
        raise SettingUpRefused(
            "PRO-15",
            f"Ve složce {folder} žádné pracoviště není. Založte ho balíčkem.",
            f"There is no workstation in the folder {folder}. Set it up by a package.",
        )
    lock = FolderLock(folder)
    try:
        apply_incoming(folder)
        anchors = read_anchors(folder)
        try:
            opened = open_trusted(data, anchors, at)
        except PackageRefused as error:
            raise _better(data, anchors, at, error) from error
        if not _is_newer(folder, opened, anchors, at):
            return None
        _stage(folder, opened, at)
        apply_incoming(folder)
        return opened
    finally:
        lock.release()


def apply_incoming(folder: Path) -> bool:
    """Finish what a program that was killed began; whether there was anything. For who holds the folder's
    lock. Raises `SettingUpRefused` PRO-12."""
    ready = folder / INCOMING
    if not ready.is_dir():
        return False
    try:
        names = sorted(file.name for file in ready.iterdir())
        for name in sorted(names, key=lambda name: name == PACKAGE_FILE):  # last: it tells the serial
            (ready / name).replace(folder / name)
        ready.rmdir()
    except OSError as error:
        raise errors.unwritable(folder, error) from error
    return True


def _is_newer(folder: Path, opened: Opened, anchors: Anchors, at: datetime) -> bool:
    """Whether the package is newer than what is there; False for the very same. Raises `PackageRefused`."""
    package = opened.package
    if (folder / PACKAGE_FILE).exists():
        before = read_file(folder / PACKAGE_FILE)
        if before == opened.data:
            return False
        has = open_trusted(before, anchors, at).package
        theirs, serial = (has.election, has.mode, has.station), has.serial
    else:  # put up without a package, by its parts
        config = read_config(folder)
        theirs, serial = (config.election, config.mode, config.station), 0
    election, mode, station = theirs
    if package.election != election:
        raise _foreign_election(package.election, election)
    if package.mode is not mode:
        raise PackageRefused(
            "PRO-10",
            f"Balíček je pro režim {package.mode}, pracoviště je v režimu {mode}. Zkušební a ostrá data se "
            "nesmějí míchat.",
            f"The package is for mode {package.mode}, the workstation is in {mode}. Rehearsal and live data "
            "must not mix.",
        )
    if package.station != station:
        raise PackageRefused(
            "PRO-09",
            f"Balíček je pro pracoviště {package.station}, toto je {station}. Použijte jeho vlastní.",
            f"The package is for the workstation {package.station}, this is {station}. Use its own.",
        )
    if package.serial <= serial:
        raise PackageRefused(
            "PRO-11",
            f"Balíček č. {package.serial} je starší než ten, který pracoviště má (č. {serial}). Použijte "
            "nejnovější.",
            f"The package no. {package.serial} is older than the workstation's own (no. {serial}). "
            "Use the newest.",
        )
    return True


def _better(data: bytes, anchors: Anchors, at: datetime, error: PackageRefused) -> PackageRefused:
    """Of a sound package of another election that is said rather than that its signature is unknown."""
    if error.code != "PRO-04":
        return error
    try:
        told = open_new(data, at).package
    except PackageRefused:
        return error
    ours = anchors.authorities[0].election
    return _foreign_election(told.election, ours) if told.election != ours else errors.other_authority()


def _foreign_election(theirs: str, ours: str) -> PackageRefused:
    return PackageRefused(
        "PRO-08",
        f"Balíček patří volbám {theirs}, pracoviště je pro {ours}. Pro jiné volby založte novou složku.",
        f"The package belongs to the election {theirs}, the workstation is for {ours}. Set up a new folder "
        "for another election.",
    )


def _stage(folder: Path, opened: Opened, at: datetime) -> None:
    draft = folder / f"{INCOMING}.part"
    before = read_config(folder) if is_station(folder) else None
    config = configured(opened.package, before)
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        write_parts(draft, opened)
        check_reference(draft, config, at)
        (draft / CA_FILE).unlink()  # it stays pinned
        if before is not None:
            write_synced(draft / CONFIG_FILE, config.to_toml().encode())
            told = {"serial": opened.package.serial, "signer": opened.signer}
            told |= {"sha256": sha256(opened.data).hexdigest()}
            write_synced(draft / TAKEN_FILE, json.dumps(told).encode())
        write_synced(draft / PACKAGE_FILE, opened.data)
        draft.rename(folder / INCOMING)
    except OSError as error:
        raise errors.unwritable(folder, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def tell_journal(folder: Path, store: Store, at: datetime) -> None:
    """Write into the station's journal which package was taken since it was last open. Raises OSError."""
    told = json.loads((folder / TAKEN_FILE).read_bytes())
    with store.transaction() as connection:
        write_journal(connection, at, PROGRAM.name, "package-taken", **told)
    (folder / TAKEN_FILE).unlink()
