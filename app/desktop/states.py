"""How each state, severity and outcome looks: an icon, an ink and a text key, one table each.

The order of `STATES` is the order in which the list sorts by state: what waits for people comes first.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from app.station.overseeing.conditions import Condition


class Look(NamedTuple):
    """Icon in `resources/icons`, ink and ground by the names of `tokens.toml`, key of the word."""

    icon: str
    ink: str
    ground: str | None
    text: str


STATES: Final[dict[str, Look]] = {
    "returned": Look("returned", "error", "error_ground", "state.returned"),
    "refused": Look("refused", "error", "error_ground", "state.refused"),
    "held": Look("held", "warning", "warning_ground", "state.held"),
    "correcting": Look("correcting", "warning", "warning_ground", "state.correcting"),
    "checked": Look("checked", "info", None, "state.checked"),
    "awaited": Look("awaited", "muted", None, "state.awaited"),
    "accepted": Look("accepted", "ok", None, "state.accepted"),
    "sent": Look("sent", "ok", None, "state.sent"),
    "confirmed": Look("confirmed", "ok", "ok_ground", "state.confirmed"),
}

_SHARPER: Final = {
    Condition.CONFLICT: Look("returned", "error", "error_ground", "oversee.conflict"),
    Condition.DEADLINE_NEAR: Look("clock", "warning", "warning_ground", "deadline.near"),
    Condition.DEADLINE_OVER: Look("clock", "error", "error_ground", "deadline.over"),
}
#: The same, with a refusal's deadline (rule PR-06) and conflicts; in the order of the worst.
CONDITIONS: Final[dict[Condition, Look]] = {
    one: _SHARPER[one] if one in _SHARPER else STATES[one.value] for one in Condition
}

#: What the four letters of a severity look like when a rule failed.
SEVERITIES: Final[dict[str, Look]] = {
    "B": Look("blocking", "error", "error_ground", "severity.B"),
    "P": Look("passable", "warning", "warning_ground", "severity.P"),
    "W": Look("warning", "warning", "warning_ground", "severity.W"),
    "I": Look("info", "info", "info_ground", "severity.I"),
}

PASSED: Final = Look("passed", "ok", None, "outcome.passed")
NOT_COMPARED: Final = Look("not_compared", "muted", None, "outcome.not_compared")
