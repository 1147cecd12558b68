"""The steps of an examination of the line, and how one can stand."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """The steps in the order of the way to the centre."""

    ADDRESS = "address"
    NAME = "name"
    ROUTE = "route"
    TLS = "tls"
    CENTRE = "centre"
    CLOCK = "clock"
    CERTIFICATE = "certificate"
    REGISTER = "register"
    PROGRAM = "program"
    QUEUE = "queue"


class State(StrEnum):
    """SKIPPED: an earlier step failed, so nothing can be said."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"
    SKIPPED = "skipped"
