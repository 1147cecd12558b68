"""Protocols of the whole nation in 2024: the real part 1 of every T/6, with sheets of part 2 invented to fit.

The four counts, the flags and the lists that have a sheet (ZAKRSTRANA) are those of the open data; how the
valid votes fall to those lists and who is circled follows the lists' and candidates' results of 2024. Where
the open data are not beside the checkout, an invented election of the same size takes their place.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.documents.registers import read_registers
from app.election.model import Contest, Counts, PrecinctId, RegionalProtocol, Sheet, Votes
from app.election.reference import Precinct, Reference
from app.rehearsal import ballots, generator
from app.rehearsal.ballots import Mistake
from tests.support.opendata import DATA, rows

PRECINCTS = 13_591
#: A precinct above the real number is a copy of a real one, under a number and a point that nobody has.
COPY, COPIED_POINT = 50_000, 500_000
_FOLDER = DATA / "kz2024"

Made = Callable[[PrecinctId], RegionalProtocol]


@dataclass(frozen=True)
class Nation:
    """The election with all its precincts, and the protocol of each, made when it is asked for."""

    reference: Reference
    protocol: Made


@dataclass(frozen=True)
class _Taste:
    """How one list of one region was liked: votes, and circles of each candidate."""

    votes: int
    circles: dict[int, int]


def nation(precincts: int) -> Nation:
    """The nation, with copies where more precincts are wanted than it has."""
    if not (_FOLDER / "kzt6.csv.gz").is_file():
        return _invented(precincts)
    reference = read_registers(_FOLDER)
    wanted = dict(reference.precincts)
    for identity, precinct in reference.precincts.items():
        if len(wanted) >= precincts:
            break
        copy = PrecinctId(identity.municipality, identity.number + COPY)
        point = precinct.transfer_point + COPIED_POINT
        wanted[copy] = replace(precinct, id=copy, transfer_point=point)
    headers, tastes = _headers(), _tastes()

    def made(identity: PrecinctId) -> RegionalProtocol:
        header = headers[identity.municipality, identity.number % COPY]
        return _protocol(reference, wanted[identity], header, tastes)

    return Nation(replace(reference, precincts=wanted), made)


def _invented(precincts: int) -> Nation:
    plan = generator.Plan(
        precincts=precincts, contests=(Contest.REGIONAL,), stations=max(1, precincts // 30),
        first_day=date(2024, 9, 20),
    )  # fmt: skip
    reference = generator.invent(plan)

    def made(identity: PrecinctId) -> RegionalProtocol:
        precinct = reference.precincts[identity]
        truth = ballots.write(reference, precinct, Contest.REGIONAL, plan.seed, Mistake.NONE).truth
        assert isinstance(truth, RegionalProtocol)
        return truth

    return Nation(reference, made)


def _headers() -> dict[tuple[int, int], dict[str, str]]:
    table = rows("kz2024/kzt6.csv.gz", ";")
    return {(int(row["OBEC"]), int(row["OKRSEK"])): row for row in table}


def _tastes() -> dict[int, dict[int, _Taste]]:
    """By region and list, from the candidates' final results (POCPROC is of the votes of the list)."""
    circles: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    votes: Counter[tuple[int, int]] = Counter()
    with gzip.open(_FOLDER / "kand.tsv.gz", "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            key = int(row["KRZAST"]), int(row["KSTRANA"])
            given = int(row["POCHLASU"] or 0)
            circles[key][int(row["PORCISLO"])] = given if row["PLATNOST"] == "A" else 0
            hundredths = round(100 * float(row["POCPROC"] or 0))
            if given > 20 and hundredths:
                votes[key] = max(votes[key], given * 10_000 // hundredths)
    found: dict[int, dict[int, _Taste]] = defaultdict(dict)
    for (region, listed), of_list in circles.items():
        found[region][listed] = _Taste(max(votes[region, listed], max(of_list.values()), 1), of_list)
    return found


def _protocol(
    reference: Reference, precinct: Precinct, header: dict[str, str], tastes: dict[int, dict[int, _Taste]]
) -> RegionalProtocol:
    assert precinct.region is not None
    chance = random.Random(f"nation/{precinct.id}")
    counts = Counts(*(int(header[name]) for name in ("VOL_SEZNAM", "VYD_OBALKY", "ODEVZ_OBAL", "PL_HL_CELK")))
    lists = [number for number, mark in enumerate(header["ZAKRSTRANA"], 1) if mark == "1"]
    liked = tastes[precinct.region]
    weights = [liked[number].votes for number in lists]
    rest = counts.valid_votes - len(lists)  # a list has a sheet only where it has a vote
    votes = Counter(lists) + Counter(chance.choices(lists, weights, k=rest) if rest > 0 else ())
    sheets = tuple(
        Sheet(number, votes[number], _circled(liked[number], votes[number], chance)) for number in lists
    )
    corrected, passable = header["OPRAVA"] == "1", header["CHYBA"] == "1"
    return RegionalProtocol(precinct.id, precinct.district, corrected, passable, counts, sheets)


def _circled(liked: _Taste, votes: int, chance: random.Random) -> Votes:
    """Circles in proportion to those of 2024, no candidate more than the list has votes."""
    total = sum(liked.circles.values())
    wanted = round(votes * min(2.0, total / liked.votes) * chance.uniform(0.6, 1.3))
    if not total or not wanted:
        return ()
    got = Counter(chance.choices(list(liked.circles), list(liked.circles.values()), k=wanted))
    return tuple((number, min(given, votes)) for number, given in sorted(got.items()))
