"""The centre's journal: every act in the order of its commit, each row bound to the one before by a hash.

A row is written in the transaction of the act that it tells of, so there is no act without a row and no
row without an act. The hash covers everything in the row; whoever changes, drops or reorders one breaks
the chain at that place, and `first_broken` names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.central.prepared import Prepared
from app.central.schema import journal
from app.trust.chain import GENESIS


class Act(StrEnum):
    """What can happen at a centre; the manual's list is made from this table."""

    BATCH_TAKEN = "batch taken"
    BATCH_KEPT_OVER_A_GAP = "batch kept over a gap"
    BATCH_REFUSED = "batch refused"
    BATCH_QUARANTINED = "batch quarantined"
    ALARM = "alarm"
    STATION_ADDED = "station added"
    STATION_REVOKED = "station revoked"
    BATCH_PUBLISHED = "batch published"
    CHANGES_PUBLISHED = "changes published"
    STATION_QUARANTINED = "station quarantined"
    STATION_SETTLED = "station settled"
    STATION_REVIEWED = "station listed for review"
    PERMIT_GIVEN = "permit given"
    LOT_DRAWN = "lot drawn"
    SEATS_DECIDED = "seats decided"
    FINALIST_LEFT = "finalist left"
    NEVER_DELIVERED = "never delivered"
    COMPLETENESS_DECLARED = "completeness declared"
    RESULT_WITHDRAWN = "result withdrawn"
    ACT_UNDONE = "act undone"
    SETTING_UP = "setting up"
    READINESS_REPORTED = "readiness reported"
    OPERATOR_ACT = "operator account"
    ACT_PROPOSED = "act proposed"
    PROPOSAL_DECIDED = "proposal decided"
    INCIDENT_NOTED = "incident noted"
    MEDIA_RECEIVED = "media application received"
    MEDIA_DECIDED = "media register decided"
    MEDIA_LISTED = "media list made"


class Head(NamedTuple):
    """The last row of the journal."""

    id: int
    hash: str


EMPTY = Head(0, GENESIS)

_HEAD = select(journal.c.id, journal.c.hash).order_by(journal.c.id.desc()).limit(1)
_INSERT = Prepared(journal.insert())
_ALL = select(journal).order_by(journal.c.id)


def stamp(at: datetime) -> str:
    """An instant as the store keeps it: UTC, always of the same width, so that it compares as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def head(connection: Connection) -> Head:
    """The end of the chain; `EMPTY` before the first act."""
    row = connection.execute(_HEAD).first()
    return EMPTY if row is None else Head(row.id, row.hash)


def write(
    connection: Connection, last: Head, at: datetime, act: Act, subject: str, detail: Mapping[str, object]
) -> Head:
    """Append one row after `last`, in the transaction of the act, and return the new head."""
    text = json.dumps(detail, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    row = {"id": last.id + 1, "at": stamp(at), "act": str(act), "subject": subject, "detail": text}
    new = Head(last.id + 1, _hash(last.hash, row))
    _INSERT.each(connection, [{**row, "previous_hash": last.hash, "hash": new.hash}])
    return new


def first_broken(connection: Connection) -> int | None:
    """The number of the first row that does not fit the chain, or None when the journal is whole."""
    last = EMPTY
    for found in connection.execute(_ALL).mappings():
        row = {name: found[name] for name in ("id", "at", "act", "subject", "detail")}
        if (found["id"], found["previous_hash"], found["hash"]) != (
            last.id + 1,
            last.hash,
            _hash(last.hash, row),
        ):
            return last.id + 1
        last = Head(found["id"], found["hash"])
    return None


def _hash(previous: str, row: Mapping[str, object]) -> str:
    parts = [previous, *(str(row[name]) for name in ("id", "at", "act", "subject", "detail"))]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
