"""Places by name: what is found does not go by diacritics, capitals or dashes.

Whole beginnings of names come first, then beginnings of their words, then anything that contains the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.documents.published.territory import Territory

#: Results that are shown, and characters of a question that are looked at.
MOST, LONGEST = 60, 60
_APART = re.compile(r"[^a-z0-9]+")


class Place(NamedTuple):
    """Something that has a page: `kind` and `words` of its route; `context` says where it lies."""

    folded: str
    name: str
    kind: str  # region, district, municipality, senate_district
    key: str
    context: str


def folded(text: str) -> str:
    """Letters without diacritics in small, everything else as single spaces."""
    apart = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    return _APART.sub(" ", plain).strip()


class Index:
    """All names of one territory."""

    def __init__(self, territory: Territory) -> None:
        self.places = sorted(_places(territory))

    def find(self, question: str) -> list[Place]:
        """The places that a question means, the likeliest first, at most `MOST`."""
        wanted = folded(question[:LONGEST])
        if not wanted:
            return []
        word = f" {wanted}"
        ranked: tuple[list[Place], ...] = [], [], [], []
        for place in self.places:
            name = place.folded
            if wanted in name:
                rank = 0 if name == wanted else 1 if name.startswith(wanted) else 2 if word in name else 3
                ranked[rank].append(place)
        return [place for places in ranked for place in places][:MOST]

    def letters(self) -> Mapping[str, list[Place]]:
        """Municipalities by the first letter of their name."""
        found: dict[str, list[Place]] = {}
        for place in self.places:
            if place.kind == "municipality":
                found.setdefault((place.folded[:1] or "x").upper(), []).append(place)
        return found


def _places(territory: Territory) -> Iterable[Place]:
    for region in territory.regions.values():
        yield Place(folded(region.name), region.name, "region", str(region.number), "")
    for senate in territory.senate_districts.values():
        yield Place(folded(senate.name), senate.name, "senate_district", str(senate.number), "")
    for district in territory.districts.values():
        yield Place(folded(district.name), district.name, "district", district.nuts, "")
    cities = {}
    for each in territory.municipalities.values():
        district = territory.districts[each.district]
        city = each.presented_name if each.presented_under != each.code else ""
        context = f"{city}, {district.name}" if city and city != district.name else district.name
        yield Place(folded(each.name), each.name, "municipality", str(each.code), context)
        if city:
            cities[each.presented_under] = (each.presented_name, district.name)
    for code, (name, context) in cities.items():
        if code not in territory.municipalities:
            yield Place(folded(name), name, "municipality", str(code), context)
