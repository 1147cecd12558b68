"""`vysledky_kandid`: votes of every list and preferential votes of every candidate who has any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.documents.results.parts import VYSLEDKY_KANDID, attribute, document, ucast
from app.election.reference import Reference
from app.election.tally import ElectionTally


def vysledky_kandid(reference: Reference, tally: ElectionTally, generated_at: datetime) -> bytes:
    """The document for all regions of `reference`."""
    return document(VYSLEDKY_KANDID, generated_at, _body(reference, tally))


def _body(reference: Reference, tally: ElectionTally) -> Iterator[str]:
    for number, region in sorted(reference.regions.items()):
        sums = tally.region[number]
        yield (
            f'<KRZAST CIS_KRZAST="{number}"{attribute("NAZ_KRZAST", region.name)}'
            f' POCMANDATU="{region.seats}">\n{ucast(sums)}<STRANY>\n'
        )
        yield from (
            f'<STRANA KSTRANA="{list_number}" POC_HLASU="{sums.votes[list_number]}"/>\n'
            for list_number in sorted(region.lists)
        )
        yield "</STRANY>\n<KANDIDATI>\n"
        yield from (
            f'<KANDIDAT KSTRANA="{list_number}" PORCISLO="{candidate}" HLASY="{preferred}"/>\n'
            for (list_number, candidate), preferred in sums.preferences.items()  # ascending from the start
            if preferred
        )
        yield "</KANDIDATI>\n</KRZAST>\n"
