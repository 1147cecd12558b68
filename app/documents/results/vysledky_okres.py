"""`vysledky_okres`: one district and all its municipalities, ascending by code.

The district's row lists all lists of its region and rounds their shares; see `municipalities` for the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from app.documents.results.municipalities import is_typed, row_text, rows, votes_text
from app.documents.results.parts import VYSLEDKY_OKRES, Kept, attribute, document, kept, ucast
from app.election.percent import rounded
from app.election.reference import District, Reference
from app.election.tally import ElectionTally

#: What is answered for a district that does not vote (Prague) or does not exist.
_NO_DISTRICT = "<CHYBA>Chybná hodnota v parametru NUTS</CHYBA>\n"


def vysledky_okres(
    reference: Reference,
    tally: ElectionTally,
    nuts: str,
    generated_at: datetime,
    texts: Kept | None = None,
) -> bytes:
    """The document of the district with this NUTS code, or the office's error document.

    `texts` keeps the municipalities' text from one time to the next, by the code of their row.
    """
    district = reference.district_by_nuts.get(nuts)
    if district is None or district.code not in tally.district:
        return no_such_district(generated_at)
    return document(VYSLEDKY_OKRES, generated_at, _body(reference, tally, district, texts))


def no_such_district(generated_at: datetime) -> bytes:
    """The office's error document for a district that does not vote or does not exist."""
    return document(VYSLEDKY_OKRES, generated_at, [_NO_DISTRICT])


def _body(
    reference: Reference, tally: ElectionTally, district: District, texts: Kept | None
) -> Iterator[str]:
    whole = tally.district[district.code]
    yield f"<OKRES{attribute('NUTS_OKRES', district.nuts)}{attribute('NAZ_OKRES', district.name)}>\n"
    yield ucast(whole)
    yield from votes_text(whole, whole.votes, rounded)
    yield "</OKRES>\n"
    voting = [m for m in reference.municipalities_of[district.code] if m.code in tally.municipality]
    for row in sorted(rows(voting, is_typed(reference.election))):
        yield kept(texts, row.code, partial(row_text, row, tally))
