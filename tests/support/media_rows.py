"""Rows of a media register for tests that only care that they are there."""

from __future__ import annotations

from datetime import datetime

from app.central import journal
from app.central.database import Database
from app.central.media import records
from app.central.media.records import Decided


def put_into(database: Database, at: datetime) -> None:
    row: dict[str, object] = {
        "way": "databox", "name": "zadost.xml", "received_at": journal.stamp(at), "officer": "Marie",
        "raw": b"<ZADOST/>", "detached": b"0", "outcome": "MED-06", "reasons": "MED-06", "detail": "digest",
        "signer": '{"name": "Jana"}', "signed_at": journal.stamp(at), "application": b"<ZADOST/>",
    }  # fmt: skip
    with database.writing() as connection:
        for _ in range(2):
            number = records.insert_submission(connection, row, at)
            records.insert_event(connection, number, Decided.REFUSED, "Marie", at, "omyl", {"keep": True})
        records.insert_list(connection, records.next_serial(connection), b"signed list", at)
