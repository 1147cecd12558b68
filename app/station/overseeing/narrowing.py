"""Which protocols a list shows: by state, by municipality, by words; the same rules wherever one searches."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from app.election.model import Contest, ProtocolKey
from app.station.overseeing.conditions import MISSING
from app.station.states import State

#: Filters by what people ask for; the states of each, none: all.
FILTERS: tuple[tuple[str, frozenset[State]], ...] = (
    ("all", frozenset()),
    ("missing", MISSING),
    ("attention", frozenset({State.REFUSED, State.HELD, State.RETURNED})),
    ("unconfirmed", frozenset({State.ACCEPTED, State.SENT})),
    ("confirmed", frozenset({State.CONFIRMED})),
)


def folded(text: str) -> str:
    """Lower case without diacritics, for searching: Žďár → zdar."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def words_of(search: str) -> tuple[str, ...]:
    """The words of what was typed; a slash parts municipality and precinct as a blank does."""
    return tuple(folded(search).replace("/", " ").split())


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched of one row: folded text, the precinct's number, the municipality's code."""

    text: str
    number: str
    code: str

    @classmethod
    def of(cls, key: ProtocolKey, *texts: str) -> Searched:
        return cls(folded(" ".join(texts)), str(key.precinct.number), str(key.precinct.municipality))

    def holds(self, words: tuple[str, ...]) -> bool:
        """Whether every word is found: a number as a precinct's first digits or a municipality's whole
        code, anything else in the text."""
        return all(
            (self.number.startswith(word) or word == self.code) if word.isdigit() else word in self.text
            for word in words
        )


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked for; the empty one lets everything through."""

    words: tuple[str, ...] = ()
    states: frozenset[State] = frozenset()
    municipality: int | None = None
    contest: Contest | None = None

    def lets(self, key: ProtocolKey, state: str, searched: Searched) -> bool:
        return (
            (not self.states or state in self.states)
            and self.municipality in (None, key.precinct.municipality)
            and self.contest in (None, key.contest)
            and searched.holds(self.words)
        )
