"""The gate of a closed point: every act is refused by the store itself, whichever act it is.

What may still be written is listed, everything else is not: receipts come in, people sign in, the other
workstations' state is pulled, and a supervisor reopens the point. An act of a later version is refused
until somebody lists its table here.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from app.station.closing.errors import PointClosed

#: Tables that are written also while the point is closed.
OPEN: Final = frozenset(
    {
        "station", "point_steps",
        "accounts", "account_changes", "sign_ins", "account_deliveries",
        "batches", "receipts", "outcomes", "protocols",
        "point_documents", "point_decisions", "point_items", "carried",
    }
)  # fmt: skip


def is_closed(connection: sqlite3.Connection) -> bool:
    row = connection.execute("SELECT kind FROM point_steps ORDER BY id DESC LIMIT 1").fetchone()
    return row is not None and row[0] == "closed"


def add_step(
    connection: sqlite3.Connection,
    kind: str,
    user: str,
    at: str,
    reason: str,
    report_sha256: str | None,
    head: tuple[int, str],
) -> None:
    """The point is `closed` or `reopened` from now on; `head` is the journal's when it was decided."""
    connection.execute(
        "INSERT INTO point_steps (kind, user, at, reason, report_sha256, journal_seq, journal_hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kind, user, at, reason, report_sha256, *head),
    )


def refuse_when_closed(connection: sqlite3.Connection) -> None:
    """Raise `PointClosed` when this connection's open transaction wrote what a closed point does not."""
    if is_closed(connection):
        written = {row[0] for row in connection.execute("SELECT DISTINCT name FROM temp.touched")}
        if written - OPEN:
            raise PointClosed
