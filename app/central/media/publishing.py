"""The list of media as the media server gets it: made in the transaction of the act, then written as a file.

The store keeps every list that was ever in force. The file is a copy of the newest one; if writing it fails,
the decision stands all the same and `publish` writes it again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from app.central.database import Database
from app.central.media import records
from app.central.media.settings import MediaFolder
from app.central.senders import Seal
from app.documents import media_list
from app.documents.media_list import MediaList, Organisation
from app.election.errors import KnownError
from app.election.model import Mode
from app.trust import cms, message


def make(
    connection: Connection,
    election: str,
    mode: Mode,
    organisations: tuple[Organisation, ...],
    live_from: datetime,
    seal: Seal,
    at: datetime,
) -> None:
    """Keep the next list, signed, unless the newest one says the same."""
    newest = records.newest_list(connection)
    if newest is not None:
        last = media_list.decode(message.decode(newest[1]).content or b"")
        if (last.organisations, last.live_from) == (organisations, live_from):
            return
    serial = records.next_serial(connection)
    made = MediaList(election, mode, serial, at, live_from, organisations)
    records.insert_list(
        connection, serial, cms.sign(media_list.encode(made), seal.key, seal.certificate, at), at
    )


def write(database: Database, folder: MediaFolder) -> int:
    """Write the newest list's file, whole or not at all; returns its serial, 0 while there is none. Raises
    KnownError MED-22."""
    with database.reading() as connection:
        newest = records.newest_list(connection)
    if newest is None:
        return 0
    serial, raw = newest
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        _replace(folder.allowed, raw)
    except OSError as error:
        raise KnownError(
            "MED-22",
            f"Rozhodnutí platí, ale seznam médií {folder.allowed} nelze zapsat ({error.strerror}). Odstraňte "
            "závadu a zapište ho příkazem prebirka central media publish.",
            f"The decision stands, but the list {folder.allowed} cannot be written ({error.strerror}). Mend "
            "that and write it by prebirka central media publish.",
        ) from error
    return serial


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
