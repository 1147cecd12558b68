"""The Senate's `vysledky`: candidates and turnout of every district in one or both rounds, and in all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from app.documents.results.parts import SENATE_VYSLEDKY, Kept, document, kept, turnout, ucast
from app.documents.results.senate_rows import obvod, of_district
from app.election.decisions import NO_DECISIONS, Decisions
from app.election.model import Contest
from app.election.reference import Reference, SenateDistrict
from app.election.tally import ElectionTally

_NO_ELECTION = "<CHYBA>Chybná hodnota v parametru DATUM_VOLEB</CHYBA>\n"


def senate_vysledky(
    reference: Reference,
    tally: ElectionTally,
    generated_at: datetime,
    decisions: Decisions = NO_DECISIONS,
    texts: Kept | None = None,
) -> bytes:
    """The document for all districts of `reference`, of the round that `tally` counts (and the one before).

    `texts` keeps the districts' text from one time to the next.
    """
    return document(SENATE_VYSLEDKY, generated_at, _body(reference, tally, decisions, texts))


def no_such_senate_election(generated_at: datetime) -> bytes:
    """The document that says that no Senate election began on the day that was asked for."""
    return document(SENATE_VYSLEDKY, generated_at, [_NO_ELECTION])


def round_of(document: bytes) -> str:
    """Which round (KOLO) a document that was made here counts: the second has turnouts of its own."""
    return "2" if b'<UCAST KOLO="2"' in document else "1"


def _body(
    reference: Reference, tally: ElectionTally, decisions: Decisions, texts: Kept | None
) -> Iterator[str]:
    for number, district in sorted(reference.senate_districts.items()):
        yield kept(texts, number, partial(_district, district, tally, decisions))
    yield "<CELKEM>\n"
    if tally.contest is Contest.SENATE_ROUND_1:
        yield ucast(tally.country, 1)
    else:
        yield from _round_1(reference)
        yield ucast(tally.country, 2)
    yield "</CELKEM>\n"


def _district(district: SenateDistrict, tally: ElectionTally, decisions: Decisions) -> Iterator[str]:
    return obvod(of_district(district, tally, decisions))


def _round_1(reference: Reference) -> Iterator[str]:
    """Turnout of round 1 in all districts, if the reference data have it of every one."""
    results = [district.round1 for district in reference.senate_districts.values()]
    known = [result for result in results if result is not None]
    if known and len(known) == len(results):
        expected = sum(result.precincts_expected for result in known)
        processed = sum(result.precincts_processed for result in known)
        counts = (sum(each) for each in zip(*(result.counts for result in known), strict=True))
        yield turnout(expected, processed, *counts, round_=1)
