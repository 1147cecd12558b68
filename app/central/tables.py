"""The CSV twins of `vysledky_okrsky` batches: the whole protocols of what a batch holds, from the store.

A batch in memory has no preferential votes, and the tables have them all; for a batch of two thousand
precincts that is almost a second of work. It must not hold up the results, so a thread of its own makes
the tables, and the next publication takes what is ready.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.exc import DBAPIError

from app.central.database import Database
from app.central.editions import File
from app.central.grid import Cut
from app.central.schema import revision
from app.central.stored import decode
from app.documents.feed.tables import Row, tables
from app.election.model import Contest

_log = logging.getLogger(__name__)
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
Files = Mapping[str, File]


class _Begun(NamedTuple):
    contest: Contest
    cut: Cut
    files: Future[Files]


class Tables:
    """The tables that are being made, in the order of their batches."""

    def __init__(self, database: Database, make: Callable[[int, Mapping[str, bytes]], Files]) -> None:
        """`make(number, tables)` makes the files of a batch, ready to be published."""
        self._database = database
        self._make = make
        self._begun: list[_Begun] = []
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="tables")

    def begin(self, contest: Contest, cut: Cut, ready: Callable[[], None]) -> None:
        """Make the tables of a batch; `ready` is called on the thread that made them."""
        future = self._pool.submit(self._files, contest, cut)
        self._begun.append(_Begun(contest, cut, future))
        future.add_done_callback(lambda _: ready())

    def waits(self, whole: bool) -> bool:
        """Whether there is something to take; with `whole` also what is still being made."""
        return bool(self._begun) and (whole or self._begun[0].files.done())

    def take(self, *, wait: bool) -> list[Files]:
        """What is ready, in its order, or with `wait` everything that was begun. What the store would not
        give is begun again."""
        taken = []
        while self._begun and (wait or self._begun[0].files.done()):
            contest, cut, future = self._begun[0]
            try:
                taken.append(future.result())
            except DBAPIError as error:
                _log.error("tables of batch %d: %s", cut.number, type(error.orig).__name__)
                again = self._pool.submit(self._files, contest, cut)
                self._begun[0] = _Begun(contest, cut, again)
                break
            del self._begun[0]
        return taken

    def close(self) -> None:
        """Let the thread finish what it is doing and leave the rest."""
        self._pool.shutdown(cancel_futures=True)
        self._begun.clear()

    def _files(self, contest: Contest, cut: Cut) -> Files:
        return self._make(cut.number, tables_of(self._database, contest, cut))


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
