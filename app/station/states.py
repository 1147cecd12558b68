"""The states of one protocol (precinct × contest) at a station, and the only steps between them.

    awaited ──read──▶ checked ──accept──▶ accepted ──send──▶ sent ──confirm──▶ confirmed
       ▲                │ │                  ▲  │              │                   │
       │◀────refuse─────┘ └──hold──▶ held ───┘  │           return                 │
       │   (refused, read again)      │ approve │              ▼                   │
       └──────────send back───────────┘         │          returned                │
                                                 ▼              ▼                   ▼
                         checked ◀─────────── correcting ◀─────┴───────────────────┘
                        (as the next revision)

`checked` and `correcting` are what the clerk has on the screen: an offer in memory, nothing stored, so
that a program that dies there leaves the precinct as it was. Every other state is a row of the store.
A step that the table does not hold cannot be taken; a step backwards needs a reason; each step names
the roles that may take it. A protocol that is sent back from `held` while an accepted revision stands
behind it goes back to where that revision stands. `confirm` may come straight from `accepted` (the
receipt came at once) and also after a `return` that was settled at the centre. What was returned because
another workstation's protocol stands may give way to it (`withdraw`): here it is awaited again, and the
point's view shows the other one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from app.election.model import ProtocolKey
from app.station.errors import ReasonMissing, RoleRefused, StepRefused


class State(StrEnum):
    """Where one protocol stands at this station; the values are stored."""

    AWAITED = "awaited"
    CHECKED = "checked"
    REFUSED = "refused"
    HELD = "held"
    ACCEPTED = "accepted"
    SENT = "sent"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    CORRECTING = "correcting"

    @property
    def is_stored(self) -> bool:
        return self not in (State.CHECKED, State.CORRECTING)

    @property
    def has_result(self) -> bool:
        """Whether an accepted revision stands behind this state."""
        return self in _WITH_RESULT

    @property
    def cs(self) -> str:
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        return _NAMES[self][1]


_WITH_RESULT = frozenset({State.ACCEPTED, State.SENT, State.CONFIRMED, State.RETURNED, State.CORRECTING})

_NAMES: Mapping[State, tuple[str, str]] = {
    State.AWAITED: ("očekáván", "awaited"),
    State.CHECKED: ("zkontrolován", "checked"),
    State.REFUSED: ("odmítnut", "refused"),
    State.HELD: ("čeká na schválení", "waiting for approval"),
    State.ACCEPTED: ("převzat", "accepted"),
    State.SENT: ("odeslán, čeká na potvrzení", "sent, waiting for confirmation"),
    State.CONFIRMED: ("potvrzen ústředím", "confirmed by the centre"),
    State.RETURNED: ("vrácen ústředím", "returned by the centre"),
    State.CORRECTING: ("opravuje se", "being corrected"),
}


class Role(StrEnum):
    """What a person, or the program itself, is at a transfer point."""

    CLERK = "clerk"  # obsluha
    SUPERVISOR = "supervisor"  # vedoucí přebíracího místa
    TECHNICIAN = "technician"  # technik: no act on results
    PROGRAM = "program"  # the sender, on the centre's word


def identity(name: str) -> str:
    """What makes two spellings of a user's name the same person: letter case, spaces and the two ways to
    write a letter with its accent do not count."""
    return " ".join(normalize("NFKC", name).split()).casefold()


@dataclass(frozen=True, slots=True)
class User:
    """Who acts. Two spellings of one name are one identity: four eyes are counted by `identity`."""

    name: str
    role: Role = Role.CLERK

    @property
    def identity(self) -> str:
        return identity(self.name)


#: Whoever acts when the centre's receipt moves a protocol.
PROGRAM = User("program", Role.PROGRAM)


class Step(StrEnum):
    """What may be done with a protocol; the values stand in the journal."""

    READ = "read"
    ACCEPT = "accept"
    HOLD = "hold"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    REFUSE = "refuse"
    CORRECT = "correct"
    SEND = "send"
    CONFIRM = "confirm"
    RETURN = "return"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, who may take it and whether it has to say why."""

    to: State
    roles: frozenset[Role]
    needs_reason: bool = False


_DESK = frozenset({Role.CLERK, Role.SUPERVISOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_PROGRAM = frozenset({Role.PROGRAM})

STEPS: Mapping[tuple[State, Step], Move] = {
    (State.AWAITED, Step.READ): Move(State.CHECKED, _DESK),
    (State.REFUSED, Step.READ): Move(State.CHECKED, _DESK),
    (State.CHECKED, Step.ACCEPT): Move(State.ACCEPTED, _DESK),
    (State.CHECKED, Step.HOLD): Move(State.HELD, _DESK, needs_reason=True),
    (State.CHECKED, Step.REFUSE): Move(State.REFUSED, _DESK, needs_reason=True),
    (State.HELD, Step.APPROVE): Move(State.ACCEPTED, _SUPERVISOR),
    (State.HELD, Step.SEND_BACK): Move(State.AWAITED, _DESK, needs_reason=True),
    (State.ACCEPTED, Step.CORRECT): Move(State.CORRECTING, _DESK, needs_reason=True),
    (State.SENT, Step.CORRECT): Move(State.CORRECTING, _DESK, needs_reason=True),
    (State.CONFIRMED, Step.CORRECT): Move(State.CORRECTING, _DESK, needs_reason=True),
    (State.RETURNED, Step.CORRECT): Move(State.CORRECTING, _DESK, needs_reason=True),
    (State.CORRECTING, Step.ACCEPT): Move(State.ACCEPTED, _DESK, needs_reason=True),
    (State.CORRECTING, Step.HOLD): Move(State.HELD, _DESK, needs_reason=True),
    (State.ACCEPTED, Step.SEND): Move(State.SENT, _PROGRAM),
    (State.ACCEPTED, Step.CONFIRM): Move(State.CONFIRMED, _PROGRAM),
    (State.ACCEPTED, Step.RETURN): Move(State.RETURNED, _PROGRAM, needs_reason=True),
    (State.SENT, Step.CONFIRM): Move(State.CONFIRMED, _PROGRAM),
    (State.SENT, Step.RETURN): Move(State.RETURNED, _PROGRAM, needs_reason=True),
    (State.RETURNED, Step.CONFIRM): Move(State.CONFIRMED, _PROGRAM),
    (State.RETURNED, Step.WITHDRAW): Move(State.AWAITED, _SUPERVISOR, needs_reason=True),
}


def take(state: State, step: Step, user: User, reason: str, key: ProtocolKey) -> State:
    """The state after `step`. Raises StepRefused, RoleRefused or ReasonMissing, each with its sentence."""
    move = STEPS.get((state, step))
    if move is None:
        raise StepRefused(key, state.cs, state.en, step.value)
    if user.role not in move.roles or not user.identity:
        raise RoleRefused(user.name, step.value)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing(step.value)
    return move.to
