"""`vysledky_krajmesta`: every region whole, and in it its regional city.

No sample of this document of a regional election is known. Its shape follows the same document of other
elections as programs read it (a region with CELKEM) and the rows OBEC of `vysledky_okres`. Which
municipality is a region's city is a fact of `resources/facts`, by its OBEC_PREZ; Central Bohemia has none,
and neither has a region whose city the registers do not put together of its boroughs (three before 2020).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cache, partial

from app import resources
from app.documents.results.municipalities import is_typed, row_text, rows, votes_text
from app.documents.results.parts import VYSLEDKY_KRAJMESTA, Kept, attribute, document, kept, ucast
from app.election.percent import truncated
from app.election.reference import Municipality, Reference, Region
from app.election.tally import ElectionTally


@cache
def regional_cities() -> frozenset[int]:
    """Codes (OBEC_PREZ) of the regional cities."""
    with resources.path("facts", "regional_cities.csv").open(encoding="utf-8", newline="") as stream:
        return frozenset(int(row["OBEC_PREZ"]) for row in csv.DictReader(stream))


def vysledky_krajmesta(
    reference: Reference,
    tally: ElectionTally,
    generated_at: datetime,
    texts: Kept | None = None,
    cities: Collection[int] | None = None,
) -> bytes:
    """The document for all regions of `reference`; `cities` by OBEC_PREZ, those of the facts when None.

    `texts` keeps the regions' text from one time to the next.
    """
    found = _municipalities(reference, tally, regional_cities() if cities is None else cities)
    body = (
        kept(texts, number, partial(_region, reference, tally, region, found.get(number, ())))
        for number, region in sorted(reference.regions.items())
    )
    return document(VYSLEDKY_KRAJMESTA, generated_at, body)


def _municipalities(
    reference: Reference, tally: ElectionTally, cities: Collection[int]
) -> dict[int, list[Municipality]]:
    """The municipalities (or boroughs) of the cities that vote, by region."""
    found: dict[int, list[Municipality]] = {}
    for municipality in reference.municipalities.values():
        if municipality.presented_under in cities and municipality.code in tally.municipality:
            region = reference.districts[municipality.district].region
            if region is not None:
                found.setdefault(region, []).append(municipality)
    return found


def _region(
    reference: Reference, tally: ElectionTally, region: Region, city: Collection[Municipality]
) -> Iterator[str]:
    sums = tally.region[region.number]
    yield (
        f'<KRZAST CIS_KRZAST="{region.number}"{attribute("NAZ_KRZAST", region.name)}>\n'
        f"<CELKEM>\n{ucast(sums)}"
    )
    yield from votes_text(sums, sums.votes, truncated)
    yield "</CELKEM>\n"
    for row in sorted(rows(city, is_typed(reference.election))):
        yield from row_text(row, tally)
    yield "</KRZAST>\n"
