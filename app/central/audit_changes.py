"""The audit's part for what was published: each item of the list of changes is a revision or a withdrawal
that the store holds and hashes to its leaf, and the tree over them has the root that the journal noted when
the version was claimed. Versions that brought no change are in no journal, for there is one a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.central import schema
from app.central.audit_operators import ToldRow
from app.documents.act import Kind
from app.documents.feed.changes import Change, ChangeKind, entry
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.trust.merkle import Frontier, leaf_hash


def broken(connection: Connection, told: list[ToldRow]) -> Iterator[str]:
    """Items and versions that do not fit, in the order of their numbers."""
    table = schema.change
    revisions, acts = _sources(connection)
    hashes: dict[ProtocolKey, str] = {}
    tree, waiting = Frontier(), deque(told)
    published = {row.version: row for row in connection.execute(select(schema.publication))}
    rows = connection.execute(select(table).order_by(table.c.number)).mappings()
    for number, row in enumerate(rows, start=1):
        key, version = _key(row), published.get(row["version"])
        right = (acts if row["kind"] == ChangeKind.WITHDRAWAL else revisions).get(row["source"])
        ours = (key, row["revision"], row["kind"], row["reason"], row["taken_at"], row["content_hash"])
        is_told = bool(waiting) and waiting[0].subject == str(row["version"])
        follows = row["number"] == number and row["previous_hash"] == hashes.get(key, "")
        if version is None or not is_told or not follows or ours != right:
            yield f"change {row['number']}"
            return
        leaf = _leaf(row, key, version.at)
        tree.append(leaf)
        hashes[key] = row["content_hash"]
        if row["leaf"] != leaf.hex():
            yield f"change {number}"
        if number == waiting[0].detail["changes"]:
            yield from _version(version, tree, waiting.popleft())
    if waiting:
        yield f"change: fewer than in the journal, version {waiting[0].subject}"


def _version(row: Any, tree: Frontier, said: ToldRow) -> Iterator[str]:
    """Whether the version is the one that the journal tells of, with the root over all items so far."""
    detail = said.detail
    ours = (row.at, row.last_revision, tree.root().hex())
    if ours != (detail["at"], detail["last_revision"], detail["root"]):
        yield f"publication {row.version}"


def closed(connection: Connection, told: list[ToldRow]) -> Iterator[str]:
    """Closed batches of precincts that are not those of the journal."""
    table = schema.published_batch
    rows = {
        f"{Contest(row['contest'])} {row['number']}": row
        for row in connection.execute(select(table)).mappings()
    }
    if len(rows) != len(told):
        yield f"published_batch: {len(rows)}, journal: {len(told)}"
    for said in told:
        row = rows.get(said.subject)
        if row is None:
            yield f"published_batch {said.subject}"
            continue
        ours = {
            "orders": [row["first_order"], row["last_order"]],
            "generated_at": row["generated_at"],
            "processed": row["precincts_processed"],
        }
        if ours != ours | said.detail:  # the first versions of the program told the orders alone
            yield f"published_batch {said.subject}"


def _sources(connection: Connection) -> tuple[dict[int, tuple[Any, ...]], dict[int, tuple[Any, ...]]]:
    """What an item has to say, by the number of the counted revision, and by that of the withdrawing act."""
    table = schema.revision
    columns = [column for column in table.c if column.name != "protocol"]
    revisions = {
        row["id"]: (
            _key(row), row["revision"], ChangeKind.CORRECTION if row["resent"] else ChangeKind.FIRST, "",
            row["processed_at"], row["content_hash"],
        )
        for row in connection.execute(
            select(*columns).where(table.c.processing_order.is_not(None)).order_by(table.c.id)
        ).mappings()
    }  # fmt: skip
    acts = {}
    table = schema.act
    for row in connection.execute(select(table).where(table.c.kind == Kind.WITHDRAWAL.value)).mappings():
        number, key = row["number"], _key(row)
        counted = [
            each[1]
            for source, each in revisions.items()
            if each[0] == key and source <= row["after_revision"]
        ]
        acts[number] = (
            key, counted[-1], ChangeKind.WITHDRAWAL, f"UKON-{number}", row["processed_at"], "",
        )  # fmt: skip
    return revisions, acts


def _leaf(row: Any, key: ProtocolKey, at: str) -> bytes:
    item = Change(
        row["number"], key, row["revision"], ChangeKind(row["kind"]), row["reason"],
        datetime.fromisoformat(row["taken_at"]), row["previous_hash"], row["content_hash"],
    )  # fmt: skip
    return leaf_hash(entry(item, datetime.fromisoformat(at)))


def _key(row: Any) -> ProtocolKey:
    return ProtocolKey(PrecinctId(row["municipality"], row["precinct"]), Contest(row["contest"]))
