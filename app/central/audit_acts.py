"""The audit's part for acts: each is what the journal tells and what the centre signed, and no other.

An act moves what is counted and the floor under the times of processing, so the checks of revisions and
publications ask here how far.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from app.central import schema
from app.central.acts import JOURNALLED
from app.central.senders import Seal
from app.documents import act as documents
from app.documents.act import Act, Kind
from app.election.errors import KnownError
from app.election.model import PrecinctId
from app.trust import cms
from app.trust.chain import batch_hash
from app.trust.identity import Expected, Role


class ToldAct(NamedTuple):
    """A row of the journal that tells of an act."""

    act: str
    at: str
    detail: dict[str, Any]


def broken(connection: Connection, told: list[ToldAct], seal: Seal, election: str) -> Iterator[str]:
    """The places that do not fit."""
    table, count = schema.act, 0
    rows = connection.execute(select(table).order_by(table.c.number)).mappings()
    for count, row in enumerate(rows, start=1):
        if count > len(told):
            yield f"act {row['number']}"
            return
        said = told[count - 1]
        detail = said.detail
        ours = (row["number"], row["after_revision"], row["processed_at"], row["processing_order"],
                row["cancels"], batch_hash(row["raw"]))  # fmt: skip
        right = (count, detail["after_revision"], detail["processed_at"], detail["order"],
                 detail.get("cancels"), detail["sha256"])  # fmt: skip
        if ours != right or detail["number"] != count or not _is_signed(row, said, seal, election):
            yield f"act {row['number']}"
    if count != len(told):
        yield f"act: {count}, journal: {len(told)}"


def _is_signed(row: Any, said: ToldAct, seal: Seal, election: str) -> bool:
    """The file is signed by the centre and says what the row says."""
    at = datetime.fromisoformat(said.at)
    try:
        content = cms.verify(bytes(row["raw"]), seal.anchors, at, Expected(Role.CENTRE, election)).content
        act = documents.read(content)
    except KnownError:
        return False
    precinct = None
    if row["municipality"] is not None or row["precinct"] is not None:
        precinct = PrecinctId(row["municipality"], row["precinct"])
    return said.act == JOURNALLED[act.kind] and _columns(act) == (
        row["number"], row["kind"], row["contest"], precinct, row["processing_order"], row["cancels"],
    )  # fmt: skip


def _columns(act: Act) -> tuple[object, ...]:
    kind, contest = act.kind.value, act.contest.value
    return act.number, kind, contest, act.precinct, act.order or None, act.cancels or None


def floors(connection: Connection) -> list[tuple[int, str]]:
    """After which revision each act comes, and the time before which nothing is processed from then on."""
    columns = schema.act.c
    rows = connection.execute(
        select(columns.after_revision, columns.processed_at).order_by(columns.number)
    ).all()
    return [(row.after_revision, row.processed_at) for row in rows]


class Processed:
    """How many precincts were processed after each revision, by contest."""

    def __init__(self, connection: Connection) -> None:
        self._more: dict[str, list[int]] = defaultdict(list)  # revisions with which a precinct counts (again)
        self._fewer: dict[str, list[int]] = defaultdict(list)  # revisions after which one was withdrawn
        columns = schema.revision.c
        first = (
            select(columns.contest, func.min(columns.id))
            .where(columns.processing_order.is_not(None))
            .group_by(columns.contest, columns.municipality, columns.precinct)
        )
        for contest, revision in connection.execute(first):
            self._more[contest].append(revision)
        acts = select(schema.act).where(schema.act.c.kind == Kind.WITHDRAWAL.value)
        for row in connection.execute(acts).all():
            self._fewer[row.contest].append(row.after_revision)
            again = connection.execute(
                select(func.min(columns.id)).where(
                    columns.contest == row.contest,
                    columns.municipality == row.municipality,
                    columns.precinct == row.precinct,
                    columns.processing_order.is_not(None),
                    columns.id > row.after_revision,
                )
            ).scalar()
            if again is not None:
                self._more[row.contest].append(again)
        for known in (self._more, self._fewer):
            for revisions in known.values():
                revisions.sort()

    def possible(self, contest: str, revision: int) -> range:
        """How many there may have been in a publication with this last revision: some acts that come right
        after it may be in the publication or not."""
        more = bisect_right(self._more[contest], revision)
        fewer = self._fewer[contest]
        return range(more - bisect_right(fewer, revision), more - bisect_left(fewer, revision) + 1)
