"""The papers of setting stations up, as rows: what was expected, asked for, handed out and approved.

One table for five kinds of signed or public files; the journal tells each row whole, the file by its hash.
A kind and its subject are there once, which the database itself keeps.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from app.central import journal, recorded
from app.central.database import Database
from app.central.prepared import Prepared
from app.central.schema import setting_up
from app.election.errors import KnownError
from app.election.model import Mode
from app.election.reference import Reference

#: How often a row may lose the race for its number.
_ATTEMPTS = 8


class Kind(StrEnum):
    """What a row is."""

    EXPECTED = "EXPECTED"
    REQUEST = "REQUEST"
    CERTIFICATE = "CERTIFICATE"
    BUILDS = "BUILDS"
    PROGRAM = "PROGRAM"


class Paper(NamedTuple):
    """One row; `raw` is the file."""

    id: int
    station: str
    subject: str
    raw: bytes
    at: str


_COLUMNS = (setting_up.c.id, setting_up.c.station, setting_up.c.subject, setting_up.c.raw, setting_up.c.at)
_OF_KIND = Prepared(select(*_COLUMNS).where(setting_up.c.kind == bindparam("kind")).order_by(setting_up.c.id))
_ONE = Prepared(
    select(*_COLUMNS).where(
        setting_up.c.kind == bindparam("kind"), setting_up.c.subject == bindparam("subject")
    )
)
_LAST_OF_KIND = Prepared(
    select(*_COLUMNS).where(setting_up.c.kind == bindparam("kind")).order_by(setting_up.c.id.desc()).limit(1)
)
_LAST_OF_STATION = Prepared(
    select(*_COLUMNS)
    .where(setting_up.c.station == bindparam("station"), setting_up.c.kind == bindparam("kind"))
    .order_by(setting_up.c.id.desc())
    .limit(1)
)


def papers(connection: Connection, kind: Kind) -> list[Paper]:
    """All rows of a kind, oldest first."""
    return [_paper(row) for row in _OF_KIND.rows(connection, kind=kind.value)]


def paper(connection: Connection, kind: Kind, subject: str) -> Paper | None:
    row = _ONE.row(connection, kind=kind.value, subject=subject)
    return None if row is None else _paper(row)


def last(connection: Connection, kind: Kind, station: str = "") -> Paper | None:
    """The newest row of a kind, of one station where it is named."""
    if station:
        row = _LAST_OF_STATION.row(connection, kind=kind.value, station=station)
    else:
        row = _LAST_OF_KIND.row(connection, kind=kind.value)
    return None if row is None else _paper(row)


def keep(database: Database, kind: Kind, station: str, subject: str, raw: bytes, at: datetime) -> bool:
    """Append a row, and tell the journal in the same transaction; False when kind and subject are there
    already, and then nothing is written. Raises KnownError CEN-42 when the database is too busy."""
    for _ in range(_ATTEMPTS):
        try:
            with database.writing() as connection:
                if paper(connection, kind, subject) is not None:
                    return False
                row = {
                    "id": recorded.next_number(connection, setting_up),
                    "kind": kind.value,
                    "station": station,
                    "subject": subject,
                    "raw": b64encode(raw).decode("ascii"),
                }
                act = journal.Act.SETTING_UP
                recorded.write(connection, setting_up, row, act, f"{kind} {station or subject}", at)
            return True
        except IntegrityError:
            continue  # another writer was given this number or row of the journal first
    raise KnownError(
        "CEN-42",
        "Databázi ústředí používá někdo jiný. Zkuste to znovu.",
        "Somebody else uses the centre's database. Try again.",
    )


def check_election(election: str, mode: Mode, reference: Reference) -> None:
    """Raises KnownError PRO-30 for a signed file of another election or mode than the centre's."""
    ours = reference.election
    if (election, mode) != (ours.code, ours.mode):
        raise KnownError(
            "PRO-30",
            f"Soubor je pro {election} ({mode}), ústředí pro {ours.code} ({ours.mode}). Zkušební a ostrá "
            "data se nesmějí míchat.",
            f"The file is for {election} ({mode}), the centre for {ours.code} ({ours.mode}). Rehearsal and "
            "live data must not mix.",
        )


def _paper(row: tuple[int, str, str, str, str]) -> Paper:
    number, station, subject, raw, at = row
    return Paper(number, station, subject, b64decode(raw), at)
