"""The documents of a Senate election as they should be.

What round 1 came to is recomputed while round 1 is counted. In round 2 its votes are history that no precinct
of this feed can prove: they are taken as said, once they agree in themselves, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.election.model import Contest
from app.election.percent import rounded, text, truncated
from app.election.reference import SenateDistrict
from app.election.senate import round_1, round_2
from app.verify.expected import Standing, document, ucast
from app.verify.sums import COUNTRY, Area, Sum
from app.verify.tree import Node, node

_ELECTED, _TO_ROUND_2, _NOT_ELECTED = "ZVOLEN", "2.KOLO", "NEZVOLEN"
_FIRST = ("HLASY_1KOLO", "HLASY_PROC_1KOLO", "ZVOLEN_1KOLO")
#: A document's name in its folder, its schema, and how it is recomputed.
Document = tuple[str, str, Callable[[Standing, Node], Node]]


class _Round(NamedTuple):
    """Which contest is counted, and its round."""

    contest: str
    number: int

    @property
    def area(self) -> Contest:
        return Contest(self.contest)


def kinds(standing: Standing, contest: str) -> Iterator[Document]:
    """The Senate's documents, without batches."""
    held = _Round(contest, Contest(contest).round)
    yield "vysledky.xml", "se_vysledky.xsd", lambda standing, said: _vysledky(standing, held, said)
    for number in sorted(standing.zero.senate_districts):
        name = f"obvody/vysledky_obce_obvod_{number}.xml"
        yield name, "se_vysledky_obce_obvod.xsd", _of_district(held, number)


def _of_district(held: _Round, number: int) -> Callable[[Standing, Node], Node]:
    return lambda standing, said: _vysledky_obce_obvod(standing, held, number, said)


def _vysledky(standing: Standing, held: _Round, said: Node) -> Node:
    """Candidates and turnout of every district, turnout of all of them."""
    told = {each.number("CISLO"): each for each in said.all("OBVOD")}
    numbers = set(standing.zero.senate_districts)
    if held.number == 2:  # districts that elected in round 1 are there too
        numbers |= {each for each in told if not _has_round_2(told[each])}
    districts = [_obvod(standing, held, number, told.get(number)) for number in sorted(numbers)]
    total = ucast(standing.sums[held.contest][COUNTRY], KOLO=held.number)
    before = _turnout_1(said.one("CELKEM")) if held.number == 2 else []
    return document("VYSLEDKY", said, *districts, node("CELKEM", [*before, total]))


def _vysledky_obce_obvod(standing: Standing, held: _Round, number: int, said: Node) -> Node:
    """A district and its municipalities, ascending by code."""
    told = {each.number("CIS_OBEC"): each for each in said.all("OBEC")}
    sums = standing.sums[held.contest]
    codes = {int(area[2]) for area in sums if area[:2] == ("obec obvodu", number)}
    if held.number == 2:  # municipalities whose precincts voted in round 1 only
        codes |= {code for code in told if len(told[code].all("UCAST")) == 1}
    rows = [_municipality(standing, held, (number, code), told.get(code)) for code in sorted(codes)]
    district = _obvod(standing, held, number, next(iter(said.all("OBVOD")), None))
    return document("VYSLEDKY_OBCE_OBVOD", said, district, *rows)


def _obvod(standing: Standing, held: _Round, number: int, said: Node | None) -> Node:
    district = standing.zero.senate_districts.get(number)
    if district is None:
        assert said is not None
        return said
    area = standing.sums[held.contest].get(("obvod", number), Sum())
    history = _history(said) if held.number == 2 else {}
    won = _won(standing, held, district, area, history)
    people = []
    for candidate in sorted(district.candidates):
        first = history.get(candidate, {})
        if not district.candidates[candidate].valid and not (area.votes[candidate] or first):
            continue
        takes_part = held.number == 1 or first.get("ZVOLEN_1KOLO") == _TO_ROUND_2
        own = _votes(held, area, candidate, won) if takes_part else {}
        people.append(_candidate(district, candidate, {**first, **own}))
    before = _turnout_1(said) if held.number == 2 and said is not None else []
    turnout = [*before, ucast(area, KOLO=held.number)]
    return node("OBVOD", [*people, *turnout], CISLO=number, NAZEV=district.name)


def _candidate(district: SenateDistrict, number: int, results: dict[str, str]) -> Node:
    candidate = district.candidates[number]
    return node(
        "KANDIDAT",
        PORADOVE_CISLO=number,
        JMENO=candidate.first_name,
        PRIJMENI=candidate.last_name,
        TITULPRED=candidate.title_before,
        TITULZA=candidate.title_after,
        **results,
    )


