"""Typing a protocol as a typist does: every field of the paper left in turn, each saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from app.election.errors import KnownError
from app.election.model import Contest, PrecinctId, Protocol, ProtocolKey
from app.election.verdict import FieldRef
from app.station.entry.drafts import Draft
from app.station.figures import figures
from app.station.offers import Offer
from app.station.states import Role, User
from app.station.station import Station
from tests.support.station_world import CLERK, OTHER_CLERK, all_rows

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
SENATE_KEY = ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1)
ELSEWHERE = ProtocolKey(PrecinctId(550003, 1), Contest.REGIONAL)
TECHNICIAN = User("Oto Technik", Role.TECHNICIAN)
BOTH = (CLERK, OTHER_CLERK)

Typed = Mapping[FieldRef, int | None]


def paper_of(station: Station, protocol: Protocol) -> dict[FieldRef, int | None]:
    """What stands in each box that a typist fills in; a candidate of T/5 without votes has a 0."""
    stated = figures(protocol)
    if protocol.contest.is_senate:
        return {field: stated.get(field, 0) for field in station.entries.fields(protocol.key)}
    return stated


def type_in(station: Station, draft: Draft, paper: Typed, user: User) -> Draft:
    """Leave every field of a paper and finish."""
    for field, value in paper.items():
        draft = station.entries.save(draft.id, field, value, user)
    return station.entries.finish(draft.id, user)


def type_twice(
    station: Station, key: ProtocolKey, one: Typed, other: Typed, users: tuple[User, User]
) -> tuple[FieldRef, ...]:
    """Both readings; tells where they differ."""
    type_in(station, station.entries.begin(key, users[0]), one, users[0])
    type_in(station, station.entries.begin_second(key, users[1]), other, users[1])
    return station.entries.compare(key)


def closed(station: Station, protocol: Protocol, users: tuple[User, User]) -> Offer:
    """The offer of a protocol that two people typed alike."""
    paper = paper_of(station, protocol)
    assert type_twice(station, protocol.key, paper, paper, users) == ()
    return station.entries.close(protocol.key, users[1])


def unchanged(station: Station, error: type[KnownError], act: Callable[[], object]) -> KnownError:
    """The act raises and leaves the store as it was."""
    before = all_rows(station)
    with pytest.raises(error) as caught:
        act()
    assert all_rows(station) == before
    return caught.value
