"""What every page is made with: the view, the language, addresses, and the cards of what is processed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.central.pages.maps import hundredths
from app.central.pages.routes import Route, address, address_of
from app.central.pages.search import Index
from app.central.pages.texts import Language, Words, words
from app.central.pages.view import View
from app.documents.published.parts import Given, Turnout
from app.election.model import Contest


class NoSuchPage(Exception):
    """There is no such region, municipality or whatever the address names."""


class Card(NamedTuple):
    """One contest in one area: how far it is."""

    title: str
    url: str
    turnout: Turnout
    level: str  # of what is processed, in per cent with a point, for drawing
    state: str  # in words


class ListRow(NamedTuple):
    """A list (or a candidate) in a table of votes."""

    number: int
    name: str
    url: str
    given: Given
    level: str
    seats: int = 0
    seats_share: str = ""
    outcome: str = ""


class Leader(NamedTuple):
    """Who is first in an area, with the share."""

    name: str
    share: str
    seats: int = 0


class AreaRow(NamedTuple):
    """A region, district or municipality in a table of areas."""

    name: str
    url: str
    turnout: Turnout
    level: str
    leaders: tuple[Leader, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Scene:
    """One page about to be made."""

    view: View
    route: Route
    language: Language
    index: Index

    @property
    def w(self) -> Words:
        return words(self.language)

    def url(self, kind: str, **values: object) -> str:
        """The address of another page in this language."""
        return address(kind, self.language, **values)

    def here(self, language: Language) -> str:
        """The address of this page in a language."""
        return address_of(self.route, language)

    @property
    def sections(self) -> tuple[str, ...]:
        """The pages that the menu names."""
        senate = any(contest.is_senate for contest in self.view.contests)
        return ("country", "senate", "progress", "places") if senate else ("country", "progress", "places")

    def contest(self, contest: Contest) -> str:
        """A contest's name."""
        return self.w(f"contest_{contest.value}")

    @property
    def title(self) -> str:
        """The election's name: what is elected, and the year."""
        senate = any(contest.is_senate for contest in self.view.contests)
        kind = (
            "both"
            if senate and Contest.REGIONAL in self.view.contests
            else "senate"
            if senate
            else "regional"
        )
        return self.w(f"election_{kind}", year=self.view.territory.voting_ends.year)

    def card(self, contest: Contest, turnout: Turnout, url: str = "", *, decided: bool = False) -> Card:
        """A contest's card; `decided`: what the votes give is known."""
        return Card(self.contest(contest), url, turnout, turnout.processed_share,
                    self.state(turnout, decided=decided))  # fmt: skip

    def state(self, turnout: Turnout, *, decided: bool = False) -> str:
        """How far an area is, in words."""
        if not self.view.is_open:
            return self.w("state_voting")
        if not turnout.processed:
            return self.w("state_none")
        if not turnout.complete:
            return self.w("state_running")
        return self.w("state_decided" if decided else "state_complete")


def rows_of(
    given: Mapping[int, Given], names: Mapping[int, str], urls: Mapping[int, str] | None = None
) -> list[ListRow]:
    """Rows of lists, most votes first; bars go by the largest share."""
    top = max((hundredths(each.share) for each in given.values()), default=0) or 1
    made = [
        ListRow(number, names[number], (urls or {}).get(number, ""), each, level(hundredths(each.share), top))
        for number, each in given.items()
    ]
    return sorted(made, key=lambda row: (-row.given.votes, row.number))


def leaders_of(given: Iterable[tuple[str, Given, int]], most: int = 3) -> tuple[Leader, ...]:
    """Those with most votes: name, share, seats."""
    voted = sorted((each for each in given if each[1].votes), key=lambda each: -each[1].votes)
    return tuple(Leader(name, each.share, seats) for name, each, seats in voted[:most])


def level(part: int, whole: int) -> str:
    """A part of a whole in per cent with one decimal, for drawing."""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}"
