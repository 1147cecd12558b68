"""`vysledky_okrsky`: batches of precincts as they were processed, numbered from 1 without gaps.

A batch holds what was processed since the one before. A correction sends the whole precinct again with a
new processing order and OPAKOVANE="1". Preferential votes are not in batches. A batch that does not exist
yet is answered by an error document. The Senate's have the round (KOLO) and each precinct's district.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.documents.results.parts import SENATE_OKRSKY, VYSLEDKY_OKRSKY, Kind, document, local
from app.election.model import Contest, Counts, PrecinctId, Votes

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
    votes: Votes  # (list or candidate, votes), those with at least one vote
    senate_district: int | None = None  # OBVOD, in batches of the Senate


def vysledky_okrsky(
    records: Iterable[Processed],
    batch: int,
    precincts_expected: int,
    precincts_processed: int,
    generated_at: datetime,
    contest: Contest = Contest.REGIONAL,
) -> bytes:
    """Batch number `batch`; `precincts_processed` counts distinct precincts up to and with this batch."""
    ordered = sorted(records, key=lambda record: record.order)
    round_ = f' KOLO="{contest.round}"' if contest.is_senate else ""
    head = (
        f'<DAVKA{round_} PORADI_DAVKY="{batch}" OKRSKY_DAVKA="{len(ordered)}"'
        f' OKRSKY_CELKEM="{precincts_expected}" OKRSKY_ZPRAC="{precincts_processed}"/>\n'
    )
    number = "PORADOVE_CISLO" if contest.is_senate else "KSTRANA"
    return document(_kind(contest), generated_at, (head, *(_precinct(each, number) for each in ordered)))


def not_yet(generated_at: datetime, contest: Contest = Contest.REGIONAL, code: int = NOT_YET) -> bytes:
    """The document that says that there is no such batch yet."""
    return document(_kind(contest), generated_at, [f'<CHYBA KOD_CHYBY="{code}"/>\n'])


def _kind(contest: Contest) -> Kind:
    return SENATE_OKRSKY if contest.is_senate else VYSLEDKY_OKRSKY


def _precinct(record: Processed, number: str) -> str:
    voters, issued, returned, valid = record.counts
    votes = "".join(
        f'<HLASY_OKRSEK {number}="{each}" HLASY="{votes}"/>\n' for each, votes in record.votes if votes
    )
    district = "" if record.senate_district is None else f' CIS_OBVOD="{record.senate_district}"'
    return (
        f'<OKRSEK CIS_OBEC="{record.precinct.municipality}" CIS_OKRSEK="{record.precinct.number}"{district}'
        f' PORADI_ZPRAC="{record.order}" DATUM_CAS_ZPRAC="{local(record.processed_at)}"'
        f' OPAKOVANE="{int(record.repeated)}">\n'
        f'<UCAST_OKRSEK ZAPSANI_VOLICI="{voters}" VYDANE_OBALKY="{issued}"'
        f' ODEVZDANE_OBALKY="{returned}" PLATNE_HLASY="{valid}"/>\n{votes}</OKRSEK>\n'
    )
