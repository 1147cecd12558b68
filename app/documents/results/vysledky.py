"""`vysledky`: turnout, lists, seats and elected councillors of every region, turnout of the country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.documents.results.parts import VYSLEDKY, attribute, document, ucast
from app.election.percent import rounded, text, truncated
from app.election.reference import Candidate, ElectionRules, Reference, Region
from app.election.seats import allocate, elected, valid_candidates
from app.election.tally import ElectionTally, RegionTally


def vysledky(reference: Reference, tally: ElectionTally, generated_at: datetime) -> bytes:
    """The document for all regions of `reference`, with seats where a region is complete."""
    return document(VYSLEDKY, generated_at, _body(reference, tally))


def _body(reference: Reference, tally: ElectionTally) -> Iterator[str]:
    rules = reference.election.rules
    for number, region in sorted(reference.regions.items()):
        yield from _region(region, tally.region[number], rules)
    yield f"<CR>\n{ucast(tally.country)}</CR>\n"


def _region(region: Region, tally: RegionTally, rules: ElectionRules) -> Iterator[str]:
    seats = seats_of(region, tally, rules)
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


def seats_of(region: Region, tally: RegionTally, rules: ElectionRules) -> Mapping[int, int]:
    """Seats by list of a complete region; empty before that, and where people have to decide first."""
    if not tally.complete:
        return {}
    valid = {number: valid_candidates(listed) for number, listed in region.lists.items()}
    return allocate(tally.votes, tally.valid_votes, region.seats, rules, valid).seats


def _councillor(candidate: Candidate, preferred: int, votes: int) -> str:
    return (
        f'<ZASTUPITEL PORADOVE_CISLO="{candidate.number}"{attribute("JMENO", candidate.first_name)}'
        f"{attribute('PRIJMENI', candidate.last_name)}{attribute('TITULPRED', candidate.title_before)}"
        f'{attribute("TITULZA", candidate.title_after)} PREDNOSTNI_HLASY="{preferred}"'
        f' PREDNOSTNI_HLASY_PROC="{text(truncated(preferred, votes))}"/>\n'
    )
