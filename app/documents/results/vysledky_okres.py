"""`vysledky_okres`: one district and all its municipalities.

The registers list boroughs of statutory cities as municipalities of their own, and name the one under
which each is presented (OBEC_PREZ). Without the election's feed setting TYP_OBEC (2016) there is one
row for each OBEC_PREZ. With it (since 2020) a divided city is presented twice: whole (OBEC_S_MCMO) and by
its boroughs (MCMO), while the others are OBEC_BEZ_MCMO. Rows ascend by code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from app.documents.results.parts import VYSLEDKY_OKRES, Share, attribute, document, ucast
from app.election.percent import rounded, text, truncated
from app.election.reference import District, Municipality, Reference
from app.election.tally import ElectionTally, Tally

#: What is answered for a district that does not vote (Prague) or does not exist.
_NO_DISTRICT = "<CHYBA>Chybná hodnota v parametru NUTS</CHYBA>\n"
#: Feed setting: municipalities carry the attribute TYP_OBEC.
TYPE_SETTING = "TYP_OBEC"


class _Row(NamedTuple):
    code: int
    name: str
    kind: str  # "" where documents do not carry it
    parts: tuple[int, ...]  # codes of the municipalities summed in this row


def vysledky_okres(reference: Reference, tally: ElectionTally, nuts: str, generated_at: datetime) -> bytes:
    """The document of the district with this NUTS code, or the office's error document."""
    district = reference.district_by_nuts.get(nuts)
    if district is None or district.code not in tally.district:
        return document(VYSLEDKY_OKRES, generated_at, [_NO_DISTRICT])
    return document(VYSLEDKY_OKRES, generated_at, _body(reference, tally, district))


def _body(reference: Reference, tally: ElectionTally, district: District) -> Iterator[str]:
    whole = tally.district[district.code]
    yield f"<OKRES{attribute('NUTS_OKRES', district.nuts)}{attribute('NAZ_OKRES', district.name)}>\n"
    yield ucast(whole)
    yield from _lists(whole, whole.votes, rounded)
    yield "</OKRES>\n"
    voting = [m for m in reference.municipalities_of[district.code] if m.code in tally.municipality]
    typed = reference.election.feed.get(TYPE_SETTING, "") not in ("", "0")
    for row in sorted(_rows(voting, typed)):
        sums = summed([tally.municipality[code] for code in row.parts])
        kind = attribute("TYP_OBEC", row.kind) if row.kind else ""
        yield f'<OBEC CIS_OBEC="{row.code}"{attribute("NAZ_OBEC", row.name)}{kind}>\n'
        yield ucast(sums)
        yield from _lists(sums, (number for number, votes in sums.votes.items() if votes), truncated)
        yield "</OBEC>\n"


def _rows(municipalities: Iterable[Municipality], typed: bool) -> Iterator[_Row]:
    groups: dict[int, list[Municipality]] = {}
    for municipality in municipalities:
        groups.setdefault(municipality.presented_under, []).append(municipality)
    for code, group in groups.items():
        first = group[0]
        divided = len(group) > 1 or first.code != code
        name = first.presented_name or first.name if divided else first.name
        parts = tuple(municipality.code for municipality in group)
        yield _Row(code, name, ("OBEC_S_MCMO" if divided else "OBEC_BEZ_MCMO") if typed else "", parts)
        if typed and divided:
            yield from (_Row(m.code, m.name, "MCMO", (m.code,)) for m in group)


def summed(tallies: Sequence[Tally]) -> Tally:
    """The sum of tallies of areas with the same lists."""
    if len(tallies) == 1:
        return tallies[0]
    total = Tally(tallies[0].votes)
    for tally in tallies:
        total.precincts_expected += tally.precincts_expected
        total.precincts_processed += tally.precincts_processed
        total.registered_voters += tally.registered_voters
        total.envelopes_issued += tally.envelopes_issued
        total.envelopes_returned += tally.envelopes_returned
        total.valid_votes += tally.valid_votes
        for number, votes in tally.votes.items():
            total.votes[number] += votes
    return total


def _lists(tally: Tally, numbers: Iterable[int], share: Share) -> Iterator[str]:
    votes, valid = tally.votes, tally.valid_votes
    for number in numbers:
        yield (
            f'<HLASY_STRANA KSTRANA="{number}" HLASY="{votes[number]}"'
            f' PROC_HLASU="{text(share(votes[number], valid))}"/>\n'
        )
