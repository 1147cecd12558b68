"""The words of the pages in two languages, and how numbers, shares and times are written in each.

Sentences are in `resources/web/pages/texts.{cs,en}.toml`, with the same keys in both. A key that stands for
several forms by number (one, few, many) is a list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from app import resources
from app.documents.published.parts import Person

PRAGUE = ZoneInfo("Europe/Prague")
#: A space that does not break, between thousands and before signs.
HARD = "\u00a0"


class Language(StrEnum):
    """The value is the attribute `lang` of a page."""

    CZECH = "cs"
    ENGLISH = "en"

    @property
    def prefix(self) -> str:
        """How addresses of this language begin, without a slash at the end."""
        return "" if self is Language.CZECH else "/en"

    @property
    def other(self) -> Language:
        return Language.ENGLISH if self is Language.CZECH else Language.CZECH


class Words:
    """One language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        file = resources.path("web", "pages", f"texts.{language}.toml")
        self._texts: Mapping[str, str | Sequence[str]] = tomllib.loads(file.read_text("utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of a key. Raises KeyError for one that is not there: a bug of the page."""
        text = self._texts[key]
        assert isinstance(text, str), key
        return text.format(**values) if values else text

    def of(self, key: str, number: int) -> str:
        """A number with its noun in the right form."""
        forms = self._texts[key]
        assert not isinstance(forms, str), key
        return forms[self._form(number, len(forms))].format(n=self.number(number))

    @property
    def known(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def number(self, value: int) -> str:
        """Thousands apart: by a space that does not break in Czech, by a comma in English."""
        text = f"{value:,}"
        return text.replace(",", HARD) if self.language is Language.CZECH else text

    def share(self, text: str) -> str:
        """A percentage of the documents ("4.99") as this language writes it."""
        return f"{text.replace('.', ',')}{HARD}%" if self.language is Language.CZECH else f"{text}%"

    def time(self, instant: datetime) -> str:
        """Day and time in Prague, to the minute."""
        local = instant.astimezone(PRAGUE)
        return f"{self.day(instant)} {local:%H:%M}"

    def clock(self, instant: datetime) -> str:
        """Time of day in Prague, to the second."""
        return f"{instant.astimezone(PRAGUE):%H:%M:%S}"

    def day(self, instant: datetime) -> str:
        local = instant.astimezone(PRAGUE)
        if self.language is Language.CZECH:
            return f"{local.day}.{HARD}{local.month}.{HARD}{local.year}"
        return f"{local.day}{HARD}{local:%B}{HARD}{local.year}"

    def region(self, name: str) -> str:
        """A region's whole name: adjectives before the noun, others after it, as in "Kraj Vysočina"."""
        if self.language is Language.ENGLISH:
            return f"{name} Region"
        return f"{name} kraj" if name.endswith(("ý", "í")) else f"Kraj {name}"

    def person(self, person: Person) -> str:
        """A name with titles, as on a ballot."""
        before = f"{person.before} " if person.before else ""
        after = f", {person.after}" if person.after else ""
        return f"{before}{person.first} {person.last}{after}"

    def _form(self, number: int, forms: int) -> int:
        if number == 1:
            return 0
        return 1 if forms == 2 or 2 <= number <= 4 else 2


@cache
def words(language: Language) -> Words:
    """The words of a language, read once."""
    return Words(language)
