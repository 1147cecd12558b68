"""What goes between a station and the centre, whatever carries it: bytes out, an answer or silence back.

It matters to tell apart a push that certainly did not arrive from one of which nobody knows: the first
may be forgotten, the second may have counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

CMS_TYPE = "application/pkcs7-mime"

_CODE = re.compile(r"[A-Z]{2,8}-[0-9]{2,3}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a push. `retry_after` is in seconds, None when the centre did not say."""

    status: int
    body: bytes
    content_type: str = CMS_TYPE
    retry_after: float | None = None


class Unreachable(Exception):
    """The push certainly did not reach the centre: no connection was made."""


class NoAnswer(Exception):
    """The push went out, wholly or in part, and no answer came: it may have arrived."""


class Transport(Protocol):
    """How bytes get to the centre; raises `Unreachable` or `NoAnswer`."""

    def push(self, data: bytes) -> Answer: ...


@runtime_checkable
class Pinging(Protocol):
    """A transport that can also ask whether the centre is there."""

    def ping(self) -> bool: ...


@runtime_checkable
class Fetching(Protocol):
    """A transport that can fetch the list of approved programs."""

    def builds(self) -> Answer: ...


def named_code(answer: Answer) -> str:
    """The stable code in an answer that is no signed document, or its HTTP status."""
    named = _CODE.search(answer.body[:2000].decode("ascii", "replace"))
    return named[0] if named else f"HTTP {answer.status}"
