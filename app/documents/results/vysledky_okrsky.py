"""`vysledky_okrsky`: batches of precincts as they were processed, numbered from 1 without gaps.

A batch holds what was processed since the one before. A correction sends the whole precinct again with a
new processing order and OPAKOVANE="1". Preferential votes are not in batches. A batch that does not exist
yet is answered by an error document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.documents.results.parts import VYSLEDKY_OKRSKY, document, local
from app.election.model import Counts, PrecinctId, Votes

#: KOD_CHYBY of a batch that is not there yet.
NOT_YET = 10


@dataclass(frozen=True, slots=True)
class Processed:
    """One precinct as it was processed at the centre."""

    precinct: PrecinctId
    order: int  # PORADI_ZPRAC, one counter for the whole election
    processed_at: datetime  # DATUM_CAS_ZPRAC
    repeated: bool  # OPAKOVANE: not the first time for this precinct
    counts: Counts
    votes: Votes  # (list, votes), those with at least one vote


def vysledky_okrsky(
    records: Iterable[Processed],
    batch: int,
    precincts_expected: int,
    precincts_processed: int,
    generated_at: datetime,
) -> bytes:
    """Batch number `batch`; `precincts_processed` counts distinct precincts up to and with this batch."""
    ordered = sorted(records, key=lambda record: record.order)
    head = (
        f'<DAVKA PORADI_DAVKY="{batch}" OKRSKY_DAVKA="{len(ordered)}"'
        f' OKRSKY_CELKEM="{precincts_expected}" OKRSKY_ZPRAC="{precincts_processed}"/>\n'
    )
    return document(VYSLEDKY_OKRSKY, generated_at, (head, *(map(_precinct, ordered))))


def not_yet(generated_at: datetime, code: int = NOT_YET) -> bytes:
    """The document that says that there is no such batch yet."""
    return document(VYSLEDKY_OKRSKY, generated_at, [f'<CHYBA KOD_CHYBY="{code}"/>\n'])


def _precinct(record: Processed) -> str:
    voters, issued, returned, valid = record.counts
    votes = "".join(
        f'<HLASY_OKRSEK KSTRANA="{number}" HLASY="{votes}"/>\n' for number, votes in record.votes if votes
    )
    return (
        f'<OKRSEK CIS_OBEC="{record.precinct.municipality}" CIS_OKRSEK="{record.precinct.number}"'
        f' PORADI_ZPRAC="{record.order}" DATUM_CAS_ZPRAC="{local(record.processed_at)}"'
        f' OPAKOVANE="{int(record.repeated)}">\n'
        f'<UCAST_OKRSEK ZAPSANI_VOLICI="{voters}" VYDANE_OBALKY="{issued}"'
        f' ODEVZDANE_OBALKY="{returned}" PLATNE_HLASY="{valid}"/>\n{votes}</OKRSEK>\n'
    )
