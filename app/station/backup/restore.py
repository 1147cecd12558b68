"""Rebuilding a station: a new folder from a copy, then what the centre has beyond it.

The folder is made under another name and renamed when it is whole, so a half-rebuilt station is never
opened. The centre is asked by a signed inquiry for the station's own batches after the last one in the
copy; they go back one by one, and the chain continues where the centre knows it to be. What was accepted
and neither copied nor sent is lost: the commission's paper is then taken in again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from app.election.model import ProtocolKey
from app.station.backup import errors
from app.station.backup.choosing import Source, choose
from app.station.backup.making import flush, make_standalone
from app.station.backup.replay import Replayed
from app.station.config import (
    CA_FILE,
    CERTIFICATE_FILE,
    CONFIG_FILE,
    KEY_FILE,
    REFERENCE_FILE,
    REFERENCE_SIGNATURE_FILE,
    StationConfig,
)
from app.station.point.asking import Asking
from app.station.states import User
from app.station.station import Station
from app.station.store import STORE_FILE
from app.station.texts import check_texts


@runtime_checkable
class Closing(Protocol):
    """A transport that keeps a connection."""

    def close(self) -> None: ...


Line = Callable[[StationConfig, Path], Asking]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Key and certificate to rebuild with; None: those of the copy. `passphrase` opens the key."""

    key: Path | None = None
    certificate: Path | None = None
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """What a rebuilding did. `batches` is the last batch's number, `recovered` those that came from the
    centre, `keys` the protocols in them; `asked` is False where the centre was left out."""

    folder: Path
    station: str
    made_at: datetime | None
    batches: int
    recovered: tuple[int, ...]
    keys: tuple[ProtocolKey, ...]
    asked: bool


def http_line(config: StationConfig, folder: Path) -> Asking:
    """The line to the centre that a station's configuration names."""
    from app.station.transport import HttpTransport

    return HttpTransport.of(config, folder)


def restore(
    place: Path,
    target: Path,
    user: User,
    clock: Callable[[], datetime],
    line: Line | None = http_line,
    credentials: Credentials = Credentials(),
    station: str = "",
) -> Restored:
    """Rebuild the station backed up in `place` as the folder `target`, which must be empty or not exist.

    `line` None leaves the centre out, for an emergency: the station then asks it before its first new
    batch. Raises `RestoreRefused`, or what opening a station raises; `target` is then as it was.
    """
    check_texts(user, "")
    with suppress(OSError):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise errors.target_taken(target)
    source = choose(place, station)
    draft = target.with_name(f".{target.name}.part-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _lay_out(source, draft, credentials)
        done = _bring_up(source, draft, user, clock, line, credentials.passphrase)
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except OSError as error:
        raise errors.not_written(target, str(error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Restored(target, source.config.station, source.made_at, *done)


def _lay_out(source: Source, draft: Path, credentials: Credentials) -> None:
    """All files of a station's folder, its configuration last."""
    draft.mkdir(parents=True)
    shutil.copyfile(source.folder / CA_FILE, draft / CA_FILE)
    shutil.copyfile(credentials.certificate or source.folder / CERTIFICATE_FILE, draft / CERTIFICATE_FILE)
    key = credentials.key or source.folder / KEY_FILE
    if not key.is_file():
        raise errors.key_missing()
    with os.fdopen(os.open(draft / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.read_bytes())
    for name in (REFERENCE_FILE, REFERENCE_SIGNATURE_FILE):
        shutil.copyfile(source.reference / name, draft / name)
    make_standalone(source.folder / STORE_FILE, draft / STORE_FILE)
    flush(draft / STORE_FILE)
    shutil.copyfile(source.folder / CONFIG_FILE, draft / CONFIG_FILE)


def _bring_up(
    source: Source,
    draft: Path,
    user: User,
    clock: Callable[[], datetime],
    line: Line | None,
    passphrase: str | None,
) -> tuple[int, tuple[int, ...], tuple[ProtocolKey, ...], bool]:
    with Station.open(draft, clock, passphrase) as station:
        back: list[Replayed] = []
        if line is not None:
            transport = line(source.config, draft)
            with closing(transport) if isinstance(transport, Closing) else nullcontext():
                back = station.centre_chain.recover(transport)
        numbers = tuple(one.number for one in back)
        station.centre_chain.note_restored(
            user, source.folder.name, source.made_at, source.audit.journal, numbers, asked=line is not None
        )
        last = station.outbox.last_number()
    return last, numbers, tuple(key for one in back for key in one.keys), line is not None
