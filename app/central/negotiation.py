"""What a reader's request headers ask for: a coding of the content, or nothing when it has the content.

Pure functions over header values as RFC 9110 defines them (12.5.3 Accept-Encoding, 13.1.2 If-None-Match,
13.1.3 If-Modified-Since). What is malformed is taken as if it were not there; nothing here raises.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

IDENTITY = ""
GZIP = "gzip"
BROTLI = "br"
#: By preference where a reader has none: the smallest first.
CODINGS = (BROTLI, GZIP, IDENTITY)

_ALIASES = {"identity": IDENTITY, "x-gzip": GZIP}
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'"[^"]*"')


@lru_cache(maxsize=256)  # a few dozen programs ask, each with one value
def accepted(accept_encoding: str | None) -> tuple[str, ...]:
    """The codings that a reader takes, the best first; empty when it takes none that there is.

    Without the header anything would do: then it is the plain content, which every program reads.
    """
    if accept_encoding is None:
        return (IDENTITY,)
    weights = _weights(accept_encoding)
    others = weights.get("*")
    ranked = []
    for place, coding in enumerate(CODINGS):
        weight = weights.get(coding, others)
        if weight is None and coding == IDENTITY:
            weight = 1  # the least of what was not refused
        if weight:
            ranked.append((-weight, place, coding))
    return tuple(coding for _, _, coding in sorted(ranked))


def _weights(accept_encoding: str) -> dict[str, int]:
    """Thousandths by coding."""
    weights: dict[str, int] = {}
    for member in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in member.split(";"))
        weight = 1000
        for parameter in parameters:
            quality = _QUALITY.fullmatch(parameter)
            if quality is None:
                break
            whole, _, part = quality[1].partition(".")
            weight = int(whole) * 1000 + int(part.ljust(3, "0") or "0")
        else:
            if name:
                weights[_ALIASES.get(name, name)] = weight
    return weights


def names(if_none_match: str, etag: str) -> bool:
    """Whether a list of entity tags names this one, by weak comparison (RFC 9110, 8.8.3.2), or any (`*`)."""
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)


def is_since(if_modified_since: str, modified: datetime, *, coincided: bool = False) -> bool:
    """Whether what a reader got at that time is this, last modified at `modified` (whole seconds).

    `coincided`: another content had been there in the same second, so that second says too little.
    """
    try:
        since = parsedate_to_datetime(if_modified_since)
        return since > modified if coincided else since >= modified
    except (ValueError, TypeError, OverflowError):  # not a date, or one without a zone
        return False
