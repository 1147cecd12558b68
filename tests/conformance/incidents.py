"""What the plausibility rules catch, and what they cost, on the real protocols of five regions of 2016.

`python -m tests.conformance.incidents` replays the night: the protocols come in the order of the table T6,
each transfer point's surroundings grow with what it accepted, and every protocol is judged as its station
would. First the real protocols: how many ask for a reason and approval, by rule. Then incidents that are
made from those that asked for none, and how many of them some rule catches (B blocks, P and W ask for
approval). An incident is consistent: control numbers are right, and sums are adapted, because a commission
computes them from the same wrong numbers.

Measured with the default thresholds, which were chosen by these figures (seed 2016):

- 102 of 3 626 real protocols ask for approval, 2.81 %: PL-07 38, PL-02 16, PL-06 13, PL-03 and PL-04 11 each,
  PL-01 10, PL-05 6, LG-08 4. With the voters of 2024 as the expected ones PL-09 adds 13: 3.14 %.
- Two neighbouring lists exchanged as whole sheets: 55 % caught, 90 % of those that moved 20 votes and more
  (most lists have a handful of votes in a precinct, and an exchange of 3 and 4 is in no data to be seen).
  Only their votes exchanged: 44 % and 77 %, most by B, because the preferences do not fit any more.
- Two neighbouring candidates of a list exchanged: 2 %, and 66 % where 10 preferences moved: most
  candidates have one or two. Two finalists exchanged: 27 % and 55 %, at 0.3 % of clean ballots.
- The reverse page missing: 35 %, and 84 % where 20 preferences are missing.
- One digit transposed in a count or a list's votes: 83 % and 88 % (70 % by B and P); in a preference 26 %.
- Lists shifted by a row: 79 % and 96 %. One sheet's candidates shifted by a row: 28 % and 82 %.
- Two precincts of one transfer point exchanged: not seen at all without expected voters (towns vote alike);
  with those of 2024 59 %, and 67 % where the precincts differ by 20 votes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import NamedTuple

from app.election.checks import Severity
from app.election.model import RegionalProtocol, Sheet
from app.election.reference import Reference
from app.election.surroundings import votes_of
from tests.conformance.finalists import finalists
from tests.conformance.nights import (
    Caught,
    Clean,
    Visit,
    night,
    real_reference,
    verdict,
    with_expected_voters,
)

#: Preferences that make an exchange of two candidates a weighty one.
WEIGHTY_PREFERENCES = 10


class Incident(NamedTuple):
    """A protocol with a fault in it, and how many votes stand in a wrong place."""

    protocol: RegionalProtocol
    moved: int


# --- incidents ----------------------------------------------------------------------------------------


def lists_exchanged(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """The whole sheets of two neighbouring lists, each under the other's number."""
    numbers = _numbers(reference, protocol)
    row = chance.randrange(len(numbers) - 1)
    return _relabelled(protocol, {numbers[row]: numbers[row + 1], numbers[row + 1]: numbers[row]})


