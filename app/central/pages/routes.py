"""The addresses of the pages: which there are, and how each is written.

Czech words in both languages, `/en` before them in English; each address ends with a slash, so that a copy of
the pages is a plain tree of folders. Numbers are written in one way only; anything else is no address.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.central.pages.texts import Language

_NUMBER = "[1-9][0-9]{0,5}"
_PATTERNS = {
    "country": "",
    "progress": "prubeh/",
    "search": "hledat/",
    "places": "obce/",
    "letter": "obce/(?P<letter>[A-Z])/",
    "region": f"kraj/(?P<region>{_NUMBER})/",
    "list": f"kraj/(?P<region>{_NUMBER})/listina/(?P<list>{_NUMBER})/",
    "district": "okres/(?P<nuts>CZ[0-9]{3}[0-9A-Z])/",
    "municipality": f"obec/(?P<code>{_NUMBER})/",
    "precinct": f"okrsek/(?P<code>{_NUMBER})/(?P<number>{_NUMBER})/",
    "senate": "senat/",
    "senate_district": f"senat/(?P<obvod>{_NUMBER})/",
    "reduced": "souhrn/",
}
_COMPILED = {name: re.compile(pattern, re.ASCII) for name, pattern in _PATTERNS.items()}
#: Longest path that is looked at.
LONGEST = 100


class Route(NamedTuple):
    """A kind of page with the words of its address."""

    kind: str
    words: tuple[tuple[str, str], ...] = ()

    def word(self, name: str) -> str:
        return dict(self.words)[name]

    def number(self, name: str) -> int:
        return int(self.word(name))


def route_of(path: str) -> tuple[Route, Language] | None:
    """The page at an address such as `/en/kraj/1/`; None where there can be none."""
    if len(path) > LONGEST or not path.startswith("/"):
        return None
    language = Language.ENGLISH if path.startswith("/en/") else Language.CZECH
    rest = path[len(language.prefix) + 1 :]
    for kind, pattern in _COMPILED.items():
        found = pattern.fullmatch(rest)
        if found:
            return Route(kind, tuple(found.groupdict().items())), language
    return None


def address(kind: str, language: Language, **values: object) -> str:
    """The address of a page."""
    path = re.sub(r"\(\?P<([a-z]+)>[^)]*\)", lambda found: str(values[found[1]]), _PATTERNS[kind])
    return f"{language.prefix}/{path}"


def address_of(route: Route, language: Language) -> str:
    """The address of the same page in a language."""
    return address(route.kind, language, **dict(route.words))
