"""Finding pages by words: without diacritics, all words, by the beginnings of words, best first.

A word in the title weighs more than one in a heading, and that more than one in the text; a whole word
more than its beginning. Czech words change their ends, so a word that is long enough is also found
without its last letters, as the weakest hit. The index is a sorted list of words; a query is a bisection
for each of its words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from app.station.handbook.pages import Hit, Kind, Page

_WORD: Final = re.compile(r"[^\W_]+")
_CODE: Final = re.compile(r"\b([A-Za-z]{2,4})-(\d\d)\b")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKUP: Final = re.compile(r"\*\*|^\s*(?:#+|[-*>|]|\d+\.)\s*|\s*\|\s*$")
_RULER: Final = re.compile(r"^[\s|:-]*$")

#: Weights: of the place in a page, of how a word fits, and of the page: a topic answers more than a rule.
_TITLE, _HEADING, _TEXT = 20, 6, 1
_WHOLE, _BEGINNING, _STEM = 4, 3, 3
_TOPIC, _OTHER = 3, 2
#: Words of a query beyond these are not looked at, so that no query is slow.
_WORDS_AT_MOST: Final = 8
_LONGEST_EXCERPT: Final = 160
#: Comes after every letter: where the words with one beginning end.
_LAST: Final = "\U0010ffff"


def folded(text: str) -> str:
    """Lower case without diacritics: „Obálky“ is „obalky“."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a code is also there in one piece: LG-02 is lg, 02 and lg02."""
    pieces = [f"{match[1]}{match[2]}" for match in _CODE.finditer(text)]
    return _WORD.findall(folded(" ".join((text, *pieces))))


def plain(line: str) -> str:
    """One line of Markdown as people read it; empty for a table's ruler."""
    if _RULER.match(line):
        return ""
    text = _MARKUP.sub("", _LINK.sub(r"\1", line)).strip()
    return text.replace(" | ", " · ")


class _Line(NamedTuple):
    text: str
    weight: int
    words: tuple[str, ...]


class Index:
    """The words of some pages, ready to be asked. The earlier page wins when nothing else decides."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = tuple(pages)
        self._lines = [tuple(_lines(page)) for page in self._pages]
        # Of two pages that fit alike, the one with less else in its title is the one that was meant.
        self._titles = [len(lines[0].words) for lines in self._lines]
        found: dict[tuple[str, int], int] = {}
        for order, lines in enumerate(self._lines):
            importance = _TOPIC if self._pages[order].kind is Kind.TOPIC else _OTHER
            for line in lines:
                for word in line.words:
                    key = (word, order)
                    found[key] = max(line.weight * importance, found.get(key, 0))
        self._entries = sorted((word, order, weight) for (word, order), weight in found.items())
        self._words = [word for word, _, _ in self._entries]

    def search(self, text: str, limit: int = 30) -> tuple[Hit, ...]:
        """The best pages that have every word of `text`; none for a text without words."""
        asked = list(dict.fromkeys(_WORD.findall(folded(text))))[:_WORDS_AT_MOST]
        if not asked:
            return ()
        total = self._scores(asked[0])
        for word in asked[1:]:
            scores = self._scores(word)
            total = {order: score + scores[order] for order, score in total.items() if order in scores}
        best = sorted(total, key=lambda order: (-total[order], self._titles[order], order))[:limit]
        return tuple(Hit(self._pages[order], _excerpt(self._lines[order], asked)) for order in best)

    def _scores(self, word: str) -> dict[int, int]:
        scores: dict[int, int] = {}
        stem = _stem(word)
        begin, end = bisect_left(self._words, stem), bisect_right(self._words, stem + _LAST)
        for found, order, weight in self._entries[begin:end]:
            fit = _WHOLE if found == word else _BEGINNING if found.startswith(word) else _STEM
            score = weight * fit
            if score > scores.get(order, 0):
                scores[order] = score
        return scores


def _lines(page: Page) -> Iterator[_Line]:
    yield _Line(page.title, _TITLE, tuple(words_of(page.title)))
    for line in page.body.splitlines():
        text = plain(line)
        if text:
            yield _Line(text, _HEADING if line.startswith("#") else _TEXT, tuple(words_of(text)))


def _stem(word: str) -> str:
    """A word without the letters that its case changes; short ones and numbers stay whole."""
    if not word.isalpha() or len(word) < 5:
        return word
    return word[:-2] if len(word) >= 8 else word[:-1]


def _excerpt(lines: Sequence[_Line], asked: Sequence[str]) -> str:
    """The line of the text with the first of the words asked for; a heading or the title at worst."""
    stems = tuple(_stem(word) for word in asked)
    best = lines[0]
    for line in lines:
        if any(word.startswith(stems) for word in line.words):
            best = line
            if line.weight == _TEXT:
                break
    if len(best.text) <= _LONGEST_EXCERPT:
        return best.text
    return best.text[:_LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
