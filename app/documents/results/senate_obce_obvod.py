"""The Senate's `vysledky_obce_obvod_{N}`: one district and its municipalities, ascending by code.

No sample is known. The district's row is that of `vysledky`; a municipality's has UCAST of each round and
HLASY of each candidate with at least one vote there, as a program that reads these documents expects them.
A city that lies in several districts has in each the row of its part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from app.documents.results.parts import SENATE_OBCE_OBVOD, Kept, attribute, document, kept
from app.documents.results.senate_rows import Rounds, obvod, of_district, rounds, votes_of
from app.election.decisions import NO_DECISIONS, Decisions
from app.election.reference import Municipality, Reference, SenateDistrict
from app.election.tally import ElectionTally

#: What is answered for a district that does not vote.
_NO_DISTRICT = "<CHYBA>Chybná hodnota v parametru OBVOD</CHYBA>\n"


def senate_obce_obvod(
    reference: Reference,
    tally: ElectionTally,
    number: int,
    generated_at: datetime,
    decisions: Decisions = NO_DECISIONS,
    texts: Kept | None = None,
) -> bytes:
    """The document of the district with this number (OBVOD), or an error document.

    `texts` keeps the municipalities' text from one time to the next, by their code.
    """
    district = reference.senate_districts.get(number)
    if district is None:
        return no_such_senate_district(generated_at)
    return document(SENATE_OBCE_OBVOD, generated_at, _body(reference, tally, district, decisions, texts))


def no_such_senate_district(generated_at: datetime) -> bytes:
    """The error document for a district that does not vote or does not exist."""
    return document(SENATE_OBCE_OBVOD, generated_at, [_NO_DISTRICT])


def _body(
    reference: Reference,
    tally: ElectionTally,
    district: SenateDistrict,
    decisions: Decisions,
    texts: Kept | None,
) -> Iterator[str]:
    yield from obvod(of_district(district, tally, decisions))
    before = {} if district.round1 is None else district.round1.municipalities
    held = {code for number, code in tally.municipality_part if number == district.number}
    for code in sorted(held | before.keys()):
        municipality = reference.municipalities.get(code)
        if municipality is not None:
            yield kept(texts, code, partial(_row, municipality, tally, district))


def _row(municipality: Municipality, tally: ElectionTally, district: SenateDistrict) -> Iterator[str]:
    sums = tally.municipality_part.get((district.number, municipality.code))
    before = None if district.round1 is None else district.round1.municipalities.get(municipality.code)
    found = rounds(sums, tally.contest, before)
    yield f'<OBEC CIS_OBEC="{municipality.code}"{attribute("NAZ_OBEC", municipality.name)}>\n'
    yield found.turnout
    for number in sorted(district.candidates):
        yield _votes(number, found, district)
    yield "</OBEC>\n"


def _votes(number: int, found: Rounds, district: SenateDistrict) -> str:
    first, second = found.first, found.second
    written = votes_of(number, first, 1) if first is not None and first.of.get(number) else ""
    if second is not None and number in district.finalists and second.of.get(number):
        written += votes_of(number, second, 2)
    return f'<HLASY PORADOVE_CISLO="{number}"{written}/>\n' if written else ""
