"""Rows of municipalities in the documents of regional elections: which there are, and what a row says.

The registers list boroughs of statutory cities as municipalities of their own, and name the one under
which each is presented (OBEC_PREZ). Without the election's feed setting TYP_OBEC (2016) there is one
row for each OBEC_PREZ. With it (since 2020) a divided city is presented twice: whole (OBEC_S_MCMO) and by
its boroughs (MCMO), while the others are OBEC_BEZ_MCMO.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.documents.results.parts import Share, attribute, ucast
from app.election.percent import text, truncated
from app.election.reference import ElectionInfo, Municipality
from app.election.tally import ElectionTally, Tally

#: Feed setting: municipalities carry the attribute TYP_OBEC.
TYPE_SETTING = "TYP_OBEC"


class Row(NamedTuple):
    """One element OBEC."""

    code: int
    name: str
    kind: str  # "" where documents do not carry it
    parts: tuple[int, ...]  # codes of the municipalities summed in this row


def is_typed(election: ElectionInfo) -> bool:
    """Whether documents of this election say what kind of municipality each is."""
    return election.feed.get(TYPE_SETTING, "") not in ("", "0")


def rows(municipalities: Iterable[Municipality], typed: bool) -> Iterator[Row]:
    """The rows of these municipalities: each whole city followed by its boroughs, if they are shown."""
    groups: dict[int, list[Municipality]] = {}
    for municipality in municipalities:
        groups.setdefault(municipality.presented_under, []).append(municipality)
    for code, group in groups.items():
        first = group[0]
        divided = len(group) > 1 or first.code != code
        name = first.presented_name or first.name if divided else first.name
        parts = tuple(municipality.code for municipality in group)
        yield Row(code, name, ("OBEC_S_MCMO" if divided else "OBEC_BEZ_MCMO") if typed else "", parts)
        if typed and divided:
            yield from (Row(m.code, m.name, "MCMO", (m.code,)) for m in group)


def row_text(row: Row, tally: ElectionTally) -> Iterator[str]:
    """The element OBEC: turnout and the lists with at least one vote, their shares cut off."""
    sums = summed([tally.municipality[code] for code in row.parts])
    kind = attribute("TYP_OBEC", row.kind) if row.kind else ""
    yield f'<OBEC CIS_OBEC="{row.code}"{attribute("NAZ_OBEC", row.name)}{kind}>\n'
    yield ucast(sums)
    yield from votes_text(sums, (number for number, votes in sums.votes.items() if votes), truncated)
    yield "</OBEC>\n"


def votes_text(tally: Tally, numbers: Iterable[int], share: Share) -> Iterator[str]:
    """HLASY_STRANA of the lists with these numbers."""
    votes, valid = tally.votes, tally.valid_votes
    for number in numbers:
        yield (
            f'<HLASY_STRANA KSTRANA="{number}" HLASY="{votes[number]}"'
            f' PROC_HLASU="{text(share(votes[number], valid))}"/>\n'
        )


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
