"""One copy of a station: taken while it works, flushed, read again, proved, and only then given its name.

The database is copied by SQLite's online backup from a reader of its own. In WAL mode a reader sees one
state and stops no writer, so a clerk's acceptance never waits for a slow stick.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from app import __version__
from app.station import seals
from app.station.audit.chains import Told, check_journal, check_seals
from app.station.audit.copy import opened
from app.station.backup import errors
from app.station.backup.place import MANIFEST_FILE, PART, Copy, Manifest, folder_of, prune
from app.station.config import (
    CA_FILE,
    CERTIFICATE_FILE,
    CONFIG_FILE,
    KEY_FILE,
    REFERENCE_FILE,
    REFERENCE_SIGNATURE_FILE,
    StationConfig,
)
from app.station.head_mark import Mark
from app.station.store import STORE_FILE

#: How a key file begins that only a passphrase opens (RFC 7468, 11).
_ENCRYPTED = b"-----BEGIN ENCRYPTED"
_SMALL = (CONFIG_FILE, CA_FILE, CERTIFICATE_FILE)


def make_copy(
    folder: Path,
    place: Path,
    config: StationConfig,
    now: datetime,
    copy_file: Callable[[Path, Path], None] | None = None,
) -> Copy:
    """Copy the station in `folder` to `place`, and prune the older copies. Raises `BackupTrouble`."""
    if place.absolute().is_relative_to(folder.absolute()):
        raise errors.inside(place)
    if not place.is_dir():
        raise errors.not_written(place, "no such folder")
    copy_file = copy_file or _copied
    home = folder_of(place, config.station)
    draft = home / f"{PART}{os.getpid()}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    try:
        home.mkdir(exist_ok=True)
        reference = _reference(folder, home, copy_file)
        draft.mkdir()
        reached, batches = make_standalone(folder / STORE_FILE, draft / STORE_FILE)
        written = _digest(draft / STORE_FILE)  # of what the system has in memory, before the medium
        flush(draft / STORE_FILE)
        names = [STORE_FILE, *_SMALL]
        if _is_encrypted(folder / KEY_FILE):
            names.append(KEY_FILE)
        for name in names[1:]:
            copy_file(folder / name, draft / name)
        manifest = Manifest(
            config.election, config.mode, config.station, config.transfer_point, now, __version__,
            reached.seal, reached.seal_hash, reached.journal, reached.journal_hash, batches, reference,
            {name: written if name == STORE_FILE else _digest(draft / name) for name in names},
        )  # fmt: skip
        _prove(draft, manifest, folder, names, home)
        _write(draft / MANIFEST_FILE, manifest.to_json())
        flush(draft)
        made = home / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{reached.seal:06}"
        if made.exists():  # nothing changed within a second
            shutil.rmtree(made)
        draft.rename(made)
        flush(home)
        prune(home, config.backup_keep)
        return Copy(made, manifest)
    except (OSError, sqlite3.Error) as error:
        raise errors.not_written(place, str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def make_standalone(source: Path, target: Path) -> tuple[Mark, int]:
    """The database as one state of it; how far that state had come, and its last batch."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute(
            "PRAGMA journal_mode = DELETE"
        )  # one file, which can be read where nothing is written
        reached = Mark(*seals.head(writing), *seals.journal_head(writing))
        batches = int(writing.execute("SELECT coalesce(max(number), 0) FROM batches").fetchone()[0])
    return reached, batches


def _prove(draft: Path, manifest: Manifest, folder: Path, names: list[str], home: Path) -> None:
    """Read the copy again from the medium. Raises `BackupTrouble` BAK-03 unless it is what was copied."""
    for name in names:
        _forget(draft / name)
        if _digest(draft / name) != manifest.files[name]:
            raise errors.differs(home, name)
        if name != STORE_FILE and manifest.files[name] != _digest(folder / name):
            raise errors.differs(home, name)
    trouble = store_trouble(draft / STORE_FILE)
    if trouble:
        raise errors.differs(home, trouble)
    with opened(folder / STORE_FILE) as living:
        row = living.execute("SELECT hash FROM seals WHERE seq = ?", (manifest.seal,)).fetchone()
        if row is None or row[0] != manifest.seal_hash:
            raise errors.differs(home, "head")


def store_trouble(path: Path) -> str:
    """What is wrong with a copy of the database at first sight: SQLite's own check, the chains, the
    journal's head; empty when nothing is."""
    told = Told()
    try:
        with opened(path) as connection:
            whole = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if whole != "ok":
                return str(whole)
            broken = check_journal(connection, told) or check_seals(connection, told)
            return broken[0].place if broken else ""
    except sqlite3.Error as error:
        return str(error)


def _reference(folder: Path, home: Path, copy_file: Callable[[Path, Path], None]) -> str:
    """The reference data lie once beside all copies; the name of their folder."""
    name = f"reference-{_digest(folder / REFERENCE_SIGNATURE_FILE)[:12]}"
    if not (home / name).is_dir():
        draft = home / f"{PART}{os.getpid()}-{name}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            for one in (REFERENCE_FILE, REFERENCE_SIGNATURE_FILE):
                copy_file(folder / one, draft / one)
                _forget(draft / one)
                if _digest(draft / one) != _digest(folder / one):
                    raise errors.differs(home, one)
            flush(draft)
            draft.rename(home / name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return name


def _is_encrypted(key: Path) -> bool:
    with suppress(OSError):
        return key.read_bytes().lstrip().startswith(_ENCRYPTED)
    return False


def _copied(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    flush(target)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    flush(path)


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def flush(path: Path) -> None:
    """Make a file or a folder durable; Windows has no such thing for folders and needs none."""
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    with suppress(PermissionError):
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _forget(path: Path) -> None:
    """Ask the system to drop what it keeps of a file in memory, so that it is read from the medium."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
