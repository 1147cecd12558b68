"""The table of states and steps is the only way from one state to another."""

from __future__ import annotations

import pytest

from app.election.model import Contest, PrecinctId, ProtocolKey
from app.station.errors import ReasonMissing, RoleRefused, StepRefused
from app.station.states import PROGRAM, STEPS, Role, State, Step, User, take

KEY = ProtocolKey(PrecinctId(550001, 1), Contest.REGIONAL)
TABLE = """\
accepted   confirm    confirmed   program
accepted   correct    correcting  clerk, supervisor; reason
accepted   return     returned    program; reason
accepted   send       sent        program
awaited    read       checked     clerk, supervisor
checked    accept     accepted    clerk, supervisor
checked    hold       held        clerk, supervisor; reason
checked    refuse     refused     clerk, supervisor; reason
confirmed  correct    correcting  clerk, supervisor; reason
correcting accept     accepted    clerk, supervisor; reason
correcting hold       held        clerk, supervisor; reason
held       approve    accepted    supervisor
held       send-back  awaited     clerk, supervisor; reason
refused    read       checked     clerk, supervisor
returned   confirm    confirmed   program
returned   correct    correcting  clerk, supervisor; reason
returned   withdraw   awaited     supervisor; reason
sent       confirm    confirmed   program
sent       correct    correcting  clerk, supervisor; reason
sent       return     returned    program; reason
"""


def test_the_table_of_steps_is_exactly_this() -> None:
    lines = []
    for (state, step), move in sorted(STEPS.items()):
        who = ", ".join(sorted(move.roles)) + ("; reason" if move.needs_reason else "")
        lines.append(f"{state:<10} {step:<10} {move.to:<11} {who}\n")
    assert "".join(lines) == TABLE


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("role", Role)
def test_a_step_outside_the_table_is_refused_with_a_sentence(state: State, step: Step, role: Role) -> None:
    user, move = User("Jana", role), STEPS.get((state, step))
    if move is None:
        with pytest.raises(StepRefused) as refused:
            take(state, step, user, "důvod", KEY)
        assert state.cs in refused.value.cs
    elif role not in move.roles:
        with pytest.raises(RoleRefused):
            take(state, step, user, "důvod", KEY)
    else:
        assert take(state, step, user, "důvod", KEY) is move.to


def test_a_technician_has_no_step_on_results() -> None:
    assert all(Role.TECHNICIAN not in move.roles for move in STEPS.values())


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_step_that_needs_a_reason_does_not_take_a_blank_one(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        take(State.CONFIRMED, Step.CORRECT, User("Jana"), reason, KEY)


def test_a_user_without_a_name_takes_no_step() -> None:
    with pytest.raises(RoleRefused):
        take(State.AWAITED, Step.READ, User("  "), "", KEY)


def test_two_spellings_of_a_name_are_one_person() -> None:
    assert User(" Jana  NOVÁKOVÁ").identity == User("jana nováková ").identity != PROGRAM.identity
