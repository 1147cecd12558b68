"""`vysledky`: turnout, lists, seats and elected councillors of every region, turnout of the country."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from app.documents.results.parts import VYSLEDKY, Kept, attribute, document, kept, ucast
from app.election.decisions import NO_DECISIONS, Decisions
from app.election.percent import rounded, text, truncated
from app.election.reference import Candidate, ElectionRules, Reference, Region
from app.election.seats import council, elected
from app.election.tally import ElectionTally, RegionTally


def vysledky(
    reference: Reference,
    tally: ElectionTally,
    generated_at: datetime,
    decisions: Decisions = NO_DECISIONS,
    texts: Kept | None = None,
) -> bytes:
    """The document for all regions of `reference`, with seats where a region is settled.

    `texts` keeps the regions' text from one time to the next.
    """
    return document(VYSLEDKY, generated_at, _body(reference, tally, decisions, texts))


def _body(
    reference: Reference, tally: ElectionTally, decisions: Decisions, texts: Kept | None
) -> Iterator[str]:
    rules = reference.election.rules
    for number, region in sorted(reference.regions.items()):
        yield kept(texts, number, partial(_region, region, tally.region[number], rules, decisions))
    yield f"<CR>\n{ucast(tally.country)}</CR>\n"


def _region(region: Region, tally: RegionTally, rules: ElectionRules, decisions: Decisions) -> Iterator[str]:
    seats = council(region, tally, rules, decisions).seats
    yield (
        f'<KRZAST CIS_KRZAST="{region.number}"{attribute("NAZ_KRZAST", region.name)}'
        f' POCMANDATU="{region.seats}">\n{ucast(tally)}'
    )
    for number, listed in sorted(region.lists.items()):
        votes = tally.votes[number]
        yield (
            f'<STRANA KSTRANA="{number}"{attribute("NAZ_STR", listed.short_name)}'
            f' VSTRANA="{listed.party_code}">\n'
            f'<HODNOTY_STRANA HLASY="{votes}" PROC_HLASU="{text(truncated(votes, tally.valid_votes))}"'
        )
        won = seats.get(number, 0)
        if won:
            yield f' MANDATY="{won}" PROC_MANDATU="{text(rounded(won, region.seats))}"/>\n'
            preferred = {candidate: tally.preferences[number, candidate] for candidate in listed.candidates}
            for candidate in sorted(elected(listed, preferred, votes, won, rules).elected):
                yield _councillor(listed.candidates[candidate], preferred[candidate], votes)
        else:
            yield "/>\n"
        yield "</STRANA>\n"
    yield "</KRZAST>\n"


def _councillor(candidate: Candidate, preferred: int, votes: int) -> str:
    return (
        f'<ZASTUPITEL PORADOVE_CISLO="{candidate.number}"{attribute("JMENO", candidate.first_name)}'
        f"{attribute('PRIJMENI', candidate.last_name)}{attribute('TITULPRED', candidate.title_before)}"
        f'{attribute("TITULZA", candidate.title_after)} PREDNOSTNI_HLASY="{preferred}"'
        f' PREDNOSTNI_HLASY_PROC="{text(truncated(preferred, votes))}"/>\n'
    )
