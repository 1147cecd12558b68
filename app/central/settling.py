"""What an operator does about a station in quarantine: list, look at both branches, settle.

Settling says which side of the fork goes on, with a reason, and is journaled. `centre`: the chain that the
centre has goes on; what was set aside only because the station was in quarantine is judged when it comes
again, the other branch is given up. `branch`: the branch that was set aside goes on as a chain of its own
from the fork; its batches come again by themselves and are judged. Nothing that counts already is taken
back by either: the unit of truth is a precinct's revision, and the first that came stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from app.central import chains, journal, refusals, store
from app.central.chains import Segment
from app.central.database import Database, Within, nothing_more
from app.central.goes_on import GoesOn
from app.central.schema import batch, chain_act, released, set_aside, verdict
from app.documents import batch as batch_document
from app.documents.receipt import Outcome
from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, ProtocolKey
from app.trust import message
from app.trust.chain import GENESIS


class Item(NamedTuple):
    """One protocol of a batch. `at_centre`: what the centre has of this revision: "" nothing, "same", "other"
    content; of a batch that was taken: the centre's verdict."""

    key: ProtocolKey
    revision: int
    content_hash: str
    at_centre: str


class Seen(NamedTuple):
    """One batch as the centre has it, taken (`code` is empty) or set aside."""

    sha256: str
    number: int
    previous: str
    received_at: str
    code: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """Batches that were set aside and follow one another; the first one contradicts the chain. `parent` is
    the chain that it leaves after its batch `fork_number`; None where the batch before it is missing."""

    batches: tuple[Seen, ...]
    parent: str | None
    fork_number: int

    @property
    def tip(self) -> str:
        return self.batches[-1].sha256


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A station in quarantine, or with branches that were given up: what the centre took from the fork on,
    and the branches."""

    station: str
    chain: str
    in_force: bool
    since: str
    taken: tuple[Seen, ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """`chain` goes on; `released` batches that were set aside are judged when they come again."""

    chain: str
    released: int


_STATIONS = select(chain_act.c.station).distinct().order_by(chain_act.c.station)
_ASIDE = (
    select(set_aside)
    .where(
        set_aside.c.code.in_([each.code for each in (*refusals.QUARANTINES, *refusals.OF_A_QUARANTINE)]),
        set_aside.c.sha256.not_in(select(released.c.sha256)),
    )
    .order_by(set_aside.c.id)
)
_PLACE_OF = select(batch.c.station, batch.c.number)
_CAUSE = (
    select(chain_act.c.sha256)
    .where(chain_act.c.act == chains.QUARANTINED)
    .order_by(chain_act.c.id.desc())
    .limit(1)
)


def listed(database: Database) -> list[chains.Standing]:
    """Every station that was ever in quarantine, as it stands now, by name."""
    with database.reading() as connection:
        found = connection.execute(_STATIONS).scalars().all()
        return [chains.standing(connection, station) for station in found]


def shown(database: Database, station: str) -> Quarantine:
    """Both sides of a station's fork. Raises KnownError CEN-50 when the station never was in quarantine."""
    with database.reading() as connection:
        return shown_within(connection, station)


def settle(
    database: Database,
    station: str,
    goes_on: GoesOn,
    branch: str,
    reason: str,
    at: datetime,
    within: Within = nothing_more,
) -> Settled:
    """Say which side goes on, at once. `branch` is the beginning of a hash of the branch's last batch; empty:
    the branch that caused the quarantine. `within` is called first in its transaction, and stops it by
    raising. Raises KnownError CEN-50 to CEN-53; nothing is changed then."""
    if not reason.strip():
        raise KnownError(
            "CEN-53",
            "Uveďte důvod rozhodnutí; zůstane v deníku ústředí.",
            "Give the reason of the decision; it stays in the centre's journal.",
        )
    with database.writing() as connection:
        within(connection)
        found = shown_within(connection, station)
        if goes_on is GoesOn.CENTRE:
            return _centre_goes_on(connection, found, reason, at)
        return _branch_goes_on(connection, found, _chosen(connection, found, branch), reason, at)


def _centre_goes_on(connection: Connection, found: Quarantine, reason: str, at: datetime) -> Settled:
    if not found.in_force:
        raise KnownError(
            "CEN-51",
            f"Stanice {found.station} v karanténě není; její řetěz {found.chain} pokračuje.",
            f"The station {found.station} is not in quarantine; its chain {found.chain} goes on.",
        )
    forked = {each.sha256 for one in found.branches for each in one.batches}
    waiting = refusals.IN_QUARANTINE.code
    rows = connection.execute(_ASIDE.where(set_aside.c.station == found.station)).all()
    again = [row.sha256 for row in rows if row.code == waiting and row.sha256 not in forked]
    given_up = [one.tip for one in found.branches]
    return _write(connection, found.station, found.chain, None, again, given_up, reason, at)


def _branch_goes_on(
    connection: Connection, found: Quarantine, one: Branch, reason: str, at: datetime
) -> Settled:
    names = chains.names(connection, [found.station])
    new = chains.name_of(found.station, len(names) + 1)
    again = [each.sha256 for each in one.batches]
    given_up = [each.sha256 for each in found.taken[-1:]]
    return _write(connection, found.station, new, one, again, given_up, reason, at)


