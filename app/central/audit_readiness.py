"""The audit's part for readiness reports: each is what the journal tells of and a station signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.central import journal, schema
from app.central.audit_operators import ToldRow
from app.central.senders import Seal
from app.documents import readiness as documents
from app.election.errors import KnownError
from app.trust import cms
from app.trust.chain import batch_hash
from app.trust.identity import Expected, Role


def broken(connection: Connection, told: list[ToldRow], seal: Seal, election: str) -> Iterator[str]:
    """Reports that do not fit, by number."""
    table, count = schema.readiness, 0
    rows = connection.execute(select(table).order_by(table.c.number)).mappings()
    for count, row in enumerate(rows, start=1):
        if count > len(told) or row["number"] != count or not _is_told(row, told[count - 1], seal, election):
            yield f"readiness {row['number']}"
    if count != len(told):
        yield f"readiness: {count}, journal: {len(told)}"


def _is_told(row: Any, said: ToldRow, seal: Seal, election: str) -> bool:
    raw, detail = bytes(row["raw"]), said.detail
    ours = (f"{row['station']} {row['number']}", row["received_at"], row["standing"], row["tried_at"],
            row["sha256"], batch_hash(raw))  # fmt: skip
    if ours != (said.subject, said.at, detail["standing"], detail["tried_at"], *[detail["sha256"]] * 2):
        return False
    expected = Expected(Role.STATION, election, row["transfer_point"], row["station"])
    try:
        at = datetime.fromisoformat(said.at)
        content = cms.verify(raw, seal.anchors, at, expected, documents.MAX_SIGNED_BYTES).content
        report = documents.read(content)
    except KnownError:
        return False
    return (report.standing.value, journal.stamp(report.tried_at)) == (row["standing"], row["tried_at"])
