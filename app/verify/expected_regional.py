"""The documents of regional elections as they should be: regions, candidates, districts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from app import resources
from app.election.percent import rounded, text, truncated
from app.election.reference import Candidate, Region
from app.election.seats import council, elected
from app.election.tally import Tally
from app.verify.expected import Share, Standing, document, ucast
from app.verify.sums import COUNTRY, Area, Sum
from app.verify.tree import Node, node
from app.verify.zero import Municipality

_CONTEST = "KZ"


def vysledky(standing: Standing, said: Node) -> Node:
    """Turnout, lists, seats and elected councillors of every region, turnout of the country."""
    sums = standing.sums[_CONTEST]
    regions = [
        _region(standing, region, sums.get(("kraj", number), Sum()))
        for number, region in sorted(standing.zero.regions.items())
    ]
    return document("VYSLEDKY", said, *regions, node("CR", [ucast(sums[COUNTRY])]))


def vysledky_kandid(standing: Standing, said: Node) -> Node:
    """Votes of every list, preferential votes of every candidate who has any."""
    regions = []
    for number, region in sorted(standing.zero.regions.items()):
        area = standing.sums[_CONTEST].get(("kraj", number), Sum())
        lists = [node("STRANA", KSTRANA=each, POC_HLASU=area.votes[each]) for each in sorted(region.lists)]
        candidates = [
            node("KANDIDAT", KSTRANA=listed, PORCISLO=candidate, HLASY=votes)
            for (listed, candidate), votes in sorted(area.preferences.items())
            if votes
        ]
        inside = [ucast(area), node("STRANY", lists), node("KANDIDATI", candidates)]
        regions.append(_krzast(region, inside))
    return document("VYSLEDKY_KANDID", said, *regions)


def vysledky_okres(standing: Standing, code: int, said: Node) -> Node:
    """A district and all its municipalities."""
    sums, zero = standing.sums[_CONTEST], standing.zero
    nuts, name = zero.districts[code]
    whole = sums["okres", code]
    lists = sorted(_lists_of_district(standing, code))
    district = node("OKRES", [ucast(whole), *_votes(whole, lists, rounded)], NUTS_OKRES=nuts, NAZ_OKRES=name)
    rows = [
        _municipality(row, _together(sums, row.parts))
        for row in sorted(rows_of(standing, lambda each: each.district == code))
    ]
    return document("VYSLEDKY_OKRES", said, district, *rows)


class Row(NamedTuple):
    """One municipality as it is presented; `parts` are the codes summed in it."""

    code: int
    name: str
    kind: str | None
    parts: tuple[int, ...]


def vysledky_krajmesta(standing: Standing, said: Node) -> Node:
    """Every region whole, and in it its regional city."""
    cities, regions = _regional_cities(), []
    for number, region in sorted(standing.zero.regions.items()):
        area = standing.sums[_CONTEST].get(("kraj", number), Sum())
        whole = node("CELKEM", [ucast(area), *_votes(area, sorted(region.lists), truncated)])
        city = _city(standing, cities.get(number))
        regions.append(node("KRZAST", [whole, *city], CIS_KRZAST=number, NAZ_KRZAST=region.name))
    return document("VYSLEDKY_KRAJMESTA", said, *regions)


def _city(standing: Standing, code: int | None) -> list[Node]:
    rows = sorted(rows_of(standing, lambda each: each.presented == code))
    return [_municipality(row, _together(standing.sums[_CONTEST], row.parts)) for row in rows]


def rows_of(standing: Standing, wanted: Callable[[Municipality], bool]) -> Iterator[Row]:
    """The wanted municipalities in which somebody votes, as they are presented, in any order."""
    zero, sums = standing.zero, standing.sums[_CONTEST]
    groups: dict[int, list[Municipality]] = {}
    for code, each in sorted(zero.municipalities.items()):
        if wanted(each) and ("obec", code) in sums:
            groups.setdefault(each.presented, []).append(each)
    for code, group in groups.items():
        divided = len(group) > 1 or group[0].code != code
        name = (group[0].presented_name or group[0].name) if divided else group[0].name
        kind = ("OBEC_S_MCMO" if divided else "OBEC_BEZ_MCMO") if zero.typed else None
        yield Row(code, name, kind, tuple(each.code for each in group))
        if zero.typed and divided:
            for each in group:
                yield Row(each.code, each.name, "MCMO", (each.code,))


@cache
def _regional_cities() -> Mapping[int, int]:
    """The regional city (OBEC_PREZ) of each region (KRZAST), a fact that no vote changes."""
    with resources.path("facts", "regional_cities.csv").open(encoding="utf-8", newline="") as stream:
        return {int(row["KRZAST"]): int(row["OBEC_PREZ"]) for row in csv.DictReader(stream)}


def _region(standing: Standing, region: Region, area: Sum) -> Node:
    seats = _seats(standing, region, area)
    inside = [ucast(area)]
    for number, listed in sorted(region.lists.items()):
        votes, won = area.votes[number], seats.get(number, 0)
        values = node(
            "HODNOTY_STRANA",
            HLASY=votes,
            PROC_HLASU=text(truncated(votes, area.valid)),
            MANDATY=won or None,
            PROC_MANDATU=text(rounded(won, region.seats)) if won else None,
        )
        preferred = {each: area.preferences[number, each] for each in listed.candidates}
        chosen = elected(listed, preferred, votes, won, standing.zero.rules).elected if won else ()
        people = [_councillor(listed.candidates[each], preferred[each], votes) for each in sorted(chosen)]
        inside.append(
            node(
                "STRANA",
                [values, *people],
                KSTRANA=number,
                NAZ_STR=listed.short_name,
                VSTRANA=listed.party_code,
            )
        )
    return _krzast(region, inside)


def _krzast(region: Region, inside: list[Node]) -> Node:
    return node("KRZAST", inside, CIS_KRZAST=region.number, NAZ_KRZAST=region.name, POCMANDATU=region.seats)


def _seats(standing: Standing, region: Region, area: Sum) -> Mapping[int, int]:
    """By the rule of the house, on sums that are this reader's own."""
    tally = Tally(region.lists)
    tally.precincts_expected, tally.precincts_processed = area.expected, area.processed
    tally.never = area.never
    tally.valid_votes = area.valid
    tally.votes.update(area.votes)
    return council(region, tally, standing.zero.rules, standing.decisions).seats


