"""The journal as people look into it: newest first, by a word, an act, or from a number down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.central.journal import Act
from app.central.schema import journal

#: Rows on one page.
ROWS = 200


class Line(NamedTuple):
    """One row; `hash` is the beginning of its hash."""

    id: int
    at: str
    act: str
    subject: str
    detail: str
    hash: str


def found(connection: Connection, text: str, act: str, before: int) -> Sequence[Line]:
    """At most `ROWS` rows below the number `before` that hold `text` in their subject or detail, in any case
    of letters that the database knows, and tell of `act` where one is named."""
    columns = journal.c
    query = (
        select(columns.id, columns.at, columns.act, columns.subject, columns.detail, columns.hash)
        .where(columns.id < before)
        .order_by(columns.id.desc())
        .limit(ROWS)
    )
    if text:
        query = query.where(
            columns.subject.icontains(text, autoescape=True) | columns.detail.icontains(text, autoescape=True)
        )
    if act in set(Act):
        query = query.where(columns.act == act)
    return [
        Line(row.id, row.at, row.act, row.subject, row.detail[:2000], row.hash[:12])
        for row in connection.execute(query).all()
    ]
