"""The table of permissions: who may do what, beside the table of steps."""

from __future__ import annotations

import pytest

from app.station.errors import RoleRefused
from app.station.permissions import PERMISSIONS, Permission, may, require
from app.station.states import PROGRAM, STEPS, Role, Step, User

TABLE = """\
take-in          clerk, supervisor
approve          supervisor
correct          clerk, supervisor
assign           supervisor
settle-conflict  supervisor
close-point      supervisor
see-point        clerk, supervisor, technician
exchange-stick   clerk, supervisor, technician
see-journal      supervisor, technician
export-journal   supervisor, technician
backup           supervisor, technician
restore          supervisor, technician
see-users        supervisor, technician
manage-users     supervisor
release-lockout  supervisor
check-line       supervisor, technician
check-readiness  supervisor, technician
"""


def test_the_table_of_permissions_is_exactly_this() -> None:
    lines = [f"{permission:<16} {', '.join(sorted(PERMISSIONS[permission]))}\n" for permission in Permission]
    assert "".join(lines) == TABLE


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_requiring_says_the_same_as_the_table(role: Role, permission: Permission) -> None:
    if may(role, permission):
        require(User("Jana", role), permission)
    else:
        with pytest.raises(RoleRefused, match="Jana"):
            require(User("Jana", role), permission)


@pytest.mark.parametrize("permission", Permission)
def test_neither_the_program_nor_a_nameless_user_is_a_person_with_permissions(permission: Permission) -> None:
    for nobody in (PROGRAM, User("  ", Role.SUPERVISOR)):
        with pytest.raises(RoleRefused):
            require(nobody, permission)


@pytest.mark.parametrize(
    ("permission", "step"),
    [
        (Permission.TAKE_IN, Step.READ),
        (Permission.TAKE_IN, Step.ACCEPT),
        (Permission.TAKE_IN, Step.HOLD),
        (Permission.TAKE_IN, Step.REFUSE),
        (Permission.APPROVE, Step.APPROVE),
        (Permission.CORRECT, Step.CORRECT),
    ],
)
def test_who_has_the_permission_may_take_the_step_and_nobody_else(permission: Permission, step: Step) -> None:
    assert {move.roles for (_, taken), move in STEPS.items() if taken is step} == {PERMISSIONS[permission]}


def test_a_technician_may_touch_no_result_and_make_no_user() -> None:
    theirs = {permission for permission in Permission if may(Role.TECHNICIAN, permission)}
    assert theirs.isdisjoint({Permission.TAKE_IN, Permission.APPROVE, Permission.CORRECT})
    assert theirs.isdisjoint({Permission.MANAGE_USERS, Permission.RELEASE_LOCKOUT})
