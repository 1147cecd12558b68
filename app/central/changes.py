"""The numbered list of everything that was published: first results, corrections, withdrawals.

An item is written in the transaction that claims the version which shows it, so a version that was killed
before it was written says the very same after the next start. Items follow the order of counting, which is
the order of the commits; so the list is a function of the store, and the Merkle tree over it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, bindparam, func, select

from app.central.prepared import Prepared
from app.central.schema import change, publication, revision
from app.central.store import StoredRevision
from app.documents.feed.changes import Change, ChangeKind, ChangesFile, Published, Told, entry
from app.documents.feed.parts import Issue
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.trust.merkle import Frontier, leaf_hash

_INSERT = Prepared(change.insert())
_ALL = select(
    change.c.number,
    change.c.version,
    change.c.contest,
    change.c.municipality,
    change.c.precinct,
    change.c.kind,
    change.c.content_hash,
    change.c.source,
    change.c.leaf,
).order_by(change.c.number)
_WITH_TEXT = (
    select(change, publication.c.at, revision.c.protocol)
    .join(publication, publication.c.version == change.c.version)
    .outerjoin(
        revision,
        and_(
            revision.c.contest == change.c.contest,
            revision.c.municipality == change.c.municipality,
            revision.c.precinct == change.c.precinct,
            revision.c.revision == change.c.revision,
            change.c.kind != ChangeKind.WITHDRAWAL.value,
        ),
    )
    .order_by(change.c.number)
)
_OF_VERSION = _WITH_TEXT.where(change.c.version == bindparam("version"))
_AFTER = _WITH_TEXT.where(change.c.number > bindparam("after"), change.c.version <= bindparam("upto")).limit(
    bindparam("most")
)
_AT = select(publication.c.at).where(publication.c.version == bindparam("version"))
_PREVIOUS = select(func.max(change.c.version)).where(change.c.version < bindparam("version"))
_VERSIONS = (
    select(change.c.version)
    .where(change.c.version > bindparam("after"))
    .distinct()
    .order_by(change.c.version)
)


class _Waiting(NamedTuple):
    """Counted, and not claimed by any version yet. `source` is the number of a revision's row or an act's."""

    key: ProtocolKey
    revision: int
    kind: ChangeKind
    reason: str
    taken_at: str
    content_hash: str
    source: int


class Changes:
    """What is claimed so far and what waits for the next claim; for one thread."""

    def __init__(self, connection: Connection) -> None:
        """Load what was claimed before."""
        self.last_version = 0  # of the last changes file; 0 before the first
        self._last_at: datetime | None = None  # when it was published
        self._tree = Frontier()
        self._hashes: dict[ProtocolKey, str] = {}
        self._last_revision = self._last_act = 0
        self._waiting: list[_Waiting] = []
        for _, version, contest, municipality, precinct, kind, content, source, leaf in connection.execute(
            _ALL
        ):
            key = ProtocolKey(PrecinctId(municipality, precinct), Contest(contest))
            self._add(key, ChangeKind(kind), content, source, bytes.fromhex(leaf))
            self.last_version = version
        at = connection.execute(_AT, {"version": self.last_version}).scalar()
        if at is not None:
            self._last_at = datetime.fromisoformat(at)

    @property
    def size(self) -> int:
        """How many items were claimed: the last one's number."""
        return self._tree.size

    def root(self) -> bytes:
        """The Merkle root over them."""
        return self._tree.root()

    def counted(self, row: StoredRevision) -> None:
        """A revision counts from now on. Said again at a rebuild, it changes nothing."""
        if row.id > self._last_revision:
            kind = ChangeKind.CORRECTION if row.resent else ChangeKind.FIRST
            key = ProtocolKey(PrecinctId(row.municipality, row.precinct), Contest(row.contest))
            self._waiting.append(
                _Waiting(key, row.revision, kind, "", row.processed_at, row.content_hash, row.id)
            )

    def withdrawn(self, act: int, key: ProtocolKey, revision: int, at: str) -> None:
        """Act number `act` withdrew a revision at the instant `at` (as the store keeps it). Said again at a
        rebuild, it changes nothing."""
        if act > self._last_act:
            self._waiting.append(_Waiting(key, revision, ChangeKind.WITHDRAWAL, f"UKON-{act}", at, "", act))

    def time_of(self, now: datetime) -> datetime:
        """When the next claim is published by a clock that says `now`: never before the changes published
        before it, nor before what it publishes was taken over, even if the clock went back."""
        waiting = [datetime.fromisoformat(self._waiting[-1].taken_at)] if self._waiting else []
        return max([now, *waiting, *([self._last_at] if self._last_at else [])])

    def claim(self, connection: Connection, version: int, at: datetime) -> None:
        """Number what waits and store it as the changes of `version`, published at `at`."""
        rows = []
        for number, waiting in enumerate(self._waiting, start=self.size + 1):
            key, revision_, kind, reason, taken_at, content, source = waiting
            taken = datetime.fromisoformat(taken_at)
            previous = self._hashes.get(key, "")
            item = Change(number, key, revision_, kind, reason, taken, previous, content)
            leaf = leaf_hash(entry(item, at))
            rows.append(_row(item, version, source, leaf) | {"taken_at": taken_at})
            self._add(key, kind, content, source, leaf)
        if rows:
            _INSERT.each(connection, rows)
            self.last_version, self._last_at = version, at
        self._waiting.clear()

    def _add(self, key: ProtocolKey, kind: ChangeKind, content: str, source: int, leaf: bytes) -> None:
        self._tree.append(leaf)
        self._hashes[key] = content
        if kind is ChangeKind.WITHDRAWAL:
            self._last_act = source
        else:
            self._last_revision = source


