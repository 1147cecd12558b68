"""How Czech is set in print: which spaces may not end a line and how wide they are.

A line never ends after a one-letter preposition or conjunction, after „č.“ or „§“, inside a date, or
between a number and its unit; thousands are parted by a narrow space. English text is left as it is.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

from app.desktop.texts import NBSP, language

NARROW: Final = "\u202f"

_ONE_LETTER: Final = re.compile(r"(?<![^\W_])([AaIiKkOoSsUuVvZz]) (?=\S)")
_ABBREVIATION: Final = re.compile(r"(?<!\w)(č|čl|odst|písm|str|sb|tj|rev)\. (?=\S)", re.IGNORECASE)
_DATE: Final = re.compile(r"(?<!\d)(\d{1,2})\. (\d{1,2})\. (?=\d{4})")
_ORDINAL: Final = re.compile(r"(?<!\d)(\d{1,2})\. (?=[a-záčďéěíňóřšťúůýž])")
_UNIT: Final = re.compile(r"(?<=\d) (?=%|h\b|min\b)")
_THOUSANDS: Final = re.compile(rf"(?<=\d)[{NBSP}{NARROW}](?=\d{{3}}(?!\d))")
#: Longer texts of people are set as several paragraphs, so that a page can end between them.
_LONGEST: Final = 1200


def typeset(text: str) -> str:
    """A text with the right spaces."""
    if language() != "cs":
        return text
    text = _ONE_LETTER.sub(rf"\1{NBSP}", text)
    text = _ABBREVIATION.sub(rf"\1.{NBSP}", text)
    text = _DATE.sub(rf"\1.{NBSP}\2.{NBSP}", text)
    text = _ORDINAL.sub(rf"\1.{NBSP}", text)
    text = _UNIT.sub(NBSP, text).replace("§ ", f"§{NBSP}")
    return _THOUSANDS.sub(NARROW, text)


def html(text: str) -> str:
    """A text with the right spaces, safe inside the markup of a page."""
    return escape(typeset(text))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that somebody wrote, none so long that it could not stand on one page."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        rest = " ".join(paragraph.split())
        while len(rest) > _LONGEST:
            cut = rest.rfind(" ", _LONGEST // 2, _LONGEST)
            cut = cut if cut > 0 else _LONGEST
            found.append(rest[:cut])
            rest = rest[cut:].lstrip()
        if rest:
            found.append(rest)
    return found
