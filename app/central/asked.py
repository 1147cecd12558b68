"""The number of the request that is being answered: in its answer, and beside every line of the log about it.

It is made here and never taken from the sender, so that nobody can write into the log or pass for another.
"""

from __future__ import annotations

import logging
import secrets
from contextvars import ContextVar

_REQUEST: ContextVar[str] = ContextVar("request", default="-")


def begin() -> str:
    """A new request begins in this task; returns its number, 16 hexadecimal digits."""
    number = secrets.token_hex(8)
    _REQUEST.set(number)
    return number


class WithRequest(logging.Filter):
    """Gives each record of the log the number of its request, `-` where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = _REQUEST.get()
        return True
