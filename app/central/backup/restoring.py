"""A centre's folder made from a copy. Nothing is overwritten: the folder must be new, or empty.

Results that came after the copy are not in it; stations notice at their next inquiry and send them again by
themselves. What was published may be carried along, so that readers go on reading it and the numbers of
versions go on rising until the restored centre publishes.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.central import audit
from app.central import settings as settings_file
from app.central.backup import carrying
from app.central.backup.copy import Manifest, read
from app.central.backup.making import not_written, told
from app.central.database import Database
from app.central.settings import CentreFolder, CentreSettings
from app.central.versions import current_of
from app.election.errors import KnownError

_DRAFT = ".restoring"


class Restored(NamedTuple):
    """What the folder was made from. `version` is the published one that was carried along; None: none."""

    manifest: Manifest
    version: int | None


def restore(
    copy: Path,
    folder: Path,
    authority: bytes,
    at: datetime,
    *,
    key: Path | None = None,
    database: str | None = None,
    public: Path | None = None,
) -> Restored:
    """Make the centre's folder `folder` from a copy that a centre of `authority` (PEM) signed.

    `key` is the centre's private key where it is not in the copy; `database` the address of an empty
    database (empty: a file in the folder; None: as in the copy); `public` the old folder of what was
    published. Raises KnownError: CEN-61, CEN-63, CEN-64, CEN-65, CEN-60 where it cannot be written.
    """
    manifest = read(copy, authority, at)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise _taken(folder)
    draft = CentreFolder(folder.with_name(folder.name + _DRAFT))
    if draft.root.exists():
        raise _taken(draft.root)
    try:
        _lay_out(copy, draft, manifest, key)
        settings = settings_file.load(draft)
        if database is not None:
            settings = replace(settings, database=database)
        _put_database(draft, settings)
        settings_file.write(draft, settings)
        _prove(draft, settings, manifest)
        version = None if public is None else _carry_public(public, draft.public)
        if folder.exists():
            folder.rmdir()
        draft.root.rename(folder)
        return Restored(manifest, version)
    except OSError as error:
        raise not_written(folder, str(error)) from error
    finally:
        shutil.rmtree(draft.root, ignore_errors=True)


def _lay_out(copy: Path, target: CentreFolder, manifest: Manifest, key: Path | None) -> None:
    target.root.mkdir(parents=True, mode=0o750)
    for name in manifest.files:
        place = target.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy / name, place)
    if key is not None and not target.key.exists():
        shutil.copyfile(key, target.key)
    if not target.key.exists():
        raise _no_key()
    target.key.chmod(0o600)


def _put_database(target: CentreFolder, settings: CentreSettings) -> None:
    """Where the centre has a server, carry the rows there; the file stays for whoever wants to look."""
    where = settings.store_in(target)
    if isinstance(where, Path):
        return
    file, server = Database(target.store), audit.store(where)
    try:
        with file.reading() as reading, server.writing() as writing:
            carrying.carry(reading, writing)
    finally:
        file.close()
        server.close()
    target.store.unlink()


def _prove(target: CentreFolder, settings: CentreSettings, manifest: Manifest) -> None:
    """What was laid out says of itself what the manifest says."""
    where = settings.store_in(target)
    if isinstance(where, Path) and told(where)[0] != manifest.counts:
        raise audit.StoreDamaged("counts")


def _carry_public(public: Path, target: Path) -> int:
    """The version that was current, and nothing of the changes: their chain goes on from the copy."""
    version = current_of(public)
    if version is None:
        raise _nothing_published(public)
    shutil.copytree(public / "versions" / str(version), target / "versions" / str(version))
    (target / "current").symlink_to(Path("versions", str(version)), target_is_directory=True)
    return version


def _taken(folder: Path) -> KnownError:
    return KnownError(
        "CEN-63",
        f"Složka {folder} není prázdná. Obnovte ústředí do nové složky; nic se nepřepisuje.",
        f"The folder {folder} is not empty. Restore the centre into a new folder; nothing is overwritten.",
    )


def _no_key() -> KnownError:
    return KnownError(
        "CEN-65",
        "V záloze není klíč ústředí. Přidejte ho volbou --key ze složky starého ústředí nebo z kopie.",
        "The backup does not hold the centre's key. Add it with --key, from the old centre's folder or from "
        "where its copy is kept.",
    )


def _nothing_published(public: Path) -> KnownError:
    return KnownError(
        "CEN-66",
        f"Ve složce {public} není nic zveřejněného. Zadejte složku public starého ústředí, nebo volbu "
        "--public vynechte.",
        f"Nothing is published in {public}. Give the old centre's folder public, or leave --public out.",
    )
