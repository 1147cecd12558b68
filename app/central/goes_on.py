"""The two sides of a fork; alone here, because the command line needs no more to start with."""

from __future__ import annotations

from enum import StrEnum


class GoesOn(StrEnum):
    """Which side of a fork continues."""

    CENTRE = "centre"
    """The chain that the centre has; the other branch was of a copy that must not go on."""
    BRANCH = "branch"
    """The branch that was set aside: the station that was rebuilt or put back works on with it."""
