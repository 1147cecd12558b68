"""The register's rows: written once, each told to the journal in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from app.central import journal, recorded
from app.central.schema import media_event, media_list, media_submission


class Way(StrEnum):
    """How an application came."""

    PDF = "pdf"
    SMIME = "smime"
    DATABOX = "databox"


class Decided(StrEnum):
    """What officers do; the store's words."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    REPLACED = "REPLACED"  # by a later application of the same organisation
    ADDRESS = "ADDRESS"  # whose a repeated address is
    FILMING = "FILMING"  # a permit, given or refused
    MEETING = "MEETING"  # the technical meeting


def insert_submission(connection: Connection, values: Mapping[str, object], at: datetime) -> int:
    """Keep what was received; `values` are the columns but the number and the time. Returns its number."""
    number = recorded.next_number(connection, media_submission)
    row = {"id": number, **values}
    act = journal.Act.MEDIA_RECEIVED
    recorded.write(connection, media_submission, row, act, f"application {number}", at)
    return number


def insert_event(
    connection: Connection,
    submission: int | None,
    act: Decided,
    officer: str,
    at: datetime,
    reason: str,
    detail: Mapping[str, object],
) -> None:
    """Keep a decision, about one application or (None) about all of them."""
    number = recorded.next_number(connection, media_event)
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    row = {
        "id": number,
        "submission": submission,
        "act": act.value,
        "officer": officer,
        "reason": reason,
        "detail": told,
    }
    about = "register" if submission is None else f"application {submission}"
    recorded.write(connection, media_event, row, journal.Act.MEDIA_DECIDED, f"{about} {act}", at)


def next_serial(connection: Connection) -> int:
    """The serial that the next list has."""
    return recorded.next_number(connection, media_list)


def insert_list(connection: Connection, serial: int, raw: bytes, at: datetime) -> None:
    """Keep a signed list."""
    row = {"serial": serial, "raw": raw}
    recorded.write(connection, media_list, row, journal.Act.MEDIA_LISTED, f"list {serial}", at)


def newest_list(connection: Connection) -> tuple[int, bytes] | None:
    """The last list: its serial and its signed bytes."""
    query = select(media_list.c.serial, media_list.c.raw).order_by(media_list.c.serial.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else (row.serial, bytes(row.raw))


def submissions(connection: Connection) -> list[Row[Any]]:
    """Everything that was received, oldest first, without the bytes as they came."""
    columns = [column for column in media_submission.c if column.name not in ("raw", "detached")]
    return list(connection.execute(select(*columns).order_by(media_submission.c.id)))


def events(connection: Connection) -> list[Row[Any]]:
    """Every decision, oldest first."""
    return list(connection.execute(select(media_event).order_by(media_event.c.id)))


def received_bytes(connection: Connection, number: int) -> tuple[bytes, bytes] | None:
    """The bytes of an application as they came, and the signature beside them (or nothing)."""
    query = select(media_submission.c.raw, media_submission.c.detached).where(media_submission.c.id == number)
    row = connection.execute(query).first()
    return None if row is None else (bytes(row.raw), bytes(row.detached))
