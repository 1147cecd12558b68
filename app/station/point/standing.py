"""Which revision of a protocol stands in the whole point: this station's rows against what the others have.

    nothing accepted here, or given way          what another workstation took in stands
    a later revision of another is accepted      it stands over one of ours that was confirmed
    ours is on its way or was returned           ours is shown until the centre has answered and a conflict
                                                 is settled, and the other one beside it
    otherwise                                    ours

At the centre the accepted revision with the highest number stands, and so it does here; a batch that came
by a stick and of which the centre has said nothing yet counts for what it says, as not confirmed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from itertools import product
from typing import Protocol

from app.documents.receipt import Outcome
from app.election.complete import with_flags
from app.election.content import content_hash as hash_of
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.model import Protocol as ProtocolContent
from app.station.point.elsewhere import Elsewhere
from app.station.records import Stands, key_values, stands
from app.station.states import State
from app.station.store import from_instant


class Rows(Protocol):
    """What is needed of a store: all rows of a query."""

    def rows(self, sql: str, parameters: tuple[object, ...] = ()) -> list[sqlite3.Row]: ...


#: Runs one query with its parameters.
Query = Callable[[str, tuple[object, ...]], list[sqlite3.Row]]

_OF_KEY = " AND {0}.municipality = ?2 AND {0}.precinct = ?3 AND {0}.contest = ?4"
# Decisions in the order of their revisions, so that the last one of each protocol stands at the centre.
_DECIDED = (
    "SELECT d.municipality, d.precinct, d.contest, d.revision, d.content_hash, d.batch_number, d.station,"
    " d.decided_at AS at, d.processing_order FROM point_decisions AS d"
    " WHERE d.outcome = ?1{key} ORDER BY d.municipality, d.precinct, d.contest, d.revision"
)
_UNDECIDED = (
    "SELECT i.municipality, i.precinct, i.contest, i.revision, i.content_hash, i.batch_number, i.station,"
    " i.accepted_at AS at, NULL AS processing_order FROM point_items AS i"
    " WHERE i.station <> ?1{key} AND NOT EXISTS (SELECT 1 FROM point_decisions AS d"
    " WHERE d.station = i.station AND d.batch_number = i.batch_number)"
    " ORDER BY i.municipality, i.precinct, i.contest, i.revision, i.accepted_at DESC, i.station DESC"
)
_ALL_DECIDED, _ALL_UNDECIDED = _DECIDED.format(key=""), _UNDECIDED.format(key="")
_ONE_DECIDED = _DECIDED.format(key=_OF_KEY.format("d"))
_ONE_UNDECIDED = _UNDECIDED.format(key=_OF_KEY.format("i"))


def elsewhere(store: Rows, own: str) -> dict[ProtocolKey, Elsewhere]:
    """What stands at other workstations than `own`, for every protocol of which there is something."""
    return _found(
        store.rows(_ALL_DECIDED, (Outcome.ACCEPTED.value,)), store.rows(_ALL_UNDECIDED, (own,)), own
    )


def elsewhere_of(query: Query, own: str, key: ProtocolKey) -> Elsewhere | None:
    """The same for one protocol; `query` runs SQL, perhaps in the caller's transaction."""
    values = key_values(key)
    decided = query(_ONE_DECIDED, (Outcome.ACCEPTED.value, *values))
    return _found(decided, query(_ONE_UNDECIDED, (own, *values)), own).get(key)


def effective(db: sqlite3.Connection, own: str, key: ProtocolKey) -> Stands:
    """Where a protocol stands for whoever acts on it here: the last revision anywhere in the point, so that
    the next one is numbered after it, and the state that allows or forbids the next step."""
    other = elsewhere_of(lambda sql, values: db.execute(sql, values).fetchall(), own, key)
    return beside(stands(db, key), other)


def beside(local: Stands, other: Elsewhere | None) -> Stands:
    """Where it stands for whoever acts here, given where it stands here and at another workstation."""
    if other is None:
        return local
    revision = max(local.revision, other.revision)
    if local.state in (State.AWAITED, State.REFUSED):
        return Stands(State.CONFIRMED if other.confirmed else State.ACCEPTED, revision)
    return Stands(local.state, revision)


def other_stands(local: Stands, content_hash: str, other: Elsewhere) -> bool:
    """Whether a view shows what the other workstation took in, not what stands here with `content_hash`."""
    if local.state in (State.AWAITED, State.REFUSED):
        return True
    if not other.confirmed or other.revision <= local.revision:
        return False
    # What was returned here and stands there with the same content needs nobody's decision any more.
    return local.state is State.CONFIRMED or (
        local.state is State.RETURNED and other.content_hash == content_hash
    )


def same_content(protocol: ProtocolContent | None, content_hash: str) -> bool:
    """Whether a commission's figures are those behind a hash, whatever flags a transfer point raised."""
    return protocol is not None and any(
        hash_of(with_flags(protocol, corrected=corrected, passable_error=passable)) == content_hash
        for corrected, passable in product((False, True), repeat=2)
    )


def _found(
    decided: list[sqlite3.Row], undecided: list[sqlite3.Row], own: str
) -> dict[ProtocolKey, Elsewhere]:
    found: dict[ProtocolKey, Elsewhere] = {}
    firsts: dict[ProtocolKey, datetime] = {}
    for row in decided:
        key, at = _key(row), from_instant(row["at"])
        first = firsts.setdefault(key, at)
        found[key] = _made(row, at, first, confirmed=True)
    found = {key: one for key, one in found.items() if one.station != own}
    for row in undecided:
        key, at = _key(row), from_instant(row["at"])
        before = found.get(key)
        if (
            before is None
            or before.revision < row["revision"]
            or (before.revision == row["revision"] and not before.confirmed)
        ):
            found[key] = _made(row, at, firsts.setdefault(key, at), confirmed=False)
    return found


def _key(row: sqlite3.Row) -> ProtocolKey:
    return ProtocolKey(PrecinctId(row["municipality"], row["precinct"]), Contest(row["contest"]))


def _made(row: sqlite3.Row, at: datetime, first: datetime, *, confirmed: bool) -> Elsewhere:
    return Elsewhere(
        row["station"], row["revision"], row["content_hash"], confirmed, at, first, row["batch_number"],
        row["processing_order"],
    )  # fmt: skip
