"""Accepting and pushing until the sender rests, for the tests of sending."""

from __future__ import annotations

from app.documents import batch as batches
from app.election.model import ProtocolKey
from app.election.reference import Reference
from app.station.sending import Sender
from app.station.states import State
from app.station.station import Station
from app.trust import cms
from app.trust.identity import Expected, Role
from tests.support.station_world import (
    CLERK,
    Clock,
    authority,
    file_of,
    readings,
)


def accept(station: Station, reference: Reference, count: int | None = None) -> list[ProtocolKey]:
    """Accept the first so many that have not been accepted."""
    todo = [item for item in readings(reference).items() if station.row(item[0]).revision == 0]  # type: ignore
    for _, reading in todo[:count]:
        (offer,) = station.intake.read_bytes("zapis.xml", file_of(reading))
        station.intake.accept(offer, CLERK)
    return [key for key, _ in todo[:count]]


def run(sender: Sender, clock: Clock, most: int = 200) -> None:
    """Step, letting the time pass, until nothing is due any more."""
    for _ in range(most):
        due = sender.step(clock())
        if due is None:
            return
        clock.now = max(clock.now, due)
    raise AssertionError("the sender does not come to rest")


def states(station: Station) -> set[State]:
    return {row.state for row in station.completeness().rows}


def opened(data: bytes, clock: Clock) -> batches.Batch:
    ours = Expected(Role.STATION, "zk2024", 41, "41-1")
    verified = cms.verify(data, authority("zk2024").anchors, clock(), ours)
    return batches.read(verified.content)
