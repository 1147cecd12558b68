"""`vysledky_kandid`: votes of every list and preferential votes of every candidate who has any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from app.documents.results.parts import VYSLEDKY_KANDID, Kept, attribute, document, kept, ucast
from app.election.reference import Reference, Region
from app.election.tally import ElectionTally, RegionTally


def vysledky_kandid(
    reference: Reference, tally: ElectionTally, generated_at: datetime, texts: Kept | None = None
) -> bytes:
    """The document for all regions of `reference`; `texts` keeps their text from one time to the next."""
    body = (
        kept(texts, number, partial(_region, region, tally.region[number]))
        for number, region in sorted(reference.regions.items())
    )
    return document(VYSLEDKY_KANDID, generated_at, body)


def _region(region: Region, sums: RegionTally) -> Iterator[str]:
    yield (
        f'<KRZAST CIS_KRZAST="{region.number}"{attribute("NAZ_KRZAST", region.name)}'
        f' POCMANDATU="{region.seats}">\n{ucast(sums)}<STRANY>\n'
    )
    for number in sorted(region.lists):
        yield f'<STRANA KSTRANA="{number}" POC_HLASU="{sums.votes[number]}"/>\n'
    yield "</STRANY>\n<KANDIDATI>\n"
    yield from (
        f'<KANDIDAT KSTRANA="{number}" PORCISLO="{candidate}" HLASY="{preferred}"/>\n'
        for (number, candidate), preferred in sums.preferences.items()  # ascending from the start
        if preferred
    )
    yield "</KANDIDATI>\n</KRZAST>\n"
