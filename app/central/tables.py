"""The CSV twin of a `vysledky_okrsky` batch: the whole protocols of what the batch holds, from the store.

A batch in memory has no preferential votes, and the tables have them all.
"""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from app.central.database import Database
from app.central.grid import Cut
from app.central.schema import revision
from app.central.stored import decode
from app.documents.feed.tables import Row, tables
from app.election.model import Contest

_COUNTED = (
    select(revision.c.processing_order, revision.c.protocol)
    .where(
        and_(
            revision.c.contest == bindparam("contest"),
            revision.c.processing_order.between(bindparam("first"), bindparam("last")),
        )
    )
    .order_by(revision.c.processing_order)
)


def tables_of(database: Database, contest: Contest, cut: Cut) -> dict[str, bytes]:
    """The tables of one batch by their names; a withdrawn precinct has a row of zeros in them too."""
    first, last = cut.processed[0].order, cut.processed[-1].order
    parameters = {"contest": contest.value, "first": first, "last": last}
    with database.reading() as connection:
        stored = {order: bytes(text) for order, text in connection.execute(_COUNTED, parameters)}
    rows = (
        Row(each.order, decode(stored[each.order]) if each.order in stored else each.protocol)
        for each in cut.processed
    )
    return tables(contest, rows)