def versions(connection: Connection, after_version: int = 0) -> list[int]:
    """The versions after this one that have a changes file, ascending."""
    return list(connection.execute(_VERSIONS, {"after": after_version}).scalars())


def published_at(connection: Connection, version: int) -> datetime:
    """When a version was published."""
    return datetime.fromisoformat(connection.execute(_AT, {"version": version}).scalar_one())


def file_of(connection: Connection, issue: Issue, version: int) -> ChangesFile | None:
    """The changes file of a version, the same whenever it is asked for; None where there is none."""
    rows = connection.execute(_OF_VERSION, {"version": version}).all()
    if not rows:
        return None
    previous = connection.execute(_PREVIOUS, {"version": version}).scalar() or 0
    published = Published(version, datetime.fromisoformat(rows[0].at))
    return ChangesFile(issue, published, previous, tuple(_told(row) for row in rows))


def after(connection: Connection, number: int, upto: int, most: int) -> Iterator[tuple[Published, Told]]:
    """At most `most` items after item `number`, published up to version `upto`."""
    for row in connection.execute(_AFTER, {"after": number, "upto": upto, "most": most}):
        yield Published(row.version, datetime.fromisoformat(row.at)), _told(row)


def _row(item: Change, version: int, source: int, leaf: bytes) -> dict[str, object]:
    return {
        "number": item.number,
        "version": version,
        "contest": item.key.contest.value,
        "municipality": item.key.precinct.municipality,
        "precinct": item.key.precinct.number,
        "revision": item.revision,
        "kind": item.kind.value,
        "reason": item.reason,
        "previous_hash": item.previous_hash,
        "content_hash": item.content_hash,
        "source": source,
        "leaf": leaf.hex(),
    }


def _told(row: Row[Any]) -> Told:
    key = ProtocolKey(PrecinctId(row.municipality, row.precinct), Contest(row.contest))
    item = Change(
        row.number,
        key,
        row.revision,
        ChangeKind(row.kind),
        row.reason,
        datetime.fromisoformat(row.taken_at),
        row.previous_hash,
        row.content_hash,
    )
    return Told(item, "" if row.protocol is None else bytes(row.protocol).decode("ascii"))
