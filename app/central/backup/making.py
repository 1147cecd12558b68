"""One copy of a centre, running or not: one moment of its database, the files beside it, a signed manifest.

SQLite copies itself by its online backup from a reader of its own, PostgreSQL is read in one transaction
and carried into an SQLite file; neither stops a batch from being taken. The copy is read again before it
gets its name.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.central import audit, journal, schema, store
from app.central import settings as settings_file
from app.central.backup import carrying
from app.central.backup.copy import MANIFEST_FILE, PART, Counts, Manifest, prune, sha256_of
from app.central.database import Database
from app.central.senders import Seal
from app.central.settings import CentreFolder
from app.election.errors import KnownError
from app.trust import cms

#: How a key file begins that only a passphrase opens (RFC 7468, 11).
_ENCRYPTED = b"-----BEGIN ENCRYPTED"
#: Beside the centre's own files: what the register of the media hands to the media server.
_FOLDERS = ("media",)


class Made(NamedTuple):
    """A copy that was made, and the older ones that it took the place of."""

    folder: Path
    manifest: Manifest
    removed: list[Path]


def make(
    folder: Path, place: Path, seal: Seal, at: datetime, *, with_key: bool = False, keep: int = 0
) -> Made:
    """Copy the centre in `folder` into a new folder of `place`; the newest `keep` copies there stay (0: all).

    Raises KnownError: CEN-60 where it cannot be written, CEN-62 for a key without a passphrase."""
    paths = CentreFolder(folder)
    settings = settings_file.load(paths)
    if place.absolute().is_relative_to(folder.absolute()):
        raise not_written(place, "inside the centre's folder")
    if with_key and not paths.key.read_bytes().lstrip().startswith(_ENCRYPTED):
        raise _key_is_open()
    draft = place / f"{PART}{os.getpid()}-{at:%Y%m%dT%H%M%S%f}"
    try:
        draft.mkdir(parents=True, mode=0o700)
        names = _copy_files(paths, draft, with_key=with_key)
        kind = _copy_database(settings.store_in(paths), draft / paths.store.name)
        counts, migration = told(draft / paths.store.name)
        copy_in_one(draft / paths.store.name)
        files = {name: sha256_of(draft / name) for name in sorted([*names, paths.store.name])}
        manifest = Manifest(settings.election, settings.mode, at, __version__, kind, migration, counts, files)
        signed = cms.sign(manifest.to_json(), seal.key, seal.certificate, at)
        (draft / MANIFEST_FILE).write_bytes(signed)
        _flush(draft)
        made = place / manifest.name
        if made.exists():  # nothing changed within a second
            shutil.rmtree(made)
        draft.rename(made)
        return Made(made, manifest, prune(place, settings.election, settings.mode, keep))
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise not_written(place, str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def copy_sqlite(source: Path, target: Path) -> None:
    """One moment of an SQLite database as one file, while others write it."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")  # one file, readable where nothing is written
        whole = writing.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if whole != "ok":
        raise audit.StoreDamaged(str(whole))


def told(copy: Path) -> tuple[Counts, str]:
    """What the database in a copy holds, and its newest migration. Raises StoreDamaged for a broken
    journal."""
    database = Database(copy)
    try:
        with database.reading() as connection:
            if (broken := journal.first_broken(connection)) is not None:
                raise audit.StoreDamaged(f"journal {broken}")
            counted, head = store.counts(connection), journal.head(connection)
            acts = connection.execute(select(func.count(schema.act.c.number))).scalar_one()
            version = connection.execute(select(func.max(schema.publication.c.version))).scalar()
            newest = max(carrying.applied(connection))
    finally:
        database.close()
    return Counts(counted.batches, counted.revisions, acts, head.id, head.hash, version or 0), newest


def _copy_database(where: Path | str, target: Path) -> str:
    if isinstance(where, Path):
        copy_sqlite(where, target)
        return "sqlite"
    source, copy = audit.store(where), Database(target)
    try:
        with source.reading() as reading, copy.writing() as writing:
            carrying.carry(reading, writing)
    finally:
        source.close()
        copy.close()
    return source.store.name


def copy_in_one(path: Path) -> None:
    """Leave a database that nobody has open as one file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _copy_files(paths: CentreFolder, draft: Path, *, with_key: bool) -> list[str]:
    own = [
        paths.settings,
        paths.authority,
        paths.certificate,
        paths.reference,
        paths.reference_signature,
        *([paths.key] if with_key else []),
    ]
    beside = [each for name in _FOLDERS for each in sorted((paths.root / name).glob("*")) if _is_file(each)]
    names = []
    for source in (*own, *beside):
        target = draft / source.relative_to(paths.root)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, target)
        names.append(target.relative_to(draft).as_posix())
    if with_key:
        (draft / paths.key.name).chmod(0o600)
    return names


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.suffix != ".key" and ".part" not in path.name


def _flush(folder: Path) -> None:
    for each in (*folder.rglob("*"), folder):
        with suppress(PermissionError):  # Windows opens no folder
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def not_written(place: Path, detail: str) -> KnownError:
    return KnownError(
        "CEN-60",
        f"Zálohu ústředí nelze zapsat do {place} ({detail}). Zvolte jiný disk, nebo na tomto uvolněte místo.",
        f"The centre's backup cannot be written to {place} ({detail}). Choose another disk, or free space on "
        "this one.",
    )


def _key_is_open() -> KnownError:
    return KnownError(
        "CEN-62",
        "Klíč ústředí nemá heslo, a proto do zálohy nepatří: kdo by ji našel, podepisoval by jako ústředí. "
        "Uložte klíč zvlášť, nebo ho opatřete heslem.",
        "The centre's key has no passphrase, so it does not belong into a backup: whoever found it could "
        "sign as the centre. Keep the key elsewhere, or give it a passphrase.",
    )
