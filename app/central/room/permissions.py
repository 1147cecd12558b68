"""Who may do what in the operations room: one table of roles and acts, asked at every request.

An administrator keeps accounts and stations and touches no result: whoever could make an operator could
otherwise approve. An observer sees, but no telephone number of a commission.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What an account is for; the value stands in the database."""

    OPERATOR = "operator"
    MEDIA = "media"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"


class Permission(StrEnum):
    """One thing that a person may do or see; the values stand in refusals."""

    SEE = "see"
    SEE_CONTACTS = "see-contacts"
    SEE_JOURNAL = "see-journal"
    PROPOSE = "propose"
    APPROVE = "approve"
    NOTE_INCIDENT = "note-incident"
    DECIDE_MEDIA = "decide-media"
    REVOKE_STATION = "revoke-station"
    MANAGE_OPERATORS = "manage-operators"
    OWN_SESSION = "own-session"


_EVERYBODY = frozenset(Role)
_OPERATOR = frozenset({Role.OPERATOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    Permission.SEE: _EVERYBODY,
    Permission.SEE_CONTACTS: _OPERATOR | _ADMINISTRATOR,
    Permission.SEE_JOURNAL: _OPERATOR | _ADMINISTRATOR | {Role.OBSERVER},
    Permission.PROPOSE: _OPERATOR,
    Permission.APPROVE: _OPERATOR,
    Permission.NOTE_INCIDENT: _OPERATOR | _ADMINISTRATOR | {Role.MEDIA},
    Permission.DECIDE_MEDIA: frozenset({Role.MEDIA}),
    Permission.REVOKE_STATION: _ADMINISTRATOR,
    Permission.MANAGE_OPERATORS: _ADMINISTRATOR,
    Permission.OWN_SESSION: _EVERYBODY,
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the table gives `permission` to `role`."""
    return role in PERMISSIONS[permission]
