"""Rows that the journal tells whole: what people of the operations room and the media's officers did.

A row of such a table stands once more in the journal, in the same transaction: every column of it, a secret
one and bytes by their SHA-256. So whoever writes one writes its proof, and the audit compares the two without
knowing what they mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select

from app.central import journal, schema

#: The tables, and the column by which each numbers its rows.
NUMBERED: Mapping[str, tuple[Table, str]] = {
    table.name: (table, key)
    for table, key in (
        (schema.operator_act, "id"),
        (schema.proposal, "number"),
        (schema.proposal_act, "proposal"),
        (schema.incident, "number"),
        (schema.setting_up, "id"),
        (schema.media_submission, "id"),
        (schema.media_event, "id"),
        (schema.media_list, "serial"),
    )
}
#: Columns that stand in no journal and in no evidence: secret, or as large as a file.
SECRET = frozenset({("operator_act", "password"), ("setting_up", "raw")})
#: The acts of the journal that tell of a row.
TELLING = frozenset(
    {
        journal.Act.OPERATOR_ACT, journal.Act.ACT_PROPOSED, journal.Act.PROPOSAL_DECIDED,
        journal.Act.INCIDENT_NOTED, journal.Act.SETTING_UP, journal.Act.MEDIA_RECEIVED,
        journal.Act.MEDIA_DECIDED, journal.Act.MEDIA_LISTED,
    }
)  # fmt: skip


def next_number(connection: Connection, table: Table) -> int:
    """One more than the last number of a table."""
    column = table.c[NUMBERED[table.name][1]]
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1


def write(
    connection: Connection,
    table: Table,
    row: Mapping[str, object],
    act: journal.Act,
    subject: str,
    at: datetime,
) -> None:
    """Append `row`, which has its number, and tell the journal, in the caller's transaction; `at` becomes
    the row's time. IntegrityError when its number is taken."""
    whole = {**row, "at": journal.stamp(at)}
    connection.execute(table.insert(), whole)
    detail = {"table": table.name, "row": told_of(table.name, whole)}
    journal.write(connection, journal.head(connection), at, act, subject, detail)


def told_of(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the journal and the evidence show it."""
    return {
        name: _hashed(value) if (table, name) in SECRET or isinstance(value, bytes | memoryview) else value
        for name, value in row.items()
    }


def _hashed(value: object) -> str:
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    return hashlib.sha256(raw).hexdigest()


def broken(connection: Connection, told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows that are not what the journal tells, by table and number; `told` are the journal's details."""
    right: dict[str, dict[int, Mapping[str, Any]]] = {name: {} for name in NUMBERED}
    for detail in told:
        rows = right[detail["table"]]
        rows[detail["row"][NUMBERED[detail["table"]][1]]] = detail["row"]
    for name, (table, key) in NUMBERED.items():
        found = connection.execute(select(table).order_by(table.c[key])).mappings()
        ours = {row[key]: told_of(name, dict(row)) for row in found}
        for number in sorted(ours.keys() | right[name].keys()):
            if ours.get(number) != right[name].get(number):
                yield f"{name} {number}"
