"""The handbook of one election in one language: all pages, the way to a page, and the search."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from app.election.reference import ElectionInfo
from app.station.handbook.generated import Generator, field_id
from app.station.handbook.pages import Hit, Kind, Page
from app.station.handbook.places import places
from app.station.handbook.search import Index
from app.station.handbook.words import LANGUAGES, table, topics
from app.station.manual import pages as manual

_CONTENTS: Final = "obsah"
_TROUBLES: Final = f"{Kind.TOPIC}:co-delat-kdyz"
#: Id of the first page.
HOME: Final = f"{Kind.TOPIC}:{_CONTENTS}"
_CODE: Final = re.compile(r"\s*([A-Za-z]{2,3})[- ]?(\d\d)\s*")


class Handbook:
    """All pages of the handbook. Immutable and safe from any thread once made."""

    def __init__(self, election: ElectionInfo, language: str = "cs") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no handbook in {language!r}")
        self.language = language
        filled = places(election, language, table(language, "words"))
        made = Generator(election, language)
        pages = [
            *(Page(f"{Kind.TOPIC}:{name}", title, body.format_map(filled))
              for name, title, body in (*topics(language), *manual.topics(language))),
            *(Page(page.id, page.title, page.body.format_map(filled))
              for page in (*made.rules(), *made.fields(), *made.codes())),
        ]  # fmt: skip
        pages.insert(0, made.contents(pages, _CONTENTS))
        self._pages = {page.id: page for page in pages}

    def pages(self, kind: Kind | None = None) -> tuple[Page, ...]:
        """All pages (of one kind): contents, topics, rules, fields, codes."""
        return tuple(page for page in self._pages.values() if kind in (None, page.kind))

    def page(self, page_id: str) -> Page:
        """The page of an id or of a link's target. A page that does not exist is a bug: KeyError."""
        return self._pages[page_id]

    def for_rule(self, rule_id: str) -> Page:
        """What F1 shows on a rule; the contents for one that has no page."""
        return self._pages.get(f"{Kind.RULE}:{rule_id}", self._pages[HOME])

    def for_field(self, name: str) -> Page:
        """What F1 shows on a field, by its official column, such as `FieldRef.name` or HLASY_07."""
        return self._pages.get(field_id(name), self._pages[HOME])

    def for_code(self, code: str) -> Page:
        """What F1 shows on an error: the rule's or the code family's page, else "what to do when"."""
        family = code.partition("-")[0]
        found = self._pages.get(f"{Kind.RULE}:{code}") or self._pages.get(f"{Kind.CODE}:{family}")
        return found or self._pages[_TROUBLES]

    def search(self, text: str, limit: int = 30) -> tuple[Hit, ...]:
        """Pages with every word of `text`, best first; diacritics and letter case do not count.

        A code (LG-02, sta 25) leads to its own page first.
        """
        hits = self._index.search(text, limit)
        code = _CODE.fullmatch(text)
        page = self.for_code(f"{code[1].upper()}-{code[2]}") if code else None
        if page is None or page.id == _TROUBLES:
            return hits
        first = next((hit for hit in hits if hit.page is page), Hit(page, page.title))
        return (first, *(hit for hit in hits if hit.page is not page))[:limit]

    @cached_property
    def _index(self) -> Index:
        return Index([page for page in self._pages.values() if page.id != HOME])
