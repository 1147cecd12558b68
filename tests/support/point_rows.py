"""Rows of completeness made without a station: a point of invented municipalities in any states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.election.reference import Precinct
from app.station.completeness import Row
from app.station.states import State
from tests.support.invented_election import VOTING_ENDS

NOW = VOTING_ENDS + timedelta(hours=3)
BOTH = (Contest.REGIONAL, Contest.SENATE_ROUND_1)
NAMES = (
    "Cerhov",
    "Čejkov",
    "Hrádek",
    "Chrast",
    "Rokle",
    "Řepy",
    "Uhřice",
    "Ústí",
    "Zlín",
    "Žďár nad Sázavou",
)
STORED = tuple(state for state in State if state.is_stored)
CLERK, CONTACT, NOTE = "Jana Nováková", "Růžena Kůrková, 601 234 567", "obálka navíc"


def row(
    municipality: int = 550001,
    number: int = 1,
    contest: Contest = Contest.REGIONAL,
    state: State = State.AWAITED,
    *,
    name: str = "Horní Lhota",
    revision: int | None = None,
    since: datetime | None = None,
    deadline: datetime | None = None,
    arrived: datetime | None = None,
    warnings: int = 0,
    contact: str = CONTACT,
) -> Row:
    """One row; a state with a result has revision 1 unless told."""
    identity = PrecinctId(municipality, number)
    touched = state is not State.AWAITED
    had = revision if revision is not None else int(state.has_result)
    return Row(
        ProtocolKey(identity, contest),
        Precinct(identity, 4101, 41, 1, 2, seat=f"{name}, škola č. {number}", contact=contact),
        name,
        state,
        since or (NOW - timedelta(minutes=40) if touched else None),
        had,
        corrected=False,
        passable_error=False,
        warnings=warnings,
        user=CLERK if touched else "",
        note=NOTE if touched else "",
        deadline=deadline,
        clerk=CLERK if touched else "",
        workstation="41-1" if touched else "",
        arrived=arrived or (NOW - timedelta(minutes=45) if had else None),
    )


def point(
    sizes: Sequence[int], states: Sequence[State] = (), contests: Sequence[Contest] = BOTH
) -> tuple[Row, ...]:
    """A point of municipalities with so many precincts; states in order of the rows, the rest awaited."""
    made: list[Row] = []
    for place, size in enumerate(sizes):
        name = NAMES[place % len(NAMES)] + (f" {place // len(NAMES)}" if place >= len(NAMES) else "")
        for number in range(1, size + 1):
            for contest in contests:
                state = states[len(made)] if len(made) < len(states) else State.AWAITED
                made.append(row(550001 + place, number, contest, state, name=name))
    return tuple(made)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, ...]:
    """Any point of up to six municipalities, one or two contests, any stored states and revisions."""
    contests = draw(st.sampled_from(((Contest.REGIONAL,), BOTH)))
    made: list[Row] = []
    for place, size in enumerate(draw(st.lists(st.integers(1, 5), max_size=6))):
        for number in range(1, size + 1):
            for contest in contests:
                state = draw(st.sampled_from(STORED))
                minutes = draw(st.none() | st.integers(-60, 120))
                made.append(
                    row(
                        550001 + place,
                        number,
                        contest,
                        state,
                        name=NAMES[place],
                        revision=draw(st.integers(1, 3)) if state.has_result else draw(st.integers(0, 1)),
                        deadline=NOW + timedelta(minutes=minutes)
                        if state is State.REFUSED and minutes is not None
                        else None,
                        warnings=draw(st.integers(0, 3)),
                    )
                )
    return tuple(made)
