"""Finding pages by words: without diacritics, all words, by the beginnings of words, best first.

A word in the title weighs more than one in a heading, and that more than one in the text; a whole word
more than its beginning. Czech words change their ends, so a word that is long enough is also found
without its last letters, as the weakest hit. The index is a sorted list of words; a query is a bisection
for each of its words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from app.station.handbook.pages import Hit, Page

_WORD: Final = re.compile(r"[^\W_]+")
_CODE: Final = re.compile(r"\b([A-Za-z]{2,4})-(\d\d)\b")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKUP: Final = re.compile(r"\*\*|^\s*(?:#+|[-*>|]|\d+\.)\s*|\s*\|\s*$", re.MULTILINE)
_RULER: Final = re.compile(r"^[\s|:-]*$")

#: Weights: of the place in a page, and of how a word fits.
_TITLE, _HEADING, _TEXT = 20, 6, 1
_WHOLE, _BEGINNING, _STEM = 6, 3, 1
#: Words of a query beyond these are not looked at, so that no query is slow.
_WORDS_AT_MOST: Final = 8
_LONGEST_EXCERPT: Final = 160


def folded(text: str) -> str:
    """Lower case without diacritics: „Obálky“ is „obalky“."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a code is also there in one piece: LG-02 is lg, 02 and lg02."""
    pieces = [f"{match[1]}{match[2]}" for match in _CODE.finditer(text)]
    return _WORD.findall(folded(" ".join((text, *pieces))))


def plain(markdown: str) -> str:
    """Text without links' targets and marks, line by line."""
    lines = (_MARKUP.sub("", _LINK.sub(r"\1", line)).strip() for line in markdown.splitlines())
    return "\n".join(line.replace(" | ", " · ") for line in lines if line and not _RULER.match(line))


class Index:
    """The words of some pages, ready to be asked. Pages that come first win when nothing else decides."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = tuple(pages)
        found: dict[tuple[str, int], int] = {}
        for order, page in enumerate(self._pages):
            for weight, text in _weighed(page):
                for word in words_of(text):
                    key = (word, order)
                    found[key] = max(weight, found.get(key, 0))
        self._entries = sorted((word, order, weight) for (word, order), weight in found.items())
        self._words = [word for word, _, _ in self._entries]

    def search(self, text: str, limit: int = 30) -> tuple[Hit, ...]:
        """The best pages that have every word of `text`; none for a text without words."""
        asked = list(dict.fromkeys(_WORD.findall(folded(text))))[:_WORDS_AT_MOST]
        if not asked:
            return ()
        total: dict[int, int] = {}
        for place, word in enumerate(asked):
            scores = self._scores(word)
            kept = scores.keys() if place == 0 else total.keys() & scores.keys()
            total = {order: total.get(order, 0) + scores[order] for order in kept}
        best = sorted(total, key=lambda order: (-total[order], order))[:limit]
        return tuple(Hit(self._pages[order], _excerpt(self._pages[order], asked)) for order in best)

    def _scores(self, word: str) -> dict[int, int]:
        scores: dict[int, int] = {}
        stem = _stem(word)
        for place in range(bisect_left(self._words, stem), len(self._words)):
            found, order, weight = self._entries[place]
            if not found.startswith(stem):
                break
            fit = _WHOLE if found == word else _BEGINNING if found.startswith(word) else _STEM
            scores[order] = max(scores.get(order, 0), weight * fit)
        return scores


def _weighed(page: Page) -> Iterable[tuple[int, str]]:
    yield _TITLE, page.title
    for line in page.body.splitlines():
        yield (_HEADING if line.startswith("#") else _TEXT), _LINK.sub(r"\1", line)


def _stem(word: str) -> str:
    """A word without the letters that its case changes; short ones and numbers stay whole."""
    if not word.isalpha() or len(word) < 5:
        return word
    return word[:-2] if len(word) >= 8 else word[:-1]


def _excerpt(page: Page, asked: Sequence[str]) -> str:
    lines = plain(page.body).splitlines()
    stems = tuple(_stem(word) for word in asked)
    for line in lines:
        if any(word.startswith(stems) for word in words_of(line)):
            return _short(line)
    return _short(lines[0]) if lines else ""


def _short(line: str) -> str:
    if len(line) <= _LONGEST_EXCERPT:
        return line
    return line[:_LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
