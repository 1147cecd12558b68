"""What a proposal stands on: the facts that were shown with it, which must still hold when it is approved.

They are read where the act will be given, in its transaction. Whoever approves a withdrawal withdraws the
very revision that he saw; who declares an area complete, the very sums.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from app.central import settling
from app.central.acts import Books
from app.central.room import wishes
from app.central.room.wishes import Content, Kind
from app.central.schema import revision
from app.election.model import ProtocolKey


def of(connection: Connection, books: Books, kind: Kind, content: Content) -> dict[str, str]:
    """The facts behind a proposal, as text by name. Raises KnownError where there is nothing of the kind."""
    if kind is Kind.SETTLE:
        return _of_quarantine(connection, content["station"])
    if kind is Kind.CANCEL:
        found = books.ledger.find(int(content["act"]))
        return {} if found is None else {"act": f"{found.kind} {found.contest} {found.at.isoformat()}"}
    if "precinct" in content:
        return _of_protocol(connection, books, wishes.key_of(content))
    return _of_area(books, kind, content)


def _of_protocol(connection: Connection, books: Books, key: ProtocolKey) -> dict[str, str]:
    columns = revision.c
    row = connection.execute(
        select(columns.revision, columns.content_hash, columns.station, columns.processed_at)
        .where(
            columns.contest == key.contest.value, columns.municipality == key.precinct.municipality,
            columns.precinct == key.precinct.number, columns.processing_order.is_not(None),
        )
        .order_by(columns.processing_order.desc())
        .limit(1)
    ).first()  # fmt: skip
    count = books.counts.get(key.contest)
    counted = count is not None and count.tally.is_counted(key.precinct)
    if row is None or not counted:
        return {"counted": "no"}
    return {
        "counted": "yes", "revision": str(row.revision), "content": row.content_hash,
        "station": row.station, "processed_at": row.processed_at,
    }  # fmt: skip


def _of_area(books: Books, kind: Kind, content: Content) -> dict[str, str]:
    want = wishes.wanted(kind, content)
    count = books.counts.get(want.contest)
    sums = None if count is None else count.tally.area(want.area, want.area_number)
    if sums is None:
        return {}
    facts = {
        "processed": f"{sums.precincts_processed} / {sums.precincts_expected}",
        "valid_votes": str(sums.valid_votes),
    }
    for waiting in books.undecided():
        if (waiting.contest, waiting.number) == (want.contest, want.area_number):
            facts["undecided"] = waiting.cs
    return facts


def _of_quarantine(connection: Connection, station: str) -> dict[str, str]:
    found = settling.shown_within(connection, station)
    facts = {
        "in_force": "yes" if found.in_force else "no", "since": found.since, "chain": found.chain,
        "taken": found.taken[-1].sha256 if found.taken else "",
    }  # fmt: skip
    for number, branch in enumerate(found.branches, start=1):
        lacking = sum(not item.at_centre for each in branch.batches for item in each.items)
        facts[f"branch_{number}"] = f"{branch.tip} ({len(branch.batches)}; {lacking})"
    return facts