def _councillor(candidate: Candidate, preferred: int, votes: int) -> Node:
    return node(
        "ZASTUPITEL",
        PORADOVE_CISLO=candidate.number,
        JMENO=candidate.first_name,
        PRIJMENI=candidate.last_name,
        TITULPRED=candidate.title_before,
        TITULZA=candidate.title_after,
        PREDNOSTNI_HLASY=preferred,
        PREDNOSTNI_HLASY_PROC=text(truncated(preferred, votes)),
    )


def _municipality(row: Row, area: Sum) -> Node:
    given = [number for number, votes in sorted(area.votes.items()) if votes]
    return node(
        "OBEC",
        [ucast(area), *_votes(area, given, truncated)],
        CIS_OBEC=row.code,
        NAZ_OBEC=row.name,
        TYP_OBEC=row.kind,
    )


def _votes(area: Sum, lists: list[int], share: Share) -> list[Node]:
    return [
        node(
            "HLASY_STRANA",
            KSTRANA=each,
            HLASY=area.votes[each],
            PROC_HLASU=text(share(area.votes[each], area.valid)),
        )
        for each in lists
    ]


def _together(sums: Mapping[Area, Sum], codes: tuple[int, ...]) -> Sum:
    whole = Sum()
    for code in codes:
        whole += sums["obec", code]
    return whole


def _lists_of_district(standing: Standing, code: int) -> set[int]:
    """All lists of the region that the district lies in."""
    for precinct in standing.zero.precincts.values():
        if precinct.district == code and precinct.region is not None:
            return set(standing.zero.regions[precinct.region].lists)
    return set()