def _votes(held: _Round, area: Sum, candidate: int, won: dict[int, str]) -> dict[str, str]:
    votes = area.votes[candidate]
    found = {
        f"HLASY_{held.number}KOLO": str(votes),
        f"HLASY_PROC_{held.number}KOLO": text(truncated(votes, area.valid)),
    }
    if candidate in won:
        found[f"ZVOLEN_{held.number}KOLO"] = won[candidate]
    return found


def _won(
    standing: Standing, held: _Round, district: SenateDistrict, area: Sum, history: dict[int, dict[str, str]]
) -> dict[int, str]:
    """ZVOLEN of each candidate who takes part, by the rules of the house; empty before it is known."""
    if not area.settled or not area.expected:
        return {}
    lot = standing.decisions.lot(held.area, district.number)
    if held.number == 2:
        finalists = [each for each, said in history.items() if said.get("ZVOLEN_1KOLO") == _TO_ROUND_2]
        elected = round_2(finalists, area.votes, lot).elected
        if elected is None:
            return {}
        return {each: _ELECTED if each == elected else _NOT_ELECTED for each in finalists}
    left = standing.decisions.left.get(district.number, ())
    outcome = round_1(district, area.votes, area.valid, lot, left)
    if outcome.decision is not None:
        return {}
    told = dict.fromkeys(district.candidates, _NOT_ELECTED)
    told.update(dict.fromkeys(outcome.finalists or (), _TO_ROUND_2))
    if outcome.elected is not None:
        told[outcome.elected] = _ELECTED
    return told


def _municipality(standing: Standing, held: _Round, place: tuple[int, int], said: Node | None) -> Node:
    number, code = place
    level: Area = ("obec obvodu", number, code)
    area = standing.sums[held.contest].get(level, Sum())
    before = _turnout_1(said) if held.number == 2 and said is not None else []
    first = {} if held.number == 1 or said is None else {
        each.number("PORADOVE_CISLO"): _only_first(each) for each in said.all("HLASY")
    }  # fmt: skip
    rows = []
    for candidate in sorted(standing.zero.senate_districts[number].candidates):
        own = _votes(held, area, candidate, {}) if area.votes[candidate] else {}
        results = {**first.get(candidate, {}), **own}
        if results:
            rows.append(node("HLASY", PORADOVE_CISLO=candidate, **results))
    own_turnout = [ucast(area, KOLO=held.number)] if area.expected else []
    name = standing.zero.municipalities[code].name
    return node("OBEC", [*before, *own_turnout, *rows], CIS_OBEC=code, NAZ_OBEC=name)


def _has_round_2(said: Node) -> bool:
    return any(each.attributes.get("KOLO") == "2" for each in said.all("UCAST"))


def _history(said: Node | None) -> dict[int, dict[str, str]]:
    """Round 1 of each candidate, as said; its shares are recomputed."""
    if said is None:
        return {}
    valid = sum(int(each.attributes.get("HLASY_1KOLO", "0")) for each in said.all("KANDIDAT"))
    found = {}
    for each in said.all("KANDIDAT"):
        first = _only_first(each)
        if "HLASY_1KOLO" in first:
            first["HLASY_PROC_1KOLO"] = text(truncated(int(first["HLASY_1KOLO"]), valid))
        found[each.number("PORADOVE_CISLO")] = first
    return found


def _only_first(said: Node) -> dict[str, str]:
    return {name: said.attributes[name] for name in _FIRST if name in said.attributes}


def _turnout_1(said: Node) -> list[Node]:
    """UCAST of round 1 as said, with its percentages recomputed."""
    found = []
    for each in said.all("UCAST"):
        if each.attributes.get("KOLO") == "1":
            one = {name: each.number(name) for name in each.attributes if "PROC" not in name.split("_")}
            shares = {
                "OKRSKY_ZPRAC_PROC": text(rounded(one["OKRSKY_ZPRAC"], one["OKRSKY_CELKEM"])),
                "UCAST_PROC": text(rounded(one["VYDANE_OBALKY"], one["ZAPSANI_VOLICI"])),
                "PLATNE_HLASY_PROC": text(rounded(one["PLATNE_HLASY"], one["ODEVZDANE_OBALKY"])),
            }
            found.append(node("UCAST", **one, **shares))
    return found