def votes_exchanged(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """The votes of two neighbouring lists; the preferences stay where they belong."""
    pairs = list(zip(protocol.sheets, protocol.sheets[1:], strict=False))
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    swapped = {one.list_number: other.votes, other.list_number: one.votes}
    sheets = [s._replace(votes=swapped.get(s.list_number, s.votes)) for s in protocol.sheets]
    return _incident(protocol, sheets, abs(one.votes - other.votes))


def candidates_exchanged(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """The preferences of a candidate and of the next one on the same list."""
    places = [(sheet, number) for sheet in protocol.sheets for number, _ in sheet.preferences]
    if not places:
        return None
    sheet, number = chance.choice(places)
    size = _size(reference, protocol, sheet.list_number)
    other = number + 1 if number < size else number - 1
    given = dict(sheet.preferences)
    one, two = given.get(number, 0), given.get(other, 0)
    given |= {number: two, other: one}
    return _with_preferences(protocol, sheet, given, abs(one - two)) if other else None


def overleaf_missing(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """Nobody turned the ballots over: no preference of candidates from 46 on, on any list."""
    moved, sheets = 0, []
    for sheet in protocol.sheets:
        front = tuple(each for each in sheet.preferences if each[0] < 46)
        moved += sum(given for number, given in sheet.preferences if number >= 46)
        sheets.append(sheet._replace(preferences=front))
    return _incident(protocol, sheets, moved)


def digits_transposed(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """Two neighbouring digits of one count or of one list's votes; the sum is adapted to it."""
    places = [(None, at) for at in range(4)] + [(sheet, 0) for sheet in protocol.sheets]
    sheet, at = chance.choice(places)
    before = protocol.counts[at] if sheet is None else sheet.votes
    after = _transposed(before, chance)
    if after == before or not after:
        return None
    counts, sheets = list(protocol.counts), list(protocol.sheets)
    if sheet is None:
        counts[at] = after
    else:
        counts[3] += after - before
    if sheet is None and at == 3:  # the sum was wrong first, and the largest list was made to fit
        sheet = max(sheets, key=lambda each: each.votes)
        after += sheet.votes - before
    if sheet is not None:
        sheets[sheets.index(sheet)] = sheet._replace(votes=max(after, 1))
    changed = replace(protocol, counts=type(protocol.counts)(*counts))
    return _incident(changed, sheets, abs(after - before) or 1)


def preference_transposed(
    reference: Reference, protocol: RegionalProtocol, chance: Random
) -> Incident | None:
    """Two neighbouring digits of one candidate's preferences."""
    places = [(s, number, given) for s in protocol.sheets for number, given in s.preferences if given > 9]
    if not places:
        return None
    sheet, number, given = chance.choice(places)
    after = _transposed(given, chance)
    return _with_preferences(protocol, sheet, dict(sheet.preferences) | {number: after}, abs(after - given))


def lists_shifted(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """From some row on, each list's sheet stands one row lower; the last one stands in the first of them."""
    numbers = _numbers(reference, protocol)
    first = chance.randrange(len(numbers) - 2)
    run = numbers[first:]
    return _relabelled(protocol, dict(zip(run, (*run[1:], run[0]), strict=True)))


def candidates_shifted(reference: Reference, protocol: RegionalProtocol, chance: Random) -> Incident | None:
    """On one sheet, from some candidate on, each preference stands one row lower."""
    places = [(sheet, number) for sheet in protocol.sheets for number, _ in sheet.preferences]
    if not places:
        return None
    sheet, first = chance.choice(places)
    moved = sum(given for number, given in sheet.preferences if number >= first)
    given = {number + (number >= first): votes for number, votes in sheet.preferences}
    return _with_preferences(protocol, sheet, given, moved)


Make = Callable[[Reference, RegionalProtocol, Random], Incident | None]
TWO_CANDIDATES = "two candidates exchanged"
KINDS: dict[str, Make] = {
    "two lists exchanged": lists_exchanged,
    "votes of two lists exchanged": votes_exchanged,
    TWO_CANDIDATES: candidates_exchanged,
    "reverse page missing": overleaf_missing,
    "one digit transposed": digits_transposed,
    "one digit of a preference transposed": preference_transposed,
    "lists shifted by a row": lists_shifted,
    "candidates shifted by a row": candidates_shifted,
}


def _numbers(reference: Reference, protocol: RegionalProtocol) -> list[int]:
    region = reference.precincts[protocol.precinct].region
    assert region is not None
    return list(reference.regions[region].lists)


def _size(reference: Reference, protocol: RegionalProtocol, number: int) -> int:
    region = reference.precincts[protocol.precinct].region
    assert region is not None
    return len(reference.regions[region].lists[number].candidates)


def _incident(protocol: RegionalProtocol, sheets: list[Sheet], moved: int) -> Incident | None:
    return Incident(replace(protocol, sheets=tuple(sorted(sheets))), moved) if moved else None


def _relabelled(protocol: RegionalProtocol, names: dict[int, int]) -> Incident | None:
    old = {sheet.list_number: sheet.votes for sheet in protocol.sheets}
    sheets = [s._replace(list_number=names.get(s.list_number, s.list_number)) for s in protocol.sheets]
    new = {sheet.list_number: sheet.votes for sheet in sheets}
    if sorted(sheets) == list(protocol.sheets):
        return None
    moved = max(1, sum(abs(old.get(n, 0) - new.get(n, 0)) for n in old.keys() | new.keys()) // 2)
    return _incident(protocol, sheets, moved)


def _with_preferences(
    protocol: RegionalProtocol, sheet: Sheet, given: dict[int, int], moved: int
) -> Incident | None:
    preferences = tuple(sorted((number, votes) for number, votes in given.items() if votes))
    at = protocol.sheets.index(sheet)
    sheets = [*protocol.sheets[:at], sheet._replace(preferences=preferences), *protocol.sheets[at + 1 :]]
    return _incident(protocol, sheets, moved)


def _transposed(number: int, chance: Random) -> int:
    digits = list(str(number))
    places = [at for at in range(len(digits) - 1) if digits[at] != digits[at + 1]]
    if places:
        at = chance.choice(places)
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return int("".join(digits))


# --- the count ----------------------------------------------------------------------------------------


EXCHANGED = "two precincts exchanged"


def measure(
    reference: Reference, seed: int = 2016, kinds: Iterable[str] = (*KINDS, EXCHANGED)
) -> tuple[Clean, dict[str, Caught]]:
    """Judge the whole night and one incident of each kind on every protocol that asked for nothing."""
    clean, caught = Clean(), {kind: Caught() for kind in kinds}
    if TWO_CANDIDATES in caught:
        caught[TWO_CANDIDATES].least = WEIGHTY_PREFERENCES
    chance = Random(seed)
    waiting: dict[int, Visit] = {}
    for visit in night(reference):
        if not clean.count(verdict(reference, *visit)):
            continue
        for kind, make in KINDS.items():
            incident = make(reference, visit.protocol, chance) if kind in caught else None
            if incident is not None:
                told = verdict(reference, incident.protocol, visit.surroundings)
                caught[kind].count(incident.moved, told)
        if EXCHANGED not in caught:
            continue
        point = reference.precincts[visit.protocol.precinct].transfer_point
        other = waiting.pop(point, None)
        if other is None:
            waiting[point] = visit
        else:
            _exchange(reference, other, visit, caught[EXCHANGED])
    return clean, caught


def _exchange(reference: Reference, one: Visit, other: Visit, caught: Caught) -> None:
    """Each of two precincts of one transfer point hands in the other's numbers; one caught is both caught."""
    first = _under_its_name(one.protocol, other.protocol)
    second = _under_its_name(other.protocol, one.protocol)
    around = other.surroundings.around.excluding(one.protocol).including(first)
    by_sum = {first.counts.valid_votes: ((first.precinct, votes_of(first)),)}
    caught.count(
        abs(one.protocol.counts.valid_votes - other.protocol.counts.valid_votes),
        verdict(reference, first, one.surroundings),
        verdict(reference, second, replace(other.surroundings, around=around, by_sum=by_sum)),
    )


def _under_its_name(own: RegionalProtocol, foreign: RegionalProtocol) -> RegionalProtocol:
    return replace(own, counts=foreign.counts, sheets=foreign.sheets)


def report(clean: Clean, caught: dict[str, Caught]) -> Iterator[str]:
    """The figures as lines of text."""
    share = f"{100 * clean.asking / clean.protocols:.2f} %"
    yield f"{clean.protocols} real protocols, {clean.asking} ask for approval ({share})"
    for rule in sorted(clean.by_rule):
        yield f"  {rule} {clean.by_rule[rule]:4} ({100 * clean.by_rule[rule] / clean.protocols:.2f} %)"
    yield "  noted: " + ", ".join(f"{rule} {count}" for rule, count in sorted(clean.noted.items()))
    yield f"{'incident':38} tried  caught   by B   by P   by W   weighty caught   rules"
    for kind, one in caught.items():
        by = "".join(f"{100 * one.by[Severity(s)] // max(1, one.tried):5} %" for s in "BPW")
        rules = ", ".join(f"{rule} {count}" for rule, count in one.rules.most_common(4))
        share = f"{one.tried:5} {one.per_cent:5} % {by} {one.weighty:7} {one.weighty_per_cent:5} %"
        yield f"{kind:38} {share}   {rules}"


def main() -> None:
    reference = real_reference()
    print("Without expected numbers of voters, as the registers of 2016 have none:")
    print("\n".join(report(*measure(reference))))
    print("\nWith the voters registered in 2024 as the expected ones:")
    print("\n".join(report(*measure(with_expected_voters(reference)))))
    clean, caught = finalists(reference)
    print("\nRound 2 of the Senate, played by the two strongest lists of each region:")
    print("\n".join(report(clean, {"two finalists exchanged": caught})))


if __name__ == "__main__":
    sys.exit(main())