def _write(
    connection: Connection,
    station: str,
    chain: str,
    one: Branch | None,
    again: list[str],
    given_up: list[str],
    reason: str,
    at: datetime,
) -> Settled:
    number = chains.write(
        connection, station=station, act=chains.SETTLED, chain=chain,
        parent=(one.parent or "") if one else "", fork_number=one.fork_number if one else 0,
        code="", sha256=one.tip if one else "", at=journal.stamp(at), reason=reason,
    )  # fmt: skip
    if again:
        connection.execute(released.insert(), [{"sha256": sha256, "settlement": number} for sha256 in again])
    detail: dict[str, object] = {
        "goes_on": str(GoesOn.BRANCH if one else GoesOn.CENTRE), "chain": chain, "reason": reason,
        "released": again, "given_up": given_up,
    }  # fmt: skip
    if one:
        detail |= {"parent": one.parent, "fork_number": one.fork_number, "tip": one.tip}
    journal.write(connection, journal.head(connection), at, journal.Act.STATION_SETTLED, station, detail)
    return Settled(chain, len(again))


def _chosen(connection: Connection, found: Quarantine, prefix: str) -> Branch:
    if prefix:
        chosen = [one for one in found.branches if one.tip.startswith(prefix.lower())]
    else:
        cause = connection.execute(_CAUSE.where(chain_act.c.station == found.station)).scalar()
        chosen = [one for one in found.branches if any(each.sha256 == cause for each in one.batches)]
    if len(chosen) != 1 or chosen[0].parent is None:
        raise KnownError(
            "CEN-52",
            f"Není jasné, která větev stanice {found.station} má pokračovat, nebo jí chybějí dřívější dávky. "
            "Vypište větve (quarantine show) a začátek otisku zvolené uveďte v --branch.",
            f"It is not clear which branch of the station {found.station} goes on, or batches before it are "
            "missing. Look at the branches (quarantine show) and name one by --branch.",
        )
    return chosen[0]


def shown_within(connection: Connection, station: str) -> Quarantine:
    """The same in a transaction of the caller's."""
    stands = chains.standing(connection, station)
    if not stands.last_id:
        raise KnownError(
            "CEN-50",
            f"Stanice {station} v karanténě není a nebyla.",
            f"The station {station} is not and was not in quarantine.",
        )
    rows = connection.execute(_ASIDE.where(set_aside.c.station == station)).all()
    aside = [_aside(connection, row) for row in rows]
    branches = tuple(_branches(connection, station, aside))
    low = min((one.fork_number for one in branches if one.parent is not None), default=0) + 1
    taken = [
        each
        for part in chains.segments(connection, station)
        for each in _taken(connection, part._replace(low=max(low, part.low)))
    ]
    return Quarantine(station, stands.chain, stands.quarantine, stands.since, tuple(taken), branches)


def _branches(connection: Connection, station: str, aside: list[Seen]) -> Iterable[Branch]:
    by_hash = {each.sha256: each for each in aside}
    parents = {each.previous for each in aside}
    for tip in aside:
        if tip.sha256 in parents:
            continue
        path = [tip]
        while (before := by_hash.get(path[0].previous)) is not None:
            path.insert(0, before)
        if path[0].code == refusals.IN_QUARANTINE.code:
            continue  # it continues the chain that the centre has
        yield Branch(tuple(path), *_fork(connection, station, path[0]))


def _fork(connection: Connection, station: str, first: Seen) -> tuple[str | None, int]:
    if (first.number, first.previous) == (1, GENESIS):
        return station, 0
    place = connection.execute(_PLACE_OF.where(batch.c.sha256 == first.previous)).first()
    if place is None or place.number != first.number - 1:
        return None, first.number - 1
    return place.station, place.number


def _aside(connection: Connection, row: Row[Any]) -> Seen:
    said = batch_document.read(message.decode(bytes(row.raw)).content or b"")
    items = tuple(
        Item(
            item.reading.key, item.acceptance.revision, item.acceptance.content_hash,
            _at_centre(connection, item.reading.key, item.acceptance.revision, item.acceptance.content_hash),
        )
        for item in said.items
    )  # fmt: skip
    sha256, received, code = row.sha256, row.received_at, row.code
    return Seen(sha256, said.number, said.previous_hash, received, code, items)


def _at_centre(connection: Connection, key: ProtocolKey, revision: int, content: str) -> str:
    found = store.held(connection, [key])[key].get(revision)
    return "" if found is None else "same" if found.content_hash == content else "other"


def _taken(connection: Connection, part: Segment) -> list[Seen]:
    rows = connection.execute(
        select(batch.c.id, batch.c.sha256, batch.c.number, batch.c.previous_hash, batch.c.received_at)
        .where(batch.c.station == part.chain, batch.c.number.between(part.low, part.high))
        .order_by(batch.c.number)
    ).all()
    found = []
    for row in rows:
        said = connection.execute(
            select(verdict).where(verdict.c.batch == row.id).order_by(verdict.c.position)
        ).all()
        items = tuple(
            Item(
                ProtocolKey(PrecinctId(each.municipality, each.precinct), Contest(each.contest)),
                each.revision, each.content_hash, Outcome(each.outcome).value,
            )
            for each in said
        )  # fmt: skip
        found.append(Seen(row.sha256, row.number, row.previous_hash, row.received_at, "", items))
    return found
