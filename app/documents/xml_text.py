"""How values become text of an XML attribute, and back: the one place that escapes.

Documents are written as text by hand, which is several times faster than building a tree and gives
the same bytes for the same content everywhere; so escaping has to be right here.
"""

from __future__ import annotations

import re
from datetime import datetime

from app.documents.document_errors import refusal

#: Longest `KratkyText` and `DlouhyText` of the schemas, in characters.
SHORT_TEXT = 100
LONG_TEXT = 2000

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What XML 1.0 cannot carry at all, not even as a character reference.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A reader turns raw line ends and tabs inside an attribute into spaces, so they go as references.
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def free_text(value: str, attribute: str, limit: int, *, empty: bool = False) -> str:
    """`value` escaped for the attribute, after checking what its schema would refuse: a document that
    the other side must refuse is never made. Raises `DocumentError` DOC-40."""
    if len(value) > limit or (not value and not empty) or _FORBIDDEN.search(value):
        raise refusal("DOC-40", attribute=attribute, limit=limit)
    return value.translate(_ESCAPES)


def escaped(value: str) -> str:
    """`value` for an attribute whose text is the program's own (codes, hashes, numbers)."""
    return value.translate(_ESCAPES)


def time_text(moment: datetime) -> str:
    """ISO 8601 with the offset from UTC; a moment without one is a bug of the caller."""
    if moment.utcoffset() is None:
        raise ValueError("a moment in a document needs its offset from UTC")
    return moment.isoformat()


def time_of(text: str) -> datetime:
    """The moment of an attribute of type `Cas`. XML Schema lets spaces stand around it (whiteSpace collapse),
    whatever the type's pattern says."""
    return datetime.fromisoformat(text.strip(" \t\r\n"))
