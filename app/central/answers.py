"""What a sender hears: a signed receipt, or a problem document when there is nobody to receipt to.

Every refusal of a request is logged here, once, by its code and the hash of the bytes; never with values.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from app.central import refusals
from app.central.refusals import Refusal

SIGNED = "application/pkcs7-mime"
PROBLEM = "application/problem+json"

_log = logging.getLogger(__name__)
#: what a busy centre asks a station to wait, in seconds
_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender hears: a signed receipt, or a problem when there is nobody to receipt to."""

    http_status: int
    body: bytes
    content_type: str
    code: str = ""  # of the refusal; empty when the batch was taken
    retry_after: int | None = None  # seconds


class Refused(Exception):
    """No station is known to answer to, or nothing can be stored: the answer is a problem document."""

    def __init__(self, refusal: Refusal, cause: str = "") -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.cause = cause  # another stable code, such as CMS-13


class SetAside(Exception):
    """A registered station signed it and it cannot be taken: kept as evidence, answered by a signed receipt.

    `number` is the batch's, None where it could not be read; `cause` another stable code, such as DOC-20.
    """

    def __init__(self, refusal: Refusal, number: int | None, cause: str = "") -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.number = number
        self.cause = cause


def refuse(refusal: Refusal, cause: str = "", digest: str = "", origin: str = "") -> Answer:
    """A problem document (RFC 9457) for a request that no station is known to have sent; logged once, with
    the address of `origin` where nothing of it was read."""
    level = logging.ERROR if refusal.alarm else logging.WARNING
    if refusal.http_status in (404, 405):
        level = logging.INFO  # a browser that looks for an icon
    whose = f"from {origin}" if origin else f"sha256={digest}"
    _log.log(level, "request refused: %s %s %s", refusal.code, cause, whose)
    problem = {
        "type": f"urn:prebirka:odmitnuti:{refusal.code}",
        "status": refusal.http_status,
        "code": refusal.code,
        "cause": cause,
        "title": refusal.cs,
        "title_en": refusal.en,
    }
    body = json.dumps(problem, ensure_ascii=False).encode()
    retry_after = _RETRY_SECONDS if refusal.http_status in (429, 503) else None
    return Answer(refusal.http_status, body, PROBLEM, refusal.code, retry_after)


def signed(receipt: bytes, code: str) -> Answer:
    """The answer that carries a signed receipt; `code` is empty when the batch was taken."""
    return Answer(refusals.REFUSALS[code].http_status if code else 200, receipt, SIGNED, code)
