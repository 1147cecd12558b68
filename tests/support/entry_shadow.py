"""What typing from paper looks like from outside: papers with and without faults, a shadow of one protocol.

The shadow is where the protocol stands, who had a hand in what, and the list of what was accepted; it is
written to be obviously right, for the random walk over files and papers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from app.documents.batch import Source
from app.election.model import Contest, Mode, PrecinctId, Protocol, ProtocolKey
from app.election.verdict import FieldRef
from app.station.figures import figures
from app.station.states import Role, State, User
from tests.support import invented_election as invented
from tests.support.station_world import one_more_envelope

REFERENCE = invented.reference(mode=Mode.REHEARSAL)
KEYS = [
    ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL),
    ProtocolKey(PrecinctId(550001, 1), Contest.SENATE_ROUND_1),
]
ANNA, BORIS = User("Anna"), User("Boris")
SUSAN, TOM = User("Susan", Role.SUPERVISOR), User("Tom", Role.SUPERVISOR)
USERS = [ANNA, BORIS, SUSAN, TOM]


class Figures(NamedTuple):
    """What a paper says: `flaw` is nothing, "passable" (an envelope too many) or "blocking" (a sum)."""

    seed: int
    flaw: str

    @property
    def right(self) -> bool:
        return self.flaw == ""

    @property
    def acceptable(self) -> bool:
        return self.flaw != "blocking"


ALL = [Figures(seed, flaw) for seed in (1, 2) for flaw in ("", "passable", "blocking")]


@cache
def protocol(key: ProtocolKey, said: Figures) -> Protocol:
    if key.contest.is_senate:
        right: Protocol = invented.senate_protocol(REFERENCE, key.precinct, 1, said.seed)
    else:
        right = invented.regional_protocol(REFERENCE, key.precinct, said.seed)
    if said.flaw == "passable":
        return one_more_envelope(right)
    if said.flaw == "blocking":
        return replace(right, counts=right.counts._replace(valid_votes=right.counts.valid_votes - 1))
    return right


@cache
def paper(key: ProtocolKey, said: Figures) -> dict[FieldRef, int | None]:
    """Every box that any of the papers fills in, blank where this one leaves it."""
    boxes: dict[FieldRef, int | None] = {f: None for one in ALL for f in figures(protocol(key, one))}
    if key.contest.is_senate:
        boxes |= {FieldRef("HLASY", None, number): 0 for number in REFERENCE.senate_districts[2].candidates}
    return boxes | figures(protocol(key, said))


def differing(key: ProtocolKey, one: Figures, other: Figures) -> set[FieldRef]:
    left, right = paper(key, one), paper(key, other)
    return {field for field in left if (left[field] or 0) != (right[field] or 0)}


@dataclass
class Typed:
    """A reading under way."""

    owner: User
    hands: set[str]
    said: Figures
    finished: bool = False
    compared: bool = False


@dataclass
class Made:
    """Something that could be accepted: a closed paper, a mended protocol, or a file on the desk."""

    said: Figures
    source: Source
    hands: set[str]
    mended: bool = False
    decided: bool = False


class Done(NamedTuple):
    """An accepted revision."""

    made: Made
    by: str
    approver: str | None


@dataclass
class Shadow:
    state: State = State.AWAITED
    accepted: list[Done] = field(default_factory=list)
    held: tuple[Made, User] | None = None
    first: Typed | None = None
    second: Typed | None = None
    settled: tuple[Figures, set[str]] | None = None
    closing: Made | None = None
    mending: Made | None = None
    read_twice: set[Figures] = field(default_factory=set)
