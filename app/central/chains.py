"""A station in quarantine, and the way out: which of its chains goes on.

Two batches that both claim one place mean that a station's store was put back from an old copy, or that
its key works on two computers. Nobody at the centre can tell which of the two is right, so the station is
in quarantine from that batch on: whatever else it sends is set aside, nothing is lost, and an operator
looks at both branches and settles which one goes on (`app.central.settling`). A register of acts, as that
of stations: the last row of a station says what holds.

A chain has a name: the station's own (`662-1`), and `662-1/2`, `662-1/3`… for those that an operator let
go on instead. Such a chain begins with the batches of its parent up to the fork. The column `station` of
the batches holds the chain's name; who signed is in the batch itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.central import journal, refusals, store
from app.central.answers import SetAside
from app.central.journal import Head
from app.central.prepared import Prepared
from app.central.schema import batch, chain_act, released, set_aside
from app.central.store import ChainView, Link
from app.documents.batch import Batch

QUARANTINED = "QUARANTINED"
SETTLED = "SETTLED"
#: higher than any batch's number
_END = 2**62


class Standing(NamedTuple):
    """How a station stands: the name of its chain in force; in `quarantine` nothing is taken from it."""

    chain: str
    quarantine: bool
    since: str
    last_id: int


class Segment(NamedTuple):
    """The part of a chain that lies under one name: numbers from `low` to `high`, both included."""

    chain: str
    low: int
    high: int


_LAST = Prepared(
    select(chain_act.c.chain, chain_act.c.act, chain_act.c.at, chain_act.c.id)
    .where(chain_act.c.station == bindparam("station"))
    .order_by(chain_act.c.id.desc())
    .limit(1)
)
_LAST_ID = select(func.max(chain_act.c.id))
_STATIONS = select(chain_act.c.station).distinct().order_by(chain_act.c.station)
_FORKS = Prepared(
    select(chain_act.c.chain, chain_act.c.parent, chain_act.c.fork_number).where(
        chain_act.c.station == bindparam("station"), chain_act.c.parent != ""
    )
)
_LINKS = (
    select(batch.c.number, batch.c.sha256, batch.c.previous_hash)
    .where(batch.c.station == bindparam("chain"), batch.c.number.between(bindparam("low"), bindparam("high")))
    .order_by(batch.c.number)
)
_PLACE_OF = select(batch.c.station, batch.c.number).where(batch.c.sha256 == bindparam("sha256"))
_ASIDE = select(set_aside.c.id).where(
    set_aside.c.sha256 == bindparam("sha256"),
    set_aside.c.sha256.not_in(select(released.c.sha256)),
)
_RELEASED = select(released.c.settlement).where(released.c.sha256 == bindparam("sha256"))


def name_of(station: str, nth: int) -> str:
    """The name of a station's nth chain, from 1."""
    return station if nth == 1 else f"{station}/{nth}"


def station_of(chain: str) -> str:
    """Whose chain it is."""
    return chain.partition("/")[0]


def standing(connection: Connection, station: str) -> Standing:
    """How a station stands now."""
    row = _LAST.row(connection, station=station)
    return (
        Standing(station, False, "", 0) if row is None else Standing(row[0], row[1] == QUARANTINED, *row[2:])
    )


def in_quarantine(connection: Connection) -> list[str]:
    """The stations that wait for a decision, by name."""
    found = connection.execute(_STATIONS).scalars().all()
    return [station for station in found if standing(connection, station).quarantine]


def names(connection: Connection, stations: Iterable[str]) -> list[str]:
    """The names of all chains that these stations ever had."""
    found = list(stations)
    for station in tuple(found):
        found += [chain for chain, _, _ in _FORKS.rows(connection, station=station)]
    return found


def segments(connection: Connection, station: str) -> list[Segment]:
    """The parts of the chain in force, from its beginning."""
    forks = {chain: (parent, number) for chain, parent, number in _FORKS.rows(connection, station=station)}
    chain, high = standing(connection, station).chain, _END
    parts: list[Segment] = []
    while chain in forks:
        parent, number = forks[chain]
        parts.append(Segment(chain, number + 1, high))
        chain, high = parent, min(number, high)
    return [Segment(chain, 1, high), *reversed(parts)]


def links(connection: Connection, station: str) -> dict[int, Link]:
    """Every batch of the chain in force, by its number."""
    return {
        number: Link(own, previous)
        for part in segments(connection, station)
        for number, own, previous in connection.execute(_LINKS, part._asdict())
    }


def view(connection: Connection, batch_: Batch, hot: ChainView) -> ChainView:
    """What `store.chain_view` tells, of a station that was in quarantine once. Raises SetAside while it is
    there (ING-15), and for what continues a branch that was given up (ING-16)."""
    number, station = batch_.number, batch_.station
    stands = standing(connection, station)
    if stands.quarantine:
        raise SetAside(refusals.IN_QUARANTINE, number)
    if is_given_up(connection, station, batch_.previous_hash):
        raise SetAside(refusals.GIVEN_UP, number)
    held = links(connection, station)
    near = {each: held[each] for each in (number - 1, number, number + 1) if each in held}
    own = len(store.numbers(connection, stands.chain))
    before = sum(each < number for each in held)
    return replace(hot, batches=own, before=before, neighbours=near, chain=stands.chain)


def is_given_up(connection: Connection, station: str, previous_hash: str) -> bool:
    """Whether the batch with this hash is of a branch that does not go on."""
    parameters = {"sha256": previous_hash}
    place = connection.execute(_PLACE_OF, parameters).first()
    if place is not None:
        chain, number = place
        return not any(
            part.chain == chain and part.low <= number <= part.high for part in segments(connection, station)
        )
    return connection.execute(_ASIDE, parameters).first() is not None


def is_released(connection: Connection, sha256: str) -> bool:
    """Whether a batch was set aside once and is to be judged again."""
    return connection.execute(_RELEASED, {"sha256": sha256}).first() is not None


def quarantine(
    connection: Connection, last: Head, station: str, code: str, sha256: str, at: datetime
) -> Head:
    """Put a station in quarantine, in the transaction that sets its batch aside; nothing when it is there."""
    stands = standing(connection, station)
    if stands.quarantine:
        return last
    write(
        connection, station=station, act=QUARANTINED, chain=stands.chain, parent="", fork_number=0, code=code,
        sha256=sha256, at=journal.stamp(at), reason="",
    )  # fmt: skip
    detail = {"code": code, "sha256": sha256, "chain": stands.chain, "alarm": True}
    return journal.write(connection, last, at, journal.Act.STATION_QUARANTINED, station, detail)


def write(connection: Connection, **row: object) -> int:
    """Append an act; returns its number."""
    number = int(connection.execute(_LAST_ID).scalar() or 0) + 1
    connection.execute(chain_act.insert(), {"id": number, **row})
    return number
