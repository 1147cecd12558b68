"""Who may do what at a transfer point: one table of roles and permissions.

What moves a protocol from state to state is decided by the table of steps (`app.station.states`); the
permissions for such acts are read from there, so that a button and the act behind it can never differ.
Everything else a person may do or see is listed here. A technician has nothing that touches a result,
and may not make users: whoever could make a supervisor could approve.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.station.errors import RoleRefused
from app.station.states import STEPS, Role, State, Step, User


class Permission(StrEnum):
    """One thing that a person may do or see; the values stand in refusals and in the journal."""

    TAKE_IN = "take-in"
    APPROVE = "approve"
    CORRECT = "correct"
    ASSIGN = "assign"
    SETTLE_CONFLICT = "settle-conflict"
    CLOSE_POINT = "close-point"
    SEE_POINT = "see-point"
    EXCHANGE_STICK = "exchange-stick"
    SEE_JOURNAL = "see-journal"
    EXPORT_JOURNAL = "export-journal"
    BACKUP = "backup"
    RESTORE = "restore"
    SEE_USERS = "see-users"
    MANAGE_USERS = "manage-users"
    RELEASE_LOCKOUT = "release-lockout"
    CHECK_LINE = "check-line"
    CHECK_READINESS = "check-readiness"


_EVERYBODY = frozenset({Role.CLERK, Role.SUPERVISOR, Role.TECHNICIAN})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_CARE = frozenset({Role.SUPERVISOR, Role.TECHNICIAN})

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.TAKE_IN: STEPS[State.CHECKED, Step.ACCEPT].roles,
    Permission.APPROVE: STEPS[State.HELD, Step.APPROVE].roles,
    Permission.CORRECT: STEPS[State.CONFIRMED, Step.CORRECT].roles,
    Permission.ASSIGN: _SUPERVISOR,
    Permission.SETTLE_CONFLICT: _SUPERVISOR,
    Permission.CLOSE_POINT: _SUPERVISOR,
    Permission.SEE_POINT: _EVERYBODY,
    Permission.EXCHANGE_STICK: _EVERYBODY,
    Permission.SEE_JOURNAL: _CARE,
    Permission.EXPORT_JOURNAL: _CARE,
    Permission.BACKUP: _CARE,
    Permission.RESTORE: _CARE,
    Permission.SEE_USERS: _CARE,
    Permission.MANAGE_USERS: _SUPERVISOR,
    Permission.RELEASE_LOCKOUT: _SUPERVISOR,
    Permission.CHECK_LINE: _CARE,
    Permission.CHECK_READINESS: _CARE,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the table gives `permission` to `role`."""
    return role in PERMISSIONS[permission]


def require(user: User, permission: Permission) -> None:
    """Raise RoleRefused unless `user` has a name and a role that may."""
    if not may(user.role, permission) or not user.identity:
        raise RoleRefused(user.name, permission.value)
